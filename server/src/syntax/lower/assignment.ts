import type * as ast from '../ast.ts'
import type { Concrete } from '../concrete.ts'
import { lowerExpression } from './dispatch.ts'
import { lowerElement } from './star.ts'

/** The grammar nests `a = b = c` to the right; here it is one statement with two targets. */
export function lowerAssignment(concrete: Concrete, node: number): ast.Statement {
  if (!concrete.isTorn(node) && concrete.find(node, ':') !== undefined) return lowerAnnotated(concrete, node)
  const targets: ast.Expression[] = []
  let value = node
  while (concrete.type(value) === 'assignment') {
    if (concrete.isTorn(value) || concrete.find(value, ':') !== undefined) return concrete.errorStatement(node)
    targets.push(lowerExpression(concrete, concrete.child(value, 0)))
    value = concrete.child(value, 2)
  }
  if (isAssignment(concrete, value)) return concrete.errorStatement(node)
  return {
    ...concrete.base('Assign', node),
    targets,
    value: lowerElement(concrete, value),
    broken: concrete.isBroken(node),
  }
}

function isAssignment(concrete: Concrete, node: number): boolean {
  return concrete.type(node) === 'assignment' || concrete.type(node) === 'augmented_assignment'
}

function lowerAnnotated(concrete: Concrete, node: number): ast.Statement {
  const [target = node, , annotation = node, , value] = concrete.children(node)
  if (value !== undefined && isAssignment(concrete, value)) return concrete.errorStatement(node)
  return {
    ...concrete.base('AnnAssign', node),
    target: lowerExpression(concrete, target),
    annotation: lowerExpression(concrete, annotation),
    value: value === undefined ? undefined : lowerElement(concrete, value),
    broken: concrete.isBroken(node),
  }
}

export function lowerAugmentedAssignment(concrete: Concrete, node: number): ast.Statement {
  const value = concrete.child(node, 2)
  if (concrete.isTorn(node) || isAssignment(concrete, value)) return concrete.errorStatement(node)
  return {
    ...concrete.base('AugAssign', node),
    target: lowerExpression(concrete, concrete.child(node, 0)),
    op: concrete.type(concrete.child(node, 1)).slice(0, -1) as ast.BinaryOperator,
    value: lowerElement(concrete, value),
    broken: concrete.isBroken(node),
  }
}
