/** With `torchlint.run` set to `onSave`, what is shown is about the text that was last saved or opened. */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import {
  type Diagnostic,
  DidChangeConfigurationNotification,
  DidChangeNotebookDocumentNotification,
  DidOpenNotebookDocumentNotification,
  DidSaveNotebookDocumentNotification,
  DidSaveTextDocumentNotification,
  DocumentDiagnosticRequest,
} from 'vscode-languageserver/node'
import { type ClientOptions, modern, plain, startServer, uri } from './client.ts'
import { flag, misspelled } from './scripts.ts'

async function startSaving(t: TestContext, options: ClientOptions = {}) {
  let settings: unknown = { run: 'onSave' }
  const client = await startServer(t, { configuration: () => settings, ...options })
  let version = 1
  return {
    ...client,
    /** Inserts a text at the beginning of a line. */
    async insert(line: number, text: string) {
      const start = { line, character: 0 }
      await client.change(++version, { range: { start, end: start }, text })
    },
    /** Repairs the misspelled flag, or spells it wrong again. */
    async spell(line: number, name: string, before: string) {
      const start = { line, character: 21 }
      await client.change(++version, { range: { start, end: { line, character: 21 + before.length } }, text: name })
    },
    save: () => client.connection.sendNotification(DidSaveTextDocumentNotification.type, { textDocument: { uri } }),
    async configure(next: unknown) {
      settings = next
      await client.connection.sendNotification(DidChangeConfigurationNotification.type, { settings: null })
    },
    async lines(): Promise<readonly number[]> {
      const report = await client.pull()
      assert.equal(report.kind, 'full')
      return linesOf(report.items)
    },
  }
}

const linesOf = (items: readonly Diagnostic[]) => items.map(({ range }) => range.start.line)

test('an edit shows nothing new until the file is saved', async t => {
  const client = await startSaving(t)
  await client.open('import torch\n\ntorch.backends.cudnn.benchmark = True\n')
  const opened = await client.pull()
  assert.equal(opened.kind === 'full' && opened.items.length, 0)
  await client.spell(2, 'benchmarks', 'benchmark')
  assert.deepEqual(await client.pull(opened.resultId), { kind: 'unchanged', resultId: opened.resultId })
  await client.save()
  await client.refreshed.next()
  const saved = await client.pull(opened.resultId)
  assert.deepEqual(saved.kind === 'full' && linesOf(saved.items), [2])
})

test('what is shown moves with the text, and goes with it', async t => {
  const client = await startSaving(t)
  await client.open(`${misspelled}torch.backends.cudnn.enable = True\n`)
  assert.deepEqual(await client.lines(), [2, 3])
  await client.insert(3, '# between\n')
  await client.insert(0, '# above\n')
  assert.deepEqual(await client.lines(), [3, 5])
  await client.spell(3, 'benchmark', 'benchmarks')
  assert.deepEqual(await client.lines(), [5])
})

test('hovers and fixes are about the text as it is', async t => {
  const client = await startSaving(t)
  await client.open('import torch\n\ntorch.backends.cudnn.benchmark = True\n')
  assert.deepEqual(await client.lines(), [])
  await client.spell(2, 'benchmarks', 'benchmark')
  assert.match((await client.hover(flag.start)) ?? '', /unknown-flag/)
  const [fix] = await client.codeActions(flag)
  assert.equal(fix?.isPreferred, true)
  await client.spell(2, 'benchmark', 'benchmarks')
  assert.deepEqual(await client.codeActions(flag), [])
})

test('the setting counts at once', async t => {
  const client = await startSaving(t)
  await client.open(misspelled)
  assert.deepEqual(await client.lines(), [2])
  await client.spell(2, 'benchmark', 'benchmarks')
  await client.insert(0, 'import torch; torch.backends.cudnn.enable = True\n')
  await client.configure({ run: 'onType' })
  await client.refreshed.next()
  assert.deepEqual(await client.lines(), [0])
  await client.configure({ run: 'onSave' })
  await client.refreshed.next()
  assert.deepEqual(await client.lines(), [0])
  await client.insert(1, 'torch.backends.cudnn.benchmarks = True\n')
  assert.deepEqual(await client.lines(), [0])
})

test('to a client that cannot ask, what was found in the saved text is sent', async t => {
  const client = await startSaving(t, { capabilities: plain, initializationOptions: { run: 'onSave' } })
  const sent = async () => {
    const { version, diagnostics } = await client.published.next()
    return [version, ...linesOf(diagnostics)]
  }
  await client.open(misspelled)
  assert.deepEqual(await sent(), [1, 2])
  await client.insert(0, 'import torch; torch.backends.cudnn.enable = True\n')
  assert.deepEqual(await sent(), [2, 3])
  await client.save()
  assert.deepEqual(await sent(), [2, 0, 3])
})

test('a notebook is saved as a whole', async t => {
  const capabilities = { ...modern, notebookDocument: { synchronization: {} } }
  const { connection, refreshed } = await startServer(t, { capabilities, configuration: () => ({ run: 'onSave' }) })
  const notebook = { uri: 'file:///project/train.ipynb', version: 1 }
  const [first, second] = ['first', 'second'].map(name => `vscode-notebook-cell:/project/train.ipynb#${name}`)
  assert.ok(first && second)
  await connection.sendNotification(DidOpenNotebookDocumentNotification.type, {
    notebookDocument: {
      ...notebook,
      notebookType: 'jupyter-notebook',
      cells: [
        { kind: 2, document: first },
        { kind: 2, document: second },
      ],
    },
    cellTextDocuments: [
      { uri: first, languageId: 'python', version: 1, text: 'import torch' },
      { uri: second, languageId: 'python', version: 1, text: 'torch.backends.cudnn.benchmarks = True' },
    ],
  })
  const lines = async (cell: string) => {
    const report = await connection.sendRequest(DocumentDiagnosticRequest.type, { textDocument: { uri: cell } })
    return report.kind === 'full' ? linesOf(report.items) : undefined
  }
  assert.deepEqual([await lines(first), await lines(second)], [[], [0]])
  const place = { line: 0, character: 0 }
  await connection.sendNotification(DidChangeNotebookDocumentNotification.type, {
    notebookDocument: { ...notebook, version: 2 },
    change: {
      cells: {
        textContent: [
          { document: { uri: first, version: 2 }, changes: [{ range: { start: place, end: place }, text: '# ' }] },
          { document: { uri: second, version: 2 }, changes: [{ range: { start: place, end: place }, text: '\n' }] },
        ],
      },
    },
  })
  assert.deepEqual([await lines(first), await lines(second)], [[], [1]])
  await connection.sendNotification(DidSaveNotebookDocumentNotification.type, { notebookDocument: notebook })
  await refreshed.next()
  assert.deepEqual([await lines(first), await lines(second)], [[], []])
})
