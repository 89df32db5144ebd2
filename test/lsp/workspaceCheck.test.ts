/** The check of the whole workspace: what is found in files that are not open, and how it stays true. */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import {
  CancellationTokenSource,
  DidChangeConfigurationNotification,
  ExecuteCommandRequest,
  ShowMessageNotification,
  WorkDoneProgress,
  type WorkDoneProgressBegin,
  WorkDoneProgressCancelNotification,
  WorkDoneProgressCreateRequest,
  type WorkDoneProgressEnd,
  type WorkDoneProgressReport,
} from 'vscode-languageserver/node'
import { type ClientOptions, inbox, modern } from './client.ts'
import { openProject } from './project.ts'
import { message, misspelled } from './scripts.ts'

const flag = 'backends/unknown-flag'
const correct = misspelled.replace('benchmarks', 'benchmark')

type Progress = WorkDoneProgressBegin | WorkDoneProgressReport | WorkDoneProgressEnd

async function openWorkspace(t: TestContext, files: Readonly<Record<string, string>>, options: ClientOptions = {}) {
  const capabilities = { ...modern, window: { workDoneProgress: true } }
  const project = await openProject(t, files, () => ({ capabilities, ...options }))
  const { connection, published } = project.client
  connection.onRequest(WorkDoneProgressCreateRequest.type, () => {})
  const said = inbox<string>()
  connection.onNotification(ShowMessageNotification.type, ({ message }) => said.put(message))
  let checks = 0
  return {
    ...project,
    said,
    /** `hear`: of the progress of this check. */
    async check(hear: (progress: Progress) => void = () => {}, source = new CancellationTokenSource()) {
      const workDoneToken = checks++
      const listener = connection.onProgress(WorkDoneProgress.type, workDoneToken, hear)
      const command = { command: 'torchlint.checkWorkspace', workDoneToken }
      const result = await connection.sendRequest(ExecuteCommandRequest.type, command, source.token)
      listener.dispose()
      return result
    },
    clear: () => connection.sendRequest(ExecuteCommandRequest.type, { command: 'torchlint.clearWorkspaceResults' }),
    /** The rules of the diagnostics that are shown next, and where. */
    async next() {
      const { uri, diagnostics } = await published.next()
      return [uri.slice(project.uriOf('.').length + 1), ...diagnostics.map(({ code }) => code)]
    },
  }
}

function manyFiles(count: number): Readonly<Record<string, string>> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`part${index % 5}/f${index}.py`, misspelled]))
}

test('what belongs to the project is checked, and the client hears how far it is', async t => {
  const cells = [
    { cell_type: 'code', source: ['import torch\n'] },
    { cell_type: 'code', source: misspelled },
  ]
  const workspace = await openWorkspace(t, {
    '.git/HEAD': '',
    '.gitignore': 'old/\n',
    'torchlint.toml': 'exclude = ["left/"]\n[per-file-ignores]\n"own.py" = ["backends"]\n',
    'clean.py': correct,
    'left/train.py': misspelled,
    'old/train.py': misspelled,
    'own.py': misspelled,
    'train.ipynb': JSON.stringify({ nbformat: 4, metadata: {}, cells }),
    'train.py': misspelled,
    'venv/pyvenv.cfg': '',
    'venv/x.py': misspelled,
  })
  const progress: Progress[] = []
  assert.deepEqual(await workspace.check(one => progress.push(one)), {
    files: 4,
    checked: 4,
    problems: 2,
    isCancelled: false,
  })
  const inNotebook = await workspace.client.published.next()
  assert.equal(inNotebook.uri, workspace.uriOf('train.ipynb'))
  assert.deepEqual(
    inNotebook.diagnostics.map(({ range, message }) => ({ line: range.start.line, message })),
    [{ line: 0, message: `Cell 2, line 3: ${message.en}` }],
  )
  const inFile = await workspace.client.published.next()
  assert.equal(inFile.uri, workspace.uriOf('train.py'))
  assert.deepEqual(
    inFile.diagnostics.map(({ code, range, source }) => [code, range.start, source]),
    [[flag, { line: 2, character: 21 }, 'torchlint']],
  )
  const [first, ...others] = progress
  assert.deepEqual(first, {
    kind: 'begin',
    title: 'TorchLint: checking the workspace',
    percentage: 0,
    message: 'looking for files',
    cancellable: true,
  })
  assert.deepEqual(others.at(-2), { kind: 'report', percentage: 100, message: '4 of 4 files, 2 problems' })
  assert.deepEqual(others.at(-1), { kind: 'end' })
  assert.equal(await workspace.said.next(), 'TorchLint checked 4 files and found 2 problems.')
})

test('it can be cancelled: what has been found stays, and the user is told how far it got', async t => {
  const workspace = await openWorkspace(t, manyFiles(60), { locale: 'zh-cn' })
  const source = new CancellationTokenSource()
  const result = await workspace.check(one => {
    if (one.kind === 'report' && (one.percentage ?? 0) >= 20) source.cancel()
  }, source)
  assert.ok(result.isCancelled && result.checked >= 12 && result.checked < 60, JSON.stringify(result))
  for (let file = 0; file < result.checked; file++) assert.equal((await workspace.next())[1], flag)
  assert.equal(
    await workspace.said.next(),
    `TorchLint 的检查已取消：已检查 ${result.checked}/60 个文件，目前发现 ${result.checked} 个问题。`,
  )
})

test('a client that says nowhere to show progress is asked, and may cancel there', async t => {
  const workspace = await openWorkspace(t, manyFiles(60))
  const { connection } = workspace.client
  connection.onRequest(WorkDoneProgressCreateRequest.type, ({ token }) => {
    connection.onProgress(WorkDoneProgress.type, token, one => {
      if (one.kind === 'report' && (one.percentage ?? 0) >= 20)
        connection.sendNotification(WorkDoneProgressCancelNotification.type, { token })
    })
  })
  const result = await connection.sendRequest(ExecuteCommandRequest.type, { command: 'torchlint.checkWorkspace' })
  assert.ok(result.isCancelled && result.checked < 60, JSON.stringify(result))
  assert.match(await workspace.said.next(), /^TorchLint was stopped after \d+ of 60 files: \d+ problems so far\.$/)
})

test('a new check takes the place of the one before', async t => {
  const workspace = await openWorkspace(t, manyFiles(60))
  let second: Promise<unknown> | undefined
  const first = await workspace.check(one => {
    if (one.kind === 'report' && (one.percentage ?? 0) >= 20) second ??= workspace.check()
  })
  assert.ok(first.isCancelled)
  assert.deepEqual(await second, { files: 60, checked: 60, problems: 60, isCancelled: false })
  assert.equal(await workspace.said.next(), 'TorchLint checked 60 files and found 60 problems.')
})

test('a check drops what nobody has said is gone', async t => {
  const workspace = await openWorkspace(t, { 'one.py': misspelled, 'two.py': misspelled })
  await workspace.check()
  assert.deepEqual(await workspace.next(), ['one.py', flag])
  assert.deepEqual(await workspace.next(), ['two.py', flag])
  workspace.lose('one.py')
  await workspace.check()
  assert.deepEqual(await workspace.next(), ['one.py'])
})

test('an open file shows only what is found while it is edited', async t => {
  const workspace = await openWorkspace(t, { 'one.py': misspelled, 'two.py': misspelled })
  await workspace.open('one.py', correct)
  assert.equal((await workspace.check()).problems, 1)
  assert.deepEqual(await workspace.next(), ['two.py', flag])
  await workspace.open('two.py')
  assert.deepEqual(await workspace.next(), ['two.py'])
  assert.deepEqual(await workspace.rules('two.py'), [flag])
  await workspace.close('two.py')
  assert.deepEqual(await workspace.next(), ['two.py', flag])
  await workspace.close('one.py')
  assert.deepEqual(await workspace.next(), ['one.py', flag])
})

test('what a client without pulling shows of an open file is not taken away', async t => {
  const workspace = await openWorkspace(t, { 'one.py': misspelled }, { capabilities: {} })
  await workspace.check()
  assert.deepEqual(await workspace.next(), ['one.py', flag])
  await workspace.open('one.py')
  assert.deepEqual(await workspace.next(), ['one.py'])
  assert.deepEqual(await workspace.next(), ['one.py', flag])
  await workspace.check()
  await workspace.close('one.py')
  assert.deepEqual(await workspace.next(), ['one.py'])
  assert.deepEqual(await workspace.next(), ['one.py', flag])
})

test('files that change, come and go on the disk are noticed', async t => {
  const workspace = await openWorkspace(t, { '.git/HEAD': '', '.gitignore': 'old/\n', 'one.py': misspelled })
  await workspace.write('before.py', correct)
  await workspace.check()
  assert.deepEqual(await workspace.next(), ['one.py', flag])
  await workspace.write('one.py', correct)
  assert.deepEqual(await workspace.next(), ['one.py'])
  await workspace.write('old/two.py', misspelled)
  await workspace.write('new/two.py', misspelled)
  assert.deepEqual(await workspace.next(), ['new/two.py', flag])
  await workspace.remove('new/two.py')
  assert.deepEqual(await workspace.next(), ['new/two.py'])
  await workspace.write('new/three.py', misspelled)
  assert.deepEqual(await workspace.next(), ['new/three.py', flag])
  await workspace.write('.gitignore', 'new/\n')
  assert.deepEqual(await workspace.next(), ['new/three.py'])
  assert.deepEqual(await workspace.next(), ['old/two.py', flag])
})

test('settings that change count at once, and only where they change something', async t => {
  let language = 'en'
  const files = { 'a.py': misspelled, 'own/one.py': misspelled, 'own/torchlint.toml': '' }
  const workspace = await openWorkspace(t, files, { configuration: () => ({ language }) })
  await workspace.check()
  assert.deepEqual(await workspace.next(), ['a.py', flag])
  assert.deepEqual(await workspace.next(), ['own/one.py', flag])
  await workspace.write('own/torchlint.toml', 'ignore = ["backends"]\n')
  assert.deepEqual(await workspace.next(), ['own/one.py'])
  await workspace.write('torchlint.toml', 'exclude = ["a.py"]\n')
  assert.deepEqual(await workspace.next(), ['a.py'])
  await workspace.remove('torchlint.toml')
  assert.deepEqual(await workspace.next(), ['a.py', flag])
  language = 'zh-cn'
  await workspace.client.connection.sendNotification(DidChangeConfigurationNotification.type, { settings: null })
  const { diagnostics } = await workspace.client.published.next()
  assert.deepEqual(
    diagnostics.map(({ message }) => message),
    [message.zh],
  )
})

test('results are cleared, and nothing brings them back', async t => {
  const workspace = await openWorkspace(t, { 'one.py': misspelled, 'two.py': correct })
  await workspace.check()
  assert.deepEqual(await workspace.next(), ['one.py', flag])
  await workspace.clear()
  assert.deepEqual(await workspace.next(), ['one.py'])
  await workspace.write('one.py', misspelled)
  await workspace.write('two.py', misspelled)
  await workspace.write('torchlint.toml', 'exclude = ["two.py"]\n')
  await workspace.check()
  assert.deepEqual(await workspace.next(), ['one.py', flag])
})

test('of many problems the most severe are shown, and one bad file does not stop the rest', async t => {
  const workspace = await openWorkspace(
    t,
    {
      'a.ipynb': '{',
      'b.py': misspelled + misspelled.replace('import torch', '').repeat(4),
      'c.py': `\0${misspelled}`,
      'd.py': misspelled,
    },
    { configuration: () => ({ maxProblemsPerFile: 2 }) },
  )
  assert.deepEqual(await workspace.check(), { files: 4, checked: 4, problems: 6, isCancelled: false })
  assert.deepEqual(await workspace.next(), ['b.py', undefined, flag, flag])
  assert.deepEqual(await workspace.next(), ['d.py', flag])
  assert.match(await workspace.client.logged.next(), /a\.ipynb: this is no notebook/)
  assert.match(await workspace.client.logged.next(), /c\.py: this is a binary file/)
})

test('where there is no folder to check, the user is told so', async t => {
  const workspace = await openWorkspace(t, {}, { workspaceFolder: 'vscode-vfs://github/torchlint/torchlint' })
  assert.deepEqual(await workspace.check(), { files: 0, checked: 0, problems: 0, isCancelled: false })
  assert.match(await workspace.said.next(), /Open one first/)
})
