/** How often schedulers step, and what is known of numbers that no text says in digits. */
import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { countOf, countsLength, exceeds, number, numberOf } from '../../server/src/torch/counts.ts'
import { mostSteps, stepCount, steppings } from '../../server/src/torch/stepping.ts'
import { modelOf } from '../support/model.ts'

const head = `import math
import torch
from torch import nn, optim
from torch.utils.data import DataLoader, TensorDataset
from tqdm import tqdm, trange
from data import loader
from options import args
dataset = TensorDataset(torch.randn(30, 2), torch.randn(30))
known = DataLoader(dataset, batch_size=8, shuffle=True)
even = DataLoader(dataset, 8, shuffle=True, drop_last=True)
sampled = DataLoader(dataset, batch_size=8, sampler=args.sampler)
model = nn.Linear(2, 2)
`

/** The expressions of the last lines, as counts. */
const counts = (...expressions: readonly string[]) => {
  const model = modelOf(`${head}${expressions.join('\n')}\n`)
  const last = model.nodes('Expr').slice(-expressions.length)
  return last.map(({ value }) => ({ count: countOf(model, value), grows: countsLength(model, value) }))
}

suite('counts', () => {
  test('the length of a loader whose data are written out', () => {
    const lengths = counts('len(known)', 'len(even)', 'len(sampled)', '3 * len(known) + 1')
    assert.deepEqual(
      lengths.map(({ count }) => numberOf(count)),
      [4, 3, undefined, 13],
    )
    assert(lengths.every(({ grows }) => grows))
  })

  const certainly = (larger: string, smaller: string): boolean => {
    const [a, b] = counts(larger, smaller)
    return a?.count !== undefined && b?.count !== undefined && exceeds(a.count, b.count)
  }
  for (const [larger, smaller] of [
    ['7 * len(loader)', '5 * len(loader)'],
    ['args.epochs * len(loader)', 'args.epochs'],
    ['args.epochs * len(loader)', 'len(loader) * args.epochs // 2'],
    ['args.epochs + 1', 'args.epochs'],
    ['(args.epochs + 2) * len(loader)', 'args.epochs * len(loader) + 3'],
    ['20 * len(loader)', '30'],
  ] as const)
    test(`${larger} exceeds ${smaller}`, () => assert(certainly(larger, smaller)))

  for (const [larger, smaller] of [
    ['args.epochs * len(loader)', 'args.epochs * len(loader)'],
    ['args.epochs * len(loader)', 'args.epochs * len(known)'],
    ['len(loader)', '5'],
    ['args.epochs', 'args.warmup'],
    ['args.epochs * args.steps', 'args.epochs'],
    ['args.epochs - args.warmup', '0 * 1'],
    ['unknown(3)', '1'],
  ] as const)
    test(`${larger} may not exceed ${smaller}`, () => assert(!certainly(larger, smaller)))

  test('a margin', () => {
    assert(exceeds(number(5), number(5), 0))
    assert(!exceeds(number(5), number(4), 2))
  })
})

const step = 'optimizer.zero_grad(); model(x).mean().backward(); optimizer.step()'

/** `epoch 12 ≤12`: how often one scheduler steps, in all, and at most. */
function stepped(code: string): string | undefined {
  const model = modelOf(`${head}${code}`)
  const [stepping, ...others] = steppings(model)
  if (!stepping || others.length > 0) return undefined
  const [exact, most] = [numberOf(stepCount(model, stepping)), numberOf(mostSteps(model, stepping))]
  return `${stepping.level} ${exact} ≤${most}`
}

const made = `optimizer = optim.SGD(model.parameters(), lr=0.1)
scheduler = optim.lr_scheduler.StepLR(optimizer, 3)
`

suite('steppings', () => {
  const cases: readonly (readonly [string, string, string | undefined])[] = [
    [
      'per epoch',
      `for epoch in trange(12):\n    for x, y in loader:\n        ${step}\n    scheduler.step()\n`,
      'epoch 12 ≤12',
    ],
    [
      'per batch, through a progress bar',
      `for epoch in range(1, 4):\n    bar = tqdm(known)\n    for i, (x, y) in enumerate(bar):\n        ${step}\n        scheduler.step()\n`,
      'batch 12 ≤12',
    ],
    [
      'under a condition that changes',
      `for epoch in range(9):\n    for x, y in known:\n        ${step}\n    if epoch > 3:\n        scheduler.step()\n`,
      'epoch undefined ≤9',
    ],
    [
      'under one that does not',
      `for epoch in range(9):\n    for x, y in known:\n        ${step}\n    if args.decay:\n        scheduler.step()\n`,
      'epoch 9 ≤9',
    ],
    [
      'in a function, of a run that is resumed',
      `def one(x):\n    ${step}\n    scheduler.step()\nfor epoch in range(args.start, 9):\n    for x, y in known:\n        one(x)\n`,
      'batch undefined ≤36',
    ],
    ['from two places', `for x, y in known:\n    ${step}\n    scheduler.step()\nscheduler.step()\n`, undefined],
    [
      'given away',
      `from other import fit\nfor x, y in known:\n    ${step}\n    scheduler.step()\n    fit([scheduler])\n`,
      undefined,
    ],
    [
      'restored by a function of another file',
      `from other import restore_checkpoint\nrestore_checkpoint("last.pt", scheduler=scheduler)\nfor epoch in range(9):\n    for x, y in known:\n        ${step}\n    scheduler.step()\n`,
      'epoch 9 ≤9',
    ],
    ['without a loop that trains', `for x, y in known:\n    scheduler.step()\n`, 'undefined 4 ≤4'],
  ]
  for (const [name, code, expected] of cases) test(name, () => assert.equal(stepped(made + code), expected))

  test('loops around the creation do not count', () => {
    const inner = made.replace(/^/gm, '    ').trimEnd()
    const code = `for run in range(5):\n${inner}\n    for epoch in range(3):\n        for x, y in known:\n            ${step}\n        scheduler.step()\n`
    assert.equal(stepped(code), 'epoch 3 ≤3')
  })
})
