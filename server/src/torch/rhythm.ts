/** How often a scheduler steps, as somebody would say it: once per epoch, once every 4 batches. */
import type { Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { encloses } from '../syntax/walk.ts'
import { accumulations } from './accumulation.ts'
import { numberOf } from './counts.ts'
import { iteratedBy, iterationCount, mostSteps, type Stepping, stepCount } from './stepping.ts'

export interface Rhythm {
  /** An iteration is one of a loop that goes through no loader. */
  readonly unit: 'epoch' | 'batch' | 'iteration'
  /** One step in so many; undefined: in each. */
  readonly every: number | undefined
  readonly perEpoch: number | undefined
  readonly total: number | undefined
  /** Nothing ends the loops early, or leaves an iteration out. */
  readonly isExact: boolean
}

/** Undefined where the rhythm is not certain. */
export function rhythmOf(model: Model, stepping: Stepping): Rhythm | undefined {
  const { loops, level, isReplaced, isInterruptible, isRegular } = stepping
  const [inner, outer] = loops
  if (!inner || !level || isReplaced || inner.training?.mode !== 'training') return undefined
  if (isLeftOut(model, stepping)) return undefined
  const every = isRegular ? undefined : accumulated(model, stepping)
  if (!isRegular && every === undefined) return undefined
  const unit = level === 'epoch' ? (isEpoch(model, stepping) ? 'epoch' : undefined) : unitOf(model, inner.node)
  if (!unit) return undefined
  const isPlain = every === undefined
  const perEpoch =
    unit !== 'epoch' && isPlain && outer?.training?.level === 'epoch'
      ? numberOf(iterationCount(model, inner.node))
      : undefined
  const total = isPlain
    ? whole(numberOf(isInterruptible ? mostSteps(model, stepping) : stepCount(model, stepping)))
    : undefined
  return { unit, every, perEpoch: whole(perEpoch), total, isExact: !isInterruptible }
}

const whole = (count: number | undefined): number | undefined =>
  count !== undefined && Number.isInteger(count) && count > 0 ? count : undefined

/** Does `continue` in front of the step end some iterations without it? */
function isLeftOut(model: Model, { loops: [inner], step }: Stepping): boolean {
  if (!inner) return false
  const comesLater = (node: ast.Continue) => encloses(inner.node, step.call) && node.start > step.call.end
  return model.nodes('Continue', inner.node).some(node => model.loops(node)[0] === inner.node && !comesLater(node))
}

/** Of a step beside the optimizer's, in the branch of every few batches, the number of these. */
function accumulated(model: Model, { step, loops }: Stepping): number | undefined {
  const found = accumulations(model).find(
    ({ branch, loop }) =>
      loop === loops[0]?.node && branch.body.some(statement => statement === expressionOf(step.call)),
  )
  const every = found && model.constant(found.test.every)
  return typeof every === 'number' && every > 1 ? every : undefined
}

const expressionOf = ({ parent }: ast.Call): ast.Node | undefined => (parent?.kind === 'Expr' ? parent : undefined)

/** A loop over a range, or an endless one, may go through anything; one over a loader has batches. */
function unitOf(model: Model, loop: ast.For | ast.While): 'batch' | 'iteration' {
  if (loop.kind === 'While') return 'iteration'
  const { kind } = iteratedBy(model, loop)
  return kind === 'Name' || kind === 'Attribute' || kind === 'Subscript' ? 'batch' : 'iteration'
}

/** A loop around a loop of batches has epochs, unless it has batches itself, which the inner one goes through in parts. */
function isEpoch(model: Model, { loops }: Stepping): boolean {
  const [loop] = loops
  if (!loop || loop.training?.events.some(({ kind }) => kind === 'step' || kind === 'backward')) return false
  const head = model.textOf(loop.node.kind === 'For' ? loop.node.target : loop.node.test)
  if (/epoch/i.test(head)) return true
  return loop.node.kind === 'For' && iteratedBy(model, loop.node).kind === 'Call'
}
