/** Lines and columns from 1, as the formats that other programs read count them. */
import type { Range } from '../analysis.ts'
import { lineAt, lineStarts } from '../syntax/lines.ts'

export interface Region {
  readonly startLine: number
  readonly startColumn: number
  readonly endLine: number
  /** Behind the last character. */
  readonly endColumn: number
}

export function regionsIn(text: string): (range: Range) => Region {
  const starts = lineStarts(text)
  const position = (offset: number) => {
    const line = lineAt(starts, offset)
    return { line: line + 1, column: offset - (starts[line] ?? 0) + 1 }
  }
  return ({ start, end }) => {
    const [first, last] = [position(start), position(end)]
    return { startLine: first.line, startColumn: first.column, endLine: last.line, endColumn: last.column }
  }
}
