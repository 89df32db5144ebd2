import type { Expression, Statement } from '../ast.ts'
import type { Concrete } from '../concrete.ts'
import { base } from '../node.ts'
import { lowerStatement } from './dispatch.ts'
import { lowerElement } from './star.ts'

/** The expression behind a keyword of `node`, where an error may have taken either away. */
export function lowerBehind(concrete: Concrete, node: number, keyword: string): Expression {
  const token = concrete.find(node, keyword)
  const expression = token === undefined ? undefined : concrete.nextOf(token)
  if (expression !== undefined && expression < concrete.nextOf(node) && concrete.expressionLowering(expression)) {
    return lowerElement(concrete, expression)
  }
  concrete.markBroken(node)
  const end = token === undefined ? concrete.startOf(node) : concrete.endOf(token)
  return base('ErrorExpression', end, end)
}

/** The statements of the block that `node` has. */
export function lowerBlock(concrete: Concrete, node: number): Statement[] {
  const statements: Statement[] = []
  const block = concrete.find(node, 'block')
  if (block === undefined) return statements
  for (let child = block + 1; child < concrete.nextOf(block); child = concrete.nextOf(child)) {
    if (concrete.type(child) !== ';') statements.push(lowerStatement(concrete, child))
  }
  return statements
}
