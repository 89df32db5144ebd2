/** The place for a script's settings: behind its imports, before the statement that they must precede. */
import type { Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { endOfLine, skipLineBreak } from '../syntax/lines.ts'
import { encloses } from '../syntax/walk.ts'
import { insertAfter, insertBefore } from './edits.ts'
import type { Edit } from './rule.ts'

/** The statement that a setting would be inserted in front of. */
export function startOf(model: Model, before: ast.Node): ast.Node {
  const { body } = model.module
  const anchor = lastImport(model, before)
  return body[anchor ? body.indexOf(anchor) + 1 : 0] ?? before
}

/** Behind the imports, with a blank line around it; in a script without any, at its head. */
export function insertAtStart(model: Model, before: ast.Node, statement: string): readonly Edit[] {
  const [first] = model.module.body
  const anchor = lastImport(model, before)
  if (!anchor) return first ? insertBefore(model, first, [statement, '']) : []
  return insertAfter(model, anchor, isFollowedByBlank(model.text, anchor) ? ['', statement] : ['', statement, ''])
}

function lastImport(model: Model, before: ast.Node): ast.Statement | undefined {
  const { body } = model.module
  const first = body.findIndex(statement => encloses(statement, before))
  return body.slice(0, first === -1 ? undefined : first).findLast(isImport)
}

function isImport(statement: ast.Statement): boolean {
  return statement.kind === 'Import' || statement.kind === 'ImportFrom'
}

function isFollowedByBlank(text: string, { end }: ast.Statement): boolean {
  const next = skipLineBreak(text, endOfLine(text, end))
  return text.slice(next, endOfLine(text, next)).trim() === ''
}
