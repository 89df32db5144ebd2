import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { applyEdits, fixAll } from '../server/src/fix.ts'
import { fixingEdits } from '../server/src/fixingEdits.ts'
import type { Edit } from '../server/src/rules/rule.ts'

interface Fixable {
  readonly fix: { readonly safe: boolean; readonly edits: readonly Edit[] }
}

/** Finds the text and replaces it. */
function replaces(pattern: RegExp, replacement: string, safe = true) {
  return (text: string): readonly Fixable[] =>
    [...text.matchAll(pattern)].map(({ index, 0: found }) => ({
      fix: { safe, edits: [{ start: index, end: index + found.length, text: replacement }] },
    }))
}

test('applyEdits replaces, inserts and deletes', () => {
  const edits = [
    { start: 0, end: 1, text: 'A' },
    { start: 2, end: 2, text: '+' },
    { start: 3, end: 4, text: '' },
  ]
  assert.equal(applyEdits('abcde', edits), 'Ab+ce')
})

suite('fixAll', () => {
  test('applies every safe fix', () => {
    const { text, fixed } = fixAll('a, b, a', replaces(/a/g, 'x'))
    assert.deepEqual([text, fixed.length], ['x, b, x', 2])
  })

  test('leaves the fixes that are only offered', () => {
    assert.deepEqual(fixAll('a', replaces(/a/g, 'x', false)), { text: 'a', fixed: [] })
  })

  test('applies what collides one after the other', () => {
    assert.equal(fixAll('aaa', replaces(/a/g, 'x')).text, 'xxx')
  })

  test('applies an edit that two fixes share once', () => {
    const analyze = (text: string): readonly Fixable[] =>
      replaces(
        /a/g,
        'x',
      )(text).map(({ fix }) => ({
        fix: { safe: true, edits: [{ start: 0, end: 0, text: 'import x\n' }, ...fix.edits] },
      }))
    assert.equal(fixAll('1, a, a', analyze).text, 'import x\n1, x, x')
  })

  test('ends where two fixes undo each other', () => {
    const analyze = (text: string) => [...replaces(/a/g, 'b')(text), ...replaces(/b/g, 'a')(text)]
    assert.equal(fixAll('a', analyze).text, 'a')
  })
})

test('fixingEdits gives edits of the first text, in order and apart, that come to the same', () => {
  const first = 'import a\naab, b, c aaa'
  const analyze = (text: string) => [
    ...replaces(/a/g, 'bb')(text),
    ...replaces(/bbb/g, '')(text),
    ...replaces(/, b/g, ', x')(text),
    ...replaces(/^/g, text.startsWith('#') ? '' : '# x\n')(text),
  ]
  const edits = fixingEdits(first, analyze)
  assert.equal(applyEdits(first, edits), fixAll(first, analyze).text)
  assert.ok(edits.length > 1)
  for (const [index, { start }] of edits.entries()) assert.ok(start > (edits[index - 1]?.end ?? -1))
})
