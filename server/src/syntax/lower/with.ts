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

/** In `with (a as b):` and `with (a, b):` the parentheses are those of the statement. */
function itemsOf(concrete: Concrete, clause: number): number[] {
  const items = concrete.children(clause).filter(child => concrete.type(child) === 'with_item')
  return items.flatMap(item => {
    const value = concrete.child(item, 0)
    const isTuple = concrete.type(value) === 'tuple'
    const isGroup =
      concrete.type(value) === 'parenthesized_expression' && concrete.find(value, 'as_pattern') !== undefined
    if (!isTuple && !isGroup) return [value]
    return concrete.children(value).filter(child => !/^[(,)]$/.test(concrete.type(child)))
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
