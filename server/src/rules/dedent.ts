import type { Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { endOfLine, skipLineBreak, startOfLine } from '../syntax/lines.ts'
import { hasOwnLine, indentationOf } from './layout.ts'
import type { Edit } from './rule.ts'

/**
 * Moves a statement of a block, and all that follow it there, behind the block. Undefined if it is the first one, or if
 * its lines are not its own to move.
 *
 *     with autocast("cuda"):                  with autocast("cuda"):
 *         loss = criterion(model(x), y)           loss = criterion(model(x), y)
 *         loss.backward()                     loss.backward()
 */
export function moveOut(
  model: Model,
  block: ast.With | ast.For | ast.While,
  first: ast.Statement,
): readonly Edit[] | undefined {
  const { text } = model
  const moved = block.body.slice(block.body.indexOf(first))
  const last = moved.at(-1)
  if (!last || moved.length === block.body.length || !hasOwnLine(text, first)) return undefined
  if (moved.some(statement => holdsLines(model, statement))) return undefined
  const [outer, inner] = [indentationOf(model, block), indentationOf(model, first)]
  const edits: Edit[] = []
  let line = withComments(text, startOfLine(text, first.start))
  while (line < last.end) {
    if (text.startsWith(inner, line)) edits.push({ start: line + outer.length, end: line + inner.length, text: '' })
    line = skipLineBreak(text, endOfLine(text, line))
  }
  return edits
}

/** The comment lines right above belong to the line. */
function withComments(text: string, line: number): number {
  const [, comments = ''] =
    /(?:^|[\r\n])((?:[ \t]*#[^\r\n]*(?:\r\n|\r|\n))+)$/.exec(text.slice(Math.max(0, line - 2000), line)) ?? []
  return line - comments.length
}

/** The lines of a string are its value. */
function holdsLines(model: Model, statement: ast.Statement): boolean {
  const strings = [...model.nodes('Constant', statement), ...model.nodes('JoinedStr', statement)]
  return strings.some(({ start, end }) => /[\r\n]/.test(model.text.slice(start, end)))
}
