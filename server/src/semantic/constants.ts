import type * as ast from '../syntax/ast.ts'
import type { Analysis } from './analysis.ts'
import type { Contents } from './containers.ts'
import type { Literal } from './model.ts'

export type Constants = (expression: ast.Expression) => Literal | undefined

type Fold = (expression: ast.Expression) => Literal | undefined
type Answer = { readonly literal: Literal | undefined }
const noLiteral: Answer = { literal: undefined }

/** The literal that an expression certainly evaluates to. */
export function createConstants(analysis: Analysis): Constants {
  const answer = analysis.memoise(noLiteral, (expression: ast.Expression): Answer => {
    return { literal: evaluate(analysis, expression, fold) }
  })
  const fold: Fold = expression => answer(expression).literal
  return fold
}

function evaluate(analysis: Analysis, node: ast.Expression, fold: Fold): Literal | undefined {
  switch (node.kind) {
    case 'Constant':
      return node.type === 'bytes' || node.type === 'complex' || node.type === 'Ellipsis' ? undefined : node.value
    case 'Tuple':
    case 'List':
      return listOf(node.elements, fold)
    case 'UnaryOp':
      return unary(node.op, fold(node.operand))
    case 'BinOp':
      return binary(node.op, fold(node.left), fold(node.right))
    case 'BoolOp':
      return boolean(node, fold)
    case 'Compare':
      return comparison(node, fold)
    case 'IfExp': {
      const test = fold(node.test)
      return test === undefined ? undefined : fold(truth(test) ? node.body : node.orelse)
    }
    case 'NamedExpr':
      return fold(node.value)
    case 'Name':
    case 'Attribute':
    case 'Subscript':
      return followed(analysis, node, fold)
    default:
      return undefined
  }
}

/** A name or attribute whose every value is the same literal. */
function followed(analysis: Analysis, node: ast.Expression, fold: Fold): Literal | undefined {
  let answer: Literal | undefined
  for (const value of analysis.values(node)) {
    if (value.kind !== 'expression' || value.node === node) return undefined
    if (isContainer(value.node) && !isUnchanged(analysis.contents(value.node))) return undefined
    const literal = fold(value.node)
    if (literal === undefined) return undefined
    if (answer !== undefined && !sameLiteral(answer, literal)) return undefined
    answer = literal
  }
  return answer
}

function isUnchanged({ isKnown, added }: Contents): boolean {
  return isKnown && added.length === 0
}

/** Other literals cannot change. */
function isContainer(node: ast.Expression): boolean {
  return node.kind === 'List' || node.kind === 'Set' || node.kind === 'Dict'
}

function listOf(elements: readonly ast.Expression[], fold: Fold): Literal | undefined {
  const literals: Literal[] = []
  for (const element of elements) {
    const literal = fold(element)
    if (literal === undefined) return undefined
    literals.push(literal)
  }
  return literals
}

export function unary(op: ast.UnaryOp['op'], operand: Literal | undefined): Literal | undefined {
  if (operand === undefined) return undefined
  if (op === 'not') return !truth(operand)
  const number = numeric(operand)
  if (number === undefined) return undefined
  if (op === '~') return Number.isInteger(number) ? -number - 1 : undefined
  return op === '-' ? -number : number
}

export function binary(
  op: ast.BinaryOperator,
  left: Literal | undefined,
  right: Literal | undefined,
): Literal | undefined {
  if (left === undefined || right === undefined) return undefined
  if (op === '+' && typeof left === 'string' && typeof right === 'string') return left + right
  if (op === '+' && isList(left) && isList(right)) return [...left, ...right]
  const [a, b] = [numeric(left), numeric(right)]
  if (a === undefined || b === undefined) return undefined
  const number = arithmetic(op, a, b)
  return number !== undefined && Number.isFinite(number) ? number : undefined
}

function arithmetic(op: ast.BinaryOperator, a: number, b: number): number | undefined {
  switch (op) {
    case '+':
      return a + b
    case '-':
      return a - b
    case '*':
      return a * b
    case '/':
      return a / b
    case '//':
      return Math.floor(a / b)
    case '%':
      // Python's remainder has the sign of the divisor.
      return a - b * Math.floor(a / b)
    case '**':
      return a ** b
    default:
      return undefined
  }
}

function boolean(node: ast.BoolOp, fold: Fold): Literal | undefined {
  let answer: Literal | undefined
  for (const value of node.values) {
    answer = fold(value)
    if (answer === undefined || truth(answer) === (node.op === 'or')) return answer
  }
  return answer
}

function comparison(node: ast.Compare, fold: Fold): Literal | undefined {
  let left = fold(node.left)
  for (const [index, op] of node.ops.entries()) {
    const comparator = node.comparators[index]
    const right = comparator && fold(comparator)
    const holds = left === undefined || right === undefined ? undefined : compare(op, left, right)
    if (holds !== true) return holds
    left = right
  }
  return true
}

export function compare(op: ast.CompareOperator, left: Literal, right: Literal): boolean | undefined {
  switch (op) {
    case '==':
    case 'is':
      return sameLiteral(left, right)
    case '!=':
    case 'is not':
      return !sameLiteral(left, right)
    case 'in':
      return isList(right) ? right.some(each => sameLiteral(each, left)) : undefined
    case 'not in':
      return isList(right) ? !right.some(each => sameLiteral(each, left)) : undefined
    default: {
      const [a, b] = [numeric(left), numeric(right)]
      if (a === undefined || b === undefined) return undefined
      if (op === '<') return a < b
      if (op === '<=') return a <= b
      return op === '>' ? a > b : a >= b
    }
  }
}

/** A bool counts as a number, as in Python. */
function numeric(literal: Literal): number | undefined {
  if (typeof literal === 'boolean') return Number(literal)
  return typeof literal === 'number' ? literal : undefined
}

export function truth(literal: Literal): boolean {
  return isList(literal) ? literal.length > 0 : Boolean(literal)
}

function isList(literal: Literal): literal is readonly Literal[] {
  return typeof literal === 'object' && literal !== null
}

function sameLiteral(a: Literal, b: Literal): boolean {
  if (isList(a) && isList(b)) return a.length === b.length && a.every((each, i) => sameLiteral(each, b[i] ?? null))
  const [left, right] = [numeric(a as Literal), numeric(b as Literal)]
  return left !== undefined && right !== undefined ? left === right : a === b
}
