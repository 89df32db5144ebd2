import type * as ast from '../ast.ts'
import type { Concrete, Lower } from '../concrete.ts'
import { base } from '../node.ts'
import { takeTarget } from './as.ts'
import { lowerBehind, lowerBlock } from './block.ts'
import { lowerExpression, maximumDepth } from './dispatch.ts'
import { lowerUnbracketed } from './star.ts'

/** Statements that contain others. Of one with an error there remains what can be read. */
export const compoundStatements: Readonly<Record<string, Lower<ast.Statement>>> = {
  if_statement: lowerIf,
  for_statement: lowerFor,
  while_statement: lowerWhile,
  try_statement: lowerTry,
}

function lowerIf(concrete: Concrete, node: number): ast.Statement {
  const clauses = concrete.children(node).filter(child => concrete.type(child).endsWith('_clause'))
  return {
    ...concrete.base('If', node),
    isElif: false,
    test: lowerBehind(concrete, node, 'if'),
    body: lowerBlock(concrete, node),
    orelse: lowerAlternatives(concrete, clauses, concrete.endOf(node)),
    broken: concrete.isBroken(node),
  }
}

/** The grammar lists `elif` clauses side by side; here each is inside the one before. */
function lowerAlternatives(concrete: Concrete, [clause, ...others]: readonly number[], end: number): ast.Statement[] {
  if (clause === undefined) return []
  if (concrete.type(clause) === 'else_clause') return lowerBlock(concrete, clause)
  if (concrete.depth >= maximumDepth) return [concrete.errorStatement(clause)]
  concrete.depth++
  const elif = {
    ...base('If', concrete.startOf(clause), end),
    isElif: true,
    test: lowerBehind(concrete, clause, 'elif'),
    body: lowerBlock(concrete, clause),
    orelse: lowerAlternatives(concrete, others, end),
    broken: [clause, ...others].some(each => concrete.isBroken(each)),
  }
  concrete.depth--
  return [elif]
}

function lowerElse(concrete: Concrete, node: number): ast.Statement[] {
  const clause = concrete.find(node, 'else_clause')
  return clause === undefined ? [] : lowerBlock(concrete, clause)
}

function lowerFor(concrete: Concrete, node: number): ast.Statement {
  return {
    ...concrete.base('For', node),
    isAsync: concrete.type(concrete.child(node, 0)) === 'async',
    target: lowerBehind(concrete, node, 'for'),
    iter: lowerBehind(concrete, node, 'in'),
    body: lowerBlock(concrete, node),
    orelse: lowerElse(concrete, node),
    broken: concrete.isBroken(node),
  }
}

function lowerWhile(concrete: Concrete, node: number): ast.Statement {
  return {
    ...concrete.base('While', node),
    test: lowerBehind(concrete, node, 'while'),
    body: lowerBlock(concrete, node),
    orelse: lowerElse(concrete, node),
    broken: concrete.isBroken(node),
  }
}

function lowerTry(concrete: Concrete, node: number): ast.Statement {
  const handlers = concrete.children(node).filter(child => concrete.type(child) === 'except_clause')
  const finallyClause = concrete.find(node, 'finally_clause')
  return {
    ...concrete.base('Try', node),
    body: lowerBlock(concrete, node),
    handlers: handlers.map(handler => lowerHandler(concrete, handler)),
    orelse: lowerElse(concrete, node),
    finalbody: finallyClause === undefined ? [] : lowerBlock(concrete, finallyClause),
    broken: concrete.isBroken(node),
  }
}

/** `except type as name:`; `except A, B:` without parentheses is new in Python 3.14. */
function lowerHandler(concrete: Concrete, node: number): ast.ExceptHandler {
  const [, ...rest] = concrete.children(node)
  const isGroup = concrete.type(rest[0] ?? node) === '*'
  const colon = rest.findIndex(child => concrete.type(child) === ':')
  const header = rest.slice(isGroup ? 1 : 0, colon)
  const [first, second, third] = header
  const isNamed = second !== undefined && concrete.type(second) === 'as'
  const target = isNamed ? third : first === undefined ? undefined : takeTarget(concrete, first)
  const name = target === undefined ? undefined : lowerExpression(concrete, target)
  if (name && name.kind !== 'Name') concrete.markBroken(node)
  return {
    ...concrete.base('ExceptHandler', node),
    isGroup,
    type: first === undefined ? undefined : lowerUnbracketed(concrete, isNamed ? [first] : header),
    name: name?.kind === 'Name' ? name : undefined,
    body: lowerBlock(concrete, node),
  }
}
