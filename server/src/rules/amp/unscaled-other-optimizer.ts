import { ampEvents } from '../../torch/amp/events.ts'
import { namesAt, textOf } from '../../torch/amp/names.ts'
import { ampViolations } from '../../torch/amp.ts'
import { history } from '../../torch/cells.ts'
import { insertBefore } from '../edits.ts'
import { pathMessages, pathOf } from '../protocolPath.ts'
import { defineRule } from '../rule.ts'

export default defineRule({
  category: 'correctness',
  severity: 'warning',
  since: '0.1.0',
  messages: {
    ...pathMessages,
    other: {
      en: '`{clip}` clips gradients of `{optimizer}` that are still scaled: only those of `{unscaled}` were unscaled',
      zh: '`{clip}` 裁剪的是 `{optimizer}` 放大后的梯度：反缩放的只有 `{unscaled}` 的梯度',
    },
    insert: { en: 'Insert `{scaler}.unscale_({optimizer})`', zh: '插入 `{scaler}.unscale_({optimizer})`' },
  },
  *check(model) {
    for (const violation of ampViolations(model, 'amp/unscaled-other-optimizer')) {
      const { call, witness } = violation
      const event = ampEvents(model).get(call)
      const names = namesAt(model, call, event?.kind === 'clip' ? event.parameters : undefined)
      const unscaling = history(witness).findLast(({ kind }) => kind === 'unscale')
      if (!names || !unscaling) continue
      const { scaler, optimizer, isInScope } = names
      const edits = insertBefore(model, call, [`${scaler}.unscale_(${optimizer})`])
      yield {
        at: call,
        message: 'other',
        clip: textOf(model, call.func),
        optimizer,
        unscaled: unscaling.optimizer ?? '',
        related: pathOf(violation),
        fix: isInScope ? { message: 'insert', scaler, optimizer, safe: false, edits } : undefined,
      }
    }
  },
})
