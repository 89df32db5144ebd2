import type { Model } from '../../semantic/model.ts'
import type * as ast from '../../syntax/ast.ts'
import { encloses } from '../../syntax/walk.ts'
import { calledModule } from '../../torch/events.ts'
import { textOf } from '../../torch/names.ts'
import { type UnrestoredMode, unrestoredModes } from '../../torch/unrestoredModes.ts'
import { insertAfter, insertBefore } from '../edits.ts'
import { statementOf, suiteOf } from '../layout.ts'
import { defineRule } from '../rule.ts'

export default defineRule({
  category: 'correctness',
  severity: 'error',
  since: '0.1.0',
  messages: {
    stays: {
      en: '`{model}` is never put back into training mode: after this it trains with dropout off and batch norm frozen',
      zh: '`{model}` 再也没有切回训练模式：此后训练时 dropout 不起作用，批归一化的统计量也不再更新',
    },
    trains: { en: 'It trains here, still in evaluation mode', zh: '它在这里训练，却仍处于评估模式' },
    restore: { en: 'Insert `{call}`', zh: '插入 `{call}`' },
  },
  *check(model) {
    for (const found of unrestoredModes(model)) {
      const { target, edits } = restored(model, found)
      yield {
        at: found.eval,
        message: 'stays',
        model: textOf(model, found.module),
        related: [{ at: found.forward, message: 'trains' }],
        fix: { message: 'restore', call: target, safe: true, edits },
      }
    }
  },
})

/** Before the loop that trains; where that loop evaluates too, behind the evaluation, else before the training step. */
function restored(model: Model, { eval: evaluation, module, forward }: UnrestoredMode) {
  const isAround = (loop: ast.Node): boolean => encloses(loop, evaluation)
  const loop = model.loops(forward).findLast(each => !isAround(each))
  const trained = `${textOf(model, calledModule(forward))}.train()`
  if (loop) return { target: trained, edits: insertBefore(model, loop, [trained]) }
  const statement = statementOf(evaluation)
  const { statements } = suiteOf(model, statement)
  const evaluated = statements
    .slice(statements.indexOf(statement) + 1)
    .find(each => each.kind === 'For' || each.kind === 'With')
  const isHere = evaluated && !encloses(evaluated, forward)
  const put = `${textOf(model, module)}.train()`
  if (isHere) return { target: put, edits: insertAfter(model, evaluated, [put]) }
  return { target: trained, edits: insertBefore(model, forward, [trained]) }
}
