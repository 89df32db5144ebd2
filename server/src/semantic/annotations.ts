import type * as ast from '../syntax/ast.ts'
import { type Analysis, none, union, unionOf, unknownValues, type Values } from './analysis.ts'
import { unboundValues } from './imports.ts'
import type { Scope, Value } from './model.ts'
import { anyOrder } from './reaching.ts'

/** What an annotation promises: an instance of the class that it names, without a creation. */
export function annotated(analysis: Analysis, node: ast.Expression): Values {
  switch (node.kind) {
    case 'Name':
    case 'Attribute':
      return unionOf(analysis.values(node), value => instanceOf(analysis, value))
    case 'Constant':
      if (node.type === 'None') return [none]
      return typeof node.value === 'string' && node.type === 'str'
        ? quoted(analysis, node.value, analysis.scope(node))
        : unknownValues
    case 'BinOp':
      return node.op === '|' ? unionOf([node.left, node.right], side => annotated(analysis, side)) : unknownValues
    case 'Tuple':
      // `except (A, B)`.
      return unionOf(node.elements, element => annotated(analysis, element))
    case 'Subscript':
      return unionOf(analysis.values(node.value), generic => subscripted(analysis, generic, node.slice))
    default:
      return unknownValues
  }
}

function subscripted(analysis: Analysis, generic: Value, slice: ast.Expression): Values {
  if (generic.kind !== 'symbol') return instanceOf(analysis, generic)
  const parameters = slice.kind === 'Tuple' ? slice.elements : [slice]
  const [first] = parameters
  switch (generic.name.replace('typing_extensions.', 'typing.')) {
    case 'typing.Optional':
      return union([annotated(analysis, slice), [none]])
    case 'typing.Union':
      return unionOf(parameters, parameter => annotated(analysis, parameter))
    case 'typing.Annotated':
    case 'typing.Final':
    case 'typing.ClassVar':
    case 'typing.Required':
    case 'typing.NotRequired':
      return first ? annotated(analysis, first) : unknownValues
    case 'typing.Type':
    case 'builtins.type':
      return analysis.values(slice)
    default:
      return instanceOf(analysis, generic)
  }
}

function instanceOf(analysis: Analysis, value: Value): Values {
  if (value.kind === 'class') return [{ kind: 'instance', of: value.node, creation: undefined }]
  if (value.kind === 'expression') {
    // An alias: `Scaler = Union[A, B]`, `Scaler = "GradScaler"`.
    return value.node.kind === 'BinOp' || value.node.kind === 'Constant'
      ? analysis.annotationValues(value.node)
      : unknownValues
  }
  if (value.kind !== 'symbol') return unknownValues
  const name = builtinAliases.get(value.name) ?? value.name
  if (name.startsWith('typing.') || name === 'builtins.object' || !analysis.library.isClass(name)) return unknownValues
  return [{ kind: 'instance', of: name, creation: undefined }]
}

const builtinAliases: ReadonlyMap<string, string> = new Map([
  ['typing.List', 'builtins.list'],
  ['typing.Dict', 'builtins.dict'],
  ['typing.Set', 'builtins.set'],
  ['typing.Tuple', 'builtins.tuple'],
  ['typing.Text', 'builtins.str'],
])

/** An annotation in a string: dotted names, `Optional[…]`, and alternatives with `|`. */
function quoted(analysis: Analysis, text: string, scope: Scope): Values {
  const source = text.trim()
  const optional = /^(?:typing\.)?Optional\[(.*)\]$/s.exec(source)?.[1]
  if (optional !== undefined) return union([quoted(analysis, optional, scope), [none]])
  if (source === 'None') return [none]
  const alternatives = source.includes('[') ? [source] : source.split('|')
  if (alternatives.length > 1) return unionOf(alternatives, alternative => quoted(analysis, alternative, scope))
  if (!/^[\p{L}_][\p{L}\p{N}_.]*$/u.test(source)) return unknownValues
  const [first = '', ...attributes] = source.split('.')
  const variable = analysis.names.lookup(first, scope)
  let values: Values = variable
    ? unionOf(anyOrder(variable).definitions, definition => analysis.sourceValues(definition.source))
    : unboundValues(analysis, first, scope)
  for (const attribute of attributes) values = unionOf(values, value => analysis.members(value, attribute))
  return unionOf(values, value => instanceOf(analysis, value))
}
