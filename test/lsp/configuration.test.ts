/** Settings and configuration files: what counts for a document, at once when it changes, and mistakes where they stand. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { DidChangeConfigurationNotification } from 'vscode-languageserver/node'
import { startServer } from './client.ts'
import { openProject } from './project.ts'
import { misspelled } from './scripts.ts'

const flag = 'backends/unknown-flag'

test('the nearest file counts, and anew when it changes', async t => {
  const project = await openProject(t, {
    'pyproject.toml': '[tool.torchlint]\nignore = ["backends"]\n',
    'train.py': misspelled,
    'inner/torchlint.toml': '',
    'inner/train.py': misspelled,
  })
  await project.open('train.py')
  await project.open('inner/train.py')
  assert.deepEqual(await project.rules('train.py'), [])
  assert.deepEqual(await project.rules('inner/train.py'), [flag])
  await project.write('pyproject.toml', `[tool.torchlint.severity]\n"${flag}" = "info"\n`)
  await project.client.refreshed.next()
  const [finding] = await project.report('train.py')
  assert.equal(finding?.severity, 3)
})

test('a file that is excluded has no findings', async t => {
  const files = { 'torchlint.toml': 'exclude = ["old/"]\n', 'old/train.py': misspelled }
  const project = await openProject(t, files)
  await project.open('old/train.py')
  assert.deepEqual(await project.rules('old/train.py'), [])
})

test("the editor's settings come first, but only where they are set", async t => {
  const project = await openProject(
    t,
    { 'torchlint.toml': '[severity]\nbackends = "info"\nloop = "off"\n', 'train.py': misspelled },
    () => ({
      configuration: () => ({ severity: { backends: 'warning' }, select: [], ignore: [], preset: 'recommended' }),
    }),
  )
  await project.open('train.py')
  const [finding] = await project.report('train.py')
  assert.equal(finding?.severity, 2)
})

test('a folder of the workspace may have settings of its own', async t => {
  const project = await openProject(t, { 'inner/train.py': misspelled, 'train.py': misspelled }, folder => ({
    workspaceFolder: pathToFileURL(join(folder, 'inner')).href,
    configuration: scope => ({ ignore: scope === undefined ? [] : ['backends'] }),
  }))
  await project.open('inner/train.py')
  await project.open('train.py')
  assert.deepEqual(await project.rules('inner/train.py'), [])
  assert.deepEqual(await project.rules('train.py'), [flag])
})

test('a level that changes counts at once', async t => {
  let severity: unknown = {}
  const client = await startServer(t, { configuration: () => ({ severity }) })
  await client.open(misspelled)
  const level = async () => {
    const report = await client.pull()
    return report.kind === 'full' ? report.items.map(({ severity }) => severity) : report.kind
  }
  assert.deepEqual(await level(), [1])
  severity = { 'backends/*': 'info' }
  await client.connection.sendNotification(DidChangeConfigurationNotification.type, { settings: null })
  await client.refreshed.next()
  assert.deepEqual(await level(), [3])
  severity = { [flag]: 'off' }
  await client.connection.sendNotification(DidChangeConfigurationNotification.type, { settings: null })
  await client.refreshed.next()
  assert.deepEqual(await level(), [])
})

test('a setting that makes no sense is named, and the rest counts', async t => {
  const configuration = () => ({ select: ['backend/*', 'backends/*'], ignore: 'amp' })
  const client = await startServer(t, { configuration, locale: 'zh-cn' })
  await client.open(misspelled)
  const report = await client.pull()
  assert.equal(report.kind === 'full' && report.items.length, 1)
  assert.equal(await client.logged.next(), 'torchlint.select：没有规则 backend/*：您是否想输入 backends/*？')
  assert.equal(await client.logged.next(), 'torchlint.ignore：应为字符串列表')
})

test('a mistake in a configuration file is shown in that file until it is gone', async t => {
  const project = await openProject(t, {
    'pyproject.toml': '[project]\nname = "a"\n\n[tool.torchlint]\nselct = ["amp"]\n',
    'train.py': misspelled,
  })
  await project.open('train.py')
  const { uri, diagnostics } = await project.client.published.next()
  assert.equal(uri, project.uriOf('pyproject.toml'))
  assert.deepEqual(diagnostics, [
    {
      range: { start: { line: 4, character: 0 }, end: { line: 4, character: 5 } },
      severity: 2,
      source: 'torchlint',
      message: 'there is no setting selct: did you mean select?',
    },
  ])
  await project.write('pyproject.toml', '[tool.torchlint]\nselect = ["amp"]\n')
  assert.deepEqual((await project.client.published.next()).diagnostics, [])
  assert.deepEqual(await project.rules('train.py'), [])
})

test('the file tells the language where the editor leaves it open', async t => {
  const project = await openProject(t, { 'torchlint.toml': 'language = "zh-cn"\n', 'train.py': misspelled })
  await project.open('train.py')
  const [finding] = await project.report('train.py')
  assert.match(String(finding?.message), /\p{Script=Han}/u)
})

test('of many problems the most severe are shown, with a note', async t => {
  const notes = 'unused = 1  # torchlint: ignore\n'.repeat(5)
  const configuration = () => ({ maxProblemsPerFile: 3, unusedSuppressions: 'info' })
  const client = await startServer(t, { configuration })
  await client.open(`${notes}${misspelled}`)
  const report = await client.pull()
  assert.ok(report.kind === 'full')
  assert.deepEqual(
    report.items.map(({ code, message }) => code ?? message),
    [
      '3 of 6 problems of this file are shown (torchlint.maxProblemsPerFile)',
      'unused-suppression',
      'unused-suppression',
      flag,
    ],
  )
})
