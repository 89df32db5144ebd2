import type * as ast from '../syntax/ast.ts'
import { type Analysis, unionOf, unknownValues, type Values } from './analysis.ts'
import type { Step } from './definitions.ts'
import { literalKey } from './literals.ts'
import type { Value } from './model.ts'

/** `container[key]` with a literal key, where the container is a display that nothing changes. */
export function elementValues(analysis: Analysis, node: ast.Subscript): Values {
  const binding = analysis.survey.itemSourceAt.get(node)
  if (binding) return analysis.sourceValues(binding)
  const key = literalKey(node.slice)
  if (key === undefined) return unknownValues
  return unionOf(analysis.values(node.value), container => {
    const display = displayOf(container)
    const element = display && elementAt(analysis, display, key)
    return element ? analysis.values(element) : unknownValues
  })
}

/** The expression that spells a container's contents: a display, or `dict(lr=0.1)`. */
export function displayOf(value: Value): ast.Expression | undefined {
  if (value.kind === 'expression') return value.node
  return value.kind === 'instance' && value.of === 'builtins.dict' ? value.creation : undefined
}

/** The expression at a key of a display, if it is certain to be there still. */
export function elementAt(
  analysis: Analysis,
  display: ast.Expression,
  key: string | number,
): ast.Expression | undefined {
  if (!analysis.isOnlyRead(display)) return undefined
  if (display.kind === 'Dict') {
    if (display.keys.some(each => each === undefined || literalKey(each) === undefined)) return undefined
    return display.values[display.keys.findLastIndex(each => each !== undefined && literalKey(each) === key)]
  }
  if (display.kind === 'Call') {
    if (display.args.length > 0 || display.keywords.some(each => each.arg === undefined)) return undefined
    return display.keywords.find(each => each.arg === key)?.value
  }
  if ((display.kind !== 'List' && display.kind !== 'Tuple') || typeof key !== 'number') return undefined
  return display.elements.some(element => element.kind === 'Starred') ? undefined : display.elements.at(key)
}

/** What a path reaches from the value of an expression: unpacking, iterating, entering. */
export function followPath(analysis: Analysis, expression: ast.Expression, path: readonly Step[]): Values {
  if (path.length === 0) return analysis.values(expression)
  return unionOf(analysis.values(expression), value => followStep(analysis, value, expression, path))
}

/** Equal paths have equal spellings. */
export function spellPath(path: readonly Step[]): string {
  return path.map(step => (step.kind === 'item' ? `${step.index}/${step.count}` : step.kind)).join(' ')
}

function followStep(analysis: Analysis, value: Value, expression: ast.Expression, path: readonly Step[]): Values {
  const [step, ...rest] = path
  if (!step) return [value]
  switch (step.kind) {
    case 'enter':
      return rest.length === 0 ? enteredValues(analysis, value, expression) : unknownValues
    case 'item': {
      if (value.kind !== 'expression' || lengthOf(value.node) !== step.count) return unknownValues
      const element = elementAt(analysis, value.node, step.index)
      return element ? analysis.pathValues(element, rest) : unknownValues
    }
    case 'iterate':
      return iteratedValues(analysis, value, rest)
  }
}

function lengthOf(node: ast.Expression): number | undefined {
  return node.kind === 'Tuple' || node.kind === 'List' ? node.elements.length : undefined
}

function iteratedValues(analysis: Analysis, value: Value, rest: readonly Step[]): Values {
  if (value.kind === 'expression') {
    const { node } = value
    if (node.kind !== 'List' && node.kind !== 'Tuple' && node.kind !== 'Set') return unknownValues
    if (node.elements.length === 0 || !analysis.isOnlyRead(node)) return unknownValues
    return unionOf(node.elements, element =>
      element.kind === 'Starred' ? unknownValues : analysis.pathValues(element, rest),
    )
  }
  // `enumerate(xs)` and `zip(xs, ys)` are instances made by calls whose arguments are iterated.
  const call = value.kind === 'instance' ? value.creation : value.kind === 'result' ? value.call : undefined
  const made = value.kind === 'instance' || value.kind === 'result' ? value.of : undefined
  if (!call || call.args.some(argument => argument.kind === 'Starred')) return unknownValues
  const [step, ...further] = rest
  const iterate = (argument: ast.Expression | undefined, path: readonly Step[]): Values =>
    argument ? analysis.pathValues(argument, [{ kind: 'iterate' }, ...path]) : unknownValues
  switch (made) {
    case 'builtins.enumerate':
      if (step?.kind !== 'item' || step.count !== 2 || step.index !== 1) return unknownValues
      return iterate(call.args[0], further)
    case 'builtins.zip':
      if (step?.kind !== 'item' || step.count !== call.args.length) return unknownValues
      return iterate(call.args[step.index], further)
    case 'builtins.list':
    case 'builtins.tuple':
    case 'builtins.reversed':
    case 'builtins.sorted':
      return iterate(call.args[0], rest)
    case 'builtins.dict.values':
    case 'builtins.dict.items':
      return dictValues(analysis, call, made, rest)
    default:
      return unknownValues
  }
}

/** The values of a dict display, iterated by `d.values()` or as the second of `d.items()`. */
function dictValues(analysis: Analysis, call: ast.Call, method: string, rest: readonly Step[]): Values {
  if (call.func.kind !== 'Attribute') return unknownValues
  const [step, ...further] = rest
  const isItems = method === 'builtins.dict.items'
  if (isItems && (step?.kind !== 'item' || step.count !== 2 || step.index !== 1)) return unknownValues
  return unionOf(analysis.values(call.func.value), container => {
    if (container.kind !== 'expression' || container.node.kind !== 'Dict') return unknownValues
    const { keys, values } = container.node
    if (values.length === 0 || keys.includes(undefined) || !analysis.isOnlyRead(container.node)) return unknownValues
    return unionOf(values, value => analysis.pathValues(value, isItems ? further : rest))
  })
}

/** What `with … as` binds. */
function enteredValues(analysis: Analysis, value: Value, expression: ast.Expression): Values {
  if (value.kind !== 'instance') return unknownValues
  if (typeof value.of === 'string') {
    const returned = analysis.library.returns(`${value.of}.__enter__`)
    if (returned === undefined) return unknownValues
    return returned === 'self' ? [value] : [{ kind: 'instance', of: returned, creation: undefined }]
  }
  return unionOf(analysis.members(value, '__enter__'), method => {
    if (method.kind !== 'function') return unknownValues
    const returned = analysis.returnValues(method.node, undefined)
    // `return self` gives this very object, not any of its class.
    const isSelf = returned.every(each => each.kind === 'instance' && each.of === value.of && !each.creation)
    return isSelf ? analysis.values(expression).filter(each => each === value) : returned
  })
}
