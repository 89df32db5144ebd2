/** Which version scripts are judged against: the option's, else the one that the files of their project tell. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { folderWith, torchlint } from './torchlint.ts'

const script = 'import torch\n\nweights = torch.load("weights.pt")\nvalues = torch.symeig(weights)\n'

async function rulesIn(folder: string, ...options: readonly string[]): Promise<readonly string[]> {
  const { stdout } = await torchlint(folder, ['check', '.', '--format', 'json', ...options])
  const found: readonly { readonly file: string; readonly rule: string; readonly level: string }[] = JSON.parse(stdout)
  return found.map(({ file, rule, level }) => `${file} ${level} ${rule}`)
}

test('a script is judged by the requirements of its project', async t => {
  const folder = folderWith(t, {
    'old/requirements.txt': 'torch==1.12.1\n',
    'old/train.py': script,
    'middle/pyproject.toml': '[project]\ndependencies = ["torch>=2.1,<2.4"]\n',
    'middle/src/train.py': script,
    'new/train.py': script,
  })
  assert.deepEqual(await rulesIn(folder), [
    'middle/src/train.py warning api/unsafe-load',
    'middle/src/train.py error api/deprecated',
    'new/train.py error api/deprecated',
    'old/train.py warning api/deprecated',
  ])
})

test('the option has the last word', async t => {
  const folder = folderWith(t, { 'requirements.txt': 'torch==2.3.0\n', 'train.py': script })
  assert.deepEqual(await rulesIn(folder, '--torch-version', '1.8'), [])
  assert.deepEqual(await rulesIn(folder, '--torch-version', 'auto'), [
    'train.py warning api/unsafe-load',
    'train.py error api/deprecated',
  ])
})
