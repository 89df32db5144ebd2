/** The state that is carried along a path: small named cells, and the history that led to them. */
import type * as ast from '../../syntax/ast.ts'

export type Cells = ReadonlyMap<string, Cell>

export interface Cell {
  readonly value: string
  /** The step that put the value there. */
  readonly step: Step | undefined
}

/** One event of a path, and what ran before it. */
export interface Step {
  readonly kind: StepKind
  readonly call: ast.Call
  /** The scaler and the optimizer as written at the event. */
  readonly scaler: string | undefined
  readonly optimizer: string | undefined
  /** The key of the scaler, for telling one scaler's steps from another's. */
  readonly scalerKey: string | undefined
  readonly before: Step | undefined
}
export type StepKind = 'scale' | 'backward' | 'unscale' | 'clip' | 'step' | 'optimizer-step' | 'update' | 'zero-grad'

export interface AmpState {
  readonly cells: Cells
  readonly last: Step | undefined
}

export const initialState: AmpState = { cells: new Map(), last: undefined }

/** Histories do not tell states apart, but for the places that a mistake to come would be reported at. */
export const stateKey = ({ cells }: AmpState): string =>
  [...cells]
    .map(([name, { value, step }]) => `${name}=${value}${isToBlame(value) ? `@${step?.call.start}` : ''}`)
    .sort()
    .join(';')

const isToBlame = (value: string): boolean => /^(plain|divided|stale|settled|unscaled-early)\b/.test(value)

/** What a cell is about, and of which objects: `stage|scaler|optimizer`, `checks|scaler`, `gradients|optimizer`. */
export const cellName = (
  about: 'stage' | 'checks' | 'gradients' | 'loss' | 'enabled' | 'mode' | 'skipped' | 'several',
  ...keys: readonly string[]
): string => [about, ...keys].join('|')

export function setCell(state: AmpState, name: string, value: string, step: Step | undefined = state.last): AmpState {
  const known = state.cells.get(name)
  if (known?.value === value && known.step === step) return state
  return { ...state, cells: new Map(state.cells).set(name, { value, step }) }
}

export function dropCells(state: AmpState, drop: (name: string) => boolean): AmpState {
  const kept = [...state.cells].filter(([name]) => !drop(name))
  return kept.length === state.cells.size ? state : { ...state, cells: new Map(kept) }
}

export function mapCells(
  state: AmpState,
  picks: (name: string) => boolean,
  change: (value: string) => string,
): AmpState {
  let next = state
  for (const [name, { value, step }] of state.cells) if (picks(name)) next = setCell(next, name, change(value), step)
  return next
}

const unknown = (): string => 'unknown'

/** Gradients were changed by something that is not followed. */
export const forgetGradients = (state: AmpState): AmpState =>
  mapCells(state, name => name.startsWith('gradients|'), unknown)

/** What the protocol of the objects of these keys was is not known any more; no keys: of all objects. */
export const forgetProtocol = (state: AmpState, keys?: readonly string[]): AmpState =>
  mapCells(
    state,
    name => /^(stage|checks|gradients)\|/.test(name) && (!keys || name.split('|').some(part => keys.includes(part))),
    unknown,
  )

/** A variable holds a new object: what was known of the old one is gone. */
export const forgetObject = (state: AmpState, key: string): AmpState =>
  dropCells(state, name => name.split('|').includes(key))

export const advanced = (state: AmpState, step: Step): AmpState => ({ ...state, last: step })

export function isBefore(earlier: Step, later: Step): boolean {
  for (let at = later.before; at; at = at.before) if (at === earlier) return true
  return false
}

/** The history of a step, oldest first. */
export function history(step: Step | undefined): readonly Step[] {
  const steps: Step[] = []
  for (let at = step; at; at = at.before) steps.push(at)
  return steps.reverse()
}
