/** Layers that replace a part of a model when its optimizer has been made already: nothing trains them. */
import type { Model, Place } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { learns } from './learnables.ts'
import { isPartOf, moduleIdentity } from './modules.ts'
import { creationsOf, type OptimizerCreation, optimizerCreations } from './optimizers.ts'
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
      return whole && isLeftBehind(model, creation, layer, whole.module) ? [{ creation, target, layer }] : []
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
    const layer = layerIn(model, value, model.text.slice(target.start, target.end))
    return layer ? [{ target, owner: target.value, layer }] : []
  })
}

/** A new module with parameters, with what is chained to it, if nothing of the old part is in it. */
function layerIn(model: Model, value: ast.Expression, old: string): ast.Call | undefined {
  if (value.kind !== 'Call') return undefined
  const method = methodCall(value)
  if (method && (method.method === 'to' || method.method === 'cuda')) return layerIn(model, method.receiver, old)
  const nodes = [...model.nodes('Name', value), ...model.nodes('Attribute', value), ...model.nodes('Subscript', value)]
  const isKept = nodes.some(node => model.text.slice(node.start, node.end) === old && node.parent?.kind !== 'Attribute')
  return !isKept && learns(model, value) === 'modules' ? value : undefined
}

/**
 * Does the new layer come after the optimizer, and does a step of that one follow with no other optimizer made and no
 * group added?
 */
function isLeftBehind(model: Model, { call }: OptimizerCreation, layer: ast.Call, whole: Place): boolean {
  const rebuilt = whole.kind === 'creation' ? [whole.call] : []
  if (model.path({ from: call, to: layer, avoiding: rebuilt }) !== 'found') return false
  const methods = model.nodes('Call').flatMap(node => methodCall(node) ?? [])
  const added = methods.filter(({ method }) => method === 'add_param_group').map(method => method.call)
  const avoiding = [...optimizerCreations(model).map(other => other.call), ...added]
  const steps = methods.filter(
    ({ method, receiver }) =>
      method === 'step' && creationsOf(model, receiver)?.some(creation => creation.call === call),
  )
  return steps.some(step => model.path({ from: layer, to: step.call, avoiding }) === 'found')
}
