/** Schedulers that SequentialLR or ChainedScheduler steps, and the script steps too. */
import type { Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { encloses } from '../syntax/walk.ts'
import { childrenOf } from './schedulerCombinations.ts'
import { type SchedulerCall, type SchedulerCreation, schedulerCalls, schedulerCreationsOf } from './schedulers.ts'

export interface SteppedChild {
  readonly child: SchedulerCall
  /** The step of the scheduler that combines them. */
  readonly combined: SchedulerCall
}

export function steppedChildren(model: Model): readonly SteppedChild[] {
  const steps = schedulerCalls(model).filter(({ method }) => method === 'step')
  return steps.flatMap(child => {
    const combined = steps.find(other => combines(model, other, child) && bothRun(model, child.call, other.call))
    return combined ? [{ child, combined }] : []
  })
}

/** Is the one, whichever it may be, made of the other, and before the other is stepped? */
function combines(model: Model, combined: SchedulerCall, child: SchedulerCall): boolean {
  return combined.creations.every(creation => {
    const children = childCreations(model, creation)
    const isMade = model.scope(creation.call) !== model.scope(child.call) || creation.call.end <= child.call.start
    return isMade && child.creations.every(made => children.includes(made))
  })
}

function childCreations(model: Model, creation: SchedulerCreation): readonly SchedulerCreation[] {
  return (childrenOf(model, creation) ?? []).flatMap(child => schedulerCreationsOf(model, child) ?? [])
}

/** Does the child's step stand among, or inside, the statements next to the other's, with no way out between them? */
function bothRun(model: Model, child: ast.Call, combined: ast.Call): boolean {
  const { parent } = combined
  const suite =
    parent?.kind === 'Expr' && parent.parent ? suitesOf(parent.parent).find(each => each.includes(parent)) : []
  const sibling = suite?.find(each => encloses(each, child))
  if (!sibling || model.scope(child) !== model.scope(combined)) return false
  const innermost = model.loops(combined)[0]
  const leaves = (['Break', 'Continue', 'Return', 'Raise'] as const).some(kind => model.nodes(kind, sibling).length > 0)
  return model.loops(child)[0] === innermost && !leaves
}

function suitesOf(node: ast.Node): readonly (readonly ast.Statement[])[] {
  if (node.kind === 'If' || node.kind === 'For' || node.kind === 'While') return [node.body, node.orelse]
  return node.kind === 'With' || node.kind === 'FunctionDef' ? [node.body] : []
}
