import { closureProblem } from '../../torch/amp/closures.ts'
import { ampEvents } from '../../torch/amp/events.ts'
import { ampViolations } from '../../torch/amp.ts'
import { defineRule } from '../rule.ts'

export default defineRule({
  category: 'correctness',
  severity: 'error',
  since: '0.1.0',
  messages: {
    keyword: {
      en: '`{scaler}.step` takes no closure: this raises a RuntimeError',
      zh: '`{scaler}.step` 不支持闭包（closure）：此处会抛出 RuntimeError',
    },
    positional: {
      en: 'the closure computes scaled gradients again after `{scaler}` has unscaled those of `{optimizer}`',
      zh: '`{scaler}` 对 `{optimizer}` 的梯度反缩放之后，闭包（closure）又重新算出了放大的梯度',
    },
    required: {
      en: '`{optimizer}` cannot step without a closure, and `{scaler}.step` takes none: this raises a TypeError',
      zh: '`{optimizer}` 没有闭包（closure）就无法更新参数，而 `{scaler}.step` 不支持闭包：此处会抛出 TypeError',
    },
  },
  *check(model) {
    for (const { call, scaler, optimizer } of ampViolations(model, 'amp/step-with-closure')) {
      const event = ampEvents(model).get(call)
      const message = event?.kind === 'step' ? closureProblem(model, call, event) : undefined
      if (message) yield { at: call, message, scaler, optimizer }
    }
  },
})
