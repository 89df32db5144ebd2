/** Parameters that are not matrices, in a model whose optimizer takes nothing else. */
import { nodesRun } from '../semantic/followed.ts'
import type { Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { layerWith } from './architecture.ts'
import { type OptimizerCreation, optimizerCreations } from './optimizers.ts'
import { parameterSources } from './parameters.ts'
import { isProbe } from './probes.ts'
import { methodCall } from './usage.ts'

export interface NonMatrices {
  readonly creation: OptimizerCreation
  /** What the optimizer is given. */
  readonly parameters: ast.Expression
  /** The module that they are all parameters of. */
  readonly module: ast.Expression
  /** The call that makes a layer with vectors or kernels, or a model of a library that is full of them. */
  readonly layer: ast.Expression
}

export function nonMatrices(model: Model): readonly NonMatrices[] {
  if (removesParameters(model)) return []
  return optimizerCreations(model).flatMap(creation => {
    const { fact, parameters, call } = creation
    if (!fact.matricesOnly || !parameters || isProbe(model, call)) return []
    for (const source of parameterSources(model, parameters) ?? []) {
      const layer =
        source.selection === 'all' ? layerWith(model, source.expression, dimensions => dimensions !== 2) : undefined
      if (layer) return [{ creation, parameters, module: source.expression, layer }]
    }
    return []
  })
}

/** `layer.bias = None`, `layer.register_parameter("bias", None)`. */
function removesParameters(model: Model): boolean {
  const isAssigned = nodesRun(model, 'Assign').some(({ targets, value }) => {
    const isNone = value.kind === 'Constant' && value.type === 'None'
    return isNone && targets.some(target => target.kind === 'Attribute' && /^(?:bias|weight)$/.test(target.attr))
  })
  const isDeleted = nodesRun(model, 'Delete').some(({ targets }) => targets.some(target => target.kind === 'Attribute'))
  return (
    isAssigned || isDeleted || nodesRun(model, 'Call').some(call => methodCall(call)?.method === 'register_parameter')
  )
}
