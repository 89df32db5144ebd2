/**
 * Evaluations of a model that nothing in the file ever puts into evaluation mode: it is made here, holds dropout or batch
 * norm, and is scored in a loop that records no gradients.
 */
import { nodesRun } from '../semantic/followed.ts'
import type { Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { contains, type LayerKind } from './architecture.ts'
import { runsBackward } from './backpropagation.ts'
import { calledModule, eventOf } from './events.ts'
import { type TrainingLoop, trainingLoops } from './loops.ts'
import { isModule, isWithinModule, mayHold, moduleIdentity } from './modules.ts'
import { functionAround, hasHiddenBase, isRecorded } from './recording.ts'
import { loopAround } from './repetition.ts'
import { importsTrainer, methodCall } from './usage.ts'

export interface UnswitchedEvaluation {
  readonly forward: ast.Call
  readonly loop: ast.For | ast.While
  readonly holds: 'dropout' | 'batchNorm'
  /** Training goes on after it and does not ask for its mode. */
  readonly isAmidTraining: boolean
}

export function unswitchedEvaluations(model: Model): readonly UnswitchedEvaluation[] {
  if (importsTrainer(model)) return []
  return trainingLoops(model).flatMap(loop => unswitched(model, loop) ?? [])
}

function unswitched(model: Model, { node: loop, level, role, events }: TrainingLoop): UnswitchedEvaluation | undefined {
  const forward = events.find(({ kind }) => kind === 'forward')?.call
  if (level !== 'batch' || role !== 'evaluation' || !forward || isOwn(model, forward)) return undefined
  if (!isMadeHere(model, calledModule(forward)) || isRecorded(model, forward) !== 'no' || runsTraining(model, loop))
    return undefined
  const holds = (['dropout', 'batchNorm'] as const).find(kind => certainlyHolds(model, calledModule(forward), kind))
  if (!holds || maySwitch(model, calledModule(forward), loop)) return undefined
  return { forward, loop, holds, isAmidTraining: isAmidTraining(model, loop, calledModule(forward)) }
}

/** Asked of where it is made: a parameter is made by whoever passes it. */
const certainlyHolds = (model: Model, module: ast.Expression, kind: LayerKind): boolean =>
  model.values(module).every(value => {
    const creation = value.kind === 'instance' ? value.creation : undefined
    return creation !== undefined && contains(model, creation, kind) === 'yes'
  })

const isMadeHere = (model: Model, module: ast.Expression): boolean =>
  model.values(module).every(value => value.kind === 'instance' && value.creation !== undefined)

/** The code of a module, or of a class whose base is not in sight, runs in the mode that its user chooses. */
function isOwn(model: Model, forward: ast.Call): boolean {
  const owner = functionAround(forward)?.parent
  return isWithinModule(model, forward) || (owner?.kind === 'ClassDef' && hasHiddenBase(model, owner))
}

const runsTraining = (model: Model, node: ast.Node): boolean =>
  model.nodes('Call', node).some(call => runsBackward(model, call) || eventOf(model, call)?.kind === 'step')

/** Is anything that may be the model, hold it or be a part of it switched to evaluation, or given to something that may do so? */
function maySwitch(model: Model, module: ast.Expression, loop: ast.Node): boolean {
  if (!moduleIdentity(model, module)) return true
  const scope = model.scope(loop)
  return nodesRun(model, 'Call').some(call => {
    const method = methodCall(call)
    if (method?.method === 'eval' || method?.method === 'train') {
      if (isModule(model, method.receiver) === 'no' || !mayBeRelated(model, method.receiver, module)) return false
      // Who asks for training mode right where it is evaluated samples with dropout.
      const isChosen = method.method === 'eval' || call.args.length + call.keywords.length > 0
      return isChosen || (scope.kind !== 'Module' && model.scope(call) === scope)
    }
    return isHandedOver(model, call, module)
  })
}

/** What a function of another file gets is not known there. */
function mayBeRelated(model: Model, other: ast.Expression, module: ast.Expression): boolean {
  if (model.moduleOf(other) !== model.module || moduleIdentity(model, other) === undefined) return true
  return mayHold(model, other, module) || mayHold(model, module, other)
}

/** Does something that is not in sight get the model, or one that holds it? */
function isHandedOver(model: Model, call: ast.Call, module: ast.Expression): boolean {
  const callee = model.callee(call)
  if (callee.kind === 'function' || callee.kind === 'class') return false
  if (callee.kind === 'symbol' && /^(?:builtins|copy|torch|torchsummary|wandb)\b/.test(callee.name)) return false
  return [...call.args, ...call.keywords.map(({ value }) => value)].some(
    argument => (argument.kind === 'Name' || argument.kind === 'Attribute') && mayHold(model, argument, module),
  )
}

/** Does the evaluation run again and again, while no function that trains says `train()` itself? */
function isAmidTraining(model: Model, loop: ast.Node, module: ast.Expression): boolean {
  const code = functionAround(loop)
  const sites = code ? (model.callSites(code) ?? []) : []
  const isRepeated = model.loops(loop).length > 0 || sites.some(site => loopAround(model, site, 0) !== undefined)
  const restores = nodesRun(model, 'Call').some(call => {
    const method = methodCall(call)
    if (method?.method !== 'train' || !mayHold(model, method.receiver, module)) return false
    return model.loops(call).length > 0 || functionAround(call) !== undefined
  })
  return isRepeated && !restores
}
