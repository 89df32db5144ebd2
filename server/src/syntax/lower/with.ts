import type * as ast from '../ast.ts'
import type { Concrete, Lower } from '../concrete.ts'
import { takeTarget } from './as.ts'
import { lowerBlock } from './block.ts'
import { lowerExpression } from './dispatch.ts'

/** The `with` statement. */
export const withStatements: Readonly<Record<string, Lower<ast.Statement>>> = { with_statement: lowerWith }

function lowerWith(concrete: Concrete, node: number): ast.Statement {
  const clause = concrete.find(node, 'with_clause')
  if (clause === undefined) return concrete.errorStatement(node)
  return {
    ...concrete.base('With', node),
    isAsync: concrete.type(concrete.child(node, 0)) === 'async',
    items: itemsOf(concrete, clause).map(item => lowerItem(concrete, item)),
    body: lowerBlock(concrete, node),
    broken: concrete.isBroken(node),
  }
}

function itemsOf(concrete: Concrete, clause: number): number[] {
  const items = concrete.children(clause).filter(child => concrete.type(child) === 'with_item')
  return items.map(item => {
    const value = concrete.child(item, 0)
    const inside = concrete.child(value, 1)
    // In `with (a as b):` the parentheses are those of the statement.
    const isGroup = concrete.type(value) === 'parenthesized_expression' && concrete.type(inside) === 'as_pattern'
    return isGroup ? inside : value
  })
}

function lowerItem(concrete: Concrete, node: number): ast.WithItem {
  const item = concrete.base('WithItem', node)
  const target = takeTarget(concrete, node)
  return {
    ...item,
    contextExpression: lowerExpression(concrete, node),
    optionalVars: target === undefined ? undefined : lowerExpression(concrete, target),
  }
}
