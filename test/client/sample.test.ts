/** The script of the walkthrough. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { applyEdits } from '../../server/src/fix.ts'
import { fixingEdits } from '../../server/src/fixingEdits.ts'
import { findings } from '../support/analyzer.ts'

const read = (name: string) => readFileSync(new URL(`../../walkthrough/${name}`, import.meta.url), 'utf8')

for (const name of ['sample.py', 'sample.zh-cn.py'])
  test(`${name} shows four mistakes of four families, all with safe fixes`, () => {
    const text = read(name)
    assert.deepEqual(
      findings(text).map(({ rule }) => rule),
      ['backends/unknown-flag', 'amp/clip-before-unscale', 'memory/loss-keeps-graph', 'mode/missing-eval'],
    )
    assert.deepEqual(findings(applyEdits(text, fixingEdits(text, findings))), [])
  })

test('the languages differ in comments alone', () => {
  const code = (name: string) => read(name).replace(/""".*"""|#.*/g, '')
  assert.equal(code('sample.py'), code('sample.zh-cn.py'))
})
