import type * as ast from '../syntax/ast.ts'
import {
  BudgetExceeded,
  type Configuration,
  type ConfigurationSets,
  configurationSets,
  type Outcome,
} from './configurations.ts'
import { createEvaluation, type Evaluation } from './evaluation.ts'
import type { Machine, Moment } from './explore.ts'
import type { Frame } from './frames.ts'
import type { Model } from './model.ts'
import type { Relevance } from './relevance.ts'
import { createStatements } from './statements.ts'

/**
 * What the parts of one exploration share. Statements contain expressions, and a call in an expression runs the
 * statements of a function, so they meet here.
 */
export interface Walk<State extends object> extends ConfigurationSets<State>, Evaluation<State> {
  readonly model: Model
  readonly machine: Machine<State>
  readonly relevance: Relevance
  /** The functions that have been walked. */
  readonly visited: Set<ast.FunctionLike>
  /** Counts the work; throws `BudgetExceeded` where it becomes too much. */
  spend(amount: number): void
  mapStates(at: Configurations<State>, frame: Frame, change: (moment: Moment<State>) => State): Configurations<State>
  forgetAll(at: Configurations<State>): Configurations<State>
  block(body: readonly ast.Statement[], frame: Frame, at: Configurations<State>): Outcome<State>
}

/** The configurations of the paths that arrive at one place. */
export type Configurations<State> = readonly Configuration<State>[]

/** Statements times configurations that one root may cost. */
const budgetPerRoot = 60_000
const maximumConfigurations = 256

export function createWalk<State extends object>(
  model: Model,
  machine: Machine<State>,
  relevance: Relevance,
): Walk<State> {
  let budget = budgetPerRoot
  const sets = configurationSets<State>(state => machine.key(state), maximumConfigurations)
  const base = {
    ...sets,
    model,
    machine,
    relevance,
    visited: new Set<ast.FunctionLike>(),
    spend: (amount: number): void => {
      budget -= amount
      if (budget < 0) throw new BudgetExceeded()
    },
    mapStates: (
      at: Configurations<State>,
      frame: Frame,
      change: (moment: Moment<State>) => State,
    ): Configurations<State> => {
      let isChanged = false
      const mapped = at.map(each => {
        const state = change({ facts: each.facts, state: each.state, frame })
        if (state === each.state) return each
        isChanged = true
        return { facts: each.facts, state }
      })
      return isChanged ? sets.merge(mapped) : at
    },
    forgetAll: (at: Configurations<State>): Configurations<State> =>
      sets.merge(at.map(({ facts, state }) => ({ facts, state: machine.forget(state) }))),
  }
  const walk: Walk<State> = {
    ...base,
    block: (body, frame, at) => statements(body, frame, at),
    expression: (node, frame, at) => evaluation.expression(node, frame, at),
    split: (test, frame, at) => evaluation.split(test, frame, at),
    decide: (branch, frame, at) => evaluation.decide(branch, frame, at),
    assign: (targets, value, frame, at) => evaluation.assign(targets, value, frame, at),
    assignAll: (targets, frame, at) => evaluation.assignAll(targets, frame, at),
  }
  const evaluation = createEvaluation(walk)
  const statements = createStatements(walk)
  return walk
}
