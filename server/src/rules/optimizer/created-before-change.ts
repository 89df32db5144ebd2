import { nameOf, textOf } from '../../torch/names.ts'
import { staleOptimizers } from '../../torch/staleOptimizers.ts'
import { defineRule } from '../rule.ts'

export default defineRule({
  category: 'correctness',
  severity: 'warning',
  since: '0.1.0',
  messages: {
    stale: {
      en: '`{optimizer}` is made before `{part}` is replaced: the new parameters never train',
      zh: '`{optimizer}` 在替换 `{part}` 之前创建：新的参数永远不会被训练',
    },
    replaced: { en: '`{part}` is replaced here', zh: '此处替换了 `{part}`' },
  },
  *check(model) {
    for (const { creation, target } of staleOptimizers(model)) {
      const part = textOf(model, target)
      const optimizer = nameOf(model, creation.call) ?? textOf(model, creation.call.func)
      yield {
        message: 'stale',
        at: creation.call,
        optimizer,
        part,
        related: [{ message: 'replaced', at: target, part }],
      }
    }
  },
})
