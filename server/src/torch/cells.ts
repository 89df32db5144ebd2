/** The state that is carried along a path: small named cells, and the history that led to them. */
import type * as ast from '../syntax/ast.ts'

/** One event of a path, and what ran before it. */
export interface Linked<Step> {
  readonly call: ast.Call
  readonly before: Step | undefined
}

export interface Cell<Step> {
  readonly value: string
  /** The step that put the value there. */
  readonly step: Step | undefined
}

export interface PathState<Step extends Linked<Step>> {
  readonly cells: ReadonlyMap<string, Cell<Step>>
  readonly last: Step | undefined
}

export function setCell<Step extends Linked<Step>>(
  state: PathState<Step>,
  name: string,
  value: string,
  step: Step | undefined = state.last,
): PathState<Step> {
  const known = state.cells.get(name)
  if (known?.value === value && known.step === step) return state
  return { ...state, cells: new Map(state.cells).set(name, { value, step }) }
}

export function dropCells<Step extends Linked<Step>>(
  state: PathState<Step>,
  drop: (name: string) => boolean,
): PathState<Step> {
  const kept = [...state.cells].filter(([name]) => !drop(name))
  return kept.length === state.cells.size ? state : { ...state, cells: new Map(kept) }
}

export function mapCells<Step extends Linked<Step>>(
  state: PathState<Step>,
  picks: (name: string) => boolean,
  change: (value: string) => string,
): PathState<Step> {
  let next = state
  for (const [name, { value, step }] of state.cells) if (picks(name)) next = setCell(next, name, change(value), step)
  return next
}

export const advanced = <Step extends Linked<Step>>(state: PathState<Step>, step: Step): PathState<Step> => ({
  ...state,
  last: step,
})

export function isBefore<Step extends Linked<Step>>(earlier: Step, later: Step): boolean {
  for (let at = later.before; at; at = at.before) if (at === earlier) return true
  return false
}

/** The history of a step, oldest first. */
export function history<Step extends Linked<Step>>(step: Step | undefined): readonly Step[] {
  const steps: Step[] = []
  for (let at = step; at; at = at.before) steps.push(at)
  return steps.reverse()
}
