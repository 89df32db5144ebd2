/** What a state says of a scaler and an optimizer, and what a path has done since the last update. */
import { history, isBefore, setCell } from '../cells.ts'
import { type AmpState, cellName, type Step } from './cells.ts'
import type { Checks, Gradients, Stage } from './protocol.ts'

export const stageName = (scaler: string, optimizer: string): string => cellName('stage', scaler, optimizer)

/** What holds for the optimizers of a scaler that have done nothing yet. */
const anyOptimizer = '*'

export const stageOf = (state: AmpState, scaler: string, optimizer: string): Stage =>
  ((state.cells.get(stageName(scaler, optimizer)) ?? state.cells.get(stageName(scaler, anyOptimizer)))?.value ??
    'unknown') as Stage

export const checksOf = (state: AmpState, scaler: string): Checks =>
  (state.cells.get(cellName('checks', scaler))?.value ?? 'unknown') as Checks

/** Has the path made the scaler, or called it? Then it is not None. */
export const isHeld = (state: AmpState, scaler: string): boolean =>
  state.cells.has(stageName(scaler, anyOptimizer)) && state.cells.get(cellName('enabled', scaler))?.value !== 'no'

/** A scaler that is new or was just updated. */
export const reset = (state: AmpState, scaler: string): AmpState =>
  setCell(setCell(state, cellName('checks', scaler), 'none'), stageName(scaler, anyOptimizer), 'ready')

/** Gradients that are not unscaled remember their scaler: `scaled@scaler`. */
export const scaledBy = (gradients: Gradients, scaler: string | undefined): string =>
  scaler !== undefined && ['scaled', 'clipped', 'stale'].includes(gradients) ? `${gradients}@${scaler}` : gradients

const gradientsCell = (state: AmpState, optimizer: string): string =>
  state.cells.get(cellName('gradients', optimizer))?.value ?? 'unknown'

export const gradientsOf = (state: AmpState, optimizer: string): Gradients =>
  gradientsCell(state, optimizer).replace(/@.*/s, '') as Gradients

/** The scaler that scaled the gradients of an optimizer. */
export const scalerOf = (state: AmpState, optimizer: string): string | undefined =>
  /@(.*)/s.exec(gradientsCell(state, optimizer))?.[1]

/** Has some scaler unscaled the optimizer since its last update? */
export const isUnscaled = (state: AmpState, optimizer: string): boolean =>
  [...state.cells].some(
    ([name, { value }]) =>
      name.startsWith('stage|') &&
      name.endsWith(`|${optimizer}`) &&
      (value === 'unscaled' || value === 'unscaled-early'),
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
