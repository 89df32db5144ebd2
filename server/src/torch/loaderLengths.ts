/** How many batches a loader has, where the text shows its data. */
import type { Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'

export function loaderLength(model: Model, loader: ast.Expression): number | undefined {
  const creation = creationOf(model, loader, 'torch.utils.data.DataLoader')
  if (!creation || isGiven(model, creation, 'sampler', 3) || isGiven(model, creation, 'batch_sampler', 4))
    return undefined
  const dataset = model.argument(creation, 'dataset', 0)
  const size = dataset.kind === 'given' ? datasetLength(model, dataset.value) : undefined
  const batch = numberArgument(model, creation, 'batch_size', 1, 1)
  if (size === undefined || batch === undefined) return undefined
  const dropped = model.argument(creation, 'drop_last', 8)
  if (dropped.kind === 'unknown') return undefined
  const drops = dropped.kind === 'given' ? model.constant(dropped.value) : false
  if (typeof drops !== 'boolean') return undefined
  return drops ? Math.floor(size / batch) : Math.ceil(size / batch)
}

/** Of a TensorDataset, the length of its first tensor. */
function datasetLength(model: Model, dataset: ast.Expression): number | undefined {
  const [tensor] = creationOf(model, dataset, 'torch.utils.data.TensorDataset')?.args ?? []
  if (!tensor || tensor.kind === 'Starred') return undefined
  const [value, ...others] = model.values(tensor)
  if (value?.kind !== 'result' || others.length > 0 || !factories.has(value.of)) return undefined
  const [size] = value.call.args
  const shape = size && model.constant(size)
  const first = typeof shape === 'object' && shape !== null ? shape[0] : shape
  return typeof first === 'number' && (value.call.args.length > 1 || first !== shape) ? first : undefined
}

const factories = new Set(['torch.empty', 'torch.ones', 'torch.rand', 'torch.randn', 'torch.zeros'])

function creationOf(model: Model, expression: ast.Expression, className: string): ast.Call | undefined {
  const [value, ...others] = model.values(expression)
  return value?.kind === 'instance' && value.of === className && others.length === 0 ? value.creation : undefined
}

const isGiven = (model: Model, call: ast.Call, name: string, position: number): boolean =>
  model.argument(call, name, position).kind !== 'absent'

function numberArgument(
  model: Model,
  call: ast.Call,
  name: string,
  position: number,
  otherwise: number,
): number | undefined {
  const argument = model.argument(call, name, position)
  if (argument.kind === 'absent') return otherwise
  const value = argument.kind === 'given' ? model.constant(argument.value) : undefined
  return typeof value === 'number' ? value : undefined
}
