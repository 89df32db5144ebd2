/** What a fix makes of the lines that it touches, to be read before it is accepted. */
import { applyEdits } from './fix.ts'
import type { Edit } from './rules/rule.ts'
import { endOfLine, startOfLine } from './syntax/lines.ts'

/**
 * The lines after the edits, without the indentation that they share; places that are apart are separated by `…`.
 * Undefined where nothing is left to show, or more than fits into a hover.
 */
export function repairedLines(text: string, edits: readonly Edit[]): string | undefined {
  const places: { start: number; end: number; edits: Edit[] }[] = []
  for (const edit of edits) {
    const start = startOfLine(text, edit.start)
    const end = endOfLine(text, edit.end > edit.start ? edit.end - 1 : edit.end)
    const last = places.at(-1)
    if (last && start <= last.end + 1) {
      last.end = Math.max(last.end, end)
      last.edits.push(edit)
    } else places.push({ start, end, edits: [edit] })
  }
  const shown = places.map(place => repaired(text, place)).filter(part => part.trim() !== '')
  const lines = shown.join('\n…\n').split('\n').length
  return shown.length > 0 && lines <= mostLines ? shown.join('\n…\n') : undefined
}

const mostLines = 16

function repaired(
  text: string,
  place: { readonly start: number; readonly end: number; readonly edits: readonly Edit[] },
) {
  const moved = place.edits.map(edit => ({ ...edit, start: edit.start - place.start, end: edit.end - place.start }))
  const lines = applyEdits(text.slice(place.start, Math.max(place.end, place.edits.at(-1)?.end ?? 0)), moved)
    .split(/\r\n|\r|\n/)
    .map(line => line.trimEnd())
  while (lines.at(-1) === '') lines.pop()
  while (lines[0] === '') lines.shift()
  const indentations = lines.filter(line => line !== '').map(line => line.length - line.trimStart().length)
  const shared = Math.min(...indentations, Number.MAX_SAFE_INTEGER)
  return lines.map(line => line.slice(shared)).join('\n')
}
