/** Parameters that are not matrices, in a model whose optimizer takes nothing else. */
import type { Model, Value } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { parameterDimensions } from './facts/modules.ts'
import { creationOf } from './modules.ts'
import { textOf } from './names.ts'
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
  readonly layer: ast.Call
}

export function nonMatrices(model: Model): readonly NonMatrices[] {
  if (removesParameters(model)) return []
  return optimizerCreations(model).flatMap(creation => {
    const { fact, parameters, call } = creation
    if (!fact.matricesOnly || !parameters || isProbe(model, call)) return []
    for (const source of parameterSources(model, parameters) ?? []) {
      const layer = source.selection === 'all' ? inAll(model, source.expression, []) : undefined
      if (layer) return [{ creation, parameters, module: source.expression, layer }]
    }
    return []
  })
}

/** `layer.bias = None`, `layer.register_parameter("bias", None)`. */
function removesParameters(model: Model): boolean {
  const isAssigned = model.nodes('Assign').some(({ targets, value }) => {
    const isNone = value.kind === 'Constant' && value.type === 'None'
    return isNone && targets.some(target => target.kind === 'Attribute' && /^(?:bias|weight)$/.test(target.attr))
  })
  const isDeleted = model.nodes('Delete').some(({ targets }) => targets.some(target => target.kind === 'Attribute'))
  return isAssigned || isDeleted || model.nodes('Call').some(call => methodCall(call)?.method === 'register_parameter')
}

/** A layer that is there whatever the expression evaluates to. */
function inAll(model: Model, expression: ast.Expression, active: readonly ast.Node[]): ast.Call | undefined {
  const layers = model.values(expression).map(value => inValue(model, value, active))
  return layers.every(layer => layer !== undefined) ? layers[0] : undefined
}

function inValue(model: Model, value: Value, active: readonly ast.Node[]): ast.Call | undefined {
  const creation = creationOf(value)
  if (!creation) return undefined
  if (value.kind === 'instance' && typeof value.of !== 'string')
    return active.includes(value.of) ? undefined : inClass(model, value.of, [...active, value.of])
  const name = model.qualifiedName(creation.func) ?? ''
  if (name === 'torch.nn.Sequential' || name === 'torch.nn.ModuleList') {
    const [first] = creation.args
    return inAny(model, first?.kind === 'List' ? first.elements : creation.args, active)
  }
  if (name === 'timm.create_model' || /^torchvision\.models\.[a-z]\w+$/.test(name)) return creation
  return name.startsWith('torch.nn.') && holdsOthers(model, creation, name.slice('torch.nn.'.length))
    ? creation
    : undefined
}

function inAny(
  model: Model,
  expressions: readonly ast.Expression[],
  active: readonly ast.Node[],
): ast.Call | undefined {
  for (const each of expressions) {
    const layer = each.kind === 'Starred' ? undefined : inAll(model, each, active)
    if (layer) return layer
  }
  return undefined
}

/** What `__init__` assigns to `self` on every way through it, and nobody replaces. */
function inClass(model: Model, node: ast.ClassDef, active: readonly ast.Node[]): ast.Call | undefined {
  const init = node.body.find(statement => statement.kind === 'FunctionDef' && statement.name === '__init__')
  if (init?.kind !== 'FunctionDef') return undefined
  const layers = init.body.flatMap(statement => {
    const target = statement.kind === 'Assign' ? statement.targets[0] : undefined
    const isOwn = target?.kind === 'Attribute' && textOf(model, target.value) === init.parameters[0]?.name
    return statement.kind === 'Assign' && isOwn && isAssignedOnce(model, target.attr) ? [statement.value] : []
  })
  return inAny(model, layers, active)
}

function isAssignedOnce(model: Model, attribute: string): boolean {
  const stores = model.nodes('Assign').flatMap(({ targets }) => targets)
  return stores.filter(target => target.kind === 'Attribute' && target.attr === attribute).length === 1
}

/** Does a layer certainly have a parameter of one dimension, or of three and more? */
function holdsOthers(model: Model, layer: ast.Call, name: string): boolean {
  if (!Object.hasOwn(parameterDimensions, name)) return false
  if (/^(?:Conv(?:Transpose)?\dd|Bilinear|PReLU)$/.test(name)) return true
  const option = Object.hasOwn(options, name) ? options[name] : undefined
  if (!option) return false
  const argument = model.argument(layer, option.name, option.position)
  const isOn = argument.kind === 'absent' || (argument.kind === 'given' && model.constant(argument.value) === true)
  if (option.name !== 'elementwise_affine') return isOn
  // The scales of a norm over several dimensions have as many.
  const shape = model.argument(layer, 'normalized_shape', 0)
  return isOn && shape.kind === 'given' && typeof model.constant(shape.value) === 'number'
}

/** The parameter that takes the vectors out of a layer, and its position. */
const options: Readonly<Record<string, { readonly name: string; readonly position: number }>> = {
  BatchNorm1d: { name: 'affine', position: 3 },
  BatchNorm2d: { name: 'affine', position: 3 },
  BatchNorm3d: { name: 'affine', position: 3 },
  GRU: { name: 'bias', position: 3 },
  GRUCell: { name: 'bias', position: 2 },
  GroupNorm: { name: 'affine', position: 3 },
  LSTM: { name: 'bias', position: 3 },
  LSTMCell: { name: 'bias', position: 2 },
  LayerNorm: { name: 'elementwise_affine', position: 2 },
  Linear: { name: 'bias', position: 2 },
  MultiheadAttention: { name: 'bias', position: 3 },
  RMSNorm: { name: 'elementwise_affine', position: 2 },
  RNN: { name: 'bias', position: 4 },
  RNNCell: { name: 'bias', position: 2 },
  SyncBatchNorm: { name: 'affine', position: 3 },
}
