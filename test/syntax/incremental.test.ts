/** After any edits the tree is the one that a fresh parse of the text gives, and what did not change is the same object. */
import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { Parser, Tree } from 'web-tree-sitter'
import type { Statement } from '../../server/src/syntax/ast.ts'
import { parser } from '../support/parser.ts'
import { dump } from './dump.ts'

const files = globSync('constructs/*.py', { cwd: import.meta.dirname })
const constructs = files.map(file => readFileSync(join(import.meta.dirname, file), 'utf8'))

test('any edits lead to the same tree as a fresh parse', () => {
  const deleted = count(Tree.prototype, 'delete')
  const parsed = count(Parser.prototype, 'parse')
  fc.assert(fc.property(fc.constantFrom(...constructs), fc.array(edit, { maxLength: 12 }), sameAsFresh), {
    seed: 1,
    numRuns: 150,
  })
  assert.equal(deleted.restore(), parsed.restore())
})

/** Tokens that change what everything behind them means, beside harmless ones. */
const inserted = fc.oneof(
  fc.constantFrom('', 'a', ' ', '\n', '    ', '(', ')', '[', ']', '"', "'", '"""', ':', ',', '=', '.', '*', '#', '\\'),
  fc.constantFrom(
    '\r',
    '\r\n',
    '\t',
    '\f',
    '\0',
    '\ufeff',
    '😀',
    'é',
    'print ',
    'type ',
    'match x:',
    'if x:',
    'else:',
    'f"{',
    '[*(',
  ),
  fc.string({ maxLength: 5 }),
)

/** Where, as a fraction of the text, how much goes, and what comes. */
const edit = fc.record({
  place: fc.double({ min: 0, max: 1, noNaN: true }),
  removed: fc.oneof({ weight: 3, arbitrary: fc.constantFrom(0, 1, 2) }, fc.nat(300)),
  text: inserted,
})

function sameAsFresh(initial: string, edits: readonly { place: number; removed: number; text: string }[]): void {
  const source = parser.open(initial)
  let text = initial
  for (const { place, removed, text: inserted } of edits) {
    const start = Math.floor(place * text.length)
    const end = Math.min(text.length, start + removed)
    text = text.slice(0, start) + inserted + text.slice(end)
    source.change([{ start, end, text: inserted }])
    const fresh = parser.open(text)
    assert.equal(source.module.text, text)
    assert.deepEqual(dump(source.module), dump(fresh.module))
    fresh.dispose()
  }
  source.dispose()
}

/** Counts the calls of a method until it is restored. */
function count<T extends object, K extends keyof T>(prototype: T, name: K): { restore(): number } {
  const method = prototype[name] as (...values: unknown[]) => unknown
  let calls = 0
  prototype[name] = function (this: unknown, ...values: unknown[]) {
    calls++
    return method.apply(this, values)
  } as T[K]
  return {
    restore() {
      prototype[name] = method as T[K]
      return calls
    },
  }
}

const script = 'import torch\n\ndef f(a):\n    return a.b(c)\n\n# x\nclass A:\n    def g(self): pass\n\nf(1)\n'

test('a statement that did not change is the same object, at its new place', () => {
  const source = parser.open(script)
  const [first, f, A, call] = source.module.body
  const [, newF, ...others] = source.change([{ start: 33, end: 33, text: 'aaa.' }]).body
  assert.deepEqual(others, [A, call])
  assert.equal(source.module.body[0], first)
  assert.notEqual(newF, f)
  assert.equal(source.module.text.slice(A?.start, A?.end), 'class A:\n    def g(self): pass')
  assert.equal(source.module.text.slice(call?.start, call?.end), 'f(1)')
  assert.deepEqual(slices(source.module.comments, source.module.text), ['# x'])
})

test('several changes in one go are applied one after the other', () => {
  const source = parser.open('a\nb\nc\n')
  source.change([
    { start: 0, end: 1, text: 'long' },
    { start: 5, end: 6, text: '' },
    { start: 6, end: 7, text: 'd' },
  ])
  assert.equal(source.module.text, 'long\n\nd\n')
  assert.deepEqual(slices(source.module.body, source.module.text), ['long', 'd'])
})

test('a text replaced as a whole keeps what is the same at its ends', () => {
  const source = parser.open(script)
  const [first, , A, call] = source.module.body
  const { body } = source.change([{ start: 0, end: script.length, text: script.replace('a.b', 'a.b.c') }])
  assert.deepEqual([body[0], body[2], body[3]], [first, A, call])
})

test('a statement is read again if it moves into a column where it may not stand', () => {
  const source = parser.open('a\nb\n')
  source.change([{ start: 2, end: 2, text: '  ' }])
  assert.deepEqual(source.module.body.map(isBroken), [false, true])
  source.change([{ start: 2, end: 4, text: '' }])
  assert.deepEqual(source.module.body.map(isBroken), [false, false])
})

test('a change to a character that is read in disguise is seen', () => {
  const source = parser.open('x[*(a)]\n')
  const { body } = source.change([{ start: 2, end: 3, text: '~' }])
  assert.deepEqual(dump(source.module), dump(parser.open('x[~(a)]\n').module))
  assert.equal(body[0]?.kind, 'Expr')
})

test('a module outlives its source', () => {
  const source = parser.open(script)
  const { module } = source
  source.dispose()
  assert.deepEqual(dump(module), dump(parser.open(script).module))
})

function slices(nodes: readonly { readonly start: number; readonly end: number }[], text: string): string[] {
  return nodes.map(({ start, end }) => text.slice(start, end))
}

function isBroken(statement: Statement): boolean {
  return statement.broken
}
