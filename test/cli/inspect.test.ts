/** `inspect` shows the learning rates of a script's schedulers, and which parameters its optimizers decay. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { folderWith, torchlint } from './torchlint.ts'

const script = `import argparse
import torch
from torch import nn
from torch.optim.lr_scheduler import StepLR

parser = argparse.ArgumentParser()
parser.add_argument("--lr", type=float, default=0.5)
args = parser.parse_args()
model = nn.Linear(4, 2)
images, labels = torch.randn(64, 4), torch.randint(0, 2, (64,))
optimizer = torch.optim.SGD(model.parameters(), lr=args.lr)
scheduler = StepLR(optimizer, step_size=2, gamma=0.1)
for epoch in range(3):
    optimizer.zero_grad()
    nn.functional.cross_entropy(model(images), labels).backward()
    optimizer.step()
    scheduler.step()
`

test('as JSON, with as many learning rates as the script makes steps, or as are asked for', async t => {
  const folder = folderWith(t, { 'train.py': script })
  const inspect = async (...args: string[]) => {
    const { stdout } = await torchlint(folder, ['inspect', 'train.py', '--format', 'json', ...args])
    return JSON.parse(stdout).schedulers
  }
  const scheduler = {
    name: 'scheduler',
    line: 12,
    expression: 'StepLR(optimizer, step_size=2, gamma=0.1)',
    optimizer: 'optimizer',
    stepped: 'batch',
    lrs: [0.5, 0.5, 0.05],
    momentums: null,
    assumptions: [{ expression: 'args.lr', value: '0.5' }],
    error: null,
  }
  assert.deepEqual(await inspect(), [scheduler])
  assert.deepEqual(await inspect('--steps', '2'), [{ ...scheduler, lrs: [0.5, 0.5] }])
})

test('as text, in both languages', async t => {
  const folder = folderWith(t, { 'train.py': script })
  const inspect = async (language: string) =>
    (await torchlint(folder, ['inspect', 'train.py', '--language', language])).stdout
  const english = await inspect('en')
  for (const part of ['stepped per batch', 'learning rate  0: 0.5  1: 0.5  2: 0.05', 'by default args.lr = 0.5'])
    assert(english.includes(part), english)
  const chinese = await inspect('zh-cn')
  for (const part of ['每个批次调用一次 step', '学习率  0: 0.5  1: 0.5  2: 0.05', '按默认值 args.lr = 0.5'])
    assert(chinese.includes(part), chinese)
})

test('an exception of PyTorch is said, and the rates end there', async t => {
  const cyclic = script.replace('StepLR(optimizer, step_size=2, gamma=0.1)', 'StepLR(optimizer, step_size=0)')
  const folder = folderWith(t, { 'train.py': cyclic })
  const { stdout } = await torchlint(folder, ['inspect', 'train.py', '--format', 'json'])
  const [scheduler] = JSON.parse(stdout).schedulers
  assert.deepEqual(scheduler.lrs, [0.5])
  assert.deepEqual(scheduler.error, { step: 1, type: 'ZeroDivisionError', message: 'integer modulo by zero' })
})

test('the number of steps is one', async t => {
  const folder = folderWith(t, { 'train.py': script })
  const { stderr, exitCode } = await torchlint(folder, ['inspect', 'train.py', '--steps', 'many'])
  assert.match(stderr, /option '--steps <number>' argument 'many' is invalid/)
  assert.equal(exitCode, 2)
})

const decaying = `import torch
from torch import nn

model = nn.Sequential(*[nn.Sequential(nn.Linear(8, 8), nn.LayerNorm(8)) for _ in range(12)])
optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=0.05)
`

test('the parameters that decay have their names', async t => {
  const folder = folderWith(t, { 'train.py': decaying.replace('range(12)', 'range(1)') })
  const { stdout } = await torchlint(folder, ['inspect', 'train.py', '--format', 'json'])
  assert.deepEqual(JSON.parse(stdout).optimizers[0].decay, {
    decayed: ['0.0.weight', '0.0.bias', '0.1.weight', '0.1.bias'],
    notDecayed: [],
    split: { decayed: ['0.0.weight'], notDecayed: ['0.0.bias', '0.1.weight', '0.1.bias'] },
  })
})

test('the names of many are condensed for people', async t => {
  const folder = folderWith(t, { 'train.py': decaying })
  const inspect = async (language: string) =>
    (await torchlint(folder, ['inspect', 'train.py', '--language', language])).stdout
  const english = await inspect('en')
  assert(english.includes('decayed  0–11.0.weight  0–11.0.bias  0–11.1.weight  0–11.1.bias'), english)
  assert(english.includes('not decayed after a split by ndim  0–11.0.bias  0–11.1.weight  0–11.1.bias'), english)
  const chinese = await inspect('zh-cn')
  assert(chinese.includes('按 ndim 分组后不再衰减  0–11.0.bias'), chinese)
})
