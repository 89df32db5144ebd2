/** What a state says of a scaler and an optimizer, and what a path has done since the last update. */
import { type AmpState, cellName, history, isBefore, type Step } from './cells.ts'
import type { Checks, Gradients, Stage } from './protocol.ts'

export const stageName = (scaler: string, optimizer: string): string => cellName('stage', scaler, optimizer)

export function stageOf(state: AmpState, scaler: string, optimizer: string): Stage {
  const known = state.cells.get(stageName(scaler, optimizer))?.value as Stage | undefined
  return known ?? (isMadeHere(state, scaler) ? 'ready' : 'unknown')
}

export const checksOf = (state: AmpState, scaler: string): Checks =>
  (state.cells.get(cellName('checks', scaler))?.value as Checks | undefined) ??
  (isMadeHere(state, scaler) ? 'none' : 'unknown')

/** The path has seen the scaler being made, so it starts ready. */
const isMadeHere = (state: AmpState, scaler: string): boolean => state.cells.has(cellName('enabled', scaler))

/** Scaled gradients remember their scaler: `scaled@scaler`. */
const gradientsCell = (state: AmpState, optimizer: string): string =>
  state.cells.get(cellName('gradients', optimizer))?.value ?? 'unknown'

export const gradientsOf = (state: AmpState, optimizer: string): Gradients =>
  gradientsCell(state, optimizer).replace(/@.*/s, '') as Gradients

/** The scaler that scaled the gradients of an optimizer. */
export const scalerOf = (state: AmpState, optimizer: string): string | undefined =>
  /^scaled@(.*)/s.exec(gradientsCell(state, optimizer))?.[1]

/** Has some scaler unscaled the optimizer since its last update? */
export const isUnscaled = (state: AmpState, optimizer: string): boolean =>
  [...state.cells].some(
    ([name, { value }]) => name.startsWith('stage|') && name.endsWith(`|${optimizer}`) && value === 'unscaled',
  )

/** The last step of the iteration that lacks the update: several optimizers share it. */
export function lastStepBefore(state: AmpState, optimizer: string, scaler: string): Step | undefined {
  let last = state.cells.get(stageName(scaler, optimizer))?.step
  for (const [name, { value, step }] of state.cells) {
    if (!name.startsWith(`stage|${scaler}|`) || value !== 'stepped-before' || !step) continue
    if (last && isBefore(last, step)) last = step
  }
  return last
}

/** What ran since the scaler's last update. */
export function sinceUpdate(last: Step | undefined, scaler: string): readonly Step[] {
  const steps = history(last)
  return steps.slice(steps.findLastIndex(step => step.kind === 'update' && step.scalerKey === scaler) + 1)
}

/** The scaler's last update, if no gradients were computed since, and some were before. */
export function updateSince(last: Step, scaler: string): Step | undefined {
  let update: Step | undefined
  for (let step: Step | undefined = last; step; step = step.before) {
    if (step.kind === 'backward') return update
    if (step.kind === 'update' && step.scalerKey === scaler) update ??= step
  }
  return undefined
}
