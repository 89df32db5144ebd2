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
  return {
    ...base('Pattern', concrete.startOf(first), concrete.endOf(parts.at(-1) ?? clause)),
    captures: parts.flatMap(part => capturesIn(concrete, part)),
    irrefutable: parts.length === 1 && isIrrefutable(concrete, first),
  }
}

/** Patterns nest without end, so nothing here recurses. */
function capturesIn(concrete: Concrete, part: number): ast.Name[] {
  const captures: ast.Name[] = []
  for (let node = part; node < concrete.nextOf(part); node++) {
    const type = concrete.type(node)
    const first = concrete.child(node, 0)
    // These begin with the name of a class, or of a keyword.
    if (type === 'class_pattern' || type === 'keyword_pattern') node = concrete.nextOf(first) - 1
    // The value that `a.b` has.
    else if (type === 'dotted_name' && concrete.nextOf(first) < concrete.nextOf(node)) node = concrete.nextOf(node) - 1
    else if (type === 'identifier' && concrete.slice(node) !== '_') captures.push(lowerName(concrete, node))
  }
  return captures
}

function isIrrefutable(concrete: Concrete, pattern: number): boolean {
  let node: number | undefined = pattern
  while (node !== undefined) {
    const type = concrete.type(node)
    if (type === '_' || type === 'identifier') return true
    const children = concrete.children(node)
    if (type === 'union_pattern') node = children.at(-1)
    else if (type === 'as_pattern') node = children[0]
    else if (type === 'tuple_pattern' && children.length === 3) node = children[1]
    else if ((type === 'case_pattern' || type === 'dotted_name') && children.length === 1) node = children[0]
    else return false
  }
  return false
}
