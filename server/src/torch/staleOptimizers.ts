/** Layers that replace a part of a model when its optimizer has been made already: nothing trains them. */
import { nodesRun } from '../semantic/followed.ts'
import type { Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { learns } from './learnables.ts'
import { isPartOf, moduleIdentity } from './modules.ts'
import { creationsOf, type OptimizerCreation, optimizerCreations, optimizersRun } from './optimizers.ts'
import { parameterSources } from './parameters.ts'
import { importsTrainer, methodCall } from './usage.ts'

export interface StaleOptimizer {
  readonly creation: OptimizerCreation
  /** `model.fc = nn.Linear(…)`. */
  readonly target: ast.Expression
  readonly layer: ast.Call
}

export function staleOptimizers(model: Model): readonly StaleOptimizer[] {
  if (optimizerCreations(model).length === 0 || importsTrainer(model)) return []
  const replaced = replacements(model)
  if (replaced.length === 0) return []
  return optimizerCreations(model).flatMap(creation => {
    const sources = creation.parameters ? (parameterSources(model, creation.parameters) ?? []) : []
    return replaced.flatMap(({ target, owner, layer }) => {
      const owned = moduleIdentity(model, owner)
      const whole = sources.find(({ module, selection }) => selection !== 'some' && owned && isPartOf(owned, module))
      return whole && isLeftBehind(model, creation, layer) ? [{ creation, target, layer }] : []
    })
  })
}

interface Replacement {
  readonly target: ast.Attribute | ast.Subscript
  /** `model` of `model.fc`, `model.classifier` of `model.classifier[6]`. */
  readonly owner: ast.Expression
  readonly layer: ast.Call
}

function replacements(model: Model): readonly Replacement[] {
  return model.nodes('Assign').flatMap(({ targets, value }) => {
    const [target] = targets
    if (targets.length !== 1 || (target?.kind !== 'Attribute' && target?.kind !== 'Subscript')) return []
    const layer = layerIn(model, value)
    return layer ? [{ target, owner: target.value, layer }] : []
  })
}

/** A new module with parameters, before what is chained to it. */
function layerIn(model: Model, value: ast.Expression): ast.Call | undefined {
  if (value.kind !== 'Call') return undefined
  const method = methodCall(value)
  if (method && (method.method === 'to' || method.method === 'cuda')) return layerIn(model, method.receiver)
  return learns(model, value) === 'modules' ? value : undefined
}

/**
 * Does the new layer come after the optimizer, and does a step of that one follow with no other optimizer made and no
 * group added?
 */
function isLeftBehind(model: Model, { call }: OptimizerCreation, layer: ast.Call): boolean {
  if (model.path({ from: call, to: layer }) !== 'found') return false
  const methods = nodesRun(model, 'Call').flatMap(node => methodCall(node) ?? [])
  const added = methods.filter(({ method }) => method === 'add_param_group').map(method => method.call)
  const avoiding = [...optimizersRun(model).map(other => other.call), ...added]
  const steps = methods.filter(
    ({ method, receiver }) =>
      method === 'step' && creationsOf(model, receiver)?.some(creation => creation.call === call),
  )
  return steps.some(step => model.path({ from: layer, to: step.call, avoiding }) === 'found')
}
