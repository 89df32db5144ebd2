/**
 * What a model is made of: the questions. An expression denotes a module whatever it is wrapped in: `DDP(net)`,
 * `torch.compile(net)` and `net.to(device)` are made of what `net` is made of.
 */
import type { Certainty, Model, Value } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { convolutionalArchitectures, layersOfKind } from './facts/modules.ts'
import { creationOf } from './modules.ts'

/** What a rule may look for in a model. Dropout: layers, and calls of the function that follow the module's mode. */
export type LayerKind = 'batchNorm' | 'convolution' | 'dropout'

/** Does the module hold such a layer, itself or in a part of it? `no` only where all that it holds is known. */
export function contains(model: Model, module: ast.Expression, kind: LayerKind): Certainty {
  return model.values(module).every(value => valueContains(model, value, kind, [])) ? 'yes' : 'unknown'
}

function valueContains(model: Model, value: Value, kind: LayerKind, active: readonly ast.Node[]): boolean {
  if (value.kind === 'instance' && typeof value.of !== 'string') return holds(model, value.of, kind, active)
  const creation = creationOf(value)
  if (!creation) return false
  const name = model.qualifiedName(creation.func) ?? ''
  const [, architecture] = /^torchvision\.models\.(\w+)$/.exec(name) ?? []
  if (architecture !== undefined) return kind === 'convolution' && isConvolutional(architecture)
  if (name === 'timm.create_model') {
    const [named] = creation.args
    const constant = named && model.constant(named)
    return kind === 'convolution' && typeof constant === 'string' && isConvolutional(constant)
  }
  return name === 'torch.nn.Sequential' && holds(model, creation, kind, active)
}

function isConvolutional(name: string): boolean {
  return convolutionalArchitectures.some(beginning => name.toLowerCase().startsWith(beginning))
}

/** Does a class or a container make such a layer, itself or through a class of the file? */
function holds(model: Model, node: ast.Node, kind: LayerKind, active: readonly ast.Node[]): boolean {
  if (active.includes(node)) return false
  return model.nodes('Call', node).some(call => {
    const callee = model.callee(call)
    if (callee.kind === 'class') return holds(model, callee.node, kind, [...active, node])
    return callee.kind === 'symbol' && layersOfKind[kind].some(name => callee.name === `torch.nn.${name}`)
  })
}
