/** Options that the loader of a training loop leaves out. */
import type { Literal, Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { movesToCuda } from './devices.ts'
import { shufflesItself, trainingLoaders } from './loaders.ts'
import { remember } from './remember.ts'
import { methodCall } from './usage.ts'

export interface MissingOption {
  readonly loader: ast.Call
  /** The loop that trains on what it loads. */
  readonly loop: ast.For
  /** What is written for it, and has it off; undefined: nothing. */
  readonly value: ast.Expression | undefined
}

/** Training loaders that neither shuffle nor leave the order to something else. */
export function unshuffledLoaders(model: Model): readonly MissingOption[] {
  const found = missing(model, 'shuffle', 2, value => value === false || value === null)
  const open = found.filter(
    ({ loader }) => isAbsent(model, loader, 'sampler', 3) && isAbsent(model, loader, 'batch_sampler', 4),
  )
  const ordered = open.filter(({ loader }) => isReadInItsOrder(model, loader))
  return ordered.length > 0 && !shufflesItself(model) ? ordered : []
}

/** Training loaders without worker processes, in a script that trains on CUDA. */
export function singleProcessLoaders(model: Model): readonly MissingOption[] {
  return usesCuda(model) ? missing(model, 'num_workers', 5, value => value === 0) : []
}

/** Training loaders without pinned memory, in a script that trains on CUDA. */
export function pageableLoaders(model: Model): readonly MissingOption[] {
  return usesCuda(model) ? missing(model, 'pin_memory', 7, value => value === false) : []
}

const usesCuda = remember((model: Model): boolean => model.nodes('Call').some(call => movesToCuda(model, call)))

function missing(
  model: Model,
  name: string,
  position: number,
  isOff: (value: Literal) => boolean,
): readonly MissingOption[] {
  const found = new Map<ast.Call, MissingOption>()
  for (const { loop, loader } of trainingLoaders(model)) {
    // An adversarial attack goes through its data with gradients too.
    if (!model.nodes('Call', loop).some(call => methodCall(call)?.method === 'step')) continue
    const argument = model.argument(loader, name, position)
    const value = argument.kind === 'given' ? argument.value : undefined
    const constant = value && model.constant(value)
    const isMissing = argument.kind === 'absent' || (constant !== undefined && isOff(constant))
    if (isMissing && !found.has(loader)) found.set(loader, { loader, loop, value })
  }
  return [...found.values()]
}

function isAbsent(model: Model, loader: ast.Call, name: string, position: number): boolean {
  return model.argument(loader, name, position).kind === 'absent'
}

/** Not a stream, which has an order of its own, and not one batch of everything. */
function isReadInItsOrder(model: Model, loader: ast.Call): boolean {
  const dataset = model.argument(loader, 'dataset', 0)
  const size = model.argument(loader, 'batch_size', 1)
  if (dataset.kind !== 'given' || size.kind === 'unknown') return false
  if (size.kind === 'given' && (model.constant(size.value) === null || isLength(model, size.value))) return false
  const values = model.values(dataset.value)
  return (
    !values.some(value => {
      if (value.kind === 'class' || value.kind === 'function') return true
      if (value.kind === 'instance')
        return typeof value.of !== 'string' ? isStream(model, value.of) : unordered.test(value.of)
      return value.kind === 'result' && unordered.test(value.of)
    }) && !unordered.test(model.text.slice(dataset.value.start, dataset.value.end))
  )
}

/** `batch_size=len(dataset)`. */
function isLength(model: Model, size: ast.Expression): boolean {
  return size.kind === 'Call' && model.qualifiedName(size.func) === 'builtins.len'
}

/** A class that iterates, or that draws its samples itself. */
function isStream(model: Model, node: ast.ClassDef): boolean {
  const methods = node.body.flatMap(statement => (statement.kind === 'FunctionDef' ? [statement] : []))
  if (methods.some(({ name }) => name === '__iter__')) return true
  const getter = methods.find(({ name }) => name === '__getitem__')
  if (!getter) return true
  const draws = model
    .nodes('Call', getter)
    .some(call => /rand|choice|sample/i.test(model.qualifiedName(call.func) ?? ''))
  return draws || node.bases.some(base => unordered.test(model.qualifiedName(base) ?? ''))
}

const unordered = /iter|stream|pipe|webdataset|\bwds\b|sequen|series|corpus/i
