/** Carries the protocol of protocol.ts along the paths that semantic/explore.ts finds. */
import type { Machine, Moment } from '../../semantic/explore.ts'
import { argumentOf, type Frame, objectKey, placeKey } from '../../semantic/frames.ts'
import type { Model } from '../../semantic/model.ts'
import type * as ast from '../../syntax/ast.ts'
import { moduleIdentity } from '../modules.ts'
import { optimizerCreations } from '../optimizers.ts'
import { parameterOwner } from '../parameters.ts'
import { methodCall } from '../usage.ts'
import { type AmpState, cellName, dropCells, initialState, type Step, setCell, stateKey } from './cells.ts'
import { enabledBy, isEnabled, modeSwitch, scalerCreation, switchKey } from './enabled.ts'
import { type AmpEvent, ampEvents } from './events.ts'
import { type Flow, flowOf, overlaps, ownersOf, staticOwners } from './flow.ts'
import { type AmpRule, type Gradients, gradients, type Stage, stages } from './protocol.ts'
import { lossNames, mentions } from './slice.ts'

/** An illegal edge that a path took. */
export interface Violation {
  readonly rule: AmpRule
  /** Where the user must act. */
  readonly call: ast.Call
  /** The event that took the edge, with the history of the path behind it. */
  readonly witness: Step
}

/** What the explorations of one script share. */
export interface Survey {
  /** The keys of all optimizers that some path touches; grows, and then the exploration is run again. */
  readonly optimizers: Map<string, ReadonlySet<string> | undefined>
  report(violation: Violation): void
}

type AmpMoment = Moment<AmpState>
type Of<Kind extends AmpEvent['kind']> = Extract<AmpEvent, { kind: Kind }>

export function createAmpMachine(model: Model, survey: Survey): Machine<AmpState> {
  const events = ampEvents(model)
  const textOf = (node: ast.Expression): string => model.text.slice(node.start, node.end)
  const creations = new Map(optimizerCreations(model).map(creation => [creation.call, creation]))

  const record = (
    state: AmpState,
    kind: Step['kind'],
    call: ast.Call,
    objects: { scaler?: ast.Expression; optimizer?: ast.Expression; scalerKey?: string | undefined } = {},
  ): Step => ({
    kind,
    call,
    scaler: objects.scaler && textOf(objects.scaler),
    optimizer: objects.optimizer && textOf(objects.optimizer),
    scalerKey: objects.scalerKey,
    before: state.last,
  })

  /** An optimizer has an identity unless it is the variable of a loop over several. */
  const optimizerKey = (optimizer: ast.Expression, frame: Frame): string | undefined => {
    const place = model.place(optimizer)
    const key = place && placeKey(model, place, frame)
    if (key === undefined || isLoopVariable(model, optimizer)) return undefined
    if (!survey.optimizers.has(key)) survey.optimizers.set(key, staticOwners(model, optimizer, frame))
    return key
  }

  const handlers: { [Kind in AmpEvent['kind']]: (event: Of<Kind>, call: ast.Call, moment: AmpMoment) => AmpState } = {
    scale: (event, call, { state, frame }) =>
      advanced(
        state,
        record(state, 'scale', call, { scaler: event.scaler, scalerKey: objectKey(model, event.scaler, frame) }),
      ),

    unscale: (event, call, moment) => scalerEvent('unscale', event, call, moment),
    step: (event, call, moment) => scalerEvent('step', event, call, moment),

    update: (event, call, { state, frame }) => {
      const key = objectKey(model, event.scaler, frame)
      const next = advanced(state, record(state, 'update', call, { scaler: event.scaler, scalerKey: key }))
      return mapCells(
        next,
        name => name.startsWith(key === undefined ? 'stage|' : `stage|${key}|`),
        () => (key === undefined ? 'unknown' : 'ready'),
      )
    },

    backward: (event, call, moment) => {
      const { state } = moment
      const next = advanced(state, record(state, 'backward', call))
      const scaled = event.loss ? scalingOf(event.loss, moment) : 'unknown'
      return [...survey.optimizers.keys()].reduce((at, optimizer) => {
        const name = cellName('gradients', optimizer)
        const reaches = event.loss ? reachesOptimizer(event.loss, optimizer, moment) : 'unknown'
        if (reaches === 'no') return at
        const known = gradientsOf(at, optimizer)
        const kind = scaled === 'plain' ? 'backward-plain' : 'backward-scaled'
        const to = scaled === 'unknown' ? 'unknown' : gradients[kind][known].to
        if (reaches === 'unknown' && to !== known) return setCell(at, name, 'unknown')
        return setCell(at, name, to === 'scaled' ? `scaled@${scaled}` : to)
      }, next)
    },

    'optimizer-step': (event, call, { state, frame }) => {
      const key = optimizerKey(event.optimizer, frame)
      const step = record(state, 'optimizer-step', call, { optimizer: event.optimizer })
      const next = advanced(state, step)
      if (key === undefined) return forgetGradients(next)
      const name = cellName('gradients', key)
      if (event.closure) return setCell(next, name, 'unknown')
      const edge = gradients['optimizer-step'][gradientsOf(state, key)]
      if (edge.breaks) survey.report({ rule: edge.breaks, call, witness: step })
      return setCell(next, name, edge.to)
    },

    'zero-grad': (event, call, { state, frame }) => {
      const next = advanced(state, record(state, 'zero-grad', call))
      const cleared = optimizersOf(event.target, frame)
      return [...survey.optimizers.keys()].reduce((at, optimizer) => {
        const clears = cleared(optimizer)
        if (clears === 'no') return at
        return setCell(at, cellName('gradients', optimizer), clears === 'yes' ? 'clear' : 'unknown')
      }, next)
    },

    clip: (event, call, { state, frame }) => {
      const step = record(state, 'clip', call)
      const next = advanced(state, step)
      const owner = event.parameters && parameterOwner(model, event.parameters)
      const key = owner && placeKey(model, owner, frame)
      const all = [...survey.optimizers.keys()]
      const concerned = all.filter(optimizer => isOwner(key, survey.optimizers.get(optimizer)))
      const clipped = all.length === 1 || concerned.length === 0 ? all : concerned
      const edges = clipped.map(optimizer => gradients.clip[gradientsOf(state, optimizer)])
      const isOtherUnscaled = [...state.cells].some(
        ([name, { value }]) => name.startsWith('stage|') && value === 'unscaled',
      )
      const [first] = edges
      if (!first?.breaks || edges.some(({ breaks }) => !breaks) || isOtherUnscaled) return next
      survey.report({ rule: first.breaks, call, witness: step })
      return clipped.reduce((at, optimizer) => setCell(at, cellName('gradients', optimizer), first.to), next)
    },

    'gradients-changed': (_event, _call, { state }) => forgetGradients(state),

    escape: (event, _call, { state, frame }) => {
      if (event.objects.length === 0) return forgetProtocol(state)
      const keys = event.objects.map(object => objectKey(model, object, frame))
      return mapCells(
        state,
        name =>
          /^(stage|gradients)\|/.test(name) && keys.some(key => key === undefined || name.split('|').includes(key)),
        () => 'unknown',
      )
    },
  }

  const scalerEvent = (
    kind: 'unscale' | 'step',
    event: Of<'unscale' | 'step'>,
    call: ast.Call,
    moment: AmpMoment,
  ): AmpState => {
    const { state, frame } = moment
    const scaler = objectKey(model, event.scaler, frame)
    const step = record(state, kind, call, { scaler: event.scaler, optimizer: event.optimizer, scalerKey: scaler })
    const next = advanced(state, step)
    const optimizer = optimizerKey(event.optimizer, frame)
    if (scaler === undefined || optimizer === undefined)
      return forgetGradients(
        mapCells(
          next,
          name => name.startsWith(`stage|${scaler ?? ''}`),
          () => 'unknown',
        ),
      )
    const enabled = isEnabled(model, event.scaler, scaler, moment)
    if (enabled === 'no') return kind === 'step' ? setCell(next, cellName('gradients', optimizer), 'spent') : next

    const stageName = cellName('stage', scaler, optimizer)
    const stage = (state.cells.get(stageName)?.value ?? (isMadeHere(state, scaler) ? 'ready' : 'unknown')) as Stage
    const edge = stages[kind][stage]
    if (edge.breaks) {
      const missing = edge.breaks === 'amp/missing-update' ? lastStepBefore(state, stageName, scaler) : undefined
      survey.report({ rule: edge.breaks, call: missing?.call ?? call, witness: step })
    }
    const held = gradientsOf(state, optimizer)
    const used = gradients[kind === 'step' ? 'scaler-step' : 'unscale'][held]
    const backward = state.cells.get(cellName('gradients', optimizer))?.step
    if (used.breaks && backward && (enabled === 'yes' || !scalesAnything))
      survey.report({ rule: used.breaks, call: backward.call, witness: step })
    const staged = setCell(next, stageName, edge.to)
    const keepsOrigin = used.to === held && backward
    return keepsOrigin ? staged : setCell(staged, cellName('gradients', optimizer), used.to)
  }

  const scalesAnything = [...events.values()].some(({ kind }) => kind === 'scale')

  const gradientsOf = (state: AmpState, optimizer: string): Gradients =>
    ((state.cells.get(cellName('gradients', optimizer))?.value ?? 'unknown').split('@')[0] ?? 'unknown') as Gradients

  /** The key of the scaler that scaled a value, `plain`, or `unknown`. */
  const scalingOf = (node: ast.Expression, moment: AmpMoment): string => {
    const { frame } = moment
    switch (node.kind) {
      case 'Call': {
        const event = events.get(node)
        if (event?.kind === 'scale') {
          const key = objectKey(model, event.scaler, frame)
          if (key === undefined) return 'unknown'
          return isEnabled(model, event.scaler, key, moment) === 'no' ? 'plain' : key
        }
        const method = methodCall(node)
        const received = method ? scalingOf(method.receiver, moment) : 'plain'
        if (received !== 'plain') return received
        if (model.callee(node).kind === 'function' || /scale/i.test(textOf(node.func))) return 'unknown'
        return node.args.some(argument => isScaled(scalingOf(argument, moment))) ? 'unknown' : 'plain'
      }
      case 'Name':
      case 'Attribute':
      case 'Subscript':
        return scalingOfVariable(node, moment)
      case 'BinOp': {
        const sides = [scalingOf(node.left, moment), scalingOf(node.right, moment)].filter(side => side !== 'plain')
        return sides[0] ?? 'plain'
      }
      case 'UnaryOp':
        return scalingOf(node.operand, moment)
      case 'Constant':
        return 'plain'
      default:
        return 'unknown'
    }
  }

  const scalingOfVariable = (node: ast.Name | ast.Attribute | ast.Subscript, moment: AmpMoment): string => {
    const { state, frame } = moment
    const key = objectKey(model, node, frame)
    const known = key === undefined ? undefined : state.cells.get(cellName('loss', key))
    if (known) return known.value
    if (node.kind !== 'Name') return scalingOf(node.value, moment)
    if (model.place(node)?.kind === 'parameter') {
      const argument = argumentOf(model, node, frame)
      return argument ? scalingOf(argument.expression, { ...moment, frame: argument.frame }) : 'unknown'
    }
    return isLoopVariable(model, node) || isContextVariable(node) ? 'unknown' : 'plain'
  }

  const reachesOptimizer = (
    loss: ast.Expression,
    optimizer: string,
    { frame }: AmpMoment,
  ): 'yes' | 'no' | 'unknown' => {
    if (survey.optimizers.size === 1) return 'yes'
    const owners = survey.optimizers.get(optimizer)
    if (!owners) return 'unknown'
    const { models, isComplete } = flowInto(loss, frame)
    if ([...models].some(each => [...owners].some(owner => overlaps(each, owner)))) return 'yes'
    return isComplete && models.size > 0 ? 'no' : 'unknown'
  }

  const flows = new WeakMap<Frame, Map<ast.Expression, Flow>>()
  const flowInto = (loss: ast.Expression, frame: Frame): Flow => {
    const known = flows.get(frame) ?? new Map<ast.Expression, Flow>()
    flows.set(frame, known)
    const flow = known.get(loss) ?? flowOf(model, loss, frame, allOwners())
    known.set(loss, flow)
    return flow
  }

  const allOwners = (): ReadonlySet<string> =>
    new Set([...survey.optimizers.values()].flatMap(owners => (owners ? [...owners] : [])))

  /** Which optimizers' gradients `x.zero_grad()` clears, `x` being an optimizer or a model. */
  const optimizersOf = (target: ast.Expression, frame: Frame): ((optimizer: string) => 'yes' | 'no' | 'unknown') => {
    const key = isLoopVariable(model, target) ? undefined : objectKey(model, target, frame)
    if (key !== undefined && survey.optimizers.has(key)) return optimizer => (optimizer === key ? 'yes' : 'no')
    const identity = moduleIdentity(model, target)
    const module = identity && placeKey(model, identity, frame)
    return optimizer => {
      if (survey.optimizers.size === 1) return module === undefined ? 'unknown' : 'yes'
      const owners = survey.optimizers.get(optimizer)
      if (!owners || module === undefined) return 'unknown'
      return [...owners].every(owner => overlaps(owner, module)) ? 'yes' : 'unknown'
    }
  }

  return {
    initial: initialState,
    key: stateKey,
    isEvent: call => events.has(call),
    call: (call, moment) => {
      const event = events.get(call)
      if (!event) return moment.state
      const handle = handlers[event.kind] as (event: AmpEvent, call: ast.Call, moment: AmpMoment) => AmpState
      return handle(event, call, moment)
    },
    assign: (target, value, moment) => {
      const { state, frame } = moment
      if (target.kind === 'Attribute' && target.attr === 'grad') return forgetGradients(state)
      const key = objectKey(model, target, frame)
      if (key === undefined) return state
      const creation = value && scalerCreation(model, value)
      if (creation)
        return setCell(forgetObject(state, key), cellName('enabled', key), enabledBy(model, creation, frame))
      const optimizer = value?.kind === 'Call' ? creations.get(value) : undefined
      if (optimizer) {
        survey.optimizers.set(key, ownersOf(model, optimizer, frame))
        return setCell(forgetObject(state, key), cellName('gradients', key), 'clear')
      }
      const isAlias = value !== undefined && objectKey(model, value, frame) === key
      const held = isAlias ? state : renewed(state, key)
      if (!mentions(target, lossNames(model))) return held
      const loss = cellName('loss', key)
      const scaling = value ? scalingOf(value, moment) : 'plain'
      return scaling === 'plain' ? dropCells(held, name => name === loss) : setCell(held, loss, scaling)
    },
    iterate: state =>
      mapCells(
        state,
        name => name.startsWith('stage|'),
        value => stages.iterate[value as Stage].to,
      ),
    forget: forgetProtocol,
    decide: (branch, { state, frame }) => {
      const mode = modeSwitch(model, branch)
      const key = mode && switchKey(model, mode, frame)
      const known = key && state.cells.get(cellName('mode', key))?.value
      return known ? (known === 'on') === mode.on : undefined
    },
    enter: (branch, taken, moment) => {
      const { state, frame } = moment
      const mode = modeSwitch(model, branch)
      const key = mode && switchKey(model, mode, frame)
      if (!key) return state
      const isOn = taken === mode.on
      if (!isOn && !mode.isTwoSided && isEnabled(model, mode.scaler, key, moment) === 'yes') return state
      return setCell(state, cellName('mode', key), isOn ? 'on' : 'off')
    },
    leave: (mark, state) => dropCells(state, name => name.startsWith('loss|') && name.includes(mark)),
  }
}

const isScaled = (scaling: string): boolean => scaling !== 'plain' && scaling !== 'unknown'

const advanced = (state: AmpState, step: Step): AmpState => ({ ...state, last: step })

function mapCells(state: AmpState, picks: (name: string) => boolean, change: (value: string) => string): AmpState {
  let next = state
  for (const [name, { value, step }] of state.cells) if (picks(name)) next = setCell(next, name, change(value), step)
  return next
}

const forgetGradients = (state: AmpState): AmpState =>
  mapCells(
    state,
    name => name.startsWith('gradients|'),
    () => 'unknown',
  )

const forgetProtocol = (state: AmpState): AmpState =>
  mapCells(
    state,
    name => /^(stage|gradients)\|/.test(name),
    () => 'unknown',
  )

/** A variable holds another object, of which nothing is known. */
const renewed = (state: AmpState, key: string): AmpState =>
  mapCells(
    state,
    name => /^(stage|gradients)\|/.test(name) && name.split('|').includes(key),
    () => 'unknown',
  )

/** A variable holds a new object: what was known of the old one is gone. */
const forgetObject = (state: AmpState, key: string): AmpState => dropCells(state, name => name.split('|').includes(key))

/** The path has seen the scaler being made, so it starts ready. */
const isMadeHere = (state: AmpState, scaler: string): boolean => state.cells.has(cellName('enabled', scaler))

/** The last step of the iteration that lacks the update: several optimizers share it. */
function lastStepBefore(state: AmpState, stageName: string, scaler: string): Step | undefined {
  const own = state.cells.get(stageName)?.step
  let last = own
  for (const [name, { value, step }] of state.cells) {
    if (!name.startsWith(`stage|${scaler}|`) || value !== 'stepped-before' || !step) continue
    if (last && isBefore(last, step)) last = step
  }
  return last
}

function isBefore(earlier: Step, later: Step): boolean {
  for (let at = later.before; at; at = at.before) if (at === earlier) return true
  return false
}

const isOwner = (key: string | undefined, owners: ReadonlySet<string> | undefined): boolean =>
  key !== undefined && owners !== undefined && [...owners].some(owner => overlaps(owner, key))

/** Does the name stand for one object after another? */
function isLoopVariable(model: Model, node: ast.Expression): boolean {
  if (node.kind !== 'Name') return false
  return model.loops(node).some(loop => loop.kind === 'For' && binds(loop.target, node.id))
}

const binds = (target: ast.Expression, id: string): boolean =>
  target.kind === 'Name' ? target.id === id : 'elements' in target && target.elements.some(each => binds(each, id))

/** `with amp.scale_loss(loss, optimizer) as scaled_loss`. */
function isContextVariable(node: ast.Name): boolean {
  for (let at: ast.Node | undefined = node; at; at = at.parent)
    if (at.kind === 'With' && at.items.some(({ optionalVars }) => optionalVars && binds(optionalVars, node.id)))
      return true
  return false
}
