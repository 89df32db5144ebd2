import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { readPages } from '../../scripts/pages.ts'
import { claimsOf, holds, type Outcome } from '../../scripts/truth/claims.ts'
import { parsePage } from '../../server/src/page.ts'

const nothing: Outcome = { raised: null, warned: [], values: {} }

suite('claims of a page', () => {
  test('a rule page says what its bad program does, or shows in one of its own what cannot be seen there', () => {
    for (const { kind, path, page } of readPages()) {
      const { claims } = claimsOf(page, path)
      if (kind === 'rule')
        assert.ok(
          claims.some(({ subject }) => subject === 'bad' || subject === 'alone'),
          path,
        )
    }
  })

  test('needs and programs are read', () => {
    const truth = read(
      'needs torch 2.3\nneeds cuda\nafter\n    a = 1\n\n    b = 2\nalone\n    c = 3\nalone gives c = 3',
    )
    assert.equal(truth.torch, '2.3')
    assert.equal(truth.cuda, true)
    assert.equal(truth.after, 'a = 1\n\nb = 2\n')
    assert.equal(truth.alone, 'c = 3\n')
    assert.deepEqual(
      truth.claims.map(({ text }) => text),
      ['alone gives c = 3'],
    )
  })

  test('a line that is no claim names its file and line', () => {
    assert.throws(() => read('bad raises RuntimeError: no\nbad rises'), /page\.md:9: not a claim: bad rises/)
  })

  test('an exception holds by type and beginning of its text', () => {
    const claim = only('bad raises RuntimeError: unscale_()')
    const raised = (type: string, text: string): Outcome => ({ ...nothing, raised: { type, text } })
    assert.equal(holds(claim, raised('RuntimeError', 'unscale_() is being called after step().')), true)
    assert.equal(holds(claim, raised('RuntimeError', 'step() before unscale_()')), false)
    assert.equal(holds(claim, raised('ValueError', 'unscale_()')), false)
    assert.equal(holds(claim, nothing), false)
  })

  test('a warning holds if it is among those given', () => {
    const claim = only('bad warns FutureWarning: old')
    const warned = [
      { type: 'UserWarning', text: 'old' },
      { type: 'FutureWarning', text: 'old name' },
    ]
    assert.equal(holds(claim, { ...nothing, warned }), true)
    assert.equal(holds(claim, { ...nothing, warned: warned.slice(0, 1) }), false)
  })

  test('a number holds within its tolerance', () => {
    const gives = (claim: string, value: number | string) => holds(only(claim), { ...nothing, values: { x: value } })
    assert.equal(gives('good gives x = 0.1 ± 0.01', 0.109), true)
    assert.equal(gives('good gives x = 0.1 ± 0.01', 0.111), false)
    assert.equal(gives('good gives x = 3', 3), true)
    assert.equal(gives('good gives x < -2', -3), true)
    assert.equal(gives('good gives x > 1000', 1000), false)
    assert.equal(gives('good gives x > 1000', Number.NaN), false)
    assert.equal(gives('good gives x = 0', 'NameError'), false)
  })
})

function read(truth: string) {
  return claimsOf(
    parsePage(`# Title / 标题\n\nSummary.\n\n> 摘要。\n\n\`\`\`truth\n${truth}\n\`\`\`\n`, 'page.md'),
    'page.md',
  )
}

function only(claim: string) {
  const [first] = read(claim).claims
  assert.ok(first)
  return first
}
