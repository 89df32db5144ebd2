import type * as ast from '../ast.ts'
import type { Concrete, Lower } from '../concrete.ts'
import { lowerExpression } from './dispatch.ts'
import { lowerElement } from './display.ts'

/** Names, attributes, calls and subscripts. */
export const primaries: Readonly<Record<string, Lower<ast.Expression>>> = {
  identifier: lowerName,
  attribute: lowerAttribute,
  call: lowerCall,
  subscript: lowerSubscript,
  slice: lowerSlice,
  parenthesized_expression: lowerParenthesized,
}

export function lowerName(concrete: Concrete, node: number): ast.Name {
  return {
    kind: 'Name',
    start: concrete.startOf(node),
    end: concrete.endOf(node),
    parent: undefined,
    id: identifier(concrete, node),
  }
}

/** Python compares identifiers in the normal form NFKC. */
export function identifier(concrete: Concrete, node: number): string {
  return concrete.slice(node).normalize('NFKC')
}

function lowerAttribute(concrete: Concrete, node: number): ast.Expression {
  const name = concrete.nextOf(concrete.nextOf(node + 1))
  return {
    kind: 'Attribute',
    start: concrete.startOf(node),
    end: concrete.endOf(node),
    parent: undefined,
    value: lowerExpression(concrete, node + 1),
    attr: identifier(concrete, name),
    attrStart: concrete.startOf(name),
  }
}

function lowerCall(concrete: Concrete, node: number): ast.Expression {
  const list = concrete.nextOf(node + 1)
  const func = lowerExpression(concrete, node + 1)
  const { args, keywords } = lowerArguments(concrete, list)
  return {
    kind: 'Call',
    start: concrete.startOf(node),
    end: concrete.endOf(node),
    parent: undefined,
    func,
    args,
    keywords,
    argumentsStart: concrete.startOf(list),
  }
}

/** The arguments of a call, or the bases of a class. */
export function lowerArguments(concrete: Concrete, list: number): { args: ast.Expression[]; keywords: ast.Keyword[] } {
  const args: ast.Expression[] = []
  const keywords: ast.Keyword[] = []
  if (concrete.type(list) === 'generator_expression') return { args: [lowerExpression(concrete, list)], keywords }
  const end = concrete.nextOf(list)
  for (let child = list + 1; child < end; child = concrete.nextOf(child)) {
    switch (concrete.type(child)) {
      case '(':
      case ')':
      case ',':
        break
      case 'ERROR':
        args.push(concrete.errorExpression(child))
        break
      case 'keyword_argument':
      case 'dictionary_splat':
        keywords.push(lowerKeyword(concrete, child))
        break
      default:
        args.push(lowerElement(concrete, child))
    }
  }
  return { args, keywords }
}

function lowerKeyword(concrete: Concrete, node: number): ast.Keyword {
  const isNamed = concrete.type(node) === 'keyword_argument'
  const value = concrete.nextOf(isNamed ? concrete.nextOf(node + 1) : node + 1)
  return {
    kind: 'Keyword',
    start: concrete.startOf(node),
    end: concrete.endOf(node),
    parent: undefined,
    arg: isNamed ? identifier(concrete, node + 1) : undefined,
    value: lowerExpression(concrete, value),
  }
}

function lowerSubscript(concrete: Concrete, node: number): ast.Expression {
  const [value, , ...rest] = concrete.children(node)
  return {
    kind: 'Subscript',
    start: concrete.startOf(node),
    end: concrete.endOf(node),
    parent: undefined,
    value: lowerExpression(concrete, value),
    slice: lowerIndex(concrete, rest),
  }
}

/** What stands between the brackets, given with the closing one: one element, or a tuple if there is a comma. */
export function lowerIndex(concrete: Concrete, nodes: readonly number[]): ast.Expression {
  const inner = nodes.slice(0, -1)
  // An element's own node no longer begins with its star once it is lowered.
  const start = concrete.startOf(inner[0] ?? 0)
  const elements = inner.filter(node => concrete.type(node) !== ',').map(node => lowerElement(concrete, node))
  const [element] = elements
  if (!element) return lowerExpression(concrete, undefined)
  if (inner.length === 1 && element.kind !== 'Starred') return element
  return { kind: 'Tuple', start, end: concrete.endOf(inner.at(-1) ?? 0), parent: undefined, elements }
}

function lowerSlice(concrete: Concrete, node: number): ast.Expression {
  const parts: (ast.Expression | undefined)[] = []
  let part = 0
  for (const child of concrete.children(node)) {
    if (concrete.type(child) === ':') part++
    else parts[part] = lowerExpression(concrete, child)
  }
  const [lower, upper, step] = parts
  return {
    kind: 'Slice',
    start: concrete.startOf(node),
    end: concrete.endOf(node),
    parent: undefined,
    lower,
    upper,
    step,
  }
}

function lowerParenthesized(concrete: Concrete, node: number): ast.Expression {
  return lowerExpression(concrete, concrete.nextOf(node + 1))
}
