/**
 * Python's numbers as the arguments of schedulers need them: an `int` is a bigint, a `float` a number, so that
 * `total_steps=100.0` stays what PyTorch refuses. A computation ends early by throwing: `PythonError` is what Python
 * would raise, `Unknown` that the text does not say the value. Both are caught where a curve is asked for.
 */

export type PythonValue =
  | bigint
  | number
  | boolean
  | string
  | null
  | readonly PythonValue[]
  | ((...values: readonly PythonValue[]) => PythonValue)

export class PythonError extends Error {
  readonly type: string
  constructor(type: string, text: string) {
    super(text)
    this.type = type
  }
}

export class Unknown extends Error {}

export function unknown(): never {
  throw new Unknown()
}

/** A number that another schedule may do without; it makes every number computed from it one that is none. */
export function numberOrNaN(compute: () => number): number {
  try {
    return compute()
  } catch (error) {
    if (error instanceof Unknown) return Number.NaN
    throw error
  }
}

/** Raises a ValueError unless a demand on the arguments is met. */
export function require(holds: boolean, text: string): void {
  if (!holds) throw new PythonError('ValueError', text)
}

/** A bool counts as a number, as in Python. */
export function toNumber(value: PythonValue | undefined): number {
  return typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean'
    ? Number(value)
    : unknown()
}

export function isTrue(value: PythonValue): boolean {
  return Array.isArray(value) ? value.length > 0 : Boolean(value)
}

/** As Python prints it: `100.0`. */
export function represent(value: PythonValue): string {
  if (typeof value === 'number' && Number.isInteger(value) && Math.abs(value) < 1e16) return `${value}.0`
  return value === null ? 'None' : String(value)
}

export function divide(a: number, b: number): number {
  if (b === 0) throw new PythonError('ZeroDivisionError', 'float division by zero')
  return a / b
}

/** The remainder has the sign of the divisor. */
export function modulo(a: number, b: number): number {
  if (b === 0) throw new PythonError('ZeroDivisionError', 'integer modulo by zero')
  const remainder = a % b
  return remainder !== 0 && remainder < 0 !== b < 0 ? remainder + b : remainder
}

export function power(a: number, b: number): number {
  if (a === 0 && b < 0) throw new PythonError('ZeroDivisionError', '0.0 cannot be raised to a negative power')
  const result = a ** b
  return Number.isNaN(result) && !Number.isNaN(a) ? unknown() : result
}

/** Larger integers are nobody's learning rate. */
const largestExponent = 512n

export function arithmetic(op: string, left: PythonValue, right: PythonValue): PythonValue {
  if (op === '+' && Array.isArray(left) && Array.isArray(right)) return [...left, ...right]
  const [a, b] = [integer(left), integer(right)]
  return a !== undefined && b !== undefined && op !== '/' ? onIntegers(op, a, b) : onFloats(op, left, right)
}

function integer(value: PythonValue): bigint | undefined {
  if (typeof value === 'boolean') return BigInt(value)
  return typeof value === 'bigint' ? value : undefined
}

function onIntegers(op: string, a: bigint, b: bigint): PythonValue {
  switch (op) {
    case '+':
      return a + b
    case '-':
      return a - b
    case '*':
      return a * b
    case '//':
      return floorDivide(a, b)
    case '%':
      return a - b * floorDivide(a, b)
    case '**':
      if (b < 0n) return power(Number(a), Number(b))
      return b <= largestExponent ? a ** b : unknown()
    default:
      return unknown()
  }
}

function floorDivide(a: bigint, b: bigint): bigint {
  if (b === 0n) throw new PythonError('ZeroDivisionError', 'integer division or modulo by zero')
  const quotient = a / b
  return a % b !== 0n && a < 0n !== b < 0n ? quotient - 1n : quotient
}

function onFloats(op: string, left: PythonValue, right: PythonValue): number {
  const [a, b] = [toNumber(left), toNumber(right)]
  switch (op) {
    case '+':
      return a + b
    case '-':
      return a - b
    case '*':
      return a * b
    case '/':
      return divide(a, b)
    case '//':
      return Math.floor(divide(a, b))
    case '%':
      return modulo(a, b)
    case '**':
      return power(a, b)
    default:
      return unknown()
  }
}

export function compare(op: string, left: PythonValue, right: PythonValue): boolean {
  switch (op) {
    case '==':
      return isEqual(left, right)
    case '!=':
      return !isEqual(left, right)
    case 'is':
    case 'is not':
      return left === null || right === null ? (left === right) === (op === 'is') : unknown()
    case 'in':
    case 'not in':
      return Array.isArray(right) ? right.some(each => isEqual(left, each)) === (op === 'in') : unknown()
    case '<':
      return toNumber(left) < toNumber(right)
    case '<=':
      return toNumber(left) <= toNumber(right)
    case '>':
      return toNumber(left) > toNumber(right)
    default:
      return toNumber(left) >= toNumber(right)
  }
}

function isEqual(left: PythonValue, right: PythonValue): boolean {
  if (Array.isArray(left) || Array.isArray(right)) return unknown()
  const isNumeric = (value: PythonValue) => typeof value !== 'string' && value !== null
  return isNumeric(left) && isNumeric(right) ? toNumber(left) === toNumber(right) : left === right
}
