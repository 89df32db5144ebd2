/** Edits of the script as edits of cells. */
import type { Edit } from '../rules/rule.ts'
import type { CellMap, Part } from './cells.ts'

/** Its offsets are those of the cell. */
export interface CellEdit extends Edit {
  readonly cell: number
}

/** In the same order; undefined if one of them cannot be made: it would reach over cells, or into a magic. */
export function cellEdits(map: CellMap, edits: readonly Edit[]): readonly CellEdit[] | undefined {
  const moved: CellEdit[] = []
  for (const edit of edits) {
    const part = map.partAt(edit.start)
    const inPart = part && within(map, part, edit)
    if (!inPart) return undefined
    const { start, end, text } = inPart
    if (map.cells[part.cell]?.slice(start - part.start, end - part.start) !== map.script.slice(start, end))
      return undefined
    moved.push({ cell: part.cell, start: start - part.start, end: end - part.start, text })
  }
  return moved
}

function within(map: CellMap, part: Part, edit: Edit): Edit | undefined {
  if (edit.end > part.end && map.partAt(edit.end) !== part) return undefined
  if (edit.start === edit.end && edit.start < part.code)
    return edit.text.endsWith('\n') ? behindMagic(map, part, edit.text) : undefined
  if (edit.end <= part.end) return edit
  // The last line of a cell has no line break of its own.
  const text = edit.text.replace(/\r?\n$/, '')
  if (edit.start > part.end) return { start: part.end, end: part.end, text: `\n${text}` }
  const isWholeLine = edit.text === '' && edit.start > part.start && map.script[edit.start - 1] === '\n'
  return { start: edit.start - (isWholeLine ? 1 : 0), end: part.end, text }
}

function behindMagic({ script }: CellMap, { code, end }: Part, text: string): Edit {
  const isLastLine = code === end && script[code - 1] !== '\n'
  return { start: code, end: code, text: isLastLine ? `\n${text.replace(/\r?\n$/, '')}` : text }
}
