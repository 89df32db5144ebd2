/** Requests that were cancelled or overtaken while they waited are dropped. The settings, held back, make them wait. */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import {
  CancellationTokenSource,
  DidChangeConfigurationNotification,
  LSPErrorCodes,
  ResponseError,
} from 'vscode-languageserver/node'
import { inbox, startServer } from './client.ts'
import { flag, misspelled } from './scripts.ts'

async function startWaiting(t: TestContext) {
  const asked = inbox<(settings: unknown) => void>()
  const configuration = () => new Promise(resolve => asked.put(resolve))
  const client = await startServer(t, { configuration })
  const release = await asked.next()
  await client.open(misspelled)
  return { ...client, asked, release: () => release(null) }
}

function failsWith(code: number, data?: unknown) {
  return (error: unknown) => {
    assert.ok(error instanceof ResponseError)
    assert.equal(error.code, code)
    assert.deepEqual(error.data, data)
    return true
  }
}

test('a cancelled request is not answered', async t => {
  const client = await startWaiting(t)
  const source = new CancellationTokenSource()
  const pulled = client.pull(undefined, source.token)
  const hovered = client.hover(flag.start)
  source.cancel()
  client.release()
  await assert.rejects(pulled, failsWith(LSPErrorCodes.RequestCancelled))
  assert.ok(await hovered)
})

test('a request about a text that has changed since is not answered', async t => {
  const client = await startWaiting(t)
  const pulled = client.pull()
  const hovered = client.hover(flag.start)
  const offered = client.codeActions(flag)
  await client.change(2, { text: 'import torch\n' })
  const now = client.pull()
  client.release()
  await assert.rejects(pulled, failsWith(LSPErrorCodes.ServerCancelled, { retriggerRequest: true }))
  await assert.rejects(hovered, failsWith(LSPErrorCodes.ContentModified))
  await assert.rejects(offered, failsWith(LSPErrorCodes.ContentModified))
  assert.deepEqual((await now).kind === 'full' && (await now), { ...(await now), items: [] })
})

test('a request about a document that was closed since is not answered', async t => {
  const client = await startWaiting(t)
  const hovered = client.hover(flag.start)
  await client.close()
  client.release()
  await assert.rejects(hovered, failsWith(LSPErrorCodes.ContentModified))
})

test('a request is answered although the settings have changed since', async t => {
  const client = await startWaiting(t)
  client.release()
  await client.hover(flag.start)
  await client.connection.sendNotification(DidChangeConfigurationNotification.type, { settings: null })
  const release = await client.asked.next()
  const offered = client.codeActions(flag)
  const pulled = client.pull()
  release({ ignore: ['backends/*'] })
  assert.deepEqual(await offered, [])
  assert.deepEqual(await pulled, { ...(await pulled), kind: 'full', items: [] })
})
