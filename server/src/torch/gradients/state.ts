/** What the cells of a path say of gradients. */
import { createStateKey, mapCells, setCell } from '../cells.ts'
import type { Condition } from './conditions.ts'
import type { GradientState } from './survey.ts'

export const initialState: GradientState = { cells: new Map(), last: undefined }

/** Histories do not tell states apart, but for the places that a mistake would be reported at. */
export const createGradientKey = (): ((state: GradientState) => string) =>
  createStateKey((name, { value, step }) => `${name}=${value}${isToBlame(name, value) ? `@${step?.call.start}` : ''}`)

const isToBlame = (name: string, value: string): boolean =>
  value === 'dropped' || value === 'kept' || value === 'freed' || /^(?:changed|early|suspect|clip)\|/.test(name)

/** The condition of an optimizer's gradients. */
export const conditionCell = (optimizer: string): string => `gradients|${optimizer}`

/** What holds for the optimizers that the path has not met. */
const anyOptimizer = conditionCell('*')

export const conditionOf = (state: GradientState, optimizer: string): Condition =>
  ((state.cells.get(conditionCell(optimizer)) ?? state.cells.get(anyOptimizer))?.value ?? 'untouched') as Condition

/** Gradients were changed by something that is not followed. */
export const forgetConditions = (state: GradientState): GradientState =>
  mapCells(
    setCell(state, anyOptimizer, 'unknown', undefined),
    name => name.startsWith('gradients|'),
    () => 'unknown',
  )
