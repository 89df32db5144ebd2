/** Accumulation windows that are off by one: `i % n == 0` with `i` counted from 0 steps after the first batch. */
import type { Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { type Accumulation, accumulations } from './accumulation.ts'

export interface ShortWindow extends Accumulation {
  readonly counter: ast.Name
}

export function shortWindows(model: Model): readonly ShortWindow[] {
  return accumulations(model).flatMap(accumulation => {
    const { counter, every } = accumulation.test
    if (counter.kind !== 'Name' || model.constant(every) === 1) return []
    return isCountedFromZero(model, counter, accumulation.loop) ? [{ ...accumulation, counter }] : []
  })
}

/** Is it the counter of `enumerate(loader)` or `range(n)`, which the body leaves alone? */
function isCountedFromZero(model: Model, counter: ast.Name, loop: ast.For | ast.While): boolean {
  if (loop.kind !== 'For') return false
  const sources = model.sources(counter)
  if (sources.length !== 1 || sources[0]?.parent !== loop) return false
  const call = unwrapped(model, loop.iter)
  if (call?.kind !== 'Call') return false
  const name = model.qualifiedName(call.func) ?? ''
  if (name === 'builtins.enumerate') {
    const start = model.argument(call, 'start', 1)
    const [first] = 'elements' in loop.target ? loop.target.elements : []
    return first?.kind === 'Name' && first.id === counter.id && isZero(model, start)
  }
  return (
    loop.target.kind === 'Name' &&
    /^(?:builtins\.range|tqdm\.(?:\w+\.)*trange)$/.test(name) &&
    (call.args.length === 1 || isZero(model, model.argument(call, 'start', 0)))
  )
}

const isZero = (model: Model, start: ReturnType<Model['argument']>): boolean =>
  start.kind === 'absent' || (start.kind === 'given' && model.constant(start.value) === 0)

/** `tqdm(enumerate(loader))` counts as `enumerate(loader)` does. */
function unwrapped(model: Model, iterable: ast.Expression): ast.Expression | undefined {
  const isProgress = iterable.kind === 'Call' && /^tqdm\.(?:\w+\.)*tqdm$/.test(model.qualifiedName(iterable.func) ?? '')
  return isProgress ? iterable.args[0] : iterable
}
