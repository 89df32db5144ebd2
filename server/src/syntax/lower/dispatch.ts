import type { Expression, Statement } from '../ast.ts'
import type { Concrete } from '../concrete.ts'

/**
 * How deep a tree can get, in expressions and statements inside each other. Beyond that the tree has an error node, so
 * that everything built on it may recurse. CPython itself gives up at 100 blocks or 200 brackets.
 */
export const maximumDepth = 500

export function lowerExpression(concrete: Concrete, node: number | undefined): Expression {
  if (node === undefined) return { kind: 'ErrorExpression', start: 0, end: 0, parent: undefined }
  const lower = concrete.grammar.expressions[concrete.types[node] ?? -1]
  if (!lower || concrete.depth >= maximumDepth || concrete.isBroken(node)) return concrete.errorExpression(node)
  concrete.depth++
  const expression = lower(concrete, node)
  concrete.depth--
  return expression
}

export function lowerStatement(concrete: Concrete, node: number): Statement {
  const lower = concrete.grammar.statements[concrete.types[node] ?? -1]
  if (!lower || concrete.depth >= maximumDepth) return concrete.errorStatement(node)
  concrete.depth++
  const statement = lower(concrete, node)
  concrete.depth--
  return statement
}

/** The statements of a block, or of any node that holds some. */
export function lowerBlock(concrete: Concrete, block: number | undefined): Statement[] {
  const statements: Statement[] = []
  if (block === undefined) return statements
  const end = concrete.nextOf(block)
  for (let child = block + 1; child < end; child = concrete.nextOf(child)) {
    const type = concrete.type(child)
    if (type === 'ERROR') statements.push(concrete.errorStatement(child))
    else if (concrete.grammar.statements[concrete.types[child] ?? -1]) statements.push(lowerStatement(concrete, child))
  }
  return statements
}
