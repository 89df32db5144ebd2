/** Carries the table of conditions.ts, and the graphs of graphs.ts, along the paths that semantic/explore.ts finds. */
import type { Machine, Moment } from '../../semantic/explore.ts'
import { type Frame, objectKey } from '../../semantic/frames.ts'
import type { Certainty, Model } from '../../semantic/model.ts'
import type * as ast from '../../syntax/ast.ts'
import { advanced, dropCells, history, mapCells, setCell } from '../cells.ts'
import { isLoopVariable } from '../loopVariables.ts'
import { optimizerCreations } from '../optimizers.ts'
import { type Condition, conditions } from './conditions.ts'
import { type GradientEvent, gradientEvents, lossNames } from './events.ts'
import { ownersOf, staticOwners } from './flow.ts'
import { forgetGraphs, graphOf, hold } from './graphs.ts'
import { clipEarly, endIteration, propagateBehindClip, propagateLate, stepEarly, stepInTime } from './order.ts'
import { createReach, freezesParameters } from './reach.ts'
import { backpropagate, changeParameters, isFresh, reusesGraphs } from './reuse.ts'
import { mentions } from './slice.ts'
import { conditionCell, conditionOf, createGradientKey, forgetConditions, initialState } from './state.ts'
import type { GradientState, GradientStep, GradientSurvey } from './survey.ts'
import { isMicroBatch } from './windows.ts'

type GradientMoment = Moment<GradientState>
type Of<Kind extends GradientEvent['kind']> = Extract<GradientEvent, { kind: Kind }>

export function createGradientMachine(model: Model, survey: GradientSurvey): Machine<GradientState> {
  const events = gradientEvents(model)
  const { optimizers } = survey
  const reach = createReach(model, optimizers)
  const creations = new Map(optimizerCreations(model).map(creation => [creation.call, creation]))
  // Whose gradients a pass fills, and whether it can be run twice, is not known where parameters are switched on and off.
  const isFrozen = freezesParameters(model)
  const followsGraphs = !isFrozen && reusesGraphs(model)

  const record = (
    state: GradientState,
    kind: GradientStep['kind'],
    call: ast.Call,
    object: ast.Expression,
  ): GradientStep => ({ kind, call, object, before: state.last })

  /** An optimizer has an identity unless it is the variable of a loop over several. */
  const optimizerKey = (optimizer: ast.Expression, frame: Frame): string | undefined => {
    const key = isLoopVariable(model, optimizer) ? undefined : objectKey(model, optimizer, frame)
    if (key !== undefined && !optimizers.owners.has(key)) optimizers.add(key, staticOwners(model, optimizer, frame))
    return key
  }

  const lead = (state: GradientState, optimizer: string, to: Condition): GradientState =>
    to === conditionOf(state, optimizer) ? state : setCell(state, conditionCell(optimizer), to)

  const handlers: {
    [Kind in GradientEvent['kind']]: (event: Of<Kind>, call: ast.Call, moment: GradientMoment) => GradientState
  } = {
    creation: (_event, _call, { state }) => state,

    backward: ({ loss, retains }, call, moment) => {
      const { state, frame } = moment
      const step = record(state, 'backward', call, loss)
      const reaches = (optimizer: string): Certainty => {
        const certainty = reach.backward(loss, optimizer, frame)
        return certainty === 'yes' && isFrozen && optimizers.all().length > 1 ? 'unknown' : certainty
      }
      const late = !followsGraphs ? state : propagateLate(model, state, step, reaches, moment)
      const next = advanced(late, step)
      const propagated = !followsGraphs ? next : backpropagate(model, next, step, retains, moment, survey)
      return optimizers.all().reduce((at, optimizer) => {
        const certainty = reaches(optimizer)
        if (certainty === 'no') return at
        const { to } = conditions.backward[conditionOf(at, optimizer)]
        return certainty === 'yes'
          ? propagateBehindClip(lead(at, optimizer, to), optimizer)
          : lead(at, optimizer, 'unknown')
      }, propagated)
    },

    step: ({ optimizer, closure }, call, { state, frame }) => {
      const key = optimizerKey(optimizer, frame)
      const step = record(state, 'step', call, optimizer)
      const next = advanced(state, step)
      if (key === undefined) return forgetConditions(next)
      if (closure) return lead(next, key, 'unknown')
      const held = conditionOf(state, key)
      judgeStep(state, key, step)
      const timed = isFresh(held) ? stepInTime(next, key, survey) : stepEarly(next, key)
      const changed = isFresh(held) ? changeParameters(model, timed, optimizers.owners.get(key), frame) : timed
      return lead(changed, key, conditions.step[held].to)
    },

    'zero-grad': ({ target }, call, { state, frame }) => {
      const clears = reach.zeroGrad(target, frame)
      const isOptimizer = optimizers.owners.has(objectKey(model, target, frame) ?? '')
      const next = advanced(state, record(state, 'zero-grad', call, target))
      return optimizers.all().reduce((at, optimizer) => {
        const certainty = clears(optimizer)
        if (certainty === 'no') return at
        survey.clears(optimizer, call)
        // What a model's own method clears is certain where it is visible whose parameters the optimizer holds.
        const isCertain = certainty === 'yes' && (isOptimizer || optimizers.owners.get(optimizer) !== undefined)
        return lead(at, optimizer, isCertain ? conditions['zero-grad'][conditionOf(at, optimizer)].to : 'unknown')
      }, next)
    },

    clip: ({ parameters }, call, { state, frame }) => {
      const { certain, possible } = reach.holders(parameters, frame)
      const [only, ...others] = certain.length > 0 ? certain : possible
      const step = record(state, 'clip', call, parameters)
      if (only === undefined || others.length > 0) return advanced(state, step)
      return clip(advanced(state, step), only, step)
    },

    changed: (_event, _call, { state }) => forgetGraphs(forgetConditions(state)),
  }

  const clip = (state: GradientState, optimizer: string, step: GradientStep): GradientState => {
    const held = conditionOf(state, optimizer)
    const { breaks } = conditions.clip[held]
    if (!breaks && held !== 'untouched') survey.acquit('loop/misplaced-clip', step.call)
    const origin = state.cells.get(conditionCell(optimizer))?.step
    if (held !== 'spent') return breaks || held === 'untouched' ? clipEarly(state, optimizer) : state
    if (origin)
      survey.suspect({ rule: 'loop/misplaced-clip', at: step, optimizer: origin.object, related: [origin] }, step.call)
    return state
  }

  const judgeStep = (state: GradientState, optimizer: string, step: GradientStep): void => {
    const cell = state.cells.get(conditionCell(optimizer))
    const before = history(cell?.step)
    if (cell?.value !== 'dropped') survey.acquit('loop/zero-grad-before-step', step.call)
    if (!cell?.step) return
    const base = { optimizer: step.object }
    if (cell.value === 'dropped') {
      const backward = before.findLast(({ kind }) => kind === 'backward')
      const related = [...(backward ? [backward] : []), step]
      survey.suspect({ ...base, rule: 'loop/zero-grad-before-step', at: cell.step, related }, step.call)
    } else if (cell.value === 'partial') {
      const clearing = before.findLast(({ kind }) => kind === 'zero-grad')
      if (clearing && isMicroBatch(model, clearing.call, cell.step, step))
        survey.report({ ...base, rule: 'loop/zero-grad-before-step', at: clearing, related: [cell.step, step] })
    } else if (cell.value === 'mixed') {
      const earlier = before.findLast(({ kind }) => kind === 'step')
      const related = [...(earlier && earlier.call !== step.call ? [earlier] : []), cell.step]
      survey.uncleared({ ...base, rule: 'loop/missing-zero-grad', at: step, related }, optimizer)
    }
  }

  return {
    initial: initialState,
    key: createGradientKey(),
    isEvent: call => events.has(call),
    call: (call, moment) => {
      const event = events.get(call)
      if (!event) return moment.state
      const handle = handlers[event.kind] as (
        event: GradientEvent,
        call: ast.Call,
        moment: GradientMoment,
      ) => GradientState
      return handle(event, call, moment)
    },
    assign: (target, value, moment) => {
      const { state, frame } = moment
      if (target.kind === 'Attribute' && /^_?grad$/.test(target.attr)) return forgetConditions(state)
      const key = objectKey(model, target, frame)
      if (key === undefined) return state
      const optimizer = value?.kind === 'Call' ? creations.get(value) : undefined
      if (optimizer) {
        optimizers.add(key, ownersOf(model, optimizer, frame))
        return setCell(state, conditionCell(key), 'clear')
      }
      const isAlias = value !== undefined && objectKey(model, value, frame) === key
      const known = !isAlias && state.cells.has(conditionCell(key)) ? lead(state, key, 'unknown') : state
      if (!followsGraphs || !mentions(target, lossNames(model))) return known
      return hold(known, key, value ? graphOf(model, value, { ...moment, state: known }) : noGraph)
    },
    iterate: state =>
      mapCells(
        endIteration(state, survey),
        name => name.startsWith('gradients|'),
        value => conditions.iterate[value as Condition].to,
      ),
    forget: state => forgetGraphs(forgetConditions(state)),
    leave: (mark, state) => dropCells(state, name => name.startsWith('graph|') && name.includes(mark)),
  }
}

const noGraph = { forwards: new Set<string>(), added: [] }
