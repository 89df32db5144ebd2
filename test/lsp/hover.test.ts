import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startServer } from './client.ts'
import { misspelled, trained } from './scripts.ts'

test('a finding explains itself, a PyTorch name shows its page, anything else nothing', async t => {
  const client = await startServer(t)
  await client.open(misspelled)
  assert.match((await client.hover({ line: 2, character: 25 })) ?? '', /backends\/unknown-flag/)
  assert.equal(await client.hover({ line: 1, character: 0 }), undefined)
  await client.change(2, { text: trained })
  const line = trained.split('\n').findIndex(text => text.includes('torch.autocast'))
  assert.match((await client.hover({ line, character: 22 })) ?? '', /autocast/)
})

test('a position outside the text, and a document that is not open, have no hover', async t => {
  const client = await startServer(t)
  assert.equal(await client.hover({ line: 0, character: 0 }), undefined)
  await client.open(misspelled)
  assert.equal(await client.hover({ line: 999, character: 999 }), undefined)
})
