/** Schedulers whose state no checkpoint keeps, in scripts whose checkpoints keep their optimizer's. */
import { nodesRun } from '../semantic/followed.ts'
import type { Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { assignedName, type Checkpoint, checkpoints, isAlwaysMade } from './checkpoints.ts'
import { textOf } from './names.ts'
import {
  type SchedulerCall,
  type SchedulerCreation,
  schedulerArgument,
  schedulerCalls,
  schedulerCreations,
} from './schedulers.ts'
import { unitOf } from './units.ts'
import { importsTrainer } from './usage.ts'

export interface UnsavedScheduler {
  readonly checkpoint: Checkpoint
  readonly creation: SchedulerCreation
  /** As the user calls it. */
  readonly name: string
  /** Does the name mean the scheduler, and never None, where the checkpoint is written? */
  readonly isInScope: boolean
}

/** One for each name, at the first checkpoint. */
export function unsavedSchedulers(model: Model): readonly UnsavedScheduler[] {
  if (schedulerCreations(model).length === 0 || importsTrainer(model) || keepsState(model)) return []
  if (!mayResume(model)) return []
  const found = new Map<string, UnsavedScheduler>()
  for (const checkpoint of checkpoints(model)) {
    if (mentionsScheduler(model, checkpoint.dict) || mentionsScheduler(model, checkpoint.save)) return []
    for (const creation of schedulerCreations(model)) {
      const unsaved = describe(model, checkpoint, creation)
      if (unsaved && !found.has(unsaved.name)) found.set(unsaved.name, unsaved)
    }
  }
  return [...found.values()]
}

function describe(model: Model, checkpoint: Checkpoint, creation: SchedulerCreation): UnsavedScheduler | undefined {
  const { call } = creation
  const name = assignedName(model, call)
  const owner = unitOf(checkpoint.dict)
  const isNear = owner?.kind === 'ClassDef' ? unitOf(call) === owner : unitOf(call)?.kind !== 'ClassDef'
  if (name === undefined || !isNear || !countsByItself(model, creation)) return undefined
  const scope = model.scope(call)
  const isVisible = name.startsWith('self.')
    ? owner?.kind === 'ClassDef'
    : scope === model.module || scope === model.scope(checkpoint.dict)
  const isOnly = schedulerCreations(model).filter(other => assignedName(model, other.call) === name).length === 1
  return { checkpoint, creation, name, isInScope: isOnly && isVisible && isAlwaysMade(call) }
}

/** Is it stepped, and never told the epoch: by the constructor, by `step(epoch)`, or by stepping it there again? */
function countsByItself(model: Model, creation: SchedulerCreation): boolean {
  if (schedulerArgument(model, creation, 'last_epoch') !== undefined) return false
  const steps = schedulerCalls(model).filter(call => call.method === 'step' && call.creations.includes(creation))
  return steps.length > 0 && steps.every(step => !isTold(step, creation) && !catchesUp(model, step))
}

const isTold = ({ call }: SchedulerCall, { fact }: SchedulerCreation): boolean =>
  call.args.length + call.keywords.length > (fact.needsMetric ? 1 : 0)

/** `for _ in range(start_epoch): scheduler.step()`. */
function catchesUp(model: Model, { call }: SchedulerCall): boolean {
  const [loop] = model.loops(call)
  return loop?.body.length === 1 && loop.body[0] === call.parent
}

/** A script that loads what it saves, and takes neither an optimizer's state nor a count from it, does not resume. */
function mayResume(model: Model): boolean {
  if (!nodesRun(model, 'Call').some(({ func }) => model.qualifiedName(func) === 'torch.load')) return true
  const restores = nodesRun(model, 'Attribute').some(
    ({ attr, value }) => attr === 'load_state_dict' && /opt/i.test(textOf(model, value)),
  )
  return restores || nodesRun(model, 'Subscript').some(({ slice }) => /epoch|iter|step/.test(textOf(model, slice)))
}

const stateMethods = new Set(['load_state_dict', 'state_dict', '__dict__'])

/** Is a scheduler's state read or set anywhere, or its count? */
function keepsState(model: Model): boolean {
  return nodesRun(model, 'Attribute').some(({ attr, value }) => {
    if (attr === 'last_epoch') return true
    return stateMethods.has(attr) && /sch|lr|decay|warm/i.test(textOf(model, value))
  })
}

const isScheduler = (name: string): boolean => /sched|lr/i.test(name)

const mentionsScheduler = (model: Model, node: ast.Node): boolean =>
  model.nodes('Name', node).some(({ id }) => isScheduler(id)) ||
  model.nodes('Attribute', node).some(({ attr }) => isScheduler(attr)) ||
  model.nodes('Constant', node).some(({ value }) => typeof value === 'string' && isScheduler(value))
