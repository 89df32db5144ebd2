/** Puts statements under a `with`: the rest of a suite, in place of a statement, or a single one. */
import type { Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { endOfLine, lineStarts } from '../syntax/lines.ts'
import { insertion, replace } from './edits.ts'
import { hasOwnLine, indentationOf, indentationUnit, lineBreakOf, suiteOf } from './layout.ts'
import type { Edit } from './rule.ts'

/**
 *     torch.no_grad()              with torch.no_grad():
 *     for x in loader:                 for x in loader:
 *         …                                …
 *
 * Undefined where nothing follows, where lines are shared, and where a string or a definition would change with the
 * indentation.
 */
export function encloseRest(model: Model, statement: ast.Statement, header: string): readonly Edit[] | undefined {
  const { statements } = suiteOf(model, statement)
  const rest = statements.slice(statements.indexOf(statement) + 1)
  const last = rest.at(-1)
  if (!last || ![statement, ...rest].every(each => hasOwnLine(model.text, each))) return undefined
  if (rest.some(each => isDefinition(each) || holdsLongString(model, each))) return undefined
  const unit = indentationUnit(model)
  return [
    replace(statement, header),
    ...linesBetween(model.text, statement.end, last.end).map(at => insertion(at, unit)),
  ]
}

/** Undefined where the statement shares its lines, and where a string would change with the indentation. */
export function enclose(model: Model, statement: ast.Statement, header: string): readonly Edit[] | undefined {
  if (!hasOwnLine(model.text, statement) || holdsLongString(model, statement)) return undefined
  const unit = indentationUnit(model)
  const own = indentationOf(model, statement)
  return [
    insertion(statement.start, `${header}${lineBreakOf(model)}${own}${unit}`),
    ...linesBetween(model.text, statement.start, statement.end).map(at => insertion(at, unit)),
  ]
}

const isDefinition = ({ kind }: ast.Statement): boolean => kind === 'FunctionDef' || kind === 'ClassDef'

/** The lines of a string are its value. */
function holdsLongString(model: Model, statement: ast.Statement): boolean {
  const strings = [...model.nodes('Constant', statement), ...model.nodes('JoinedStr', statement)]
  return strings.some(({ start, end }) => /[\r\n]/.test(model.text.slice(start, end)))
}

/** The starts of the lines with text on them that begin behind `from` and before `to`. */
function linesBetween(text: string, from: number, to: number): readonly number[] {
  return lineStarts(text).filter(start => from < start && start < to && !isBlank(text, start))
}

const isBlank = (text: string, start: number): boolean => text.slice(start, endOfLine(text, start)).trim() === ''
