import type * as ast from '../ast.ts'
import type { Concrete, Lower } from '../concrete.ts'
import { lowerBitwise } from './bitwise.ts'
import { lowerExpression } from './dispatch.ts'
import { lowerAttribute, lowerIndex, lowerName } from './primary.ts'
import { lowerElement } from './star.ts'

/** Annotations, for which the grammar has syntax of its own; in Python they are expressions. */
export const annotations: Readonly<Record<string, Lower<ast.Expression>>> = {
  type: (concrete, node) => lowerElement(concrete, concrete.child(node, 0)),
  generic_type: lowerGeneric,
  union_type: lowerBitwise,
  member_type: lowerAttribute,
  splat_type: lowerSplat,
  constrained_type: lowerConstrained,
}

function lowerGeneric(concrete: Concrete, node: number): ast.Expression {
  const [, ...index] = concrete.children(concrete.child(node, 1))
  return {
    ...concrete.base('Subscript', node),
    value: lowerName(concrete, concrete.child(node, 0)),
    slice: lowerIndex(concrete, index),
  }
}

/** `*args: *Ts`. */
function lowerSplat(concrete: Concrete, node: number): ast.Expression {
  if (concrete.type(concrete.child(node, 0)) !== '*') return concrete.errorExpression(node)
  return { ...concrete.base('Starred', node), value: lowerName(concrete, concrete.child(node, 1)) }
}

/** `dict[a:b:c]`: a slice, which the grammar nests to the right. */
function lowerConstrained(concrete: Concrete, node: number): ast.Expression {
  const parts: ast.Expression[] = []
  let rest = node
  while (concrete.type(rest) === 'constrained_type') {
    parts.push(lowerExpression(concrete, concrete.child(rest, 0)))
    // The part behind the colon is a `type` around what is of interest.
    rest = concrete.child(concrete.child(rest, 2), 0)
  }
  const [lower, upper, step, ...others] = [...parts, lowerExpression(concrete, rest)]
  if (others.length > 0) return concrete.errorExpression(node)
  return { ...concrete.base('Slice', node), lower, upper, step }
}
