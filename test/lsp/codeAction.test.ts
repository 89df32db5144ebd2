import assert from 'node:assert/strict'
import { test } from 'node:test'
import { TextDocumentEdit } from 'vscode-languageserver/node'
import { TextDocument } from 'vscode-languageserver-textdocument'
import { modern, startServer, uri } from './client.ts'
import { flag, misspelled, title, trained } from './scripts.ts'

test('a safe fix is preferred, and applying it repairs the document', async t => {
  const client = await startServer(t)
  await client.open(misspelled, 7)
  const [action, ...others] = await client.codeActions(flag)
  assert.deepEqual(
    others.filter(other => other.isPreferred),
    [],
  )
  assert.ok(action?.edit)
  assert.equal(action.title, title.en)
  assert.equal(action.kind, 'quickfix')
  assert.equal(action.isPreferred, true)
  assert.deepEqual(
    action.diagnostics?.map(({ code }) => code),
    ['backends/unknown-flag'],
  )

  const [change] = action.edit.documentChanges ?? []
  assert.ok(TextDocumentEdit.is(change))
  assert.deepEqual(change.textDocument, { uri, version: 7 })
  const edits = change.edits.filter(edit => 'newText' in edit)
  const repaired = TextDocument.applyEdits(TextDocument.create(uri, 'python', 7, misspelled), edits)
  assert.equal(repaired, misspelled.replace('benchmarks', 'benchmark'))
  await client.change(8, ...edits.map(({ range, newText }) => ({ range, text: newText })))
  assert.deepEqual((await client.pull()).kind === 'full' && (await client.codeActions(flag)), [])
})

test('a fix that the user has to decide on is offered, not preferred', async t => {
  const client = await startServer(t)
  await client.open(trained)
  const line = trained.split('\n').findIndex(text => text.includes('scaler.step'))
  const [action] = await client.codeActions({ start: { line, character: 10 }, end: { line, character: 10 } })
  assert.equal(action?.isPreferred, false)
})

test('only what stands at the cursor and what was asked for is offered', async t => {
  const client = await startServer(t)
  await client.open(misspelled)
  const elsewhere = { start: { line: 0, character: 0 }, end: { line: 0, character: 6 } }
  assert.deepEqual(await client.codeActions(elsewhere), [])
  assert.deepEqual(await client.codeActions(flag, { diagnostics: [], only: ['source.organizeImports'] }), [])
  const [offered] = await client.codeActions(flag, { diagnostics: [], only: ['quickfix'] })
  assert.equal(offered?.title, title.en)
})

test('a client that knows no versioned edits gets plain ones', async t => {
  const client = await startServer(t, { capabilities: { ...modern, workspace: {} } })
  await client.open(misspelled)
  const [action] = await client.codeActions(flag)
  assert.deepEqual(action?.edit, { changes: { [uri]: [{ range: flag, newText: 'benchmark' }] } })
})

test('a document that is not open has no code actions', async t => {
  const client = await startServer(t)
  assert.deepEqual(await client.codeActions(flag), [])
})
