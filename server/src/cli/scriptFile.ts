/** A script of the disk, or the cells of a notebook as one, for the commands that ask about a single file. */
import { readFileSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import type { Analysis, Analyzer } from '../analysis.ts'
import { decode } from '../checking/encoding.ts'
import { isProblem, type Problem, problemOf } from '../checking/problem.ts'
import { withSlashes } from '../checking/workspace.ts'
import { mapCells } from '../notebook/cells.ts'
import { readNotebook } from '../notebook/file.ts'
import { cellLine, firstLine } from '../notebook/lines.ts'

export interface ScriptFile {
  readonly name: string
  readonly analysis: Analysis
  /** Undefined for a file without cells. */
  readonly cells: ScriptCells | undefined
}

/** Lines count from 1, and cells as the notebook counts them. */
export interface ScriptCells {
  /** Where a line of the script stands; undefined for one between cells. */
  place(line: number): { readonly cell: number; readonly line: number } | undefined
  /** The line at which the cell begins that was run as `In [5]`. */
  start(execution: number): number | undefined
}

/** What a question about the file at a path is answered; the analysis lasts as long as the question. */
export function askAbout<Answer>(
  analyzer: Analyzer,
  path: string,
  workingDirectory: string,
  ask: (file: ScriptFile) => Answer,
): Answer | Problem {
  try {
    const file = resolve(workingDirectory, path)
    const source = decode(readFileSync(file))
    if (isProblem(source)) return source
    const notebook = path.endsWith('.ipynb') ? readCells(source.text) : undefined
    if (notebook && isProblem(notebook)) return notebook
    const document = analyzer.open(notebook?.script ?? source.text, withSlashes(file))
    try {
      return ask({ name: basename(file), analysis: document.analyze({}), cells: notebook?.cells })
    } finally {
      document.dispose()
    }
  } catch (error) {
    return problemOf(error)
  }
}

function readCells(file: string): { readonly script: string; readonly cells: ScriptCells } | Problem {
  const notebook = readNotebook(file)
  if (isProblem(notebook)) return notebook
  const map = mapCells(notebook.cells.map(({ text }) => text))
  return {
    script: map.script,
    cells: {
      place(line) {
        const place = cellLine(map, line)
        const cell = place && notebook.cells[place.cell]
        return cell && { cell: cell.number, line: place.line }
      },
      start: execution =>
        firstLine(
          map,
          notebook.cells.findIndex(cell => cell.execution === execution),
        ),
    },
  }
}
