import type * as ast from '../ast.ts'
import type { Concrete, Lower } from '../concrete.ts'
import { base } from '../node.ts'
import { lowerBehind, lowerBlock } from './block.ts'
import { lowerName } from './primary.ts'
import { lowerUnbracketed } from './star.ts'

/** The `match` statement. */
export const matchStatements: Readonly<Record<string, Lower<ast.Statement>>> = { match_statement: lowerMatch }

function lowerMatch(concrete: Concrete, node: number): ast.Statement {
  const [, ...children] = concrete.children(node)
  const subject = children.slice(
    0,
    children.findIndex(child => concrete.type(child) === ':'),
  )
  const block = concrete.find(node, 'block')
  const cases =
    block === undefined ? [] : concrete.children(block).filter(child => concrete.type(child) === 'case_clause')
  return {
    ...concrete.base('Match', node),
    subject: subject.length > 1 ? lowerUnbracketed(concrete, subject) : lowerBehind(concrete, node, 'match'),
    cases: cases.map(each => lowerCase(concrete, each)),
    broken: concrete.isBroken(node),
  }
}

function lowerCase(concrete: Concrete, node: number): ast.MatchCase {
  const guard = concrete.find(node, 'if_clause')
  return {
    ...concrete.base('MatchCase', node),
    pattern: lowerPattern(concrete, node),
    guard: guard === undefined ? undefined : lowerBehind(concrete, guard, 'if'),
    body: lowerBlock(concrete, node),
  }
}

function lowerPattern(concrete: Concrete, clause: number): ast.Pattern {
  const parts = concrete.children(clause).filter(child => /^(case_pattern|,)$/.test(concrete.type(child)))
  const [first = clause] = parts
  const captures: ast.Name[] = []
  for (const part of parts) collectCaptures(concrete, part, captures)
  return {
    ...base('Pattern', concrete.startOf(first), concrete.endOf(parts.at(-1) ?? clause)),
    captures,
    irrefutable: parts.length === 1 && isIrrefutable(concrete, first),
  }
}

function collectCaptures(concrete: Concrete, node: number, captures: ast.Name[]): void {
  const type = concrete.type(node)
  if (type === 'identifier' && concrete.slice(node) !== '_') captures.push(lowerName(concrete, node))
  const [first, ...others] = concrete.children(node)
  if (first === undefined || (type === 'dotted_name' && others.length > 0)) return
  // These begin with the name of a class, or of a keyword.
  if (type !== 'class_pattern' && type !== 'keyword_pattern') collectCaptures(concrete, first, captures)
  for (const other of others) collectCaptures(concrete, other, captures)
}

function isIrrefutable(concrete: Concrete, node: number): boolean {
  const children = concrete.children(node)
  const [first = node] = children
  switch (concrete.type(node)) {
    case '_':
    case 'identifier':
      return true
    case 'case_pattern':
    case 'dotted_name':
      return children.length === 1 && isIrrefutable(concrete, first)
    case 'as_pattern':
      return isIrrefutable(concrete, first)
    case 'union_pattern':
      return isIrrefutable(concrete, children.at(-1) ?? node)
    case 'tuple_pattern':
      return children.length === 3 && isIrrefutable(concrete, concrete.child(node, 1))
    default:
      return false
  }
}
