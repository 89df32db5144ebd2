import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readPages } from '../../scripts/pages.ts'
import { checkPages, hasTorch, python } from '../../scripts/truth/check.ts'

const skip = hasTorch() ? false : `${python} has no PyTorch`

test('the programs of the pages do in PyTorch what the pages claim', { skip }, async context => {
  for (const { path, skipped, failures } of checkPages(readPages()).pages)
    await context.test(path, { skip: skipped ?? false }, () => assert.deepEqual(failures, []))
})
