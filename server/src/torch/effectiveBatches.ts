/** How many samples one step of the optimizer sees: the batch, times the accumulated batches, times the processes. */
import type { Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { encloses } from '../syntax/walk.ts'
import { type Accumulation, accumulations } from './accumulation.ts'
import { settledDefault } from './defaults.ts'
import { eventOf } from './events.ts'
import { trainingLoaders } from './loaders.ts'
import { remember } from './remember.ts'
import { importsTrainer } from './usage.ts'

export interface EffectiveBatch {
  readonly loop: ast.For
  readonly loader: ast.Call
  /** Undefined where the loader is given none, which makes it 1. */
  readonly size: ast.Expression | undefined
  readonly batch: Factor
  readonly accumulation: (Factor & { readonly test: ast.Compare }) | undefined
  readonly processes: 'one' | 'several' | number
}

export interface Factor {
  /** As this file writes it; undefined if another one does. */
  readonly text: string | undefined
  /** Its value, or its default; undefined where neither is visible. */
  readonly value: number | undefined
  /** The value is the default of a command-line option or parameter. */
  readonly isDefault: boolean
}

/** For the training loops that say which loader they take their batches from. */
export const effectiveBatches = remember((model: Model): readonly EffectiveBatch[] => {
  // A library that wraps the loop has its own say in how the batches of processes become one.
  if (importsTrainer(model)) return []
  const processes = processCount(model)
  return trainingLoaders(model).flatMap(({ loop, loader }) => {
    const size = model.argument(loader, 'batch_size', 1)
    if (size.kind === 'unknown' || model.argument(loader, 'batch_sampler', 4).kind !== 'absent') return []
    const batch = size.kind === 'given' ? factorOf(model, size.value) : { text: '1', value: 1, isDefault: false }
    // `batch_size=None` leaves the batches to the data set.
    if (!batch) return []
    const [found, ...others] = accumulations(model).filter(each => each.loop === loop)
    const every =
      found && others.length === 0 && isCounted(model, found) ? factorOf(model, found.test.every) : undefined
    if (found && (!every || every.value === 1)) return []
    const accumulation = found && every && { ...every, test: found.test.compare }
    return [{ loop, loader, size: size.kind === 'given' ? size.value : undefined, batch, accumulation, processes }]
  })
})

/** The product of all factors; undefined unless all are numbers. */
export function totalOf({ batch, accumulation, processes }: EffectiveBatch): number | undefined {
  if (batch.value === undefined || (accumulation && accumulation.value === undefined)) return undefined
  return batch.value * (accumulation?.value ?? 1) * (typeof processes === 'number' ? processes : 1)
}

function factorOf(model: Model, expression: ast.Expression): Factor | undefined {
  const value = settledDefault(model, expression)
  if (value !== undefined && !(typeof value === 'number' && Number.isInteger(value) && value > 0)) return undefined
  const isOwn = model.moduleOf(expression) === model.module
  return {
    text: isOwn ? model.textOf(expression) : undefined,
    value,
    isDefault: value !== undefined && model.constant(expression) === undefined,
  }
}

/** Does the test count the batches of its loop, and are the gradients cleared as seldom? */
function isCounted(model: Model, { loop, test }: Accumulation): boolean {
  const counters = model.nodes('Name', test.counter)
  const [counter, ...others] = counters
  const isCounter = counter && others.length === 0 && countsIterations(model, loop, counter)
  const clears = model.nodes('Call', loop).some(call => eventOf(model, call)?.kind === 'zero_grad')
  return Boolean(isCounter) && clears
}

/** The index that `enumerate` and `range` give, or a variable that each iteration adds one to. */
function countsIterations(model: Model, loop: ast.For | ast.While, { id }: ast.Name): boolean {
  if (loop.kind === 'For') {
    const target = loop.target.kind === 'Tuple' ? loop.target.elements[0] : loop.target
    const name = loop.iter.kind === 'Call' ? model.textOf(loop.iter) : ''
    if (target?.kind === 'Name' && target.id === id) return /\b(?:enumerate|range|trange)\(/.test(name)
  }
  const [added, ...others] = model
    .nodes('AugAssign', loop)
    .filter(({ target, op }) => target.kind === 'Name' && target.id === id && op === '+')
  return others.length === 0 && added?.parent === loop && model.constant(added.value) === 1
}

const wrappers = [
  'torch.nn.parallel.DistributedDataParallel',
  'torch.distributed.fsdp.FullyShardedDataParallel',
  'torch.distributed.fsdp.fully_shard',
]

/** A loader's batch is that of one process, where the gradients of several are averaged. */
function processCount(model: Model): EffectiveBatch['processes'] {
  const places = [undefined, ...model.followed()]
  if (!places.some(place => model.calls(wrappers, place).length > 0)) return 'one'
  const counts = [
    ...model.calls(['torch.distributed.init_process_group']).map(call => model.argument(call, 'world_size')),
    ...model.calls(['torch.multiprocessing.spawn']).map(call => model.argument(call, 'nprocs', 2)),
  ].flatMap(argument => (argument.kind === 'given' ? [model.constant(argument.value)] : []))
  const [count] = counts
  return typeof count === 'number' && count > 1 && counts.every(other => other === count) ? count : 'several'
}

/** The batch of the loop that an expression stands in. */
export function effectiveBatchOf(model: Model, loop: ast.Node): EffectiveBatch | undefined {
  return effectiveBatches(model).find(each => each.loop === loop || encloses(each.loop, loop))
}
