/** Inlay hints and code lenses: only where the settings ask for them, and anew when these change. */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import {
  type ClientCapabilities,
  CodeLensRefreshRequest,
  CodeLensRequest,
  DidChangeConfigurationNotification,
  InlayHintRefreshRequest,
  InlayHintRequest,
} from 'vscode-languageserver/node'
import { type ClientOptions, inbox, modern, startServer, uri } from './client.ts'
import { startWith } from './inProcess.ts'
import { openProject } from './project.ts'

const script = `import torch
from torch.utils.data import DataLoader
model = torch.nn.Linear(3, 2)
optimizer = torch.optim.Adam(model.parameters())
scheduler = torch.optim.lr_scheduler.StepLR(optimizer, 30)
loader = DataLoader(data, batch_size=8)
for epoch in range(90):
    for i, (x, y) in enumerate(loader):
        torch.nn.functional.mse_loss(model(x), y).backward()
        if (i + 1) % 4 == 0:
            optimizer.step()
            optimizer.zero_grad()
    scheduler.step()
`
const all = { inlayHints: { effectiveBatchSize: true, decay: true, schedulerSteps: true }, codeLens: true }
const range = { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } }
const textDocument = { uri }

const refreshing: ClientCapabilities = {
  ...modern,
  workspace: { ...modern.workspace, inlayHint: { refreshSupport: true }, codeLens: { refreshSupport: true } },
}

async function start(t: TestContext, options: ClientOptions) {
  const client = await startServer(t, options)
  const { connection } = client
  return {
    ...client,
    async hints(within = range) {
      const hints = (await connection.sendRequest(InlayHintRequest.type, { textDocument, range: within })) ?? []
      return hints.map(({ position: { line, character }, label }) => `${line}:${character} ${label}`)
    },
    lenses: async () => (await connection.sendRequest(CodeLensRequest.type, { textDocument })) ?? [],
  }
}

const hints = [
  '3:47 2 tensors not decayed',
  '5:38 × 4 accumulated = 32',
  '9:27 batch 8 × 4 accumulated = 32',
  '12:20 once per epoch: 90 in all',
]
const lens = 'forward → backward → (every 4: step → zero_grad) · effective batch 32 · scheduler steps once per epoch'

test('hints stand where they are asked for', async t => {
  const client = await start(t, { configuration: () => all })
  await client.open(script)
  assert.deepEqual(await client.hints(), hints)
  const part = { start: { line: 4, character: 0 }, end: { line: 9, character: 27 } }
  assert.deepEqual(await client.hints(part), hints.slice(1, 3))
})

test('each kind has its setting', async t => {
  const client = await start(t, { configuration: () => ({ inlayHints: { schedulerSteps: true, decay: false } }) })
  await client.open(script)
  assert.deepEqual(await client.hints(), hints.slice(3))
  assert.deepEqual(await client.lenses(), [])
})

test('settings may be written with their whole names', async t => {
  const options = { 'torchlint.inlayHints.decay': true }
  const client = await start(t, { capabilities: { ...modern, workspace: {} }, initializationOptions: options })
  await client.open(script)
  assert.deepEqual(await client.hints(), hints.slice(0, 1))
})

test('a lens opens a page where the client can; elsewhere it is text', async t => {
  const client = await start(t, { configuration: () => all })
  await client.open(script)
  const [plain, ...others] = await client.lenses()
  assert.deepEqual([plain?.range.start.line, others.length], [7, 0])
  assert.deepEqual(plain?.command, { title: lens, command: '' })
  const opening = await start(t, { configuration: () => all, initializationOptions: { opensPages: true } })
  await opening.open(script)
  const [link] = await opening.lenses()
  assert.deepEqual(link?.command, {
    title: lens,
    command: 'torchlint.openPage',
    arguments: ['concepts/gradient-accumulation'],
  })
})

test('both languages stay on one line', async t => {
  const client = await start(t, { configuration: () => ({ ...all, language: 'both' }) })
  await client.open(script)
  assert.equal((await client.hints())[0], '3:47 2 tensors not decayed / 2 个张量不做权重衰减')
  const chinese = await start(t, { configuration: () => all, locale: 'zh-cn' })
  await chinese.open(script)
  assert.equal((await chinese.hints())[1], '5:38 × 累积 4 次 = 32')
})

test('when the settings change, the client is asked to ask again', async t => {
  let configuration: unknown = {}
  const client = await start(t, { capabilities: refreshing, configuration: () => configuration })
  const [hintsRefreshed, lensesRefreshed] = [inbox<undefined>(), inbox<undefined>()]
  client.connection.onRequest(InlayHintRefreshRequest.type, () => hintsRefreshed.put(undefined))
  client.connection.onRequest(CodeLensRefreshRequest.type, () => lensesRefreshed.put(undefined))
  await client.open(script)
  assert.deepEqual([await client.hints(), await client.lenses()], [[], []])
  for (const [settings, count] of [
    [all, 4],
    [{}, 0],
  ] as const) {
    configuration = settings
    await client.connection.sendNotification(DidChangeConfigurationNotification.type, { settings: null })
    await Promise.all([hintsRefreshed.next(), lensesRefreshed.next()])
    assert.equal((await client.hints()).length, count)
    assert.equal((await client.lenses()).length, count / 4)
  }
})

test('a file that is excluded has none', async t => {
  const files = { 'torchlint.toml': 'exclude = ["train.py"]\n', 'train.py': script }
  const project = await openProject(t, files, () => ({ configuration: () => all }))
  await project.open('train.py')
  const textDocument = { uri: project.uriOf('train.py') }
  assert.deepEqual(await project.client.connection.sendRequest(InlayHintRequest.type, { textDocument, range }), [])
  assert.deepEqual(await project.client.connection.sendRequest(CodeLensRequest.type, { textDocument }), [])
})

test('who has not asked for them does not wait for an analysis', async t => {
  let analyses = 0
  const analyze = () => {
    analyses++
    throw new Error('it broke')
  }
  const client = await startWith(t, {
    parser: 'none',
    check: analyze,
    open: text => ({ text, change: () => {}, analyze, forget: () => false, dispose: () => {} }),
    forget: () => {},
  })
  await client.open(script)
  await client.connection.sendRequest(InlayHintRequest.type, { textDocument, range })
  await client.connection.sendRequest(CodeLensRequest.type, { textDocument })
  assert.equal(analyses, 0)
})
