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
  const values = items.map(item => concrete.child(item, 0))
  const [only, second] = values
  if (only === undefined || second !== undefined || !isGroup(concrete, only)) return values
  return concrete.children(only).filter(child => !/^[(,)]$/.test(concrete.type(child)))
}

/** In `with (a as b):` and `with (a, b):` the parentheses are those of the statement. */
function isGroup(concrete: Concrete, value: number): boolean {
  if (concrete.type(value) === 'tuple') return true
  return concrete.type(value) === 'parenthesized_expression' && concrete.find(value, 'as_pattern') !== undefined
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
