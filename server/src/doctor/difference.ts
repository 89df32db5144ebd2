/** What edits change, as a diff of whole lines. */
import { applyEdits } from '../fix.ts'
import type { Edit } from '../rules/rule.ts'
import { endOfLine, lineAt, lineStarts, startOfLine } from '../syntax/lines.ts'

/** The changed lines with `-` and `+`; every place is headed by its line, counted from 1. */
export function difference(text: string, edits: readonly Edit[]): string {
  const starts = lineStarts(text)
  return placesOf(text, edits)
    .map(({ start, end, edits: own }) => {
      const moved = own.map(edit => ({ ...edit, start: edit.start - start, end: edit.end - start }))
      const before = linesOf(text.slice(start, end))
      const after = linesOf(applyEdits(text.slice(start, end), moved))
      return [`@@ ${lineAt(starts, start) + 1} @@`, ...compared(before, after)].join('\n')
    })
    .join('\n')
}

interface Place {
  readonly start: number
  end: number
  readonly edits: Edit[]
}

/** Edits on neighbouring lines belong to one place. */
function placesOf(text: string, edits: readonly Edit[]): readonly Place[] {
  const places: Place[] = []
  for (const edit of edits) {
    const start = startOfLine(text, edit.start)
    const end = endOfLine(text, edit.end > edit.start ? edit.end - 1 : edit.end)
    const last = places.at(-1)
    if (last && start <= last.end + 2) {
      last.end = Math.max(last.end, end, edit.end)
      last.edits.push(edit)
    } else places.push({ start, end: Math.max(end, edit.end), edits: [edit] })
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
