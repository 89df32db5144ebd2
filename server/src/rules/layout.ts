/** How a file is laid out: which suite a statement stands in, whether it has a line of its own, how it is indented. */

import type { Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { startOfLine } from '../syntax/lines.ts'

/** The statements that are indented together, and the statement or clause (`except`, `case`) that they belong to. */
export interface Suite {
  readonly owner: ast.Node | undefined
  readonly statements: readonly ast.Statement[]
}

export function suiteOf(model: Model, statement: ast.Statement): Suite {
  const owner = statement.parent
  const suites = owner ? suitesOf(owner) : [model.module.body]
  return { owner, statements: suites.find(statements => statements.includes(statement)) ?? [statement] }
}

/** The whitespace in front of a statement, or the one it would have if it stood on a line of its own. */
export function indentationOf(model: Model, statement: ast.Statement): string {
  const { owner, statements } = suiteOf(model, statement)
  const first = statements[0] ?? statement
  if (hasOwnLine(model.text, first)) return model.text.slice(startOfLine(model.text, first.start), first.start)
  return owner ? ownIndentation(model, owner) + indentationUnit(model) : ''
}

/** One level of indentation, as the file writes it. */
export function indentationUnit(model: Model): string {
  for (const kind of ['FunctionDef', 'For', 'If', 'With', 'While', 'ClassDef', 'Try'] as const)
    for (const node of model.nodes(kind)) {
      const first = node.body[0]
      if (!first || !hasOwnLine(model.text, first)) continue
      const outer = ownIndentation(model, node)
      const inner = model.text.slice(startOfLine(model.text, first.start), first.start)
      if (inner.startsWith(outer) && inner !== outer) return inner.slice(outer.length)
    }
  return /^\t/m.test(model.text) ? '\t' : '    '
}

/** Does nothing but whitespace stand before the statement on its line, and does that line not continue another? */
export function hasOwnLine(text: string, statement: ast.Statement): boolean {
  const start = startOfLine(text, statement.start)
  return (
    /^[ \t\f\uFEFF]*$/.test(text.slice(start, statement.start)) &&
    !/\\(\r\n|\r|\n)$/.test(text.slice(Math.max(0, start - 3), start))
  )
}

/** The statement that a node is or stands in. An `elif` counts as a part of its `if`. */
export function statementOf(node: ast.Node): ast.Statement {
  let current: ast.Node | undefined = node
  while (current) {
    if ('broken' in current && !(current.kind === 'If' && current.isElif)) return current
    current = current.parent
  }
  throw new Error(`${node.kind} stands in no statement`)
}

/** The line break that the file uses. */
export function lineBreakOf(model: Model): string {
  return /\r\n|\r|\n/.exec(model.text)?.[0] ?? '\n'
}

/** The quote that most of the file's strings begin with. */
export function quoteOf(model: Model): "'" | '"' {
  let single = 0
  let double = 0
  for (const { type, start } of model.nodes('Constant')) {
    if (type !== 'str') continue
    const quote = /^[A-Za-z]*(['"])/.exec(model.text.slice(start, start + 4))?.[1]
    if (quote === "'") single++
    else if (quote === '"') double++
  }
  return single > double ? "'" : '"'
}

/** The indentation of the line on which a compound statement or a clause begins. */
function ownIndentation(model: Model, owner: ast.Node): string {
  const start = startOfLine(model.text, owner.start)
  return /^[ \t\f]*/.exec(model.text.slice(start, owner.start))?.[0] ?? ''
}

function suitesOf(owner: ast.Node): readonly (readonly ast.Statement[])[] {
  switch (owner.kind) {
    case 'FunctionDef':
    case 'ClassDef':
    case 'With':
    case 'ExceptHandler':
    case 'MatchCase':
      return [owner.body]
    case 'For':
    case 'While':
    case 'If':
      return [owner.body, owner.orelse]
    case 'Try':
      return [owner.body, owner.orelse, owner.finalbody]
    default:
      return []
  }
}
