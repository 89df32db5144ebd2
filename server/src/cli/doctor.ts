/** `torchlint doctor`: why the memory of the GPU runs out, as a page about one script or notebook. */
import { readFileSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { type Analyzer, type MemoryLinks, type MemoryQuestion, type Message, memoryPage } from '../analysis.ts'
import { decode } from '../checking/encoding.ts'
import { isProblem, type Problem, problem, problemOf } from '../checking/problem.ts'
import { withSlashes } from '../checking/workspace.ts'
import { mapCells } from '../notebook/cells.ts'
import { readNotebook } from '../notebook/file.ts'
import { cellLine, firstLine } from '../notebook/lines.ts'

export interface DoctorQuestion {
  readonly path: string
  readonly workingDirectory: string
  /** The text of the error, or `-` to read it from standard input. */
  readonly error: string | undefined
}

export function memoryPageOf(analyzer: Analyzer, { path, workingDirectory, error }: DoctorQuestion): Message | Problem {
  try {
    const file = resolve(workingDirectory, path)
    const source = decode(readFileSync(file))
    if (isProblem(source)) return source
    const cells = path.endsWith('.ipynb') ? readCells(source.text) : undefined
    if (cells && isProblem(cells)) return cells
    const pasted = error === '-' ? readFileSync(0, 'utf8') : error
    const document = analyzer.open(cells?.script ?? source.text, withSlashes(file))
    const report = document
      .analyze({})
      .memory({ file: basename(file), ...cells?.question, ...(pasted !== undefined && { error: pasted }) })
    document.dispose()
    return report ? memoryPage(report, { ...noLinks, ...cells?.links }) : problem('the analysis failed', '分析失败')
  } catch (failure) {
    return problemOf(failure)
  }
}

interface Cells {
  readonly script: string
  readonly question: Pick<MemoryQuestion, 'cellStart'>
  readonly links: Pick<MemoryLinks, 'cell'>
}

function readCells(text: string): Cells | Problem {
  const notebook = readNotebook(text)
  if (isProblem(notebook)) return notebook
  const map = mapCells(notebook.cells.map(({ text }) => text))
  return {
    script: map.script,
    question: {
      cellStart: execution =>
        firstLine(
          map,
          notebook.cells.findIndex(cell => cell.execution === execution),
        ),
    },
    links: {
      cell(line) {
        const place = cellLine(map, line)
        return place && { ...place, cell: notebook.cells[place.cell]?.number ?? 0 }
      },
    },
  }
}

/** A terminal follows none. */
const noLinks = { fix: () => undefined, apply: () => undefined, line: () => undefined, page: () => undefined }
