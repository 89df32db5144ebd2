import type { Expression, Node } from '../../server/src/syntax/ast.ts'
import { children } from '../../server/src/syntax/walk.ts'
import { parser } from '../support/parser.ts'

/** The structure of the first statement of a text in one line: `Expr(List(Starred(Call(Attribute(a), b))))`. */
export function outline(text: string): string {
  return outlines(text)[0] ?? ''
}

/** The same for every statement. One that is broken ends in an exclamation mark. */
export function outlines(text: string): string[] {
  return parser.open(text).module.body.map(outlineNode)
}

/** An expression that is a statement of its own. */
export function expression(text: string): Expression {
  const [statement] = parser.open(text).module.body
  if (statement?.kind !== 'Expr') throw new Error(`No expression: ${statement?.kind}`)
  return statement.value
}

function outlineNode(node: Node): string {
  if (node.kind === 'Name') return node.id
  const inside = children(node).map(outlineNode).join(', ')
  return `${node.kind}${detail(node)}${inside && `(${inside})`}${'broken' in node && node.broken ? '!' : ''}`
}

function detail(node: Node): string {
  switch (node.kind) {
    case 'Constant':
      return ` ${JSON.stringify(node.value)}`
    case 'BinOp':
    case 'BoolOp':
    case 'UnaryOp':
    case 'AugAssign':
      return ` ${node.op}`
    case 'Compare':
      return ` ${node.ops.join(' ')}`
    case 'Attribute':
      return ` ${node.attr}`
    case 'FunctionDef':
    case 'ClassDef':
    case 'Parameter':
    case 'TypeParameter':
    case 'Alias':
      return ` ${node.name}`
    case 'Keyword':
      return ` ${node.arg ?? '**'}`
    case 'Global':
    case 'Nonlocal':
      return ` ${node.names.join(' ')}`
    default:
      return ''
  }
}
