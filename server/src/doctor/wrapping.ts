/** Puts statements into a block of their own: `with …:` or `if …:`. */
import { insertion } from '../rules/edits.ts'
import { hasOwnLine, indentationOf, indentationUnit, lineBreakOf, suiteOf } from '../rules/layout.ts'
import type { Edit } from '../rules/rule.ts'
import type { Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { endOfLine, skipLineBreak, startOfLine } from '../syntax/lines.ts'

/**
 * `head` above the statements from `first` to `last`, which it indents, and `tail` as the last lines of the block.
 * Undefined unless they stand in one suite, on lines of their own, without a string whose lines would move.
 */
export function wrap(
  model: Model,
  first: ast.Statement,
  last: ast.Statement,
  head: string,
  tail: readonly string[] = [],
): readonly Edit[] | undefined {
  const { statements } = suiteOf(model, first)
  const [from, to] = [statements.indexOf(first), statements.indexOf(last)]
  const inside = from < 0 || to < from ? [] : statements.slice(from, to + 1)
  if (inside.length === 0 || inside.some(statement => !hasOwnLine(model.text, statement) || isFixed(model, statement)))
    return undefined
  const next = statements[to + 1]
  if (next && !hasOwnLine(model.text, next)) return undefined
  const [indentation, unit] = [indentationOf(model, first), indentationUnit(model)]
  const lineBreak = lineBreakOf(model)
  const end = endOfLine(model.text, last.end)
  const edits = [insertion(first.start, `${head}${lineBreak}${indentation}${unit}`)]
  for (let line = nextLine(model.text, first.start); line < end; line = nextLine(model.text, line))
    if (model.text.slice(line, endOfLine(model.text, line)).trim() !== '') edits.push(insertion(line, unit))
  if (tail.length > 0) edits.push(insertion(end, tail.map(each => lineBreak + indentation + unit + each).join('')))
  return edits
}

function nextLine(text: string, offset: number): number {
  const end = endOfLine(text, offset)
  return end === text.length ? text.length : skipLineBreak(text, end)
}

/** Does it hold a string of several lines? */
function isFixed(model: Model, statement: ast.Statement): boolean {
  const strings = [...model.nodes('Constant', statement), ...model.nodes('JoinedStr', statement)]
  return strings.some(({ start, end }) => startOfLine(model.text, end) > start)
}
