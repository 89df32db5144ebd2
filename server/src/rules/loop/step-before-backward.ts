import { gradientViolations } from '../../torch/gradients.ts'
import { textOf } from '../../torch/names.ts'
import { gradientMessages, placesOf } from '../gradientPath.ts'
import { defineRule } from '../rule.ts'

export default defineRule({
  category: 'correctness',
  severity: 'warning',
  since: '0.1.0',
  messages: {
    ...gradientMessages,
    early: {
      en: '`{optimizer}` steps before the backward pass of this iteration and does not see its gradients',
      zh: '`{optimizer}` 在本次迭代的反向传播之前就更新了，用不到这次的梯度',
    },
  },
  *check(model) {
    for (const { at, related } of gradientViolations(model, 'loop/step-before-backward'))
      yield { at: at.call, message: 'early', optimizer: textOf(model, at.object), related: placesOf(related) }
  },
})
