import type * as ast from '../ast.ts'
import type { Concrete, Lower } from '../concrete.ts'
import { lowerBlock, lowerExpression, maximumDepth } from './dispatch.ts'
import { lowerElement } from './display.ts'
import { lowerWith } from './with.ts'

/** Statements that contain others. An error in one leaves what can be read of it. */
export const compoundStatements: Readonly<Record<string, Lower<ast.Statement>>> = {
  if_statement: lowerIf,
  for_statement: lowerFor,
  while_statement: lowerWhile,
  try_statement: lowerTry,
  with_statement: lowerWith,
}

function lowerIf(concrete: Concrete, node: number): ast.Statement {
  const [, test, ...rest] = concrete.children(node)
  const alternatives = rest.filter(child => concrete.type(child).endsWith('_clause'))
  return {
    kind: 'If',
    start: concrete.startOf(node),
    end: concrete.endOf(node),
    parent: undefined,
    isElif: false,
    test: lowerExpression(concrete, test),
    body: lowerBlock(concrete, concrete.find(node, 'block')),
    orelse: lowerAlternatives(concrete, alternatives, 0, concrete.endOf(node)),
    broken: concrete.isBroken(node),
  }
}

/** The grammar lists `elif` clauses side by side; here each is inside the one before. */
function lowerAlternatives(
  concrete: Concrete,
  clauses: readonly number[],
  index: number,
  end: number,
): ast.Statement[] {
  const clause = clauses[index]
  if (clause === undefined) return []
  if (concrete.type(clause) === 'else_clause') return lowerBlock(concrete, concrete.find(clause, 'block'))
  if (concrete.depth >= maximumDepth) return [concrete.errorStatement(clause)]
  concrete.depth++
  const [, test] = concrete.children(clause)
  const elif: ast.If = {
    kind: 'If',
    start: concrete.startOf(clause),
    end,
    parent: undefined,
    isElif: true,
    test: lowerExpression(concrete, test),
    body: lowerBlock(concrete, concrete.find(clause, 'block')),
    orelse: lowerAlternatives(concrete, clauses, index + 1, end),
    broken: clauses.slice(index).some(each => concrete.isBroken(each)),
  }
  concrete.depth--
  return [elif]
}

function lowerElse(concrete: Concrete, node: number): ast.Statement[] {
  const clause = concrete.find(node, 'else_clause')
  return clause === undefined ? [] : lowerBlock(concrete, concrete.find(clause, 'block'))
}

function lowerFor(concrete: Concrete, node: number): ast.Statement {
  const isAsync = concrete.type(node + 1) === 'async'
  const children = concrete.children(node)
  const [, target, , iter] = isAsync ? children.slice(1) : children
  if (iter === undefined) return concrete.errorStatement(node)
  return {
    kind: 'For',
    start: concrete.startOf(node),
    end: concrete.endOf(node),
    parent: undefined,
    isAsync,
    target: lowerExpression(concrete, target),
    iter: lowerElement(concrete, iter),
    body: lowerBlock(concrete, concrete.find(node, 'block')),
    orelse: lowerElse(concrete, node),
    broken: concrete.isBroken(node),
  }
}

function lowerWhile(concrete: Concrete, node: number): ast.Statement {
  const [, test] = concrete.children(node)
  return {
    kind: 'While',
    start: concrete.startOf(node),
    end: concrete.endOf(node),
    parent: undefined,
    test: lowerExpression(concrete, test),
    body: lowerBlock(concrete, concrete.find(node, 'block')),
    orelse: lowerElse(concrete, node),
    broken: concrete.isBroken(node),
  }
}

function lowerTry(concrete: Concrete, node: number): ast.Statement {
  const handlers = concrete.children(node).filter(child => concrete.type(child) === 'except_clause')
  const finallyClause = concrete.find(node, 'finally_clause')
  return {
    kind: 'Try',
    start: concrete.startOf(node),
    end: concrete.endOf(node),
    parent: undefined,
    body: lowerBlock(concrete, concrete.find(node, 'block')),
    handlers: handlers.map(handler => lowerHandler(concrete, handler)),
    orelse: lowerElse(concrete, node),
    finalbody: finallyClause === undefined ? [] : lowerBlock(concrete, concrete.find(finallyClause, 'block')),
    broken: concrete.isBroken(node),
  }
}

function lowerHandler(concrete: Concrete, node: number): ast.ExceptHandler {
  const children = concrete.children(node)
  const isGroup = children.some(child => concrete.type(child) === '*')
  const header = children.slice(isGroup ? 2 : 1, -1).filter(child => concrete.type(child) !== ':')
  const [first, comma, second] = header
  let type: ast.Expression | undefined
  let name: ast.Expression | undefined
  if (first !== undefined && concrete.type(first) === 'as_pattern') {
    const [value, , target] = concrete.children(first)
    type = lowerExpression(concrete, value)
    name = lowerExpression(concrete, target === undefined ? undefined : target + 1)
  } else if (first !== undefined) {
    type = lowerExpression(concrete, first)
    if (comma !== undefined && concrete.type(comma) === 'as') name = lowerExpression(concrete, second)
    else if (comma !== undefined) ({ type } = lowerUnparenthesized(concrete, header))
  }
  if (name !== undefined && name.kind !== 'Name') concrete.markBroken(node)
  return {
    kind: 'ExceptHandler',
    start: concrete.startOf(node),
    end: concrete.endOf(node),
    parent: undefined,
    isGroup,
    type,
    name: name?.kind === 'Name' ? name : undefined,
    body: lowerBlock(concrete, concrete.find(node, 'block')),
  }
}

/** `except A, B:`, which Python 3.14 allows. */
function lowerUnparenthesized(concrete: Concrete, nodes: readonly number[]): { type: ast.Tuple } {
  const elements = nodes.filter(node => concrete.type(node) !== ',').map(node => lowerElement(concrete, node))
  const start = concrete.startOf(nodes[0] ?? 0)
  return { type: { kind: 'Tuple', start, end: concrete.endOf(nodes.at(-1) ?? 0), parent: undefined, elements } }
}
