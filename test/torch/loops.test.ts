/** What the loops of a script are for, and how often they run. */
import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { trainingLoops } from '../../server/src/torch/loops.ts'
import { modelOf } from '../support/model.ts'

const head = `import time
import torch
from torch import nn
from tqdm import tqdm, trange
from data import loader
model = nn.Linear(2, 2)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
epochs = 3
`

const loopsOf = (code: string) => trainingLoops(modelOf(head + code))

suite('roles', () => {
  const rolesOf = (code: string) => loopsOf(code).map(({ role }) => role)

  test('training, and the epochs of one', () => {
    assert.deepEqual(
      rolesOf(`for epoch in range(epochs):
    for x, y in loader:
        optimizer.zero_grad()
        (model(x) - y).mean().backward()
        optimizer.step()
`),
      ['training', 'training'],
    )
  })

  test('scores are an evaluation, answers alone are inference', () => {
    assert.deepEqual(
      rolesOf(`model.eval()
with torch.no_grad():
    for x, y in loader:
        correct = (model(x).argmax(1) == y).sum()
    for x, _ in loader:
        answers.append(model(x))
`),
      ['evaluation', 'inference'],
    )
  })

  test('runs against the clock, and those before them', () => {
    assert.deepEqual(
      rolesOf(`model.eval()
x = torch.randn(1, 2)
with torch.no_grad():
    for _ in range(n_warmup):
        model(x)
    start = time.perf_counter()
    for _ in range(n_runs):
        model(x)
    print(time.perf_counter() - start)
`),
      ['warm-up', 'benchmark'],
    )
  })
})

suite('iterations', () => {
  const iterationsIn = (heads: readonly string[]) =>
    loopsOf(heads.map(each => `for i in ${each}:\n    model(x)\nmodel.train()\n`).join('')).map(each => each.iterations)

  test('of ranges that are written out', () => {
    assert.deepEqual(
      iterationsIn(['range(10)', 'range(1, epochs + 1)', 'range(0, 10, 3)', 'tqdm(range(7))', 'trange(4)', '[1, 2]']),
      [10, 3, 4, 7, 4, 2],
    )
  })

  test('not of data, of what is not known, and of what is left early', () => {
    assert.deepEqual(iterationsIn(['loader', 'range(n)', 'range(*bounds)']), [undefined, undefined, undefined])
    assert.deepEqual(
      loopsOf('for i in range(9):\n    model(x)\n    if stop:\n        break\nmodel.train()\n').map(
        each => each.iterations,
      ),
      [undefined],
    )
  })
})
