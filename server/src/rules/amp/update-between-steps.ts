import type { Model } from '../../semantic/model.ts'
import type * as ast from '../../syntax/ast.ts'
import { startOfLine } from '../../syntax/lines.ts'
import { ampEvents } from '../../torch/amp/events.ts'
import type { Violation } from '../../torch/amp/survey.ts'
import { ampViolations } from '../../torch/amp.ts'
import { deleteStatement, moveAfter, replace } from '../edits.ts'
import { hasOwnLine, indentationOf, statementOf, suiteOf } from '../layout.ts'
import { pathMessages, pathOf } from '../protocolPath.ts'
import { defineRule } from '../rule.ts'

export default defineRule({
  category: 'correctness',
  severity: 'warning',
  since: '0.1.0',
  messages: {
    ...pathMessages,
    between: {
      en: '`{scaler}.update()` may change the scale before `{scaler}.{method}({optimizer})` divides its gradients by it',
      zh: '`{scaler}.update()` 可能改变缩放因子，而 `{scaler}.{method}({optimizer})` 要处理的梯度是按旧的因子放大的',
    },
    move: { en: 'Move `{scaler}.update()` behind the last step', zh: '把 `{scaler}.update()` 移到最后一次 step 之后' },
    remove: { en: 'Update only after the last step', zh: '只在最后一次 step 之后更新' },
  },
  *check(model) {
    for (const violation of ampViolations(model, 'amp/update-between-steps')) {
      const { call, witness, scaler, optimizer } = violation
      const fix = repair(model, violation)
      yield {
        at: call,
        message: 'between',
        scaler,
        optimizer,
        method: witness.kind === 'unscale' ? 'unscale_' : 'step',
        related: pathOf(violation),
        fix: fix && { ...fix, scaler, safe: false },
      }
    }
  },
})

/** One update behind the last step: of the block, or of the loop that steps one optimizer after another. */
function repair(model: Model, { call, witness }: Violation) {
  const update = statementOf(call)
  if (update.kind !== 'Expr') return undefined
  const { statements } = suiteOf(model, update)
  const following = statements.slice(statements.indexOf(update) + 1)
  const last = following.findLast(each => each.kind === 'Expr' && isEvent(model, each.value, 'step'))
  if (following.length === 0 && statements.includes(statementOf(witness.call))) return dedent(model, update)
  if (!last) return undefined
  const behind = following.slice(following.indexOf(last) + 1)
  const isUpdated = behind.some(each => each.kind === 'Expr' && isEvent(model, each.value, 'update'))
  if (isUpdated) return { message: 'remove', edits: deleteStatement(model, call) } as const
  return { message: 'move', edits: moveAfter(model, call, last) } as const
}

/** Takes the last statement of a loop out of it. */
function dedent(model: Model, update: ast.Statement) {
  const loop = update.parent
  if (loop?.kind !== 'For' || loop.orelse.length > 0 || !hasOwnLine(model.text, update)) return undefined
  const indentation = { start: startOfLine(model.text, update.start), end: update.start }
  return { message: 'move', edits: [replace(indentation, indentationOf(model, loop))] } as const
}

const isEvent = (model: Model, node: ast.Expression, kind: 'step' | 'update'): boolean =>
  node.kind === 'Call' && ampEvents(model).get(node)?.kind === kind
