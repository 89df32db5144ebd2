/** What the explorations of one script find. */
import type * as ast from '../../syntax/ast.ts'
import type { OptimizersOnPath } from '../gradients/optimizersOnPath.ts'
import type { Step } from './cells.ts'
import type { AmpRule } from './protocol.ts'

/** An illegal edge that a path took. */
export interface Violation {
  readonly rule: AmpRule
  /** Where the user must act. */
  readonly call: ast.Call
  /** The event that took the edge, with the history of the path behind it. */
  readonly witness: Step
  /** The scaler and the optimizer of that event as they are written there; empty where it has none. */
  readonly scaler: string
  readonly optimizer: string
}

/** What the explorations of one script share. */
export interface Survey {
  readonly optimizers: OptimizersOnPath
  report(rule: AmpRule, call: ast.Call, witness: Step): void
}
