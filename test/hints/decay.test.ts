import { test } from 'node:test'
import { assertHints } from './marked.ts'

const kind = 'decay'

const head = `import torch
from torch import nn
model = nn.Sequential(nn.Linear(3, 2), nn.BatchNorm1d(2))
`

test('an optimizer tells how many of its parameters decay', () => {
  const marked = `${head}optimizer = torch.optim.SGD(model.parameters(), lr=0.1, weight_decay=1e-4⟨4 tensors decayed, 3 of them with ndim < 2⟩)\n`
  assertHints(kind, marked)
  assertHints(
    kind,
    `${head}optimizer = torch.optim.SGD(model.parameters(), lr=0.1, weight_decay=1e-4⟨4 个张量做权重衰减，其中 3 个 ndim < 2⟩)\n`,
    'zh',
  )
})

test('a decay that the class brings is told with its number', () => {
  assertHints(
    kind,
    `${head}torch.optim.AdamW(model.parameters()⟨weight_decay=0.01: 4 tensors decayed, 3 of them with ndim < 2⟩, lr=1e-3)\n`,
  )
  assertHints(kind, `import torch\ntorch.optim.AdamW(net().parameters()⟨weight_decay=0.01⟩)\n`)
})

test('so is that nothing decays', () => {
  assertHints(kind, `${head}torch.optim.Adam(model.parameters()⟨4 tensors not decayed⟩)\n`)
  assertHints(kind, `import torch\ntorch.optim.Adam(net().parameters()⟨not decayed⟩, lr=1e-3)\n`)
  assertHints(kind, `import torch\ntorch.optim.Adam(net().parameters()⟨不做权重衰减⟩, lr=1e-3)\n`, 'zh')
})

test('each group tells of its own parameters', () => {
  assertHints(
    kind,
    `${head}matrices = [p for p in model.parameters() if p.ndim >= 2]
others = [p for p in model.parameters() if p.ndim < 2]
groups = [
    {"params": matrices, "weight_decay": 0.1⟨1 tensor decayed⟩},
    {"params": others, "weight_decay": 0.0⟨3 tensors not decayed⟩},
]
optimizer = torch.optim.AdamW(groups, lr=1e-3)
`,
  )
})

test('a group that says nothing has the decay of the constructor', () => {
  assertHints(
    kind,
    `import torch
model = net()
optimizer = torch.optim.AdamW([
    {"params": model.backbone.parameters()⟨weight_decay=0.05⟩, "lr": 1e-5},
    {"params": model.head.parameters(), "weight_decay": 0.0},
], lr=1e-3, weight_decay=0.05)
`,
  )
})

test('the default of an option is told as that', () => {
  const parser = (rest: string) => `import argparse
${head}parser = argparse.ArgumentParser()
parser.add_argument("--wd", type=float, default=0.05)
args = parser.parse_args()
${rest}`
  const marked = 'weight_decay=args.wd⟨0.05 by default: 4 tensors decayed, 3 of them with ndim < 2⟩'
  assertHints(kind, parser(`torch.optim.SGD(model.parameters(), lr=0.1, ${marked})\n`))
  const chinese = 'weight_decay=args.wd⟨默认 0.05：4 个张量做权重衰减，其中 3 个 ndim < 2⟩'
  assertHints(kind, parser(`torch.optim.SGD(model.parameters(), lr=0.1, ${chinese})\n`), 'zh')
  assertHints(kind, parser('args.wd *= 2\ntorch.optim.SGD(model.parameters(), lr=0.1, weight_decay=args.wd)\n'))
})

test('what is written and not counted needs no hint', () => {
  assertHints(kind, 'import torch\ntorch.optim.SGD(net().parameters(), lr=0.1, weight_decay=1e-4)\n')
  assertHints(kind, 'import torch\ntorch.optim.SGD(net().parameters(), lr=0.1, weight_decay=0)\n')
})

test('what may be groups, or change later, has none', () => {
  assertHints(kind, 'import torch\ntorch.optim.AdamW(groups(net()), lr=1e-3)\n')
  assertHints(kind, 'import torch\ndef make(parameters):\n    return torch.optim.AdamW(parameters, lr=1e-3)\n')
  assertHints(kind, 'import torch\ntorch.optim.AdamW(net().parameters(), **options)\n')
  assertHints(
    kind,
    `${head}optimizer = torch.optim.Adam(model.parameters())
for group in optimizer.param_groups:
    group["weight_decay"] = 0.1
`,
  )
})

test('an optimizer without decay has nothing to tell', () => {
  assertHints(kind, `${head}torch.optim.LBFGS(model.parameters())\n`)
})

test('a group that takes its entries from elsewhere may take its decay from there', () => {
  assertHints(kind, `${head}torch.optim.AdamW([{**common, "params": model.parameters()}], lr=1e-3)\n`)
})

test('which of two lists of groups it is decides how many there are', () => {
  assertHints(
    kind,
    `${head}if split:
    groups = [{"params": [model[0].weight], "weight_decay": 0.1}]
else:
    groups = [{"params": model.parameters(), "weight_decay": 0.1}]
optimizer = torch.optim.AdamW(groups, lr=1e-3)
`,
  )
})

test('layers whose number is not known are not counted', () => {
  assertHints(
    kind,
    `import torch
from torch import nn
class Net(nn.Module):
    def __init__(self, depth):
        super().__init__()
        self.blocks = nn.ModuleList([nn.Linear(2, 2) for _ in range(depth)])
model = Net(args.depth)
optimizer = torch.optim.AdamW(model.parameters()⟨weight_decay=0.01⟩)
`,
  )
})
