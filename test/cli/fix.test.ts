/** `--fix` changes what a safe fix changes, and not a byte beside it. */
import assert from 'node:assert/strict'
import { chmodSync, lstatSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { deprecated, folderWith, misspelled, repaired, title, torchlint } from './torchlint.ts'

test('a fix is applied and named, and the check is clean afterwards', async t => {
  const folder = folderWith(t, { 'train.py': misspelled })
  const { exitCode, stdout } = await torchlint(folder, ['check', '--fix', 'train.py'])
  assert.equal(
    stdout,
    `fixed train.py:3 backends/unknown-flag: ${title.en}

0 errors, 0 warnings, 0 infos in 1 file; 1 fixed
`,
  )
  assert.equal(exitCode, 0)
  assert.equal(readFileSync(join(folder, 'train.py'), 'utf8'), repaired)
  assert.deepEqual(readdirSync(folder), ['train.py'])
})

test('with JSON, the array has what remains, and standard error what was fixed', async t => {
  const folder = folderWith(t, { 'train.py': misspelled })
  const { stdout, stderr } = await torchlint(folder, ['check', '--fix', '--format', 'json', 'train.py'])
  assert.equal(stdout, '[]\n')
  assert.equal(stderr, `fixed train.py:3 backends/unknown-flag: ${title.en}\n`)
})

test('several fixes are applied at once, of selected rules only', async t => {
  const both = deprecated + misspelled.slice('import torch\n'.length)
  const folder = folderWith(t, { 'a.py': both, 'b.py': both })
  await torchlint(folder, ['check', '--fix', 'a.py'])
  assert.equal(
    readFileSync(join(folder, 'a.py'), 'utf8'),
    both.replace('torch.cuda.amp.GradScaler()', 'torch.amp.GradScaler("cuda")').replace('benchmarks', 'benchmark'),
  )
  await torchlint(folder, ['check', '--fix', '--select', 'backends/*', 'b.py'])
  assert.equal(readFileSync(join(folder, 'b.py'), 'utf8'), both.replace('benchmarks', 'benchmark'))
})

test('a fix that the user has to decide on is not applied', async t => {
  const script = `import torch

model = torch.nn.Sequential(torch.nn.Linear(2, 2))
optimizer = torch.optim.AdamW(model.parameters(), lr=0.1, weight_decay=0.1)
`
  const folder = folderWith(t, { 'train.py': script })
  const { stdout, exitCode } = await torchlint(folder, ['check', '--fix', '--select', 'optimizer/*', 'train.py'])
  assert.match(stdout, /= fix: /)
  assert.equal(exitCode, 1)
  assert.equal(readFileSync(join(folder, 'train.py'), 'utf8'), script)
})

/** Files in every encoding: the text without the mistake, and what stands before it. */
const encodings: readonly { readonly title: string; readonly encode: (text: string) => Uint8Array }[] = [
  { title: 'UTF-8', encode: text => Buffer.from(`x = "中文😀"\n${text}`) },
  { title: 'UTF-8 with a byte order mark', encode: text => Buffer.from(`\ufeff# 中\n${text}`) },
  { title: 'CRLF', encode: text => Buffer.from(text.replaceAll('\n', '\r\n')) },
  { title: 'mixed line endings', encode: text => Buffer.from(`\r\n\r\f\n${text}\r\n\r`) },
  { title: 'no line break at the end', encode: text => Buffer.from(text.trimEnd()) },
  { title: 'white space at the end of lines', encode: text => Buffer.from(text.replaceAll('\n', ' \t\n')) },
  { title: 'UTF-16, little end first', encode: text => Buffer.from(`\ufeffx = "中😀"\n${text}`, 'utf16le') },
  { title: 'UTF-16, big end first', encode: text => Buffer.from(`\ufeffx = "中😀"\n${text}`, 'utf16le').swap16() },
  { title: 'Latin-1', encode: text => Buffer.from(`# coding: latin-1\n# \x80\x9f\xe9\n${text}`, 'latin1') },
  { title: 'Windows-1252', encode: text => Buffer.from(`# coding: cp1252\n# \x80\x81\xe9\n${text}`, 'latin1') },
  {
    title: 'GBK',
    encode: text =>
      Buffer.concat([Buffer.from('# -*- coding: gbk -*-\n# \xd6\xd0\xce\xc4\n', 'latin1'), Buffer.from(text)]),
  },
  {
    title: 'Shift JIS by its Windows name',
    encode: text =>
      Buffer.from(`#!/usr/bin/python\n# vim: set fileencoding=cp932 :\n# \x93\xfa\x96\x7b\n${text}`, 'latin1'),
  },
]

for (const { title, encode } of encodings)
  test(`the file is otherwise kept byte for byte: ${title}`, async t => {
    const folder = folderWith(t, { 'train.py': encode(misspelled) })
    const { stderr } = await torchlint(folder, ['check', '--fix', 'train.py'])
    assert.equal(stderr, '')
    assert.deepEqual(readFileSync(join(folder, 'train.py')), Buffer.from(encode(repaired)))
  })

test('a fix that cannot be written is not made: the file stays, and the finding', async t => {
  const content = Buffer.from(`# coding: shift_jis\n# \x87\x54 = \xfa\x4a\n${misspelled}`, 'latin1')
  const folder = folderWith(t, { 'train.py': content })
  const { exitCode, stdout, stderr } = await torchlint(folder, ['check', '--fix', 'train.py'])
  assert.equal(stderr, "train.py: the fix cannot be written in the file's encoding shift-jis\n")
  assert.match(stdout, /1 error/)
  assert.equal(exitCode, 2)
  assert.deepEqual(readFileSync(join(folder, 'train.py')), content)
})

test('permissions stay, and a link stays a link', async t => {
  const folder = folderWith(t, { 'scripts/train.py': misspelled })
  chmodSync(join(folder, 'scripts/train.py'), 0o755)
  symlinkSync('scripts/train.py', join(folder, 'link.py'))
  await torchlint(folder, ['check', '--fix', 'link.py'])
  assert.ok(lstatSync(join(folder, 'link.py')).isSymbolicLink())
  assert.equal(readFileSync(join(folder, 'scripts/train.py'), 'utf8'), repaired)
  assert.equal(statSync(join(folder, 'scripts/train.py')).mode & 0o777, 0o755)
})

test('a file without safe fixes is not written at all', async t => {
  const folder = folderWith(t, { 'train.py': repaired })
  const before = statSync(join(folder, 'train.py'))
  await torchlint(folder, ['check', '--fix', 'train.py'])
  const after = statSync(join(folder, 'train.py'))
  assert.deepEqual([after.ino, after.mtimeMs], [before.ino, before.mtimeMs])
})
