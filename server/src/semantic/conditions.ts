/**
 * Conditions as facts of a path. `if use_amp:` tested twice is one decision: the first test records it, the second reads
 * it, and an assignment to anything that it reads forgets it (property simulation, as in ESP: Das, Lerner, Seigle, PLDI
 * 2002).
 *
 * A fact's name spells the condition with the keys of the objects it reads between ⟨ and ⟩, so forgetting is a search.
 * `x`, `x is not None` and `x != None` are one condition: where they differ, fewer paths are explored, never more.
 */
import type * as ast from '../syntax/ast.ts'
import type { Facts } from './facts.ts'
import { argumentOf, type Frame, objectKey } from './frames.ts'
import type { Model } from './model.ts'

/** A condition's name, and the truth of the condition where the name's is true. */
export interface Condition {
  readonly name: string
  readonly positive: boolean
}

/** Undefined for an expression whose value can differ between two evaluations. */
export function conditionOf(model: Model, test: ast.Expression, frame: Frame): Condition | undefined {
  if (test.kind === 'UnaryOp' && test.op === 'not') return negate(conditionOf(model, test.operand, frame))
  if (test.kind === 'Compare' && test.comparators.length === 1) {
    const [op, right] = [test.ops[0], test.comparators[0]]
    if (op && right) return comparison(model, test.left, op, right, frame)
  }
  const name = spell(model, test, frame)
  return name === undefined ? undefined : { name, positive: true }
}

const negate = (condition: Condition | undefined): Condition | undefined =>
  condition && { name: condition.name, positive: !condition.positive }

const opposites: Partial<Record<ast.CompareOperator, ast.CompareOperator>> = {
  '!=': '==',
  'is not': '==',
  '>=': '<',
  '<=': '>',
  'not in': 'in',
}

function comparison(
  model: Model,
  left: ast.Expression,
  op: ast.CompareOperator,
  right: ast.Expression,
  frame: Frame,
): Condition | undefined {
  if (isEquality(op) && right.kind === 'Constant' && (right.type === 'None' || right.type === 'bool')) {
    const inner = conditionOf(model, left, frame)
    const same = (op === '==' || op === 'is') === (right.value === true)
    return same ? inner : negate(inner)
  }
  const [a, b] = [spell(model, left, frame), spell(model, right, frame)]
  if (a === undefined || b === undefined) return undefined
  const opposite = opposites[op]
  const canonical = opposite ?? (op === 'is' ? '==' : op)
  return { name: `${a} ${canonical} ${b}`, positive: opposite === undefined }
}

const isEquality = (op: ast.CompareOperator): boolean => op === '==' || op === '!=' || op === 'is' || op === 'is not'

/** The truth of a condition on a path: a literal's own, a recorded fact, or what another constant already excludes. */
export function truth(model: Model, test: ast.Expression, frame: Frame, facts: Facts): boolean | undefined {
  return truthOf(test, conditionOf(model, test, frame), facts)
}

/** The same where the condition of the test is already known. */
export function truthOf(test: ast.Expression, condition: Condition | undefined, facts: Facts): boolean | undefined {
  if (test.kind === 'Constant') return Boolean(test.value)
  if (!condition) return undefined
  const known = facts.get(condition.name) ?? literalTruth(condition.name) ?? excluded(condition.name, facts)
  return known === undefined ? undefined : known === condition.positive
}

/** A parameter bound to a literal makes the condition a literal: `None`, `"train" == "eval"`. */
function literalTruth(name: string): boolean | undefined {
  const sides = name.split(' == ')
  if (sides.length === 2 && sides.every(side => literal.test(side))) return sides[0] === sides[1]
  if (name === 'null' || name === 'false' || name === '0' || name === '""') return false
  return literal.test(name) ? true : undefined
}

const literal = /^(null|true|false|-?[\d.]+(e[+-]?\d+)?|"([^"\\]|\\.)*")$/

/** `mode == "train"` holds, so `mode == "eval"` does not. */
function excluded(name: string, facts: Facts): boolean | undefined {
  const [subject, value, ...rest] = name.split(' == ')
  if (value === undefined || rest.length > 0 || !literal.test(value)) return undefined
  for (const [other, holds] of facts)
    if (
      holds &&
      other !== name &&
      other.startsWith(`${subject} == `) &&
      literal.test(other.slice(`${subject} == `.length))
    )
      return false
  return undefined
}

/** The text of an expression with names replaced by what they denote; undefined where it may have side effects. */
function spell(model: Model, expression: ast.Expression, frame: Frame): string | undefined {
  const all = (parts: readonly ast.Expression[]): string | undefined => {
    const spelled = parts.map(part => spell(model, part, frame))
    return spelled.includes(undefined) ? undefined : spelled.join(', ')
  }
  switch (expression.kind) {
    case 'Constant':
      return JSON.stringify(expression.value)
    case 'Name':
    case 'Attribute':
    case 'Subscript': {
      const bound = boundLiteral(model, expression, frame)
      if (bound !== undefined) return bound
      const key = objectKey(model, expression, frame)
      if (key !== undefined) return `⟨${key}⟩`
      if (expression.kind === 'Name') return `⟨${expression.id}@${frame.depth}⟩`
      const base = spell(model, expression.value, frame)
      if (base === undefined) return undefined
      if (expression.kind === 'Attribute') return `${base}.${expression.attr}`
      const index = spell(model, expression.slice, frame)
      return index === undefined ? undefined : `${base}[${index}]`
    }
    case 'BinOp':
      return join(all([expression.left, expression.right]), `(${expression.op})`)
    case 'UnaryOp':
      return join(all([expression.operand]), expression.op)
    case 'BoolOp':
      return join(all(expression.values), expression.op)
    case 'Compare':
      return join(all([expression.left, ...expression.comparators]), expression.ops.join(' '))
    case 'Tuple':
    case 'List':
      return join(all(expression.elements), 'tuple')
    case 'Call': {
      const parts = all([expression.func, ...expression.args, ...expression.keywords.map(({ value }) => value)])
      return join(parts, `call ${expression.keywords.map(({ arg }) => arg).join(' ')}`)
    }
    default:
      return undefined
  }
}

const join = (parts: string | undefined, head: string): string | undefined =>
  parts === undefined ? undefined : `{${head} ${parts}}`

/** The literal that the caller passed for a parameter, followed through the callers. */
function boundLiteral(model: Model, expression: ast.Expression, frame: Frame): string | undefined {
  const argument = expression.kind === 'Name' ? argumentOf(model, expression, frame) : undefined
  if (!argument) return undefined
  const { expression: value, frame: caller } = argument
  return value.kind === 'Constant' ? JSON.stringify(value.value) : boundLiteral(model, value, caller)
}
