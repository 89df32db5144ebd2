import type * as ast from '../ast.ts'
import type { Concrete, Lower } from '../concrete.ts'
import { isBitwise, lowerBitwise } from './bitwise.ts'
import { lowerExpression } from './dispatch.ts'

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

export const binaryOperators: ReadonlySet<string> = new Set<ast.BinaryOperator>([
  '+',
  '-',
  '*',
  '@',
  '/',
  '%',
  '**',
  '<<',
  '>>',
  '|',
  '^',
  '&',
  '//',
])

function lowerBinary(concrete: Concrete, node: number): ast.Expression {
  const left = node + 1
  const operator = concrete.nextOf(left)
  if (isBitwise(concrete, node)) return lowerBitwise(concrete, node)
  return {
    kind: 'BinOp',
    start: concrete.startOf(node),
    end: concrete.endOf(node),
    parent: undefined,
    left: lowerExpression(concrete, left),
    op: concrete.type(operator) as ast.BinaryOperator,
    right: lowerExpression(concrete, concrete.nextOf(operator)),
  }
}

function lowerUnary(concrete: Concrete, node: number): ast.Expression {
  const operator = node + 1
  return {
    kind: 'UnaryOp',
    start: concrete.startOf(node),
    end: concrete.endOf(node),
    parent: undefined,
    op: concrete.type(operator) as ast.UnaryOp['op'],
    operand: lowerExpression(concrete, concrete.nextOf(operator)),
  }
}

/** The grammar nests `a and b and c` to the left; here it is one node. */
function lowerBoolean(concrete: Concrete, node: number): ast.Expression {
  const op = concrete.type(concrete.nextOf(node + 1))
  const operands: number[] = []
  let left = node
  while (concrete.type(left) === 'boolean_operator' && concrete.type(concrete.nextOf(left + 1)) === op) {
    operands.push(concrete.nextOf(concrete.nextOf(left + 1)))
    left++
  }
  operands.push(left)
  return {
    kind: 'BoolOp',
    start: concrete.startOf(node),
    end: concrete.endOf(node),
    parent: undefined,
    op: op === 'and' ? 'and' : 'or',
    values: operands.reverse().map(operand => lowerExpression(concrete, operand)),
  }
}

function lowerComparison(concrete: Concrete, node: number): ast.Expression {
  const [left, ...rest] = concrete.children(node)
  const ops: ast.CompareOperator[] = []
  const comparators: ast.Expression[] = []
  for (let i = 0; i + 1 < rest.length; i += 2) {
    const op = concrete.type(rest[i] ?? 0)
    // Python 2 alone knows `<>`.
    if (op === '<>') return concrete.errorExpression(node)
    ops.push(op as ast.CompareOperator)
    comparators.push(lowerExpression(concrete, rest[i + 1]))
  }
  return {
    kind: 'Compare',
    start: concrete.startOf(node),
    end: concrete.endOf(node),
    parent: undefined,
    left: lowerExpression(concrete, left),
    ops,
    comparators,
  }
}

function lowerConditional(concrete: Concrete, node: number): ast.Expression {
  const [body, , test, , orelse] = concrete.children(node)
  return {
    kind: 'IfExp',
    start: concrete.startOf(node),
    end: concrete.endOf(node),
    parent: undefined,
    body: lowerExpression(concrete, body),
    test: lowerExpression(concrete, test),
    orelse: lowerExpression(concrete, orelse),
  }
}

function lowerNamed(concrete: Concrete, node: number): ast.Expression {
  const [name, , value] = concrete.children(node)
  const target = lowerExpression(concrete, name)
  if (target.kind !== 'Name') return concrete.errorExpression(node)
  return {
    kind: 'NamedExpr',
    start: concrete.startOf(node),
    end: concrete.endOf(node),
    parent: undefined,
    target,
    value: lowerExpression(concrete, value),
  }
}

/** The grammar binds `await` less tightly than `**`; Python binds it more tightly. */
function lowerAwait(concrete: Concrete, node: number): ast.Expression {
  const [, operand] = concrete.children(node)
  const start = concrete.startOf(node)
  const value = lowerExpression(concrete, operand)
  if (operand !== undefined && concrete.type(operand) === 'binary_operator' && value.kind === 'BinOp') {
    const { left } = value
    return {
      ...value,
      start,
      left: { kind: 'Await', start, end: concrete.endOf(operand + 1), parent: undefined, value: left },
    }
  }
  return { kind: 'Await', start, end: concrete.endOf(node), parent: undefined, value }
}

function lowerYield(concrete: Concrete, node: number): ast.Expression {
  const start = concrete.startOf(node)
  const end = concrete.endOf(node)
  const [, next, value] = concrete.children(node)
  if (value !== undefined) {
    return { kind: 'YieldFrom', start, end, parent: undefined, value: lowerExpression(concrete, value) }
  }
  const operand = next === undefined ? undefined : lowerExpression(concrete, next)
  return { kind: 'Yield', start, end, parent: undefined, value: operand }
}
