import assert from 'node:assert/strict'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import {
  DidChangeTextDocumentNotification,
  DidChangeWatchedFilesNotification,
  DidCloseTextDocumentNotification,
  DidOpenTextDocumentNotification,
  DocumentDiagnosticRequest,
  FileChangeType,
  type FileSystemWatcher,
} from 'vscode-languageserver/node'
import { folderWith } from '../cli/torchlint.ts'
import { type Client, plain, startServer } from './client.ts'
import { clippedAfter, forgets, unscales } from './scripts.ts'

const script = clippedAfter('engine')

async function startIn(t: TestContext, files: Readonly<Record<string, string>>, capabilities?: typeof plain) {
  const folder = folderWith(t, files)
  const uriOf = (name: string) => pathToFileURL(join(folder, name)).href
  const client = await startServer(t, {
    workspaceFolder: pathToFileURL(folder).href,
    ...(capabilities && { capabilities }),
  })
  return { client, folder, uriOf, ...conversation(client, uriOf) }
}

function conversation({ connection }: Client, uriOf: (name: string) => string) {
  return {
    open: (name: string, text: string) =>
      connection.sendNotification(DidOpenTextDocumentNotification.type, {
        textDocument: { uri: uriOf(name), languageId: 'python', version: 1, text },
      }),
    type: (name: string, version: number, text: string) =>
      connection.sendNotification(DidChangeTextDocumentNotification.type, {
        textDocument: { uri: uriOf(name), version },
        contentChanges: [{ text }],
      }),
    close: (name: string) =>
      connection.sendNotification(DidCloseTextDocumentNotification.type, { textDocument: { uri: uriOf(name) } }),
    changed: (name: string, type: FileChangeType) =>
      connection.sendNotification(DidChangeWatchedFilesNotification.type, { changes: [{ uri: uriOf(name), type }] }),
    async mistakes(name: string): Promise<readonly unknown[]> {
      const report = await connection.sendRequest(DocumentDiagnosticRequest.type, {
        textDocument: { uri: uriOf(name) },
      })
      assert.equal(report.kind, 'full')
      return report.items.filter(({ severity }) => severity === 1).map(({ code }) => code)
    },
  }
}

test('a file that a script imports is saved, deleted and comes back', async t => {
  const { client, folder, open, changed, mistakes } = await startIn(t, { 'engine.py': unscales, 'main.py': script })
  await open('main.py', script)
  assert.deepEqual(await mistakes('main.py'), [])
  writeFileSync(join(folder, 'engine.py'), forgets)
  await changed('engine.py', FileChangeType.Changed)
  await client.refreshed.next()
  assert.deepEqual(await mistakes('main.py'), ['amp/clip-before-unscale'])
  rmSync(join(folder, 'engine.py'))
  await changed('engine.py', FileChangeType.Deleted)
  await client.refreshed.next()
  assert.deepEqual(await mistakes('main.py'), [])
  writeFileSync(join(folder, 'engine.py'), forgets)
  await changed('engine.py', FileChangeType.Created)
  await client.refreshed.next()
  assert.deepEqual(await mistakes('main.py'), ['amp/clip-before-unscale'])
})

test('what the editor holds open is newer than the disk', async t => {
  const { client, open, type, close, mistakes } = await startIn(t, { 'engine.py': unscales, 'main.py': script })
  await open('main.py', script)
  await open('engine.py', forgets)
  assert.deepEqual(await mistakes('main.py'), ['amp/clip-before-unscale'])
  await type('engine.py', 2, unscales)
  await client.refreshed.next()
  assert.deepEqual(await mistakes('main.py'), [])
  await type('engine.py', 3, forgets)
  await client.refreshed.next()
  assert.deepEqual(await mistakes('main.py'), ['amp/clip-before-unscale'])
  await close('engine.py')
  await client.refreshed.next()
  assert.deepEqual(await mistakes('main.py'), [])
})

test('a client that cannot pull gets new diagnostics of the script that imports the file, and of no other', async t => {
  const { client, uriOf, open, type } = await startIn(t, { 'engine.py': unscales, 'main.py': script }, plain)
  await open('main.py', script)
  await client.published.next()
  await open('other.py', 'import torch\n')
  await client.published.next()
  await open('engine.py', forgets)
  const [first, second] = [await client.published.next(), await client.published.next()]
  assert.deepEqual([first.uri, second.uri], [uriOf('engine.py'), uriOf('main.py')])
  assert.ok(second.diagnostics.some(({ code }) => code === 'amp/clip-before-unscale'))
  await type('engine.py', 2, unscales)
  assert.equal((await client.published.next()).uri, uriOf('engine.py'))
  const last = await client.published.next()
  assert.equal(last.uri, uriOf('main.py'))
  assert.ok(!last.diagnostics.some(({ code }) => code === 'amp/clip-before-unscale'))
})

test('an unsaved document stands alone', async t => {
  const { client, open } = await startIn(t, { 'engine.py': forgets })
  await open('main.py', script)
  const uri = 'untitled:Untitled-1'
  await client.connection.sendNotification(DidOpenTextDocumentNotification.type, {
    textDocument: { uri, languageId: 'python', version: 1, text: script },
  })
  const report = await client.connection.sendRequest(DocumentDiagnosticRequest.type, { textDocument: { uri } })
  assert.ok(report.kind === 'full' && report.items.every(({ severity }) => severity !== 1))
})

test('the client is asked to watch Python files', async t => {
  const { client } = await startIn(t, {})
  for (;;) {
    const { method, registerOptions } = await client.registered.next()
    if (method !== DidChangeWatchedFilesNotification.method) continue
    assert.ok(registerOptions.watchers.some(({ globPattern }: FileSystemWatcher) => globPattern === '**/*.py'))
    break
  }
})
