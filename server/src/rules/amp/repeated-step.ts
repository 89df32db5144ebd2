import { ampViolations } from '../../torch/amp.ts'
import { pathMessages, pathOf } from '../protocolPath.ts'
import { defineRule } from '../rule.ts'

export default defineRule({
  category: 'correctness',
  severity: 'error',
  since: '0.1.0',
  messages: {
    ...pathMessages,
    repeated: {
      en: '`{scaler}` has already stepped `{optimizer}` since its last `update()`: this raises a RuntimeError',
      zh: '自上次 `update()` 以来，`{scaler}` 已经对 `{optimizer}` 执行过 step：此处会抛出 RuntimeError',
    },
  },
  *check(model) {
    for (const violation of ampViolations(model, 'amp/repeated-step')) {
      const { call, scaler, optimizer } = violation
      yield { at: call, message: 'repeated', scaler, optimizer, related: pathOf(violation) }
    }
  },
})
