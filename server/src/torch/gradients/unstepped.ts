/** Backward passes in loops whose gradients no optimizer uses, though the script makes one for them. */
import { nodesRun } from '../../semantic/followed.ts'
import { type Frame, rootFrame } from '../../semantic/frames.ts'
import type { Model } from '../../semantic/model.ts'
import type * as ast from '../../syntax/ast.ts'
import { backwardPasses } from '../backward.ts'
import { nameOf } from '../names.ts'
import { isOnlyAsked, looksUpNames } from '../onlyAsked.ts'
import { type OptimizerCreation, optimizerCreations, optimizersRun } from '../optimizers.ts'
import { isProbe } from '../probes.ts'
import { isScheduler } from '../schedulers.ts'
import { importsTrainer, methodCall } from '../usage.ts'
import { flowOf, overlaps, ownersOf } from './flow.ts'

export interface UnsteppedBackward {
  readonly call: ast.Call
  /** The optimizer as it is named. */
  readonly optimizer: string
  readonly creation: ast.Call
}

export function unsteppedBackwards(model: Model): readonly UnsteppedBackward[] {
  const passes = backwardPasses(model).filter(({ call }) => model.loops(call).length > 0)
  if (passes.length === 0 || importsTrainer(model) || looksUpNames(model) || updatesByHand(model)) return []
  return optimizerCreations(model).flatMap(creation => {
    const optimizer = nameOf(model, creation.call)
    if (optimizer === undefined || isProbe(model, creation.call) || !isNeverStepped(model, creation)) return []
    if (isSharedWithAnother(model, creation)) return []
    const pass = passes.find(
      ({ call, loss }) => !isMadeAfter(model, creation, call) && isFilledBy(model, creation, loss),
    )
    return pass ? [{ call: pass.call, optimizer, creation: creation.call }] : []
  })
}

/** What an optimizer may be asked without being stepped. */
const questions = new Set([
  'add_param_group',
  'defaults',
  'load_state_dict',
  'param_groups',
  'state',
  'state_dict',
  'zero_grad',
])

function isNeverStepped(model: Model, { call }: OptimizerCreation): boolean {
  const isScheduled = (argument: ast.Expression): boolean => {
    const { parent } = argument
    const receiver = parent?.kind === 'Keyword' ? parent.parent : parent
    if (receiver?.kind !== 'Call' || receiver.func === argument) return false
    return model.qualifiedName(receiver.func)?.startsWith('torch.optim.lr_scheduler.') === true
  }
  return isOnlyAsked(model, call, questions, isScheduled)
}

/**
 * Another optimizer, if it is stepped, uses the gradients of the parameters that it has in common with this one. What one
 * of another file has is not known.
 */
function isSharedWithAnother(model: Model, creation: OptimizerCreation): boolean {
  const owners = ownersOf(model, creation, frameAt(model, creation.call))
  return optimizersRun(model).some(other => {
    if (other.call === creation.call) return false
    if (model.moduleOf(other.call) !== model.module) return true
    const others = isNeverStepped(model, other) ? [] : ownersOf(model, other, frameAt(model, other.call))
    return !owners || !others || [...others].some(each => [...owners].some(owner => overlaps(each, owner)))
  })
}

/** Is the optimizer made when the loop with the backward pass has ended? */
function isMadeAfter(model: Model, { call }: OptimizerCreation, backward: ast.Call): boolean {
  const loop = model.loops(backward).at(-1)
  return loop !== undefined && model.scope(call) === model.scope(backward) && call.start > loop.end
}

/** Does the script change parameters in some other way: by hand, or by calling something that is not known to be a scheduler? */
function updatesByHand(model: Model): boolean {
  if (nodesRun(model, 'Attribute').some(({ attr }) => /^_?grad$/.test(attr))) return true
  return nodesRun(model, 'Call').some(call => {
    const name = methodCall(call)?.method ?? (call.func.kind === 'Name' ? call.func.id : '')
    if (!/step|optimi|update|learn|fit|train_/i.test(name) || model.callee(call).kind === 'function') return false
    const method = methodCall(call)
    if (method && isKnown(model, method.receiver)) return false
    return !/^torch\.optim\./.test(model.qualifiedName(call.func) ?? '')
  })
}

/** A scheduler, or something that shows progress. */
function isKnown(model: Model, receiver: ast.Expression): boolean {
  if (isScheduler(model, receiver) === 'yes') return true
  return /(?:bar|meter|writer|logger|tqdm)\w*$/i.test(model.textOf(receiver))
}

/** Does a backward pass from the loss certainly fill the gradients of the optimizer? */
function isFilledBy(model: Model, creation: OptimizerCreation, loss: ast.Expression): boolean {
  const frame = frameAt(model, loss)
  const owners = ownersOf(model, creation, frame)
  if (!owners) return false
  const { models } = flowOf(model, loss, frame, owners)
  return [...models].some(each => [...owners].some(owner => overlaps(each, owner)))
}

function frameAt(model: Model, node: ast.Node): Frame {
  const scope = model.scope(node)
  return rootFrame(scope.kind === 'FunctionDef' || scope.kind === 'Lambda' ? scope : model.module)
}
