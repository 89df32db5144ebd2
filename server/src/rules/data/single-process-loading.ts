import { singleProcessLoaders } from '../../torch/loaderOptions.ts'
import { loaderOptionFix } from '../loaderOption.ts'
import { defineRule } from '../rule.ts'

export default defineRule({
  category: 'performance',
  severity: 'off',
  since: '0.1.0',
  messages: {
    single: {
      en: 'the training process loads every batch itself while the GPU waits: `num_workers` is 0',
      zh: '每个批次都由训练进程自己加载，GPU 只能等待：`num_workers` 为 0',
    },
    loop: { en: 'the loop that waits', zh: '等待数据的循环' },
    workers: { en: 'Load with `{argument}`', zh: '用 `{argument}` 加载' },
  },
  *check(model) {
    const argument = 'num_workers=4'
    for (const { loader, loop, value } of singleProcessLoaders(model))
      yield {
        message: 'single',
        at: loader,
        related: [{ message: 'loop', at: { start: loop.start, end: loop.iter.end } }],
        fix: { message: 'workers', argument, safe: false, edits: [loaderOptionFix(model, loader, value, argument)] },
      }
  },
})
