/** Options of a DataLoader that exclude one another. */
import type { Model, Value } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { type ParameterFact, signature } from './facts/signature.ts'
import { isProbe } from './probes.ts'

export interface LoaderConflict {
  readonly call: ast.Call
  /** What the others cannot stand beside: the data set of an iterable kind, `sampler=…`, `batch_sampler=…`. */
  readonly owner: ast.Expression
  readonly kind: 'iterable' | 'sampler' | 'batch_sampler'
  /** What has to go; never empty. */
  readonly options: readonly { readonly name: string; readonly value: ast.Expression }[]
}

const parameters: readonly ParameterFact[] = signature(
  'dataset, batch_size, shuffle, sampler, batch_sampler, num_workers, collate_fn, pin_memory, drop_last',
)

export function loaderConflicts(model: Model): readonly LoaderConflict[] {
  return model
    .calls(['torch.utils.data.DataLoader'])
    .flatMap(call => (isProbe(model, call) ? [] : (conflictOf(model, call) ?? [])))
}

function conflictOf(model: Model, call: ast.Call): LoaderConflict | undefined {
  const passed = new Map(parameters.map(({ name, position }) => [name, passedFor(model, call, name, position)]))
  const [dataset, sampler, batchSampler] = ['dataset', 'sampler', 'batch_sampler'].map(name => passed.get(name))
  const options = (names: readonly string[], isOffending: (name: string, value: ast.Expression) => boolean) =>
    names.flatMap(name => {
      const value = passed.get(name)
      return value && isOffending(name, value) ? [{ name, value }] : []
    })
  const isSet = (name: string, value: ast.Expression) =>
    /sampler/.test(name) ? isObject(model, value) : isOn(model, value)
  if (dataset && model.isInstance(dataset, 'torch.utils.data.IterableDataset') === 'yes')
    return conflict('iterable', dataset, options(['shuffle', 'sampler', 'batch_sampler'], isSet))
  if (batchSampler && isObject(model, batchSampler))
    return conflict(
      'batch_sampler',
      batchSampler,
      options(['batch_size', 'shuffle', 'sampler', 'drop_last'], (name, value) =>
        name === 'batch_size' ? isOtherThanOne(model, value) : isSet(name, value),
      ),
    )
  if (sampler && isObject(model, sampler)) return conflict('sampler', sampler, options(['shuffle'], isSet))
  return undefined

  function conflict(
    kind: LoaderConflict['kind'],
    owner: ast.Expression,
    found: LoaderConflict['options'],
  ): LoaderConflict | undefined {
    return found.length > 0 ? { call, owner, kind, options: found } : undefined
  }
}

function passedFor(
  model: Model,
  call: ast.Call,
  name: string,
  position: number | undefined,
): ast.Expression | undefined {
  const argument = model.argument(call, name, position)
  return argument.kind === 'given' ? argument.value : undefined
}

/** A value that cannot be None. */
function isObject(model: Model, expression: ast.Expression): boolean {
  return model.values(expression).every(isMadeObject)
}

function isMadeObject(value: Value): boolean {
  if (value.kind === 'instance') return value.creation !== undefined && value.of !== 'builtins.NoneType'
  return value.kind === 'expression' && ['List', 'ListComp', 'Tuple'].includes(value.node.kind)
}

function isOn(model: Model, expression: ast.Expression): boolean {
  return model.constant(expression) === true
}

function isOtherThanOne(model: Model, expression: ast.Expression): boolean {
  const constant = model.constant(expression)
  return typeof constant === 'number' && constant !== 1
}
