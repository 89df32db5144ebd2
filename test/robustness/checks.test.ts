/** Whatever lies in a folder: a clear message or silence, never a crash or a hang, and the next file is still checked. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { command, folderWith, misspelled, type Result, torchlint } from '../cli/torchlint.ts'

const statement = 'torch.backends.cudnn.benchmarks = True\n'

/** What is in the file, and what is said about it on standard error. */
const files: readonly { readonly title: string; readonly content: string | Uint8Array; readonly said?: RegExp }[] = [
  { title: 'an empty file', content: '' },
  { title: 'only line breaks', content: '\r\n\r\n\n\r\f\n' },
  { title: 'no Python at all', content: 'Lorem ipsum dolor sit amet, { consectetur ] adipiscing "elit\n'.repeat(50) },
  { title: 'a conflict of versions', content: `<<<<<<< HEAD\nx = 1\n=======\nx = 2\n>>>>>>> main\n` },
  { title: 'an unfinished statement', content: 'optimizer = torch.optim.SGD(model.parameters(), lr=\n' },
  { title: 'an open string', content: 'x = """never closed\nscaler.step(optimizer)\n' },
  { title: '2,000 nested parentheses', content: `x = ${'('.repeat(2000)}1${')'.repeat(2000)}\n` },
  { title: '2,000 open parentheses', content: `x = ${'('.repeat(2000)}\n` },
  {
    title: '1,000 nested blocks',
    content: Array.from({ length: 1000 }, (_, depth) => `${' '.repeat(depth)}if x:\n`).join(''),
  },
  { title: 'a chain of 2,000 calls', content: `x = a${'.b()'.repeat(2000)}\n` },
  { title: '2,000 additions', content: `x = 1${' + 1'.repeat(2000)}\n` },
  { title: 'lone surrogates', content: Buffer.from('\ufeffx = "\ud800"\n', 'utf16le'), said: /not valid utf-16le/ },
  {
    title: 'binary data',
    content: Uint8Array.from({ length: 4096 }, (_, index) => (index * 7919) % 256),
    said: /binary file/,
  },
  { title: 'a file that is not UTF-8', content: Buffer.from('# caf\xe9\n', 'latin1'), said: /not valid utf-8/ },
  { title: 'an encoding nobody knows', content: '# coding: klingon\n', said: /encoding klingon is not known/ },
  { title: '5 MB of statements', content: statement.repeat(2 ** 17), said: /5,111,808 characters/ },
  { title: '5 MB in one line', content: `import torch\nx = [${'1, '.repeat(1_700_000)}]\n`, said: /characters/ },
]

for (const { title, content, said } of files)
  test(title, async t => {
    const folder = folderWith(t, { 'a.py': content, 'b.py': misspelled })
    const result = await torchlint(folder, ['check', '.', '--format', 'json'])
    assertNextIsChecked(result)
    if (said) assert.match(result.stderr, said)
    else assert.equal(result.stderr, '')
    for (const line of result.stderr.trimEnd().split('\n')) assert.match(line, /^(a\.py: .*)?$/)
  })

test('a folder without permission', { skip: process.getuid?.() === 0 && 'root may read everything' }, async t => {
  const folder = folderWith(t, { 'a/x.py': '', 'b.py': misspelled })
  chmodSync(join(folder, 'a'), 0)
  t.after(() => chmodSync(join(folder, 'a'), 0o700))
  const result = await torchlint(folder, ['check', '.', '--format', 'json'])
  assertNextIsChecked(result)
  assert.deepEqual([result.exitCode, result.stderr], [2, 'a: permission denied\n'])
})

test('links that lead nowhere or in circles', async t => {
  const folder = folderWith(t, { 'b.py': misspelled })
  symlinkSync('nowhere.py', join(folder, 'a.py'))
  symlinkSync('aa.py', join(folder, 'aa.py'))
  symlinkSync('.', join(folder, 'again'))
  const found = await torchlint(folder, ['check', '.', '--format', 'json'])
  assertNextIsChecked(found)
  assert.deepEqual([found.exitCode, found.stderr], [1, ''])
  const named = await torchlint(folder, ['check', 'a.py', 'aa.py', 'b.py', '--format', 'json'])
  assertNextIsChecked(named)
  assert.deepEqual([named.exitCode, named.stderr], [2, 'a.py: the link leads nowhere\naa.py: the link leads nowhere\n'])
})

test('a folder that is called like a Python file', async t => {
  const folder = folderWith(t, { 'b.py': misspelled })
  mkdirSync(join(folder, 'a.py'))
  assertNextIsChecked(await torchlint(folder, ['check', '.', '--format', 'json']))
})

test('a reader that has seen enough', async t => {
  const folder = folderWith(t, { 'b.py': `import torch\n${statement.repeat(3000)}` })
  const child = spawn(process.execPath, [command, 'check', '.'], { cwd: folder })
  child.stdout.once('data', () => child.stdout.destroy())
  const complaints: string[] = []
  child.stderr.on('data', data => complaints.push(String(data)))
  await once(child, 'close')
  assert.deepEqual(complaints, [])
})

function assertNextIsChecked({ stdout }: Result): void {
  const findings: readonly { readonly file: string; readonly rule: string }[] = JSON.parse(stdout)
  assert.ok(findings.some(({ file, rule }) => file === 'b.py' && rule === 'backends/unknown-flag'))
}
