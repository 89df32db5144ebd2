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
  true: (concrete, node) => constant(concrete, node, 'bool', true),
  false: (concrete, node) => constant(concrete, node, 'bool', false),
  none: (concrete, node) => constant(concrete, node, 'None', null),
  ellipsis: (concrete, node) => constant(concrete, node, 'Ellipsis', null),
}

function constant(
  concrete: Concrete,
  node: number,
  type: ast.Constant['type'],
  value: ast.Constant['value'],
): ast.Constant {
  return { kind: 'Constant', start: concrete.startOf(node), end: concrete.endOf(node), parent: undefined, type, value }
}

/** The grammar also reads Python 2's `0777`, `1L`. */
function lowerNumber(concrete: Concrete, node: number): ast.Expression {
  const digits = concrete.slice(node).replaceAll('_', '')
  if (/j$/i.test(digits)) return constant(concrete, node, 'complex', null)
  if (/l$/i.test(digits) || /^0[0-9]*[1-9][0-9]*$/.test(digits)) return concrete.errorExpression(node)
  const isFloat = concrete.type(node) === 'float'
  return constant(concrete, node, isFloat ? 'float' : 'int', Number(digits))
}

/** Adjacent literals are one: a `JoinedStr` if one of them is an f-string. */
function lowerStrings(concrete: Concrete, node: number, strings: readonly number[]): ast.Expression {
  const values: ast.Expression[] = []
  let text = ''
  let isBytes = false
  let isJoined = false
  for (const string of strings) {
    const prefix = concrete.slice(string + 1).toLowerCase()
    isBytes ||= prefix.includes('b')
    if (/[ft]/.test(prefix)) {
      isJoined = true
      lowerInterpolations(concrete, string, values)
    } else if (!isBytes && !isJoined) {
      text += decodeString(
        concrete.text.slice(concrete.endOf(string + 1), contentEnd(concrete, string)),
        prefix.includes('r'),
      )
    }
  }
  if (isJoined) {
    return { kind: 'JoinedStr', start: concrete.startOf(node), end: concrete.endOf(node), parent: undefined, values }
  }
  return isBytes ? constant(concrete, node, 'bytes', null) : constant(concrete, node, 'str', text)
}

/** The grammar's closing token begins with whatever the scanner has skipped, as the backslashes of `r'\\\\'`. */
function contentEnd(concrete: Concrete, string: number): number {
  const quotes = concrete.slice(string + 1).replace(/^\w+/, '')
  return concrete.endOf(string) - quotes.length
}

/** The expressions between braces, those of nested format specifiers included. */
function lowerInterpolations(concrete: Concrete, node: number, values: ast.Expression[]): void {
  const end = concrete.nextOf(node)
  for (let child = node + 1; child < end; child = concrete.nextOf(child)) {
    switch (concrete.type(child)) {
      case 'interpolation':
      case 'format_expression':
        values.push(lowerInterpolation(concrete, concrete.nextOf(child + 1)))
        lowerInterpolations(concrete, child, values)
        break
      case 'format_specifier':
        lowerInterpolations(concrete, child, values)
    }
  }
}

/** `{x:=10}` is `x` with the format specifier `=10`. */
function lowerInterpolation(concrete: Concrete, node: number): ast.Expression {
  return lowerExpression(concrete, concrete.type(node) === 'named_expression' ? node + 1 : node)
}
