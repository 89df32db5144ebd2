import type { Model } from '../../semantic/model.ts'
import type * as ast from '../../syntax/ast.ts'
import { children } from '../../syntax/walk.ts'
import { isOptimizer } from '../optimizers.ts'
import { remember } from '../remember.ts'
import { isScaler } from '../scalers.ts'
import { methodCall } from '../usage.ts'

/** What a call does in the GradScaler protocol, as its text shows it. Which objects it concerns depends on the path. */
export type AmpEvent =
  | { readonly kind: 'scale'; readonly scaler: ast.Expression }
  | { readonly kind: 'unscale'; readonly scaler: ast.Expression; readonly optimizer: ast.Expression }
  | {
      readonly kind: 'step'
      readonly scaler: ast.Expression
      readonly optimizer: ast.Expression
      /** What is passed to the optimizer's own `step`, if it is passed alone. */
      readonly closure: ast.Expression | undefined
    }
  /** `setsScale`: `update(new_scale)` asks for no steps. */
  | { readonly kind: 'update'; readonly scaler: ast.Expression; readonly setsScale: boolean }
  /** No loss: a backward pass that some library runs in its own way. */
  | { readonly kind: 'backward'; readonly loss: ast.Expression | undefined }
  | { readonly kind: 'optimizer-step'; readonly optimizer: ast.Expression; readonly closure: boolean }
  | { readonly kind: 'zero-grad'; readonly target: ast.Expression }
  /** `parameters`: what is clipped, where the call shows it. */
  | { readonly kind: 'clip'; readonly parameters: ast.Expression | undefined }
  /** Gradients are changed by hand. */
  | { readonly kind: 'gradients-changed' }
  /** Objects are handed to code that is not visible; none named: everything that `self` holds. */
  | { readonly kind: 'escape'; readonly objects: readonly ast.Expression[] }

/** Every event of a script, by the call that is it. */
export const ampEvents = remember((model: Model): ReadonlyMap<ast.Call, AmpEvent> => {
  const events = new Map<ast.Call, AmpEvent>()
  for (const call of model.nodes('Call')) {
    const event = eventOf(model, call)
    if (event) events.set(call, event)
  }
  return events
})

/** Does anything in the script scale, unscale or step through a GradScaler? */
export const usesScaler = remember((model: Model): boolean =>
  [...ampEvents(model).values()].some(({ kind }) => kind === 'scale' || kind === 'unscale' || kind === 'step'),
)

const clipFunctions = new Set(['clip_grad_norm_', 'clip_grad_norm', 'clip_grad_value_', 'clip_grads_with_norm_'])

function eventOf(model: Model, call: ast.Call): AmpEvent | undefined {
  const method = methodCall(call)
  return (
    (method && methodEvent(model, method.method, method.receiver, call)) ??
    functionEvent(model, call) ??
    escapeEvent(model, call)
  )
}

function methodEvent(model: Model, method: string, receiver: ast.Expression, call: ast.Call): AmpEvent | undefined {
  const [first] = call.args
  switch (method) {
    case 'scale':
      return first && isScaler(model, receiver) === 'yes' ? { kind: 'scale', scaler: receiver } : undefined
    case 'unscale_':
      return first && isScaler(model, receiver) === 'yes'
        ? { kind: 'unscale', scaler: receiver, optimizer: first }
        : undefined
    case 'update':
      return isScaler(model, receiver) === 'yes'
        ? { kind: 'update', scaler: receiver, setsScale: call.args.length + call.keywords.length > 0 }
        : undefined
    case 'step': {
      const optimizer = first ?? call.keywords.find(({ arg }) => arg === 'optimizer')?.value
      if (optimizer && isScaler(model, receiver) === 'yes')
        return { kind: 'step', scaler: receiver, optimizer, closure: closureOf(call) }
      if (isOptimizer(model, receiver) !== 'yes') return undefined
      return { kind: 'optimizer-step', optimizer: receiver, closure: call.args.length + call.keywords.length > 0 }
    }
    case 'zero_grad':
      return { kind: 'zero-grad', target: receiver }
    case 'backward':
      if (model.qualifiedName(call.func) === 'torch.autograd.backward') return { kind: 'backward', loss: first }
      return { kind: 'backward', loss: first ? undefined : receiver }
    default:
      return isGradient(receiver) && method.endsWith('_') ? gradientEvent(method) : undefined
  }
}

/** What `scaler.step(optimizer, …)` passes on to `optimizer.step`, if it is one argument. */
function closureOf({ args, keywords }: ast.Call): ast.Expression | undefined {
  const named = keywords.find(({ arg }) => arg === 'closure')
  if (named) return named.value
  const [, second, third] = args
  return second && !third && second.kind !== 'Starred' ? second : undefined
}

/** `p.grad.clamp_(-1, 1)` clips; any other change in place may do anything. */
const gradientEvent = (method: string): AmpEvent =>
  method === 'clamp_' || method === 'clip_' ? { kind: 'clip', parameters: undefined } : { kind: 'gradients-changed' }

/** `p.grad`, `p.grad.data`. */
function isGradient(node: ast.Expression): boolean {
  return node.kind === 'Attribute' && (node.attr === 'grad' || (node.attr === 'data' && isGradient(node.value)))
}

function functionEvent(model: Model, call: ast.Call): AmpEvent | undefined {
  const name = model.qualifiedName(call.func)
  if (name === undefined) return undefined
  if (name === 'torch.autograd.backward') return { kind: 'backward', loss: call.args[0] }
  const last = name.slice(name.lastIndexOf('.') + 1)
  if (!name.startsWith('torch.nn.utils.') || !clipFunctions.has(last)) return undefined
  // `max_norm * scaler.get_scale()` clips scaled gradients at a scaled threshold, which is exact.
  if (call.args.concat(call.keywords.map(({ value }) => value)).some(mentionsScale)) return undefined
  const parameters = model.argument(call, 'parameters', 0)
  return { kind: 'clip', parameters: parameters.kind === 'given' ? parameters.value : undefined }
}

const mentionsScale = (node: ast.Node): boolean =>
  (node.kind === 'Attribute' && node.attr === 'get_scale') ||
  (node.kind === 'Name' && /scale/i.test(node.id)) ||
  children(node).some(mentionsScale)

/** A call that hands a scaler, an optimizer or `self` to code that cannot be seen. */
function escapeEvent(model: Model, call: ast.Call): AmpEvent | undefined {
  const callee = model.callee(call)
  if (callee.kind === 'function' || callee.kind === 'class') return undefined
  if (callee.kind === 'symbol' && /^(torch|builtins|logging)\./.test(callee.name)) return undefined
  const passed = call.args.concat(call.keywords.map(({ value }) => value)).flatMap(withElements)
  const objects = passed.filter(
    each => isTrackable(each) && (isScaler(model, each) === 'yes' || isOptimizer(model, each) === 'yes'),
  )
  if (objects.length > 0) return { kind: 'escape', objects }
  return passed.some(each => isSelf(model, each)) || isInheritedMethod(model, call)
    ? { kind: 'escape', objects: [] }
    : undefined
}

const withElements = (node: ast.Expression): readonly ast.Expression[] => {
  if (node.kind === 'List' || node.kind === 'Tuple') return node.elements
  return node.kind === 'Dict' ? node.values : [node]
}

const isTrackable = ({ kind }: ast.Expression): boolean =>
  kind === 'Name' || kind === 'Attribute' || kind === 'Subscript'

const isSelf = (model: Model, node: ast.Expression): boolean =>
  node.kind === 'Name' && model.place(node)?.kind === 'self'

/** `self.after_step()` or `super().step()` of a base class that is not in the file. */
function isInheritedMethod(model: Model, call: ast.Call): boolean {
  const method = methodCall(call)
  if (!method) return false
  const { receiver } = method
  if (receiver.kind === 'Call' && receiver.func.kind === 'Name' && receiver.func.id === 'super') return true
  return isSelf(model, receiver) && !assignedAttributes(model).has(method.method)
}

/** The names of all attributes that the file assigns: calling one of them calls what was stored, not a method. */
const assignedAttributes = remember((model: Model): ReadonlySet<string> => {
  const targets = model.nodes('Assign').flatMap(({ targets }) => targets.flatMap(withElements))
  return new Set(targets.flatMap(target => (target.kind === 'Attribute' ? [target.attr] : [])))
})
