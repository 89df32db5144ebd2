import assert from 'node:assert/strict'
import { test } from 'node:test'
import { expression, outline } from './outline.ts'

function value(literal: string): unknown {
  const constant = expression(literal)
  return constant.kind === 'Constant' ? constant.value : constant.kind
}

test('strings have the text that they stand for', () => {
  assert.equal(value(String.raw`'a\tb\x41\101\u00e9\U0001F600\q\'' "\\"`), "a\tbAAé😀\\q'\\")
  assert.equal(value(String.raw`r'\n\'' R"\\" u'\''`), ["\\n\\'", '\\\\', "'"].join(''))
  assert.equal(value('"""a\r\nb\rc\\\nd"""'), 'a\nb\ncd')
  assert.equal(value("'' ''''''"), '')
  assert.equal(value(String.raw`'\N{BULLET}'`), '\ufffd')
  assert.equal(value('("a"\n  # why\n  "b")'), 'ab')
})

test('numbers have their value', () => {
  assert.deepEqual(
    ['1_000', '0xFF', '0o17', '0B1_0', '00', '1_0.5e-1', '.5', '1.'].map(value),
    [1000, 255, 15, 2, 0, 1.05, 0.5, 1],
  )
  assert.equal(value(`1${'0'.repeat(400)}`), Number.POSITIVE_INFINITY)
})

test('the other literals have none, or their own', () => {
  assert.deepEqual(['True', 'False', 'None', '...', '1j', '1.5e3J', 'b"a"', 'Rb"a" b"c"'].map(value), [
    true,
    false,
    null,
    null,
    null,
    null,
    null,
    null,
  ])
})

test('f-strings and t-strings hold their expressions', () => {
  assert.equal(outline(`f'a{b}{c!r:>{d}.{e}}{{f}}' 'g' rf"{h=}"`), 'Expr(JoinedStr(b, c, d, e, h))')
  assert.equal(
    outline(`f"{a["b"]}{x:=10}{(y:=1)}"`),
    'Expr(JoinedStr(Subscript(a, Constant "b"), x, NamedExpr(y, Constant 1)))',
  )
  assert.equal(outline(`t'{a}'`), 'Expr(JoinedStr(a))')
  assert.equal(
    outline(`f'{a, b}{*c, d}{(lambda x: 1)}'`),
    'Expr(JoinedStr(Tuple(a, b), Tuple(Starred(c), d), Lambda(Parameter x, Constant 1)))',
  )
})

test('names are compared as Python does', () => {
  assert.equal(outline('ﬁ.ﬁ'), 'Expr(Attribute fi(fi))')
})
