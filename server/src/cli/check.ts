/** `torchlint check`: file after file, and whatever stands in the way of one does not keep the others from being checked. */
import { readFileSync } from 'node:fs'
import { relative, sep } from 'node:path'
import type { Analysis, Analyzer, Finding, Message, Notice, Settings } from '../analysis.ts'
import { fixAll } from '../fix.ts'
import { inLanguage, type Language } from '../language.ts'
import { lineAt, lineStarts } from '../syntax/lines.ts'
import type { Configuration } from './configuration.ts'
import { discover } from './discovery.ts'
import { decode, type SourceText } from './encoding.ts'
import { isProblem, type Problem, problem, problemOf } from './problem.ts'
import { replaceFile } from './replaceFile.ts'
import type { Terminal } from './terminal.ts'
import { withSlashes } from './workspace.ts'

export interface CheckOptions {
  readonly paths: readonly string[]
  readonly workingDirectory: string
  readonly configuration: Configuration
  readonly fix: boolean
  /** Also says where the analysis knows that it did not look. */
  readonly verbose: boolean
  readonly language: Language
}

export interface CheckedFile {
  /** As the user knows it. */
  readonly name: string
  /** The text that the findings are about: after the fixes, if any were made. */
  readonly text: string
  readonly findings: readonly Finding[]
  /** What was found and repaired; `line` from 1, as it was when its turn came. */
  readonly fixed: readonly FixedFinding[]
}

export interface FixedFinding extends Finding {
  readonly line: number
}

/** How findings are shown. */
export interface Output {
  file(file: CheckedFile): void
  end(): void
}

export type ExitCode = 0 | 1 | 2

export function check(analyzer: Analyzer, options: CheckOptions, output: Output, terminal: Terminal): ExitCode {
  let isUnreadable = false
  let isFound = false
  const isExcluded = (path: string) => options.configuration.of(path).isExcluded
  for (const found of discover(options.paths, options.workingDirectory, isExcluded)) {
    const name = nameIn(options.workingDirectory, found.path)
    const complain = (message: Message) => terminal.complain(`${name}: ${inLanguage(message, options.language)}\n`)
    const file = isProblem(found) ? found : checkFile(analyzer, found.path, options)
    if (isProblem(file)) {
      complain(file.problem)
      isUnreadable = true
      continue
    }
    for (const { kind, message } of file.notices) if (kind !== 'analysis-gave-up' || options.verbose) complain(message)
    if (file.unwritten) complain(file.unwritten.problem)
    output.file({ ...file, name, findings: file.findings.map(finding => withNames(options.workingDirectory, finding)) })
    isUnreadable ||= file.unwritten !== undefined
    isFound ||= file.findings.length > 0
  }
  output.end()
  return isUnreadable || options.configuration.hasMistakes() ? 2 : isFound ? 1 : 0
}

/** Relative to the working directory, with slashes on every platform. */
function nameIn(workingDirectory: string, path: string): string {
  return relative(workingDirectory, path).replaceAll(sep, '/') || '.'
}

/** The finding, with the other files that it speaks of named as the checked ones are. */
function withNames(workingDirectory: string, finding: Finding): Finding {
  const related = finding.related.map(({ file, ...place }) =>
    file ? { ...place, file: { ...file, path: nameIn(workingDirectory, file.path) } } : place,
  )
  return { ...finding, related }
}

type Checked = Omit<CheckedFile, 'name'> & {
  readonly notices: readonly Notice[]
  /** Why the fixes are not in the file. */
  readonly unwritten?: Problem
}

function checkFile(analyzer: Analyzer, path: string, options: CheckOptions): Checked | Problem {
  const { fix, configuration } = options
  const { settings } = configuration.of(path)
  const analyzeText = (text: string) => analyze(analyzer, text, path, settings)
  try {
    const source = decode(readFileSync(path))
    if (isProblem(source)) return source
    const original = { text: source.text, fixed: [], ...analyzeText(source.text) }
    if (!fix || !original.findings.some(finding => finding.fix?.safe)) return original
    const { text, fixed } = fixAll(source.text, text => withLines(text, analyzeText(text).findings))
    const unwritten = write(path, source, text)
    analyzer.forget(withSlashes(path))
    return unwritten ? { ...original, unwritten } : { text, fixed, ...analyzeText(text) }
  } catch (error) {
    return problemOf(error)
  }
}

function analyze(
  analyzer: Analyzer,
  text: string,
  path: string,
  settings: Settings,
): Pick<Analysis, 'findings' | 'notices'> {
  const document = analyzer.open(text, withSlashes(path))
  try {
    const { findings, notices } = document.analyze(settings)
    return { findings, notices }
  } finally {
    document.dispose()
  }
}

function withLines(text: string, findings: readonly Finding[]): readonly FixedFinding[] {
  const starts = lineStarts(text)
  return findings.map(finding => ({ ...finding, line: lineAt(starts, finding.start) + 1 }))
}

function write(path: string, source: SourceText, text: string): Problem | undefined {
  const content = source.encode(text)
  if (isProblem(content)) return content
  try {
    replaceFile(path, content)
  } catch (error) {
    const { en, zh } = problemOf(error).problem
    return problem(`the fixes were not written: ${en}`, `修复未能写入：${zh}`)
  }
  return undefined
}
