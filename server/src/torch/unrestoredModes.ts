/**
 * Models that stay in evaluation mode when training goes on: on some path a step of training, `eval()`, an evaluation, and
 * then a backward pass through the model, with no `train()` between.
 */
import { explore, type Machine } from '../semantic/explore.ts'
import { nodesRun } from '../semantic/followed.ts'
import { type Frame, placeKey } from '../semantic/frames.ts'
import type { Model } from '../semantic/model.ts'
import { createRelevance } from '../semantic/relevance.ts'
import { exploreAll } from '../semantic/roots.ts'
import type * as ast from '../syntax/ast.ts'
import { isBackpropagated, runsBackward } from './backpropagation.ts'
import { calledModule, eventOf } from './events.ts'
import { overlaps } from './gradients/flow.ts'
import { isLoopVariable } from './loopVariables.ts'
import { isModule, isWithinModule, mayHold, moduleIdentity } from './modules.ts'
import { functionAround, isRecorded } from './recording.ts'
import { isOptimized } from './trainedModels.ts'
import { importsTrainer, methodCall, methodCalls } from './usage.ts'

export interface UnrestoredMode {
  readonly eval: ast.Call
  /** The model as `eval()` is called on it. */
  readonly module: ast.Expression
  /** The call of the model whose result is backpropagated. */
  readonly forward: ast.Call
}

/** What the path knows of a model: its mode matters from the first `eval()` that follows training. */
interface Mode {
  readonly at: 'ran' | 'trained' | 'evaluating' | 'evaluated' | 'retraining'
  readonly eval?: ast.Call
  readonly forward?: ast.Call
}

type State = ReadonlyMap<string, Mode>

export function unrestoredModes(model: Model): readonly UnrestoredMode[] {
  const evals = candidates(model)
  if (evals.size === 0) return []
  const kinds = kindsOf(model, evals)
  if (switchesBeforeTraining(model, evals, kinds)) return []
  const found = new Map<ast.Call, UnrestoredMode>()
  const machine = createMachine(model, evals, kinds, found)
  const relevance = createRelevance(model, machine.isEvent)
  exploreAll(model, root => explore(model, root, machine, relevance), machine.isEvent)
  return [...found.values()].sort((a, b) => a.eval.start - b.eval.start)
}

/** `eval()` of models that the script trains as well. */
function candidates(model: Model): ReadonlySet<ast.Call> {
  const calls = model.nodes('Call')
  if (importsTrainer(model) || !calls.some(call => runsBackward(model, call))) return new Set()
  const isTrained = (module: ast.Expression): boolean =>
    isOptimized(model, module) || methodCalls(model, module).some(({ method }) => method === 'train')
  return new Set(
    calls.filter(call => {
      const method = methodCall(call)
      if (method?.method !== 'eval' || call.args.length > 0 || isWithinModule(model, call)) return false
      if (isModule(model, method.receiver) !== 'yes' || !isTrained(method.receiver)) return false
      // Most scripts need no exploring: they evaluate after training, or restore the mode right away.
      return isRepeated(model, call, 0) && !isRestoredBeside(model, call, method.receiver)
    }),
  )
}

const depthLimit = 4

/** Does it run in a loop, itself or through the functions that call it? */
function isRepeated(model: Model, node: ast.Node, depth: number): boolean {
  if (model.loops(node).length > 0) return true
  const code = functionAround(node)
  if (!code || depth > depthLimit) return false
  const sites = model.callSites(code)
  return sites === undefined || sites.some(site => isRepeated(model, site, depth + 1))
}

/** Does a statement of the same block call `train()` afterwards? */
function isRestoredBeside(model: Model, call: ast.Call, module: ast.Expression): boolean {
  const block = call.parent?.parent
  return methodCalls(model, module).some(
    ({ method, call: other }) =>
      method === 'train' &&
      other.args.length === 0 &&
      other.start > call.end &&
      other.parent?.kind === 'Expr' &&
      other.parent.parent === block &&
      model.scope(other) === model.scope(call),
  )
}

/** Does `train()` come before every forward pass of training, with no `eval()` in between? Most scripts say it there. */
function switchesBeforeTraining(
  model: Model,
  evals: ReadonlySet<ast.Call>,
  kinds: ReadonlyMap<ast.Call, Kind>,
): boolean {
  const { containsEvent: mayEvaluate } = createRelevance(model, call => evals.has(call))
  const isSwitchedOn = (forward: ast.Call): boolean => {
    const identity = moduleIdentity(model, calledModule(forward))
    const turnsOn = (node: ast.Node): boolean =>
      node.kind === 'Expr' &&
      node.value.kind === 'Call' &&
      kinds.get(node.value) === 'mode' &&
      isOn(model, node.value) &&
      moduleIdentity(model, methodCall(node.value)?.receiver ?? node.value) === identity
    let at: ast.Node | undefined = forward
    for (; identity && at && at.kind !== 'FunctionDef' && at.kind !== 'Lambda'; at = at.parent) {
      const block = blockAround(model, at)
      const before = block.slice(0, block.indexOf(at) + 1)
      const switched = before.findLastIndex(turnsOn)
      if (switched >= 0) return !before.slice(switched + 1).some(mayEvaluate)
    }
    return false
  }
  const forwards = [...kinds].flatMap(([call, kind]) => (kind === 'forward' && trains(model, call) ? [call] : []))
  return forwards.every(isSwitchedOn)
}

/** The statements of the body that a statement stands in. */
function blockAround(model: Model, { parent }: ast.Node): readonly ast.Node[] {
  if (!parent) return model.module.body
  return 'body' in parent && Array.isArray(parent.body) ? parent.body : []
}

/** Is what a forward pass computes backpropagated? */
const trains = (model: Model, forward: ast.Call): boolean =>
  isBackpropagated(model, forward) && isRecorded(model, forward) !== 'no'

function createMachine(
  model: Model,
  evals: ReadonlySet<ast.Call>,
  kinds: ReadonlyMap<ast.Call, Kind>,
  found: Map<ast.Call, UnrestoredMode>,
): Machine<State> {
  const keyOf = (module: ast.Expression, frame: Frame): string | undefined => {
    if (isLoopVariable(model, module)) return undefined
    const place = moduleIdentity(model, module)
    return place && placeKey(model, place, frame)
  }

  const call: Machine<State>['call'] = (node, { state, frame }) => {
    const kind = kinds.get(node)
    const method = methodCall(node)
    switch (kind) {
      case 'mode': {
        const key = method && keyOf(method.receiver, frame)
        if (key === undefined) return new Map()
        const known = state.get(key)
        if (evals.has(node)) return known?.at === 'trained' ? set(state, key, { at: 'evaluating', eval: node }) : state
        return isOn(model, node) && known
          ? set(withoutPartsOf(state, key), key, { at: 'trained' })
          : withoutPartsOf(state, key)
      }
      case 'forward':
        return forwarded(state, keyOf(calledModule(node), frame), node)
      case 'backward':
        return new Map([...state].map(([key, mode]) => [key, backpropagated(mode)]))
      case 'step':
        return new Map([...state].map(([key, mode]) => [key, mode.at === 'ran' ? { at: 'trained' } : mode]))
      default:
        return new Map()
    }
  }

  const forwarded = (state: State, key: string | undefined, node: ast.Call): State => {
    if (key === undefined) return state
    const known = state.get(key)
    switch (known?.at) {
      case undefined:
        return set(state, key, { at: 'ran' })
      case 'evaluating':
        // Whoever trains right after `eval()` means to: it keeps batch norm as it is.
        return set(state, key, trains(model, node) ? { at: 'ran' } : { ...known, at: 'evaluated' })
      case 'evaluated':
        return trains(model, node) ? set(state, key, { ...known, at: 'retraining', forward: node }) : state
      default:
        return state
    }
  }

  const backpropagated = (mode: Mode): Mode => {
    if (mode.at !== 'retraining' || !mode.eval || !mode.forward) return mode
    const module = methodCall(mode.eval)?.receiver
    if (module && !found.has(mode.eval)) found.set(mode.eval, { eval: mode.eval, module, forward: mode.forward })
    return { at: 'trained' }
  }

  return {
    initial: new Map(),
    key: state =>
      [...state]
        .map(([key, { at, eval: call }]) => `${key}=${at}${call?.start ?? ''}`)
        .sort()
        .join(),
    isEvent: node => kinds.has(node),
    call,
    assign: (target, _value, { state, frame }) => {
      const key = keyOf(target, frame)
      return key !== undefined && state.has(key) ? withoutPartsOf(state, key) : state
    },
    iterate: state => state,
    forget: () => new Map(),
    decide: ({ test }) => wasTraining(model, test),
  }
}

/** `was_training = model.training`: it was, in a script that trains. */
function wasTraining(model: Model, test: ast.Expression): boolean | undefined {
  if (test.kind === 'UnaryOp' && test.op === 'not') {
    const answer = wasTraining(model, test.operand)
    return answer === undefined ? undefined : !answer
  }
  if (test.kind !== 'Name') return undefined
  const isMode = (node: ast.Expression): boolean => node.kind === 'Attribute' && node.attr === 'training'
  return model.sources(test).some(isMode) ? true : undefined
}

const set = (state: State, key: string, mode: Mode): State => new Map(state).set(key, mode)

const withoutPartsOf = (state: State, changed: string): State =>
  new Map([...state].filter(([key]) => !overlaps(key, changed)))

/** `train()` and `train(True)`. */
function isOn(model: Model, call: ast.Call): boolean {
  const [mode] = [...call.args, ...call.keywords.map(({ value }) => value)]
  return methodCall(call)?.method === 'train' && (mode === undefined || model.constant(mode) === true)
}

type Kind = 'mode' | 'forward' | 'backward' | 'step' | 'unknown'

function kindsOf(model: Model, evals: ReadonlySet<ast.Call>): ReadonlyMap<ast.Call, Kind> {
  const modules = [...evals].map(call => methodCall(call)?.receiver).filter(module => module !== undefined)
  const identities = new Set(modules.flatMap(module => moduleIdentity(model, module) ?? []))
  const isOne = (node: ast.Expression): boolean => {
    const place = node.kind === 'Name' || node.kind === 'Attribute' ? moduleIdentity(model, node) : undefined
    return place !== undefined && identities.has(place)
  }
  const kindOf = (call: ast.Call): Kind | undefined => {
    const method = methodCall(call)
    if (
      (method?.method === 'train' || method?.method === 'eval') &&
      isModule(model, method.receiver) !== 'no' &&
      !isOwnMethod(model, call)
    )
      return modules.some(each => isWholeOf(model, method.receiver, each)) ? 'unknown' : 'mode'
    const kind = eventOf(model, call)?.kind
    if (kind === 'forward') return 'forward'
    if (kind === 'step') return 'step'
    if (runsBackward(model, call)) return 'backward'
    return mayChangeMode(model, call, isOne) ? 'unknown' : undefined
  }
  return new Map(
    nodesRun(model, 'Call').flatMap(call => {
      const kind = kindOf(call)
      return kind ? [[call, kind] as const] : []
    }),
  )
}

/** Does the one hold the other under another name? `Seq2Seq(encoder, decoder)` is not known by the name of its parts. */
function isWholeOf(model: Model, whole: ast.Expression, part: ast.Expression): boolean {
  return moduleIdentity(model, whole) !== moduleIdentity(model, part) && mayHold(model, whole, part)
}

/** `trainer.train()` of a class of the file runs what it says. */
function isOwnMethod(model: Model, call: ast.Call): boolean {
  const callee = model.callee(call)
  return (
    callee.kind === 'function' &&
    !isWithinModule(model, callee.node.kind === 'FunctionDef' ? (callee.node.body[0] ?? callee.node) : callee.node)
  )
}

/** `getattr(model, mode)()` and `map(lambda m: m.train(), …)` may do anything. */
const harmless = /^(?:builtins\.(?!getattr|map|exec|eval)|(?:copy|torch|logging|numpy|wandb|os|time)\b)/

/** Something from elsewhere gets the model, or is named for what it does to it. */
function mayChangeMode(model: Model, call: ast.Call, isOne: (node: ast.Expression) => boolean): boolean {
  const callee = model.callee(call)
  if (callee.kind === 'function' || callee.kind === 'class') return false
  if (callee.kind === 'symbol' && harmless.test(callee.name)) return false
  const { func } = call
  const last = func.kind === 'Attribute' ? func.attr : func.kind === 'Name' ? func.id : ''
  if (/(?:^|_)(?:train|mode|training)(?:_|$)/i.test(last)) return true
  return [...call.args, ...call.keywords.map(({ value }) => value)].some(isOne)
}
