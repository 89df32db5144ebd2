import assert from 'node:assert/strict'
import { test } from 'node:test'
import { clean, deprecated, folderWith, message, misspelled, title, torchlint } from './torchlint.ts'

test('a finding is shown with its code, its fix and a closing line', async t => {
  const folder = folderWith(t, { 'train.py': misspelled })
  const { exitCode, stdout, stderr } = await torchlint(folder, ['check', 'train.py'])
  assert.equal(
    stdout,
    `error[backends/unknown-flag]: ${message.en}
 --> train.py:3:22
  |
3 | torch.backends.cudnn.benchmarks = True
  |                      ^^^^^^^^^^
  = safe fix: ${title.en}

1 error, 0 warnings, 0 infos in 1 file; 1 with a safe fix: torchlint check --fix
`,
  )
  assert.deepEqual([exitCode, stderr], [1, ''])
})

test('the same in Chinese', async t => {
  const folder = folderWith(t, { 'train.py': misspelled })
  const { stdout } = await torchlint(folder, ['check', 'train.py', '--language', 'zh-cn'])
  assert.equal(
    stdout,
    `错误[backends/unknown-flag]: ${message.zh}
 --> train.py:3:22
  |
3 | torch.backends.cudnn.benchmarks = True
  |                      ^^^^^^^^^^
  = 安全修复: ${title.zh}

1 个文件：1 个错误，0 个警告，0 条信息；1 处可安全修复：torchlint check --fix
`,
  )
})

test('in both languages, English stands first', async t => {
  const folder = folderWith(t, { 'train.py': misspelled })
  const { stdout } = await torchlint(folder, ['check', 'train.py', '--language=both'])
  assert.ok(stdout.startsWith(`error 错误[backends/unknown-flag]: ${message.en}\n    ${message.zh}\n --> `))
  assert.ok(stdout.includes(`safe fix / 安全修复: ${title.en} / ${title.zh}\n`))
  assert.match(stdout, /1 error[^\n]*\n1 个文件/)
})

test('related places are numbered in running order, in one frame with the finding', async t => {
  const folder = folderWith(t, {
    'train.py': `import torch

model = torch.nn.Linear(2, 2)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
scaler = torch.amp.GradScaler("cuda")
for batch in loader:
    loss = model(batch).sum()
    scaler.scale(loss).backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    scaler.step(optimizer)
    scaler.update()
`,
  })
  const { stdout } = await torchlint(folder, ['check', '.', '--select', 'amp/clip-before-unscale'])
  assert.match(stdout, / 8 \| {5}scaler\.scale\(loss\)\.backward\(\)\n +\| +-+ 1: .*\n +\| +-+ 2: .*\n 9 \| /)
  assert.match(stdout, / 9 \| .*clip_grad_norm_.*\n +\| {5}\^+\n10 \| /)
})

test('exit codes: 0 clean, 1 findings, 2 unreadable, also beside findings', async t => {
  const folder = folderWith(t, { 'clean.py': clean, 'train.py': misspelled })
  const exitCode = async (...args: string[]) => (await torchlint(folder, ['check', ...args])).exitCode
  assert.equal(await exitCode('clean.py'), 0)
  assert.equal(await exitCode('clean.py', 'train.py'), 1)
  assert.equal(await exitCode('missing.py', 'train.py'), 2)
})

test('what cannot be read is named on standard error, and the rest is checked', async t => {
  const folder = folderWith(t, { 'train.py': misspelled })
  const { stdout, stderr } = await torchlint(folder, ['check', 'missing.py', 'train.py'])
  assert.equal(stderr, 'missing.py: there is no such file or folder\n')
  assert.match(stdout, /1 error, 0 warnings, 0 infos in 1 file/)
})

test('a clean check says how much it looked at', async t => {
  const folder = folderWith(t, { 'a.py': clean, 'b/c.py': clean })
  assert.equal((await torchlint(folder, ['check', '.'])).stdout, '0 errors, 0 warnings, 0 infos in 2 files\n')
})

test('a folder without Python files is no mistake', async t => {
  const folder = folderWith(t, { 'notes.txt': misspelled })
  const { exitCode, stdout } = await torchlint(folder, ['check', '.'])
  assert.deepEqual([exitCode, stdout], [0, 'No Python files found\n'])
})

test('without a path, the current folder is checked', async t => {
  const folder = folderWith(t, { 'a.py': clean, 'b/c.py': clean })
  assert.equal((await torchlint(folder, ['check'])).stdout, '0 errors, 0 warnings, 0 infos in 2 files\n')
})

test('what is named and cannot be read is all that is said', async t => {
  const folder = folderWith(t, { 'gbk.py': Uint8Array.of(0x23, 0xd6, 0xd0) })
  const { exitCode, stdout, stderr } = await torchlint(folder, ['check', 'gbk.py'])
  assert.deepEqual([exitCode, stdout], [2, ''])
  assert.match(stderr, /^gbk\.py: it is not valid utf-8; .*\n$/)
})

test('a command about one file says what a folder is', async t => {
  const folder = folderWith(t, { 'src/a.py': clean })
  for (const command of ['inspect', 'doctor'])
    assert.equal((await torchlint(folder, [command, 'src'])).stderr, 'src: this is a folder, not a file\n')
})

test('colours are for terminals and for who insists on them', async t => {
  const folder = folderWith(t, { 'train.py': misspelled })
  const isColored = async (environment: Record<string, string>) =>
    (await torchlint(folder, ['check', 'train.py'], environment)).stdout.includes('\u001b[')
  assert.equal(await isColored({}), false)
  assert.equal(await isColored({ FORCE_COLOR: '1' }), true)
  assert.equal(await isColored({ FORCE_COLOR: '0' }), false)
  assert.equal(await isColored({ FORCE_COLOR: '1', NO_COLOR: '1' }), false)
})

test('--select and --ignore take ids and patterns', async t => {
  const folder = folderWith(t, { 'a.py': misspelled, 'b.py': deprecated })
  const rules = async (...args: string[]) => {
    const { stdout } = await torchlint(folder, ['check', '.', ...args])
    return Array.from(stdout.matchAll(/\[(\w+\/[\w-]+)\]/g), ([, rule]) => rule)
  }
  assert.deepEqual(await rules(), ['backends/unknown-flag', 'amp/deprecated-api'])
  assert.deepEqual(await rules('--select', 'amp/*'), ['amp/deprecated-api'])
  assert.deepEqual(await rules('--select', 'amp/*, backends/unknown-flag'), [
    'backends/unknown-flag',
    'amp/deprecated-api',
  ])
  assert.deepEqual(await rules('--ignore', 'backends/unknown-flag'), ['amp/deprecated-api'])
  assert.deepEqual(await rules('--select', '*', '--ignore', 'amp/*', '--ignore', 'backends/*'), [])
})

test('suppression comments count', async t => {
  const folder = folderWith(t, {
    'train.py': misspelled.replace('True', 'True  # torchlint: ignore[backends/unknown-flag]'),
  })
  assert.equal((await torchlint(folder, ['check', 'train.py'])).exitCode, 0)
})
