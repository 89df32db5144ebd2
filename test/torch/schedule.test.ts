/** Learning-rate curves are those of PyTorch, which computed `cases/learning-rates.json`. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { suite, test } from 'node:test'
import { schedulers } from '../../server/src/torch/facts/schedulers.ts'
import { type Curve, curveOf } from '../../server/src/torch/schedule.ts'
import { schedulerCreations } from '../../server/src/torch/schedulers.ts'
import { findings } from '../support/analyzer.ts'
import { modelOf } from '../support/model.ts'

interface Case {
  /** An expression, or statements that end with an assignment. */
  readonly source: string
  readonly optimizer: string
  readonly lrs: readonly number[]
  readonly momentums?: readonly number[]
  readonly error?: { readonly call: number; readonly type: string; readonly text: string }
}

const cases: readonly Case[] = JSON.parse(
  readFileSync(new URL('../cases/learning-rates.json', import.meta.url), 'utf8'),
)
const steps = 200
const classes = Object.keys(schedulers).filter(name => name !== 'SWALR')

const script = ({ source, optimizer }: Pick<Case, 'source' | 'optimizer'>) => `import math, torch
from torch import nn, optim
from torch.optim import lr_scheduler
from torch.optim.lr_scheduler import ${classes.join(', ')}
model = nn.Linear(2, 2)
optimizer = ${optimizer}
${source.includes('\n') ? source : `scheduler = ${source}`}
`

/** The curve of the scheduler that the text makes last; one that is made of others begins first or ends last. */
function curve(text: string, count = steps): Curve | undefined {
  const model = modelOf(text)
  const [made, ...others] = schedulerCreations(model).filter(
    ({ call }) => call.parent?.kind === 'Assign' && call.end >= text.trimEnd().length,
  )
  assert(made && others.length === 0, text)
  return curveOf(model, made, count)
}

suite('PyTorch computed the same', () => {
  // Old versions took `verbose`: what it is reported for is no matter of the curve.
  for (const one of cases.filter(({ source }) => !source.includes('verbose')))
    test(one.source, () => {
      const computed = curve(script(one))
      assert(computed)
      assertClose(computed.lrs, one.lrs)
      if (one.momentums) assertClose(computed.momentums ?? [], one.momentums)
      assert.deepEqual(computed.error, one.error)
    })
})

function assertClose(actual: readonly number[], expected: readonly number[]): void {
  assert.equal(actual.length, expected.length)
  for (const [index, rate] of expected.entries()) {
    const difference = Math.abs((actual[index] ?? Number.NaN) - rate)
    assert(difference <= 1e-12, `step ${index}: ${actual[index]} is not ${rate}`)
  }
}

const sgd = 'optim.SGD(model.parameters(), lr=0.1)'
const rates = (source: string, count: number, optimizer = sgd) =>
  curve(script({ source, optimizer }), count)?.lrs.map(rate => Number(rate.toPrecision(9)))

suite('what the text says elsewhere', () => {
  test('a function of the file', () => {
    const source = `WARMUP = 4
def factor(step):
    """Linear, then constant."""
    if step < WARMUP:
        return (step + 1) / WARMUP
    scale = 1.0
    scale *= 0.5
    return scale
scheduler = LambdaLR(optimizer, factor)`
    assert.deepEqual(rates(source, 6), [0.025, 0.05, 0.075, 0.1, 0.05, 0.05])
  })

  test('a function that makes the function', () => {
    const source = `def warmup(optimizer, steps, last=0.0):
    def factor(step):
        return step / steps if step < steps else last
    return LambdaLR(optimizer, factor)
scheduler = warmup(optimizer, 2)`
    const model = modelOf(script({ source, optimizer: sgd }))
    const [made] = schedulerCreations(model)
    assert(made)
    assert.deepEqual(curveOf(model, made, 4)?.lrs, [0, 0.05, 0, 0])
  })

  test('a part of a function', () => {
    const source = `from functools import partial
def factor(step, *, total):
    return max(0.0, 1 - step / total)
scheduler = LambdaLR(optimizer, partial(factor, total=4))`
    assert.deepEqual(rates(source, 5), [0.1, 0.075, 0.05, 0.025, 0])
  })

  test('the default of a command-line option, which is named', () => {
    const source = `import argparse
parser = argparse.ArgumentParser()
parser.add_argument("--lr", type=float, default=0.5)
parser.add_argument("--gamma", type=float, default=0.5)
args = parser.parse_args()
optimizer = optim.SGD(model.parameters(), lr=args.lr)
scheduler = ExponentialLR(optimizer, args.gamma)`
    const computed = curve(script({ source, optimizer: sgd }), 3)
    assert.deepEqual(computed?.lrs, [0.5, 0.25, 0.125])
    assert.deepEqual(computed.assumptions, [
      { expression: 'args.lr', value: '0.5' },
      { expression: 'args.gamma', value: '0.5' },
    ])
  })

  test('of several parameter groups, the first', () => {
    const optimizer = 'optim.SGD([{"params": model.parameters(), "lr": 0.2}], lr=0.1)'
    assert.deepEqual(rates('scheduler = ExponentialLR(optimizer, 0.5)\n', 2, optimizer), [0.2, 0.1])
  })

  test('a schedule that sets its own rate needs no optimizer to be seen', () => {
    const source =
      'def make(optimizer):\n    scheduler = OneCycleLR(optimizer, max_lr=1.0, total_steps=11, cycle_momentum=False)'
    assert.equal(rates(source, 11)?.length, 11)
  })
})

suite('nothing is guessed', () => {
  const unseen: readonly (readonly [string, string])[] = [
    [
      'a rate from elsewhere',
      'from settings import rate\noptimizer = optim.SGD(model.parameters(), lr=rate)\ns = StepLR(optimizer, 3)',
    ],
    ['an argument from elsewhere', 'from settings import size\ns = StepLR(optimizer, size)'],
    ['a metric', 's = ReduceLROnPlateau(optimizer)\n'],
    ['hidden arguments', 'from settings import options\ns = StepLR(optimizer, **options)'],
    [
      'one of two optimizers',
      'import sys\nif sys.argv:\n    optimizer = optim.SGD(model.parameters(), lr=1)\ns = StepLR(optimizer, 3)',
    ],
    [
      'a function with a loop',
      'def f(step):\n    for i in range(step):\n        pass\n    return 1\ns = LambdaLR(optimizer, f)',
    ],
    ['a list that grows', 'points = [1]\npoints.append(7)\ns = MultiStepLR(optimizer, points)'],
    ['a function that calls itself', 'def f(step):\n    return f(step - 1)\ns = LambdaLR(optimizer, f)'],
  ]
  for (const [name, source] of unseen)
    test(name, () => assert.equal(curve(script({ source: `${source}\n`, optimizer: sgd })), undefined))
})

test('PyTorch cannot begin a combination anew', () => {
  const inner = 'ChainedScheduler([ExponentialLR(optimizer, 0.9)])'
  const source = `SequentialLR(optimizer, [ExponentialLR(optimizer, 0.9), ${inner}], milestones=[2])`
  const computed = curve(script({ source, optimizer: sgd }))
  assert.deepEqual(computed?.error, { call: 2, type: 'NotImplementedError', text: '' })
})

/** What PyTorch rejects, at once or in mid-training, is reported where a script trains for as many steps. */
suite('a rule finds what PyTorch raises', () => {
  const training = `images, labels = torch.randn(8, 2), torch.zeros(8, dtype=torch.long)
for step in range(${steps}):
    optimizer.zero_grad()
    nn.functional.cross_entropy(model(images), labels).backward()
    optimizer.step()
    scheduler.step()
`
  for (const one of cases.filter(({ error }) => error))
    test(one.source, () => {
      const found = findings(script(one) + training)
      assert(
        found.some(({ rule, severity }) => rule.startsWith('scheduler/') && severity === 'error'),
        `only ${found.map(({ rule }) => rule)}`,
      )
    })
})
