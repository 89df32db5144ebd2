import type * as ast from '../syntax/ast.ts'
import { children } from '../syntax/walk.ts'
import { createBinding } from './binding.ts'
import { conditionOf, truthOf } from './conditions.ts'
import { calleeOn, initializer } from './dispatch.ts'
import { forgetLocals, learn } from './facts.ts'
import { constructorFrame, enterFrame, type Frame, isActive, localMark } from './frames.ts'
import type { Model } from './model.ts'
import type { Configurations, Walk } from './walk.ts'

/** How expressions, tests and assignments lead from the configurations before them to those after them. */
export interface Evaluation<State extends object> {
  expression(node: ast.Expression, frame: Frame, at: Configurations<State>): Configurations<State>
  /** Evaluates a test and splits the configurations by its truth. */
  split(test: ast.Expression, frame: Frame, at: Configurations<State>): Sides<State>
  /** The two sides of a branch: by the path's facts, and where they are silent by what the machine knows. */
  decide(branch: ast.If | ast.IfExp, frame: Frame, at: Configurations<State>): Sides<State>
  assign(
    targets: readonly ast.Expression[],
    value: ast.Expression,
    frame: Frame,
    at: Configurations<State>,
  ): Configurations<State>
  /** Assigns something unknown to each of the targets. */
  assignAll(targets: readonly ast.Expression[], frame: Frame, at: Configurations<State>): Configurations<State>
}

export interface Sides<State extends object> {
  readonly whenTrue: Configurations<State>
  readonly whenFalse: Configurations<State>
}

const maximumDepth = 8

export function createEvaluation<State extends object>(walk: Walk<State>): Evaluation<State> {
  const { model, machine, relevance, visited, merge, forgetAll, mapStates, block } = walk
  const { assign, assignAll } = createBinding(walk)

  const decide = (node: ast.If | ast.IfExp, frame: Frame, at: Configurations<State>): Sides<State> => {
    const condition = conditionOf(model, node.test, frame)
    const decisions = at.map(
      ({ facts, state }) => truthOf(node.test, condition, facts) ?? machine.decide?.(node, { facts, state, frame }),
    )
    const decided = (...answers: readonly (boolean | undefined)[]): Configurations<State> =>
      at.filter((_, index) => answers.includes(decisions[index]))
    const { whenTrue } = split(node.test, frame, decided(true, undefined))
    const forced = split(node.test, frame, decided(false))
    const open = split(node.test, frame, decided(undefined))
    const enter = (side: Configurations<State>, taken: boolean): Configurations<State> =>
      machine.enter ? mapStates(side, frame, moment => machine.enter?.(node, taken, moment) ?? moment.state) : side
    return { whenTrue: enter(whenTrue, true), whenFalse: enter(merge(forced.whenFalse, open.whenFalse), false) }
  }

  const split = (test: ast.Expression, frame: Frame, at: Configurations<State>): Sides<State> => {
    if (test.kind === 'UnaryOp' && test.op === 'not') {
      const { whenTrue, whenFalse } = split(test.operand, frame, at)
      return { whenTrue: whenFalse, whenFalse: whenTrue }
    }
    if (test.kind === 'BoolOp') {
      let open = at
      let decided: Configurations<State> = []
      for (const value of test.values) {
        const sides = split(value, frame, open)
        const [goOn, stop] = test.op === 'and' ? [sides.whenTrue, sides.whenFalse] : [sides.whenFalse, sides.whenTrue]
        open = goOn
        decided = merge(decided, stop)
      }
      return test.op === 'and' ? { whenTrue: open, whenFalse: decided } : { whenTrue: decided, whenFalse: open }
    }
    const evaluated = expression(test, frame, at)
    const condition = conditionOf(model, test, frame)
    const remembered = relevance.isAskedAgain(test) ? condition : undefined
    const side = (value: boolean): Configurations<State> =>
      evaluated
        .filter(({ facts }) => (truthOf(test, condition, facts) ?? value) === value)
        .map(({ facts, state }) => ({ state, facts: learn(remembered, value, facts) }))
    return { whenTrue: side(true), whenFalse: side(false) }
  }

  /** Evaluates an expression for what its relevant calls do, in Python's order of evaluation. */
  const expression = (node: ast.Expression, frame: Frame, at: Configurations<State>): Configurations<State> => {
    if (at.length === 0 || !relevance.isRelevant(node)) return at
    switch (node.kind) {
      case 'IfExp': {
        const { whenTrue, whenFalse } = decide(node, frame, at)
        return merge(expression(node.body, frame, whenTrue), expression(node.orelse, frame, whenFalse))
      }
      case 'BoolOp': {
        const { whenTrue, whenFalse } = split(node, frame, at)
        return merge(whenTrue, whenFalse)
      }
      case 'Call': {
        const evaluated = [node.func, ...node.args, ...node.keywords.map(({ value }) => value)]
        return call(
          node,
          frame,
          evaluated.reduce((set, each) => expression(each, frame, set), at),
        )
      }
      case 'NamedExpr':
        return assign([node.target], node.value, frame, at)
      case 'Lambda':
        return at
      default:
        return children(node).reduce((set, child) => part(child, frame, set), at)
    }
  }

  /** Children of an expression that are no expressions themselves: keywords, the clauses of a comprehension. */
  const part = (node: ast.Node, frame: Frame, at: Configurations<State>): Configurations<State> => {
    if (node.kind === 'Keyword') return expression(node.value, frame, at)
    if (node.kind === 'Comprehension')
      return [node.iter, ...node.ifs].reduce((set, each) => expression(each, frame, set), at)
    return expression(node as ast.Expression, frame, at)
  }

  const call = (node: ast.Call, frame: Frame, at: Configurations<State>): Configurations<State> => {
    const callee = calleeOn(model, node, frame)
    // What the machine thinks of a call of something unknown does not hold where the path knows what it is.
    const isEvent = machine.isEvent(node) && (callee.kind === 'unknown' || model.callee(node).kind !== 'unknown')
    const after = isEvent ? mapStates(at, frame, moment => machine.call(node, moment)) : at
    if (callee.kind === 'function') return inline(callee.node, enterFrame(model, node, callee, frame), after)
    if (callee.kind === 'unknown' && relevance.mayRunRelevant(node)) return forgetAll(after)
    const init = callee.kind === 'class' ? initializer(callee.node) : undefined
    return callee.kind === 'class' && init
      ? inline(init, constructorFrame(model, node, callee, init, frame), after)
      : after
  }

  const inline = (code: ast.FunctionLike, frame: Frame, at: Configurations<State>): Configurations<State> => {
    if (!relevance.isRelevantFunction(code)) return at
    if (frame.depth > maximumDepth || isActive(code, frame.caller) || isDeferred(model, code)) return forgetAll(at)
    visited.add(code)
    if (code.kind === 'Lambda') return expression(code.body, frame, at)
    const { next, returns } = block(code.body, frame, at)
    const mark = localMark(frame)
    return merge(
      [...next, ...returns].map(({ facts, state }) => ({
        facts: forgetLocals(mark, facts),
        state: machine.leave?.(mark, state) ?? state,
      })),
    )
  }

  return { expression, split, decide, assign, assignAll }
}

/** A generator's or coroutine's body does not run when it is called. */
function isDeferred(model: Model, code: ast.FunctionLike): boolean {
  if (code.kind === 'Lambda') return false
  return (
    code.isAsync ||
    (['Yield', 'YieldFrom'] as const).some(kind => model.nodes(kind, code).some(node => model.scope(node) === code))
  )
}
