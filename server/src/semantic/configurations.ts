/** The sets of configurations that an exploration carries: what a path knows, and the machine's state on it. */
import type { Facts } from './conditions.ts'

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
  keyOf(configuration: Configuration<State>): string
  /** Equal configurations become one; the first keeps its history. */
  merge(...sets: readonly (readonly Configuration<State>[])[]): readonly Configuration<State>[]
  join(...outcomes: readonly Outcome<State>[]): Outcome<State>
}

/** Throws `BudgetExceeded` where a set grows beyond `maximum`. */
export function configurationSets<State extends object>(
  stateKey: (state: State) => string,
  maximum: number,
): ConfigurationSets<State> {
  const states = new WeakMap<object, string>()
  const keyOf = ({ facts, state }: Configuration<State>): string =>
    `${remembered(states, state, () => stateKey(state))}|${remembered(factKeys, facts, () => spell(facts))}`

  const known = new WeakSet<readonly Configuration<State>[]>()
  const merge: ConfigurationSets<State>['merge'] = (...sets) => {
    const [only = [], ...others] = sets.filter(({ length }) => length > 0)
    // A set that was merged before need not be merged again.
    if (others.length === 0 && (only.length < 2 || known.has(only))) return only
    const all = [only, ...others].flat()
    const merged = new Map<string, Configuration<State>>()
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

const factKeys = new WeakMap<object, string>()
const spell = (facts: Facts): string =>
  [...facts]
    .map(([name, value]) => `${name}=${value}`)
    .sort()
    .join('|')

function remembered(known: WeakMap<object, string>, key: object, compute: () => string): string {
  let answer = known.get(key)
  if (answer === undefined) {
    answer = compute()
    known.set(key, answer)
  }
  return answer
}
