/** A function with too many paths is named, and what was seen of it is still reported. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { analyze } from '../support/analyzer.ts'

/** Every flag is asked twice, so that each decides a state of its own. */
function script(flags: number): string {
  const names = Array.from({ length: flags }, (_, index) => `flag_${index}`)
  return [
    'import torch',
    '',
    `def train(model, loader, ${names.join(', ')}):`,
    '    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)',
    '    scaler = torch.amp.GradScaler("cuda")',
    '    for images in loader:',
    '        optimizer.zero_grad()',
    '        scaler.scale(model(images).sum()).backward()',
    '        scaler.step(optimizer)',
    '        scaler.step(optimizer)',
    ...names.flatMap(name => [`        if ${name}:`, '            scaler.update()']),
    ...names.flatMap(name => [`        if ${name}:`, '            optimizer.zero_grad()']),
    '',
  ].join('\n')
}

const settings = { select: ['amp/repeated-step'] }

test('a function with few paths is followed to the end', () => {
  assert.deepEqual(analyze(script(2), settings).notices, [])
})

test('a function with too many paths is named', () => {
  const { notices, findings } = analyze(script(12), settings)
  assert.deepEqual(
    notices.map(({ kind }) => kind),
    ['analysis-gave-up'],
  )
  assert.match(notices[0]?.message.en ?? '', /`train` at line 3 /)
  assert.match(notices[0]?.message.zh ?? '', /第 3 行的 `train` /)
  assert.deepEqual(
    findings.map(({ rule }) => rule),
    ['amp/repeated-step'],
  )
})

test('where no rule asks, no path is followed', () => {
  assert.deepEqual(analyze(script(12), { select: ['amp/deprecated-api'] }).notices, [])
})
