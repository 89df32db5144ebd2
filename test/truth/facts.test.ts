import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { hasTorch, python } from '../../scripts/truth/check.ts'

const path = (relative: string) => fileURLToPath(new URL(`../../${relative}`, import.meta.url))
const skip = hasTorch() ? false : `${python} has no PyTorch`

test('the facts that the pages are compared with are those of PyTorch', { skip }, context => {
  const known = JSON.parse(readFileSync(path('test/cases/api_facts.json'), 'utf8'))
  const asked = JSON.parse(execFileSync(python, [path('scripts/truth/facts.py'), '--print'], { encoding: 'utf8' }))
  if (asked.torch === known.torch) assert.deepEqual(asked, known)
  else context.skip(`the facts are of PyTorch ${known.torch}, not ${asked.torch}`)
})
