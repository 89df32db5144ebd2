import type * as ast from '../ast.ts'
import type { Concrete } from '../concrete.ts'
import { lowerBlock, lowerExpression } from './dispatch.ts'

export function lowerWith(concrete: Concrete, node: number): ast.Statement {
  const clause = concrete.find(node, 'with_clause')
  if (clause === undefined) return concrete.errorStatement(node)
  const items = concrete.children(clause).filter(child => concrete.type(child) === 'with_item')
  return {
    kind: 'With',
    start: concrete.startOf(node),
    end: concrete.endOf(node),
    parent: undefined,
    isAsync: concrete.type(node + 1) === 'async',
    items: items.flatMap(item =>
      (isParenthesized(concrete, item, items) ? lowerTupleItems : lowerItems)(concrete, item),
    ),
    body: lowerBlock(concrete, concrete.find(node, 'block')),
    broken: concrete.isBroken(node),
  }
}

/** `with (a as b):`, `with (a, b):`: the parentheses are those of the statement. */
function isParenthesized(concrete: Concrete, item: number, items: readonly number[]): boolean {
  const type = concrete.type(item + 1)
  if (items.length > 1) return false
  if (type === 'tuple')
    return concrete.children(item + 1).every(child => !/splat|yield|named/.test(concrete.type(child)))
  return type === 'parenthesized_expression' && concrete.type(concrete.nextOf(item + 2)) === 'as_pattern'
}

function lowerTupleItems(concrete: Concrete, item: number): ast.WithItem[] {
  const elements = concrete.children(item + 1).filter(child => !['(', ')', ','].includes(concrete.type(child)))
  return elements.flatMap(element => lowerItem(concrete, element))
}

function lowerItems(concrete: Concrete, item: number): ast.WithItem[] {
  return [lowerItem(concrete, item + 1)]
}

/**
 * The grammar binds `as` more tightly than operators and reads `A if c else B as f` as `A if c else (B as f)`: what
 * ends where the innermost `as` does ends before it instead.
 */
function lowerItem(concrete: Concrete, node: number): ast.WithItem {
  const start = concrete.startOf(node)
  const end = concrete.endOf(node)
  let target: number | undefined
  if (!concrete.isBroken(node)) {
    const nested: number[] = []
    for (let at: number | undefined = node; at !== undefined; at = concrete.children(at).at(-1)) {
      nested.push(at)
      if (concrete.type(at) !== 'as_pattern') continue
      const [value, , alias] = concrete.children(at)
      if (value === undefined || alias === undefined) break
      for (const outer of nested) concrete.end[outer] = concrete.endOf(value)
      target = alias + 1
      break
    }
  }
  return {
    kind: 'WithItem',
    start,
    end,
    parent: undefined,
    contextExpression: lowerExpression(concrete, node),
    optionalVars: target === undefined ? undefined : lowerExpression(concrete, target),
  }
}

/** An `as` inside an expression: what a `with` item has taken its target from, or an error. */
export function lowerAs(concrete: Concrete, node: number): ast.Expression {
  const value = node + 1
  return concrete.endOf(node) === concrete.endOf(value)
    ? lowerExpression(concrete, value)
    : concrete.errorExpression(node)
}
