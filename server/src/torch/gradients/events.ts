import type { Certainty, Model, Scope } from '../../semantic/model.ts'
import type * as ast from '../../syntax/ast.ts'
import { directEvent, isInheritedMethod, isSelf } from '../amp/events.ts'
import { isModule } from '../modules.ts'
import { isOptimizer, optimizerCreations } from '../optimizers.ts'
import { remember } from '../remember.ts'
import { isScheduler } from '../schedulers.ts'
import { importsTrainer, methodCall } from '../usage.ts'
import { namesBehind } from './slice.ts'

/** What a call does to gradients, as its text shows it. Which objects it concerns depends on the path. */
export type GradientEvent =
  /** A new optimizer; what holds it is seen where it is assigned. */
  | { readonly kind: 'creation' }
  | { readonly kind: 'backward'; readonly loss: ast.Expression; readonly retains: Certainty }
  /** `closure`: the step computes the gradients itself. */
  | { readonly kind: 'step'; readonly optimizer: ast.Expression; readonly closure: boolean }
  | { readonly kind: 'zero-grad'; readonly target: ast.Expression }
  | { readonly kind: 'clip'; readonly parameters: ast.Expression }
  /** Something may be done to any gradients: by hand, or by code that is not visible. */
  | { readonly kind: 'changed' }

/** Every event of a script that trains by itself, by the call that is it; none where nothing is both backpropagated and stepped. */
export const gradientEvents = remember((model: Model): ReadonlyMap<ast.Call, GradientEvent> => {
  if (!mayTrain(model) || importsTrainer(model)) return new Map()
  const events = new Map<ast.Call, GradientEvent>()
  for (const { call } of optimizerCreations(model)) events.set(call, { kind: 'creation' })
  const changing = changingFunctions(model)
  for (const call of model.nodes('Call')) {
    const event = events.has(call) ? undefined : eventOf(model, call, changing)
    if (event) events.set(call, event)
  }
  const kinds = new Set([...events.values()].map(({ kind }) => kind))
  return kinds.has('backward') && kinds.has('step') ? besidesTraining(model, events) : new Map()
})

/**
 * In a function that trains in a loop, only what runs in that loop may change gradients between their computation and their
 * use. What runs between two epochs decides nothing within them, and costs paths.
 */
function besidesTraining(
  model: Model,
  events: ReadonlyMap<ast.Call, GradientEvent>,
): ReadonlyMap<ast.Call, GradientEvent> {
  const training = [...events].flatMap(([call, { kind }]) => (kind === 'backward' || kind === 'step' ? [call] : []))
  const loops = new Set(training.map(call => model.loops(call)[0]))
  const looping = new Set(training.flatMap(call => (model.loops(call).length > 0 ? [model.scope(call)] : [])))
  for (const call of training) if (model.loops(call).length === 0) looping.delete(model.scope(call))
  return new Map(
    [...events].filter(
      ([call, { kind }]) =>
        kind !== 'changed' || !looping.has(model.scope(call)) || model.loops(call).some(loop => loops.has(loop)),
    ),
  )
}

function mayTrain(model: Model): boolean {
  const methods = new Set(model.nodes('Call').map(call => methodCall(call)?.method))
  return methods.has('backward') && methods.has('step')
}

function eventOf(model: Model, call: ast.Call, changing: ReadonlySet<Scope>): GradientEvent | undefined {
  const callee = model.callee(call)
  if (callee.kind === 'function') {
    const isChanging = changing.has(callee.node) || changesElsewhere(model, callee.node, [])
    return isChanging ? { kind: 'changed' } : undefined
  }
  const event = directEvent(model, call)
  switch (event?.kind) {
    case 'backward':
      return event.loss && !hasKeyword(call, 'inputs')
        ? { kind: 'backward', loss: event.loss, retains: retains(model, call) }
        : { kind: 'changed' }
    case 'step':
      return { kind: 'step', optimizer: event.optimizer, closure: event.closure !== undefined }
    case 'optimizer-step':
      return { kind: 'step', optimizer: event.optimizer, closure: event.closure }
    case 'zero-grad':
      return isOptimizer(model, event.target) === 'yes' || isModule(model, event.target) === 'yes'
        ? { kind: 'zero-grad', target: event.target }
        : { kind: 'changed' }
    case 'clip':
      return event.parameters && !isMeasuring(model, call) ? { kind: 'clip', parameters: event.parameters } : undefined
    case 'gradients-changed':
      return { kind: 'changed' }
    case undefined:
      return mayChange(model, call) ? { kind: 'changed' } : undefined
    default:
      return undefined
  }
}

/** `clip_grad_norm_(parameters, float("inf"))` clips nothing: its result is the norm. */
const isMeasuring = (model: Model, call: ast.Call): boolean => {
  const limit = model.argument(call, 'max_norm', 1)
  return limit.kind === 'given' && /\binf\b/i.test(model.text.slice(limit.value.start, limit.value.end))
}

function retains(model: Model, call: ast.Call): Certainty {
  const isFunction = model.qualifiedName(call.func) === 'torch.autograd.backward'
  if (hasKeyword(call, 'create_graph') || call.args.length > (isFunction ? 1 : 0)) return 'unknown'
  const retained = model.argument(call, 'retain_graph')
  if (retained.kind === 'absent') return 'no'
  const value = retained.kind === 'given' ? model.constant(retained.value) : undefined
  return value === null || value === false ? 'no' : value === true ? 'yes' : 'unknown'
}

const hasKeyword = (call: ast.Call, name: string): boolean =>
  call.keywords.some(({ arg }) => arg === name || arg === undefined)

/** The functions of the file that assign gradients, which no call in them shows. */
function changingFunctions(model: Model): ReadonlySet<Scope> {
  const found = new Set<Scope>()
  for (const node of [...model.nodes('Assign'), ...model.nodes('AugAssign')]) {
    const targets = node.kind === 'Assign' ? node.targets : [node.target]
    if (targets.some(isGradient)) found.add(model.scope(node))
  }
  return found
}

/** Does a function of another file do anything to gradients, itself or through what it calls? Its calls are no events. */
function changesElsewhere(model: Model, code: ast.FunctionLike, active: readonly ast.Node[]): boolean {
  if (model.moduleOf(code) === model.module || active.includes(code)) return false
  const assigned = [
    ...model.nodes('Assign', code).flatMap(({ targets }) => targets),
    ...model.nodes('AugAssign', code).map(({ target }) => target),
  ]
  if (assigned.some(isGradient)) return true
  return model.nodes('Call', code).some(call => {
    const callee = model.callee(call)
    if (callee.kind === 'function') return changesElsewhere(model, callee.node, [...active, code])
    return directEvent(model, call) !== undefined || mayChange(model, call)
  })
}

const isGradient = (target: ast.Expression): boolean => target.kind === 'Attribute' && /^_?grad$/.test(target.attr)

/** Could a call of something that is not visible step, clear or change gradients? */
function mayChange(model: Model, call: ast.Call): boolean {
  const callee = model.callee(call)
  if (callee.kind === 'class') return false
  if (callee.kind === 'symbol' && harmless.test(callee.name)) return false
  const method = methodCall(call)
  if (isInheritedMethod(model, call)) return true
  const name = method?.method ?? (call.func.kind === 'Name' ? call.func.id : '')
  if (training.test(name)) return !method || !isBystander(model, method.receiver)
  if (method && isNamedOptimizer(method.receiver) && callee.kind === 'unknown') return !questions.has(name)
  const passed = call.args.concat(call.keywords.map(({ value }) => value))
  return passed.some(each => mayHoldGradients(model, each))
}

const harmless =
  /^(?:argparse|builtins|collections|copy|dataclasses|json|logging|math|numpy|os|pathlib|random|sys|time|torch|torchinfo|torchmetrics|torchvision|tqdm)\b/

/** What a method or function is called that trains. */
const training =
  /^(?:\w+_)?(?:step|optimi[sz]e\w*|learn|backward\w*|fit|zero_?grad\w*|clear_?grad\w*|reset_?grad\w*|update_(?:param|weight|network|model)\w*)$/i

/** What an optimizer is asked, and does not change gradients: any other method of an unknown class of optimizers may. */
const questions: ReadonlySet<string> = new Set(['add_param_group', 'eval', 'load_state_dict', 'state_dict', 'train'])

const isNamedOptimizer = (node: ast.Expression): boolean =>
  /opt/i.test(node.kind === 'Name' ? node.id : node.kind === 'Attribute' ? node.attr : '')

/** A scheduler, a profiler or an environment, which have a `step()` of their own. */
const isBystander = (model: Model, receiver: ast.Expression): boolean =>
  isScheduler(model, receiver) === 'yes' ||
  /(?:sched|prof|env|writer|logger|pbar|wandb|ema|warmup)\w*$/i.test(model.text.slice(receiver.start, receiver.end))

/** An optimizer, a model, its parameters, or the object that holds them. */
function mayHoldGradients(model: Model, node: ast.Expression): boolean {
  if (node.kind === 'List' || node.kind === 'Tuple') return node.elements.some(each => mayHoldGradients(model, each))
  if (node.kind === 'Dict') return node.values.some(each => mayHoldGradients(model, each))
  if (node.kind === 'Call') return /^(?:named_)?parameters$/.test(methodCall(node)?.method ?? '')
  if (node.kind !== 'Name' && node.kind !== 'Attribute') return false
  return isSelf(model, node) || isOptimizer(model, node) === 'yes' || isModule(model, node) === 'yes'
}

/** The names that losses are computed from. Only what these hold is followed along the paths. */
export const lossNames = remember((model: Model): ReadonlySet<string> => {
  const losses = [...gradientEvents(model).values()].map(event => (event.kind === 'backward' ? event.loss : undefined))
  return namesBehind(
    model,
    losses.filter(loss => loss !== undefined),
    'arguments',
  )
})
