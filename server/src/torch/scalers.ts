import type { Certainty, Model, Value } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { scalerClasses } from './facts/amp.ts'
import { importsTrainer, methodCall, methodCalls } from './usage.ts'

/**
 * Does the expression denote a GradScaler? Yes if a GradScaler class made or an annotation promises it, or if it comes
 * from outside and is used as only a GradScaler is: `scaler.scale(loss).backward()`, or `scaler.unscale_(optimizer)` and
 * `scaler.step(optimizer)`. Scalers of other libraries (timm's `NativeScaler`, apex) have other methods and are none.
 */
export function isScaler(model: Model, expression: ast.Expression): Certainty {
  const promised = scalerClasses.map(name => model.isInstance(expression, name))
  if (promised.includes('yes')) return 'yes'
  const values = model.values(expression).filter(value => !isNothing(value))
  if (values.length === 0) return 'no'
  if (values.every(isScalerValue)) return 'yes'
  if (!values.every(value => isScalerValue(value) || isForeign(value)))
    return promised.includes('unknown') ? 'unknown' : 'no'
  return !importsTrainer(model) && isUsedAsScaler(model, expression) ? 'yes' : 'unknown'
}

function isScalerValue(value: Value): boolean {
  return value.kind === 'instance' && typeof value.of === 'string' && scalerClasses.includes(value.of)
}

/** It comes from outside the file, by a parameter or by a way that could not be followed. */
function isForeign(value: Value): boolean {
  return value.kind === 'parameter' || value.kind === 'unknown'
}

/** `None` and `False` stand for "no scaler": no method is called on them. */
function isNothing(value: Value): boolean {
  return value.kind === 'expression' && value.node.kind === 'Constant' && !value.node.value
}

function isUsedAsScaler(model: Model, expression: ast.Expression): boolean {
  const calls = methodCalls(model, expression)
  const has = (method: string, count: number) =>
    calls.some(({ method: name, call }) => name === method && call.args.length === count && call.keywords.length === 0)
  const scaledBackward = calls.some(({ method, call }) => method === 'scale' && isBackpropagated(call))
  return scaledBackward || (has('unscale_', 1) && has('step', 1))
}

/** `scaler.scale(loss).backward()`. */
function isBackpropagated(call: ast.Call): boolean {
  const { parent } = call
  return (
    call.args.length === 1 &&
    parent?.kind === 'Attribute' &&
    parent.parent?.kind === 'Call' &&
    methodCall(parent.parent)?.method === 'backward'
  )
}
