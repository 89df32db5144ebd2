/** What a call does in a training step. */
import type { Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { isModule } from './modules.ts'
import { isOptimizer } from './optimizers.ts'
import { isScaler } from './scalers.ts'
import { isScheduler } from './schedulers.ts'
import { methodCall } from './usage.ts'

export type EventKind =
  | 'train'
  | 'eval'
  | 'zero_grad'
  | 'forward'
  | 'loss'
  | 'scale'
  | 'backward'
  | 'unscale'
  | 'clip'
  | 'step'
  | 'update'
  | 'scheduler_step'

export interface TrainingEvent {
  readonly kind: EventKind
  readonly call: ast.Call
}

export function eventOf(model: Model, call: ast.Call): TrainingEvent | undefined {
  const method = methodCall(call)
  const kind = (method && methodEvent(model, method.method, method.receiver)) ?? callEvent(model, call)
  return kind && { kind, call }
}

/** The module that an event of kind `forward` runs: `model` of `model(x)` and of `model.forward(x)`. */
export function calledModule({ func }: ast.Call): ast.Expression {
  return func.kind === 'Attribute' && func.attr === 'forward' ? func.value : func
}

/** May a statement run a model or a loss: itself, or by calling something of which that is not known? */
export function runsForward(model: Model, statement: ast.Statement): boolean {
  const computes = (call: ast.Call) => {
    const kind = eventOf(model, call)?.kind
    return kind === 'forward' || kind === 'loss'
  }
  return model.nodes('Call', statement).some(call => {
    if (computes(call)) return true
    const callee = model.callee(call)
    if (callee.kind === 'function') return model.nodes('Call', callee.node).some(computes)
    const { func } = call
    const isObject = func.kind === 'Name' || (func.kind === 'Attribute' && model.place(func.value)?.kind === 'self')
    return isObject && callee.kind === 'unknown'
  })
}

function methodEvent(model: Model, method: string, receiver: ast.Expression): EventKind | undefined {
  switch (method) {
    case 'backward':
      return 'backward'
    case 'zero_grad':
      return 'zero_grad'
    case 'scale':
      return isScaler(model, receiver) === 'yes' ? 'scale' : undefined
    case 'unscale_':
      return isScaler(model, receiver) === 'yes' ? 'unscale' : undefined
    case 'update':
      return isScaler(model, receiver) === 'yes' ? 'update' : undefined
    case 'step':
      if (isOptimizer(model, receiver) === 'yes' || isScaler(model, receiver) === 'yes') return 'step'
      return isScheduler(model, receiver) === 'yes' ? 'scheduler_step' : undefined
    case 'forward':
      return isModule(model, receiver) === 'yes' ? 'forward' : undefined
    case 'train':
    case 'eval':
      return isModule(model, receiver) === 'yes' ? method : undefined
    default:
      return undefined
  }
}

function callEvent(model: Model, call: ast.Call): EventKind | undefined {
  const name = model.qualifiedName(call.func)
  if (name !== undefined && /^torch\.nn\.utils\.clip_grad/.test(name)) return 'clip'
  if (name !== undefined && /^torch\.nn\.functional\.(?:\w*_loss|\w*cross_entropy\w*|kl_div)$/.test(name)) return 'loss'
  const { func } = call
  if (func.kind !== 'Name' && func.kind !== 'Attribute' && func.kind !== 'Subscript') return undefined
  const values = model.values(func)
  if (values.length > 0 && values.every(value => value.kind === 'instance' && isLossClass(value.of))) return 'loss'
  if (values.some(value => value.kind === 'symbol' || value.kind === 'function' || value.kind === 'class'))
    return undefined
  return isModule(model, func) === 'yes' ? 'forward' : undefined
}

function isLossClass(name: string | ast.ClassDef): boolean {
  return typeof name === 'string' && /^torch\.nn\.\w*Loss$/.test(name)
}
