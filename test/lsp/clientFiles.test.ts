/** A workspace on no disk, whose files the client reads for the server, each when it comes to it. */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import {
  DidChangeTextDocumentNotification,
  DidChangeWatchedFilesNotification,
  DidOpenTextDocumentNotification,
  DocumentDiagnosticRequest,
  FileChangeType,
} from 'vscode-languageserver/node'
import { startServer } from './client.ts'
import { clippedAfter, forgets, misspelled, unscales } from './scripts.ts'

const root = 'memory://somewhere/my%20project'
const uriOf = (name: string) => `${root}/${name}`

/** Files in memory, and what the server has asked for. It gets an answer when the last promise of the gate is kept. */
async function openWorkspace(
  t: TestContext,
  initial: Readonly<Record<string, string>>,
  options = { servesFiles: true },
) {
  const files = new Map(Object.entries(initial))
  const asked: string[] = []
  let gate = Promise.resolve()
  const client = await startServer(t, { workspaceFolder: root, initializationOptions: options })
  const { connection } = client
  const nameOf = (uri: string) => decodeURIComponent(uri.slice(root.length + 1))
  const answering = (method: string, answer: (uri: string) => unknown) =>
    connection.onRequest(method, async ({ uris }: { readonly uris: readonly string[] }) => {
      const answers = uris.map(answer)
      await gate
      return answers
    })
  answering('torchlint/readFiles', uri => {
    asked.push(nameOf(uri))
    return files.get(nameOf(uri)) ?? null
  })
  answering('torchlint/readFolders', uri => {
    const folder = uri === root ? '' : `${nameOf(uri)}/`
    asked.push(folder)
    const within = [...files.keys()].filter(name => name.startsWith(folder)).map(name => name.slice(folder.length))
    return [...new Set(within.map(name => name.replace(/\/.*/, '')))]
  })
  const told = (name: string, type: FileChangeType) =>
    connection.sendNotification(DidChangeWatchedFilesNotification.type, { changes: [{ uri: uriOf(name), type }] })
  const rules = async (name: string): Promise<readonly unknown[]> => {
    const report = await connection.sendRequest(DocumentDiagnosticRequest.type, { textDocument: { uri: uriOf(name) } })
    return report.kind === 'full' ? report.items.map(({ code }) => code) : []
  }
  return {
    client,
    asked,
    rules,
    hold(): () => void {
      const { promise, resolve } = Promise.withResolvers<void>()
      gate = promise
      return resolve
    },
    open: (name: string, text: string) =>
      connection.sendNotification(DidOpenTextDocumentNotification.type, {
        textDocument: { uri: uriOf(name), languageId: 'python', version: 1, text },
      }),
    type: (name: string, version: number, text: string) =>
      connection.sendNotification(DidChangeTextDocumentNotification.type, {
        textDocument: { uri: uriOf(name), version },
        contentChanges: [{ text }],
      }),
    /** Tells of it as of a change, whether there was one before or not. */
    async write(name: string, text: string) {
      files.set(name, text)
      await told(name, FileChangeType.Changed)
    },
    async remove(name: string) {
      files.delete(name)
      await told(name, FileChangeType.Deleted)
    },
    /** As soon as these are the rules; an editor looks again whenever it is told to. */
    async untilRules(name: string, expected: readonly string[]) {
      let found = await rules(name)
      while (String(found) !== String(expected)) {
        await client.refreshed.next()
        found = await rules(name)
      }
    },
  }
}

const flag = 'backends/unknown-flag'
const clip = 'amp/clip-before-unscale'
const script = clippedAfter('tools.engine', 'foreach=True')
const only = (rule: string) => `[tool.torchlint]\nselect = ["${rule}"]\n`

test('findings do not wait for files, and follow them when they have come', async t => {
  const project = await openWorkspace(t, {
    'pyproject.toml': only(clip),
    'tools/engine.py': forgets,
    'src/train.py': '',
  })
  const release = project.hold()
  await project.open('src/train.py', script + misspelled.split('\n')[2])
  assert.deepEqual(await project.rules('src/train.py'), [flag])
  release()
  await project.untilRules('src/train.py', [clip])
})

test('what is not there is asked for once, and again when something has come', async t => {
  const project = await openWorkspace(t, { 'pyproject.toml': only(clip), 'train.py': '' })
  await project.open('train.py', `${script}torch.backends.cudnn.benchmarks = True\n`)
  await project.untilRules('train.py', [])
  for (const version of [2, 3, 4]) {
    await project.type('train.py', version, `${script}# ${version}\n`)
    assert.deepEqual(await project.rules('train.py'), [])
  }
  assert.deepEqual(project.asked.toSorted(), ['', 'pyproject.toml'])
  await project.write('tools/engine.py', forgets)
  await project.untilRules('train.py', [clip])
  assert.deepEqual(project.asked.slice(2).toSorted(), ['', 'tools/', 'tools/engine.py'])
})

test('files that change or go are followed, one that nobody needs is not read', async t => {
  const project = await openWorkspace(t, {
    'torchlint.toml': `select = ["${clip}"]`,
    'tools/engine.py': unscales,
    'a.py': '',
  })
  await project.open('train.py', script)
  await project.untilRules('train.py', [])
  await project.write('tools/engine.py', forgets)
  await project.untilRules('train.py', [clip])
  await project.write('torchlint.toml', `select = ["${flag}"]`)
  await project.untilRules('train.py', [])
  await project.remove('torchlint.toml')
  await project.untilRules('train.py', [clip])
  await project.remove('tools/engine.py')
  await project.untilRules('train.py', [])
  await project.write('a.py', '1')
  await project.write('tools/engine.py', forgets)
  await project.untilRules('train.py', [clip])
  assert.ok(!project.asked.includes('a.py'))
})

test('the PyTorch version is read from the files and the environment of the workspace', async t => {
  const load = 'import torch\n\nweights = torch.load("weights.pt")\n'
  const project = await openWorkspace(t, { 'requirements/base.txt': 'torch==2.3.1\n', 'requirements.txt': '' })
  await project.open('train.py', load)
  await project.untilRules('train.py', ['api/unsafe-load'])
  await project.write('.venv/lib/python3.12/site-packages/torch-2.6.0.dist-info/METADATA', '')
  await project.untilRules('train.py', [])
})

test('a client is asked for nothing outside its workspace, and one that serves no files for nothing at all', async t => {
  const project = await openWorkspace(t, { 'engine.py': forgets })
  const outside = { uri: 'memory://elsewhere/train.py', languageId: 'python', version: 1, text: misspelled + script }
  const { connection } = project.client
  await connection.sendNotification(DidOpenTextDocumentNotification.type, { textDocument: outside })
  await connection.sendRequest(DocumentDiagnosticRequest.type, { textDocument: { uri: outside.uri } })
  assert.deepEqual(project.asked, [])
  const other = await openWorkspace(t, { 'pyproject.toml': only(clip) }, { servesFiles: false })
  await other.open('train.py', misspelled)
  assert.deepEqual(await other.rules('train.py'), [flag])
  assert.deepEqual(other.asked, [])
})

test('a client that fails has no files', async t => {
  const client = await startServer(t, { workspaceFolder: root, initializationOptions: { servesFiles: true } })
  const textDocument = { uri: uriOf('train.py'), languageId: 'python', version: 1, text: misspelled }
  await client.connection.sendNotification(DidOpenTextDocumentNotification.type, { textDocument })
  const report = await client.connection.sendRequest(DocumentDiagnosticRequest.type, { textDocument })
  assert.equal(report.kind === 'full' && report.items.length, 1)
  assert.match(await client.logged.next(), /torchlint\/readFolders/)
})

test('no more is read than there is room for', async t => {
  const many = Array.from({ length: 1100 }, (_, index) => [`requirements-${index}.txt`, ''] as const)
  const project = await openWorkspace(t, Object.fromEntries([...many, ['requirements.txt', 'torch==2.3.1\n']]))
  await project.open('train.py', 'import torch\n\nweights = torch.load("weights.pt")\n')
  await project.untilRules('train.py', ['api/unsafe-load'])
  assert.match(await project.client.logged.next(), /1000/)
  assert.equal(project.asked.filter(name => name.endsWith('.txt')).length, 1000)
})
