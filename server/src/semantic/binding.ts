import type * as ast from '../syntax/ast.ts'
import { conditionOf, truthOf } from './conditions.ts'
import type { Evaluation } from './evaluation.ts'
import { type Facts, forget, learn } from './facts.ts'
import { type Frame, objectKey } from './frames.ts'
import type { Model } from './model.ts'
import { targetsOf } from './targets.ts'
import type { Configurations, Walk } from './walk.ts'

/** What an assignment does to the facts of a path, and to the machine. */
export function createBinding<State extends object>(
  walk: Walk<State>,
): Pick<Evaluation<State>, 'assign' | 'assignAll'> {
  const { model, machine, relevance, merge, mapStates, expression, decide } = walk

  const assign = (
    targets: readonly ast.Expression[],
    value: ast.Expression,
    frame: Frame,
    at: Configurations<State>,
  ): Configurations<State> => {
    if (value.kind === 'IfExp') {
      const { whenTrue, whenFalse } = decide(value, frame, at)
      return merge(assign(targets, value.body, frame, whenTrue), assign(targets, value.orelse, frame, whenFalse))
    }
    return bind(targets, value, frame, expression(value, frame, value.kind === 'Call' ? remade(value, frame, at) : at))
  }

  /** What a call makes is another object each time: nothing that was known of the last one holds. */
  const remade = (value: ast.Call, frame: Frame, at: Configurations<State>): Configurations<State> => {
    if (at.every(({ facts }) => facts.size === 0)) return at
    const forgetValue = forgetting(value, frame)
    const changed = at.map(each => {
      const facts = forgetValue(each.facts)
      return facts === each.facts ? each : { state: each.state, facts }
    })
    return renewed(at, changed)
  }

  /** Binds targets to a value that has been evaluated; tuples are taken apart where both sides show their elements. */
  const bind = (
    targets: readonly ast.Expression[],
    value: ast.Expression,
    frame: Frame,
    at: Configurations<State>,
  ): Configurations<State> =>
    targets.reduce((set, target) => {
      if (target.kind !== 'Tuple' && target.kind !== 'List') return bindOne(target, value, frame, set)
      const elements = value.kind === 'Tuple' || value.kind === 'List' ? value.elements : []
      return elements.length === target.elements.length && !elements.some(({ kind }) => kind === 'Starred')
        ? target.elements.reduce((inner, each, index) => bind([each], elements[index] ?? value, frame, inner), set)
        : assignAll(targetsOf(target), frame, set)
    }, at)

  const bindOne = (
    target: ast.Expression,
    value: ast.Expression,
    frame: Frame,
    at: Configurations<State>,
  ): Configurations<State> => {
    const changed = relevance.isAskedAgain(target)
      ? decided(target, value, frame, at)
      : forgotten(target, value, frame, at)
    return mapStates(renewed(at, changed), frame, moment => machine.assign(target, value, moment))
  }

  /** The configurations after a flag was assigned, with what is known of its value. */
  const decided = (
    target: ast.Expression,
    value: ast.Expression,
    frame: Frame,
    at: Configurations<State>,
  ): Configurations<State> => {
    const [condition, source] = [conditionOf(model, target, frame), conditionOf(model, value, frame)]
    // An alias has the facts of what it stands for.
    if (condition !== undefined && condition.name === source?.name) return at
    const creation = value.kind === 'Call' && isCreation(model, value)
    const forgetTarget = forgetting(target, frame)
    return at.map(each => {
      const known = creation ? true : truthOf(value, source, each.facts)
      const rest = forgetTarget(each.facts)
      if (known === undefined) return rest === each.facts ? each : { state: each.state, facts: rest }
      return { state: each.state, facts: learn(condition, known, rest) }
    })
  }

  /** The configurations without what they knew of the target; an alias keeps the facts of what it stands for. */
  const forgotten = (
    target: ast.Expression,
    value: ast.Expression | undefined,
    frame: Frame,
    at: Configurations<State>,
  ): Configurations<State> => {
    if (at.every(({ facts }) => facts.size === 0)) return at
    if (value && objectKey(model, target, frame) === (objectKey(model, value, frame) ?? value)) return at
    const forgetTarget = forgetting(target, frame)
    return at.map(each => {
      const facts = forgetTarget(each.facts)
      return facts === each.facts ? each : { state: each.state, facts }
    })
  }

  const assignAll = (
    targets: readonly ast.Expression[],
    frame: Frame,
    at: Configurations<State>,
  ): Configurations<State> =>
    targets.reduce((set, target) => {
      const changed = forgotten(target, undefined, frame, set)
      return mapStates(renewed(set, changed), frame, moment => machine.assign(target, undefined, moment))
    }, at)

  /** What a path still knows when the target is something else. */
  const forgetting = (target: ast.Expression, frame: Frame): ((facts: Facts) => Facts) => {
    const key = objectKey(model, target, frame)
    const local = target.kind === 'Name' ? `${target.id}@${frame.depth}` : undefined
    return facts => {
      const kept = key === undefined ? facts : forget(key, facts)
      return local === undefined ? kept : forget(local, kept)
    }
  }

  /** The set itself if nothing in it changed. */
  const renewed = (before: Configurations<State>, after: Configurations<State>): Configurations<State> =>
    after.every((each, index) => each === before[index]) ? before : merge(after)

  return { assign, assignAll }
}

/** Is the value of the call certainly a new object, and so true and not None? */
const isCreation = (model: Model, call: ast.Call): boolean =>
  model.values(call).every(({ kind }) => kind === 'instance')
