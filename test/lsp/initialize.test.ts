import assert from 'node:assert/strict'
import { test } from 'node:test'
import manifest from '../../package.json' with { type: 'json' }
import { plain, startServer } from './client.ts'
import { misspelled } from './scripts.ts'

test('the server says what it offers', async t => {
  const { initialized } = await startServer(t)
  assert.deepEqual(initialized.serverInfo, { name: 'TorchLint', version: manifest.version })
  assert.deepEqual(initialized.capabilities, {
    positionEncoding: 'utf-16',
    textDocumentSync: { openClose: true, change: 2, save: true },
    codeActionProvider: {
      codeActionKinds: ['quickfix', 'source.fixAll.torchlint', 'notebook.source.fixAll.torchlint'],
      resolveProvider: true,
    },
    workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
    hoverProvider: true,
    executeCommandProvider: {
      commands: ['torchlint.checkWorkspace', 'torchlint.clearWorkspaceResults'],
      workDoneProgress: true,
    },
    completionProvider: { triggerCharacters: ['"', "'", '/', '.', '[', '='] },
    inlayHintProvider: true,
    codeLensProvider: {},
    diagnosticProvider: { identifier: 'torchlint', interFileDependencies: true, workspaceDiagnostics: false },
  })
})

test('to a client that cannot pull diagnostics, pulling is not offered', async t => {
  const { initialized } = await startServer(t, { capabilities: plain })
  assert.equal(initialized.capabilities.diagnosticProvider, undefined)
})

test('to a client that has the commands itself, none is offered', async t => {
  const { initialized } = await startServer(t, { initializationOptions: { hasCommands: true } })
  assert.equal(initialized.capabilities.executeCommandProvider, undefined)
})

test('VS Code talks to the server over IPC', async t => {
  const client = await startServer(t, { transport: 'ipc' })
  await client.open(misspelled)
  const report = await client.pull()
  assert.equal(report.kind === 'full' && report.items.length, 1)
})

test('the server ends when it is told to, with exit code 0', async t => {
  const client = await startServer(t)
  assert.equal(await client.stop(), 0)
})
