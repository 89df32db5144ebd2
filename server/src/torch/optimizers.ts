import { nodesRun } from '../semantic/followed.ts'
import type { Certainty, Model, Value } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { type OptimizerFact, optimizers } from './facts/optimizers.ts'
import { remember } from './remember.ts'
import { isScaler } from './scalers.ts'
import { importsTrainer, isNone, methodCall, methodCalls } from './usage.ts'

/**
 * Does the expression denote an optimizer? Yes if a class of `torch.optim`, or one of the file that derives from
 * `torch.optim.Optimizer`, made it, or if it comes from outside and is used as one: it is stepped by a scaler, or it has
 * `zero_grad()` and `step()`.
 */
export function isOptimizer(model: Model, expression: ast.Expression): Certainty {
  const promised = model.isInstance(expression, 'torch.optim.Optimizer')
  if (promised === 'yes') return 'yes'
  const values = model.values(expression).filter(value => !isNone(value))
  if (values.length === 0) return 'no'
  if (!values.every(value => isOptimizerValue(value) || mayBeOptimizer(value))) return promised
  if (values.every(isOptimizerValue)) return 'yes'
  if (importsTrainer(model)) return 'unknown'
  return isSteppedByScaler(model, expression) || isUsedAsOptimizer(model, expression) ? 'yes' : 'unknown'
}

/** A call that makes an optimizer of `torch.optim`, and what PyTorch says of its class. */
export interface OptimizerCreation {
  readonly call: ast.Call
  /** `AdamW`. */
  readonly className: string
  readonly fact: OptimizerFact
  /** What is passed as its parameters or groups; undefined if that is not visible. */
  readonly parameters: ast.Expression | undefined
}

/** Every optimizer of `torch.optim` that the script makes, in source order. */
export const optimizerCreations = remember((model: Model): readonly OptimizerCreation[] =>
  model.calls(optimizerClasses).flatMap(call => creationOf(model, call) ?? []),
)

/** The same, and every one that is made in other files by functions that the script runs. */
export const optimizersRun = remember((model: Model): readonly OptimizerCreation[] => {
  const elsewhere = new Set(model.followed().flatMap(code => model.calls(optimizerClasses, code)))
  return [...optimizerCreations(model), ...[...elsewhere].flatMap(call => creationOf(model, call) ?? [])]
})

const optimizerClasses = Object.keys(optimizers).map(name => `torch.optim.${name}`)

/** The calls that may have made the optimizer; undefined if one of its origins is not visible. */
export function creationsOf(model: Model, expression: ast.Expression): readonly OptimizerCreation[] | undefined {
  const creations: OptimizerCreation[] = []
  for (const value of model.values(expression)) {
    if (isNone(value)) continue
    const creation = value.kind === 'instance' && value.creation ? creationOf(model, value.creation) : undefined
    if (!creation) return undefined
    creations.push(creation)
  }
  return creations.length > 0 ? creations : undefined
}

function creationOf(model: Model, call: ast.Call): OptimizerCreation | undefined {
  const callee = model.callee(call)
  const className = callee.kind === 'symbol' ? callee.name.replace('torch.optim.', '') : ''
  const fact = Object.hasOwn(optimizers, className) ? optimizers[className] : undefined
  if (!fact) return undefined
  const parameters = model.argument(call, 'params', 0)
  return { call, className, fact, parameters: parameters.kind === 'given' ? parameters.value : undefined }
}

function isOptimizerValue(value: Value): boolean {
  return value.kind === 'instance' && typeof value.of === 'string' && /^torch\.optim\.[A-Z]\w*$/.test(value.of)
}

/** It comes from outside the file: a parameter, or what a helper returned. */
function mayBeOptimizer(value: Value): boolean {
  return value.kind === 'parameter' || value.kind === 'unknown' || value.kind === 'result'
}

function isUsedAsOptimizer(model: Model, expression: ast.Expression): boolean {
  const methods = new Set(methodCalls(model, expression).map(({ method }) => method))
  return methods.has('zero_grad') && methods.has('step')
}

/** `scaler.step(optimizer)` or `scaler.unscale_(optimizer)`. */
function isSteppedByScaler(model: Model, expression: ast.Expression): boolean {
  const place = model.place(expression)
  return place !== undefined && steppedByScaler(model).has(place)
}

const steppedByScaler = remember((model: Model) => {
  const places = nodesRun(model, 'Call').flatMap(call => {
    const method = methodCall(call)
    const [optimizer] = call.args
    if (!method || !optimizer || (method.method !== 'step' && method.method !== 'unscale_')) return []
    const place = model.place(optimizer)
    return place && isScaler(model, method.receiver) === 'yes' ? [place] : []
  })
  return new Set(places)
})
