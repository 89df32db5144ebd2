import { test } from 'node:test'
import { assertHints } from './marked.ts'

const kind = 'effectiveBatchSize'

interface Parts {
  readonly head?: string
  readonly size?: string
  readonly loop?: string
  readonly test?: string
  readonly clear?: string
}

function script({
  head = '',
  size = 'batch_size=8',
  loop = 'for i, (x, y) in enumerate(loader):',
  ...rest
}: Parts): string {
  const { test = '(i + 1) % 4 == 0', clear = '        optimizer.zero_grad()\n' } = rest
  return `import torch
from torch.utils.data import DataLoader
${head}model = torch.nn.Linear(3, 2)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
loader = DataLoader(data, ${size}, shuffle=True)
${loop}
    loss = torch.nn.functional.mse_loss(model(x), y) / 4
    loss.backward()
    if ${test}:
        optimizer.step()
${clear}`
}

const options = (line: string) => `import argparse
parser = argparse.ArgumentParser()
parser.add_argument("--batch-size", type=int, default=8)
${line}args = parser.parse_args()
`

test('accumulated batches are told at the batch size and at the test', () => {
  const marked = { size: 'batch_size=8⟨× 4 accumulated = 32⟩', test: '(i + 1) % 4 == 0⟨batch 8 × 4 accumulated = 32⟩' }
  assertHints(kind, script(marked))
  assertHints(kind, script({ ...marked, size: '8⟨× 4 accumulated = 32⟩' }))
  assertHints(
    kind,
    script({ size: 'batch_size=8⟨× 累积 4 次 = 32⟩', test: '(i + 1) % 4 == 0⟨批次大小 8 × 累积 4 次 = 32⟩' }),
    'zh',
  )
})

test('a variable that each iteration adds one to counts as well', () => {
  const loop = 'step = 0\nfor x, y in loader:\n    step += 1'
  const size = 'batch_size=8⟨× 4 accumulated = 32⟩'
  assertHints(kind, script({ loop, size, test: 'step % 4 == 0⟨batch 8 × 4 accumulated = 32⟩' }))
})

test('the test may have a second reason', () => {
  const size = 'batch_size=8⟨× 4 accumulated = 32⟩'
  const reason = '(i + 1) % 4 == 0⟨batch 8 × 4 accumulated = 32⟩ or i + 1 == len(loader)'
  assertHints(kind, script({ size, test: reason }))
})

test('what rests on a default says so', () => {
  const size = 'batch_size=args.batch_size⟨8 × 4 accumulated = 32 by default⟩'
  const reason = '(i + 1) % 4 == 0⟨batch 8 × 4 accumulated = 32 by default⟩'
  assertHints(kind, script({ head: options(''), size, test: reason }))
  const chinese = 'batch_size=args.batch_size⟨默认 8 × 累积 4 次 = 32⟩'
  assertHints(
    kind,
    script({ head: options(''), size: chinese, test: '(i + 1) % 4 == 0⟨默认批次大小 8 × 累积 4 次 = 32⟩' }),
    'zh',
  )
})

test('an option that the script changes has no default to speak of', () => {
  const head = `${options('')}args.batch_size = args.batch_size // torch.cuda.device_count()\n`
  const size = 'batch_size=args.batch_size⟨args.batch_size × 4 accumulated⟩'
  assertHints(kind, script({ head, size, test: '(i + 1) % 4 == 0⟨batch args.batch_size × 4 accumulated⟩' }))
})

const distributed = 'model = torch.nn.parallel.DistributedDataParallel(torch.nn.Linear(3, 2))\n'
const plain = (size: string, head = distributed) => `import torch
from torch.utils.data import DataLoader
${head}optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
loader = DataLoader(data, ${size})
for x, y in loader:
    optimizer.zero_grad()
    torch.nn.functional.mse_loss(model(x), y).backward()
    optimizer.step()
`

test('the batch of DistributedDataParallel is that of one process', () => {
  assertHints(kind, plain('batch_size=8⟨per process⟩'))
  assertHints(kind, plain('batch_size=8⟨每个进程⟩'), 'zh')
})

test('the number of processes is a factor where it is written', () => {
  const head = `torch.distributed.init_process_group("nccl", world_size=4, rank=rank)\n${distributed}`
  assertHints(kind, plain('batch_size=8⟨× 4 processes = 32⟩', head))
})

test('one batch after the other has no hint', () => {
  assertHints(kind, plain('batch_size=8', 'model = torch.nn.Linear(3, 2)\n'))
  assertHints(kind, plain('batch_size=8', 'model = torch.nn.DataParallel(torch.nn.Linear(3, 2))\n'))
})

test('a library that wraps the loop decides itself', () => {
  assertHints(kind, script({ head: 'import accelerate\n' }))
})

test('a test that does not count batches accumulates something else', () => {
  assertHints(kind, script({ loop: 'for x, y in loader:\n    i = epoch()' }))
})

test('gradients that nothing clears are a sum without an end', () => {
  assertHints(kind, script({ clear: '' }))
})

test('a data set that makes batches itself leaves none to the loader', () => {
  assertHints(kind, script({ size: 'batch_size=None' }))
})

test('a function that makes several loaders says nothing of one', () => {
  const marked = script({ test: '(i + 1) % 4 == 0⟨batch 8 × 4 accumulated = 32⟩' })
  const loader = `def load(data):
    return DataLoader(data, batch_size=8)
loader = load(data)
other = load(validation)`
  assertHints(kind, marked.replace('loader = DataLoader(data, batch_size=8, shuffle=True)', loader))
})

test('a loader that is made in another file is called with what this one likes', () => {
  const loaders = `from torch.utils.data import DataLoader
def load(data, batch_size=16):
    return DataLoader(data, batch_size=batch_size)
def first(data):
    return DataLoader(data, batch_size=8)
`
  const marked = (load: string, mark: string) =>
    script({ head: 'import loaders\n', test: `(i + 1) % 4 == 0${mark}` }).replace(
      'loader = DataLoader(data, batch_size=8, shuffle=True)',
      `loader = loaders.${load}`,
    )
  assertHints(kind, marked('load(data, args.batch)', ''), 'en', { 'loaders.py': loaders })
  assertHints(kind, marked('first(data)', '⟨batch 8 × 4 accumulated = 32⟩'), 'en', { 'loaders.py': loaders })
})

test('loops that use a loader differently have each a batch of its own', () => {
  assertHints(
    kind,
    `${script({ test: '(i + 1) % 4 == 0⟨batch 8 × 4 accumulated = 32⟩' })}for x, y in loader:
    optimizer.zero_grad()
    torch.nn.functional.mse_loss(model(x), y).backward()
    optimizer.step()
`,
  )
})

test('a loader whose batches are also taken one by one has none', () => {
  const marked = script({ test: '(i + 1) % 4 == 0⟨batch 8 × 4 accumulated = 32⟩' })
  assertHints(kind, `${marked}x, y = next(iter(loader))\n`)
})
