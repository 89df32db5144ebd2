import { textOf } from '../../torch/names.ts'
import { isProbe } from '../../torch/probes.ts'
import { exceededTotals } from '../../torch/scheduleLengths.ts'
import { defineRule } from '../rule.ts'

export default defineRule({
  category: 'correctness',
  severity: 'error',
  since: '0.1.0',
  messages: {
    exceeded: {
      en: 'the loops step `{scheduler}` more often than `{argument}` allows: OneCycleLR raises a ValueError in mid-training',
      zh: '循环中调用 `{scheduler}.step()` 的次数超过 `{argument}` 所允许的：OneCycleLR 会在训练途中抛出 ValueError',
    },
    stepped: { en: '`{scheduler}` steps here', zh: '`{scheduler}` 在此处调用 `step`' },
  },
  *check(model) {
    for (const { stepping, argument } of exceededTotals(model)) {
      const { creation, step } = stepping
      if (isProbe(model, creation.call) || isProbe(model, step.call)) continue
      const scheduler = textOf(model, step.scheduler)
      yield {
        at: creation.call,
        message: 'exceeded',
        scheduler,
        argument: textOf(model, argument.parent?.kind === 'Keyword' ? argument.parent : argument),
        related: [{ at: step.call, message: 'stepped', scheduler }],
      }
    }
  },
})
