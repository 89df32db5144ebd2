/** The code of every page under the analyzer: `bad` is reported by the page's rule alone, `good` by none. */
import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { readPages } from '../scripts/pages.ts'
import { applyEdits } from '../server/src/fix.ts'
import { findings } from './support/analyzer.ts'
import { render } from './support/findings.ts'

/** Rules that are off by default included. */
const everyRule = { select: ['*'] }

for (const { kind, name, path, page } of readPages()) {
  const code = (role: string | undefined) =>
    page.code.filter(block => block.language === 'python' && block.role === role).map(({ text }) => text)
  const [bad, good] = [code('bad'), code('good')]

  suite(path, () => {
    if (kind === 'rule') {
      test('there is one bad program and one good one', () => {
        assert.equal(bad.length, 1)
        assert.equal(good.length, 1)
      })
      for (const text of bad) {
        test('bad is reported once, by this rule', () => {
          const found = findings(text, everyRule)
          assert.deepEqual(
            found.map(({ rule }) => rule),
            [name],
            render(text, found),
          )
        })
        test('the fix of bad gives good', () => {
          const [fix] = findings(text, everyRule).flatMap(({ fix }) => (fix ? [fix] : []))
          if (fix) assert.equal(applyEdits(text, fix.edits), good[0])
        })
      }
    }
    for (const text of [...good, ...code(undefined)])
      test('good is not reported', () => {
        assert.equal(render(text, findings(text, everyRule)), '')
      })
  })
}
