/** Which expressions make something that learns, and nothing that another name can reach. */
import type { Model, Value } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { parameterDimensions } from './facts/modules.ts'

/** What the expression makes: a module with parameters, or a parameter; undefined where that is not certain. */
export function learns(model: Model, expression: ast.Expression): 'modules' | 'parameters' | undefined {
  if (expression.kind !== 'Call') return undefined
  const kinds = new Set(model.values(expression).map(value => kindOf(model, value, [])))
  const [only] = kinds
  return kinds.size === 1 ? only : undefined
}

function kindOf(model: Model, value: Value, active: readonly ast.Node[]): 'modules' | 'parameters' | undefined {
  if (value.kind !== 'instance' || !value.creation) return undefined
  if (value.of === 'torch.nn.Parameter')
    return value.creation.keywords.some(({ arg }) => arg === 'requires_grad') ? undefined : 'parameters'
  if (typeof value.of !== 'string') return holdsLayers(model, value.of, active) ? 'modules' : undefined
  const [, name] = /^torch\.nn\.(\w+)$/.exec(value.of) ?? []
  if (name === undefined) return undefined
  const isContainer = /^(?:Sequential|ModuleList|ModuleDict)$/.test(name)
  return isLayer(name) || (isContainer && holdsLayers(model, value.creation, active)) ? 'modules' : undefined
}

function isLayer(name: string): boolean {
  return Object.hasOwn(parameterDimensions, name) || name.startsWith('Transformer')
}

/** Does a class of the file, or a container, make a layer with parameters, itself or through another class? */
function holdsLayers(model: Model, node: ast.Node, active: readonly ast.Node[]): boolean {
  if (active.includes(node)) return false
  return model.nodes('Call', node).some(call => {
    const callee = model.callee(call)
    if (callee.kind === 'class') return holdsLayers(model, callee.node, [...active, node])
    const [, name = ''] = (callee.kind === 'symbol' && /^torch\.nn\.(\w+)$/.exec(callee.name)) || []
    return isLayer(name) || name === 'Parameter'
  })
}
