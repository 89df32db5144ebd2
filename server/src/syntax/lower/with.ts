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
  const [only] = values
  if (only === undefined || values.length > 1) return values
  // In `with (a as b):` and `with (a, b):` the parentheses are those of the statement.
  const inside = concrete.children(only)
  const isTuple = concrete.type(only) === 'tuple' && !inside.some(child => unfit.has(concrete.type(child)))
  const isGroup =
    concrete.type(only) === 'parenthesized_expression' && inside.some(child => concrete.type(child) === 'as_pattern')
  return isTuple || isGroup ? inside.filter(child => !/^[(,)]$/.test(concrete.type(child))) : values
}

/** What makes parentheses those of a tuple, since no `with` item can be one. */
const unfit: ReadonlySet<string> = new Set(['list_splat', 'yield', 'named_expression'])

function lowerItem(concrete: Concrete, node: number): ast.WithItem {
  const item = concrete.base('WithItem', node)
  const target = takeTarget(concrete, node)
  return {
    ...item,
    contextExpression: lowerExpression(concrete, node),
    optionalVars: target === undefined ? undefined : lowerExpression(concrete, target),
  }
}
