import assert from 'node:assert/strict'
import { test } from 'node:test'
import { folderWith, torchlint } from './torchlint.ts'

const script = `import torch

from helpers.engine import backward

optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
scaler = torch.amp.GradScaler('cuda')
for images, targets in loader:
    optimizer.zero_grad()
    backward(criterion(model(images), targets), scaler)
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    scaler.step(optimizer)
    scaler.update()
`
const engine = `# The path leads through here.
def backward(loss, scaler):
    scaler.scale(loss).backward()
`
const select = ['--select', 'amp/clip-before-unscale']

test('imports are looked for in the project, and the other file is shown with its own lines', async t => {
  const folder = folderWith(t, { 'pyproject.toml': '', 'tools/train.py': script, 'helpers/engine.py': engine })
  const { exitCode, stdout } = await torchlint(folder, ['check', 'tools', ...select])
  assert.equal(exitCode, 1)
  assert.match(stdout, /--> tools\/train\.py:10:5\n/)
  assert.match(stdout, /::: helpers\/engine\.py:3:5\n/)
  assert.match(stdout, /3 \| {5}scaler\.scale\(loss\)\.backward\(\)\n.*-+ 1: the loss is scaled\n/)
})

test('beyond the folder that was named and the project nothing is read', async t => {
  const folder = folderWith(t, { 'tools/train.py': script, 'helpers/engine.py': engine })
  assert.equal((await torchlint(folder, ['check', 'tools', ...select])).exitCode, 0)
  assert.equal((await torchlint(folder, ['check', '.', ...select])).exitCode, 1)
})

test('the file may be in another encoding, or no text at all', async t => {
  const latin = Buffer.concat([Buffer.from('# -*- coding: latin-1 -*-\n# '), Buffer.from([0xe9]), Buffer.from('\n')])
  const folder = folderWith(t, { 'train.py': script, 'helpers/engine.py': Buffer.concat([latin, Buffer.from(engine)]) })
  assert.equal((await torchlint(folder, ['check', '.', ...select])).exitCode, 1)
  const other = folderWith(t, { 'train.py': script, 'helpers/engine.py': Uint8Array.from([0, 159, 146, 150]) })
  assert.equal((await torchlint(other, ['check', 'train.py', ...select])).exitCode, 0)
})
