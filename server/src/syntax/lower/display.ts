import type * as ast from '../ast.ts'
import type { Concrete, Lower } from '../concrete.ts'
import { lowerExpression } from './dispatch.ts'

/** Lists, tuples, sets, dictionaries, and comprehensions. */
export const displays: Readonly<Record<string, Lower<ast.Expression>>> = {
  list: lowerList,
  list_pattern: lowerList,
  tuple: lowerTuple,
  tuple_pattern: lowerTuple,
  expression_list: lowerTuple,
  pattern_list: lowerTuple,
  set: lowerSet,
  dictionary: lowerDictionary,
  list_splat: lowerSplat,
  list_splat_pattern: lowerSplat,
  list_comprehension: lowerComprehension,
  set_comprehension: lowerComprehension,
  generator_expression: lowerComprehension,
  dictionary_comprehension: lowerDictionaryComprehension,
}

/**
 * An expression where `*expression` is allowed. The grammar binds the star more tightly than anything: it reads
 * `*a.b()` as `(*a).b()`. Taking the star off the innermost node, and off the range of every node around it that
 * begins with it, leaves the operand; the star then goes to the outside.
 */
export function lowerElement(concrete: Concrete, node: number): ast.Expression {
  const start = concrete.startOf(node)
  const isPlain = concrete.text.charCodeAt(start) !== 42 || concrete.isBroken(node)
  if (isPlain || /^(list_splat|splat_type|(expression|pattern)_list)/.test(concrete.type(node)))
    return lowerExpression(concrete, node)
  let splat = node
  while (splat < concrete.nextOf(node) && !concrete.type(splat).startsWith('list_splat')) splat++
  if (splat === concrete.nextOf(node)) return lowerExpression(concrete, node)
  const operand = concrete.startOf(splat + 2)
  for (let outer = node; outer <= splat; outer++) concrete.start[outer] = operand
  return {
    kind: 'Starred',
    start,
    end: concrete.endOf(node),
    parent: undefined,
    value: lowerExpression(concrete, node),
  }
}

/** The elements between brackets or commas. */
export function lowerElements(concrete: Concrete, node: number): ast.Expression[] {
  const elements: ast.Expression[] = []
  const end = concrete.nextOf(node)
  for (let child = node + 1; child < end; child = concrete.nextOf(child)) {
    const type = concrete.type(child)
    if (!punctuation.has(type)) elements.push(lowerElement(concrete, child))
  }
  return elements
}

const punctuation: ReadonlySet<string> = new Set(['(', ')', '[', ']', '{', '}', ',', ':'])

function lowerList(concrete: Concrete, node: number): ast.Expression {
  const elements = lowerElements(concrete, node)
  return { kind: 'List', start: concrete.startOf(node), end: concrete.endOf(node), parent: undefined, elements }
}

export function lowerTuple(concrete: Concrete, node: number): ast.Expression {
  const elements = lowerElements(concrete, node)
  // A pattern of one element in parentheses is no tuple unless it has a comma.
  const [only] = elements
  if (
    concrete.type(node) === 'tuple_pattern' &&
    elements.length === 1 &&
    only &&
    concrete.find(node, ',') === undefined
  ) {
    return only
  }
  return { kind: 'Tuple', start: concrete.startOf(node), end: concrete.endOf(node), parent: undefined, elements }
}

function lowerSet(concrete: Concrete, node: number): ast.Expression {
  const elements = lowerElements(concrete, node)
  return { kind: 'Set', start: concrete.startOf(node), end: concrete.endOf(node), parent: undefined, elements }
}

function lowerDictionary(concrete: Concrete, node: number): ast.Expression {
  const keys: (ast.Expression | undefined)[] = []
  const values: ast.Expression[] = []
  for (const child of concrete.children(node)) {
    if (concrete.type(child) === 'pair') {
      const [key, , value] = concrete.children(child)
      keys.push(lowerExpression(concrete, key))
      values.push(lowerExpression(concrete, value))
    } else if (concrete.type(child) === 'dictionary_splat') {
      keys.push(undefined)
      values.push(lowerExpression(concrete, concrete.nextOf(child + 1)))
    }
  }
  return { kind: 'Dict', start: concrete.startOf(node), end: concrete.endOf(node), parent: undefined, keys, values }
}

/** A star where it stands alone. One that `lowerElement` has taken off begins at its operand. */
function lowerSplat(concrete: Concrete, node: number): ast.Expression {
  const operand = concrete.nextOf(node + 1)
  const value = lowerExpression(concrete, operand)
  const start = concrete.startOf(node)
  if (start === concrete.startOf(operand)) return value
  return { kind: 'Starred', start, end: concrete.endOf(node), parent: undefined, value }
}

function lowerComprehension(concrete: Concrete, node: number): ast.Expression {
  const [, body, ...clauses] = concrete.children(node)
  const start = concrete.startOf(node)
  const end = concrete.endOf(node)
  const element = lowerExpression(concrete, body)
  const generators = lowerClauses(concrete, clauses)
  switch (concrete.type(node)) {
    case 'list_comprehension':
      return { kind: 'ListComp', start, end, parent: undefined, element, generators }
    case 'set_comprehension':
      return { kind: 'SetComp', start, end, parent: undefined, element, generators }
    default:
      return { kind: 'GeneratorExp', start, end, parent: undefined, element, generators }
  }
}

function lowerDictionaryComprehension(concrete: Concrete, node: number): ast.Expression {
  const [, pair, ...clauses] = concrete.children(node)
  const [key, , value] = pair === undefined ? [] : concrete.children(pair)
  return {
    kind: 'DictComp',
    start: concrete.startOf(node),
    end: concrete.endOf(node),
    parent: undefined,
    key: lowerExpression(concrete, key),
    value: lowerExpression(concrete, value),
    generators: lowerClauses(concrete, clauses),
  }
}

/** The grammar lists `for` and `if` clauses side by side; an `if` belongs to the `for` before it. */
function lowerClauses(concrete: Concrete, clauses: readonly number[]): ast.Comprehension[] {
  const generators: ast.Comprehension[] = []
  let from = 0
  while (from < clauses.length && concrete.type(clauses[from] ?? 0) === 'for_in_clause') {
    let to = from + 1
    while (to < clauses.length && concrete.type(clauses[to] ?? 0) === 'if_clause') to++
    generators.push(lowerFor(concrete, clauses[from] ?? 0, clauses.slice(from + 1, to)))
    from = to
  }
  return generators
}

function lowerFor(concrete: Concrete, clause: number, conditions: readonly number[]): ast.Comprehension {
  const children = concrete.children(clause)
  const isAsync = concrete.type(children[0] ?? 0) === 'async'
  const [, target, , iter, ...others] = isAsync ? children.slice(1) : children
  // Python 2 alone has `for x in a, b` here.
  if (others.length > 0) concrete.markBroken(clause)
  return {
    kind: 'Comprehension',
    start: concrete.startOf(clause),
    end: concrete.endOf(conditions.at(-1) ?? clause),
    parent: undefined,
    isAsync,
    target: lowerExpression(concrete, target),
    iter: lowerExpression(concrete, iter),
    ifs: conditions.map(condition => lowerExpression(concrete, concrete.nextOf(condition + 1))),
  }
}
