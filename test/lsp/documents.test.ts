/** Documents follow the editor edit by edit; positions count UTF-16 units. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Range } from 'vscode-languageserver/node'
import { type Client, startServer } from './client.ts'
import { misspelled } from './scripts.ts'

/** Asserts that the server sees this text: it finds the misspelled flag where it stands. */
async function sees(client: Client, text: string): Promise<void> {
  const report = await client.pull()
  assert.equal(report.kind, 'full')
  const lines = text.split(/\r\n|\r|\n/)
  const line = lines.findIndex(content => content.includes('benchmarks'))
  const character = lines[line]?.indexOf('benchmarks') ?? Number.NaN
  const expected = { start: { line, character }, end: { line, character: character + 'benchmarks'.length } }
  assert.deepEqual(
    report.items.map(({ range }) => range),
    line < 0 ? [] : [expected],
  )
}

function between(startLine: number, startCharacter: number, endLine: number, endCharacter: number): Range {
  return {
    start: { line: startLine, character: startCharacter },
    end: { line: endLine, character: endCharacter },
  }
}

test('characters outside the basic plane count as two', async t => {
  const client = await startServer(t)
  await client.open('import torch\nx = "😀😀"; torch.backends.cudnn.benchmark = True\n')
  await sees(client, '')
  await client.change(2, { range: between(1, 42, 1, 42), text: 's' })
  await sees(client, 'import torch\nx = "😀😀"; torch.backends.cudnn.benchmarks = True\n')
})

test('several changes at once are each meant for the text that the one before left', async t => {
  const client = await startServer(t)
  await client.open(misspelled)
  await client.change(
    2,
    { range: between(0, 0, 0, 0), text: '# 😀\n' },
    { range: between(3, 0, 3, 0), text: 'x = "😀"; ' },
    { range: between(0, 2, 0, 4), text: '' },
  )
  await sees(client, '# \nimport torch\n\nx = "😀"; torch.backends.cudnn.benchmarks = True\n')
})

test('half of a surrogate pair can be deleted and typed again', async t => {
  const client = await startServer(t)
  await client.open('import torch\nx = "😀"; torch.backends.cudnn.benchmarks = True\n')
  await client.change(2, { range: between(1, 6, 1, 7), text: '' })
  await sees(client, 'import torch\nx = "\ud83d"; torch.backends.cudnn.benchmarks = True\n')
  await client.change(3, { range: between(1, 6, 1, 6), text: '\ude00' })
  await sees(client, 'import torch\nx = "😀"; torch.backends.cudnn.benchmarks = True\n')
})

test('line endings of every kind end one line', async t => {
  const client = await startServer(t)
  await client.open('import torch\r\n\rtorch.backends.cudnn.benchmark = True')
  await client.change(2, { range: between(2, 30, 2, 30), text: 's' })
  await sees(client, 'import torch\r\n\rtorch.backends.cudnn.benchmarks = True')
})

test('a range whose end stands first means the same', async t => {
  const client = await startServer(t)
  await client.open(misspelled)
  await client.change(2, { range: between(2, 31, 2, 30), text: '' })
  await sees(client, '')
})

test('a change without a range replaces the whole text', async t => {
  const client = await startServer(t)
  await client.open('import torch\n')
  await client.change(2, { text: misspelled })
  await sees(client, misspelled)
})
