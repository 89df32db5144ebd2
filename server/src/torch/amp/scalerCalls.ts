/** What the calls of a scaler do to a state of the protocol. */
import { objectKey } from '../../semantic/frames.ts'
import type { Certainty, Model } from '../../semantic/model.ts'
import type * as ast from '../../syntax/ast.ts'
import { encloses } from '../../syntax/walk.ts'
import { advanced, dropCells, mapCells, setCell } from '../cells.ts'
import { freezesParameters } from '../gradients/reach.ts'
import { isLoopVariable, loopOver } from '../loopVariables.ts'
import { creationsOf } from '../optimizers.ts'
import { type AmpState, cellName, forgetGradients, forgetProtocol, type Step } from './cells.ts'
import { closureProblem } from './closures.ts'
import type { AmpMoment, Context, Handlers, Of } from './context.ts'
import { isEnabled, noteEnabled } from './enabled.ts'
import { ampEvents } from './events.ts'
import { checks, type Gradients, gradients, type Stage, stages } from './protocol.ts'
import { hasSkippedSeveral, isSkipCell } from './skipped.ts'
import { checksOf, lastStepBefore, reset, scaledBy, scalerOf, sinceUpdate, stageName, stageOf } from './state.ts'

export function scalerHandlers(context: Context): Handlers<'scale' | 'unscale' | 'step' | 'update' | 'escape'> {
  const { model, survey, record, optimizerKey, heldBy, changeGradients } = context
  const { optimizers } = survey
  const events = [...ampEvents(model).values()]

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
      survey.report('amp/step-with-closure', call, step)
      return forgetProtocol(setCell(next, name, 'unknown'), [key, optimizer])
    }
    const isEarly = kind === 'unscale' && isWithoutGradients(state, key, held)
    const before = stageOf(state, key, optimizer)
    const stage = stages[isEarly ? 'unscale-early' : kind][before]
    if (stage.breaks) {
      const missing = stage.breaks === 'amp/missing-update' ? lastStepBefore(state, optimizer, key) : undefined
      survey.report(stage.breaks, missing?.call ?? call, step)
    }
    const used = gradients[kind === 'step' ? 'scaler-step' : 'unscale'][held]
    const origin = state.cells.get(name)?.step
    const isDivided = held === 'divided' || (before !== 'unscaled' && before !== 'unscaled-early')
    const isProven = used.breaks !== 'amp/unscaled-backward' || (isDivided && isAtWork(enabled))
    // What another scaler left behind, one backward pass of a GAN through both networks, is no matter of its update.
    const isOwn = (scalerOf(state, optimizer) ?? key) === key
    if (used.breaks && !stage.breaks && origin && isProven && (isOwn || used.breaks !== 'amp/update-between-steps'))
      survey.report(used.breaks, origin.call, step)
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
    if (update?.value === 'updated' && update.step && loop && encloses(loop, update.step.call) && enabled !== 'no')
      survey.report('amp/update-between-steps', update.step.call, step)
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

  /** A scaler that may be switched off scales where it is asked to, or nowhere. */
  const isAtWork = (enabled: Certainty): boolean => enabled === 'yes' || !scalesAnything

  const scalesAnything = events.some(({ kind }) => kind === 'scale')
  const stepsLoopVariable = events.some(event => event.kind === 'step' && isLoopVariable(model, event.optimizer))

  return {
    scale: ({ scaler }, call, { state, frame }) => {
      const key = objectKey(model, scaler, frame)
      const next = advanced(state, record(state, frame, 'scale', call, { scaler, scalerKey: key }))
      return key === undefined ? next : noteEnabled(model, scaler, key, next)
    },

    unscale: scalerEvent,
    step: scalerEvent,

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
      if (breaks && !setsScale && isUpdatedInVain(state, key, enabled)) survey.report(breaks, call, step)
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

    /** Whoever has the scaler may use it on any gradients. */
    escape: ({ objects }, _call, { state, frame }) => {
      const keys = objects.flatMap(object => objectKey(model, object, frame) ?? [])
      const isKnown = objects.length > 0 && keys.every(key => optimizers.owners.has(key))
      return isKnown && keys.length === objects.length ? forgetProtocol(state, keys) : forgetProtocol(state)
    },
  }
}

/** Has nothing been scaled and backpropagated since the scaler's last update? */
const isWithoutGradients = (state: AmpState, scaler: string, held: Gradients): boolean =>
  (held === 'clear' || held === 'spent') &&
  !sinceUpdate(state.last, scaler).some(({ kind }) => kind === 'scale' || kind === 'backward')

/** Does the name stand for several optimizers that the file makes? */
const isSeveral = (model: Model, optimizer: ast.Expression): boolean => (creationsOf(model, optimizer)?.length ?? 0) > 1
