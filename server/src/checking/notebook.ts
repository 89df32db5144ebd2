/** Notebooks on the command line: each cell is shown as a file of its own, `train.ipynb:cell 3`. */
import type { Finding, Report } from '../analysis.ts'
import { fixRepeatedly } from '../fix.ts'
import { mapCells } from '../notebook/cells.ts'
import type { NotebookFile } from '../notebook/file.ts'
import { cellFindings, editCells, fixable, placeIn } from '../notebook/findings.ts'
import { lineAt, lineStarts } from '../syntax/lines.ts'
import type { CheckedPart, FixedFinding } from './checker.ts'

interface CheckedNotebook {
  /** Those that there is something to say about. */
  readonly cells: readonly CheckedPart[]
  readonly notices: Report['notices']
  readonly sources: readonly string[]
}

type IsWanted = (finding: Finding) => boolean

type Analyze = (script: string) => Report

/** Without `isWanted`, nothing is fixed. */
export function checkNotebook(
  notebook: NotebookFile,
  path: string,
  analyze: Analyze,
  isWanted: IsWanted | undefined,
): CheckedNotebook {
  const original = notebook.cells.map(({ text }) => text)
  const { text: sources, fixed } = isWanted ? fixCells(original, analyze, isWanted) : { text: original, fixed: [] }
  const map = mapCells(sources)
  const { findings, notices } = analyze(map.script)
  const numberOf = (index: number) => notebook.cells[index]?.number ?? 0
  const fileOf = (index: number) => ({ path: cellName(path, numberOf(index)), text: sources[index] ?? '' })
  const lists = cellFindings(map, findings, fileOf)
  const cells = sources.map((text, index) => ({
    cell: numberOf(index),
    text,
    findings: lists[index] ?? [],
    fixed: fixed.filter(({ cell }) => cell === index),
  }))
  return { cells: cells.filter(({ findings, fixed }) => findings.length + fixed.length > 0), notices, sources }
}

/** What the places of a cell are named after, also where several files are named. */
export function cellName(path: string, cell: number | undefined): string {
  return cell === undefined ? path : `${path}:cell ${cell}`
}

/** A file and its cell by such a name. */
export function partOf(name: string): { readonly name: string; readonly cell: number | undefined } {
  const [, file = name, cell] = /^(.*):cell (\d+)$/.exec(name) ?? []
  return { name: file, cell: cell === undefined ? undefined : Number(cell) }
}

/** Every round begins with a script of its own: the fixes have moved its cells. */
function fixCells(original: readonly string[], analyze: Analyze, isWanted: IsWanted) {
  const findingsIn = (cells: readonly string[]) => {
    const map = mapCells(cells)
    return fixable(map, analyze(map.script).findings).flatMap((finding): readonly FixedInCell[] => {
      const place = placeIn(map, finding)
      return place ? [{ ...finding, cell: place.cell, line: lineIn(cells[place.cell] ?? '', place.start) }] : []
    })
  }
  return fixRepeatedly(original, findingsIn, (cells, edits) => editCells(mapCells(cells), edits), isWanted)
}

interface FixedInCell extends FixedFinding, Finding {
  /** Its index. */
  readonly cell: number
}

function lineIn(text: string, offset: number): number {
  return lineAt(lineStarts(text), offset) + 1
}
