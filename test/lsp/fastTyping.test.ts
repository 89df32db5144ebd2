/** Edits that come faster than the answers: nothing that is shown is out of date, and in the end it is what a new server finds. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sampleScript } from '../../scripts/sample-script.ts'
import { createTypist } from '../support/typist.ts'
import { startServer } from './client.ts'
import { type Answer, createTypingEditor } from './typingEditor.ts'

test('after hundreds of edits, the diagnostics are those of a server that has just opened the text', async t => {
  const typist = createTypist(sampleScript(200), 3)
  const client = await startServer(t)
  const answers: Answer[] = []
  const editor = createTypingEditor(client, typist, answer => answers.push(answer))
  await client.open(typist.text)
  const asked: Promise<void>[] = []
  for (let count = 1; count <= 300; count++) {
    asked.push(editor.edit())
    if (count % 7 === 0) asked.push(editor.offerActions())
    if (count % 11 === 0) asked.push(editor.hover())
    if (count % 15 !== 0) continue
    await editor.settled()
    await editor.offerActions()
  }
  await Promise.all(asked)
  await client.connection.sendNotification('torchlint/cursor', {})
  const shown = await editor.settled()

  const cold = await startServer(t)
  await cold.open(typist.text, typist.version)
  const report = await cold.pull()
  assert.deepEqual(shown, report.kind === 'full' && report.items)
  assert.ok(shown.length > 0)
  const kinds = new Set(answers.map(({ kind }) => kind))
  assert.deepEqual(kinds, new Set(['diagnostics', 'code actions', 'hover']))
  assert.ok(editor.counts.applied > 0, 'some fixes were applied')
})
