import type * as ast from '../syntax/ast.ts'
import { type Analysis, unionOf, unknownValues, type Values } from './analysis.ts'
import type { Step } from './definitions.ts'
import { allElements, displayOf, elementAt } from './elements.ts'
import type { Value } from './model.ts'

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

/** What iterating gives, one after the other. Iterating a dict gives its keys, which are not followed. */
function iteratedValues(analysis: Analysis, value: Value, rest: readonly Step[]): Values {
  if (value.kind === 'expression') {
    const { node } = value
    if (node.kind === 'Dict' || node.kind === 'DictComp') return unknownValues
    return eachOf(analysis, allElements(analysis, node), rest)
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
    case 'builtins.sorted': {
      // A new list, which may grow.
      const { isKnown, added } = analysis.contents(call)
      return isKnown && added.length === 0 ? iterate(call.args[0], rest) : unknownValues
    }
    case 'builtins.tuple':
    case 'builtins.reversed':
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
    const display = displayOf(container)
    return eachOf(analysis, display && allElements(analysis, display), isItems ? further : rest)
  })
}

function eachOf(analysis: Analysis, elements: readonly ast.Expression[] | undefined, rest: readonly Step[]): Values {
  return elements ? unionOf(elements, element => analysis.pathValues(element, rest)) : unknownValues
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
