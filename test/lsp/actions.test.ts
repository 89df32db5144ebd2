/** What can be done about findings besides the fix of one: all fixes, all of a rule, ignoring, reading its page. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CodeActionResolveRequest, LSPErrorCodes, ResponseError } from 'vscode-languageserver/node'
import { type ClientOptions, modern, plain, startServer } from './client.ts'
import { applied, openProject } from './project.ts'
import { flag, misspelled } from './scripts.ts'

const rule = 'backends/unknown-flag'
const twice = `${misspelled}torch.backends.cudnn.determinstic = True\nscaler = torch.cuda.amp.GradScaler()\n`
const repaired = twice.replace('benchmarks', 'benchmark').replace('determinstic', 'deterministic')
const everything = { diagnostics: [], only: ['source.fixAll.torchlint'] }
const resolving: ClientOptions = {
  capabilities: {
    ...modern,
    textDocument: {
      ...modern.textDocument,
      codeAction: { dataSupport: true, resolveSupport: { properties: ['edit'] } },
    },
  },
}

test('the fix comes first, then the rest, the narrowest first', async t => {
  const client = await startServer(t, { initializationOptions: { opensPages: true } })
  await client.open(twice)
  const actions = await client.codeActions(flag)
  assert.deepEqual(
    actions.map(({ title }) => title),
    [
      actions[0]?.title,
      `Fix all 2 problems of ${rule} in this file`,
      `Ignore ${rule} here`,
      `Ignore ${rule} in this file`,
      `Open the page of ${rule}`,
    ],
  )
  assert.deepEqual(
    actions.map(({ isPreferred = false }) => isPreferred),
    [true, false, false, false, false],
  )
  assert.deepEqual(actions[4]?.command?.arguments, [rule])
})

test('a client that has no pages is not offered one', async t => {
  const client = await startServer(t)
  await client.open(misspelled)
  assert.deepEqual(
    (await client.codeActions(flag)).filter(({ command }) => command),
    [],
  )
})

test('all safe fixes together, for the version that they are meant for', async t => {
  const client = await startServer(t)
  await client.open(twice, 4)
  const [action, ...others] = await client.codeActions(flag, everything)
  assert.deepEqual(others, [])
  assert.equal(action?.kind, 'source.fixAll.torchlint')
  assert.equal(applied(twice, action).includes('torch.cuda.amp'), false)
  const [change] = action?.edit?.documentChanges ?? []
  assert.equal(change && 'textDocument' in change && change.textDocument.version, 4)
})

test('nobody who does not ask for all fixes is offered them, nor where there are none', async t => {
  const client = await startServer(t)
  await client.open(twice)
  const kinds = async (only?: string[]) =>
    (await client.codeActions(flag, { diagnostics: [], ...(only && { only }) })).map(({ kind }) => kind)
  assert.ok((await kinds()).every(kind => kind === 'quickfix'))
  assert.deepEqual(await kinds(['source.fixAll']), ['source.fixAll.torchlint'])
  assert.deepEqual(await kinds(['source.fixAll.other']), [])
  await client.change(2, { text: 'import torch\n' })
  assert.deepEqual(await kinds(['source.fixAll']), [])
})

test('all of one rule, found when it is wanted', async t => {
  const client = await startServer(t, resolving)
  await client.open(twice)
  const [, all] = await client.codeActions(flag)
  assert.ok(all && !all.edit)
  const resolved = await client.connection.sendRequest(CodeActionResolveRequest.type, all)
  assert.equal(applied(twice, resolved), repaired)
})

test('a document that moved on is left alone', async t => {
  const client = await startServer(t, resolving)
  await client.open(twice)
  const [, all] = await client.codeActions(flag)
  assert.ok(all)
  await client.change(2, { range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } }, text: '\n' })
  await assert.rejects(
    client.connection.sendRequest(CodeActionResolveRequest.type, all),
    (error: unknown) => error instanceof ResponseError && error.code === LSPErrorCodes.ContentModified,
  )
})

test('a client that resolves nothing has the edits at once', async t => {
  const client = await startServer(t)
  await client.open(twice)
  const [, all] = await client.codeActions(flag)
  assert.equal(applied(twice, all), repaired)
})

test('what is ignored here, or in the file, is not found again', async t => {
  const client = await startServer(t)
  await client.open(misspelled)
  const [, here, file] = await client.codeActions(flag)
  assert.equal(
    applied(misspelled, here),
    `import torch\n\ntorch.backends.cudnn.benchmarks = True  # torchlint: ignore[${rule}]\n`,
  )
  assert.equal(applied(misspelled, file), `# torchlint: ignore-file[${rule}]\n${misspelled}`)
  let version = 2
  for (const action of [here, file]) {
    await client.change(version++, { text: applied(misspelled, action) })
    const report = await client.pull()
    assert.deepEqual(report.kind === 'full' && report.items, [])
  }
})

test('ignoring in the project is written into the nearest configuration file', async t => {
  const configured = '[project]\nname = "a"\n\n[tool.torchlint]\nignore = [\n  "amp/*",\n]\n'
  const project = await openProject(t, {
    'pyproject.toml': '[tool.torchlint]\n',
    'inner/pyproject.toml': configured,
    'inner/train.py': misspelled,
  })
  await project.open('inner/train.py')
  const action = (await project.actions('inner/train.py', flag)).at(-1)
  assert.equal(action?.title, `Ignore ${rule} everywhere (pyproject.toml)`)
  const text = applied(configured, action)
  assert.equal(text, configured.replace('"amp/*",', `"amp/*",\n  "${rule}",`))
  await project.write('inner/pyproject.toml', text)
  await project.client.refreshed.next()
  assert.deepEqual(await project.rules('inner/train.py'), [])
})

test('without a configuration file there will be one, beside the folder of the workspace', async t => {
  const project = await openProject(t, { 'inner/train.py': misspelled })
  await project.open('inner/train.py')
  const action = (await project.actions('inner/train.py', flag)).at(-1)
  const [create] = action?.edit?.documentChanges ?? []
  assert.deepEqual(create, { kind: 'create', uri: project.uriOf('torchlint.toml'), options: { ignoreIfExists: true } })
  assert.equal(applied('', action), `ignore = ["${rule}"]\n`)
})

test('a client that can create no files is not offered to', async t => {
  const project = await openProject(t, { 'train.py': misspelled }, () => ({ capabilities: plain }))
  await project.open('train.py')
  const titles = (await project.actions('train.py', flag)).map(({ title }) => title)
  assert.deepEqual(
    titles.filter(title => title.includes('everywhere')),
    [],
  )
})
