/** `torchlint check`: file after file, and whatever stands in the way of one does not keep the others from being checked. */
import { readFileSync } from 'node:fs'
import { relative, sep } from 'node:path'
import type { Analysis, Analyzer, Finding, Message, Notice, Settings } from '../analysis.ts'
import { fixAll } from '../fix.ts'
import { inLanguage, type Language } from '../language.ts'
import { readNotebook } from '../notebook/file.ts'
import { lineAt, lineStarts } from '../syntax/lines.ts'
import type { Configuration } from './configuration.ts'
import { discover } from './discovery.ts'
import { decode, type SourceText } from './encoding.ts'
import { type CheckedCell, checkNotebook } from './notebook.ts'
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
  /** Of a notebook: the cell that the text is of. Counts all cells from 1. */
  readonly cell?: number
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
    for (const part of file.parts) {
      const findings = part.findings.map(finding => withNames(options.workingDirectory, finding))
      output.file({ ...part, name, findings })
      isFound ||= findings.length > 0
    }
    isUnreadable ||= file.unwritten !== undefined
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

interface Checked {
  /** The file, or the cells of a notebook. */
  readonly parts: readonly CheckedCell[]
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
    const check = path.endsWith('.ipynb') ? checkCells : checkScript
    const original = check(source.text, path, analyzeText, false)
    if (isProblem(original) || !fix || !original.parts.some(isFixable)) return original
    const repaired = check(source.text, path, analyzeText, true)
    if (isProblem(repaired) || repaired.text === source.text) return repaired
    const unwritten = write(path, source, repaired.text)
    analyzer.forget(withSlashes(path))
    return unwritten ? { ...original, unwritten } : repaired
  } catch (error) {
    return problemOf(error)
  }
}

type AnalyzeText = (text: string) => Pick<Analysis, 'findings' | 'notices'>

function isFixable({ findings }: CheckedCell): boolean {
  return findings.some(({ fix }) => fix?.safe)
}

interface CheckedText extends Checked {
  /** What the file is to become. */
  readonly text: string
}

function checkScript(script: string, _path: string, analyzeText: AnalyzeText, fix: boolean): CheckedText {
  const { text, fixed } = fix
    ? fixAll(script, text => withLines(text, analyzeText(text).findings))
    : { text: script, fixed: [] }
  const { findings, notices } = analyzeText(text)
  return { parts: [{ text, findings, fixed }], notices, text }
}

function checkCells(file: string, path: string, analyzeText: AnalyzeText, fix: boolean): CheckedText | Problem {
  const notebook = readNotebook(file)
  if (isProblem(notebook)) return notebook
  const { cells, notices, sources } = checkNotebook(notebook, withSlashes(path), analyzeText, fix)
  const parts = cells.length > 0 ? cells : [{ text: '', findings: [], fixed: [] }]
  return { parts, notices, text: notebook.withSources(sources) }
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
