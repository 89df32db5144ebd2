import { nameOf, textOf } from '../../torch/names.ts'
import { unsteppedSchedulers } from '../../torch/unsteppedSchedulers.ts'
import { defineRule } from '../rule.ts'

export default defineRule({
  category: 'correctness',
  severity: 'warning',
  since: '0.1.0',
  messages: {
    unstepped: {
      en: '`{scheduler}` is never stepped: the learning rate of `{optimizer}` stays at its first value',
      zh: '从未调用 `{scheduler}.step()`：`{optimizer}` 的学习率会一直停在最初的值',
    },
  },
  *check(model) {
    for (const { call, className, optimizer } of unsteppedSchedulers(model)) {
      const scheduler = nameOf(model, call) ?? className
      yield { at: call, message: 'unstepped', scheduler, optimizer: optimizer ? textOf(model, optimizer) : '' }
    }
  },
})
