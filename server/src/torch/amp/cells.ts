/** What the GradScaler protocol keeps in the cells of a path. */
import type * as ast from '../../syntax/ast.ts'
import { createStateKey, dropCells, type Linked, mapCells, type PathState } from '../cells.ts'

export interface Step extends Linked<Step> {
  readonly kind: StepKind
  /** The call of the analysed file that does it, itself or through another file. */
  readonly site: ast.Call
  /** The scaler and the optimizer as written at the event. */
  readonly scaler: string | undefined
  readonly optimizer: string | undefined
  /** The key of the scaler, for telling one scaler's steps from another's. */
  readonly scalerKey: string | undefined
}
export type StepKind = 'scale' | 'backward' | 'unscale' | 'clip' | 'step' | 'optimizer-step' | 'update' | 'zero-grad'

export type AmpState = PathState<Step>

export const initialState: AmpState = { cells: new Map(), last: undefined }

/** Histories do not tell states apart, but for the places that a mistake to come would be reported at. */
export const createAmpKey = (): ((state: AmpState) => string) =>
  createStateKey((name, { value, step }) => `${name}=${value}${isToBlame(value) ? `@${step?.call.start}` : ''}`)

const isToBlame = (value: string): boolean => /^(plain|divided|stale|settled|unscaled-early)\b/.test(value)

/** What a cell is about, and of which objects: `stage|scaler|optimizer`, `checks|scaler`, `gradients|optimizer`. */
export const cellName = (
  about: 'stage' | 'checks' | 'gradients' | 'loss' | 'enabled' | 'mode' | 'skipped' | 'several',
  ...keys: readonly string[]
): string => [about, ...keys].join('|')

const unknown = (): string => 'unknown'

/** Gradients were changed by something that is not followed. */
export const forgetGradients = (state: AmpState): AmpState =>
  mapCells(state, name => name.startsWith('gradients|'), unknown)

/** What the protocol of the objects of these keys was is not known any more; no keys: of all objects. */
export const forgetProtocol = (state: AmpState, keys?: readonly string[]): AmpState =>
  mapCells(state, name => (!keys || isAboutOne(name, keys)) && /^(stage|checks|gradients)\|/.test(name), unknown)

/** A variable holds a new object: what was known of the old one is gone. */
export const forgetObject = (state: AmpState, key: string): AmpState =>
  dropCells(state, name => isAboutOne(name, [key]))

/** Most names do not even contain the key. */
const isAboutOne = (name: string, keys: readonly string[]): boolean =>
  keys.some(key => name.includes(key) && name.split('|').includes(key))
