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
import { children } from '../syntax/walk.ts'
import { conditionOf, type Facts, forget, forgetLocals, learn, truth } from './conditions.ts'
import { constructorFrame, enterFrame, type Frame, isActive, localMark, objectKey, rootFrame } from './frames.ts'
import type { Model } from './model.ts'
import { createRelevance, initializer, isExit, type Relevance } from './relevance.ts'

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

interface Configuration<State> {
  readonly facts: Facts
  readonly state: State
}
type Set_<State> = readonly Configuration<State>[]

/** Where control may be after a statement. */
interface Outcome<State> {
  readonly next: Set_<State>
  readonly breaks: Set_<State>
  readonly continues: Set_<State>
  readonly returns: Set_<State>
}

const maximumDepth = 8
/** Statements times configurations that one root may cost. */
const budgetPerRoot = 60_000
const maximumConfigurations = 256

class BudgetExceeded extends Error {}

/** Walks all paths that begin at a function or at the module's first statement. */
export function explore<State extends object>(
  model: Model,
  root: ast.Module | ast.FunctionLike,
  machine: Machine<State>,
): Exploration {
  const visited = new Set<ast.FunctionLike>()
  if (root.kind !== 'Module') visited.add(root)
  const walker = createWalker(model, machine, createRelevance(model, machine.isEvent), visited)
  const start = [{ facts: new Map(), state: machine.initial }]
  try {
    if (root.kind === 'Lambda') walker.expression(root.body, rootFrame(root), start)
    else walker.block(root.body, rootFrame(root), start)
    return { visited, isComplete: true }
  } catch (error) {
    if (error instanceof BudgetExceeded) return { visited, isComplete: false }
    throw error
  }
}

function createWalker<State extends object>(
  model: Model,
  machine: Machine<State>,
  relevance: Relevance,
  visited: Set<ast.FunctionLike>,
) {
  type Configurations = Set_<State>
  let budget = budgetPerRoot

  const stateKeys = new WeakMap<object, string>()
  const keyOf = ({ facts, state }: Configuration<State>): string =>
    `${remembered(stateKeys, state, () => machine.key(state))}|${factsKey(facts)}`

  /** Equal configurations merged; the first keeps its history. */
  const merge = (...sets: readonly Configurations[]): Configurations => {
    const all = sets.flat()
    if (all.length < 2) return all
    const merged = [...new Map(all.map(each => [keyOf(each), each] as const).reverse()).values()].reverse()
    if (merged.length > maximumConfigurations) throw new BudgetExceeded()
    return merged
  }

  const ended: Outcome<State> = { next: [], breaks: [], continues: [], returns: [] }
  const goesOn = (next: Configurations): Outcome<State> => ({ ...ended, next })
  const join = (...outcomes: readonly Outcome<State>[]): Outcome<State> => ({
    next: merge(...outcomes.map(({ next }) => next)),
    breaks: merge(...outcomes.map(({ breaks }) => breaks)),
    continues: merge(...outcomes.map(({ continues }) => continues)),
    returns: merge(...outcomes.map(({ returns }) => returns)),
  })

  const mapStates = (at: Configurations, frame: Frame, change: (moment: Moment<State>) => State): Configurations =>
    merge(at.map(({ facts, state }) => ({ facts, state: change({ facts, state, frame }) })))

  const forgetAll = (at: Configurations): Configurations =>
    merge(at.map(({ facts, state }) => ({ facts, state: machine.forget(state) })))

  const block = (body: readonly ast.Statement[], frame: Frame, at: Configurations): Outcome<State> => {
    let outcome = goesOn(at)
    for (const each of body) {
      if (outcome.next.length === 0) break
      const after = statement(each, frame, outcome.next)
      outcome = join({ ...outcome, next: [] }, after)
    }
    return outcome
  }

  const statement = (node: ast.Statement, frame: Frame, at: Configurations): Outcome<State> => {
    budget -= at.length
    if (budget < 0) throw new BudgetExceeded()
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

  const branch = (node: ast.If, frame: Frame, at: Configurations): Outcome<State> => {
    const { whenTrue, whenFalse } = decide(node, frame, at)
    return join(block(node.body, frame, whenTrue), block(node.orelse, frame, whenFalse))
  }

  /** The two sides of a branch: by the path's facts, and where they are silent by what the machine knows. */
  const decide = (node: ast.If | ast.IfExp, frame: Frame, at: Configurations) => {
    const decision = ({ facts, state }: Configuration<State>): boolean | undefined =>
      truth(model, node.test, frame, facts) ?? machine.decide?.(node, { facts, state, frame })
    const { whenTrue } = split(
      node.test,
      frame,
      at.filter(each => decision(each) !== false),
    )
    const forced = split(
      node.test,
      frame,
      at.filter(each => decision(each) === false),
    )
    const open = split(
      node.test,
      frame,
      at.filter(each => decision(each) === undefined),
    )
    const enter = (side: Configurations, taken: boolean): Configurations =>
      machine.enter ? mapStates(side, frame, moment => machine.enter?.(node, taken, moment) ?? moment.state) : side
    return { whenTrue: enter(whenTrue, true), whenFalse: enter(merge(forced.whenFalse, open.whenFalse), false) }
  }

  /** Evaluates a test and splits the configurations by its truth. */
  const split = (
    test: ast.Expression,
    frame: Frame,
    at: Configurations,
  ): { whenTrue: Configurations; whenFalse: Configurations } => {
    if (test.kind === 'UnaryOp' && test.op === 'not') {
      const { whenTrue, whenFalse } = split(test.operand, frame, at)
      return { whenTrue: whenFalse, whenFalse: whenTrue }
    }
    if (test.kind === 'BoolOp') {
      let open = at
      let decided: Configurations = []
      for (const value of test.values) {
        const sides = split(value, frame, open)
        const [goOn, stop] = test.op === 'and' ? [sides.whenTrue, sides.whenFalse] : [sides.whenFalse, sides.whenTrue]
        open = goOn
        decided = merge(decided, stop)
      }
      return test.op === 'and' ? { whenTrue: open, whenFalse: decided } : { whenTrue: decided, whenFalse: open }
    }
    const evaluated = expression(test, frame, at)
    const condition = relevance.isAskedAgain(test) ? conditionOf(model, test, frame) : undefined
    const side = (value: boolean): Configurations =>
      evaluated
        .filter(({ facts }) => (truth(model, test, frame, facts) ?? value) === value)
        .map(({ facts, state }) => ({ state, facts: learn(condition, value, facts) }))
    return { whenTrue: side(true), whenFalse: side(false) }
  }

  const loop = (node: ast.For | ast.While, frame: Frame, at: Configurations): Outcome<State> => {
    const seen = new Set<string>()
    let entries = node.kind === 'For' ? expression(node.iter, frame, at) : at
    let left: Configurations = []
    let broken: Configurations = []
    let returns: Configurations = []
    for (let isFirst = true; ; isFirst = false) {
      if (node.kind === 'For' && !isFirst) left = merge(left, entries)
      const fresh = entries.filter(each => !seen.has(keyOf(each)))
      if (fresh.length === 0) break
      for (const each of fresh) seen.add(keyOf(each))
      let body: Configurations
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

  const withBlock = (node: ast.With, frame: Frame, at: Configurations): Outcome<State> => {
    let entered = at
    for (const { contextExpression, optionalVars } of node.items) {
      entered = expression(contextExpression, frame, entered)
      if (optionalVars) entered = assignAll(targetsOf(optionalVars), frame, entered)
    }
    return block(node.body, frame, entered)
  }

  const tryBlock = (node: ast.Try, frame: Frame, at: Configurations): Outcome<State> => {
    const body = block(node.body, frame, at)
    const struck = forgetAll(merge(at, body.next))
    const handled = node.handlers.map(handler => {
      const entered = handler.name ? assignAll([handler.name], frame, struck) : struck
      return block(handler.body, frame, entered)
    })
    const completed = block(node.orelse, frame, body.next)
    const outcome = join({ ...body, next: [] }, completed, ...handled)
    if (node.finalbody.length === 0) return outcome
    const through = (set: Configurations): Outcome<State> => block(node.finalbody, frame, set)
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

  const matchBlock = (node: ast.Match, frame: Frame, at: Configurations): Outcome<State> => {
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

  /** Evaluates an expression for what its relevant calls do, in Python's order of evaluation. */
  const expression = (node: ast.Expression, frame: Frame, at: Configurations): Configurations => {
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
        const parts = [node.func, ...node.args, ...node.keywords.map(({ value }) => value)]
        return call(
          node,
          frame,
          parts.reduce((set, part) => expression(part, frame, set), at),
        )
      }
      case 'NamedExpr':
        return assign([node.target], node.value, frame, at)
      case 'Lambda':
        return at
      default:
        return children(node).reduce((set, child) => parts(child, frame, set), at)
    }
  }

  /** Children of an expression that are no expressions themselves (keywords, comprehension clauses). */
  const parts = (node: ast.Node, frame: Frame, at: Configurations): Configurations => {
    if (node.kind === 'Keyword') return expression(node.value, frame, at)
    if (node.kind === 'Comprehension')
      return [node.iter, ...node.ifs].reduce((set, part) => expression(part, frame, set), at)
    return expression(node as ast.Expression, frame, at)
  }

  const call = (node: ast.Call, frame: Frame, at: Configurations): Configurations => {
    const after = machine.isEvent(node) ? mapStates(at, frame, moment => machine.call(node, moment)) : at
    const callee = model.callee(node)
    if (callee.kind === 'function') return inline(callee.node, enterFrame(model, node, callee, frame), after)
    const init = callee.kind === 'class' ? initializer(callee.node) : undefined
    return init ? inline(init, constructorFrame(model, node, init, frame), after) : after
  }

  const inline = (code: ast.FunctionLike, frame: Frame, at: Configurations): Configurations => {
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

  const assign = (
    targets: readonly ast.Expression[],
    value: ast.Expression,
    frame: Frame,
    at: Configurations,
  ): Configurations => {
    if (value.kind === 'IfExp') {
      const { whenTrue, whenFalse } = decide(value, frame, at)
      return merge(assign(targets, value.body, frame, whenTrue), assign(targets, value.orelse, frame, whenFalse))
    }
    return bind(targets, value, frame, expression(value, frame, at))
  }

  /** Binds targets to a value that has been evaluated; tuples are taken apart where both sides show their elements. */
  const bind = (
    targets: readonly ast.Expression[],
    value: ast.Expression,
    frame: Frame,
    at: Configurations,
  ): Configurations =>
    targets.reduce((set, target) => {
      if (target.kind !== 'Tuple' && target.kind !== 'List') return bindOne(target, value, frame, set)
      const elements = value.kind === 'Tuple' || value.kind === 'List' ? value.elements : []
      return elements.length === target.elements.length && !elements.some(({ kind }) => kind === 'Starred')
        ? target.elements.reduce((inner, each, index) => bind([each], elements[index] ?? value, frame, inner), set)
        : assignAll(targetsOf(target), frame, set)
    }, at)

  const bindOne = (target: ast.Expression, value: ast.Expression, frame: Frame, at: Configurations): Configurations => {
    const [condition, source] = [conditionOf(model, target, frame), conditionOf(model, value, frame)]
    const isAlias = condition !== undefined && condition.name === source?.name
    const isAsked = relevance.isAskedAgain(target)
    const changed = at.map(({ facts, state }) => {
      if (isAlias) return { facts, state }
      const known = value.kind === 'Call' && isCreation(model, value) ? true : truth(model, value, frame, facts)
      const rest = forgetTarget(target, frame, facts)
      return { state, facts: known === undefined || !isAsked ? rest : learn(condition, known, rest) }
    })
    return mapStates(changed, frame, moment => machine.assign(target, value, moment))
  }

  const assignAll = (targets: readonly ast.Expression[], frame: Frame, at: Configurations): Configurations =>
    targets.reduce((set, target) => {
      const changed = set.map(({ facts, state }) => ({ state, facts: forgetTarget(target, frame, facts) }))
      return mapStates(changed, frame, moment => machine.assign(target, undefined, moment))
    }, at)

  const forgetTarget = (target: ast.Expression, frame: Frame, facts: Facts): Facts => {
    if (facts.size === 0) return facts
    const key = objectKey(model, target, frame)
    const kept = key === undefined ? facts : forget(key, facts)
    return target.kind === 'Name' ? forget(`${target.id}@${frame.depth}`, kept) : kept
  }

  return { block, expression }
}

const factKeys = new WeakMap<Facts, string>()
const factsKey = (facts: Facts): string =>
  remembered(factKeys, facts, () =>
    [...facts]
      .map(([name, value]) => `${name}=${value}`)
      .sort()
      .join('|'),
  )

function remembered<Key extends object>(known: WeakMap<Key, string>, key: Key, compute: () => string): string {
  let answer = known.get(key)
  if (answer === undefined) {
    answer = compute()
    known.set(key, answer)
  }
  return answer
}

const isCompound = ({ kind }: ast.Statement): boolean =>
  kind === 'If' || kind === 'For' || kind === 'While' || kind === 'With' || kind === 'Try' || kind === 'Match'

const targetsOf = (target: ast.Expression): readonly ast.Expression[] => {
  if (target.kind === 'Tuple' || target.kind === 'List') return target.elements.flatMap(targetsOf)
  return target.kind === 'Starred' ? targetsOf(target.value) : [target]
}

/** Is the value of the call certainly a new object, and so true and not None? */
const isCreation = (model: Model, call: ast.Call): boolean =>
  model.values(call).every(({ kind }) => kind === 'instance')

/** A generator's or coroutine's body does not run when it is called. */
function isDeferred(model: Model, code: ast.FunctionLike): boolean {
  if (code.kind === 'Lambda') return false
  return (
    code.isAsync ||
    (['Yield', 'YieldFrom'] as const).some(kind => model.nodes(kind, code).some(node => model.scope(node) === code))
  )
}
