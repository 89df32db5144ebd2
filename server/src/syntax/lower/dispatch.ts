import type { Expression, Statement } from '../ast.ts'
import type { Concrete } from '../concrete.ts'

/**
 * How many expressions and statements can be inside each other. Beyond that the tree has an error node, so that
 * everything built on it may recurse. CPython itself gives up at 100 blocks or 200 brackets.
 */
export const maximumDepth = 500

export function lowerExpression(concrete: Concrete, node: number): Expression {
  const lower = concrete.expressionLowering(node)
  if (!lower || concrete.depth >= maximumDepth || concrete.isBroken(node)) return concrete.errorExpression(node)
  concrete.depth++
  const expression = lower(concrete, node)
  concrete.depth--
  return expression
}

export function lowerStatement(concrete: Concrete, node: number): Statement {
  const lower = concrete.statementLowering(node)
  if (!lower || concrete.depth >= maximumDepth) return concrete.errorStatement(node)
  concrete.depth++
  const statement = lower(concrete, node)
  concrete.depth--
  return statement
}
