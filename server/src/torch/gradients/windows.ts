/** Windows of gradient accumulation: `if (i + 1) % steps == 0:` around the step. */
import type { Model } from '../../semantic/model.ts'
import type * as ast from '../../syntax/ast.ts'
import type { GradientStep } from './survey.ts'

/** Is a call that clears gradients run for each micro-batch of a window at whose end the step stands? */
export function isMicroBatch(model: Model, clearing: ast.Call, backward: GradientStep, step: GradientStep): boolean {
  const [loop] = model.loops(clearing)
  const size = windowSize(model, step.call)
  if (!loop || !size) return false
  const isIn = (call: ast.Call): boolean => model.loops(call)[0] === loop && windowSize(model, call) === undefined
  if (!isIn(clearing) || !isIn(backward.call) || model.loops(step.call)[0] !== loop) return false
  return accumulation.test(size) || isDividedBy(model, backward.object, size)
}

const accumulation = /accum|grad\w*_steps|iter_size|virtual/i

/** The text of `n` in the nearest `% n` that decides whether a call runs. */
function windowSize(model: Model, call: ast.Call): string | undefined {
  for (let at: ast.Node | undefined = call; at && at.kind !== 'FunctionDef'; at = at.parent) {
    if (at.kind === 'For' || at.kind === 'While') return undefined
    const parent: ast.Node | undefined = at.parent
    if (parent?.kind !== 'If' || at === parent.test) continue
    const remainder = model.nodes('BinOp', parent.test).find(({ op }) => op === '%')
    if (remainder) return model.text.slice(remainder.right.start, remainder.right.end)
  }
  return undefined
}

/** `loss / n`, or a name that was assigned such. */
function isDividedBy(model: Model, loss: ast.Expression, size: string): boolean {
  const divides = (node: ast.Expression): boolean =>
    model.nodes('BinOp', node).some(({ op, right }) => op === '/' && model.text.slice(right.start, right.end) === size)
  const names = model.nodes('Name', loss)
  return (
    divides(loss) ||
    names.some(name => model.sources(name).some(divides)) ||
    model
      .nodes('AugAssign')
      .some(
        ({ op, target, value }) =>
          op.startsWith('/') &&
          target.kind === 'Name' &&
          names.some(({ id }) => id === target.id) &&
          model.text.slice(value.start, value.end) === size,
      )
  )
}
