import { pageableLoaders } from '../../torch/loaderOptions.ts'
import { loaderOptionFix } from '../loaderOption.ts'
import { defineRule } from '../rule.ts'

export default defineRule({
  category: 'performance',
  severity: 'off',
  since: '0.1.0',
  messages: {
    pageable: {
      en: 'batches are copied to the GPU from pageable memory: `pin_memory` is off',
      zh: '批次从可分页内存复制到 GPU：没有开启 `pin_memory`',
    },
    loop: { en: 'the loop that copies them', zh: '复制批次的循环' },
    pin: { en: 'Pass `{argument}`', zh: '传入 `{argument}`' },
  },
  *check(model) {
    const argument = 'pin_memory=True'
    for (const { loader, loop, value } of pageableLoaders(model))
      yield {
        message: 'pageable',
        at: loader,
        related: [{ message: 'loop', at: { start: loop.start, end: loop.iter.end } }],
        fix: { message: 'pin', argument, safe: false, edits: [loaderOptionFix(model, loader, value, argument)] },
      }
  },
})
