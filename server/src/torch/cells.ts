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
  for (const name of state.cells.keys())
    if (drop(name)) return { ...state, cells: new Map([...state.cells].filter(([each]) => !drop(each))) }
  return state
}

export function mapCells<Step extends Linked<Step>>(
  state: PathState<Step>,
  picks: (name: string) => boolean,
  change: (value: string) => string,
): PathState<Step> {
  let changed: Map<string, Cell<Step>> | undefined
  for (const [name, { value, step }] of state.cells) {
    const to = picks(name) ? change(value) : value
    if (to !== value) changed = (changed ?? new Map(state.cells)).set(name, { value: to, step })
  }
  return changed ? { ...state, cells: changed } : state
}

/** A key of states by what is said of their cells. States share most of these, so each is spelled once. */
export function createStateKey<Step extends Linked<Step>>(
  spell: (name: string, cell: Cell<Step>) => string,
): (state: PathState<Step>) => string {
  const numbers = new Map<string, number>()
  const known = new WeakMap<Cell<Step>, number>()
  const numberOf = (name: string, cell: Cell<Step>): number => {
    let number = known.get(cell)
    if (number !== undefined) return number
    const spelling = spell(name, cell)
    number = numbers.get(spelling) ?? numbers.size
    numbers.set(spelling, number)
    known.set(cell, number)
    return number
  }
  return ({ cells }) => {
    const key = new Uint32Array(cells.size)
    let index = 0
    for (const [name, cell] of cells) key[index++] = numberOf(name, cell)
    return key.sort().join()
  }
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
