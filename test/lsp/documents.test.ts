/** Documents follow the editor edit by edit; positions count UTF-16 units. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Client, startServer } from './client.ts'
import { misspelled } from './scripts.ts'

/** Where the server sees the misspelled flag. */
async function flagAt(client: Client) {
  const report = await client.pull()
  assert.equal(report.kind, 'full')
  return report.items.map(({ range: { start, end } }) => [start.line, start.character, end.line, end.character])
}

test('characters outside the basic plane count as two', async t => {
  const client = await startServer(t)
  await client.open('import torch\nx = "😀😀"; torch.backends.cudnn.benchmark = True\n')
  assert.deepEqual(await flagAt(client), [])
  await client.change(2, { range: range(1, 41, 1, 41), text: 's' })
  assert.deepEqual(await flagAt(client), [[1, 32, 1, 42]])
})

test('several changes at once are each meant for the text that the one before left', async t => {
  const client = await startServer(t)
  await client.open(misspelled)
  await client.change(
    2,
    { range: range(0, 0, 0, 0), text: '# 😀\n' },
    { range: range(3, 0, 3, 0), text: 'x = "😀"; ' },
    { range: range(0, 2, 0, 4), text: '' },
  )
  assert.deepEqual(await flagAt(client), [[3, 31, 3, 41]])
})

test('half of a surrogate pair can be deleted and typed again', async t => {
  const client = await startServer(t)
  await client.open('import torch\nx = "😀"; torch.backends.cudnn.benchmarks = True\n')
  await client.change(2, { range: range(1, 6, 1, 7), text: '' })
  assert.deepEqual(await flagAt(client), [[1, 29, 1, 39]])
  await client.change(3, { range: range(1, 6, 1, 6), text: '\ude00' })
  assert.deepEqual(await flagAt(client), [[1, 30, 1, 40]])
})

test('line endings of every kind count as one line break', async t => {
  const client = await startServer(t)
  await client.open('import torch\r\n\rtorch.backends.cudnn.benchmark = True')
  await client.change(2, { range: range(2, 30, 2, 30), text: 's' })
  assert.deepEqual(await flagAt(client), [[2, 21, 2, 31]])
})

test('a change without a range replaces the whole text', async t => {
  const client = await startServer(t)
  await client.open('import torch\n')
  await client.change(2, { text: misspelled })
  assert.deepEqual(await flagAt(client), [[2, 21, 2, 31]])
})

function range(startLine: number, startCharacter: number, endLine: number, endCharacter: number) {
  return {
    start: { line: startLine, character: startCharacter },
    end: { line: endLine, character: endCharacter },
  }
}
