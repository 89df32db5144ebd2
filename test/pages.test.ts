/**
 * The code of a rule's page: what stands under `python bad` is reported by the rule, what stands under `python good` by none,
 * and the fixes of the one make it the other. So no page can lie about TorchLint; `npm run truth` asks PyTorch the same.
 */
import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { readPages } from '../scripts/pages.ts'
import type { Finding } from '../server/src/analysis.ts'
import { applyEdits } from '../server/src/fix.ts'
import { rules } from '../server/src/generated/rules.ts'
import { findings } from './support/analyzer.ts'
import { render } from './support/findings.ts'

for (const { kind, name, path, page } of readPages())
  if (kind === 'rule' && rules.has(name))
    suite(path, () => {
      const examples = (role: string) => page.code.filter(block => block.language === 'python' && block.role === role)
      test('has an example of the problem and one without', () => {
        assert(examples('bad').length > 0 && examples('good').length > 0)
      })
      for (const { text, line } of examples('bad'))
        test(`line ${line} is reported`, () => assert(reported(name, text).length > 0))
      for (const { text, line } of examples('good'))
        test(`line ${line} is silent`, () => assert.equal(render(text, all(name, text)), ''))
      for (const { text, line } of examples('bad'))
        test(`the fix of line ${line} gives an example that is good`, context => {
          const fixed = fixAllOf(name, text)
          if (fixed === text) return context.skip('the rule has no fix here')
          const good = examples('good').map(example => example.text)
          if (!good.includes(fixed)) assert.equal(fixed, good[0])
        })
    })

function fixAllOf(rule: string, text: string): string {
  for (let round = 0; round < 20; round++) {
    const fix = reported(rule, text).find(finding => finding.fix)?.fix
    if (!fix) break
    text = applyEdits(text, fix.edits)
  }
  return text
}

function reported(rule: string, text: string): readonly Finding[] {
  return all(rule, text).filter(finding => finding.rule === rule)
}

/** A rule that is off by default runs on its own page. */
function all(rule: string, text: string): readonly Finding[] {
  return findings(text, {
    select: [...rules].flatMap(([id, { severity }]) => (id === rule || severity !== 'off' ? [id] : [])),
  })
}
