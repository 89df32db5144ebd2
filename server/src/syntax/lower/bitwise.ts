import type * as ast from '../ast.ts'
import type { Concrete } from '../concrete.ts'
import { lowerExpression, maximumDepth } from './dispatch.ts'

/**
 * `&`, `^` and `|`, which the grammar groups wrongly: it binds `^` more tightly than `&`, and nests the `|` of
 * annotations to the right. So the operands are laid side by side and grouped anew, the tightest operator first.
 */
export function lowerBitwise(concrete: Concrete, node: number): ast.Expression {
  const { operands, operators } = flatten(concrete, node)
  if (concrete.depth + operands.length > maximumDepth) return concrete.errorExpression(node)
  let groups = { operands: operands.map(operand => lowerOperand(concrete, operand)), operators }
  for (const operator of precedence) groups = group(groups.operands, groups.operators, operator)
  return groups.operands[0]?.expression ?? concrete.errorExpression(node)
}

const precedence = ['&', '^', '|'] as const

export function isBitwise(concrete: Concrete, node: number): boolean {
  const type = concrete.type(node)
  if (type === 'type') return isBitwise(concrete, node + 1)
  if (type === 'union_type') return true
  return type === 'binary_operator' && /^[&^|]$/.test(concrete.type(concrete.nextOf(node + 1)))
}

/** The operands and what stands between them. */
function flatten(concrete: Concrete, node: number): { operands: number[]; operators: string[] } {
  const operands: number[] = []
  const operators: string[] = []
  const rest = [node]
  for (let at = rest.pop(); at !== undefined; at = rest.pop()) {
    if (isBitwise(concrete, at)) rest.push(...concrete.children(at).reverse())
    else if (/^[&^|]$/.test(concrete.type(at))) operators.push(concrete.type(at))
    else operands.push(at)
  }
  return { operands, operators }
}

/** An operand with its range, which parentheses make wider than that of the expression. */
interface Operand {
  readonly start: number
  readonly end: number
  readonly expression: ast.Expression
}

function lowerOperand(concrete: Concrete, node: number): Operand {
  return { start: concrete.startOf(node), end: concrete.endOf(node), expression: lowerExpression(concrete, node) }
}

/** Joins what stands at either side of `operator`. */
function group(operands: readonly Operand[], operators: readonly string[], operator: ast.BinaryOperator) {
  const joined: Operand[] = operands.slice(0, 1)
  const others: string[] = []
  for (const [index, right] of operands.slice(1).entries()) {
    const left = operators[index] === operator ? joined.pop() : undefined
    if (!left) others.push(operators[index] ?? '')
    joined.push(left ? join(left, operator, right) : right)
  }
  return { operands: joined, operators: others }
}

function join(left: Operand, op: ast.BinaryOperator, right: Operand): Operand {
  const { start } = left
  const { end } = right
  const operands = { left: left.expression, op, right: right.expression }
  return { start, end, expression: { kind: 'BinOp', start, end, parent: undefined, ...operands } }
}
