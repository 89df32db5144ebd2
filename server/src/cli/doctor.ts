/** `torchlint doctor`: why the memory of the GPU runs out, as a page about one script. */
import { readFileSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { type Analyzer, type Message, memoryPage } from '../analysis.ts'
import { decode } from './encoding.ts'
import { isProblem, type Problem, problem, problemOf } from './problem.ts'
import { withSlashes } from './workspace.ts'

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
    const pasted = error === '-' ? readFileSync(0, 'utf8') : error
    const document = analyzer.open(source.text, withSlashes(file))
    const report = document.analyze({}).memory({ file: basename(file), ...(pasted !== undefined && { error: pasted }) })
    document.dispose()
    return report ? memoryPage(report, noLinks) : problem('the analysis failed', '分析失败')
  } catch (failure) {
    return problemOf(failure)
  }
}

/** A terminal follows none. */
const noLinks = { fix: () => undefined, apply: () => undefined, line: () => undefined, page: () => undefined }
