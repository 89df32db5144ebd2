/**
 * A notebook as one script: its cells in order, as if it were run from the top. A cell map tells where an offset of the
 * script stands in the cells. The analysis below knows nothing of notebooks.
 *
 * Invariant of the layer: the Python of a cell is as long as the cell, so that offsets within a cell hold for both.
 */
import { unchanged } from '../syntax/unchanged.ts'
import { type CellPython, pythonOf } from './python.ts'

export interface CellMap {
  readonly cells: readonly string[]
  /** What is read of each cell. */
  readonly pythons: ReadonlyMap<string, CellPython | undefined>
  readonly script: string
  /** The cell that an offset of the script stands in, or stands behind; undefined before the first one. */
  partAt(offset: number): Part | undefined
  /** The offset of the script at which a cell begins; undefined for one that holds no Python. */
  startOf(cell: number): number | undefined
}

/** What a cell is of the script. */
export interface Part {
  readonly cell: number
  readonly start: number
  readonly end: number
  /** Where its Python begins, behind cell magics. */
  readonly code: number
}

/** `previous`: the map before an edit, most of whose cells are as they were. */
export function mapCells(cells: readonly string[], previous?: CellMap): CellMap {
  const known = previous?.pythons
  const pythons = new Map(cells.map(text => [text, known?.has(text) ? known.get(text) : pythonOf(text)]))
  const parts: Part[] = []
  let script = ''
  for (const [cell, text] of cells.entries()) {
    const python = pythons.get(text)
    if (!python) continue
    if (isIndented(python.text)) script += 'if True:\n'
    const start = script.length
    parts.push({ cell, start, end: start + text.length, code: start + python.start })
    // Of two line breaks one belongs to the cell: what is put behind its last line is not put into the next cell.
    script += `${python.text}\n\n`
  }
  const starts = new Map(parts.map(({ cell, start }) => [cell, start]))
  return {
    cells,
    pythons,
    script,
    partAt: offset => lastAt(parts, offset),
    startOf: cell => starts.get(cell),
  }
}

/** IPython removes the indentation of a cell, which in a script would belong to a block. */
function isIndented(python: string): boolean {
  return /^(?:[ \t\f]*(?:#.*)?\r?\n)*[ \t]+[^\s#]/.test(python)
}

function lastAt(parts: readonly Part[], offset: number): Part | undefined {
  let [low, high] = [0, parts.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((parts[middle]?.start ?? 0) <= offset) low = middle + 1
    else high = middle
  }
  return parts[low - 1]
}

/** What leads from one script to the next: as a rule a few characters of one cell. */
export function changeOf(before: string, after: string): { start: number; end: number; text: string } {
  const { prefix, suffix } = unchanged(before, after)
  return { start: prefix, end: before.length - suffix, text: after.slice(prefix, after.length - suffix) }
}
