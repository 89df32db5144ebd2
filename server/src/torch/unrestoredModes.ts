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
import { calledModule } from './events.ts'
import { overlaps } from './gradients/flow.ts'
import { isLoopVariable } from './loopVariables.ts'
import { type ModeEvent, modeEvents, turnsOn } from './modeEvents.ts'
import { isModule, isWithinModule, moduleIdentity } from './modules.ts'
import { functionAround, isRecorded } from './recording.ts'
import { remember } from './remember.ts'
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
  const kinds = modeEvents(model, evals)
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
  kinds: ReadonlyMap<ast.Call, ModeEvent>,
): boolean {
  const { containsEvent: mayEvaluate } = createRelevance(model, call => evals.has(call))
  const isSwitchedOn = (forward: ast.Call): boolean => {
    const identity = moduleIdentity(model, calledModule(forward))
    const isSwitch = (node: ast.Node): boolean =>
      node.kind === 'Expr' &&
      node.value.kind === 'Call' &&
      kinds.get(node.value) === 'mode' &&
      turnsOn(model, node.value) &&
      moduleIdentity(model, methodCall(node.value)?.receiver ?? node.value) === identity
    let at: ast.Node | undefined = forward
    for (; identity && at && at.kind !== 'FunctionDef' && at.kind !== 'Lambda'; at = at.parent) {
      const block = blockAround(model, at)
      const before = block.slice(0, block.indexOf(at) + 1)
      const switched = before.findLastIndex(isSwitch)
      if (switched >= 0) return !before.slice(switched + 1).some(mayEvaluate)
    }
    return false
  }
  const forwards = [...kinds].flatMap(([call, kind]) => (kind === 'forward' ? [call] : []))
  return forwards.every(call => isOfPart(model, call) || !trains(model, call) || isSwitchedOn(call))
}

/** Does a module run a part of its own, or one of several, that nothing else names? Then nothing but the module has its mode. */
function isOfPart(model: Model, forward: ast.Call): boolean {
  const module = calledModule(forward)
  if (isLoopVariable(model, module)) return true
  return module.kind === 'Attribute' && isWithinModule(model, forward) && !namesOutside(model).has(module.attr)
}

/** The names of all attributes that other code than that of modules reads. */
const namesOutside = remember((model: Model): ReadonlySet<string> => {
  const isOutside = (node: ast.Node): boolean => !isWithinModule(model, node)
  return new Set(nodesRun(model, 'Attribute').flatMap(node => (isOutside(node) ? [node.attr] : [])))
})

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
  kinds: ReadonlyMap<ast.Call, ModeEvent>,
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
        return turnsOn(model, node) && known
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
