import type * as ast from '../ast.ts'
import type { Concrete, Lower } from '../concrete.ts'
import { lowerBlock, lowerExpression } from './dispatch.ts'
import { lowerElement } from './display.ts'
import { lowerName } from './primary.ts'

/** The `match` statement. */
export const matchStatements: Readonly<Record<string, Lower<ast.Statement>>> = { match_statement: lowerMatch }

function lowerMatch(concrete: Concrete, node: number): ast.Statement {
  const [, ...children] = concrete.children(node)
  const colon = children.findIndex(child => concrete.type(child) === ':')
  const block = concrete.find(node, 'block')
  const cases =
    block === undefined ? [] : concrete.children(block).filter(child => concrete.type(child) === 'case_clause')
  return {
    kind: 'Match',
    start: concrete.startOf(node),
    end: concrete.endOf(node),
    parent: undefined,
    subject: lowerSubject(concrete, children.slice(0, colon)),
    cases: cases.map(each => lowerCase(concrete, each)),
    broken: concrete.isBroken(node),
  }
}

function lowerSubject(concrete: Concrete, nodes: readonly number[]): ast.Expression {
  const [first, comma] = nodes
  if (first === undefined || comma === undefined) return lowerExpression(concrete, first)
  const elements = nodes.filter(node => concrete.type(node) !== ',').map(node => lowerElement(concrete, node))
  return {
    kind: 'Tuple',
    start: concrete.startOf(first),
    end: concrete.endOf(nodes.at(-1) ?? first),
    parent: undefined,
    elements,
  }
}

function lowerCase(concrete: Concrete, node: number): ast.MatchCase {
  const guard = concrete.find(node, 'if_clause')
  return {
    kind: 'MatchCase',
    start: concrete.startOf(node),
    end: concrete.endOf(node),
    parent: undefined,
    pattern: lowerPattern(concrete, node),
    guard: guard === undefined ? undefined : lowerExpression(concrete, concrete.nextOf(guard + 1)),
    body: lowerBlock(concrete, concrete.find(node, 'block')),
  }
}

function lowerPattern(concrete: Concrete, clause: number): ast.Pattern {
  const children = concrete.children(clause).filter(child => /^(case_pattern|,)$/.test(concrete.type(child)))
  const [first] = children
  const captures: ast.Name[] = []
  for (const child of children) collectCaptures(concrete, child, captures)
  return {
    kind: 'Pattern',
    start: concrete.startOf(first ?? clause),
    end: concrete.endOf(children.at(-1) ?? clause),
    parent: undefined,
    captures,
    irrefutable: first !== undefined && children.length === 1 && isIrrefutable(concrete, first),
  }
}

function collectCaptures(concrete: Concrete, node: number, captures: ast.Name[]): void {
  const children = concrete.type(node) === 'identifier' ? [] : concrete.children(node)
  switch (concrete.type(node)) {
    case 'identifier':
      if (concrete.slice(node) !== '_') captures.push(lowerName(concrete, node))
      return
    case 'dotted_name':
      if (children.length > 1) return
      break
    // The first child is the name of a class, or of a keyword.
    case 'class_pattern':
    case 'keyword_pattern':
      children.shift()
  }
  for (const child of children) collectCaptures(concrete, child, captures)
}

function isIrrefutable(concrete: Concrete, node: number): boolean {
  const children = concrete.type(node) === 'identifier' ? [] : concrete.children(node)
  const only = children[0]
  switch (concrete.type(node)) {
    case '_':
    case 'identifier':
      return true
    case 'case_pattern':
    case 'dotted_name':
      return only !== undefined && children.length === 1 && isIrrefutable(concrete, only)
    case 'as_pattern':
      return only !== undefined && isIrrefutable(concrete, only)
    case 'union_pattern':
      return isIrrefutable(concrete, children.at(-1) ?? node)
    case 'tuple_pattern':
      return children.length === 3 && isIrrefutable(concrete, children[1] ?? node)
    default:
      return false
  }
}
