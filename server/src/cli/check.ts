/** `torchlint check`: file after file, and whatever stands in the way of one does not keep the others from being checked. */
import { relative, sep } from 'node:path'
import type { Finding, Message } from '../analysis.ts'
import type { Checked, CheckedPart, FileToCheck } from '../checking/checker.ts'
import type { Discovered } from '../checking/discovery.ts'
import { isProblem, type Problem } from '../checking/problem.ts'
import { inLanguage, type Language } from '../language.ts'
import type { Configuration } from './configuration.ts'
import type { Terminal } from './terminal.ts'
import { progress } from './words.ts'

export interface CheckOptions {
  readonly workingDirectory: string
  readonly configuration: Configuration
  /** Also says where the analysis knows that it did not look. */
  readonly verbose: boolean
  readonly language: Language
  /** Leaves out findings that need not be shown; undefined: shows all. */
  readonly selected?: (file: CheckedFile) => readonly Finding[]
  /** What makes the exit code 1: something that was found, or something that would be repaired. */
  readonly failsOn: 'findings' | 'repairs'
}

/** A file, or a cell of a notebook. */
export interface CheckedFile extends CheckedPart {
  /** As the user knows it. */
  readonly name: string
}

/** How findings are shown. */
export interface Output {
  file(file: CheckedFile): void
  /** A whole file that fixes have changed, or would change. */
  repair?(name: string, before: string, after: string): void
  /** `isComplete`: every file could be read. */
  end(isComplete: boolean): void
}

export type ExitCode = 0 | 1 | 2

/** Answers in the order of the files. */
export type CheckAll = (files: readonly FileToCheck[]) => AsyncIterable<Checked | Problem>

export async function check(
  discovered: readonly Discovered[],
  checkAll: CheckAll,
  options: CheckOptions,
  output: Output,
  terminal: Terminal,
): Promise<ExitCode> {
  const { workingDirectory, configuration, language, selected, failsOn } = options
  let isComplete = true
  let isFound = false
  let count = 0
  for await (const { path, checked } of answers(discovered, configuration, checkAll)) {
    const name = nameIn(workingDirectory, path)
    const complain = (message: Message) => terminal.complain(`${name}: ${inLanguage(message, language)}\n`)
    terminal.progress?.(inLanguage(progress(++count, discovered.length), language, ' '))
    if (isProblem(checked)) {
      complain(checked.problem)
      isComplete = false
      continue
    }
    for (const { kind, message } of checked.notices)
      if (kind !== 'analysis-gave-up' || options.verbose) complain(message)
    if (checked.unwritten) complain(checked.unwritten.problem)
    for (const part of checked.parts) {
      const file = { ...part, name, findings: part.findings.map(finding => withNames(workingDirectory, finding)) }
      const shown = selected ? { ...file, findings: selected(file) } : file
      output.file(shown)
      isFound ||= failsOn === 'findings' && shown.findings.length > 0
    }
    if (checked.repair) output.repair?.(name, checked.repair.before, checked.repair.after)
    isFound ||= failsOn === 'repairs' && checked.repair !== undefined
    isComplete &&= checked.unwritten === undefined
  }
  output.end(isComplete)
  return !isComplete || configuration.hasMistakes() ? 2 : isFound ? 1 : 0
}

async function* answers(
  discovered: readonly Discovered[],
  configuration: Configuration,
  checkAll: CheckAll,
): AsyncGenerator<{ readonly path: string; readonly checked: Checked | Problem }> {
  const readable = discovered.filter(found => !isProblem(found))
  const files = readable.map(({ path }) => ({ path, settings: configuration.of(path).settings }))
  const checked = checkAll(files)[Symbol.asyncIterator]()
  for (const found of discovered) {
    if (isProblem(found)) yield { path: found.path, checked: found }
    else {
      const { value, done } = await checked.next()
      if (!done) yield { path: found.path, checked: value }
    }
  }
  await checked.return?.()
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
