import { ampEvents } from '../../torch/amp/events.ts'
import { scalerAt, textOf } from '../../torch/amp/names.ts'
import { ampViolations } from '../../torch/amp.ts'
import { insertion } from '../edits.ts'
import { pathMessages, pathOf } from '../protocolPath.ts'
import { defineRule } from '../rule.ts'

export default defineRule({
  category: 'correctness',
  severity: 'error',
  since: '0.1.0',
  messages: {
    ...pathMessages,
    plain: {
      en: '`{loss}` is not scaled, but its gradients are stepped through `{scaler}`: use `{scaler}.scale({loss}).backward()`',
      zh: '`{loss}` 没有经过放大，其梯度却由 `{scaler}` 更新：应写成 `{scaler}.scale({loss}).backward()`',
    },
    scale: { en: 'Scale the loss: `{scaler}.scale({loss})`', zh: '放大损失：`{scaler}.scale({loss})`' },
  },
  *check(model) {
    for (const violation of ampViolations(model, 'amp/unscaled-backward')) {
      const { call, witness } = violation
      const event = ampEvents(model).get(call)
      if (event?.kind !== 'backward' || !event.loss) continue
      const inScope = scalerAt(model, call)
      const scaler = inScope ?? witness.scaler ?? 'scaler'
      const loss = textOf(model, event.loss)
      const edits = [insertion(event.loss.start, `${scaler}.scale(`), insertion(event.loss.end, ')')]
      yield {
        at: call,
        message: 'plain',
        scaler,
        loss,
        related: [...pathOf(violation), { at: witness.call, message: 'stepped' }],
        fix: inScope ? { message: 'scale', scaler, loss, safe: true, edits } : undefined,
      }
    }
  },
})
