/** What a hover says of the script's own optimizer, scheduler and scaler: `|` marks the cursor. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { rules } from '../../server/src/generated/rules.ts'
import { lint } from '../../server/src/lint.ts'
import { type Portrait, portraitAt } from '../../server/src/portraits/portrait.ts'
import { createModel } from '../../server/src/semantic/create.ts'
import { knowledge } from '../../server/src/torch/knowledge.ts'
import { parser } from '../support/parser.ts'

function portrait(marked: string, images = false): Portrait | undefined {
  const offset = marked.indexOf('|')
  const model = createModel(parser.open(marked.replace('|', '')).module, knowledge)
  return portraitAt(model, lint(model, rules, {}).findings, offset, images)
}

const head = `import torch
from torch import nn
from torch.optim import lr_scheduler
model = nn.Linear(3, 2)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
`

const loop = `for epoch in range(90):
    for x, y in loader:
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(x), y).backward()
        optimizer.step()
    scheduler.step()
`

describe('a scheduler', () => {
  const marked = [
    `${head}sche|duler = lr_scheduler.MultiStepLR(optimizer, milestones=[30, 60])\n${loop}`,
    `${head}scheduler = lr_scheduler.Multi|StepLR(optimizer, milestones=[30, 60])\n${loop}`,
    `${head}scheduler = lr_scheduler.MultiStepLR(optimizer, milestones=[30, 60])\n${loop.replace('scheduler', 'sched|uler')}`,
    `${head}scheduler = lr_scheduler.MultiStepLR(optimizer, milestones=[30, 60])\n${loop.replace('scheduler.s', 'scheduler.s|')}`,
  ]

  test('tells its learning rates where it is made, named and stepped', () => {
    for (const script of marked) {
      const { markdown } = portrait(script) ?? {}
      assert.match(markdown?.en ?? '', /`MultiStepLR`, line 6, steps once per epoch, 90 times in all/)
      assert.match(markdown?.en ?? '', /epoch 0: `0\.1` · epoch 30: `0\.01` · epoch 60: `1e-3`/)
      assert.match(markdown?.zh ?? '', /第 6 行，每个轮次一步，共 90 步/)
    }
  })

  test('is drawn where pictures are shown, with its milestones', () => {
    const { markdown } = portrait(marked[0] ?? '', true) ?? {}
    const [, encoded = ''] = markdown?.zh.match(/base64,([^)]*)\)/) ?? []
    const picture = Buffer.from(encoded, 'base64').toString('utf8')
    assert.ok(picture.includes('轮次（epoch）') && picture.includes('学习率'))
    assert.equal(picture.match(/stroke-dasharray="2 3"/g)?.length, 2)
    assert.ok(encoded.length < 20_000)
  })

  test('is drawn as far as inspect lists it, however long the training', () => {
    const long = loop.replace('range(90)', 'range(150000)')
    const script = `${head}sche|duler = lr_scheduler.StepLR(optimizer, step_size=50000)\n${long}`
    const { markdown } = portrait(script) ?? {}
    assert.match(markdown?.en ?? '', /150000 times in all/)
    assert.match(markdown?.en ?? '', /epoch 0: `0\.1` · epoch 50000: `0\.01`$/)
  })

  test('says which defaults its numbers rest on', () => {
    const script = `import argparse
${head}parser = argparse.ArgumentParser()
parser.add_argument('--gamma', type=float, default=0.5)
args = parser.parse_args()
sche|duler = lr_scheduler.ExponentialLR(optimizer, gamma=args.gamma)
`
    const { markdown } = portrait(script) ?? {}
    assert.match(markdown?.en ?? '', /With the defaults `args\.gamma` = `0\.5`/)
    assert.match(markdown?.zh ?? '', /按默认值 `args\.gamma` = `0\.5` 计算/)
  })

  test('shows its shape where the numbers are not in the text', () => {
    const { markdown } = portrait(`${head}sche|duler = lr_scheduler.StepLR(optimizer, step_size=size())\n`) ?? {}
    assert.match(markdown?.en ?? '', /numbers that the text does not show; its shape:\n\n`█+/)
  })

  test('says what PyTorch raises on the way', () => {
    const script = `${head}sche|duler = lr_scheduler.OneCycleLR(optimizer, max_lr=0.1, total_steps=50)\n${loop}`
    assert.match(
      portrait(script)?.markdown.en ?? '',
      /Call 51 of `step\(\)` raises `ValueError: Tried to step 51 times/,
    )
  })
})

test('an optimizer names what decays', () => {
  const net = `import torch
from torch import nn
model = nn.Sequential(nn.Linear(3, 2), nn.BatchNorm1d(2))
matrices = [p for p in model.parameters() if p.ndim >= 2]
others = [p for p in model.parameters() if p.ndim < 2]
`
  const all = portrait(`${net}opt|imizer = torch.optim.AdamW(model.parameters(), lr=1e-3)\n`)?.markdown
  assert.match(all?.en ?? '', /all decay; with `ndim >= 2` decay would be left to: `0\.weight`\n/)
  assert.match(all?.zh ?? '', /不再衰减：`0\.bias` `1\.weight` `1\.bias`$/)
  const split = `${net}groups = [{"params": matrices, "weight_decay": 0.1}, {"params": others, "weight_decay": 0}]\n`
  const groups = portrait(`${split}opt|imizer = torch.optim.AdamW(groups, lr=1e-3)\n`)?.markdown
  assert.match(groups?.en ?? '', /- decayed: `0\.weight`\n- not decayed: `0\.bias` `1\.weight` `1\.bias`$/)
  assert.doesNotMatch(portrait(`${net}opt|imizer = torch.optim.SGD(matrices, lr=0.1)\n`)?.markdown.en ?? '', /decayed/)
})

test('an optimizer shows its groups', () => {
  const script = `import torch
from torch import nn
model = nn.Linear(3, 2)
opt|imizer = torch.optim.AdamW([
    {"params": [model.weight], "weight_decay": 0.05},
    {"params": [model.bias], "weight_decay": 0.0},
], lr=3e-4)
`
  const { markdown } = portrait(script) ?? {}
  assert.match(markdown?.en ?? '', /`AdamW`, line 4/)
  assert.match(markdown?.en ?? '', /\| `\[model\.weight\]` \| `0\.0003` \| `0\.05` \|/)
  assert.match(markdown?.zh ?? '', /\| 参数 \| lr \| weight_decay \|/)
})

describe('a scaler', () => {
  const amp = (clip: string) => `import torch
from torch import nn
model = nn.Linear(3, 2).cuda()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1, weight_decay=0.0)
scaler = torch.amp.GradScaler("cuda")
for x, y in loader:
    optimizer.zero_grad()
    with torch.autocast("cuda"):
        loss = nn.functional.cross_entropy(model(x), y)
    sca|ler.scale(loss).backward()
${clip}    scaler.step(optimizer)
    scaler.update()
`
  test('shows the steps of the loop, and those that it leaves out', () => {
    const { markdown } = portrait(amp('')) ?? {}
    const steps =
      'scale (line 10) → backward (line 10) → unscale_ (not used) → clip (not used) → step (line 11) → update (line 12)'
    assert.ok(markdown?.en.includes(steps), markdown?.en)
  })

  test('shows the step that a finding misses', () => {
    const { markdown } = portrait(amp('    nn.utils.clip_grad_norm_(model.parameters(), 1.0)\n')) ?? {}
    assert.match(markdown?.en ?? '', /\*\*unscale_ \(missing\)\*\* → clip \(line 11\)/)
    assert.match(markdown?.zh ?? '', /\*\*unscale_ \(缺少\)\*\*/)
  })

  test('is drawn where pictures are shown', () => {
    const [, encoded = ''] = portrait(amp(''), true)?.markdown.en.match(/base64,([^)]*)\)/) ?? []
    assert.ok(Buffer.from(encoded, 'base64').toString('utf8').includes('>not used<'))
  })
})

test('anything else has no portrait', () => {
  assert.equal(portrait('import torch\nx = torch.ze|ros(3)\n'), undefined)
  assert.equal(portrait('class Optimizer:\n    pass\nopt|imizer = Optimizer()\n'), undefined)
})
