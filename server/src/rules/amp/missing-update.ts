import { ampEvents } from '../../torch/amp/events.ts'
import { textOf } from '../../torch/amp/names.ts'
import { ampViolations } from '../../torch/amp.ts'
import { insertAfter } from '../edits.ts'
import { pathMessages, pathOf } from '../protocolPath.ts'
import { defineRule } from '../rule.ts'

export default defineRule({
  category: 'correctness',
  severity: 'error',
  since: '0.1.0',
  messages: {
    ...pathMessages,
    missing: {
      en: '`{scaler}.update()` is missing after `{scaler}.step({optimizer})`: the next iteration raises a RuntimeError',
      zh: '`{scaler}.step({optimizer})` 之后缺少 `{scaler}.update()`：下一次迭代会抛出 RuntimeError',
    },
    again: { en: 'the next iteration comes here without an update', zh: '下一次迭代到达此处时尚未更新' },
    insert: { en: 'Insert `{scaler}.update()` after the step', zh: '在 step 之后插入 `{scaler}.update()`' },
  },
  *check(model) {
    for (const violation of ampViolations(model, 'amp/missing-update')) {
      const { call, witness } = violation
      const event = ampEvents(model).get(call)
      if (event?.kind !== 'step') continue
      const scaler = textOf(model, event.scaler)
      const updates = [...ampEvents(model).values()].some(({ kind }) => kind === 'update')
      yield {
        at: call,
        message: 'missing',
        scaler,
        optimizer: textOf(model, event.optimizer),
        related: [...pathOf(violation).filter(({ at }) => at !== witness.call), { at: witness.call, message: 'again' }],
        fix: updates
          ? undefined
          : {
              message: 'insert',
              scaler,
              safe: false,
              edits: insertAfter(model, call, [`${scaler}.update()`]),
            },
      }
    }
  },
})
