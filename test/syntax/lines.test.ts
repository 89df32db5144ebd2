import assert from 'node:assert/strict'
import { test } from 'node:test'
import { endOfLine, lineAt, lineStarts, skipLineBreak, startOfLine } from '../../server/src/syntax/lines.ts'

const text = 'a\nbc\r\n\rd'

test('a line ends with any of the three line breaks', () => {
  assert.deepEqual(lineStarts(text), [0, 2, 6, 7])
  assert.deepEqual(lineStarts(''), [0])
  assert.deepEqual(
    [...text, ''].map((_, offset) => lineAt(lineStarts(text), offset)),
    [0, 0, 1, 1, 1, 1, 2, 3, 3],
  )
})

test('the ends of a line are found from anywhere in it', () => {
  assert.deepEqual([startOfLine(text, 3), endOfLine(text, 3)], [2, 4])
  assert.deepEqual([startOfLine(text, 8), endOfLine(text, 7)], [7, 8])
  assert.deepEqual(
    [1, 4, 6, 7].map(offset => skipLineBreak(text, offset)),
    [2, 6, 7, 7],
  )
})
