import { nodesRun } from '../../semantic/followed.ts'
import type { Model } from '../../semantic/model.ts'
import { isSuperCall } from '../../semantic/supers.ts'
import type * as ast from '../../syntax/ast.ts'
import { children } from '../../syntax/walk.ts'
import { scalerClasses } from '../facts/amp.ts'
import { isOptimizer, optimizersRun } from '../optimizers.ts'
import { remember } from '../remember.ts'
import { isScaler } from '../scalers.ts'
import { methodCall } from '../usage.ts'
import { isPassed } from './passed.ts'

/** What a call does in the GradScaler protocol, as its text shows it. Which objects it concerns depends on the path. */
export type AmpEvent =
  /** A new scaler or optimizer; what holds it is seen where it is assigned. */
  | { readonly kind: 'creation' }
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
  /** A method of a parameter, in a function of another file: only the path knows what was passed. */
  | { readonly kind: 'passed'; readonly method: string; readonly receiver: ast.Expression }

export type CertainEvent = Exclude<AmpEvent, { kind: 'passed' }>
type Escape = Extract<AmpEvent, { kind: 'escape' }>

/** Every event of a script, and of what it runs in other files, by the call that is it. A script without a scaler has none. */
export const ampEvents = remember((model: Model): ReadonlyMap<ast.Call, AmpEvent> => {
  if (decidesByRecords(model)) return new Map()
  const events = new Map<ast.Call, AmpEvent>()
  const others: ast.Call[] = []
  for (const call of nodesRun(model, 'Call')) {
    const event = directEvent(model, call)
    if (event) events.set(call, event)
    else others.push(call)
  }
  if (![...events.values()].some(({ kind }) => kind === 'scale' || kind === 'unscale' || kind === 'step'))
    return new Map()
  for (const call of scalersRun(model)) events.set(call, { kind: 'creation' })
  for (const { call } of optimizersRun(model)) events.set(call, { kind: 'creation' })
  const tracked = trackedNames(model, events)
  const speaking = classesAround(model, events.keys())
  for (const call of others) {
    const event = events.has(call) ? undefined : escapeEvent(model, call, tracked)
    const isOwn = model.moduleOf(call) === model.module
    // What an object of another file holds is of interest only if its class takes part.
    if (
      event &&
      (isOwn || event.objects.length > 0 || [...classesAround(model, [call])].some(each => speaking.has(each)))
    )
      events.set(call, event)
  }
  return events
})

/** Does the script look up in the scaler's own records what has been done? */
const decidesByRecords = (model: Model): boolean =>
  nodesRun(model, 'Attribute').some(({ attr }) => attr === '_per_optimizer_states')

/** The classes that calls stand in, and those that these derive from. */
function classesAround(model: Model, calls: Iterable<ast.Call>): ReadonlySet<ast.ClassDef> {
  const classes = new Set<ast.ClassDef>()
  for (const call of calls) for (let at = call.parent; at; at = at.parent) if (at.kind === 'ClassDef') classes.add(at)
  for (const node of classes)
    for (const value of node.bases.flatMap(base => model.values(base)))
      if (value.kind === 'class') classes.add(value.node)
  return classes
}

/** The calls that make a scaler, in the script and in what it runs in other files. */
const scalersRun = (model: Model): readonly ast.Call[] => [
  ...model.calls(scalerClasses),
  ...model.followed().flatMap(code => model.calls(scalerClasses, code)),
]

/** Does anything in the script scale, unscale or step through a GradScaler? */
export const usesScaler = (model: Model): boolean => ampEvents(model).size > 0

const clipFunctions = new Set(['clip_grad_norm_', 'clip_grad_norm', 'clip_grad_value_', 'clip_grads_with_norm_'])

export function directEvent(model: Model, call: ast.Call): AmpEvent | undefined {
  const method = methodCall(call)
  return (method && methodEvent(model, method.method, method.receiver, call)) ?? functionEvent(model, call)
}

function methodEvent(model: Model, method: string, receiver: ast.Expression, call: ast.Call): AmpEvent | undefined {
  const [first] = call.args
  const asScaler = scalerEvent(method, receiver, call)
  if (asScaler) {
    const certainty = isScaler(model, receiver)
    if (certainty === 'yes') return asScaler
    if (certainty === 'unknown' && isPassed(model, receiver)) return { kind: 'passed', method, receiver }
  }
  switch (method) {
    case 'step':
      if (isOptimizer(model, receiver) === 'yes') return optimizerStep(receiver, call)
      return isPassed(model, receiver) ? { kind: 'passed', method, receiver } : undefined
    case 'zero_grad':
      return isFollowed(model, call) ? undefined : { kind: 'zero-grad', target: receiver }
    case 'backward':
      if (model.qualifiedName(call.func) === 'torch.autograd.backward') return { kind: 'backward', loss: first }
      return isFollowed(model, call) ? undefined : { kind: 'backward', loss: first ? undefined : receiver }
    default:
      return isGradient(receiver) && method.endsWith('_') ? gradientEvent(method) : undefined
  }
}

/** A function that merely has the name: what it does is seen where it is followed. */
const isFollowed = (model: Model, call: ast.Call): boolean => {
  const callee = model.callee(call)
  return callee.kind === 'function' && model.moduleOf(callee.node) !== model.module
}

/** What the call of a method does if its receiver is a scaler. */
export function scalerEvent(method: string, scaler: ast.Expression, call: ast.Call): CertainEvent | undefined {
  const [first] = call.args
  switch (method) {
    case 'scale':
      return first && { kind: 'scale', scaler }
    case 'unscale_':
      return first && { kind: 'unscale', scaler, optimizer: first }
    case 'update':
      return { kind: 'update', scaler, setsScale: call.args.length + call.keywords.length > 0 }
    case 'step': {
      const optimizer = first ?? call.keywords.find(({ arg }) => arg === 'optimizer')?.value
      return optimizer && { kind: 'step', scaler, optimizer, closure: closureOf(call) }
    }
    default:
      return undefined
  }
}

export const optimizerStep = (optimizer: ast.Expression, call: ast.Call): CertainEvent => ({
  kind: 'optimizer-step',
  optimizer,
  closure: call.args.length + call.keywords.length > 0,
})

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
  if (call.func.kind === 'Attribute' && !clipFunctions.has(call.func.attr)) return undefined
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

/** The last names of everything that is a scaler or an optimizer somewhere in the file. */
function trackedNames(model: Model, events: ReadonlyMap<ast.Call, AmpEvent>): ReadonlySet<string> {
  const names = new Set<string>()
  const add = (node: ast.Expression): void => {
    if (node.kind === 'Name') names.add(node.id)
    else if (node.kind === 'Attribute') names.add(node.attr)
    else if (node.kind === 'Subscript') add(node.value)
    else for (const each of withElements(node)) if (each !== node) add(each)
  }
  for (const event of events.values()) {
    if ('scaler' in event) add(event.scaler)
    if ('optimizer' in event) add(event.optimizer)
  }
  const made = new Set<ast.Expression>([...optimizersRun(model).map(({ call }) => call), ...scalersRun(model)])
  for (const { targets, value } of nodesRun(model, 'Assign')) if (made.has(value)) targets.forEach(add)
  return names
}

/** A call that hands a scaler, an optimizer or `self` to code that cannot be seen. */
function escapeEvent(model: Model, call: ast.Call, tracked: ReadonlySet<string>): Escape | undefined {
  const passed = call.args.concat(call.keywords.map(({ value }) => value)).flatMap(withElements)
  const objects = passed.filter(each => isNamedIn(each, tracked))
  const handsOverSelf = isInheritedMethod(model, call) || passed.some(each => isSelf(model, each))
  if (objects.length === 0 && !handsOverSelf) return undefined
  const callee = model.callee(call)
  if (callee.kind === 'function' || callee.kind === 'class') return undefined
  if (callee.kind === 'symbol' && /^(torch|builtins|logging)\./.test(callee.name)) return undefined
  if (handsOverSelf) return { kind: 'escape', objects: [] }
  const escaping = objects.filter(each => isScaler(model, each) === 'yes' || isOptimizer(model, each) === 'yes')
  return escaping.length > 0 ? { kind: 'escape', objects: escaping } : undefined
}

function isNamedIn(node: ast.Expression, names: ReadonlySet<string>): boolean {
  if (node.kind === 'Name') return names.has(node.id)
  if (node.kind === 'Attribute') return names.has(node.attr)
  return node.kind === 'Subscript' && isNamedIn(node.value, names)
}

const withElements = (node: ast.Expression): readonly ast.Expression[] => {
  if (node.kind === 'List' || node.kind === 'Tuple') return node.elements
  return node.kind === 'Dict' ? node.values : [node]
}

/** The first parameter of the method that the name stands in. */
export function isSelf(model: Model, node: ast.Expression): boolean {
  if (node.kind !== 'Name') return false
  let scope = model.scope(node)
  while (scope.kind !== 'Module') {
    if (scope.kind === 'FunctionDef' && scope.parent?.kind === 'ClassDef') return scope.parameters[0]?.name === node.id
    scope = model.scope(scope)
  }
  return false
}

/** `self.after_step()` or `super().step()` of a base class that is not in the file. */
export function isInheritedMethod(model: Model, call: ast.Call): boolean {
  const method = methodCall(call)
  if (!method) return false
  const { receiver } = method
  if (isSuperCall(receiver)) return true
  return isSelf(model, receiver) && !assignedAttributes(model).has(method.method)
}

/** The names of all attributes that the file assigns: calling one of them calls what was stored, not a method. */
const assignedAttributes = remember((model: Model): ReadonlySet<string> => {
  const targets = nodesRun(model, 'Assign').flatMap(({ targets }) => targets.flatMap(withElements))
  return new Set(targets.flatMap(target => (target.kind === 'Attribute' ? [target.attr] : [])))
})
