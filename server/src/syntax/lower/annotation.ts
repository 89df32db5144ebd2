import type * as ast from '../ast.ts'
import type { Concrete, Lower } from '../concrete.ts'
import { lowerBitwise } from './bitwise.ts'
import { lowerExpression } from './dispatch.ts'
import { lowerElement } from './display.ts'
import { identifier, lowerIndex, lowerName } from './primary.ts'

/** Annotations, for which the grammar has syntax of its own; in Python they are expressions. */
export const annotations: Readonly<Record<string, Lower<ast.Expression>>> = {
  type: (concrete, node) => lowerElement(concrete, node + 1),
  generic_type: lowerGeneric,
  union_type: lowerBitwise,
  member_type: lowerMember,
  splat_type: lowerSplatType,
  constrained_type: lowerConstrained,
}

function lowerGeneric(concrete: Concrete, node: number): ast.Expression {
  const list = concrete.nextOf(node + 1)
  const [, ...rest] = concrete.children(list)
  return {
    kind: 'Subscript',
    start: concrete.startOf(node),
    end: concrete.endOf(node),
    parent: undefined,
    value: lowerName(concrete, node + 1),
    slice: lowerIndex(concrete, rest),
  }
}

function lowerMember(concrete: Concrete, node: number): ast.Expression {
  const [value, , name] = concrete.children(node)
  return {
    kind: 'Attribute',
    start: concrete.startOf(node),
    end: concrete.endOf(node),
    parent: undefined,
    value: lowerExpression(concrete, value),
    attr: identifier(concrete, name ?? node),
    attrStart: concrete.startOf(name ?? node),
  }
}

/** `dict[a:b:c]`: a slice, which the grammar nests to the right. */
function lowerConstrained(concrete: Concrete, node: number): ast.Expression {
  const parts: ast.Expression[] = []
  let rest = node
  while (concrete.type(rest) === 'constrained_type') {
    parts.push(lowerExpression(concrete, rest + 1))
    // The part behind the colon is a `type` around what is of interest.
    rest = concrete.nextOf(concrete.nextOf(rest + 1)) + 1
  }
  const [lower, upper, step, ...others] = [...parts, lowerExpression(concrete, rest)]
  if (others.length > 0) return concrete.errorExpression(node)
  return {
    kind: 'Slice',
    start: concrete.startOf(node),
    end: concrete.endOf(node),
    parent: undefined,
    lower,
    upper,
    step,
  }
}

/** `*args: *Ts`. */
function lowerSplatType(concrete: Concrete, node: number): ast.Expression {
  const [star, name] = concrete.children(node)
  if (star === undefined || name === undefined || concrete.type(star) !== '*') return concrete.errorExpression(node)
  const value = lowerName(concrete, name)
  return { kind: 'Starred', start: concrete.startOf(node), end: concrete.endOf(node), parent: undefined, value }
}
