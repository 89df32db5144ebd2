/** Is it certain that nothing clears gradients between two steps? */
import { nodesRun } from '../../semantic/followed.ts'
import type { Model } from '../../semantic/model.ts'
import type * as ast from '../../syntax/ast.ts'
import { encloses } from '../../syntax/walk.ts'
import { remember } from '../remember.ts'
import { gradientEvents } from './events.ts'
import type { GradientViolation } from './survey.ts'

/**
 * The path has cleared nothing, but a branch that it did not take may be decided by the same thing as the step. So nothing
 * that could clear the gradients may run between two steps, on any path.
 */
export function isNeverCleared(
  model: Model,
  { at, related }: GradientViolation,
  clearing: ReadonlySet<ast.Call> = new Set(),
): boolean {
  if (clearsByHand(model)) return false
  const [loop] = model.loops(at.call)
  const backward = related.at(-1)?.call
  const isAside = (call: ast.Call): boolean =>
    loop !== undefined &&
    backward !== undefined &&
    encloses(loop, backward) &&
    !encloses(loop, call) &&
    model.scope(call) === model.scope(at.call)
  if (![...clearing].every(isAside)) return false
  // A call that no path from here has reached may be made from somewhere else.
  return [...gradientEvents(model)].every(
    ([call, { kind }]) => kind !== 'zero-grad' || model.scope(call) === model.scope(at.call) || clearing.has(call),
  )
}

/** Does the file touch gradients itself, clear those of something unknown, or name `zero_grad` where it is not called? */
const clearsByHand = remember(
  (model: Model): boolean =>
    nodesRun(model, 'Attribute').some(node => {
      if (/^_?grad$/.test(node.attr)) return true
      return node.attr === 'zero_grad' && !(node.parent?.kind === 'Call' && node.parent.func === node)
    }) ||
    nodesRun(model, 'Call').some(call => {
      const { func } = call
      const name = func.kind === 'Attribute' ? func.attr : func.kind === 'Name' ? func.id : ''
      if (name === 'zero_grad') return (gradientEvents(model).get(call)?.kind ?? 'changed') === 'changed'
      return /(?:zero|clear|reset|clean)\w*grad|grad\w*(?:zero|clear|reset)/i.test(name)
    }),
)
