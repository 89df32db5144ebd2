import { textOf } from '../../torch/names.ts'
import { workerOptions } from '../../torch/workerOptions.ts'
import { defineRule } from '../rule.ts'

export default defineRule({
  category: 'correctness',
  severity: 'error',
  since: '0.1.0',
  messages: {
    needsWorkers: {
      en: '`{option}` needs worker processes, and `num_workers` is 0: PyTorch raises {exception}',
      zh: '`{option}` 需要工作进程，而 `num_workers` 为 0：PyTorch 会抛出 {exception}',
    },
    workers: { en: '`num_workers` is set to 0 here', zh: '此处把 `num_workers` 设为 0' },
  },
  *check(model, { torchVersion }) {
    for (const { keywords, raises, workers } of workerOptions(model, torchVersion)) {
      const [at] = keywords
      if (!at) continue
      yield {
        message: 'needsWorkers',
        at,
        option: keywords.map(keyword => textOf(model, keyword)).join(', '),
        exception: raises,
        related: workers ? [{ message: 'workers', at: workers }] : [],
      }
    }
  },
})
