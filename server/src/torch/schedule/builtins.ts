/** The functions of Python, `math` and NumPy that people compute learning rates with. */
import { arithmetic, compare, isTrue, PythonError, type PythonValue, toNumber, unknown } from './python.ts'

type Function = (...values: readonly PythonValue[]) => PythonValue

export function builtinValue(name: string): PythonValue | undefined {
  return values[name] ?? values[name.replace(/^numpy\./, 'math.')]
}

const onNumber =
  (compute: (value: number) => number): Function =>
  value =>
    compute(toNumber(value))

const positive = (value: number): number => {
  if (value <= 0) throw new PythonError('ValueError', 'math domain error')
  return value
}

/** The first of the values that no other one beats. */
const extreme =
  (op: '<' | '>'): Function =>
  (...given) => {
    const [first] = given
    const candidates = given.length === 1 && Array.isArray(first) ? first : given
    return candidates.reduce((best: PythonValue, each: PythonValue) => (compare(op, each, best) ? each : best))
  }

const truncated: Function = (value = 0n) => {
  if (typeof value === 'bigint') return value
  const number = toNumber(value)
  return Number.isFinite(number) ? BigInt(Math.trunc(number)) : unknown()
}

const listOf: Function = (value = []) => (Array.isArray(value) ? value : unknown())

/** Python rounds a half to the even neighbour. */
const rounded: Function = (value, digits = 0n) => {
  const scale = 10 ** toNumber(digits)
  const scaled = toNumber(value) * scale
  const down = Math.floor(scaled)
  const isHalf = scaled - down === 0.5
  const nearest = isHalf ? (down % 2 === 0 ? down : down + 1) : Math.round(scaled)
  return digits === 0n ? BigInt(nearest) : nearest / scale
}

const longestRange = 100_000

const range: Function = (...limits) => {
  const [first = 0, second, step = 1] = limits.map(toNumber)
  const [start, stop] = second === undefined ? [0, first] : [first, second]
  const length = Math.max(0, Math.ceil((stop - start) / step))
  return length <= longestRange ? Array.from({ length }, (_, index) => BigInt(start + index * step)) : unknown()
}

const values: Readonly<Record<string, PythonValue>> = {
  'builtins.abs': onNumber(Math.abs),
  'builtins.bool': (value = null) => isTrue(value),
  'builtins.float': onNumber(value => value),
  'builtins.int': truncated,
  'builtins.len': value => (Array.isArray(value) ? BigInt(value.length) : unknown()),
  'builtins.list': listOf,
  'builtins.max': extreme('>'),
  'builtins.min': extreme('<'),
  'builtins.pow': (base = 0n, exponent = 0n) => arithmetic('**', base, exponent),
  'builtins.range': range,
  'builtins.round': rounded,
  'builtins.sorted': value => (Array.isArray(value) ? [...value].sort((a, b) => toNumber(a) - toNumber(b)) : unknown()),
  'builtins.sum': value =>
    Array.isArray(value) ? value.reduce((sum: PythonValue, each) => arithmetic('+', sum, each), 0n) : unknown(),
  'builtins.tuple': listOf,
  'math.ceil': value => BigInt(Math.ceil(toNumber(value))),
  'math.cos': onNumber(Math.cos),
  'math.e': Math.E,
  'math.exp': onNumber(Math.exp),
  'math.fabs': onNumber(Math.abs),
  'math.floor': value => BigInt(Math.floor(toNumber(value))),
  'math.inf': Number.POSITIVE_INFINITY,
  'math.log': (value, base) => {
    const logarithm = Math.log(positive(toNumber(value)))
    return base === undefined ? logarithm : logarithm / Math.log(positive(toNumber(base)))
  },
  'math.log10': onNumber(value => Math.log10(positive(value))),
  'math.log2': onNumber(value => Math.log2(positive(value))),
  'math.pi': Math.PI,
  'math.pow': (base, exponent) => toNumber(base) ** toNumber(exponent),
  'math.sin': onNumber(Math.sin),
  'math.sqrt': onNumber(Math.sqrt),
  'math.tanh': onNumber(Math.tanh),
  'numpy.ceil': onNumber(Math.ceil),
  'numpy.clip': (value, low, high) => Math.min(Math.max(toNumber(value), toNumber(low)), toNumber(high)),
  'numpy.floor': onNumber(Math.floor),
  'numpy.maximum': extreme('>'),
  'numpy.minimum': extreme('<'),
  'numpy.power': (base, exponent) => toNumber(base) ** toNumber(exponent),
}
