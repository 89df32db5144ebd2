/** How often a loop runs, where its range is written out. */
import type { Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'

/**
 * `range(1, epochs + 1)` with a known `epochs`, through `tqdm(…)`, `trange(…)` and `enumerate(…)`; undefined where the
 * number is not in the text, and where the loop may be left early.
 */
export function iterationsOf(model: Model, loop: ast.For | ast.While): number | undefined {
  if (loop.kind === 'While' || leavesEarly(model, loop)) return undefined
  return lengthOf(model, loop.iter)
}

function lengthOf(model: Model, iterable: ast.Expression): number | undefined {
  if (iterable.kind === 'List' || iterable.kind === 'Tuple')
    return iterable.elements.some(({ kind }) => kind === 'Starred') ? undefined : iterable.elements.length
  if (iterable.kind !== 'Call') return undefined
  const [first] = iterable.args
  const name = model.qualifiedName(iterable.func) ?? ''
  if (wrapping.test(name)) return first && lengthOf(model, first)
  return name === 'builtins.range' || /^tqdm\.(?:\w+\.)*trange$/.test(name)
    ? rangeLength(model, iterable.args)
    : undefined
}

/** What gives as many things as it is given. */
const wrapping = /^(?:tqdm\.(?:\w+\.)*tqdm|builtins\.(?:enumerate|reversed|list))$/

function rangeLength(model: Model, bounds: readonly ast.Expression[]): number | undefined {
  const [first, second, step = 1] = bounds.map(bound => model.constant(bound))
  const [start, stop] = bounds.length === 1 ? [0, first] : [first, second]
  if (!isInteger(start) || !isInteger(stop) || !isInteger(step) || step === 0) return undefined
  return Math.max(0, Math.ceil((stop - start) / step))
}

const isInteger = (value: unknown): value is number => typeof value === 'number' && Number.isInteger(value)

function leavesEarly(model: Model, loop: ast.For): boolean {
  const breaks = model.nodes('Break', loop).some(node => model.loops(node)[0] === loop)
  return breaks || model.nodes('Return', loop).some(node => model.scope(node) === model.scope(loop))
}
