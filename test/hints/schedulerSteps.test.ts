import { test } from 'node:test'
import { assertHints } from './marked.ts'

const kind = 'schedulerSteps'

const head = `import torch
model = torch.nn.Linear(3, 2)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=90)
`

function loops({ epochs = 'range(90)', loader = 'loader', perBatch = '', perEpoch = '' }): string {
  return `${head}for epoch in ${epochs}:
    for x, y in ${loader}:
        optimizer.zero_grad()
        torch.nn.functional.mse_loss(model(x), y).backward()
        optimizer.step()
${perBatch}${perEpoch}`
}

const inBatch = (mark: string) => `        scheduler.step()${mark}\n`
const inEpoch = (mark: string) => `    scheduler.step()${mark}\n`

test('once per epoch, and how often in all', () => {
  assertHints(kind, loops({ perEpoch: inEpoch('⟨once per epoch: 90 in all⟩') }))
  assertHints(kind, loops({ perEpoch: inEpoch('⟨每个轮次一步：共 90 步⟩') }), 'zh')
  assertHints(kind, loops({ epochs: 'range(args.epochs)', perEpoch: inEpoch('⟨once per epoch⟩') }))
})

test('once per batch, and how often per epoch', () => {
  assertHints(kind, loops({ perBatch: inBatch('⟨once per batch⟩') }))
  assertHints(
    kind,
    loops({ loader: 'range(100)', perBatch: inBatch('⟨once per iteration: 100 per epoch, 9000 in all⟩') }),
  )
  assertHints(kind, loops({ loader: 'range(100)', perBatch: inBatch('⟨每个迭代一步：每轮 100 步，共 9000 步⟩') }), 'zh')
})

test('a loader whose data is visible has a number of batches', () => {
  const data = `data = torch.utils.data.TensorDataset(torch.zeros(1000, 3))
loader = torch.utils.data.DataLoader(data, batch_size=64)
`
  const marked = loops({ perBatch: inBatch('⟨once per batch: 16 per epoch, 1440 in all⟩') })
  assertHints(kind, marked.replace(head, head + data))
})

test('beside the step of accumulated gradients, once every few batches', () => {
  assertHints(
    kind,
    `${head}for epoch in range(90):
    for i, (x, y) in enumerate(loader):
        torch.nn.functional.mse_loss(model(x), y).backward()
        if (i + 1) % 4 == 0:
            optimizer.step()
            scheduler.step()⟨once every 4 batches⟩
            optimizer.zero_grad()
`,
  )
})

test('a loop that may end early takes at most so many steps', () => {
  const stop = '    if stops(): break\n'
  assertHints(kind, loops({ perEpoch: `${inEpoch('⟨once per epoch: at most 90 in all⟩')}${stop}` }))
  assertHints(kind, loops({ perEpoch: `${inEpoch('⟨每个轮次一步：最多共 90 步⟩')}${stop}` }), 'zh')
})

test('the functions that lead to the step count', () => {
  assertHints(
    kind,
    `${head}def train(loader):
    for x, y in loader:
        optimizer.zero_grad()
        torch.nn.functional.mse_loss(model(x), y).backward()
        optimizer.step()
        scheduler.step()⟨once per batch⟩
for epoch in range(90):
    train(loader)
`,
  )
})

test('a step that some epochs leave out has no rhythm', () => {
  assertHints(kind, loops({ perEpoch: '    if epoch > 10:\n        scheduler.step()\n' }))
  assertHints(kind, loops({ perEpoch: '    if improves():\n        scheduler.step()\n' }))
})

test('two places that step it are not one rhythm', () => {
  assertHints(kind, loops({ perBatch: inBatch(''), perEpoch: inEpoch('') }))
})

test('a loop over parts of a batch has no epochs', () => {
  assertHints(
    kind,
    `${head}for batch in range(100):
    for x, y in load(batch):
        torch.nn.functional.mse_loss(model(x), y).backward()
    optimizer.step()
    scheduler.step()
    optimizer.zero_grad()
`,
  )
})

test('a scheduler that a library steps has none', () => {
  assertHints(kind, loops({ perEpoch: inEpoch('') }).replace('import torch', 'import torch, accelerate'))
})

test('a scheduler that another one replaces on the way makes not all the steps', () => {
  assertHints(
    kind,
    loops({ perEpoch: inEpoch('') }).replace(
      'range(90):\n',
      `range(90):
    if epoch == 30:
        scheduler = torch.optim.lr_scheduler.ExponentialLR(optimizer, 0.9)
`,
    ),
  )
})

test('an iteration that ends before the step leaves it out', () => {
  const skip = '        if count(): continue\n'
  assertHints(kind, loops({ perBatch: skip + inBatch('') }))
  assertHints(kind, loops({ perBatch: inBatch('⟨once per batch⟩') + skip }))
  assertHints(kind, loops({ perBatch: skip, perEpoch: inEpoch('⟨once per epoch: 90 in all⟩') }))
})
