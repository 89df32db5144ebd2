/**
 * Whole scripts whose behaviour is known because PyTorch ran them: what goes wrong in `cases/executed.json` is found, what
 * works is left alone.
 */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { matchesAny } from '../server/src/config.ts'
import { rules } from '../server/src/generated/rules.ts'
import { analyze } from './support/analyzer.ts'
import { lineOf } from './support/findings.ts'

interface Case {
  readonly id: string
  readonly title: string
  readonly kind: 'exception' | 'warning' | 'silently_wrong' | 'ok'
  readonly code: string
  readonly expect: readonly Expectation[]
  /** Nothing of level error or warning may be reported. */
  readonly clean: boolean
  /** Rules that may be reported in addition. */
  readonly allow?: readonly string[]
  /** Rules that a careless checker would report: they must be silent at every level. */
  readonly trap_for?: readonly string[]
  /** Rules that are off by default, and run here. */
  readonly enable?: readonly string[]
}

interface Expectation {
  readonly rule: string
  readonly line: number
  readonly level: 'error' | 'warning' | 'info' | 'off'
  readonly alt_rules?: readonly string[]
  readonly alt_lines?: readonly number[]
}

interface Reported {
  readonly rule: string
  readonly severity: string
  readonly line: number
}

const cases: readonly Case[] = JSON.parse(readFileSync(new URL('cases/executed.json', import.meta.url), 'utf8'))
const onByDefault = [...rules].filter(([, { severity }]) => severity !== 'off').map(([id]) => id)

for (const one of cases)
  test(`${one.id}: ${one.title}`, () => {
    const { findings, notices } = analyze(one.code, { select: [...onByDefault, ...(one.enable ?? [])] })
    const reported = findings.map(finding => ({ ...finding, line: lineOf(one.code, finding) }))
    const problems = [...notices.map(({ message }) => message.en), ...missed(one, reported), ...unwanted(one, reported)]
    assert(problems.length === 0, `${problems.join('\n')}\n${numbered(one.code)}`)
  })

function missed(one: Case, reported: readonly Reported[]): readonly string[] {
  return one.expect
    .filter(expectation => !reported.some(finding => meets(finding, expectation)))
    .map(({ rule, line, level }) => `missed: line ${line} ${level} ${rule}`)
}

function unwanted(one: Case, reported: readonly Reported[]): readonly string[] {
  return reported
    .filter(finding => {
      if (matchesAny(finding.rule, one.trap_for ?? [])) return true
      if (finding.severity === 'info' || one.allow?.includes(finding.rule)) return false
      return one.clean || !one.expect.some(({ rule, alt_rules = [] }) => [rule, ...alt_rules].includes(finding.rule))
    })
    .map(({ line, severity, rule }) => `unwanted: line ${line} ${severity} ${rule}`)
}

function meets(finding: Reported, { rule, line, level, alt_rules = [], alt_lines = [] }: Expectation): boolean {
  if (finding.rule !== rule) return alt_rules.includes(finding.rule) && isNear(finding.line, line, alt_lines)
  const isLevel = level === 'off' ? finding.severity === 'info' : finding.severity === level
  return isLevel && isNear(finding.line, line, alt_lines)
}

function isNear(line: number, wanted: number, alternatives: readonly number[]): boolean {
  return Math.abs(line - wanted) <= 1 || alternatives.includes(line)
}

function numbered(text: string): string {
  const lines = text.split('\n')
  return lines.map((line, index) => `${String(index + 1).padStart(4)} ${line}`).join('\n')
}
