/** Pictures are text: what must be in them, and how large they may become. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type Curve, drawCurve, sparkline, spell } from '../../server/src/drawing/curve.ts'
import { drawProtocol } from '../../server/src/drawing/protocol.ts'
import { dataUri } from '../../server/src/drawing/svg.ts'

const decay: Curve = {
  title: 'StepLR',
  values: [0.1, 0.1, 0.01, 0.01],
  xLabel: 'epoch',
  yLabel: 'learning rate',
  marks: [2],
  second: undefined,
  symbolic: false,
}

describe('the curve of a schedule', () => {
  test('has a point for each value, axes with numbers, and the marks', () => {
    const picture = drawCurve(decay)
    const [, points] = picture.match(/<polyline points="([^"]*)"/) ?? []
    assert.equal(points?.split(' ').length, 4)
    for (const label of ['epoch', 'learning rate', '>0.1<', '>3<', '<title>StepLR</title>'])
      assert.ok(picture.includes(label), label)
    assert.equal(picture.match(/stroke-dasharray="2 3"/g)?.length, 1)
  })

  test('falls where the learning rate falls', () => {
    const [, points = ''] = drawCurve(decay).match(/<polyline points="([^"]*)"/) ?? []
    const heights = points.split(' ').map(point => Number(point.split(',')[1]))
    assert.ok(Number(heights[0]) < Number(heights[2]), 'y grows downwards')
  })

  test('shows no numbers that are not those of the script', () => {
    assert.ok(!drawCurve({ ...decay, symbolic: true }).includes('>0.1<'))
  })

  test('shows a second value on an axis of its own', () => {
    const second = { values: [0.95, 0.85, 0.85, 0.95], label: 'momentum' }
    const picture = drawCurve({ ...decay, second })
    assert.ok(picture.includes('momentum'))
    assert.equal(picture.match(/<polyline/g)?.length, 2)
  })

  test('stays small and keeps its peaks however many steps there are', () => {
    const values = Array.from({ length: 100_000 }, (_, step) => (step === 51_234 ? 1 : 0.5))
    const picture = drawCurve({ ...decay, values, marks: [] })
    assert.ok(dataUri(picture).length < 15_000)
    const [, points = ''] = picture.match(/<polyline points="([^"]*)"/) ?? []
    assert.equal(new Set(points.split(' ').map(point => point.split(',')[1])).size, 2)
  })

  test('of one value, of equal values and of zeros is drawn', () => {
    for (const values of [[0.1], [0.1, 0.1], [0, 0, 0]]) assert.doesNotMatch(drawCurve({ ...decay, values }), /NaN/)
  })

  test('escapes what would be markup', () => {
    assert.ok(drawCurve({ ...decay, title: 'a < b & c' }).includes('a &lt; b &amp; c'))
  })
})

test('a sparkline has the shape of the values', () => {
  assert.equal(sparkline([0.1, 0.1, 0.05, 0.0]), '██▅▁')
  assert.equal(sparkline(Array.from({ length: 1000 }, (_, step) => step)).length, 40)
  assert.equal(sparkline([]), '')
})

test('a learning rate is spelled as people write it', () => {
  assert.deepEqual([0.1, 0.0003, 1e-5, 0, 1500, 0.30000000000000004].map(spell), [
    '0.1',
    '3e-4',
    '1e-5',
    '0',
    '1500',
    '0.3',
  ])
})

test('the steps of the protocol stand in their order, the wrong one in red', () => {
  const picture = drawProtocol('GradScaler', [
    { name: 'scale', note: 'line 3', state: 'taken' },
    { name: 'unscale_', note: 'missing', state: 'wrong' },
  ])
  assert.ok(picture.indexOf('scale') < picture.indexOf('unscale_'))
  assert.match(picture, /fill="#cf222e"[^>]*>missing</)
  assert.equal(picture.match(/<rect/g)?.length, 3)
})

test('a picture is a target for a Markdown image, in any script', () => {
  const [, encoded = ''] = dataUri(drawCurve({ ...decay, yLabel: '学习率' })).split('base64,')
  assert.ok(Buffer.from(encoded, 'base64').toString('utf8').includes('学习率'))
})
