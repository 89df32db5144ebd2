/** The version that scripts are judged against: the setting's, else the one that the project's files tell. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import {
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
  DidOpenTextDocumentNotification,
  DocumentDiagnosticRequest,
  FileChangeType,
} from 'vscode-languageserver/node'
import { modern, startServer } from './client.ts'

const script = 'import torch\n\nweights = torch.load("weights.pt")\n'

async function openIn(t: TestContext, requirements: string, configuration: () => unknown = () => null) {
  const folder = mkdtempSync(join(tmpdir(), 'torchlint-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, 'requirements.txt')
  writeFileSync(file, requirements)
  const capabilities = {
    ...modern,
    workspace: { ...modern.workspace, didChangeWatchedFiles: { dynamicRegistration: true } },
  }
  const client = await startServer(t, { capabilities, configuration })
  const uri = pathToFileURL(join(folder, 'train.py')).href
  const textDocument = { uri, languageId: 'python', version: 1, text: script }
  await client.connection.sendNotification(DidOpenTextDocumentNotification.type, { textDocument })
  const rules = async () => {
    const report = await client.connection.sendRequest(DocumentDiagnosticRequest.type, { textDocument: { uri } })
    return report.kind === 'full' ? report.items.map(({ code }) => code) : report.kind
  }
  return { client, file, rules }
}

test('the requirements of a project count, and count anew when they change', async t => {
  const { client, file, rules } = await openIn(t, 'torch==2.3.1\n')
  assert.deepEqual(await rules(), ['api/unsafe-load'])
  writeFileSync(file, 'torch==2.6.0\n')
  await client.connection.sendNotification(DidChangeWatchedFilesNotification.type, {
    changes: [{ uri: pathToFileURL(file).href, type: FileChangeType.Changed }],
  })
  await client.refreshed.next()
  assert.deepEqual(await rules(), [])
})

test('a change of another file asks for nothing anew', async t => {
  const { client, file, rules } = await openIn(t, 'torch==2.3.1\n')
  assert.deepEqual(await rules(), ['api/unsafe-load'])
  writeFileSync(file, 'torch==2.6.0\n')
  await client.connection.sendNotification(DidChangeWatchedFilesNotification.type, {
    changes: [{ uri: pathToFileURL(join(file, '../notes.txt')).href, type: FileChangeType.Changed }],
  })
  assert.deepEqual(await rules(), ['api/unsafe-load'])
})

test('the setting has the last word, and a change of it counts at once', async t => {
  let version: unknown = '2.6'
  const { client, rules } = await openIn(t, 'torch==2.3.1\n', () => ({ torchVersion: version }))
  assert.deepEqual(await rules(), [])
  version = '2.4'
  await client.connection.sendNotification(DidChangeConfigurationNotification.type, { settings: null })
  await client.refreshed.next()
  assert.deepEqual(await rules(), ['api/unsafe-load'])
})

test('a version that cannot be is named, and auto stands for it', async t => {
  const { client, rules } = await openIn(t, 'torch==2.3.1\n', () => ({ torchVersion: '1.99' }))
  assert.deepEqual(await rules(), ['api/unsafe-load'])
  assert.equal(await client.logged.next(), 'torchlint.torchVersion: there is no PyTorch 1.99: did you mean 1.9?')
})
