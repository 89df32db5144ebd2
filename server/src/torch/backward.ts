/** Backward passes, and those that run while autocast is on. */
import type { Model } from '../semantic/model.ts'
import { isSuperCall } from '../semantic/supers.ts'
import type * as ast from '../syntax/ast.ts'
import { ampEvents } from './amp/events.ts'
import { type Autocast, autocastAt, autocasts } from './autocast.ts'
import { isModule } from './modules.ts'
import { remember } from './remember.ts'
import { importsTrainer, methodCall } from './usage.ts'

export interface BackwardPass {
  readonly call: ast.Call
  readonly loss: ast.Expression
}

/** `loss.backward()` and `torch.autograd.backward(loss)`, in source order. */
export const backwardPasses = remember((model: Model): readonly BackwardPass[] =>
  model.nodes('Call').flatMap(call => {
    const loss = lossOf(model, call)
    return loss ? [{ call, loss }] : []
  }),
)

export interface CastBackward {
  readonly call: ast.Call
  /** Without the scaler that scales it. */
  readonly loss: ast.Expression
  readonly autocast: Autocast
  /** The other backward passes under the same autocast. */
  readonly others: readonly ast.Call[]
}

/** The first backward pass under each autocast. */
export const castBackwards = remember((model: Model): readonly CastBackward[] => {
  if (autocasts(model).length === 0 || importsTrainer(model)) return []
  const found = new Map<ast.Call, CastBackward>()
  for (const { call, loss: backpropagated } of backwardPasses(model)) {
    const autocast = autocastAt(model, call)
    if (!autocast || autocast === 'unknown' || autocast.enabled === 'no') continue
    const first = found.get(autocast.call)
    const loss = unscaled(model, backpropagated)
    found.set(
      autocast.call,
      first ? { ...first, others: [...first.others, call] } : { call, loss, autocast, others: [] },
    )
  }
  return [...found.values()]
})

/** `loss` of `scaler.scale(loss)`. */
function unscaled(model: Model, loss: ast.Expression): ast.Expression {
  const isScaled = loss.kind === 'Call' && ampEvents(model).get(loss)?.kind === 'scale'
  return (isScaled ? loss.args[0] : undefined) ?? loss
}

/** Not for a method of the file, of `self`, or of a network that is named so. */
function lossOf(model: Model, call: ast.Call): ast.Expression | undefined {
  const method = methodCall(call)
  if (method?.method !== 'backward') return undefined
  if (model.qualifiedName(call.func) === 'torch.autograd.backward') return call.args[0]
  const { receiver } = method
  if (call.args.length > 0 || isSuperCall(receiver)) return undefined
  if (model.callee(call).kind === 'function' || model.place(receiver)?.kind === 'self') return undefined
  return isModule(model, receiver) === 'yes' ? undefined : receiver
}
