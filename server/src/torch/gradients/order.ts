/** Steps and clips that come before the backward pass whose gradients they are meant for. */
import type { Moment } from '../../semantic/explore.ts'
import type { Certainty, Model } from '../../semantic/model.ts'
import { dropCells, history, setCell } from '../cells.ts'
import { runsWhenever } from './branches.ts'
import { graphOf } from './graphs.ts'
import type { GradientState, GradientStep, GradientSurvey } from './survey.ts'

const earlyCell = (forward: string, optimizer: string): string => `early|${forward}|${optimizer}`
const suspectCell = (optimizer: string): string => `suspect|${optimizer}`
const clipCell = (optimizer: string): string => `clip|${optimizer}`

/** A step without gradients of this iteration: early for every loss that has been computed already. */
export function stepEarly(state: GradientState, optimizer: string): GradientState {
  let next = state
  for (const [name, { value }] of state.cells)
    if (name.startsWith('node|') && value === 'built')
      next = setCell(next, earlyCell(name.slice('node|'.length), optimizer), 'stepped')
  return next
}

/** A step with them: whatever came before it has been made good. */
export function stepInTime(state: GradientState, optimizer: string, survey: GradientSurvey): GradientState {
  const clip = state.cells.get(clipCell(optimizer))
  if (clip?.value === 'early' && clip.step && state.last) {
    const [backward] = [state.last.before].filter(step => step?.kind === 'backward')
    const related = [backward, state.last].filter(step => step !== undefined)
    survey.suspect(
      { rule: 'loop/misplaced-clip', at: clip.step, optimizer: state.last.object, related },
      clip.step.call,
    )
  }
  return dropCells(state, name => name === suspectCell(optimizer) || name === clipCell(optimizer))
}

/** The loss is backpropagated: were its optimizers stepped between its computation and here? */
export function propagateLate(
  model: Model,
  state: GradientState,
  step: GradientStep,
  reaches: (optimizer: string) => Certainty,
  moment: Moment<GradientState>,
): GradientState {
  let next = state
  const { forwards } = graphOf(model, step.object, moment)
  for (const [name, { step: early }] of state.cells) {
    const [kind, forward, ...rest] = name.split('|')
    const optimizer = rest.join('|')
    if (kind !== 'early' || !early || !forwards.has(forward ?? '') || reaches(optimizer) !== 'yes') continue
    if (runsWhenever(early.call, step.call)) next = setCell(next, suspectCell(optimizer), 'suspect', early)
  }
  return next
}

/** The parameters are clipped while they have no gradients. */
export const clipEarly = (state: GradientState, optimizer: string): GradientState =>
  setCell(state, clipCell(optimizer), 'waiting')

/** New gradients come in behind the clip. */
export function propagateBehindClip(state: GradientState, optimizer: string): GradientState {
  const clip = state.cells.get(clipCell(optimizer))
  return clip?.value === 'waiting' ? setCell(state, clipCell(optimizer), 'early', clip.step) : state
}

/** An iteration ends, and no later step has used its gradients in time. */
export function endIteration(state: GradientState, survey: GradientSurvey): GradientState {
  for (const [name, { step }] of state.cells) {
    if (!name.startsWith('suspect|') || !step) continue
    const late = history(state.last).findLast(({ kind }) => kind === 'backward')
    const related = late ? [late] : []
    survey.report({ rule: 'loop/step-before-backward', at: step, optimizer: step.object, related })
  }
  return dropCells(state, name => /^(?:early|suspect|clip)\|/.test(name))
}
