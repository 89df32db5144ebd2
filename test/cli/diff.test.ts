/** `--diff` shows what the fixes would change; `--unsafe` takes those in that somebody has to want. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { clean, folderWith, misspelled, repaired, torchlint } from './torchlint.ts'

test('the fixes as a unified diff, and nothing is written', async t => {
  const folder = folderWith(t, { 'src/a.py': misspelled, 'b.py': clean })
  const { stdout, stderr, exitCode } = await torchlint(folder, ['check', '.', '--diff'])
  assert.equal(
    stdout,
    `--- a/src/a.py
+++ b/src/a.py
@@ -1,3 +1,3 @@
 import torch
 
-torch.backends.cudnn.benchmarks = True
+torch.backends.cudnn.benchmark = True
`,
  )
  assert.deepEqual([stderr, exitCode], ['', 1])
  assert.equal(readFileSync(join(folder, 'src/a.py'), 'utf8'), misspelled)
})

test('without a fix there is no diff', async t => {
  const folder = folderWith(t, { 'a.py': 'import torch\n\ntorch.backends.cudnn.zzzzzzzz = True\n' })
  assert.deepEqual(await torchlint(folder, ['check', '.', '--diff']), { stdout: '', stderr: '', exitCode: 0 })
})

test('git applies the diff: without a last line break, with CRLF, under a Chinese name', async t => {
  const files = {
    'a.py': misspelled.trimEnd(),
    'b.py': misspelled.replaceAll('\n', '\r\n'),
    '训练 脚本.py': misspelled,
  }
  const folder = folderWith(t, files)
  const { stdout } = await torchlint(folder, ['check', '.', '--diff'])
  const { status, stderr } = spawnSync('git', ['apply', '-'], { cwd: folder, input: stdout, encoding: 'utf8' })
  assert.deepEqual([status, stderr], [0, ''])
  for (const [name, text] of Object.entries(files))
    assert.equal(readFileSync(join(folder, name), 'utf8'), text.replace('benchmarks', 'benchmark'))
})

const decays = `import torch

model = torch.nn.Sequential(torch.nn.Linear(2, 2))
optimizer = torch.optim.AdamW(model.parameters(), lr=0.1, weight_decay=0.1)
`

test('--unsafe takes in the fixes that are only offered', async t => {
  const folder = folderWith(t, { 'a.py': decays })
  const args = ['check', '.', '--select', 'optimizer/bias-decay'] as const
  assert.equal((await torchlint(folder, [...args, '--diff'])).stdout, '')
  assert.match((await torchlint(folder, [...args, '--diff', '--unsafe'])).stdout, /^\+ .*if p\.ndim >= 2/m)
  const { exitCode, stdout } = await torchlint(folder, [...args, '--fix', '--unsafe'])
  assert.match(stdout, /^fixed a\.py:4 optimizer\/bias-decay: /)
  assert.equal(exitCode, 0)
  assert.match(readFileSync(join(folder, 'a.py'), 'utf8'), /if p\.ndim >= 2/)
})

test('standard input is checked under the name that it is given', async t => {
  const folder = folderWith(t, { 'src/torchlint.toml': 'severity = { "backends" = "info" }\n' })
  const { stdout, exitCode } = await torchlint(folder, ['check', '-', '--stdin-filename', 'src/a.py'], {}, misspelled)
  assert.match(stdout, /^info\[backends\/unknown-flag\].*\n --> src\/a\.py:3:22\n/)
  assert.equal(exitCode, 1)
  assert.match((await torchlint(folder, ['check', '-'], {}, misspelled)).stdout, /^error.*\n --> <stdin>:3:22\n/)
})

test('standard input is repaired onto standard output, in its own encoding', async t => {
  const folder = folderWith(t, {})
  const { stdout, stderr, exitCode } = await torchlint(folder, ['check', '-', '--fix'], {}, misspelled)
  assert.equal(stdout, repaired)
  assert.match(stderr, /^fixed <stdin>:3 backends\/unknown-flag: [\s\S]*1 fixed\n$/)
  assert.equal(exitCode, 0)
  assert.equal((await torchlint(folder, ['check', '-', '--fix'], {}, clean)).stdout, clean)
  const marked = await torchlint(folder, ['check', '-', '--fix'], {}, `\ufeff# 中\n${misspelled}`)
  assert.equal(marked.stdout, `\ufeff# 中\n${repaired}`)
  assert.match((await torchlint(folder, ['check', '-', '--diff'], {}, misspelled)).stdout, /^--- a\/<stdin>\n/)
})

test('what makes no sense together is refused', async t => {
  const folder = folderWith(t, { 'a.py': clean })
  for (const [args, complaint] of [
    [['--unsafe'], '--unsafe goes with --fix or --diff'],
    [['--update-baseline'], '--update-baseline goes with --baseline FILE'],
    [['--stdin-filename', 'b.py'], '--stdin-filename goes with the path -'],
    [['-'], 'standard input is checked alone'],
    [['--statistics', '--format', 'sarif'], '--statistics is printed as text or json'],
    [['--diff', '--fix'], "option '--diff' cannot be used with option '--fix'"],
    [['--jobs', '0'], "option '--jobs <number>' argument '0' is invalid. It must be a positive whole number."],
  ] as const) {
    const { exitCode, stderr, stdout } = await torchlint(folder, ['check', 'a.py', ...args])
    assert.deepEqual([exitCode, stdout, stderr], [2, '', `torchlint: ${complaint}\n`])
  }
})
