/** The statements of a text, by offset. */
import type { Range } from './rules/rule.ts'
import type { Model } from './semantic/model.ts'
import type * as ast from './syntax/ast.ts'
import { endOfLine, startOfLine } from './syntax/lines.ts'

/** The innermost statement at an offset. */
export function statementOf(model: Model, offset: number): ast.Statement | undefined {
  return statementAt(model.module.body, offset)
}

/** The innermost of statements in source order that an offset stands in. */
export function statementAt(statements: readonly ast.Statement[], offset: number): ast.Statement | undefined {
  let [low, high] = [0, statements.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((statements[middle]?.start ?? 0) <= offset) low = middle + 1
    else high = middle
  }
  const statement = statements[low - 1]
  if (!statement || offset >= statement.end) return undefined
  return statementAt(statementsIn(statement), offset) ?? statement
}

/** The statements in the blocks of a statement, in source order. */
export function statementsIn(node: ast.Statement): readonly ast.Statement[] {
  const inner: ast.Statement[] = []
  if ('body' in node) inner.push(...node.body)
  if ('cases' in node) for (const clause of node.cases) inner.push(...clause.body)
  if ('handlers' in node) for (const handler of node.handlers) inner.push(...handler.body)
  if ('orelse' in node) inner.push(...node.orelse)
  if ('finalbody' in node) inner.push(...node.finalbody)
  return inner
}

/**
 * The lines of what is written at an offset: those of a simple statement, or those above the block of a compound one. A line
 * that belongs to neither, such as an empty one, stands alone.
 */
export function linesAround({ text, module }: Model, offset: number): Range {
  const line = { start: startOfLine(text, offset), end: endOfLine(text, offset) }
  const isOnLine = ({ start, end }: Range) => start <= line.end && line.start <= end
  let { start, end } = line
  const extend = (statements: readonly ast.Statement[]) => {
    for (const statement of statements.filter(isOnLine)) {
      const inner = statementsIn(statement)
      const head = { start: statement.start, end: headEnd(text, statement, inner[0]) }
      if (isOnLine(head)) {
        start = Math.min(start, startOfLine(text, head.start))
        end = Math.max(end, endOfLine(text, head.end))
      }
      extend(inner)
    }
  }
  extend(module.body)
  return { start, end }
}

function headEnd(text: string, statement: ast.Statement, first: ast.Statement | undefined): number {
  if (!first) return statement.end
  return statement.start + text.slice(statement.start, first.start).trimEnd().length
}
