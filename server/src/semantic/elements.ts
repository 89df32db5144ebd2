import type * as ast from '../syntax/ast.ts'
import { type Analysis, unionOf, unknownValues, type Values } from './analysis.ts'
import { literalKey } from './literals.ts'
import type { Value } from './model.ts'

/** `container[key]`: what the display has there, or what may be there of all that it ever holds. */
export function elementValues(analysis: Analysis, node: ast.Subscript): Values {
  const binding = analysis.survey(node).itemSourceAt.get(node)
  if (binding) return analysis.sourceValues(binding)
  if (node.slice.kind === 'Slice') return unknownValues
  const key = literalKey(node.slice)
  return unionOf(analysis.values(node.value), container => {
    const display = displayOf(container)
    const elements =
      display && (key === undefined ? allElements(analysis, display) : elementsAt(analysis, display, key))
    return elements && elements.length > 0 ? unionOf(elements, analysis.values) : unknownValues
  })
}

/** The expression that spells a container's contents: a display, a comprehension, or `dict(lr=0.1)`. */
export function displayOf(value: Value): ast.Expression | undefined {
  if (value.kind === 'expression') return value.node
  return value.kind === 'instance' && value.of === 'builtins.dict' ? value.creation : undefined
}

/** The one expression at a key of a display that nothing changes. */
export function elementAt(
  analysis: Analysis,
  display: ast.Expression,
  key: string | number,
): ast.Expression | undefined {
  const { isKnown, added } = analysis.contents(display)
  return isKnown && added.length === 0 ? spelledAt(display, key) : undefined
}

function spelledAt(display: ast.Expression, key: string | number): ast.Expression | undefined {
  switch (display.kind) {
    case 'Dict':
      if (display.keys.some(each => each === undefined || literalKey(each) === undefined)) return undefined
      return display.values[display.keys.findLastIndex(each => each !== undefined && literalKey(each) === key)]
    case 'Call':
      if (display.args.length > 0 || display.keywords.some(each => each.arg === undefined)) return undefined
      return display.keywords.find(each => each.arg === key)?.value
    case 'List':
    case 'Tuple':
      if (typeof key !== 'number' || display.elements.some(isStarred)) return undefined
      return display.elements.at(key)
    default:
      return undefined
  }
}

/** Every expression that may be at a key: in the display, or put there later. */
function elementsAt(
  analysis: Analysis,
  display: ast.Expression,
  key: string | number,
): readonly ast.Expression[] | undefined {
  const { isKnown, added } = analysis.contents(display)
  if (!isKnown) return undefined
  if (display.kind !== 'Dict') {
    // What is appended to a list may come to stand at any index.
    const only = added.length === 0 ? spelledAt(display, key) : undefined
    return only ? [only] : isComprehension(display) || added.length > 0 ? allElements(analysis, display) : undefined
  }
  const spelled = spelledAt(display, key)
  const isReadable = spelled || display.keys.every(each => each && literalKey(each) !== undefined)
  if (!isReadable) return undefined
  const put = added.filter(entry => entry.key && (literalKey(entry.key) ?? key) === key).map(entry => entry.value)
  return spelled ? [spelled, ...put] : put
}

/** Every expression that the container may hold: elements of a sequence, values of a dict. */
export function allElements(analysis: Analysis, display: ast.Expression): readonly ast.Expression[] | undefined {
  const spelled = spelledElements(display)
  const { isKnown, added } = analysis.contents(display)
  return spelled && isKnown ? [...spelled, ...added.map(entry => entry.value)] : undefined
}

function spelledElements(display: ast.Expression): readonly ast.Expression[] | undefined {
  switch (display.kind) {
    case 'List':
    case 'Tuple':
    case 'Set':
      return display.elements.some(isStarred) ? undefined : display.elements
    case 'ListComp':
    case 'SetComp':
    case 'GeneratorExp':
      return [display.element]
    case 'Dict':
      return display.keys.includes(undefined) ? undefined : display.values
    case 'DictComp':
      return [display.value]
    case 'Call':
      if (display.args.length > 0 || display.keywords.some(each => each.arg === undefined)) return undefined
      return display.keywords.map(each => each.value)
    default:
      return undefined
  }
}

function isStarred(element: ast.Expression): boolean {
  return element.kind === 'Starred'
}

function isComprehension(display: ast.Expression): boolean {
  return display.kind === 'ListComp' || display.kind === 'DictComp'
}
