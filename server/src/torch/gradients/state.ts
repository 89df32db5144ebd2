/** What the cells of a path say of gradients. */
import { type Cell, mapCells, setCell } from '../cells.ts'
import type { Condition } from './conditions.ts'
import type { GradientState, GradientStep } from './survey.ts'

export const initialState: GradientState = { cells: new Map(), last: undefined }

/** Histories do not tell states apart, but for the places that a mistake would be reported at. */
export const stateKey = ({ cells }: GradientState): string =>
  [...cells]
    .map(([name, cell]) => spell(name, cell))
    .sort()
    .join(';')

/** States share most of their cells, so each is spelled once. */
function spell(name: string, cell: Cell<GradientStep>): string {
  const known = spelled.get(cell)
  if (known !== undefined) return known
  const { value, step } = cell
  const text = `${name}=${value}${isToBlame(name, value) ? `@${step?.call.start}` : ''}`
  spelled.set(cell, text)
  return text
}

const spelled = new WeakMap<Cell<GradientStep>, string>()

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
