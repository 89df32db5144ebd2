import type * as ast from '../ast.ts'
import type { Concrete, Lower } from '../concrete.ts'
import { lowerExpression } from './dispatch.ts'

export const asPatterns: Readonly<Record<string, Lower<ast.Expression>>> = { as_pattern: lowerAs }

/**
 * The target of the `as` that a header ends with. The grammar binds `as` more tightly than most operators and reads
 * `A if c else B as f` as `A if c else (B as f)`. So the target is taken off the innermost node, and off the range of
 * every node that ends with it; what remains is the expression.
 */
export function takeTarget(concrete: Concrete, node: number): number | undefined {
  if (concrete.isBroken(node)) return undefined
  const around: number[] = []
  for (let at: number | undefined = node; at !== undefined; at = concrete.children(at).at(-1)) {
    around.push(at)
    if (concrete.type(at) !== 'as_pattern') continue
    const end = concrete.endOf(concrete.child(at, 0))
    for (const outer of around) concrete.setRange(outer, concrete.startOf(outer), end)
    return concrete.child(concrete.child(at, 2), 0)
  }
  return undefined
}

/** What `takeTarget` has left of an `as`. One that remains stands where Python allows none. */
function lowerAs(concrete: Concrete, node: number): ast.Expression {
  const value = concrete.child(node, 0)
  if (concrete.endOf(node) !== concrete.endOf(value)) return concrete.errorExpression(node)
  return lowerExpression(concrete, value)
}
