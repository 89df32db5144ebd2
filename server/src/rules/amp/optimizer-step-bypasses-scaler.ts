import { ampEvents } from '../../torch/amp/events.ts'
import { scalerAt } from '../../torch/amp/names.ts'
import { ampViolations } from '../../torch/amp.ts'
import { history } from '../../torch/cells.ts'
import { inOrder, insertAfter, replace } from '../edits.ts'
import { statementOf } from '../layout.ts'
import { pathMessages, pathOf } from '../protocolPath.ts'
import { defineRule } from '../rule.ts'

export default defineRule({
  category: 'correctness',
  severity: 'error',
  since: '0.1.0',
  messages: {
    ...pathMessages,
    bypasses: {
      en: '`{optimizer}.step()` uses gradients that are still scaled: step through `{scaler}.step({optimizer})`',
      zh: '`{optimizer}.step()` 使用的梯度仍是放大后的：应改用 `{scaler}.step({optimizer})`',
    },
    replace: { en: 'Replace with `{scaler}.step({optimizer})`', zh: '改为 `{scaler}.step({optimizer})`' },
  },
  *check(model) {
    for (const violation of ampViolations(model, 'amp/optimizer-step-bypasses-scaler')) {
      const { call, witness, optimizer } = violation
      const inScope = scalerAt(model, call)
      const scaler = inScope ?? history(witness).findLast(step => step.kind === 'scale')?.scaler ?? 'scaler'
      const updates = [...ampEvents(model).values()].some(({ kind }) => kind === 'update')
      const isStatement = statementOf(call).kind === 'Expr'
      const edits = [
        replace(call, `${scaler}.step(${optimizer})`),
        ...(updates ? [] : insertAfter(model, call, [`${scaler}.update()`])),
      ]
      yield {
        at: call,
        message: 'bypasses',
        scaler,
        optimizer,
        related: pathOf(violation),
        fix:
          inScope && isStatement
            ? { message: 'replace', scaler, optimizer, safe: false, edits: inOrder(edits) }
            : undefined,
      }
    }
  },
})
