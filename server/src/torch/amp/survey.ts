/** What the explorations of one script find, and what they tell each other. */
import type * as ast from '../../syntax/ast.ts'
import type { Step } from './cells.ts'
import type { AmpRule } from './protocol.ts'

/** An illegal edge that a path took. */
export interface Violation {
  readonly rule: AmpRule
  /** Where the user must act. */
  readonly call: ast.Call
  /** The event that took the edge, with the history of the path behind it. */
  readonly witness: Step
}

/** What the explorations of one script share. */
export interface Survey {
  /** The optimizers that some path touches, by key, with the models they were made for where that is visible. */
  readonly optimizers: ReadonlyMap<string, ReadonlySet<string> | undefined>
  add(key: string, owners: ReadonlySet<string> | undefined): void
  /** The keys of all. An optimizer that is added later makes the exploration run again. */
  all(): readonly string[]
  report(violation: Violation): void
}
