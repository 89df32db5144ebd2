/** Losses that CUDA autocast refuses to compute, evaluated under it. */
import type { Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { type Autocast, autocastAt } from './autocast.ts'
import { unsafeLosses } from './facts/amp.ts'
import { creationOf } from './modules.ts'
import { methodCall } from './usage.ts'

export interface UnsafeLossCall {
  readonly call: ast.Call
  /** `torch.nn.BCELoss`. */
  readonly name: string
  readonly isFunction: boolean
  readonly successor: string
  readonly autocast: Autocast
  /** It raises only where a flag switches autocast on. */
  readonly isConditional: boolean
  /** The call that made a loss of the class, if it serves no other call. */
  readonly creation: ast.Call | undefined
  /** The sigmoid in the loss's argument; undefined also if the loss cannot be exchanged at all. */
  readonly sigmoid: { readonly call: ast.Call; readonly logits: ast.Expression } | undefined
}

export function unsafeLossCalls(model: Model): readonly UnsafeLossCall[] {
  const found = unsafeLosses.flatMap(fact => [
    ...callsUnder(model, fact.function, [fact.function], fact.successor.function),
    ...callsUnder(model, fact.class, [`${fact.class}.__call__`, `${fact.class}.forward`], fact.successor.class),
  ])
  return found.sort((a, b) => a.call.start - b.call.start)
}

function callsUnder(
  model: Model,
  name: string,
  callees: readonly string[],
  successor: string,
): readonly UnsafeLossCall[] {
  const calls = model.calls(callees)
  return calls.flatMap(call => {
    const autocast = autocastAt(model, call, 'cuda')
    if (!autocast || autocast === 'unknown' || autocast.enabled === 'no' || isOnCpu(call)) return []
    const isFunction = callees.includes(name)
    const creation = isFunction ? undefined : onlyCreation(model, call.func)
    const isExchangeable =
      isFunction || (creation && !calls.some(each => each !== call && shares(model, each, creation)))
    return {
      call,
      name,
      isFunction,
      successor,
      autocast,
      isConditional: autocast.enabled === 'unknown',
      creation,
      sigmoid: isExchangeable ? sigmoidIn(model, call) : undefined,
    }
  })
}

/** `criterion(output.cpu(), target.cpu())`: autocast for CUDA leaves tensors on the CPU alone. */
function isOnCpu(call: ast.Call): boolean {
  return call.args.some(argument => argument.kind === 'Call' && methodCall(argument)?.method === 'cpu')
}

function onlyCreation(model: Model, loss: ast.Expression): ast.Call | undefined {
  const [value, ...others] = model.values(loss)
  return value && others.length === 0 ? creationOf(value) : undefined
}

const shares = (model: Model, call: ast.Call, creation: ast.Call): boolean =>
  model.values(call.func).some(value => creationOf(value) === creation)

/** `torch.sigmoid(x)`, `x.sigmoid()`, `nn.Sigmoid()(x)` as the first argument. */
function sigmoidIn(model: Model, loss: ast.Call): UnsafeLossCall['sigmoid'] {
  const [call] = loss.args
  if (call?.kind !== 'Call') return undefined
  const [argument] = call.args
  const method = methodCall(call)
  const isSigmoid = model.calls(sigmoids, call).includes(call)
  if (isSigmoid && argument && call.args.length === 1) return { call, logits: argument }
  return !isSigmoid && method?.method === 'sigmoid' && !argument ? { call, logits: method.receiver } : undefined
}

const sigmoids = ['torch.sigmoid', 'torch.special.expit', 'torch.nn.functional.sigmoid', 'torch.nn.Sigmoid.__call__']
