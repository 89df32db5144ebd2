/** Notebooks: the cells are one script, and everything is answered for the cell that was asked about. */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import {
  ApplyWorkspaceEditRequest,
  type ClientCapabilities,
  CodeAction,
  CodeActionRequest,
  CodeLensRequest,
  type Diagnostic,
  DidChangeNotebookDocumentNotification,
  type DidChangeNotebookDocumentParams,
  DidCloseNotebookDocumentNotification,
  DidOpenNotebookDocumentNotification,
  DocumentDiagnosticRequest,
  HoverRequest,
  InlayHintRefreshRequest,
  InlayHintRequest,
  type TextDocumentEdit,
} from 'vscode-languageserver/node'
import { inbox, modern, startServer } from './client.ts'

const notebook = 'file:///project/train.ipynb'
const cell = (name: string) => `vscode-notebook-cell:/project/train.ipynb#${name}`
const withNotebooks: ClientCapabilities = { ...modern, notebookDocument: { synchronization: {} } }

const setup = `%matplotlib inline
import torch
model = torch.nn.Linear(2, 2)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
scaler = torch.amp.GradScaler("cuda")`
const training = `%%time
for x in data:
    optimizer.zero_grad()
    with torch.autocast("cuda"):
        loss = model(x).sum()
    scaler.scale(loss).backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    scaler.step(optimizer)
    scaler.update()`
const flag = '!nvidia-smi\ntorch.backends.cudnn.benchmarks = True'

type Cells = Readonly<Record<string, string>>
type Change = NonNullable<DidChangeNotebookDocumentParams['change']['cells']>

async function openNotebook(
  test: TestContext,
  cells: Cells,
  capabilities: ClientCapabilities = withNotebooks,
  settings: unknown = null,
) {
  const server = await startServer(test, { capabilities, configuration: () => settings })
  const { connection } = server
  const item = ([name, text]: [string, string]) => ({ uri: cell(name), languageId: 'python', version: 1, text })
  const entry = (name: string) => ({ kind: 2 as const, document: cell(name) })
  await connection.sendNotification(DidOpenNotebookDocumentNotification.type, {
    notebookDocument: {
      uri: notebook,
      notebookType: 'jupyter-notebook',
      version: 1,
      cells: Object.keys(cells).map(entry),
    },
    cellTextDocuments: Object.entries(cells).map(item),
  })
  const pull = async (name: string): Promise<readonly Diagnostic[]> => {
    const report = await connection.sendRequest(DocumentDiagnosticRequest.type, { textDocument: { uri: cell(name) } })
    assert.equal(report.kind, 'full')
    return report.kind === 'full' ? report.items : []
  }
  return {
    ...server,
    item,
    entry,
    pull,
    rules: async (name: string) => (await pull(name)).map(({ code }) => code),
    change: (cells: Change) =>
      connection.sendNotification(DidChangeNotebookDocumentNotification.type, {
        notebookDocument: { uri: notebook, version: 2 },
        change: { cells },
      }),
    /** The cell's first action of a kind, and what it changes: `[cell, line, new text]`. */
    async action(name: string, kind: string, { range }: { readonly range: Diagnostic['range'] }) {
      const params = { textDocument: { uri: cell(name) }, range, context: { diagnostics: [], only: [kind] } }
      const actions = ((await connection.sendRequest(CodeActionRequest.type, params)) ?? []).filter(CodeAction.is)
      const changes = (actions[0]?.edit?.documentChanges ?? []) as readonly TextDocumentEdit[]
      return changes.flatMap(({ textDocument, edits }) =>
        edits.map(edit => [textDocument.uri, textDocument.version, 'newText' in edit ? edit.newText : undefined]),
      )
    },
  }
}

const everything = { range: { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } } }

test('the server asks for the Python cells of Jupyter notebooks', async t => {
  const { initialized } = await startServer(t, { capabilities: withNotebooks })
  assert.deepEqual(initialized.capabilities.notebookDocumentSync, {
    notebookSelector: [{ notebook: 'jupyter-notebook', cells: [{ language: 'python' }] }],
    save: true,
  })
  const old = await startServer(t)
  assert.equal(old.initialized.capabilities.notebookDocumentSync, undefined)
})

test('findings stand in their cells, and point to others', async t => {
  const { pull, rules } = await openNotebook(t, { setup, training, flag })
  assert.deepEqual(await rules('setup'), [])
  assert.deepEqual(await rules('flag'), ['backends/unknown-flag'])
  const [clip] = await pull('training')
  assert.equal(clip?.code, 'amp/clip-before-unscale')
  assert.deepEqual(clip.range.start, { line: 6, character: 4 })
  for (const { location } of clip.relatedInformation ?? []) assert.match(location.uri, /^vscode-notebook-cell:/)
})

test('what a finding has to do with may be in another cell', async t => {
  const [backward, clip] = [training.split('\n').slice(1, 6), training.split('\n').slice(6)].map(lines =>
    lines.map(line => line.replace(/^ {4}/, '').replace(/^for .*/, '')).join('\n'),
  )
  const { pull } = await openNotebook(t, { setup, backward: backward ?? '', clip: clip ?? '' })
  const [finding] = await pull('clip')
  assert.deepEqual(
    finding?.relatedInformation?.map(({ location }) => [location.uri, location.range.start.line]),
    [
      [cell('backward'), 4],
      [cell('backward'), 4],
    ],
  )
})

test('a fix changes its cell', async t => {
  const { pull, action } = await openNotebook(t, { setup, training, flag })
  const [finding] = await pull('flag')
  assert.ok(finding)
  assert.deepEqual(await action('flag', 'quickfix', finding), [[cell('flag'), 1, 'benchmark']])
})

test('an edit of one cell changes what is found in another, which the client is told', async t => {
  const { rules, change, refreshed } = await openNotebook(t, { setup, training, flag })
  assert.deepEqual(await rules('training'), ['amp/clip-before-unscale'])
  const range = { start: { line: 4, character: 30 }, end: { line: 4, character: 36 } }
  await change({
    textContent: [
      { document: { uri: cell('setup'), version: 2 }, changes: [{ range, text: '"cuda", enabled=False' }] },
    ],
  })
  assert.deepEqual(await rules('setup'), [])
  await refreshed.next()
  assert.deepEqual(await rules('training'), [])
  assert.deepEqual(await rules('flag'), ['backends/unknown-flag'])
})

test('cells come, change places and go', async t => {
  const { rules, change, item, entry } = await openNotebook(t, { setup, training })
  const disabled = 'scaler = torch.amp.GradScaler("cuda", enabled=False)'
  await change({
    structure: {
      array: { start: 2, deleteCount: 0, cells: [entry('disabled')] },
      didOpen: [item(['disabled', disabled])],
    },
  })
  assert.deepEqual(await rules('training'), ['amp/clip-before-unscale'])
  await change({ structure: { array: { start: 1, deleteCount: 2, cells: [entry('disabled'), entry('training')] } } })
  assert.deepEqual(await rules('training'), [])
  await change({
    structure: { array: { start: 1, deleteCount: 1 }, didClose: [{ uri: cell('disabled') }] },
  })
  assert.deepEqual(await rules('training'), ['amp/clip-before-unscale'])
  assert.deepEqual(await rules('disabled'), [])
})

test('all is fixed in one cell, or in the notebook', async t => {
  const { action } = await openNotebook(t, { setup, training, flag })
  const unscale = [cell('training'), 1, 'scaler.unscale_(optimizer)\n    ']
  const benchmark = [cell('flag'), 1, '']
  assert.deepEqual(await action('training', 'source.fixAll.torchlint', everything), [unscale])
  assert.deepEqual(await action('setup', 'source.fixAll.torchlint', everything), [])
  const all = await action('setup', 'notebook.source.fixAll', everything)
  assert.deepEqual(
    all.map(([uri]) => uri),
    [unscale, benchmark].map(([uri]) => uri),
  )
})

test('a name is explained where it stands', async t => {
  const { connection } = await openNotebook(t, { setup, training })
  const position = { line: 7, character: 12 }
  const hover = await connection.sendRequest(HoverRequest.type, { textDocument: { uri: cell('training') }, position })
  assert.deepEqual(hover?.range?.start.line, 7)
})

test('a client that cannot pull is sent the findings of every cell, and none when the notebook is closed', async t => {
  const push: ClientCapabilities = { notebookDocument: { synchronization: {} } }
  const { published, connection } = await openNotebook(t, { setup, flag }, push)
  const [first, second] = [await published.next(), await published.next()]
  assert.deepEqual([first.uri, first.diagnostics.length], [cell('setup'), 0])
  assert.deepEqual([second.uri, second.diagnostics.length], [cell('flag'), 1])
  await connection.sendNotification(DidCloseNotebookDocumentNotification.type, {
    notebookDocument: { uri: notebook },
    cellTextDocuments: [{ uri: cell('setup') }, { uri: cell('flag') }],
  })
  assert.deepEqual([(await published.next()).uri, (await published.next()).diagnostics], [cell('setup'), []])
})

test('what was suppressed is not reported', async t => {
  const { rules } = await openNotebook(t, { setup, flag: '# torchlint: ignore-file[backends/*]', other: flag })
  assert.deepEqual(await rules('other'), [])
})

test('the memory page is about all cells, names them as the editor counts them, and changes what belongs together', async t => {
  const loop = `for inputs in loader:
    optimizer.zero_grad()
    loss = model(inputs).sum()
    loss.backward()
    optimizer.step()
    total += loss`
  const scripts = { setup: setup.replace(/\nscaler.*/, ''), training: `total = 0\n${loop}` }
  const { connection } = await openNotebook(t, scripts)
  const cells = [{ uri: 'title' }, { uri: cell('setup'), execution: 1 }, { uri: cell('training'), execution: 7 }]
  const error = 'CUDA out of memory. Tried to allocate 2.00 GiB\nCell In[7], line 5\n      4     loss = model(inputs)'
  const asked = { uri: cell('setup'), cells, error }
  const { markdown } = await connection.sendRequest<{ readonly markdown: string }>('torchlint/memory', asked)
  assert.match(markdown, /^`train\.ipynb`$/m)
  assert.match(markdown, /Raised at \[cell 3, line 5\]\(command:torchlint\.memory\.line\?.*\): `loss\.backward\(\)`/)
  assert.match(markdown, /### \[Cell 3, line 7\]/)
  assert.match(markdown, /@@ cell 2, line 4 @@\n optimizer = .*\n\+scaler = .*\n@@ cell 3, line 4 @@/)
  const changes = Array.from(markdown.matchAll(/memory\.change\?([^)]+)/g), ([, values = '']) =>
    JSON.parse(decodeURIComponent(values)),
  )
  const [uri, revision, change] = changes.find(([, , change]) => change === 'mixed-precision') ?? []
  const changed = new Promise<readonly string[]>(resolve =>
    connection.onRequest(ApplyWorkspaceEditRequest.type, ({ edit: { documentChanges = [] } }) => {
      resolve(documentChanges.map(made => ('textDocument' in made ? made.textDocument.uri : '')))
      return { applied: true }
    }),
  )
  assert.equal(await connection.sendRequest('torchlint/memory/change', { uri, revision, change }), true)
  assert.deepEqual(await changed, [cell('setup'), cell('training')])
})

test('hints and lenses stand in their cells, and change with other ones', async t => {
  const capabilities = { ...withNotebooks, workspace: { ...modern.workspace, inlayHint: { refreshSupport: true } } }
  const settings = { inlayHints: { effectiveBatchSize: true, decay: true }, codeLens: true }
  const cells = {
    setup: `${setup}\nloader = torch.utils.data.DataLoader(data, batch_size=8)`,
    accumulating: `%%time
for i, x in enumerate(loader):
    model(x).sum().backward()
    if (i + 1) % 4 == 0:
        optimizer.step()
        optimizer.zero_grad()`,
  }
  const { connection, change } = await openNotebook(t, cells, capabilities, settings)
  const refreshed = inbox<undefined>()
  connection.onRequest(InlayHintRefreshRequest.type, () => refreshed.put(undefined))
  const hints = async (name: string) => {
    const textDocument = { uri: cell(name) }
    const found = (await connection.sendRequest(InlayHintRequest.type, { textDocument, ...everything })) ?? []
    return found.map(({ position: { line, character }, label }) => `${line}:${character} ${label}`)
  }
  assert.deepEqual(await hints('setup'), ['3:46 2 tensors not decayed', '5:55 × 4 accumulated = 32'])
  assert.deepEqual(await hints('accumulating'), ['3:23 batch 8 × 4 accumulated = 32'])
  const [lens, ...others] =
    (await connection.sendRequest(CodeLensRequest.type, { textDocument: { uri: cell('accumulating') } })) ?? []
  assert.deepEqual([lens?.range.start, others.length], [{ line: 1, character: 0 }, 0])
  assert.deepEqual(await connection.sendRequest(CodeLensRequest.type, { textDocument: { uri: cell('setup') } }), [])

  const range = { start: { line: 5, character: 54 }, end: { line: 5, character: 55 } }
  const document = { uri: cell('setup'), version: 2 }
  await change({ textContent: [{ document, changes: [{ range, text: '16' }] }] })
  assert.deepEqual((await hints('setup'))[1], '5:56 × 4 accumulated = 64')
  await refreshed.next()
  assert.deepEqual(await hints('accumulating'), ['3:23 batch 16 × 4 accumulated = 64'])
})
