/**
 * Edits of whole statements, as one would type them: on lines of their own, in the file's indentation and line endings.
 *
 * Statements that share a line are separated first. Inserting `scaler.update()` behind the last statement of
 *
 *     if ready: scaler.step(optimizer)  # every fourth batch
 *
 * gives
 *
 *     if ready:
 *         scaler.step(optimizer)  # every fourth batch
 *         scaler.update()
 */

import type { Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { endOfLine, skipLineBreak, startOfLine } from '../syntax/lines.ts'
import { hasOwnLine, indentationOf, lineBreakOf, statementOf, suiteOf } from './layout.ts'
import type { Edit, Range } from './rule.ts'

/** Inserts lines, written without indentation of their own level, in front of the statement that holds `node`. */
export function insertBefore(model: Model, node: ast.Node, lines: readonly string[]): readonly Edit[] {
  const statement = statementOf(node)
  const indentation = indentationOf(model, statement)
  const lineBreak = lineBreakOf(model)
  const inserted = indented(lines, indentation, lineBreak).slice(indentation.length) + lineBreak + indentation
  if (hasOwnLine(model.text, statement)) return [insertion(statement.start, inserted)]
  const gap = gapBefore(model.text, statement)
  return [
    ...(suiteOf(model, statement).statements[0] === statement ? [] : openSuite(model, statement)),
    { ...gap, text: lineBreak + indentation + inserted },
  ]
}

/** Inserts lines, written without indentation of their own level, behind the statement that holds `node`. */
export function insertAfter(model: Model, node: ast.Node, lines: readonly string[]): readonly Edit[] {
  const statement = statementOf(node)
  const indentation = indentationOf(model, statement)
  const lineBreak = lineBreakOf(model)
  const inserted = lineBreak + indented(lines, indentation, lineBreak)
  const next = nextOnLine(model, statement)
  return [
    ...openSuite(model, statement),
    next
      ? { ...gapBefore(model.text, next), text: inserted + lineBreak + indentation }
      : insertion(endOfBlock(model.text, statement, indentation), inserted),
  ]
}

/** Deletes a statement with its lines and the comment behind it; a suite that it leaves empty becomes `pass`. */
export function deleteStatement(model: Model, node: ast.Node): readonly Edit[] {
  const statement = statementOf(node)
  const { owner, statements } = suiteOf(model, statement)
  if (owner && statements.length === 1) return [replace(statement, 'pass')]
  const next = nextOnLine(model, statement)
  if (next) return [{ start: statement.start, end: next.start, text: '' }]
  if (!hasOwnLine(model.text, statement))
    return [{ start: gapBefore(model.text, statement).start, end: statement.end, text: '' }]
  const end = skipLineBreak(model.text, endOfLine(model.text, statement.end))
  return [{ start: startOfLine(model.text, statement.start), end, text: '' }]
}

/** Moves a simple statement, with the comment behind it, in front of another one. */
export function moveBefore(model: Model, node: ast.Node, target: ast.Node): readonly Edit[] {
  return inOrder([...insertBefore(model, target, linesOf(model, node)), ...deleteStatement(model, node)])
}

/** Moves a simple statement, with the comment behind it, behind another one. */
export function moveAfter(model: Model, node: ast.Node, target: ast.Node): readonly Edit[] {
  return inOrder([...insertAfter(model, target, linesOf(model, node)), ...deleteStatement(model, node)])
}

export function replace(range: Range, text: string): Edit {
  return { start: range.start, end: range.end, text }
}

export function insertion(offset: number, text: string): Edit {
  return { start: offset, end: offset, text }
}

/** Edits of several origins in source order; at the same offset, insertions come first and keep their order. */
export function inOrder(edits: readonly Edit[]): readonly Edit[] {
  return [...edits].sort((a, b) => a.start - b.start || a.end - b.end)
}

/**
 * The lines of a statement without its indentation, with the comment behind it. The lines of a string are its value:
 * a statement that contains such a string keeps them, as one line with breaks in it.
 */
function linesOf(model: Model, node: ast.Node): readonly string[] {
  const statement = statementOf(node)
  const behind = model.text.slice(statement.end, endOfLine(model.text, statement.end))
  const comment = nextOnLine(model, statement) ? '' : (/^[ \t]*#.*/.exec(behind)?.[0] ?? '')
  const text = model.text.slice(statement.start, statement.end) + comment
  const strings = [...model.nodes('Constant', statement), ...model.nodes('JoinedStr', statement)]
  if (strings.some(({ start, end }) => lineBreak.test(model.text.slice(start, end)))) return [text]
  const [first = '', ...rest] = text.split(lineBreak)
  const indentation = indentationOf(model, statement)
  return [first, ...rest.map(line => (line.startsWith(indentation) ? line.slice(indentation.length) : line))]
}

const lineBreak = /\r\n|\r|\n/

function indented(lines: readonly string[], indentation: string, lineBreak: string): string {
  return lines.map(line => (line === '' ? line : indentation + line)).join(lineBreak)
}

/** The statement that follows on the same line, behind a `;`. */
function nextOnLine(model: Model, statement: ast.Statement): ast.Statement | undefined {
  const { statements } = suiteOf(model, statement)
  const next = statements[statements.indexOf(statement) + 1]
  return next && !hasOwnLine(model.text, next) ? next : undefined
}

/** Puts the first statement of a suite that stands behind its header's colon on a line of its own. */
function openSuite(model: Model, statement: ast.Statement): readonly Edit[] {
  const { owner, statements } = suiteOf(model, statement)
  const first = statements[0]
  if (!owner || !first || hasOwnLine(model.text, first)) return []
  return [{ ...gapBefore(model.text, first), text: lineBreakOf(model) + indentationOf(model, first) }]
}

/** What separates a statement from the colon or the statement before it on its line: blanks, `;`, continued lines. */
function gapBefore(text: string, statement: ast.Statement): Range {
  const separator = /(?:[ \t\f;]|\\(?:\r\n|\r|\n))*$/.exec(
    text.slice(Math.max(0, statement.start - 400), statement.start),
  )
  return { start: statement.start - (separator?.[0].length ?? 0), end: statement.start }
}

/** The end of a statement's last line; comment lines indented deeper than the statement still belong to its block. */
function endOfBlock(text: string, statement: ast.Statement, indentation: string): number {
  let end = endOfLine(text, statement.end)
  if (!('body' in statement || 'cases' in statement)) return end
  let start = skipLineBreak(text, end)
  while (start < text.length) {
    const line = text.slice(start, endOfLine(text, start))
    const belongs = line.startsWith(indentation) && /^[ \t]+#/.test(line.slice(indentation.length))
    if (belongs) end = start + line.length
    else if (line.trim() !== '') break
    start = skipLineBreak(text, start + line.length)
  }
  return end
}
