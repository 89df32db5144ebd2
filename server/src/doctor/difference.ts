/** What edits change, as diffs of whole lines. */
import { applyEdits } from '../fix.ts'
import type { Edit } from '../rules/rule.ts'
import { endOfLine, lineAt, lineStarts, skipLineBreak, startOfLine } from '../syntax/lines.ts'

export interface ChangedLines {
  /** The first of them, counted from 1. */
  readonly line: number
  /** With `-` and `+` before what goes and what comes. */
  readonly lines: readonly string[]
}

/** One entry for each place. */
export function changedLines(text: string, edits: readonly Edit[]): readonly ChangedLines[] {
  const starts = lineStarts(text)
  return placesOf(text, edits).map(({ start, end, edits: own }) => {
    const moved = own.map(edit => ({ ...edit, start: edit.start - start, end: edit.end - start }))
    const before = linesOf(text.slice(start, end))
    const after = linesOf(applyEdits(text.slice(start, end), moved))
    return { line: lineAt(starts, start) + 1, lines: compared(before, after) }
  })
}

interface Place {
  readonly start: number
  end: number
  /** Where the line below it begins. */
  next: number
  readonly edits: Edit[]
}

/** Edits on neighbouring lines belong to one place. */
function placesOf(text: string, edits: readonly Edit[]): readonly Place[] {
  const places: Place[] = []
  for (const edit of edits) {
    const start = startOfLine(text, edit.start)
    const lineEnd = endOfLine(text, edit.end > edit.start ? edit.end - 1 : edit.end)
    const end = Math.max(lineEnd, edit.end)
    const next = skipLineBreak(text, lineEnd)
    const last = places.at(-1)
    if (last && start <= last.next) {
      last.end = Math.max(last.end, end)
      last.next = Math.max(last.next, next)
      last.edits.push(edit)
    } else places.push({ start, end, next, edits: [edit] })
  }
  return places
}

function linesOf(text: string): readonly string[] {
  const lines = text.split(/\r\n|\r|\n/)
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines
}

/** The longest common subsequence stays; the places are a few lines long. */
function compared(before: readonly string[], after: readonly string[]): readonly string[] {
  const lengths = Array.from({ length: before.length + 1 }, () => new Array<number>(after.length + 1).fill(0))
  const length = (i: number, j: number) => lengths[i]?.[j] ?? 0
  for (let i = before.length - 1; i >= 0; i--)
    for (let j = after.length - 1; j >= 0; j--) {
      const row = lengths[i]
      const isSame = before[i] === after[j]
      if (row) row[j] = isSame ? length(i + 1, j + 1) + 1 : Math.max(length(i + 1, j), length(i, j + 1))
    }
  const lines: string[] = []
  let [i, j] = [0, 0]
  while (i < before.length || j < after.length) {
    if (i < before.length && j < after.length && before[i] === after[j]) {
      lines.push(` ${before[i++]}`)
      j++
    } else if (i < before.length && (j >= after.length || length(i + 1, j) >= length(i, j + 1)))
      lines.push(`-${before[i++]}`)
    else lines.push(`+${after[j++]}`)
  }
  return lines
}
