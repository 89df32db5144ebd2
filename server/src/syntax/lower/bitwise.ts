import type * as ast from '../ast.ts'
import type { Concrete } from '../concrete.ts'
import { base } from '../node.ts'
import { lowerExpression, maximumDepth } from './dispatch.ts'

/**
 * `&`, `^` and `|`, which the grammar groups wrongly: it binds `^` more tightly than `&`, and nests the `|` of
 * annotations to the right. So the operands are laid side by side and grouped anew, the tightest operator first.
 */
export function lowerBitwise(concrete: Concrete, node: number): ast.Expression {
  let chain = flatten(concrete, node)
  if (concrete.depth + chain.operands.length > maximumDepth) return concrete.errorExpression(node)
  for (const operator of precedence) chain = join(chain, operator)
  return chain.operands[0]?.expression ?? concrete.errorExpression(node)
}

const precedence = ['&', '^', '|'] as const
type BitwiseOperator = (typeof precedence)[number]

/** Operands, and the operators between them. */
interface Chain {
  readonly operands: readonly Operand[]
  readonly operators: readonly string[]
}

/** With its range, which parentheses make wider than that of the expression. */
interface Operand {
  readonly start: number
  readonly end: number
  readonly expression: ast.Expression
}

/** Whether `node` is one of these operators, in an expression or an annotation. */
export function isBitwise(concrete: Concrete, node: number): boolean {
  const type = concrete.type(node)
  if (type === 'type') return isBitwise(concrete, concrete.child(node, 0))
  return type === 'union_type' || (type === 'binary_operator' && isOperator(concrete.type(concrete.child(node, 1))))
}

function isOperator(type: string): boolean {
  return type === '&' || type === '^' || type === '|'
}

function flatten(concrete: Concrete, node: number): Chain {
  const operands: Operand[] = []
  const operators: string[] = []
  const rest = [node]
  for (let at = rest.pop(); at !== undefined; at = rest.pop()) {
    const type = concrete.type(at)
    if (isBitwise(concrete, at)) rest.push(...concrete.children(at).reverse())
    else if (isOperator(type)) operators.push(type)
    else
      operands.push({ start: concrete.startOf(at), end: concrete.endOf(at), expression: lowerExpression(concrete, at) })
  }
  return { operands, operators }
}

/** Joins what stands at either side of `operator`. */
function join(chain: Chain, operator: BitwiseOperator): Chain {
  const operands: Operand[] = []
  const operators: string[] = []
  for (const [index, right] of chain.operands.entries()) {
    const between = chain.operators[index - 1]
    const left = between === operator ? operands.pop() : undefined
    if (!left && between !== undefined) operators.push(between)
    operands.push(left ? binary(left, operator, right) : right)
  }
  return { operands, operators }
}

function binary(left: Operand, op: BitwiseOperator, right: Operand): Operand {
  const { start } = left
  const { end } = right
  const expression = { ...base('BinOp', start, end), left: left.expression, op, right: right.expression }
  return { start, end, expression }
}
