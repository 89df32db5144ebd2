/** Which of a script's optimizers a backward pass, a clip or a `zero_grad()` concerns. */
import { nodesRun } from '../../semantic/followed.ts'
import { type Frame, objectKey, placeKey } from '../../semantic/frames.ts'
import type { Certainty, Model } from '../../semantic/model.ts'
import type * as ast from '../../syntax/ast.ts'
import { isLoopVariable } from '../loopVariables.ts'
import { moduleIdentity } from '../modules.ts'
import { parameterOwner } from '../parameters.ts'
import { remember } from '../remember.ts'
import { type Flow, flowOf, overlaps } from './flow.ts'
import type { OptimizersOnPath } from './optimizersOnPath.ts'

export interface Reach {
  /** Does a backward pass from this loss fill the gradients of the optimizer? */
  backward(loss: ast.Expression, optimizer: string, frame: Frame): Certainty
  /** Which optimizers' gradients does `x.zero_grad()` clear, `x` being an optimizer or a model? */
  zeroGrad(target: ast.Expression, frame: Frame): (optimizer: string) => Certainty
  /** The optimizers that hold these parameters. */
  holders(parameters: ast.Expression | undefined, frame: Frame): Holders
}

export interface Holders {
  readonly certain: readonly string[]
  /** The certain ones, and those of which it is not visible. */
  readonly possible: readonly string[]
}

export function createReach(model: Model, optimizers: OptimizersOnPath): Reach {
  const flows = new WeakMap<Frame, Map<ast.Expression, Flow>>()
  const flowInto = (loss: ast.Expression, frame: Frame): Flow => {
    const known = flows.get(frame) ?? new Map<ast.Expression, Flow>()
    flows.set(frame, known)
    const flow = known.get(loss) ?? flowOf(model, loss, frame, allOwners())
    known.set(loss, flow)
    return flow
  }

  const allOwners = (): ReadonlySet<string> =>
    new Set(optimizers.all().flatMap(optimizer => [...(optimizers.owners.get(optimizer) ?? [])]))

  /** May two optimizers hold the same parameters? Where it is not visible, they are taken to be made for different ones. */
  const shares = (a: string, b: string): Certainty => {
    const [held, other] = [optimizers.owners.get(a), optimizers.owners.get(b)]
    return held && other && [...held].some(each => [...other].some(owner => overlaps(each, owner))) ? 'unknown' : 'no'
  }

  return {
    backward(loss, optimizer, frame) {
      if (optimizers.all().length === 1) return 'yes'
      const owners = optimizers.owners.get(optimizer)
      if (!owners) return 'unknown'
      const { models, isComplete } = flowInto(loss, frame)
      if ([...models].some(each => [...owners].some(owner => overlaps(each, owner)))) return 'yes'
      return isComplete && models.size > 0 ? 'no' : 'unknown'
    },
    zeroGrad(target, frame) {
      const key = isLoopVariable(model, target) ? undefined : objectKey(model, target, frame)
      if (key !== undefined && optimizers.owners.has(key))
        return optimizer => (optimizer === key ? 'yes' : shares(optimizer, key))
      const identity = moduleIdentity(model, target)
      const module = identity && placeKey(model, identity, frame)
      return optimizer => {
        const owners = optimizers.owners.get(optimizer)
        if (module === undefined) return 'unknown'
        if (!owners) return optimizers.all().length === 1 ? 'yes' : 'unknown'
        if ([...owners].every(owner => overlaps(owner, module))) return 'yes'
        // A model under two names may be one model; two that the file makes are two.
        return [...owners, module].every(isMade) && ![...owners].some(owner => overlaps(owner, module))
          ? 'no'
          : 'unknown'
      }
    },
    holders(parameters, frame) {
      const owner = parameters && parameterOwner(model, parameters)
      const key = owner && placeKey(model, owner, frame)
      if (key === undefined) return { certain: [], possible: optimizers.all() }
      const holds = (optimizer: string): Certainty => {
        const owners = optimizers.owners.get(optimizer)
        if (!owners) return 'unknown'
        return [...owners].some(each => overlaps(each, key)) ? 'yes' : 'no'
      }
      return {
        certain: optimizers.all().filter(optimizer => holds(optimizer) === 'yes'),
        possible: optimizers.all().filter(optimizer => holds(optimizer) !== 'no'),
      }
    },
  }
}

/** Is it the key of something that a call in the file made, or of a part of it? */
const isMade = (key: string): boolean => /^[^.[]*\(\)@\d+-\d+/.test(key)

/** Does the script switch parameters on and off? Then a backward pass may leave gradients alone that it could reach. */
export const freezesParameters = remember((model: Model): boolean => {
  const assigned = nodesRun(model, 'Assign').flatMap(({ targets }) => targets)
  return (
    assigned.some(target => target.kind === 'Attribute' && target.attr === 'requires_grad') ||
    nodesRun(model, 'Call').some(({ func }) => /freeze|requires_?grad|toggle/i.test(model.textOf(func)))
  )
})
