/** The training script as an expert would describe it: what there is, what belongs to what, and which loops train. */
import type { Model, Place } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { scalerClasses } from './facts/amp.ts'
import { type TrainingLoop, trainingLoops } from './loops.ts'
import { creationOf, isModule, isWithinModule, moduleIdentity, originOf } from './modules.ts'
import { type OptimizerCreation, optimizerCreations } from './optimizers.ts'
import { remember } from './remember.ts'
import { type SchedulerCreation, schedulerCreations } from './schedulers.ts'
import { methodCall } from './usage.ts'

export interface Script {
  readonly models: readonly ScriptModel[]
  readonly optimizers: readonly OptimizerCreation[]
  /** The calls that make them. */
  readonly scalers: readonly ast.Call[]
  readonly schedulers: readonly SchedulerCreation[]
  readonly loaders: readonly ast.Call[]
  readonly loops: readonly TrainingLoop[]
}

/** A module that the script trains or evaluates as a whole. */
export interface ScriptModel {
  /** Where it is used first: `self.model` of `self.model.train()`. */
  readonly expression: ast.Expression
  readonly creation: ast.Call | undefined
  /** The name of its class or of the function that made it. */
  readonly class: string | undefined
}

export const script = remember(
  (model: Model): Script => ({
    models: models(model),
    optimizers: optimizerCreations(model),
    scalers: model.calls(scalerClasses),
    schedulers: schedulerCreations(model),
    loaders: model.calls(['torch.utils.data.DataLoader']),
    loops: trainingLoops(model),
  }),
)

/** What only a whole model is asked for, rather than one of its layers. */
const wholeModelMethods = new Set(['parameters', 'named_parameters', 'train', 'eval', 'load_state_dict'])

function models(model: Model): readonly ScriptModel[] {
  const found = new Map<Place, ScriptModel>()
  for (const call of model.nodes('Call')) {
    const method = methodCall(call)
    if (!method || !wholeModelMethods.has(method.method) || isWithinModule(model, call)) continue
    if (isModule(model, method.receiver) !== 'yes') continue
    const identity = moduleIdentity(model, method.receiver)
    if (!identity || found.has(identity) || isPassed(model, identity)) continue
    found.set(identity, describeModel(model, method.receiver, identity))
  }
  return [...found.values()]
}

function describeModel(model: Model, expression: ast.Expression, identity: Place): ScriptModel {
  const [value] = model.values(expression)
  const made = identity.kind === 'creation' ? identity.call : value && creationOf(value)
  const creation = made && originOf(made)
  const callee = creation && model.callee(creation)
  if (callee?.kind === 'class') return { expression, creation, class: callee.node.name }
  return { expression, creation, class: callee?.kind === 'symbol' ? callee.name : undefined }
}

/** What the file passes to its own function is described where it comes from. */
function isPassed(model: Model, place: Place): boolean {
  return place.kind === 'parameter' && (model.callSites(place.function) ?? []).length > 0
}
