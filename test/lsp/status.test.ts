/** What is used for a file, as clients show it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DidChangeConfigurationNotification } from 'vscode-languageserver/node'
import { releases } from '../../server/src/target/releases.ts'
import { type Client, inbox, startServer, uri } from './client.ts'
import { openProject } from './project.ts'

function status(client: Client, uri: string): Promise<Readonly<Record<string, unknown>>> {
  return client.connection.sendRequest('torchlint/status', { uri })
}

test('of a file in no project, the settings of the editor and the current release count', async t => {
  const client = await startServer(t)
  const { parser, ...others } = await status(client, uri)
  assert.match(String(parser), /^tree-sitter-python \d+\.\d+\.\d+$/)
  assert.deepEqual(others, {
    isExcluded: false,
    configuration: null,
    torch: { version: releases.at(-1), from: 'release', file: null },
  })
})

test('the files that decide are named, though the script is not open', async t => {
  const project = await openProject(t, {
    'pyproject.toml': '[tool.torchlint]\nexclude = ["old/"]\n',
    'requirements.txt': 'torch==2.3.1\n',
    'old/train.py': '',
    'pinned/torchlint.toml': 'torch-version = "2.1"\n',
  })
  const { configuration, isExcluded, torch } = await status(project.client, project.uriOf('old/train.py'))
  assert.equal(configuration, project.uriOf('pyproject.toml'))
  assert.equal(isExcluded, true)
  assert.deepEqual(torch, { version: '2.3', from: 'file', file: project.uriOf('requirements.txt') })
  const pinned = await status(project.client, project.uriOf('pinned/train.py'))
  const file = project.uriOf('pinned/torchlint.toml')
  assert.deepEqual([pinned.configuration, pinned.torch], [file, { version: '2.1', from: 'file', file }])
})

test('an installed PyTorch is told by its metadata', async t => {
  const metadata = '.venv/lib/python3.12/site-packages/torch-2.2.2+cu121.dist-info/METADATA'
  const project = await openProject(t, { [metadata]: '', 'train.py': '' })
  const { torch } = await status(project.client, project.uriOf('train.py'))
  assert.deepEqual(torch, { version: '2.2', from: 'file', file: project.uriOf(metadata) })
})

test('who has asked hears when it has changed', async t => {
  let torchVersion = '2.4.1'
  const configuration = () => ({ torchVersion })
  const project = await openProject(t, { 'train.py': '' }, () => ({ configuration }))
  const changed = inbox<null>()
  project.client.connection.onNotification('torchlint/status/changed', () => changed.put(null))
  const torch = async () => (await status(project.client, project.uriOf('train.py'))).torch
  assert.deepEqual(await torch(), { version: '2.4.1', from: 'setting', file: null })
  torchVersion = 'auto'
  await project.client.connection.sendNotification(DidChangeConfigurationNotification.type, { settings: null })
  await changed.next()
  assert.deepEqual(await torch(), { version: releases.at(-1), from: 'release', file: null })
  await project.write('requirements.txt', 'torch==2.0.0\n')
  await changed.next()
  assert.deepEqual(await torch(), { version: '2.0', from: 'file', file: project.uriOf('requirements.txt') })
})
