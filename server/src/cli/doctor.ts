/** `torchlint doctor`: why the memory of the GPU runs out, as a page about one script or notebook. */
import { readFileSync } from 'node:fs'
import { type Analyzer, type Message, memoryPage } from '../analysis.ts'
import { type Problem, problem } from '../checking/problem.ts'
import { askAbout } from './scriptFile.ts'

export interface DoctorQuestion {
  readonly path: string
  readonly workingDirectory: string
  /** The text of the error, or `-` to read it from standard input. */
  readonly error: string | undefined
}

export function memoryPageOf(analyzer: Analyzer, { path, workingDirectory, error }: DoctorQuestion): Message | Problem {
  return askAbout(analyzer, path, workingDirectory, ({ name, analysis, cells }) => {
    const pasted = error === '-' ? readFileSync(0, 'utf8') : error
    const report = analysis.memory({
      file: name,
      ...(cells && { cellStart: cells.start }),
      ...(pasted !== undefined && { error: pasted }),
    })
    if (!report) return problem('the analysis failed', '分析失败')
    return memoryPage(report, { ...noLinks, ...(cells && { cell: cells.place }) })
  })
}

/** A terminal follows none. */
const noLinks = { fix: () => undefined, apply: () => undefined, line: () => undefined, page: () => undefined }
