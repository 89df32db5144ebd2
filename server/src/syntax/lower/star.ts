import type * as ast from '../ast.ts'
import type { Concrete, Lower } from '../concrete.ts'
import { base } from '../node.ts'
import { lowerExpression } from './dispatch.ts'

export const stars: Readonly<Record<string, Lower<ast.Expression>>> = {
  list_splat: lowerStar,
  list_splat_pattern: lowerStar,
}

/**
 * An expression where `*expression` is allowed. The grammar binds the star more tightly than anything: it reads
 * `*a.b()` as `(*a).b()`. So the star is taken off the innermost node, and off the range of every node that begins with
 * it; what remains is the operand.
 */
export function lowerElement(concrete: Concrete, node: number): ast.Expression {
  const start = concrete.startOf(node)
  const hasStar = concrete.text.charCodeAt(start) === star && !lists.has(concrete.type(node))
  const innermost = hasStar && !concrete.isBroken(node) ? innermostStar(concrete, node) : undefined
  if (innermost === undefined) return lowerExpression(concrete, node)
  const operand = concrete.startOf(concrete.child(innermost, 1))
  for (let outer = node; outer <= innermost; outer = concrete.child(outer, 0)) {
    concrete.setRange(outer, operand, concrete.endOf(outer))
  }
  return { ...base('Starred', start, concrete.endOf(node)), value: lowerExpression(concrete, node) }
}

function innermostStar(concrete: Concrete, node: number): number | undefined {
  for (let at = node; at < concrete.nextOf(node); at = concrete.child(at, 0)) if (isStar(concrete, at)) return at
  return undefined
}

const star = '*'.charCodeAt(0)
/** Their first element may have a star, they have none. */
const lists: ReadonlySet<string> = new Set(['expression_list', 'pattern_list'])

/** The grammar knows some stars as a sign that `disguise` put in their place. */
export function isStar(concrete: Concrete, node: number): boolean {
  const type = concrete.type(node)
  if (type === 'list_splat' || type === 'list_splat_pattern') return true
  return type === 'unary_operator' && concrete.text.charCodeAt(concrete.startOf(concrete.child(node, 0))) === star
}

/** A star where it stands alone. One that `lowerElement` has taken off begins at its operand. */
export function lowerStar(concrete: Concrete, node: number): ast.Expression {
  const operand = concrete.child(node, 1)
  const value = lowerExpression(concrete, operand)
  return concrete.startOf(node) === concrete.startOf(operand) ? value : { ...concrete.base('Starred', node), value }
}

/** The elements between brackets or commas. */
export function lowerElements(concrete: Concrete, nodes: readonly number[]): ast.Expression[] {
  const elements: ast.Expression[] = []
  for (const node of nodes) if (!punctuation.has(concrete.type(node))) elements.push(lowerElement(concrete, node))
  return elements
}

const punctuation: ReadonlySet<string> = new Set(['(', ')', '[', ']', '{', '}', ','])

/** Elements without brackets: one as it is, several as a tuple. */
export function lowerUnbracketed(concrete: Concrete, nodes: readonly number[]): ast.Expression {
  const first = nodes[0] ?? 0
  // A node no longer begins with its star once it is lowered.
  const start = concrete.startOf(first)
  const elements = lowerElements(concrete, nodes)
  const [only] = elements
  if (only && nodes.length === 1) return only
  return { ...base('Tuple', start, concrete.endOf(nodes.at(-1) ?? first)), elements }
}
