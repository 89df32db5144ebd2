/** The sets of configurations that an exploration carries: what a path knows, and the machine's state on it. */
import { type Facts, factsNumber } from './facts.ts'

export interface Configuration<State> {
  readonly facts: Facts
  readonly state: State
}

/** Where control may be after a statement, and in which configurations. */
export interface Outcome<State> {
  readonly next: readonly Configuration<State>[]
  readonly breaks: readonly Configuration<State>[]
  readonly continues: readonly Configuration<State>[]
  readonly returns: readonly Configuration<State>[]
}

/** Nothing runs after it: an exception that nobody here handles, the end of the process. */
export const ended: Outcome<never> = { next: [], breaks: [], continues: [], returns: [] }

/** The paths of one root are too many to follow to the end. */
export class BudgetExceeded extends Error {}

export interface ConfigurationSets<State> {
  /** Equal for configurations that need not be told apart. */
  keyOf(configuration: Configuration<State>): number
  /** Equal configurations become one; the first keeps its history. */
  merge(...sets: readonly (readonly Configuration<State>[])[]): readonly Configuration<State>[]
  join(...outcomes: readonly Outcome<State>[]): Outcome<State>
}

/** Throws `BudgetExceeded` where a set grows beyond `maximum`. */
export function configurationSets<State extends object>(
  stateKey: (state: State) => string,
  maximum: number,
): ConfigurationSets<State> {
  const keys = new Map<string, number>()
  const states = new WeakMap<State, number>()
  const stateNumber = (state: State): number => {
    let number = states.get(state)
    if (number !== undefined) return number
    const key = stateKey(state)
    number = keys.get(key) ?? keys.size
    keys.set(key, number)
    states.set(state, number)
    return number
  }
  const keyOf = ({ facts, state }: Configuration<State>): number =>
    stateNumber(state) * maximumFacts + factsNumber(facts)

  const known = new WeakSet<readonly Configuration<State>[]>()
  const merge: ConfigurationSets<State>['merge'] = (...sets) => {
    const [only = [], ...others] = sets.filter(({ length }) => length > 0)
    // A set that was merged before need not be merged again.
    if (others.length === 0 && (only.length < 2 || known.has(only))) return only
    const all = [only, ...others].flat()
    const merged = new Map<number, Configuration<State>>()
    for (const each of all) {
      const key = keyOf(each)
      if (!merged.has(key)) merged.set(key, each)
    }
    if (merged.size > maximum) throw new BudgetExceeded()
    const set = [...merged.values()]
    known.add(set)
    return set
  }

  const join: ConfigurationSets<State>['join'] = (...outcomes) => ({
    next: merge(...outcomes.map(({ next }) => next)),
    breaks: merge(...outcomes.map(({ breaks }) => breaks)),
    continues: merge(...outcomes.map(({ continues }) => continues)),
    returns: merge(...outcomes.map(({ returns }) => returns)),
  })

  return { keyOf, merge, join }
}

/** More than the budget of an exploration lets it come upon. */
const maximumFacts = 2 ** 24
