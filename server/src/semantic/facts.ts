/**
 * What a path knows: the truth of conditions, by their names. Many paths know the same and learn or forget the same next, so
 * equal facts of one exploration are one object, and each step from one to another is taken once.
 */
import type { Condition } from './conditions.ts'

export type Facts = ReadonlyMap<string, boolean>

export function learn(condition: Condition | undefined, value: boolean, facts: Facts): Facts {
  if (!condition) return facts
  const { name, positive } = condition
  const holds = value === positive
  if (facts.get(name) === holds) return facts
  return step(facts, holds ? 'holds' : 'fails', name, () => new Map(facts).set(name, holds))
}

/** Drops every fact that reads the object of this key, or a part of it. */
export function forget(key: string, facts: Facts): Facts {
  return without(
    facts,
    key,
    name => name.includes(`⟨${key}⟩`) || name.includes(`⟨${key}.`) || name.includes(`⟨${key}[`),
  )
}

/** Drops every fact about the locals of an activation that has ended. */
export const forgetLocals = (mark: string, facts: Facts): Facts => without(facts, mark, name => name.includes(mark))

/** Equal for equal facts of one exploration. */
export const factsNumber = (facts: Facts): number => entryOf(facts).number

function without(facts: Facts, what: string, drop: (name: string) => boolean): Facts {
  if (facts.size === 0) return facts
  return step(facts, 'gone', what, () => {
    const kept = [...facts].filter(([name]) => !drop(name))
    return kept.length === facts.size ? facts : new Map(kept)
  })
}

interface Entry {
  readonly number: number
  /** All facts of the exploration, by what they say. */
  readonly all: Map<string, Facts>
  readonly steps: Steps
}

/** Where it leads that a condition holds or fails, or that what it reads is another thing now. */
type Steps = Readonly<Record<'holds' | 'fails' | 'gone', Map<string, Facts>>>
const noSteps = (): Steps => ({ holds: new Map(), fails: new Map(), gone: new Map() })

const entries = new WeakMap<Facts, Entry>()

function step(facts: Facts, kind: keyof Steps, what: string, change: () => Facts): Facts {
  const { steps, all } = entryOf(facts)
  const known = steps[kind].get(what)
  if (known) return known
  const next = unique(change(), all)
  steps[kind].set(what, next)
  return next
}

/** Facts that no step has led to are those that an exploration begins with. */
function entryOf(facts: Facts): Entry {
  const known = entries.get(facts)
  if (known) return known
  const entry = { number: 0, all: new Map([[spell(facts), facts]]), steps: noSteps() }
  entries.set(facts, entry)
  return entry
}

function unique(facts: Facts, all: Map<string, Facts>): Facts {
  const spelling = spell(facts)
  const known = all.get(spelling)
  if (known) return known
  entries.set(facts, { number: all.size, all, steps: noSteps() })
  all.set(spelling, facts)
  return facts
}

const spell = (facts: Facts): string =>
  [...facts]
    .map(([name, value]) => `${name}=${value}`)
    .sort()
    .join('|')
