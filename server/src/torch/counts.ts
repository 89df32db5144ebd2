/**
 * Numbers of times as sums of products, because a script rarely says them in digits: `epochs * len(loader) + 5`. What is
 * not known is a symbol, the same wherever it means the same; every symbol stands for at least one, and the length of a
 * loader for at least two.
 */
import type { Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { loaderLength } from './loaderLengths.ts'

/** From products of symbols, written in order, to their coefficients; the empty product is 1. */
export type Count = ReadonlyMap<string, number>

/** The number that an expression counts; undefined where the text does not show what it is made of. */
export function countOf(model: Model, expression: ast.Expression): Count | undefined {
  return read(model, expression, argument => lengthOf(model, argument), 0)
}

/** Does the number grow with the length of something that is iterated, whether that is known or not? */
export function countsLength(model: Model, expression: ast.Expression): boolean {
  const count = read(model, expression, argument => symbolicLength(model, argument), 0)
  return count !== undefined && [...count.keys()].some(product => product.includes('len('))
}

type Length = (iterated: ast.Expression) => Count | undefined

function read(model: Model, expression: ast.Expression, length: Length, depth: number): Count | undefined {
  if (depth > deepest) return undefined
  const constant = model.constant(expression)
  if (typeof constant === 'number') return number(constant)
  const inner = (node: ast.Expression) => read(model, node, length, depth + 1)
  if (expression.kind === 'BinOp') return combined(expression, inner)
  if (expression.kind === 'Call') return called(model, expression, length, inner)
  if (expression.kind !== 'Name' && expression.kind !== 'Attribute' && expression.kind !== 'Subscript') return undefined
  const [value, ...others] = model.values(expression)
  if (others.length > 0) return undefined
  if (value?.kind === 'expression' && value.node !== expression) return inner(value.node)
  if (value?.kind === 'result') return inner(value.call)
  if (value?.kind === 'instance') return value.creation && inner(value.creation)
  const place = model.place(expression)
  return place && symbol(place.key)
}

const deepest = 20

export function number(value: number): Count {
  return value === 0 ? new Map() : new Map([['', value]])
}

/** The length of something that is iterated: a number where the text shows it. */
export function lengthOf(model: Model, iterated: ast.Expression): Count | undefined {
  const known = loaderLength(model, iterated)
  return known === undefined ? symbolicLength(model, iterated) : number(known)
}

function symbolicLength(model: Model, iterated: ast.Expression): Count | undefined {
  const place = model.place(iterated)
  return place && symbol(`len(${place.key})`)
}

export function plus(a: Count, b: Count, factor = 1): Count {
  const sum = new Map(a)
  for (const [product, coefficient] of b) sum.set(product, (sum.get(product) ?? 0) + factor * coefficient)
  return new Map([...sum].filter(([, coefficient]) => coefficient !== 0))
}

export function times(a: Count, b: Count): Count {
  let product: Count = new Map()
  for (const [left, x] of a) for (const [right, y] of b) product = plus(product, new Map([[join(left, right), x * y]]))
  return product
}

/** Is the one certainly larger than the other by `margin` or more? */
export function exceeds(a: Count, b: Count, margin = 1): boolean {
  const rest = plus(plus(a, b, -1), number(margin), -1)
  const available = new Map([...rest].filter(([, coefficient]) => coefficient > 0))
  return [...rest].every(([product, coefficient]) => coefficient > 0 || isCovered(product, -coefficient, available))
}

export function isSame(a: Count, b: Count): boolean {
  return plus(a, b, -1).size === 0
}

/** The count, if it is a number. */
export function numberOf(count: Count | undefined): number | undefined {
  return count && [...count.keys()].every(product => product === '') ? (count.get('') ?? 0) : undefined
}

/** Takes as much as a product owes from larger products: `len(loader) * epochs` is worth two `epochs`. */
function isCovered(product: string, owed: number, available: Map<string, number>): boolean {
  let open = owed
  for (const [larger, coefficient] of available) {
    const more = quotient(larger, product)
    if (more === undefined || open <= 0) continue
    const worth = 2 ** more.filter(each => each.startsWith('len(')).length
    const used = Math.min(coefficient, open / worth)
    available.set(larger, coefficient - used)
    open -= used * worth
  }
  return open <= 0
}

/** The symbols that one product has more than the other. */
function quotient(larger: string, smaller: string): readonly string[] | undefined {
  const rest = split(larger)
  for (const each of split(smaller)) {
    const index = rest.indexOf(each)
    if (index < 0) return undefined
    rest.splice(index, 1)
  }
  return rest
}

const separator = '\n'
const split = (product: string): string[] => (product === '' ? [] : product.split(separator))
const join = (a: string, b: string): string => [...split(a), ...split(b)].sort().join(separator)
const symbol = (key: string): Count => new Map([[key, 1]])

function combined(
  { op, left, right }: ast.BinOp,
  inner: (node: ast.Expression) => Count | undefined,
): Count | undefined {
  const [a, b] = [inner(left), inner(right)]
  if (!a || !b) return undefined
  const divisor = numberOf(b)
  switch (op) {
    case '+':
      return plus(a, b)
    case '-':
      return plus(a, b, -1)
    case '*':
      return times(a, b)
    case '/':
    case '//':
      return divisor ? times(a, number(1 / divisor)) : undefined
    default:
      return undefined
  }
}

const roundings = new Set(['builtins.int', 'builtins.round', 'math.ceil', 'math.floor'])

function called(
  model: Model,
  call: ast.Call,
  length: Length,
  inner: (node: ast.Expression) => Count | undefined,
): Count | undefined {
  const callee = model.callee(call)
  const [argument] = call.args
  if (callee.kind !== 'symbol' || !argument || call.args.length > 1) return undefined
  if (callee.name === 'builtins.len') return length(argument)
  return roundings.has(callee.name) ? inner(argument) : undefined
}
