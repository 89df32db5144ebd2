/** An underline stands under its span, whatever the line is written in. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { codeFrame, type Mark } from '../../server/src/cli/frame.ts'
import { lineStarts } from '../../server/src/syntax/lines.ts'

/** A frame of the text whose spans stand in `«` and `»`; the first is what the finding is about. */
function frame(marked: string, labels: readonly string[] = []): string {
  const marks: Mark[] = []
  let text = ''
  for (const [index, piece] of marked.split(/[«»]/).entries()) {
    if (index % 2 === 1) {
      const sign = marks.length === 0 ? '^' : '-'
      marks.push({
        start: text.length,
        end: text.length + piece.length,
        sign,
        style: 'red',
        label: labels[marks.length] ?? '',
      })
    }
    text += piece
  }
  return codeFrame({ text, starts: lineStarts(text) }, marks, (_, shown) => shown)
}

function expected(...lines: readonly string[]): string {
  return lines.join('\n')
}

test('one line of context on either side, none that is empty', () => {
  assert.equal(frame('a\nb\n«c» = 1\n\nd\n'), expected('  |', '2 | b', '3 | c = 1', '  | ^'))
  assert.equal(frame('a\n«b»\nc\nd\n'), expected('  |', '1 | a', '2 | b', '  | ^', '3 | c'))
})

test('full-width characters take two columns', () => {
  assert.equal(
    frame('名字 = "全角"; «错误»()'),
    expected('  |', '1 | 名字 = "全角"; 错误()', '  |                ^^^^'),
  )
})

test('combining characters take none, emoji two', () => {
  assert.equal(frame('e\u0301👩‍💻 «x»'), expected('  |', '1 | e\u0301👩‍💻 x', '  |     ^'))
})

test('tabs are four columns', () => {
  assert.equal(frame('\t\t«x»\ty'), expected('  |', '1 |         x    y', '  |         ^'))
})

test('characters that would act on the terminal are shown, not sent', () => {
  assert.equal(frame('"\u001b[31m\u202e" «x»'), expected('  |', '1 | "␛[31m\ufffd" x', '  |          ^'))
})

test('a span over several lines is underlined to the end of its first one', () => {
  assert.equal(frame('x = «f(\n  1,\n)»\n'), expected('  |', '1 | x = f(', '  |     ^^', '2 |   1,'))
})

test('an empty span is a place', () => {
  assert.equal(frame('«»x\n'), expected('  |', '1 | x', '  | ^'))
})

test('lines in between are left out, unless it is one', () => {
  assert.equal(
    frame('«a»\nb\nc\nd\n«e»\n', ['', '1: there']),
    expected('  |', '1 | a', '  | ^', '2 | b', '...', '5 | e', '  | - 1: there'),
  )
  assert.equal(frame('«a»\nb\n\n«d»\n'), expected('  |', '1 | a', '  | ^', '2 | b', '3 |', '4 | d', '  | -'))
})

test('numbers are aligned', () => {
  const text = `${'x\n'.repeat(8)}«y»\nz\n`
  assert.equal(frame(text), expected('   |', ' 8 | x', ' 9 | y', '   | ^', '10 | z'))
})

test('of a very long line, the part around the span is shown', () => {
  const lines = frame(`${'a'.repeat(5000)}«bcd»${'e'.repeat(5000)}`).split('\n')
  assert.ok(lines.every(line => line.length < 180))
  const [, code = '', underline = ''] = lines
  assert.equal(code.indexOf('bcd'), underline.indexOf('^^^'))
})
