/**
 * A code frame: the lines that a finding speaks of, each span underlined in place.
 *
 *        |
 *     30 |     scaler.scale(loss).backward()
 *        |     ----------------------------- 1: gradients are scaled from here on
 *     31 |     clip_grad_norm_(model.parameters(), 1.0)
 *        |     ^^^^^^^^^^^^^^^
 *
 * It is drawn in ASCII, because terminals disagree about the width of anything finer.
 */
import stringWidth from 'string-width'
import type { Range } from '../analysis.ts'
import { endOfLine, lineAt } from '../syntax/lines.ts'
import { type Paint, printable, type Style } from './terminal.ts'

export interface Mark extends Range {
  /** The sign that underlines it. */
  readonly sign: '^' | '-'
  readonly style: Style
  readonly label: string
}

export interface Code {
  readonly text: string
  /** The offset at which each line starts. */
  readonly starts: readonly number[]
}

/** The first mark is the one that the frame is about: it gets a line of context on either side. */
export function codeFrame(code: Code, marks: readonly Mark[], paint: Paint): string {
  const numbers = shownLines(code, marks)
  const width = gutterWidth(code, marks)
  const gutter = (content: string) => paint('blue', `${content.padStart(width)} |`)
  const rows = [gutter('')]
  let previous: number | undefined
  for (const line of numbers) {
    if (previous !== undefined && line > previous + 1) rows.push(paint('blue', '...'))
    previous = line
    const marksHere = marks.filter(({ start }) => lineAt(code.starts, start) === line)
    const { before, shown, start, end } = excerpt(code, line, marksHere)
    rows.push(`${gutter(String(line + 1))} ${before}${printable(shown)}`.trimEnd())
    for (const mark of marksHere)
      rows.push(`${gutter('')} ${underline(mark, before, { text: code.text, start, end }, paint)}`)
  }
  return rows.join('\n')
}

/** How far the frame's numbers reach to the right; a line above it is indented as much. */
export function gutterWidth({ starts }: Code, marks: readonly Mark[]): number {
  return String(Math.max(...marks.map(({ start }) => lineAt(starts, start))) + 2).length
}

function shownLines({ text, starts }: Code, marks: readonly Mark[]): readonly number[] {
  const lines = new Set(marks.map(({ start }) => lineAt(starts, start)))
  const [first] = lines
  if (first === undefined) return []
  for (const line of [first - 1, first + 1]) {
    const start = starts[line]
    if (start !== undefined && text.slice(start, endOfLine(text, start)).trim() !== '') lines.add(line)
  }
  // One missing line takes no less room than the dots that would stand for it.
  for (const line of [...lines]) if (lines.has(line + 2)) lines.add(line + 1)
  return [...lines].sort((a, b) => a - b)
}

interface Excerpt extends Range {
  readonly before: string
  readonly shown: string
}

/** A line, or of a very long one the part around its first mark. */
function excerpt({ text, starts }: Code, line: number, marks: readonly Mark[]): Excerpt {
  const lineStart = starts[line] ?? 0
  const lineEnd = endOfLine(text, lineStart)
  if (lineEnd - lineStart <= longestLine)
    return { before: '', shown: text.slice(lineStart, lineEnd), start: lineStart, end: lineEnd }
  const wanted = Math.min(...marks.map(({ start }) => start), lineEnd) - longestLine / 4
  const start = Math.max(lineStart, Math.min(wanted, lineEnd - longestLine))
  const end = Math.min(lineEnd, start + longestLine)
  return { before: start > lineStart ? '... ' : '', shown: text.slice(start, end), start, end }
}

const longestLine = 160

/** A span over several lines is underlined to the end of its first one. */
function underline(mark: Mark, before: string, line: Range & { readonly text: string }, paint: Paint): string {
  const start = Math.min(mark.start, line.end)
  const end = Math.max(start, Math.min(mark.end, line.end))
  const indentation = before.length + columns(line.text.slice(line.start, start))
  const signs = mark.sign.repeat(Math.max(1, columns(line.text.slice(start, end))))
  return ' '.repeat(indentation) + paint(mark.style, `${signs} ${printable(mark.label)}`.trimEnd())
}

function columns(code: string): number {
  return stringWidth(printable(code))
}
