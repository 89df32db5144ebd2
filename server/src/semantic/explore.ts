/**
 * Every feasible path through a script, followed through branches, loops, exceptions and calls into the file's own
 * functions, with one machine's state carried along. It answers "in which order do these things run?".
 *
 * How. The explorer interprets the syntax tree with a *set* of configurations: (facts, machine state). Equal
 * configurations are merged, so a loop is walked until it brings nothing new. A branch splits the set by the truth of its
 * test (conditions.ts); both sides are taken only where the path does not know the answer. A call of a function of the
 * file walks that function in a frame that binds its parameters (frames.ts).
 *
 *     if use_amp:                     {use_amp} scaled        {¬use_amp} plain
 *         scaler.scale(loss).backward()
 *     else:
 *         loss.backward()
 *     if use_amp:                     two paths, not four
 *         scaler.step(optimizer)
 *
 * What it assumes: a `for` loop runs at least once; an exception can strike anywhere in a `try`, so a handler knows
 * nothing of the machine; what a lambda or nested function does happens where it is called.
 */
import type * as ast from '../syntax/ast.ts'
import { BudgetExceeded } from './configurations.ts'
import type { Facts } from './facts.ts'
import { type Frame, rootFrame } from './frames.ts'
import type { Model } from './model.ts'
import { createRelevance, type Relevance } from './relevance.ts'
import { createWalk } from './walk.ts'

/** What is followed along the paths. States are immutable; equal keys mean equal states. */
export interface Machine<State> {
  readonly initial: State
  key(state: State): string
  /** Is the call one that `call` wants to see? Cheap, and the same for every path. */
  isEvent(call: ast.Call): boolean
  /** A call runs; its arguments have been evaluated. */
  call(call: ast.Call, moment: Moment<State>): State
  /** A target is assigned. No value: something unknown. */
  assign(target: ast.Expression, value: ast.Expression | undefined, moment: Moment<State>): State
  /** The next iteration of a loop begins. */
  iterate(state: State): State
  /** Something unseen may have happened: an exception, a recursion, an unreadable call. */
  forget(state: State): State
  /** Which branch the machine's own knowledge leaves open; undefined: both. */
  decide?(branch: ast.If | ast.IfExp, moment: Moment<State>): boolean | undefined
  /** A branch was entered. */
  enter?(branch: ast.If | ast.IfExp, taken: boolean, moment: Moment<State>): State
  /** An activation ended; its locals carry the mark in their keys. */
  leave?(mark: string, state: State): State
}

/** One machine state in its surroundings. */
export interface Moment<State> {
  readonly state: State
  readonly frame: Frame
  readonly facts: Facts
}

export interface Exploration {
  /** The functions that were walked, as a root or through a call. */
  readonly visited: ReadonlySet<ast.FunctionLike>
  /** False if the budget ended before the paths did; what was seen until then is on feasible paths all the same. */
  readonly isComplete: boolean
}

/** Walks all paths that begin at a function or at the module's first statement. */
export function explore<State extends object>(
  model: Model,
  root: ast.Module | ast.FunctionLike,
  machine: Machine<State>,
  /** What the explorations of one file with the same events may share. */
  relevance: Relevance = createRelevance(model, machine.isEvent),
): Exploration {
  const walk = createWalk(model, machine, relevance)
  const start = [{ facts: new Map<string, boolean>(), state: machine.initial }]
  if (root.kind !== 'Module') walk.visited.add(root)
  try {
    if (root.kind === 'Lambda') walk.expression(root.body, rootFrame(root), start)
    else walk.block(root.body, rootFrame(root), start)
    return { visited: walk.visited, isComplete: true }
  } catch (error) {
    if (error instanceof BudgetExceeded) return { visited: walk.visited, isComplete: false }
    throw error
  }
}
