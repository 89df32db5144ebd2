import assert from 'node:assert/strict'
import { test } from 'node:test'
import { leaking } from '../doctor/scripts.ts'
import { folderWith, torchlint } from './torchlint.ts'

const error = 'torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 20.00 MiB.'

test('the page about a script, with the error as an argument or on standard input', async t => {
  const folder = folderWith(t, { 'train.py': leaking })
  const { exitCode, stdout } = await torchlint(folder, ['doctor', 'train.py', '--error', error])
  assert.equal(exitCode, 0)
  assert.match(stdout, /^# Why does the GPU run out of memory\?\n\n`train\.py`\n\n## What the error says/)
  assert.match(stdout, /### Line 38: `loss`/)
  assert.doesNotMatch(stdout, /\]\(/)
  assert.equal((await torchlint(folder, ['doctor', 'train.py', '--error', '-'], {}, error)).stdout, stdout)
})

test('in Chinese, and without an error', async t => {
  const folder = folderWith(t, { 'train.py': leaking })
  const { stdout } = await torchlint(folder, ['doctor', 'train.py', '--language', 'zh-cn'])
  assert.match(stdout, /^# 为什么显存不足？/)
  assert.doesNotMatch(stdout, /报错说了什么/)
})

test('a file that is not there', async t => {
  const { exitCode, stderr } = await torchlint(folderWith(t, {}), ['doctor', 'train.py'])
  assert.equal(exitCode, 2)
  assert.match(stderr, /^train\.py: /)
})

test('a notebook, whose lines are named by their cells, also that which raised the error', async t => {
  const code = (source: string, execution_count: number) => ({ cell_type: 'code', execution_count, source })
  const title = { cell_type: 'markdown', source: '# Training' }
  const cells = [
    title,
    code('%matplotlib inline\nimport torch', 1),
    code(leaking.replace(/if __name__.*/s, 'main()'), 3),
  ]
  const folder = folderWith(t, { 'train.ipynb': JSON.stringify({ cells, nbformat: 4 }) })
  const raised = `${error}\nCell In[3], line 50\n     48 \n---> 50 main()\n\nCell In[3], line 36, in main()`
  const { stdout } = await torchlint(folder, ['doctor', 'train.ipynb', '--error', raised])
  assert.match(stdout, /^Raised at cell 3, line 36: `loss\.backward\(\)`$/m)
  assert.match(stdout, /^### Cell 3, line 38: `loss`$/m)
})
