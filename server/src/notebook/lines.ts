/** Lines of the script as lines of cells. All of them count from 1. */
import { lineAt, lineStarts } from '../syntax/lines.ts'
import type { CellMap } from './cells.ts'

export interface CellLine {
  /** Its index. */
  readonly cell: number
  readonly line: number
}

export function cellLine(map: CellMap, line: number): CellLine | undefined {
  const starts = lineStarts(map.script)
  const part = map.partAt(starts[line - 1] ?? map.script.length)
  return part && { cell: part.cell, line: line - lineAt(starts, part.start) }
}

/** The line of the script at which a cell begins; undefined for one that holds no Python. */
export function firstLine(map: CellMap, cell: number): number | undefined {
  const start = map.startOf(cell)
  return start === undefined ? undefined : lineAt(lineStarts(map.script), start) + 1
}
