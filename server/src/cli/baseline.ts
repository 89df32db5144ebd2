/**
 * `--baseline FILE`: findings that were there when the project began to use TorchLint, and are not shown again. They are
 * known by the code of their lines, so that they may move within their file:
 *
 *     { "version": 1, "findings": { "src/train.py": { "amp/missing-update": { "scaler.step(optimizer)": 2 } } } }
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import type { Finding, Message } from '../analysis.ts'
import { isProblem, type Problem, problem, problemOf } from '../checking/problem.ts'
import type { CheckedFile } from './check.ts'
import { codeOf } from './identity.ts'
import { baselineWritten } from './words.ts'

export interface Baseline {
  /** The findings of a file that are not in the baseline. */
  fresh(file: CheckedFile): readonly Finding[]
  /** How many findings of the files that were checked are in the baseline and nowhere else. */
  gone(): number
}

export interface BaselineWriter {
  add(file: CheckedFile): void
  /** What is known of files that were not checked stays. */
  write(): Message | Problem
}

type Counts<T> = Readonly<Record<string, T>>
/** By file, rule and code. Files are named from the baseline's folder, wherever the command runs. */
type Known = Counts<Counts<Counts<number>>>
/** Of one file, while it is counted. */
type Tally = Record<string, Record<string, number>>

export function readBaseline(path: string, workingDirectory: string): Baseline | Problem {
  const known = read(path)
  if (isProblem(known)) return known
  const nameOf = namesFrom(path, workingDirectory)
  /** Of each file that was checked, what is in the baseline and was not found yet. */
  const left: Record<string, Tally> = {}
  return {
    gone: () => total(left),
    fresh(file) {
      const name = nameOf(file.name)
      left[name] ??= structuredClone(known[name] ?? {})
      const tally = left[name]
      const codes = codeOf(file.text, file.findings)
      return file.findings.filter(({ rule }, index) => !takeOne(tally[rule], codes[index] ?? ''))
    },
  }
}

function takeOne(counts: Record<string, number> | undefined, code: string): boolean {
  const left = counts?.[code] ?? 0
  if (counts && left > 0) counts[code] = left - 1
  return left > 0
}

export function createBaseline(path: string, workingDirectory: string): BaselineWriter {
  const nameOf = namesFrom(path, workingDirectory)
  const checked: Record<string, Tally> = {}
  return {
    add(file) {
      const name = nameOf(file.name)
      checked[name] ??= {}
      count(file, checked[name])
    },
    write() {
      const before = existsSync(path) ? read(path) : {}
      if (isProblem(before)) return before
      const others = Object.entries(before).filter(([name]) => existsSync(join(dirname(path), name)))
      const findings = sorted({ ...Object.fromEntries(others), ...checked })
      try {
        writeFileSync(path, `${JSON.stringify({ version, findings }, null, 2)}\n`)
      } catch (error) {
        return problemOf(error)
      }
      return baselineWritten(total(findings))
    },
  }
}

const version = 1

function count({ text, findings }: CheckedFile, tally: Tally): void {
  codeOf(text, findings).forEach((code, index) => {
    const rule = findings[index]?.rule ?? ''
    tally[rule] ??= {}
    tally[rule][code] = (tally[rule][code] ?? 0) + 1
  })
}

function read(path: string): Known | Problem {
  try {
    const content: unknown = JSON.parse(readFileSync(path, 'utf8'))
    return isBaseline(content) ? content.findings : notABaseline
  } catch (error) {
    if (error instanceof SyntaxError) return notABaseline
    return existsSync(path) ? problemOf(error) : missing
  }
}

const notABaseline = problem('this is not a baseline of TorchLint', '这不是 TorchLint 的基线文件')
const missing = problem(
  'there is no such baseline: --update-baseline writes it',
  '没有这个基线文件：用 --update-baseline 生成',
)

function isBaseline(content: unknown): content is { readonly findings: Known } {
  if (!isRecord(content) || content.version !== version || !isRecord(content.findings)) return false
  const rules = Object.values(content.findings)
  return rules.every(isRecord) && rules.flatMap(Object.values).every(isRecord)
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function namesFrom(path: string, workingDirectory: string): (name: string) => string {
  return name => relative(dirname(path), resolve(workingDirectory, name)).replaceAll(sep, '/')
}

/** The same findings always make the same file. */
function sorted(known: Known): Known {
  const byName = <T>(record: Counts<T>): readonly [string, T][] =>
    Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1))
  const files = byName(known).filter(([, rules]) => Object.keys(rules).length > 0)
  return Object.fromEntries(
    files.map(([file, rules]) => [
      file,
      Object.fromEntries(byName(rules).map(([rule, codes]) => [rule, Object.fromEntries(byName(codes))])),
    ]),
  )
}

function total(known: Known): number {
  const counts = Object.values(known).flatMap(rules => Object.values(rules).flatMap(Object.values<number>))
  return counts.reduce((sum, count) => sum + count, 0)
}
