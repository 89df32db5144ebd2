import type * as ast from '../ast.ts'
import type { Concrete, Lower } from '../concrete.ts'
import { base } from '../node.ts'
import { isBitwise, lowerBitwise } from './bitwise.ts'
import { lowerExpression } from './dispatch.ts'
import { isStar, lowerStar } from './star.ts'

/** Operators, and what reads like them. */
export const operators: Readonly<Record<string, Lower<ast.Expression>>> = {
  binary_operator: lowerBinary,
  unary_operator: lowerUnary,
  not_operator: lowerUnary,
  boolean_operator: lowerBoolean,
  comparison_operator: lowerComparison,
  conditional_expression: lowerConditional,
  named_expression: lowerNamed,
  await: lowerAwait,
  yield: lowerYield,
}

function lowerBinary(concrete: Concrete, node: number): ast.Expression {
  if (isBitwise(concrete, node)) return lowerBitwise(concrete, node)
  return {
    ...concrete.base('BinOp', node),
    left: lowerExpression(concrete, concrete.child(node, 0)),
    op: concrete.type(concrete.child(node, 1)) as ast.BinaryOperator,
    right: lowerExpression(concrete, concrete.child(node, 2)),
  }
}

function lowerUnary(concrete: Concrete, node: number): ast.Expression {
  if (isStar(concrete, node)) return lowerStar(concrete, node)
  return {
    ...concrete.base('UnaryOp', node),
    op: concrete.type(concrete.child(node, 0)) as ast.UnaryOp['op'],
    operand: lowerExpression(concrete, concrete.child(node, 1)),
  }
}

/** The grammar nests `a and b and c` to the left; here it is one node. */
function lowerBoolean(concrete: Concrete, node: number): ast.Expression {
  const op = concrete.type(concrete.child(node, 1))
  const operands: number[] = []
  let left = node
  while (concrete.type(left) === 'boolean_operator' && concrete.type(concrete.child(left, 1)) === op) {
    operands.push(concrete.child(left, 2))
    left = concrete.child(left, 0)
  }
  operands.push(left)
  return {
    ...concrete.base('BoolOp', node),
    op: op === 'and' ? 'and' : 'or',
    values: operands.reverse().map(operand => lowerExpression(concrete, operand)),
  }
}

function lowerComparison(concrete: Concrete, node: number): ast.Expression {
  const ops: ast.CompareOperator[] = []
  const comparators: ast.Expression[] = []
  const left = concrete.child(node, 0)
  for (let op = concrete.nextOf(left); op < concrete.nextOf(node); op = concrete.nextOf(concrete.nextOf(op))) {
    // Python 2 alone knows `<>`.
    if (concrete.type(op) === '<>') return concrete.errorExpression(node)
    ops.push(concrete.type(op) as ast.CompareOperator)
    comparators.push(lowerExpression(concrete, concrete.nextOf(op)))
  }
  return { ...concrete.base('Compare', node), left: lowerExpression(concrete, left), ops, comparators }
}

function lowerConditional(concrete: Concrete, node: number): ast.Expression {
  return {
    ...concrete.base('IfExp', node),
    body: lowerExpression(concrete, concrete.child(node, 0)),
    test: lowerExpression(concrete, concrete.child(node, 2)),
    orelse: lowerExpression(concrete, concrete.child(node, 4)),
  }
}

function lowerNamed(concrete: Concrete, node: number): ast.Expression {
  const target = lowerExpression(concrete, concrete.child(node, 0))
  if (target.kind !== 'Name') return concrete.errorExpression(node)
  return { ...concrete.base('NamedExpr', node), target, value: lowerExpression(concrete, concrete.child(node, 2)) }
}

/** The grammar binds `await` less tightly than `**`; Python binds it more tightly. */
function lowerAwait(concrete: Concrete, node: number): ast.Expression {
  const operand = concrete.child(node, 1)
  const value = lowerExpression(concrete, operand)
  if (concrete.type(operand) !== 'binary_operator' || value.kind !== 'BinOp') {
    return { ...concrete.base('Await', node), value }
  }
  const start = concrete.startOf(node)
  const left: ast.Expression = {
    ...base('Await', start, concrete.endOf(concrete.child(operand, 0))),
    value: value.left,
  }
  return { ...value, start, left }
}

function lowerYield(concrete: Concrete, node: number): ast.Expression {
  const [, operand, source] = concrete.children(node)
  if (source !== undefined) return { ...concrete.base('YieldFrom', node), value: lowerExpression(concrete, source) }
  const value = operand === undefined ? undefined : lowerExpression(concrete, operand)
  return { ...concrete.base('Yield', node), value }
}
