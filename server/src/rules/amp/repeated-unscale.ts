import type { Model } from '../../semantic/model.ts'
import type * as ast from '../../syntax/ast.ts'
import { ampEvents } from '../../torch/amp/events.ts'
import type { Violation } from '../../torch/amp/survey.ts'
import { ampViolations } from '../../torch/amp.ts'
import { history } from '../../torch/cells.ts'
import { deleteStatement, inOrder, moveBefore } from '../edits.ts'
import { statementOf, suiteOf } from '../layout.ts'
import { pathMessages, pathOf } from '../protocolPath.ts'
import { defineRule } from '../rule.ts'

export default defineRule({
  category: 'correctness',
  severity: 'error',
  since: '0.1.0',
  messages: {
    ...pathMessages,
    repeated: {
      en: '`{scaler}.unscale_({optimizer})` runs twice before `{scaler}.update()`: this raises a RuntimeError',
      zh: '`{scaler}.update()` 之前 `{scaler}.unscale_({optimizer})` 执行了两次：会抛出 RuntimeError',
    },
    move: { en: 'Unscale only where `{scaler}` steps', zh: '只在 `{scaler}` 执行 step 时反缩放' },
    remove: {
      en: 'Remove the second `{scaler}.unscale_({optimizer})`',
      zh: '删除第二个 `{scaler}.unscale_({optimizer})`',
    },
  },
  *check(model) {
    for (const violation of ampViolations(model, 'amp/repeated-unscale')) {
      const { call, witness, scaler, optimizer } = violation
      const first = history(witness.before).findLast(step => step.kind === 'unscale' && step.optimizer === optimizer)
      const base = { at: call, message: 'repeated', scaler, optimizer, related: pathOf(violation) } as const
      if (first?.call === call) {
        const edits = moveToStep(model, violation)
        yield { ...base, fix: edits && { message: 'move', scaler, safe: false, edits } }
      } else {
        const isAlone = statementOf(call).kind === 'Expr' && first && sameBlock(model, first.call, call)
        const edits = isAlone ? deleteStatement(model, call) : undefined
        yield { ...base, fix: edits && { message: 'remove', scaler, optimizer, safe: false, edits } }
      }
    }
  },
})

/** Moves the unscaling, and the clipping behind it, to the head of the branch that steps. */
function moveToStep(model: Model, { call }: Violation) {
  const unscaling = statementOf(call)
  const { statements } = suiteOf(model, unscaling)
  const following = statements.slice(statements.indexOf(unscaling))
  const index = following.findIndex(statement => statement.kind === 'If' && holds(model, statement, 'step'))
  const branch = following[index]
  const head = branch?.kind === 'If' ? branch.body[0] : undefined
  if (unscaling.kind !== 'Expr' || !head) return undefined
  const moved = following
    .slice(0, index)
    .filter(statement => statement === unscaling || holds(model, statement, 'clip'))
  if (moved.some(({ kind }) => kind !== 'Expr' && kind !== 'Assign')) return undefined
  return inOrder(moved.flatMap(statement => moveBefore(model, statement, head)))
}

const sameBlock = (model: Model, a: ast.Call, b: ast.Call): boolean =>
  suiteOf(model, statementOf(a)).statements.includes(statementOf(b))

const holds = (model: Model, statement: ast.Statement, kind: 'clip' | 'step'): boolean =>
  model.nodes('Call', statement).some(call => ampEvents(model).get(call)?.kind === kind)
