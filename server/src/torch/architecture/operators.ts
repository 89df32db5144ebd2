/** Operators on the values of an evaluation. */
import { binary, compare, truth, unary } from '../../semantic/constants.ts'
import type * as ast from '../../syntax/ast.ts'
import type { Frame } from './evaluation.ts'
import {
  contentsOf,
  create,
  isSame,
  literal,
  literalOf,
  sequence,
  sequenceOf,
  tensor,
  unknown,
  type Value,
} from './values.ts'

/** The value of `left op right`. */
export function combined(op: ast.BinaryOperator, left: Value, right: Value, frame: Frame): Value {
  if (left.kind === 'tensor' || right.kind === 'tensor') return combinedTensors(op, left, right, frame)
  const lists = [sequenceOf(left, frame.state), sequenceOf(right, frame.state)] as const
  const [first, second] = lists
  if (op === '+' && first && second)
    return sequence([...first.elements, ...second.elements], frame.state, first.isExact && second.isExact)
  if (op === '*' && (first || second)) return repeated(first ? left : right, first ? right : left, frame)
  if (first && second && first.isExact && second.isExact)
    return combinedSets(op, first.elements, second.elements, frame)
  const [a, b] = [literalOf(left, frame.state), literalOf(right, frame.state)]
  if (op === '%' && typeof a === 'string') return formatted(a, b)
  const folded = binary(op, a, b)
  return folded === undefined || typeof folded === 'object' ? unknown : literal(folded)
}

/** `[block] * 3`. */
function repeated(list: Value, count: Value, frame: Frame): Value {
  const { elements, isExact } = sequenceOf(list, frame.state) ?? { elements: [], isExact: false }
  const times = literalOf(count, frame.state)
  if (typeof times !== 'number' || times > 512) return sequence(elements, frame.state, false)
  return sequence(Array.from({ length: Math.max(0, times) }, () => elements).flat(), frame.state, isExact)
}

function combinedSets(op: ast.BinaryOperator, a: readonly Value[], b: readonly Value[], frame: Frame): Value {
  const isIn = (value: Value, values: readonly Value[]) => values.some(other => isSame(value, other))
  switch (op) {
    case '|':
      return sequence([...a, ...b.filter(value => !isIn(value, a))], frame.state)
    case '&':
      return sequence(
        a.filter(value => isIn(value, b)),
        frame.state,
      )
    case '-':
      return sequence(
        a.filter(value => !isIn(value, b)),
        frame.state,
      )
    default:
      return unknown
  }
}

/** `"%s.%s" % (module, name)`. */
function formatted(text: string, operand: ReturnType<typeof literalOf>): Value {
  const given = Array.isArray(operand) ? [...operand] : [operand]
  if (given.some(each => typeof each !== 'string' && typeof each !== 'number')) return unknown
  return /%[^sd]/.test(text) ? unknown : literal(text.replace(/%[sd]/g, () => String(given.shift())))
}

/** Logits stay logits where they are scaled or added to each other; of anything else nothing is known. */
function combinedTensors(op: ast.BinaryOperator, left: Value, right: Value, frame: Frame): Value {
  const numbers = [left, right].filter(value => typeof literalOf(value, frame.state) === 'number')
  const dimensions = [left, right].map(value => (value.kind === 'tensor' ? value.dimensions : 0))
  const shaped = {
    ...tensor,
    dimensions: numbers.length > 0 ? Math.max(...dimensions.map(each => each ?? 0)) || undefined : undefined,
  }
  if (!['+', '-', '*', '/'].includes(op)) return shaped
  const isScale = (value: Value) =>
    typeof literalOf(value, frame.state) === 'number' || contentsOf(value, frame.state)?.kind === 'parameter'
  const [a, b] = [left, right].map(value => (value.kind === 'tensor' ? value : undefined))
  const logits = a?.activation === 'logits' ? a : b?.activation === 'logits' ? b : undefined
  if (!logits) {
    // `torch.log(p + 1e-8)`.
    const epsilon = literalOf(right, frame.state)
    return op === '+' && left.kind === 'tensor' && typeof epsilon === 'number' && epsilon < 1e-3 ? left : shaped
  }
  const isKept = [left, right].every(value => value === logits || isScale(value) || isLogits(value))
  return isKept && (op !== '*' || !(isLogits(left) && isLogits(right))) ? logits : shaped
}

function isLogits(value: Value): boolean {
  return value.kind === 'tensor' && value.activation === 'logits'
}

export function negated(op: ast.UnaryOp['op'], operand: Value, frame: Frame): Value {
  if (operand.kind === 'tensor') return tensor
  const test = op === 'not' ? decided(operand, frame) : undefined
  if (test !== undefined) return literal(!test)
  const folded = unary(op, literalOf(operand, frame.state))
  return folded === undefined || typeof folded === 'object' ? unknown : literal(folded)
}

/** Is a value true where Python asks? Undefined if that is not known. */
export function decided(value: Value, frame: Frame): boolean | undefined {
  switch (value.kind) {
    case 'literal':
      return truth(value.literal)
    case 'symbol':
      return isOpen(value) ? undefined : true
    case 'class':
    case 'function':
    case 'partial':
      return true
    case 'object': {
      const contents = contentsOf(value, frame.state)
      if (contents?.kind === 'sequence')
        return contents.elements.length > 0 || !contents.isExact
          ? contents.elements.some(each => each.kind !== 'absent' && each.kind !== 'either') || undefined
          : false
      if (contents?.kind === 'table') return contents.isExact ? contents.entries.size > 0 : undefined
      // A container has a length.
      return contents?.kind === 'instance' && !/(?:Sequential|List|Dict)$/.test(String(contents.class))
        ? true
        : undefined
    }
    case 'either': {
      const [first, ...others] = value.options.map(option => decided(option, frame))
      return others.every(other => other === first) ? first : undefined
    }
    default:
      return undefined
  }
}

export function compared(op: ast.CompareOperator, left: Value, right: Value, frame: Frame): boolean | undefined {
  const isNone = (value: Value) => value.kind === 'literal' && value.literal === null
  if (op === 'is' || op === 'is not' || isNone(left) || isNone(right)) {
    const same = isIdentical(left, right)
    if (same !== undefined && op !== 'in' && op !== 'not in') return (op === 'is' || op === '==') === same
  }
  if (op === 'in' || op === 'not in') {
    const found = isContained(left, right, frame)
    return found === undefined ? undefined : found === (op === 'in')
  }
  const [a, b] = [literalOf(left, frame.state), literalOf(right, frame.state)]
  if (a !== undefined && b !== undefined) return compare(op, a, b)
  return op === '==' || op === '!=' ? equality(op, left, right) : undefined
}

/** Two classes, functions or objects are what they are; a literal is none of them. */
function isIdentical(left: Value, right: Value): boolean | undefined {
  if (isOpen(left) || isOpen(right)) return undefined
  return isSame(left, right)
}

function equality(op: '==' | '!=', left: Value, right: Value): boolean | undefined {
  const isNamed = (value: Value) => /^(?:class|function|symbol)$/.test(value.kind) && !isOpen(value)
  return isNamed(left) && isNamed(right) ? isSame(left, right) === (op === '==') : undefined
}

/** May it be anything, so that nothing follows from what it is not? What is imported may be a constant. */
function isOpen(value: Value): boolean {
  if (value.kind === 'symbol') return !/^(?:builtins|torch|torchvision)\./.test(value.name)
  return value.kind === 'unknown' || value.kind === 'either' || value.kind === 'method'
}

function isContained(element: Value, container: Value, frame: Frame): boolean | undefined {
  const [part, whole] = [literalOf(element, frame.state), literalOf(container, frame.state)]
  if (typeof part === 'string' && typeof whole === 'string') return whole.includes(part)
  const contents = contentsOf(container, frame.state)
  if (contents?.kind === 'table') {
    if (typeof part !== 'string' && typeof part !== 'number') return undefined
    return contents.entries.has(part) ? true : contents.isExact ? false : undefined
  }
  if (contents?.kind !== 'sequence' || !contents.isExact || isOpen(element)) return undefined
  if (contents.elements.some(each => isSame(each, element))) return true
  return contents.elements.some(isOpen) ? undefined : false
}

export function table(entries: ReadonlyMap<string | number, Value>, frame: Frame, isExact = true): Value {
  return create({ kind: 'table', entries, isExact }, frame.state)
}
