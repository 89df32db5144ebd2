import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Diagnostic, DocumentDiagnosticReport } from 'vscode-languageserver/node'
import { plain, startServer, uri } from './client.ts'
import { flag, message, misspelled, trained } from './scripts.ts'

function items(report: DocumentDiagnosticReport): readonly Diagnostic[] {
  assert.equal(report.kind, 'full')
  return report.items
}

test('a finding arrives with range, severity, rule, link and message', async t => {
  const client = await startServer(t)
  await client.open(misspelled)
  assert.deepEqual(items(await client.pull()), [
    {
      range: flag,
      severity: 1,
      code: 'backends/unknown-flag',
      codeDescription: {
        href: 'https://github.com/torchlint/torchlint/blob/main/server/src/rules/backends/unknown-flag.md',
      },
      source: 'torchlint',
      message: message.en,
      tags: [],
      relatedInformation: [],
    },
  ])
})

test('what has not changed since the last answer is not sent again', async t => {
  const client = await startServer(t)
  await client.open(misspelled)
  const first = await client.pull()
  const second = await client.pull(first.resultId)
  assert.deepEqual(second, { kind: 'unchanged', resultId: first.resultId })
  await client.change(2, { range: { start: flag.end, end: flag.end }, text: '2' })
  assert.equal(items(await client.pull(first.resultId)).length, 1)
})

test('a document that was closed and opened again with another text is not taken for the same', async t => {
  const client = await startServer(t)
  await client.open(misspelled)
  const { resultId } = await client.pull()
  await client.close()
  await client.open('import torch\n')
  assert.deepEqual(items(await client.pull(resultId)), [])
})

test('a deprecated name is tagged, and related places come in the order in which they run', async t => {
  const client = await startServer(t)
  await client.open(trained)
  const diagnostics = items(await client.pull())
  const deprecated = diagnostics.find(({ code }) => code === 'amp/deprecated-api')
  assert.equal(deprecated?.severity, 2)
  assert.deepEqual(deprecated?.tags, [2])
  const missing = diagnostics.find(({ code }) => code === 'amp/missing-update')
  const related = missing?.relatedInformation ?? []
  assert.notEqual(related.length, 0)
  assert.ok(related.every(({ location }) => location.uri === uri))
})

test('to a client that cannot pull, diagnostics are sent on opening, on every change and on closing', async t => {
  const client = await startServer(t, { capabilities: plain })
  await client.open(misspelled)
  const opened = await client.published.next()
  assert.deepEqual([opened.uri, opened.version, opened.diagnostics.length], [uri, 1, 1])
  await client.change(2, { range: { start: { line: 2, character: 30 }, end: flag.end }, text: '' })
  assert.deepEqual(await client.published.next(), { uri, version: 2, diagnostics: [] })
  await client.close()
  assert.deepEqual(await client.published.next(), { uri, diagnostics: [] })
})

test('a document that is not open has no diagnostics', async t => {
  const client = await startServer(t)
  assert.deepEqual(await client.pull(), { kind: 'full', items: [] })
  await client.change(2, { text: misspelled })
  assert.deepEqual(await client.pull(), { kind: 'full', items: [] })
  await client.open(misspelled)
  await client.close()
  assert.deepEqual(await client.pull(), { kind: 'full', items: [] })
})
