import type { Model } from '../../semantic/model.ts'
import type * as ast from '../../syntax/ast.ts'
import { ampEvents } from '../../torch/amp/events.ts'
import { ampViolations } from '../../torch/amp.ts'
import { history } from '../../torch/cells.ts'
import { deleteStatement, moveAfter } from '../edits.ts'
import { statementOf, suiteOf } from '../layout.ts'
import { pathMessages, pathOf } from '../protocolPath.ts'
import { defineRule } from '../rule.ts'

export default defineRule({
  category: 'correctness',
  severity: 'error',
  since: '0.1.0',
  messages: {
    ...pathMessages,
    inVain: {
      en: 'no optimizer is stepped between two calls of `{scaler}.update()`: this raises an AssertionError',
      zh: '两次 `{scaler}.update()` 之间没有执行过 step：此处会抛出 AssertionError',
    },
    first: {
      en: '`{scaler}.update()` comes before any step: this raises an AssertionError',
      zh: '`{scaler}.update()` 之前还没有执行过 step：此处会抛出 AssertionError',
    },
    move: { en: 'Move `{scaler}.update()` behind the step', zh: '把 `{scaler}.update()` 移到 step 之后' },
    remove: { en: 'Remove the second `{scaler}.update()`', zh: '删除第二个 `{scaler}.update()`' },
  },
  *check(model) {
    for (const violation of ampViolations(model, 'amp/update-without-step')) {
      const { call, witness, scaler } = violation
      const before = history(witness.before).findLast(
        ({ kind, scalerKey }) => kind === 'update' && scalerKey === witness.scalerKey,
      )
      const isOther = before !== undefined && before.call !== call
      const step = statementOf(call).kind === 'Expr' ? stepBefore(model, call) : undefined
      const path = pathOf(violation)
      yield {
        at: call,
        message: before || step ? 'inVain' : 'first',
        scaler,
        related: isOther ? [{ at: before.call, message: 'updated' }, ...path] : path,
        fix: step
          ? { message: 'move', scaler, safe: false, edits: moveAfter(model, call, step) }
          : isOther && statementOf(call).kind === 'Expr'
            ? { message: 'remove', scaler, safe: false, edits: deleteStatement(model, call) }
            : undefined,
      }
    }
  },
})

/** The last step of the branch that the update stands behind. */
function stepBefore(model: Model, call: ast.Call): ast.Statement | undefined {
  const { statements } = suiteOf(model, statementOf(call))
  const branch = statements.slice(0, statements.indexOf(statementOf(call))).findLast(each => holds(model, each, 'step'))
  if (branch?.kind !== 'If' || branch.orelse.length > 0 || holds(model, branch, 'update')) return undefined
  return branch.body.findLast(each => each.kind === 'Expr' && holds(model, each, 'step'))
}

const holds = (model: Model, statement: ast.Statement, kind: 'step' | 'update'): boolean =>
  model.nodes('Call', statement).some(call => ampEvents(model).get(call)?.kind === kind)
