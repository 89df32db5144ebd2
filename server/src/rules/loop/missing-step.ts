import { unsteppedBackwards } from '../../torch/gradients/unstepped.ts'
import { defineRule } from '../rule.ts'

export default defineRule({
  category: 'correctness',
  severity: 'warning',
  since: '0.1.0',
  messages: {
    unused: {
      en: '`{optimizer}` never steps: these gradients change nothing',
      zh: '`{optimizer}` 从不更新参数：这里算出的梯度不起任何作用',
    },
    made: { en: 'the optimizer is made here', zh: '优化器在此创建' },
  },
  *check(model) {
    for (const { call, optimizer, creation } of unsteppedBackwards(model))
      yield { at: call, message: 'unused', optimizer, related: [{ at: creation, message: 'made' }] }
  },
})
