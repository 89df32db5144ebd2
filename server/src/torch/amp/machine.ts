/** Carries the protocol of protocol.ts along the paths that semantic/explore.ts finds. */
import type { Machine, Moment } from '../../semantic/explore.ts'
import { type Frame, objectKey, placeKey, siteOf } from '../../semantic/frames.ts'
import type { Certainty, Model } from '../../semantic/model.ts'
import type * as ast from '../../syntax/ast.ts'
import { advanced, dropCells, mapCells, setCell } from '../cells.ts'
import { ownersOf, staticOwners } from '../gradients/flow.ts'
import { createReach, freezesParameters } from '../gradients/reach.ts'
import { mentions } from '../gradients/slice.ts'
import { isLoopVariable, loopOver } from '../loopVariables.ts'
import { creationsOf, optimizersRun } from '../optimizers.ts'
import { isScaler } from '../scalers.ts'
import {
  type AmpState,
  cellName,
  createAmpKey,
  forgetGradients,
  forgetObject,
  forgetProtocol,
  initialState,
  type Step,
} from './cells.ts'
import { closureProblem } from './closures.ts'
import {
  askedScaler,
  enabledBy,
  isEnabled,
  isKnownEnabled,
  modeSwitch,
  noteEnabled,
  scalerCreation,
  switchKey,
} from './enabled.ts'
import { type AmpEvent, ampEvents, type CertainEvent } from './events.ts'
import { eventOn } from './passed.ts'
import { checks, type Gradients, gradients, type Stage, stages } from './protocol.ts'
import { scalingOf } from './scaling.ts'
import { hasSkippedSeveral, isSkipCell, skip } from './skipped.ts'
import { lossNames } from './slice.ts'
import {
  checksOf,
  gradientsOf,
  isHeld,
  isUnscaled,
  lastStepBefore,
  reset,
  scaledBy,
  scalerOf,
  sinceUpdate,
  stageName,
  stageOf,
} from './state.ts'
import type { Survey } from './survey.ts'

type AmpMoment = Moment<AmpState>
type Of<Kind extends AmpEvent['kind']> = Extract<AmpEvent, { kind: Kind }>
type Handlers = {
  readonly [Kind in CertainEvent['kind']]: (event: Of<Kind>, call: ast.Call, moment: AmpMoment) => AmpState
}

export function createAmpMachine(model: Model, survey: Survey): Machine<AmpState> {
  const events = ampEvents(model)
  const { optimizers } = survey
  const reach = createReach(model, optimizers)
  const creations = new Map(optimizersRun(model).map(creation => [creation.call, creation]))

  const record = (state: AmpState, frame: Frame, kind: Step['kind'], call: ast.Call, objects: Objects = {}): Step => {
    const textOf = (node: ast.Expression): string => model.textOf(node)
    const { scaler, optimizer, scalerKey } = objects
    const named = { scaler: scaler && textOf(scaler), optimizer: optimizer && textOf(optimizer) }
    return { kind, call, site: siteOf(model, call, frame), ...named, scalerKey, before: state.last }
  }

  /** An optimizer has an identity unless it is the variable of a loop over several. */
  const optimizerKey = (optimizer: ast.Expression, frame: Frame): string | undefined => {
    const place = model.place(optimizer)
    const key = place && placeKey(model, place, frame)
    if (key === undefined || isLoopVariable(model, optimizer)) return undefined
    if (!optimizers.owners.has(key)) optimizers.add(key, staticOwners(model, optimizer, frame))
    return key
  }

  /** Gradients that a scaler was to scale are plain where the path has found it disabled since. */
  const heldBy = (optimizer: string, moment: Pick<AmpMoment, 'state' | 'facts'>): Gradients => {
    const held = gradientsOf(moment.state, optimizer)
    const scaler = scalerOf(moment.state, optimizer)
    return scaler !== undefined && isKnownEnabled(scaler, moment) === 'no' ? 'plain' : held
  }

  /** What a branch on `scaler is not None` decides where the path knows that there is a scaler. */
  const heldScaler = (branch: ast.If | ast.IfExp, state: AmpState, frame: Frame): boolean | undefined => {
    const asked = askedScaler(model, branch.test)
    const key = asked && objectKey(model, asked.scaler, frame)
    return key !== undefined && isHeld(state, key) ? asked?.isHeld : undefined
  }

  /** Changes the gradients of every optimizer; undefined leaves them, and so does what they are already. */
  const changeGradients = (
    state: AmpState,
    change: (optimizer: string, held: Gradients) => string | undefined,
  ): AmpState =>
    optimizers.all().reduce((at, optimizer) => {
      const name = cellName('gradients', optimizer)
      const to = change(optimizer, gradientsOf(at, optimizer))
      return to === undefined || to === at.cells.get(name)?.value ? at : setCell(at, name, to)
    }, state)

  const handlers: Handlers = {
    creation: (_event, _call, { state }) => state,

    scale: ({ scaler }, call, { state, frame }) => {
      const key = objectKey(model, scaler, frame)
      const next = advanced(state, record(state, frame, 'scale', call, { scaler, scalerKey: key }))
      return key === undefined ? next : noteEnabled(model, scaler, key, next)
    },

    unscale: (event, call, moment) => scalerEvent(event, call, moment),
    step: (event, call, moment) => scalerEvent(event, call, moment),

    update: ({ scaler, setsScale }, call, moment) => {
      const { state, frame } = moment
      const key = objectKey(model, scaler, frame)
      const step = record(state, frame, 'update', call, { scaler, scalerKey: key })
      const next = advanced(state, step)
      if (key === undefined) return forgetProtocol(next)
      const recorded = checksOf(state, key)
      const { breaks } = checks.update[recorded]
      const enabled = isEnabled(model, scaler, key, moment)
      if (enabled === 'no') return next
      if (breaks && !setsScale && isUpdatedInVain(state, key, enabled))
        survey.report({ rule: breaks, call, witness: step })
      const stale = changeGradients(next, (optimizer, held) => {
        const isOwn = scalerOf(state, optimizer) === key || stageOf(state, key, optimizer) === 'unscaled'
        const isStepped = optimizers
          .all()
          .some(other => other !== optimizer && stageOf(state, key, other) === 'stepped')
        const edge = gradients.update[held]
        return isOwn && isStepped && edge.to !== held && !freezesParameters(model) ? scaledBy(edge.to, key) : undefined
      })
      const staged = mapCells(
        stale,
        name => name.startsWith(`stage|${key}|`),
        stage => stages.update[stage as Stage].to,
      )
      const several = cellName('several', key)
      const updated = staged.cells.has(several) ? setCell(staged, several, 'updated') : staged
      return dropCells(reset(updated, key), isSkipCell)
    },

    backward: ({ loss }, call, moment) => {
      const { state, frame } = moment
      const scaled = loss ? scalingOf(model, loss, moment) : 'unknown'
      const step = record(state, frame, 'backward', call)
      const reaching = (optimizer: string) => (loss ? reach.backward(loss, optimizer, frame) : 'unknown')
      const started = dropCells(advanced(state, step), name => name.startsWith('several|'))
      const staged = optimizers
        .all()
        .filter(optimizer => reaching(optimizer) === 'yes')
        .reduce((at, optimizer) => scaledBackward(at, scaled, optimizer, step), started)
      return changeGradients(staged, (optimizer, held) => {
        const reaches = reaching(optimizer)
        if (reaches === 'no') return undefined
        const { to } = gradients[scaled === 'plain' ? 'backward-plain' : 'backward-scaled'][held]
        if (scaled === 'unknown' || (reaches === 'unknown' && to !== held)) return 'unknown'
        return scaledBy(to, scalerOf(state, optimizer) ?? scaled)
      })
    },

    'optimizer-step': (event, call, moment) => {
      const { state, frame } = moment
      const key = optimizerKey(event.optimizer, frame)
      const step = record(state, frame, 'optimizer-step', call, { optimizer: event.optimizer })
      const next = advanced(state, step)
      if (key === undefined) return forgetGradients(next)
      const name = cellName('gradients', key)
      if (event.closure) return setCell(next, name, 'unknown')
      const edge = gradients['optimizer-step'][heldBy(key, moment)]
      const stepped = setCell(next, name, edge.to)
      if (!edge.breaks) return stepped
      survey.report({ rule: edge.breaks, call, witness: step })
      const scaler = scalerOf(state, key)
      return scaler === undefined ? stepped : setCell(stepped, cellName('checks', scaler), 'unknown')
    },

    'zero-grad': ({ target }, call, { state, frame }) => {
      const clears = reach.zeroGrad(target, frame)
      return changeGradients(advanced(state, record(state, frame, 'zero-grad', call)), (optimizer, held) => {
        const certainty = clears(optimizer)
        if (certainty === 'no') return undefined
        return certainty === 'yes' ? gradients['zero-grad'][held].to : 'unknown'
      })
    },

    clip: ({ parameters }, call, moment) => {
      const { state, frame } = moment
      const step = record(state, frame, 'clip', call)
      const next = advanced(state, step)
      const { certain, possible } = reach.holders(parameters, frame)
      const clipped = certain.length > 0 ? certain : possible
      const [first, ...others] = clipped.map(optimizer => gradients.clip[heldBy(optimizer, moment)])
      if (!first?.breaks || others.some(({ breaks }) => !breaks)) return next
      const unscaled = optimizers.all().filter(optimizer => isUnscaled(state, optimizer))
      if (unscaled.some(optimizer => clipped.includes(optimizer))) return next
      if (unscaled.length > 0 && (certain.length === 0 || freezesParameters(model))) return next
      const rule = unscaled.length > 0 ? 'amp/unscaled-other-optimizer' : first.breaks
      survey.report({ rule, call, witness: step })
      return changeGradients(next, optimizer =>
        clipped.includes(optimizer) ? scaledBy(first.to, scalerOf(state, optimizer)) : undefined,
      )
    },

    'gradients-changed': (_event, _call, { state }) => forgetGradients(state),

    /** Whoever has the scaler may use it on any gradients. */
    escape: ({ objects }, _call, { state, frame }) => {
      const keys = objects.flatMap(object => objectKey(model, object, frame) ?? [])
      const isKnown = objects.length > 0 && keys.every(key => optimizers.owners.has(key))
      return isKnown && keys.length === objects.length ? forgetProtocol(state, keys) : forgetProtocol(state)
    },
  }

  const scalerEvent = (event: Of<'unscale' | 'step'>, call: ast.Call, moment: AmpMoment): AmpState => {
    const { state, frame } = moment
    const { kind, scaler } = event
    const key = objectKey(model, scaler, frame)
    const step = record(state, frame, kind, call, { scaler, optimizer: event.optimizer, scalerKey: key })
    const optimizer = optimizerKey(event.optimizer, frame)
    if (key === undefined) return advanced(forgetProtocol(state), step)
    const enabled = isEnabled(model, scaler, key, moment)
    if (optimizer === undefined) return unnamedOptimizer(event, key, enabled, advanced(state, step), step)
    const held = heldBy(optimizer, moment)
    const name = cellName('gradients', optimizer)
    const next = advanced(state, step)
    if (enabled === 'no') return kind === 'step' ? setCell(next, name, gradients['optimizer-step'][held].to) : next

    if (kind === 'step' && closureProblem(model, call, event)) {
      survey.report({ rule: 'amp/step-with-closure', call, witness: step })
      return forgetProtocol(setCell(next, name, 'unknown'), [key, optimizer])
    }
    const isEarly = kind === 'unscale' && isWithoutGradients(state, key, held)
    const before = stageOf(state, key, optimizer)
    const stage = stages[isEarly ? 'unscale-early' : kind][before]
    if (stage.breaks) {
      const missing = stage.breaks === 'amp/missing-update' ? lastStepBefore(state, optimizer, key) : undefined
      survey.report({ rule: stage.breaks, call: missing?.call ?? call, witness: step })
    }
    const used = gradients[kind === 'step' ? 'scaler-step' : 'unscale'][held]
    const origin = state.cells.get(name)?.step
    const isDivided = held === 'divided' || (before !== 'unscaled' && before !== 'unscaled-early')
    const isProven = used.breaks !== 'amp/unscaled-backward' || (isDivided && isAtWork(enabled))
    if (used.breaks && !stage.breaks && origin && isProven)
      survey.report({ rule: used.breaks, call: origin.call, witness: step })
    const checked = setCell(next, cellName('checks', key), checks[kind][checksOf(state, key)].to)
    const staged = stage.to === before ? checked : setCell(checked, stageName(key, optimizer), stage.to)
    if (kind === 'unscale' && stage.breaks) return staged
    return setCell(staged, name, used.to, used.to === held || used.to === 'divided' ? origin : step)
  }

  /** One optimizer after another goes by the same name. */
  const unnamedOptimizer = (
    { kind, optimizer }: Of<'unscale' | 'step'>,
    key: string,
    enabled: Certainty,
    state: AmpState,
    step: Step,
  ): AmpState => {
    const several = cellName('several', key)
    const update = state.cells.get(several)
    const loop = loopOver(model, optimizer)
    if (update?.value === 'updated' && update.step && loop && isWithin(update.step.call, loop) && enabled !== 'no')
      survey.report({ rule: 'amp/update-between-steps', call: update.step.call, witness: step })
    const forgotten = mapCells(
      forgetGradients(isSeveral(model, optimizer) ? setCell(state, several, 'stepped') : state),
      name => name.startsWith(`stage|${key}|`),
      () => 'unknown',
    )
    return setCell(forgotten, cellName('checks', key), checks[kind][checksOf(state, key)].to)
  }

  /** Does the path itself show that the update finds nothing, whatever the branches that it did not take would have done? */
  const isUpdatedInVain = (state: AmpState, key: string, enabled: Certainty): boolean => {
    if (stepsLoopVariable || hasSkippedSeveral(state)) return false
    if (enabled !== 'unknown') return enabled === 'yes'
    const since = sinceUpdate(state.last, key)
    return (
      since.some(step => step.kind === 'scale' && step.scalerKey === key) ||
      !since.some(({ kind }) => kind === 'optimizer-step' || kind === 'backward')
    )
  }

  /** Gradients come in that the scaler takes for unscaled. */
  const scaledBackward = (state: AmpState, scaler: string, optimizer: string, step: Step): AmpState => {
    const name = stageName(scaler, optimizer)
    const known = state.cells.get(name)
    const edge = known && stages['backward-scaled'][known.value as Stage]
    if (!edge?.breaks) return state
    if (known?.step) survey.report({ rule: edge.breaks, call: known.step.call, witness: step })
    return setCell(state, name, edge.to)
  }

  /** A scaler that may be switched off scales where it is asked to, or nowhere. */
  const isAtWork = (enabled: Certainty): boolean => enabled === 'yes' || !scalesAnything

  const scalesAnything = [...events.values()].some(({ kind }) => kind === 'scale')
  const stepsLoopVariable = [...events.values()].some(
    event => event.kind === 'step' && isLoopVariable(model, event.optimizer),
  )

  return {
    initial: initialState,
    key: createAmpKey(),
    isEvent: call => events.has(call),
    call: (call, moment) => {
      const found = events.get(call)
      const event = found && eventOn(model, found, call, moment.frame)
      if (!event) return moment.state
      const handle = handlers[event.kind] as (event: CertainEvent, call: ast.Call, moment: AmpMoment) => AmpState
      return handle(event, call, moment)
    },
    assign: (target, value, moment) => {
      const { state, frame } = moment
      if (target.kind === 'Attribute' && target.attr === 'grad') return forgetGradients(state)
      const key = objectKey(model, target, frame)
      if (key === undefined) return state
      const creation = value && scalerCreation(model, value)
      if (creation)
        return reset(
          setCell(forgetObject(state, key), cellName('enabled', key), enabledBy(model, creation, frame)),
          key,
        )
      if (value?.kind === 'Constant' && value.type === 'None' && isScaler(model, target) === 'yes')
        return setCell(forgetObject(state, key), cellName('enabled', key), 'no')
      const optimizer = value?.kind === 'Call' ? creations.get(value) : undefined
      if (optimizer) {
        optimizers.add(key, ownersOf(model, optimizer, frame))
        return setCell(forgetObject(state, key), cellName('gradients', key), 'clear')
      }
      const isAlias = value !== undefined && objectKey(model, value, frame) === key
      const held = isAlias ? state : forgetProtocol(state, [key])
      if (!mentions(target, lossNames(model))) return held
      const loss = cellName('loss', key)
      const scaling = value ? scalingOf(model, value, moment) : 'plain'
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
      const held = heldScaler(branch, state, frame)
      if (held !== undefined) return held
      const mode = modeSwitch(model, branch)
      const key = mode && switchKey(model, mode, frame)
      const known = key && state.cells.get(cellName('mode', key))?.value
      return known ? (known === 'on') === mode.on : undefined
    },
    enter: (branch, taken, moment) => {
      const { frame } = moment
      const state = skip(model, moment.state, branch, taken)
      if (heldScaler(branch, state, frame) !== undefined) return state
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

/** Has nothing been scaled and backpropagated since the scaler's last update? */
const isWithoutGradients = (state: AmpState, scaler: string, held: Gradients): boolean =>
  (held === 'clear' || held === 'spent') &&
  !sinceUpdate(state.last, scaler).some(({ kind }) => kind === 'scale' || kind === 'backward')

interface Objects {
  readonly scaler?: ast.Expression
  readonly optimizer?: ast.Expression
  readonly scalerKey?: string | undefined
}

const isWithin = (node: ast.Node, outer: ast.Node): boolean => outer.start <= node.start && node.end <= outer.end

/** Does the name stand for several optimizers that the file makes? */
const isSeveral = (model: Model, optimizer: ast.Expression): boolean => (creationsOf(model, optimizer)?.length ?? 0) > 1
