import type * as ast from '../syntax/ast.ts'
import type { Argument } from './model.ts'

/** What a call passes for a parameter, by keyword or by position. */
export function argumentOf(call: ast.Call, name: string, position?: number): Argument {
  const keyword = call.keywords.find(each => each.arg === name)
  if (keyword) return { kind: 'given', value: keyword.value }
  const starred = call.args.findIndex(argument => argument.kind === 'Starred')
  if (position !== undefined) {
    const value = call.args[position]
    if (value && (starred < 0 || position < starred)) return { kind: 'given', value }
    if (starred >= 0) return { kind: 'unknown' }
  }
  return call.keywords.some(each => each.arg === undefined) ? { kind: 'unknown' } : { kind: 'absent' }
}

/** What a call passes for a parameter of a function of the file; `bound`: the first parameter is filled by the receiver. */
export function boundArgument(
  call: ast.Call,
  node: ast.FunctionLike,
  parameter: ast.Parameter,
  bound: boolean,
): Argument {
  if (parameter.mode === 'variadic' || parameter.mode === 'keyword-variadic') return { kind: 'unknown' }
  const positional = node.parameters.filter(each => each.mode.startsWith('positional'))
  const index = positional.indexOf(parameter)
  const position = index < 0 ? undefined : index - (bound ? 1 : 0)
  if (position !== undefined && position < 0) return { kind: 'unknown' }
  if (parameter.mode === 'positional-only') {
    const byPosition = argumentOf(call, '', position)
    return byPosition.kind === 'unknown' && call.keywords.length > 0 ? { kind: 'absent' } : byPosition
  }
  return argumentOf(call, parameter.name, position)
}

/** The parameter of a function of the file that an argument of a call is passed for. */
export function parameterFor(
  call: ast.Call,
  argument: ast.Expression,
  node: ast.FunctionLike,
  bound: boolean,
): ast.Parameter | undefined {
  return node.parameters.find(parameter => {
    const passed = boundArgument(call, node, parameter, bound)
    return passed.kind === 'given' && passed.value === argument
  })
}
