import type * as ast from '../syntax/ast.ts'
import { conditionOf, type Facts, forget, learn, truth } from './conditions.ts'
import type { Evaluation } from './evaluation.ts'
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
    return bind(targets, value, frame, expression(value, frame, at))
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

  const assignAll = (
    targets: readonly ast.Expression[],
    frame: Frame,
    at: Configurations<State>,
  ): Configurations<State> =>
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

  return { assign, assignAll }
}

/** Is the value of the call certainly a new object, and so true and not None? */
const isCreation = (model: Model, call: ast.Call): boolean =>
  model.values(call).every(({ kind }) => kind === 'instance')
