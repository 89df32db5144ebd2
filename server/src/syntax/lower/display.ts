import type * as ast from '../ast.ts'
import type { Concrete, Lower } from '../concrete.ts'
import { base } from '../node.ts'
import { lowerExpression } from './dispatch.ts'
import { lowerElements } from './star.ts'

/** Lists, tuples, sets and dictionaries, and their comprehensions. */
export const displays: Readonly<Record<string, Lower<ast.Expression>>> = {
  list: lowerList,
  list_pattern: lowerList,
  tuple: lowerTuple,
  tuple_pattern: lowerTuplePattern,
  expression_list: lowerTuple,
  pattern_list: lowerTuple,
  set: lowerSet,
  dictionary: lowerDictionary,
  list_comprehension: lowerComprehension('ListComp'),
  set_comprehension: lowerComprehension('SetComp'),
  generator_expression: lowerComprehension('GeneratorExp'),
  dictionary_comprehension: lowerDictionaryComprehension,
}

function lowerList(concrete: Concrete, node: number): ast.Expression {
  return { ...concrete.base('List', node), elements: lowerElements(concrete, concrete.children(node)) }
}

function lowerTuple(concrete: Concrete, node: number): ast.Expression {
  return { ...concrete.base('Tuple', node), elements: lowerElements(concrete, concrete.children(node)) }
}

/** As the target of an assignment, `(a)` is `a`. */
function lowerTuplePattern(concrete: Concrete, node: number): ast.Expression {
  const [, element, end] = concrete.children(node)
  const isTuple = element === undefined || end === undefined || concrete.type(end) === ','
  return isTuple ? lowerTuple(concrete, node) : lowerExpression(concrete, element)
}

function lowerSet(concrete: Concrete, node: number): ast.Expression {
  return { ...concrete.base('Set', node), elements: lowerElements(concrete, concrete.children(node)) }
}

function lowerDictionary(concrete: Concrete, node: number): ast.Expression {
  const keys: (ast.Expression | undefined)[] = []
  const values: ast.Expression[] = []
  for (const child of concrete.children(node)) {
    if (concrete.type(child) === 'pair') {
      keys.push(lowerExpression(concrete, concrete.child(child, 0)))
      values.push(lowerExpression(concrete, concrete.child(child, 2)))
    } else if (concrete.type(child) === 'dictionary_splat') {
      keys.push(undefined)
      values.push(lowerExpression(concrete, concrete.child(child, 1)))
    }
  }
  return { ...concrete.base('Dict', node), keys, values }
}

function lowerComprehension(kind: 'ListComp' | 'SetComp' | 'GeneratorExp'): Lower<ast.Expression> {
  return (concrete, node) => ({
    ...concrete.base(kind, node),
    element: lowerExpression(concrete, concrete.child(node, 1)),
    generators: lowerClauses(concrete, node),
  })
}

function lowerDictionaryComprehension(concrete: Concrete, node: number): ast.Expression {
  const pair = concrete.child(node, 1)
  return {
    ...concrete.base('DictComp', node),
    key: lowerExpression(concrete, concrete.child(pair, 0)),
    value: lowerExpression(concrete, concrete.child(pair, 2)),
    generators: lowerClauses(concrete, node),
  }
}

/** The grammar lists `for` and `if` clauses side by side; an `if` belongs to the `for` before it. */
function lowerClauses(concrete: Concrete, node: number): ast.Comprehension[] {
  const groups: number[][] = []
  for (const child of concrete.children(node)) {
    if (concrete.type(child) === 'for_in_clause') groups.push([child])
    else if (concrete.type(child) === 'if_clause') groups.at(-1)?.push(child)
  }
  return groups.map(group => lowerClause(concrete, group))
}

function lowerClause(concrete: Concrete, [clause = 0, ...conditions]: readonly number[]): ast.Comprehension {
  const isAsync = concrete.type(concrete.child(clause, 0)) === 'async'
  const [, target = clause, , iter = clause, ...others] = concrete.children(clause).slice(isAsync ? 1 : 0)
  // Python 2 alone has `for x in a, b` here.
  if (others.length > 0) concrete.markBroken(clause)
  return {
    ...base('Comprehension', concrete.startOf(clause), concrete.endOf(conditions.at(-1) ?? clause)),
    isAsync,
    target: lowerExpression(concrete, target),
    iter: lowerExpression(concrete, iter),
    ifs: conditions.map(condition => lowerExpression(concrete, concrete.child(condition, 1))),
  }
}
