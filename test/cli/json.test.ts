/** `check --format json` is what other programs read: docs/json.md promises exactly this. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { clean, folderWith, message, title, torchlint } from './torchlint.ts'

async function checkJson(folder: string, ...args: string[]): Promise<unknown> {
  return JSON.parse((await torchlint(folder, ['check', '--format', 'json', ...args])).stdout)
}

/** Columns and offsets count UTF-16 units of the text behind the byte order mark. */
const script = '\ufeffimport torch\r\nx = "😀"; torch.backends.cudnn.benchmarks = True\r\n'

test('the form of a finding', async t => {
  const folder = folderWith(t, { 'src/train.py': script })
  assert.deepEqual(await checkJson(folder, 'src'), [
    {
      file: 'src/train.py',
      rule: 'backends/unknown-flag',
      level: 'error',
      message: message.en,
      start: { line: 2, column: 32 },
      end: { line: 2, column: 42 },
      fix: { title: title.en, safe: true, edits: [{ start: 45, end: 55, text: 'benchmark' }] },
    },
  ])
  assert.equal(script.slice(1).slice(45, 55), 'benchmarks')
})

test('the output is one array, also when there is nothing to say', async t => {
  const folder = folderWith(t, { 'a.py': clean })
  const { stdout, exitCode } = await torchlint(folder, ['check', '--format', 'json', '.'])
  assert.deepEqual([stdout, exitCode], ['[]\n', 0])
})

test('a finding without a fix has no `fix`', async t => {
  const folder = folderWith(t, { 'a.py': 'import torch\n\ntorch.backends.cudnn.zzzzzzzz = True\n' })
  const [finding] = (await checkJson(folder, '.')) as object[]
  assert.deepEqual(Object.keys(finding ?? {}), ['file', 'rule', 'level', 'message', 'start', 'end'])
})

test('what cannot be read is said on standard error; standard output stays JSON', async t => {
  const folder = folderWith(t, { 'a.py': clean })
  const { stdout, stderr, exitCode } = await torchlint(folder, ['check', '--format', 'json', 'a.py', 'b.py'])
  assert.deepEqual([stdout, stderr, exitCode], ['[]\n', 'b.py: there is no such file or folder\n', 2])
})

test('messages and titles follow --language', async t => {
  const folder = folderWith(t, { 'a.py': script })
  const [finding] = (await checkJson(folder, '.', '--language', 'zh-cn')) as {
    message: string
    fix: { title: string }
  }[]
  assert.equal(finding?.message, message.zh)
  assert.equal(finding?.fix.title, title.zh)
})
