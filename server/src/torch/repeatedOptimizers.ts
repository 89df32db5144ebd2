/** Optimizers and schedulers that are made anew while one model trains, so that what they remember is lost. */
import { nodesRun } from '../semantic/followed.ts'
import type { Model, Place } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { encloses } from '../syntax/walk.ts'
import { isPartOf, moduleIdentity } from './modules.ts'
import { optimizerCreations } from './optimizers.ts'
import { parameterSources } from './parameters.ts'
import { type Loop, loopAround, loopsBetween } from './repetition.ts'
import { schedulerCreations } from './schedulers.ts'
import { importsTrainer, methodCall } from './usage.ts'

export interface RepeatedOptimizer {
  readonly creation: ast.Call
  readonly loop: Loop
  readonly kind: 'optimizer' | 'scheduler'
  readonly level: 'batch' | 'epoch'
}

export function repeatedOptimizers(model: Model): readonly RepeatedOptimizer[] {
  if (importsTrainer(model)) return []
  const backwards = model.nodes('Call').filter(call => methodCall(call)?.method === 'backward')
  const optimizers = optimizerCreations(model).flatMap(({ call, className, parameters }) => {
    const modules = parameters && className !== 'LBFGS' ? parameterSources(model, parameters) : undefined
    if (!modules || modules.length === 0) return []
    const found = repeated(model, call, backwards)
    const isNew = modules.some(({ module, expression }) => found && changesIn(model, module, expression, found.loop))
    return found && !isNew ? [{ creation: call, kind: 'optimizer', ...found } as const] : []
  })
  const schedulers = schedulerCreations(model).flatMap(({ call, optimizer }) => {
    const found = optimizer && repeated(model, call, backwards)
    const isNew = found && (isMade(model, optimizer, found.loop) || optimizers.some(({ loop }) => loop === found.loop))
    return found && !isNew ? [{ creation: call, kind: 'scheduler', ...found } as const] : []
  })
  return [...optimizers, ...schedulers].sort((a, b) => a.creation.start - b.creation.start)
}

/** The loop over batches or epochs that makes it each time in the same way. */
function repeated(
  model: Model,
  creation: ast.Call,
  backwards: readonly ast.Call[],
): Pick<RepeatedOptimizer, 'loop' | 'level'> | undefined {
  const loop = loopAround(model, creation, 0)
  if (!loop || dependsOn(model, creation, loop)) return undefined
  const distances = backwards.flatMap(call => loopsBetween(model, call, loop, 0) ?? [])
  const distance = Math.min(...distances)
  if (distance === 0 && distances.length > 0 && isOverBatches(model, loop)) return { loop, level: 'batch' }
  return distance === 1 && isOverEpochs(model, loop) ? { loop, level: 'epoch' } : undefined
}

const headOf = (model: Model, loop: Loop): string =>
  model.text.slice(loop.start, loop.kind === 'For' ? loop.iter.end : loop.test.end)

/** Trials, folds, tasks and stages train something of their own each time; epochs go on with the same. */
const isOverEpochs = (model: Model, loop: Loop): boolean =>
  /epoch|\bep\b/i.test(headOf(model, loop)) &&
  !/fold|trial|task|stage|phase|round|client|seed|\blr/i.test(headOf(model, loop))

const isOverBatches = (model: Model, loop: Loop): boolean =>
  loop.kind === 'For' && /load|batch|\bdl\b|epoch/i.test(headOf(model, loop))

/** Does it get something that each iteration gives anew: a learning rate, the parameters of this round's model? */
function dependsOn(model: Model, creation: ast.Call, loop: Loop): boolean {
  const isInLoop = (node: ast.Node): boolean => encloses(loop, node)
  return model
    .nodes('Name', creation)
    .some(name => model.sources(name).some(source => isInLoop(source) || source.parent === loop))
}

/** Is the module made, loaded, or changed in the loop? */
function changesIn(model: Model, module: Place, expression: ast.Expression, loop: Loop): boolean {
  if (module.kind === 'creation' && loopsBetween(model, module.call, loop, 0) !== undefined) return true
  if (isMade(model, expression, loop)) return true
  return nodesRun(model, 'Call').some(call => {
    const method = methodCall(call)
    if (
      !method ||
      !/^(?:load_state_dict|requires_grad_|unfreeze\w*|freeze\w*|add_module|apply|reset\w*|init\w*)$/.test(
        method.method,
      )
    )
      return false
    // What another file does it to is not known by a name of this one.
    if (model.moduleOf(call) !== model.module) return true
    const identity = moduleIdentity(model, method.receiver)
    return (
      identity !== undefined &&
      (isPartOf(identity, module) || isPartOf(module, identity)) &&
      loopsBetween(model, call, loop, 0) !== undefined
    )
  })
}

function isMade(model: Model, expression: ast.Expression, loop: Loop): boolean {
  const assigned = expression.kind === 'Name' ? model.sources(expression) : []
  const made = model
    .values(expression)
    .flatMap(value => (value.kind === 'instance' && value.creation ? [value.creation] : []))
  return [...assigned, ...made].some(node => loopsBetween(model, node, loop, 0) !== undefined)
}
