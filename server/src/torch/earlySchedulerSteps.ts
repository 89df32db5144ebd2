/** Schedulers that step before the optimizer does, so that nothing is trained with their first learning rate. */
import { nodesRun } from '../semantic/followed.ts'
import type { Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { eventOf } from './events.ts'
import { isScaler } from './scalers.ts'
import { curveOf } from './schedule.ts'
import { type Stepping, steppings } from './stepping.ts'
import { methodCall } from './usage.ts'

export interface EarlyStep {
  readonly stepping: Stepping
  /** The optimizer's step that comes later in the same iteration. */
  readonly optimizerStep: ast.Call
  /** The statement of the same suite in which it runs. */
  readonly later: ast.Statement
}

export function earlySchedulerSteps(model: Model): readonly EarlyStep[] {
  return steppings(model).flatMap(stepping => {
    const { creation, step, isRegular, isComplete } = stepping
    if (!creation.optimizer || !isRegular || !isComplete || step.call.args.length + step.call.keywords.length > 0)
      return []
    if (creation.fact.needsMetric || creation.className === 'CosineAnnealingWarmRestarts') return []
    const found = laterStep(model, stepping)
    return found && isFirst(model, stepping) && !isDeliberate(model, stepping) ? [{ stepping, ...found }] : []
  })
}

/** A schedule that begins at zero is often stepped first, so that the first step is not lost. */
function isDeliberate(model: Model, { creation }: Stepping): boolean {
  const [first] = curveOf(model, creation, 1)?.lrs ?? []
  return first === 0
}

/** Can the step be reached from the scheduler's creation before any step of an optimizer? */
function isFirst(model: Model, { creation, step }: Stepping): boolean {
  const avoiding = nodesRun(model, 'Call').filter(call => isOptimizerStep(model, call))
  return model.path({ from: creation.call, to: step.call, avoiding }) === 'found'
}

function laterStep(model: Model, { creation, step, loops }: Stepping): Omit<EarlyStep, 'stepping'> | undefined {
  const statement = step.call.parent
  const loop = loops[0]?.node
  if (statement?.kind !== 'Expr' || !loop || statement.parent !== loop) return undefined
  const suite: readonly ast.Statement[] = loop.body
  const index = suite.indexOf(statement)
  const runs = (each: ast.Statement) => optimizerStepIn(model, each, creation.optimizer)
  if (index < 0 || suite.slice(0, index).some(runs)) return undefined
  for (const later of suite.slice(index + 1)) {
    const optimizerStep = runs(later)
    if (optimizerStep) return { optimizerStep, later }
  }
  return undefined
}

const deepest = 3

/** A step of the scheduler's optimizer in a statement, or in a function of the file that it calls. */
function optimizerStepIn(
  model: Model,
  node: ast.Node,
  optimizer: ast.Expression | undefined,
  depth = 0,
): ast.Call | undefined {
  for (const call of model.nodes('Call', node)) {
    if (isOptimizerStep(model, call) && optimizer && isOf(model, call, optimizer)) return call
    const callee = model.callee(call)
    if (callee.kind !== 'function' || depth > deepest) continue
    const inner = optimizerStepIn(model, callee.node, optimizer, depth + 1)
    if (inner) return inner
  }
  return undefined
}

const isOptimizerStep = (model: Model, call: ast.Call): boolean => eventOf(model, call)?.kind === 'step'

/** Is it the step of the optimizer that the scheduler was given, itself or through a scaler? */
function isOf(model: Model, step: ast.Call, optimizer: ast.Expression): boolean {
  const receiver = methodCall(step)?.receiver
  const stepped = receiver && isScaler(model, receiver) === 'yes' ? step.args[0] : receiver
  if (!stepped) return false
  const place = model.place(stepped)
  if (place !== undefined && place === model.place(optimizer)) return true
  const made = model.values(stepped).map(value => (value.kind === 'instance' ? value.creation : undefined))
  return model
    .values(optimizer)
    .some(
      ({ kind, ...value }) =>
        kind === 'instance' && 'creation' in value && value.creation !== undefined && made.includes(value.creation),
    )
}
