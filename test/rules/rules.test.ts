/**
 * Runs the fixtures of all rules. `UPDATE_FIXTURES=1` writes the blocks `diagnostics` and `python fixed` anew, where a case
 * has them; read the difference before you commit it.
 */
import assert from 'node:assert/strict'
import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import type { Finding, Settings } from '../../server/src/analysis.ts'
import { applyEdits } from '../../server/src/fix.ts'
import { rules } from '../../server/src/generated/rules.ts'
import { analyze } from '../support/analyzer.ts'
import { lineOf, render } from '../support/findings.ts'
import { type Block, type Case, readFixture } from '../support/fixture.ts'
import { parser } from '../support/parser.ts'

for (const name of globSync('*/*.md', { cwd: import.meta.dirname }).sort())
  suite(`test/rules/${name}`, () => {
    const file = join(import.meta.dirname, name)
    const text = readFileSync(file, 'utf8')
    const { rule, cases } = readFixture(text, name.replaceAll('\\', '/').slice(0, -'.md'.length))
    if (process.env.UPDATE_FIXTURES) writeFileSync(file, updated(text, rule, cases))
    for (const one of cases) test(`${one.title} (line ${one.line})`, () => check(rule, one))
    test('reports in a case, is silent in another, and pins its messages', () => {
      assert(
        cases.some(({ expected }) => expected.some(line => line.endsWith(` ${rule}`))),
        'no case is reported',
      )
      assert(
        cases.some(({ expected }) => expected.length === 0),
        'no case is silent',
      )
      assert(
        cases.some(({ diagnostics }) => diagnostics),
        'no case has a block `diagnostics`',
      )
    })
    test('pins the result of its fix', () => {
      const offersFix = cases.some(one => reported(rule, one.code, one).some(({ fix }) => fix))
      assert(!offersFix || cases.some(({ fixed }) => fixed), 'no case has a block `python fixed`')
    })
  })

function check(rule: string, one: Case): void {
  const { code } = one
  const expected = [...one.expected].sort()
  assert.deepEqual(places(rule, code, one), expected, `the findings differ from the markers in\n${numbered(code)}`)
  const own = reported(rule, code, one)
  if (one.diagnostics) assert.equal(render(code, own), one.diagnostics.text)
  for (const finding of own) if (finding.fix) checkFix(rule, one, finding)
  const fixed = fixAllOf(rule, code, one)
  if (one.fixed) assert.equal(fixed, one.fixed.text)
  // A script without a single indented line cannot show that it uses tabs.
  for (const rewrite of /^ /m.test(code) ? [withCarriageReturns, withTabs] : [withCarriageReturns]) {
    assert.deepEqual(places(rule, rewrite(code), one), expected, `${rewrite.name} changes the findings`)
    assert.equal(fixAllOf(rule, rewrite(code), one), rewrite(fixed), `${rewrite.name} changes the fix`)
  }
}

/** After a fix the script parses, the finding is gone and there is no new one. */
function checkFix(rule: string, one: Case, finding: Finding): void {
  const fixed = applyEdits(one.code, finding.fix?.edits ?? [])
  const context = `after “${finding.fix?.title.en}”:\n${numbered(fixed)}`
  assert.equal(brokenStatements(fixed), brokenStatements(one.code), `a syntax error ${context}`)
  const describe = (found: Finding) => `${found.rule}: ${found.message.en}`
  const before = Object.groupBy(all(rule, one.code, one), describe)
  const after = Object.groupBy(all(rule, fixed, one), describe)
  for (const [key, found = []] of Object.entries(after))
    assert(found.length <= (before[key]?.length ?? 0), `a new finding, ${key}, ${context}`)
  const key = describe(finding)
  assert((after[key]?.length ?? 0) < (before[key]?.length ?? 0), `the finding remains ${context}`)
}

/** Applies the rule's fixes one after the other, safe or not. */
function fixAllOf(rule: string, text: string, one: Case): string {
  for (let round = 0; round < 20; round++) {
    const fix = reported(rule, text, one).find(finding => finding.fix)?.fix
    if (!fix) return text
    text = applyEdits(text, fix.edits)
  }
  assert.fail(`the fixes of ${rule} have no end:\n${numbered(text)}`)
}

/** `12 amp/missing-update` for each finding that a marker must name. */
function places(rule: string, text: string, one: Case): readonly string[] {
  return all(rule, text, one)
    .map(finding => `${lineOf(text, finding)} ${finding.rule}`)
    .sort()
}

function reported(rule: string, text: string, one: Case): readonly Finding[] {
  return all(rule, text, one).filter(finding => finding.rule === rule)
}

/** Every rule runs in every case; a rule that is off by default only in its own fixture. */
function all(rule: string, text: string, one: Case): readonly Finding[] {
  const select = [...rules].filter(([id, { severity }]) => id === rule || severity !== 'off').map(([id]) => id)
  const settings: Settings = { select, ...(one.torchVersion && { torchVersion: one.torchVersion }) }
  const { findings, notices } = analyze(text, settings, one.files, one.path)
  assert.deepEqual(
    notices.map(({ message }) => message.en),
    [],
  )
  return findings.filter(finding => finding.severity !== 'info' || !one.allowed.includes(finding.rule))
}

function brokenStatements(text: string): number {
  const source = parser.open(text)
  const count = source.module.body.filter(({ broken }) => broken).length
  source.dispose()
  return count
}

function withCarriageReturns(text: string): string {
  return text.replaceAll('\n', '\r\n')
}

function withTabs(text: string): string {
  return text.replace(/^( {4})+/gm, spaces => '\t'.repeat(spaces.length / 4))
}

function numbered(text: string): string {
  const lines = text.split('\n')
  return lines.map((line, index) => `${String(index + 1).padStart(4)} ${line}`).join('\n')
}

function updated(text: string, rule: string, cases: readonly Case[]): string {
  const edits = cases.flatMap(one => [
    ...rewritten(one.diagnostics, () => render(one.code, reported(rule, one.code, one))),
    ...rewritten(one.fixed, () => fixAllOf(rule, one.code, one)),
  ])
  return applyEdits(
    text,
    edits.sort((a, b) => a.start - b.start),
  )
}

function rewritten(block: Block | undefined, text: () => string) {
  return block ? [{ start: block.start, end: block.end, text: text() }] : []
}
