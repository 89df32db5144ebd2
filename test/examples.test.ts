/** What the examples are there to show. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { findings } from './support/analyzer.ts'
import { lineOf } from './support/findings.ts'

const expected: Readonly<Record<string, readonly string[]>> = {
  'classify_images.py': [
    '11 backends/unknown-flag',
    '36 amp/clip-before-unscale',
    '49 amp/deprecated-api',
    '67 optimizer/bias-decay',
    '71 amp/deprecated-api',
  ],
  'language_model.py': [],
  'segment_images.py': [
    '22 backends/benchmark-with-deterministic',
    '64 amp/repeated-unscale',
    '87 amp/optimizer-step-bypasses-scaler',
  ],
}

const directory = new URL('../examples/', import.meta.url)

for (const file of readdirSync(directory).filter(name => name.endsWith('.py')))
  test(file, () => {
    const text = readFileSync(new URL(file, directory), 'utf8')
    assert.deepEqual(
      findings(text).map(finding => `${lineOf(text, finding)} ${finding.rule}`),
      expected[file],
    )
  })
