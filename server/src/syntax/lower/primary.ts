import type * as ast from '../ast.ts'
import type { Concrete, Lower } from '../concrete.ts'
import { base } from '../node.ts'
import { lowerExpression } from './dispatch.ts'
import { lowerElement, lowerUnbracketed } from './star.ts'

/** Names, attributes, calls and subscripts. */
export const primaries: Readonly<Record<string, Lower<ast.Expression>>> = {
  identifier: lowerName,
  attribute: lowerAttribute,
  call: lowerCall,
  subscript: lowerSubscript,
  slice: lowerSlice,
  parenthesized_expression: (concrete, node) => lowerExpression(concrete, concrete.child(node, 1)),
}

export function lowerName(concrete: Concrete, node: number): ast.Name {
  return { ...concrete.base('Name', node), id: identifier(concrete, node) }
}

/** Python compares identifiers in the normal form NFKC. To the grammar `async` and `await` are names, as in Python 3.6. */
export function identifier(concrete: Concrete, node: number): string {
  const name = concrete.slice(node)
  if (name === 'async' || name === 'await') concrete.markBroken(node)
  return name.normalize('NFKC')
}

export function lowerAttribute(concrete: Concrete, node: number): ast.Expression {
  const name = concrete.child(node, 2)
  return {
    ...concrete.base('Attribute', node),
    value: lowerExpression(concrete, concrete.child(node, 0)),
    attr: identifier(concrete, name),
    attrStart: concrete.startOf(name),
  }
}

function lowerCall(concrete: Concrete, node: number): ast.Expression {
  const list = concrete.child(node, 1)
  const func = lowerExpression(concrete, concrete.child(node, 0))
  const { args, keywords } = lowerArguments(concrete, list)
  return { ...concrete.base('Call', node), func, args, keywords, argumentsStart: concrete.startOf(list) }
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
      case 'keyword_argument':
        keywords.push({
          ...concrete.base('Keyword', child),
          arg: identifier(concrete, concrete.child(child, 0)),
          value: lowerExpression(concrete, concrete.child(child, 2)),
        })
        break
      case 'dictionary_splat':
        keywords.push({
          ...concrete.base('Keyword', child),
          arg: undefined,
          value: lowerExpression(concrete, concrete.child(child, 1)),
        })
        break
      default: {
        const argument = lowerElement(concrete, child)
        args.push(argument)
        // Behind a keyword there may be a star, but no argument by position.
        if (keywords.length > 0 && argument.kind !== 'Starred') concrete.markBroken(child)
      }
    }
  }
  return { args, keywords }
}

function lowerSubscript(concrete: Concrete, node: number): ast.Expression {
  const [value = node, , ...index] = concrete.children(node)
  return {
    ...concrete.base('Subscript', node),
    value: lowerExpression(concrete, value),
    slice: lowerIndex(concrete, index),
  }
}

/** What stands between the brackets, given with the closing one. One star is a tuple. */
export function lowerIndex(concrete: Concrete, nodes: readonly number[]): ast.Expression {
  const index = lowerUnbracketed(concrete, nodes.slice(0, -1))
  if (index.kind !== 'Starred') return index
  return { ...base('Tuple', index.start, index.end), elements: [index] }
}

function lowerSlice(concrete: Concrete, node: number): ast.Expression {
  const parts: (ast.Expression | undefined)[] = []
  let colons = 0
  for (const child of concrete.children(node)) {
    if (concrete.type(child) === ':') colons++
    else parts[colons] = lowerExpression(concrete, child)
  }
  const [lower, upper, step] = parts
  return { ...concrete.base('Slice', node), lower, upper, step }
}
