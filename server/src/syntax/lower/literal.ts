import type * as ast from '../ast.ts'
import type { Concrete, Lower } from '../concrete.ts'
import { lowerExpression } from './dispatch.ts'
import { decodeString } from './string.ts'

/** Numbers, strings and the named constants. */
export const literals: Readonly<Record<string, Lower<ast.Expression>>> = {
  integer: lowerNumber,
  float: lowerNumber,
  string: (concrete, node) => lowerStrings(concrete, node, [node]),
  concatenated_string: (concrete, node) => lowerStrings(concrete, node, concrete.children(node)),
  true: (concrete, node) => ({ ...concrete.base('Constant', node), type: 'bool', value: true }),
  false: (concrete, node) => ({ ...concrete.base('Constant', node), type: 'bool', value: false }),
  none: (concrete, node) => ({ ...concrete.base('Constant', node), type: 'None', value: null }),
  ellipsis: (concrete, node) => ({ ...concrete.base('Constant', node), type: 'Ellipsis', value: null }),
}

/** The grammar also reads Python 2's `0777` and `1L`; and what `mend` hides behind the latter is no number at all. */
function lowerNumber(concrete: Concrete, node: number): ast.Expression {
  const digits = concrete.slice(node).replaceAll('_', '')
  if (/^[\d.].*j$/i.test(digits)) return { ...concrete.base('Constant', node), type: 'complex', value: null }
  const value = Number(digits)
  if (Number.isNaN(value) || /^0+[1-9]\d*$/.test(digits)) return concrete.errorExpression(node)
  return { ...concrete.base('Constant', node), type: concrete.type(node) === 'float' ? 'float' : 'int', value }
}

/** Adjacent literals are one: a `JoinedStr` if one of them is an f-string. */
function lowerStrings(concrete: Concrete, node: number, strings: readonly number[]): ast.Expression {
  const values: ast.Expression[] = []
  const prefixes = strings.map(string => concrete.slice(concrete.child(string, 0)).toLowerCase())
  if (prefixes.some(prefix => prefix.includes('f') || prefix.includes('t'))) {
    for (const string of strings) lowerInterpolations(concrete, string, values)
    return { ...concrete.base('JoinedStr', node), values }
  }
  if (prefixes[0]?.includes('b')) return { ...concrete.base('Constant', node), type: 'bytes', value: null }
  const value = strings.map((string, index) => content(concrete, string, prefixes[index] ?? '')).join('')
  return { ...concrete.base('Constant', node), type: 'str', value }
}

/** The grammar's closing token begins with whatever its scanner has skipped, as the backslashes of `r'\\'`. */
function content(concrete: Concrete, string: number, opening: string): string {
  const quotes = opening.replace(/^\w+/, '')
  const inside = concrete.copy(concrete.startOf(string) + opening.length, concrete.endOf(string) - quotes.length)
  return decodeString(inside, opening.includes('r'))
}

/** The expressions between braces, those of nested format specifiers included. */
function lowerInterpolations(concrete: Concrete, string: number, values: ast.Expression[]): void {
  for (let node = string + 1; node < concrete.nextOf(string); node++) {
    const type = concrete.type(node)
    if (type !== 'interpolation' && type !== 'format_expression') continue
    const expression = concrete.child(node, 1)
    values.push(lowerInterpolation(concrete, expression))
    node = concrete.nextOf(expression) - 1
  }
}

/** `{x:=10}` is `x` with the format specifier `=10`. */
function lowerInterpolation(concrete: Concrete, node: number): ast.Expression {
  return lowerExpression(concrete, concrete.type(node) === 'named_expression' ? concrete.child(node, 0) : node)
}
