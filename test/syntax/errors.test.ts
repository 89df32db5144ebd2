/** Bad code: never an exception, and as little of the file broken as can be. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createParser } from '../../server/src/syntax/parser.ts'
import { grammar, parser } from '../support/parser.ts'
import { outline, outlines } from './outline.ts'

/** A training loop with something half-typed in the middle. */
function around(typed: string): string[] {
  return outlines(
    `import torch\n\ndef train():\n    for x in y:\n        ${typed}\n        step()\n    return a\n\ndef other():\n    b\n`,
  )
}

test('an error breaks the statement that it is in and those around it, and no other', () => {
  const [first, train, other] = around('loss = f(a b)')
  assert.equal(first, 'Import(Alias torch)')
  assert.equal(train, 'FunctionDef train(For(x, y, Assign(loss, ErrorExpression)!, Expr(Call(step)))!, Return(a))!')
  assert.equal(other, 'FunctionDef other(Expr(b))')
})

test('what somebody is about to type is broken', () => {
  const typed = [
    'x =',
    'x = f(',
    'opt.',
    'if x',
    'if x:',
    'for',
    'for a in',
    'while a and',
    'with',
    'with a as',
    'try:',
    'except A:',
  ]
  const more = [
    'x = "abc',
    "x = f'{a'",
    'return a,b c',
    'class',
    'def f(a',
    '@',
    'lambda',
    'x = = 1',
    '$',
    ')',
    'f(a=)',
    'import',
    'from a import',
    'del',
    'a b',
  ]
  for (const each of [...typed, ...more]) {
    const statements = around(each)
    assert.match(statements.join('\n'), /!/, each)
    assert.equal(statements[0], 'Import(Alias torch)', each)
  }
})

test('the compound statement around an error keeps what can be read of it', () => {
  assert.equal(outline('for x in f(a b):\n    c'), 'For(x, ErrorExpression, Expr(c))!')
  assert.equal(outline('if (a b):\n    c\nelse:\n    d'), 'If(ErrorExpression, Expr(c), Expr(d))!')
  assert.equal(outline('def f(a, 1):\n    b'), 'FunctionDef f(Parameter a, Expr(b))!')
})

test('what is half-typed does not drag down what follows', () => {
  const after = ['Import(Alias torch)', 'FunctionDef other(Expr(b))']
  for (const typed of [
    'x = f(a, (b',
    'x = {',
    'x = "abc',
    'for',
    'if a',
    'with a(',
    'while a and',
    'else',
    'x = a)',
    'from a',
  ]) {
    const [first, train, other] = around(typed)
    assert.deepEqual([first, other], after, typed)
    assert.match(train ?? '', /^FunctionDef train\(For\(x, y, .*Expr\(Call\(step\)\).*\)!, Return\(a\)\)!$/, typed)
  }
})

test('a half-typed header keeps its block, but for a function or class', () => {
  assert.deepEqual(outlines('for x in\n    y\nz'), ['If(ErrorExpression, Expr(y))!', 'Expr(z)'])
  assert.deepEqual(outlines('if a:\n    b\nelif c and\n    d\ne'), [
    'If(a, Expr(b), If(ErrorExpression, Expr(d))!)!',
    'Expr(e)',
  ])
  assert.deepEqual(outlines('@a\ndef f(x,\n    y\n\n    z()\nb()'), ['Expr(ErrorExpression)!', 'Expr(Call(b))'])
  assert.deepEqual(outlines('class A(\n    def f(): pass\n    x = 1\nb'), ['Expr(ErrorExpression)!', 'Expr(b)'])
})

test('a statement goes on in the next line only with a bracket or a backslash', () => {
  assert.equal(outline('opt.\nstep()'), 'ErrorStatement!')
  assert.equal(outline('x =\nstep()'), 'ErrorStatement!')
  assert.equal(outline('if a and\\\n  b: c'), 'If(BoolOp and(a, b), Expr(c))')
  assert.equal(outline('x = (a.\nb)'), 'Assign(x, Attribute b(a))')
  assert.equal(outline('x = a + \\\r\n b'), 'Assign(x, BinOp +(a, b))')
  assert.equal(outline('x = f"""{\na}\n"""'), 'Assign(x, JoinedStr(a))')
})

test('a block has a statement, and all of them stand in the same column', () => {
  assert.deepEqual(outlines('if a:\nb'), ['If(a)!', 'Expr(b)'])
  assert.deepEqual(outlines('def f():\n    a\n      b\n    c'), ['FunctionDef f(Expr(a), Expr(b)!, Expr(c))!'])
  assert.deepEqual(outlines('a\n  b\nc'), ['Expr(a)', 'Expr(b)!', 'Expr(c)'])
  assert.deepEqual(outlines('import a b\nc'), ['ErrorStatement!', 'Expr(c)'])
  assert.deepEqual(outlines('import a.b c; d;'), ['Import(Alias a.b)', 'ErrorStatement!', 'Expr(d)'])
  assert.deepEqual(outlines('if a: b; c\nif a:\n\tb\n\n\tc'), ['If(a, Expr(b), Expr(c))', 'If(a, Expr(b), Expr(c))'])
})

test('arguments and parameters stand in an order', () => {
  assert.equal(outline('f(a=1, b)'), 'Expr(Call(f, Keyword a(Constant 1), b))!')
  assert.equal(outline('f(a=1, *b, **c)'), 'Expr(Call(f, Keyword a(Constant 1), Starred(b), Keyword **(c)))')
  assert.equal(outline('def f(a=1, b): pass'), 'FunctionDef f(Parameter a(Constant 1), Parameter b, Pass)!')
  assert.equal(
    outline('def f(a=1, *b, c): pass'),
    'FunctionDef f(Parameter a(Constant 1), Parameter b, Parameter c, Pass)',
  )
})

test('lines may end in any way', () => {
  const expected = ['FunctionDef f(Expr(a), Expr(b))', 'Expr(c)']
  for (const end of ['\n', '\r\n', '\r'])
    assert.deepEqual(outlines(`def f():${end}    a${end}    b${end}c${end}`), expected)
  assert.deepEqual(outlines('a\r\rb\r\n\rc\n\r'), ['Expr(a)', 'Expr(b)', 'Expr(c)'])
})

test('a byte order mark and form feeds are white space', () => {
  assert.deepEqual(outlines('\ufeffa\n\fb\n\f\ndef f():\n    c\n\f\n    d'), [
    'Expr(a)',
    'Expr(b)',
    'FunctionDef f(Expr(c), Expr(d))',
  ])
})

test('a character that is no Python breaks its own statement', () => {
  for (const character of [
    '\0',
    '\u00a0',
    '\v',
    '\u2028',
    '\u3000',
    '\u200b',
    '\ufeff',
    '？',
    '“',
    '$',
    '\ud800',
    '😀',
  ]) {
    const [before, , after] = outlines(`a\nx = ${character} 1\nc`)
    assert.deepEqual([before, after], ['Expr(a)', 'Expr(c)'], JSON.stringify(character))
    assert.match(outlines(`a\nx = ${character} 1\nc`)[1] ?? '', /!$/, JSON.stringify(character))
    assert.equal(outline(`x = "${character}"  # ${character}`), `Assign(x, Constant ${JSON.stringify(character)})`)
  }
})

test('a tree is never deeper than its readers can follow', () => {
  const deep = {
    parentheses: `x = ${'('.repeat(2000)}${')'.repeat(2000)}`,
    lists: `x = ${'['.repeat(2000)}${']'.repeat(2000)}`,
    sum: `x = ${'a + '.repeat(5000)}a`,
    union: `x = ${'a | '.repeat(5000)}a`,
    calls: `x = a${'.b()'.repeat(5000)}`,
    conditions: `x = ${'a if b else '.repeat(3000)}c`,
    lambdas: `x = ${'lambda: '.repeat(3000)}a`,
    negations: `x = ${'not '.repeat(3000)}a`,
    elif: `if a: b\n${'elif c: d\n'.repeat(3000)}`,
    blocks: `${Array.from({ length: 1000 }, (_, depth) => `${' '.repeat(depth)}if a:\n`).join('') + ' '.repeat(1000)}b`,
    assignments: `${'a = '.repeat(5000)}b`,
    subscripts: `x = a${'[b'.repeat(3000)}${']'.repeat(3000)}`,
    strings: `x = ${'f"{'.repeat(500)}a${'}"'.repeat(500)}`,
    annotation: `x: ${'a['.repeat(3000)}${']'.repeat(3000)}`,
    open: '('.repeat(20000),
    patterns: `match a:\n  case ${'['.repeat(3000)}${']'.repeat(3000)}: b`,
  }
  for (const [name, text] of Object.entries(deep)) {
    const [statement] = outlines(`${text}\nz`)
    assert.ok(statement, name)
    assert.ok(deepest(statement) < 1500, `${name}: ${deepest(statement)}`)
  }
})

function deepest(text: string): number {
  let depth = 0
  let most = 0
  for (const character of text) {
    if (character === '(') most = Math.max(most, ++depth)
    else if (character === ')') depth--
  }
  return most
}

test('long and flat is not deep', () => {
  const long = [
    `x = [${'a, '.repeat(5000)}]`,
    `x = ${'a and '.repeat(5000)}b`,
    `x = ${'a < '.repeat(5000)}b`,
    `${'a = '.repeat(5000)}b`,
  ]
  for (const text of long) assert.doesNotMatch(outline(text), /!/, text.slice(0, 10))
})

test('what is long takes its time and no more', () => {
  const long = { string: `"${'a'.repeat(900_000)}"\n)`, quotes: '"'.repeat(50_001), open: '@a(\n'.repeat(20_000) }
  for (const [name, text] of Object.entries(long)) {
    const start = performance.now()
    parser.open(text).dispose()
    assert.ok(performance.now() - start < 5000, name)
  }
})

test('a text that takes too long is one error, until it changes', async () => {
  const impatient = await createParser(grammar, 0)
  const text = 'x = 1\n'.repeat(100)
  const source = impatient.open(text)
  assert.deepEqual(
    source.module.body.map(statement => statement.kind),
    ['ErrorStatement'],
  )
  assert.equal(source.change([{ start: 0, end: text.length, text: 'y = 2' }]).body[0]?.kind, 'Assign')
  assert.equal(source.change([{ start: 0, end: 5, text }]).body[0]?.kind, 'ErrorStatement')
})

test('nothing is thrown, whatever the text is', () => {
  const texts = [
    '',
    ' ',
    '\n',
    '\\',
    '\\\n',
    '#',
    ';',
    '"',
    '"""',
    "f'{",
    '(',
    ')',
    '\t\t',
    ':',
    '\ufeff',
    '\r',
    '\0',
    '\0\0\n',
    '...',
    '*',
    '**',
    '@',
    '->',
    'é',
    '\udc00',
  ]
  for (const text of texts) {
    const { module } = parser.open(text)
    assert.equal(module.text, text)
  }
})
