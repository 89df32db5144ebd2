/** Losses that are a single number, so that `item()` works on them. */
import type { Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { isBackpropagated } from './backpropagation.ts'
import { eventOf } from './events.ts'

/** It is reduced, or backpropagated, which only a scalar can be without more ado. */
export function isScalarLoss(model: Model, expression: ast.Expression): boolean {
  const values = expression.kind === 'Name' ? model.sources(expression) : [expression]
  return values.length > 0 && values.every(value => isScalar(model, value))
}

function isScalar(model: Model, value: ast.Expression): boolean {
  if (value.kind === 'BinOp') return isScalar(model, value.left) || isScalar(model, value.right)
  if (value.kind !== 'Call') return false
  return eventOf(model, value)?.kind === 'loss' ? isReduced(model, value) : isBackpropagated(model, value)
}

function isReduced(model: Model, call: ast.Call): boolean {
  const made = model
    .values(call.func)
    .flatMap(value => (value.kind === 'instance' && value.creation ? [value.creation] : []))
  return [call, ...made].every(each => {
    const reduction = model.argument(each, 'reduction')
    return (
      reduction.kind === 'absent' ||
      (reduction.kind === 'given' && /^(?:mean|sum)$/.test(String(model.constant(reduction.value))))
    )
  })
}
