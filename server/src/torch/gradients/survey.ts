/** What the explorations of one script find. */
import type * as ast from '../../syntax/ast.ts'
import type { Linked, PathState } from '../cells.ts'
import type { GradientRule } from './conditions.ts'
import type { OptimizersOnPath } from './optimizersOnPath.ts'

/** One event of a path, and what ran before it. */
export interface GradientStep extends Linked<GradientStep> {
  readonly kind: 'backward' | 'step' | 'zero-grad' | 'clip'
  /** The loss, optimizer, model or parameters as written at the event. */
  readonly object: ast.Expression
}

export type GradientState = PathState<GradientStep>

/** A mistake that a path makes. */
export interface GradientViolation {
  readonly rule: GradientRule
  /** Where the user must act. */
  readonly at: GradientStep
  /** The optimizer that it is about, as written at one of its steps. */
  readonly optimizer: ast.Expression | undefined
  /** The other events that make it one, in the order in which they run. */
  readonly related: readonly GradientStep[]
  /** The forward pass whose weights have changed. */
  readonly forward?: ast.Call | undefined
}

/** What the paths of one root tell. */
export interface GradientSurvey {
  readonly optimizers: OptimizersOnPath
  report(violation: GradientViolation): void
  /** A mistake only if every path that arrives at `judged` makes it. */
  suspect(violation: GradientViolation, judged: ast.Call): void
  /** A path arrives there without the mistake. */
  acquit(rule: GradientRule, judged: ast.Call): void
  /** A mistake only if nothing clears the gradients of the optimizer. */
  uncleared(violation: GradientViolation, optimizer: string): void
  /** A path may clear them here. */
  clears(optimizer: string, call: ast.Call): void
}
