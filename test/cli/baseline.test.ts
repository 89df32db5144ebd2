/** `--baseline`: what is known is not shown again, wherever its line has gone. */
import assert from 'node:assert/strict'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { clean, deprecated, folderWith, misspelled, torchlint } from './torchlint.ts'

const line = 'torch.backends.cudnn.benchmarks = True'

test('a baseline is written, readable, and the same for the same findings', async t => {
  const folder = folderWith(t, { 'src/b.py': deprecated, 'src/a.py': `${misspelled}${line}\n`, 'c.py': clean })
  const { exitCode, stdout, stderr } = await torchlint(folder, [
    'check',
    '.',
    '--baseline',
    'b.json',
    '--update-baseline',
  ])
  assert.deepEqual([exitCode, stdout, stderr], [0, '', 'b.json: 3 findings in the baseline now\n'])
  assert.equal(
    readFileSync(join(folder, 'b.json'), 'utf8'),
    `{
  "version": 1,
  "findings": {
    "src/a.py": {
      "backends/unknown-flag": {
        "torch.backends.cudnn.benchmarks = True": 2
      }
    },
    "src/b.py": {
      "amp/deprecated-api": {
        "scaler = torch.cuda.amp.GradScaler()": 1
      }
    }
  }
}
`,
  )
})

/** Checks against a baseline of `before`. */
async function against(folder: string, before: string, after: string) {
  writeFileSync(join(folder, 'a.py'), before)
  await torchlint(folder, ['check', '.', '--baseline', 'b.json', '--update-baseline'])
  writeFileSync(join(folder, 'a.py'), after)
  const { exitCode, stdout, stderr } = await torchlint(folder, [
    'check',
    '.',
    '--baseline',
    'b.json',
    '--format',
    'json',
  ])
  const lines: readonly number[] = JSON.parse(stdout).map(({ start }: { start: { line: number } }) => start.line)
  return { exitCode, lines, stderr }
}

test('what is known may move, and be indented otherwise; what is new is shown', async t => {
  const folder = folderWith(t, {})
  const moved = `import torch\n\n# moved\nif torch:\n    torch.backends.cudnn.benchmarks  =  True\n`
  assert.deepEqual(await against(folder, misspelled, moved), { exitCode: 0, lines: [], stderr: '' })
  assert.deepEqual(await against(folder, misspelled, `${moved}${line}\n`), { exitCode: 1, lines: [6], stderr: '' })
  const other = await against(folder, misspelled, misspelled.replace('benchmarks', 'enable'))
  assert.deepEqual(other, {
    exitCode: 1,
    lines: [3],
    stderr: 'b.json: 1 finding of the baseline is gone: --update-baseline forgets it\n',
  })
})

test('files are known from whichever folder the command runs', async t => {
  const folder = folderWith(t, { 'src/a.py': misspelled })
  await torchlint(folder, ['check', '.', '--baseline', 'b.json', '--update-baseline'])
  const { exitCode } = await torchlint(join(folder, 'src'), ['check', '.', '--baseline', '../b.json'])
  assert.equal(exitCode, 0)
})

test('an update keeps what is known of other files, as long as they are there', async t => {
  const folder = folderWith(t, { 'a.py': misspelled, 'b.py': misspelled, 'c.py': misspelled })
  const update = (path: string) => torchlint(folder, ['check', path, '--baseline', 'b.json', '--update-baseline'])
  const known = () => Object.keys(JSON.parse(readFileSync(join(folder, 'b.json'), 'utf8')).findings)
  await update('.')
  writeFileSync(join(folder, 'b.py'), clean)
  rmSync(join(folder, 'c.py'))
  await update('a.py')
  assert.deepEqual(known(), ['a.py', 'b.py'])
  await update('b.py')
  assert.deepEqual(known(), ['a.py'])
})

test('a baseline that is missing, or none, is a mistake: nothing is passed in silence', async t => {
  const folder = folderWith(t, {
    'a.py': misspelled,
    'other.json': '[]',
    'wrong.json': '{"version": 1, "findings": {"a": 1}}',
    'newer.json': '{"version": 2, "findings": {}}',
  })
  const complaint = async (name: string, ...args: readonly string[]) => {
    const { exitCode, stderr, stdout } = await torchlint(folder, ['check', '.', '--baseline', name, ...args])
    assert.deepEqual([exitCode, stdout], [2, ''])
    return stderr
  }
  assert.equal(
    await complaint('missing.json'),
    'torchlint: missing.json: there is no such baseline: --update-baseline writes it\n',
  )
  for (const name of ['other.json', 'wrong.json', 'newer.json', 'a.py'])
    assert.equal(
      await complaint(name, '--update-baseline'),
      `torchlint: ${name}: this is not a baseline of TorchLint\n`,
    )
  assert.equal(
    await complaint('other.json', '--language', 'zh-cn'),
    'torchlint: other.json：这不是 TorchLint 的基线文件\n',
  )
})
