import type { Model } from '../../semantic/model.ts'
import type * as ast from '../../syntax/ast.ts'
import { ampEvents } from '../../torch/amp/events.ts'
import type { Violation } from '../../torch/amp/survey.ts'
import { ampViolations } from '../../torch/amp.ts'
import { history } from '../../torch/cells.ts'
import { moveAfter } from '../edits.ts'
import { statementOf, suiteOf } from '../layout.ts'
import { pathMessages, pathOf } from '../protocolPath.ts'
import { defineRule } from '../rule.ts'

export default defineRule({
  category: 'correctness',
  severity: 'error',
  since: '0.1.0',
  messages: {
    ...pathMessages,
    late: {
      en: '`{scaler}.unscale_({optimizer})` comes after `{scaler}.step({optimizer})`: this raises a RuntimeError',
      zh: '`{scaler}.unscale_({optimizer})` 出现在 `{scaler}.step({optimizer})` 之后：此处会抛出 RuntimeError',
    },
    swap: {
      en: 'Move `{scaler}.step({optimizer})` behind the unscaling',
      zh: '把 `{scaler}.step({optimizer})` 移到反缩放之后',
    },
  },
  *check(model) {
    for (const violation of ampViolations(model, 'amp/unscale-after-step')) {
      const { call, scaler, optimizer } = violation
      const edits = swap(model, violation)
      yield {
        at: call,
        message: 'late',
        scaler,
        optimizer,
        related: pathOf(violation),
        fix: edits && { message: 'swap', scaler, optimizer, safe: false, edits },
      }
    }
  },
})

/** Moves the step behind the unscaling, and behind the clipping that follows it, if all of them stand in one block. */
function swap(model: Model, { call, witness }: Violation) {
  const step = history(witness).findLast(({ kind, optimizer }) => kind === 'step' && optimizer === witness.optimizer)
  const stepping = step && statementOf(step.call)
  const unscaling = statementOf(call)
  if (stepping?.kind !== 'Expr' || stepping.value !== step?.call) return undefined
  const { statements } = suiteOf(model, unscaling)
  const from = statements.indexOf(unscaling)
  if (!statements.includes(stepping) || statements.indexOf(stepping) > from) return undefined
  const rest = statements.slice(from)
  const end = rest.findIndex(statement => holds(model, statement, 'update'))
  const last = rest.slice(0, end < 0 ? undefined : end).findLast(statement => holds(model, statement, 'clip'))
  return moveAfter(model, stepping, last ?? unscaling)
}

const holds = (model: Model, statement: ast.Statement, kind: 'clip' | 'update'): boolean =>
  model.nodes('Call', statement).some(call => ampEvents(model).get(call)?.kind === kind)
