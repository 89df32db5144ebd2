import type * as ast from '../syntax/ast.ts'
import { ended, type Outcome } from './configurations.ts'
import type { Frame } from './frames.ts'
import { isCompound, isExit } from './relevance.ts'
import { targetsOf } from './targets.ts'
import type { Configurations, Walk } from './walk.ts'

/** How statements lead from the configurations before them to those after them. */
export function createStatements<State extends object>(walk: Walk<State>): Walk<State>['block'] {
  const { machine, relevance, keyOf, merge, join, forgetAll, mapStates, expression, split, decide, assign, assignAll } =
    walk
  const goesOn = (next: Configurations<State>): Outcome<State> => ({ ...ended, next })

  const block = (body: readonly ast.Statement[], frame: Frame, at: Configurations<State>): Outcome<State> => {
    let outcome = goesOn(at)
    for (const each of body) {
      if (outcome.next.length === 0) break
      const after = statement(each, frame, outcome.next)
      outcome = join({ ...outcome, next: [] }, after)
    }
    return outcome
  }

  const statement = (node: ast.Statement, frame: Frame, at: Configurations<State>): Outcome<State> => {
    walk.spend(at.length)
    if (node.broken && !isCompound(node)) return goesOn(forgetAll(at))
    if (isCompound(node) && node.kind !== 'With' && !relevance.isRelevant(node))
      return goesOn(assignAll(relevance.assigned(node), frame, at))
    switch (node.kind) {
      case 'Expr':
        return isExit(node.value) ? ended : goesOn(expression(node.value, frame, at))
      case 'Assign':
        return goesOn(assign(node.targets, node.value, frame, at))
      case 'AnnAssign':
        return goesOn(node.value ? assign([node.target], node.value, frame, at) : at)
      case 'AugAssign':
        return goesOn(assignAll([node.target], frame, expression(node.value, frame, at)))
      case 'If':
        return branch(node, frame, at)
      case 'For':
      case 'While':
        return loop(node, frame, at)
      case 'With':
        return withBlock(node, frame, at)
      case 'Try':
        return tryBlock(node, frame, at)
      case 'Match':
        return matchBlock(node, frame, at)
      case 'Return':
        return { ...ended, returns: node.value ? expression(node.value, frame, at) : at }
      case 'Raise':
        return ended
      case 'Break':
        return { ...ended, breaks: at }
      case 'Continue':
        return { ...ended, continues: at }
      case 'Assert': {
        const { whenTrue } = split(node.test, frame, at)
        return goesOn(whenTrue)
      }
      default:
        return goesOn(at)
    }
  }

  const branch = (node: ast.If, frame: Frame, at: Configurations<State>): Outcome<State> => {
    const { whenTrue, whenFalse } = decide(node, frame, at)
    return join(block(node.body, frame, whenTrue), block(node.orelse, frame, whenFalse))
  }

  const loop = (node: ast.For | ast.While, frame: Frame, at: Configurations<State>): Outcome<State> => {
    const seen = new Set<number>()
    let entries = node.kind === 'For' ? expression(node.iter, frame, at) : at
    let left: Configurations<State> = []
    let broken: Configurations<State> = []
    let returns: Configurations<State> = []
    for (let isFirst = true; ; isFirst = false) {
      if (node.kind === 'For' && !isFirst) left = merge(left, entries)
      const fresh = entries.filter(each => !seen.has(keyOf(each)))
      if (fresh.length === 0) break
      for (const each of fresh) seen.add(keyOf(each))
      let body: Configurations<State>
      if (node.kind === 'For') body = assignAll(targetsOf(node.target), frame, fresh)
      else {
        const { whenTrue, whenFalse } = split(node.test, frame, fresh)
        left = merge(left, whenFalse)
        body = whenTrue
      }
      const outcome = block(node.body, frame, body)
      broken = merge(broken, outcome.breaks)
      returns = merge(returns, outcome.returns)
      entries = mapStates(merge(outcome.next, outcome.continues), frame, ({ state }) => machine.iterate(state))
    }
    const after = block(node.orelse, frame, left)
    return { ...after, next: merge(after.next, broken), returns: merge(after.returns, returns) }
  }

  const withBlock = (node: ast.With, frame: Frame, at: Configurations<State>): Outcome<State> => {
    let entered = at
    for (const { contextExpression, optionalVars } of node.items) {
      entered = expression(contextExpression, frame, entered)
      if (optionalVars) entered = assignAll(targetsOf(optionalVars), frame, entered)
    }
    return block(node.body, frame, entered)
  }

  const tryBlock = (node: ast.Try, frame: Frame, at: Configurations<State>): Outcome<State> => {
    const body = block(node.body, frame, at)
    const struck = forgetAll(merge(at, body.next))
    const handled = node.handlers.map(handler => {
      const entered = handler.name ? assignAll([handler.name], frame, struck) : struck
      return block(handler.body, frame, entered)
    })
    const completed = block(node.orelse, frame, body.next)
    const outcome = join({ ...body, next: [] }, completed, ...handled)
    if (node.finalbody.length === 0) return outcome
    const through = (set: Configurations<State>): Outcome<State> => block(node.finalbody, frame, set)
    const [next, breaks, continues, returns] = [
      through(outcome.next),
      through(outcome.breaks),
      through(outcome.continues),
      through(outcome.returns),
    ]
    return join(
      next,
      { ...breaks, next: [], breaks: merge(breaks.breaks, breaks.next) },
      { ...continues, next: [], continues: merge(continues.continues, continues.next) },
      { ...returns, next: [], returns: merge(returns.returns, returns.next) },
    )
  }

  const matchBlock = (node: ast.Match, frame: Frame, at: Configurations<State>): Outcome<State> => {
    let open = expression(node.subject, frame, at)
    const outcomes: Outcome<State>[] = []
    for (const { pattern, guard, body } of node.cases) {
      const bound = assignAll(pattern.captures, frame, open)
      const sides = guard ? split(guard, frame, bound) : { whenTrue: bound, whenFalse: [] }
      outcomes.push(block(body, frame, sides.whenTrue))
      open = pattern.irrefutable ? sides.whenFalse : merge(open, sides.whenFalse)
      if (open.length === 0) break
    }
    return join(goesOn(open), ...outcomes)
  }

  return block
}
