/** What tree-sitter's grammar gets wrong and the tree has right. CPython agrees with each: see cpython.test.ts. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { outline, outlines } from './outline.ts'

test('a star binds least, however long what it stands before is', () => {
  assert.equal(outline('[*a.b()]'), 'Expr(List(Starred(Call(Attribute b(a)))))')
  assert.equal(outline('{*a.b(), c}'), 'Expr(Set(Starred(Call(Attribute b(a))), c))')
  assert.equal(outline('x[*a.b()]'), 'Expr(Subscript(x, Tuple(Starred(Call(Attribute b(a))))))')
  assert.equal(outline('return *a.b(), c'), 'Return(Tuple(Starred(Call(Attribute b(a))), c))')
  assert.equal(outline('f(*a or b)'), 'Expr(Call(f, Starred(BoolOp or(a, b))))')
  assert.equal(outline('x = *a[b] | c, d'), 'Assign(x, Tuple(Starred(BinOp |(Subscript(a, b), c)), d))')
  assert.equal(outline('def f(*a: *b[c]): pass'), 'FunctionDef f(Parameter a(Starred(Subscript(b, c))), Pass)')
})

test('a star may stand before a bracket', () => {
  assert.equal(outline('return a, *[b]'), 'Return(Tuple(a, Starred(List(b))))')
  assert.equal(outline('x[*(a - b)]'), 'Expr(Subscript(x, Tuple(Starred(BinOp -(a, b)))))')
  assert.equal(outline('for a in *[b], c: pass'), 'For(a, Tuple(Starred(List(b)), c), Pass)')
})

test('`&` binds more tightly than `^`, and that more tightly than `|`', () => {
  assert.equal(outline('a ^ b & c'), 'Expr(BinOp ^(a, BinOp &(b, c)))')
  assert.equal(outline('a & b ^ c | d'), 'Expr(BinOp |(BinOp ^(BinOp &(a, b), c), d))')
  assert.equal(outline('a & (b ^ c)'), 'Expr(BinOp &(a, BinOp ^(b, c)))')
  assert.equal(outline('x: a[b] | c | None'), 'AnnAssign(x, BinOp |(BinOp |(Subscript(a, b), c), Constant null))')
})

test('`await` binds more tightly than `**`', () => {
  assert.equal(outline('await a ** b'), 'Expr(BinOp **(Await(a), b))')
})

test('`type` and `print` are names', () => {
  assert.equal(outline('type(m).x = 1'), 'Assign(Attribute x(Call(type, m)), Constant 1)')
  assert.equal(outline('type(m)[0] = 1'), 'Assign(Subscript(Call(type, m), Constant 0), Constant 1)')
  assert.equal(outline('print >> f, x'), 'Expr(Tuple(BinOp >>(print, f), x))')
  assert.equal(outline('print >> f if a else b'), 'Expr(IfExp(BinOp >>(print, f), a, b))')
  assert.equal(outline('type X[T] = list[T]'), 'TypeAlias(X, TypeParameter T, Subscript(list, T))')
})

test('`as` binds least', () => {
  assert.equal(outline('with A if c else B as f: pass'), 'With(WithItem(IfExp(A, c, B), f), Pass)')
  assert.equal(outline('with a or b as c, d as e: pass'), 'With(WithItem(BoolOp or(a, b), c), WithItem(d, e), Pass)')
  assert.equal(outline('with not a as b.c: pass'), 'With(WithItem(UnaryOp not(a), Attribute c(b)), Pass)')
})

test('the parentheses of a `with` statement are no tuple', () => {
  assert.equal(outline('with (a as b): pass'), 'With(WithItem(a, b), Pass)')
  assert.equal(outline('with (a, b as c,): pass'), 'With(WithItem(a), WithItem(b, c), Pass)')
  assert.equal(outline('with (a, b) as c: pass'), 'With(WithItem(Tuple(a, b), c), Pass)')
})

test('annotations are expressions', () => {
  assert.equal(outline('x: dict[a, b[c]]'), 'AnnAssign(x, Subscript(dict, Tuple(a, Subscript(b, c))))')
  assert.equal(outline('x: dict[a:b]'), 'AnnAssign(x, Subscript(dict, Slice(a, b)))')
  assert.equal(outline('def f() -> a.b[c].d: pass'), 'FunctionDef f(Attribute d(Subscript(Attribute b(a), c)), Pass)')
})

test('type parameters may have defaults', () => {
  assert.equal(outline('def f[T = int](): pass'), 'FunctionDef f(TypeParameter T, Pass)')
  assert.equal(
    outline('class A[T: b = c[d], *Ts = *e](f=g): pass'),
    'ClassDef A(TypeParameter T, TypeParameter Ts, Keyword f(g), Pass)',
  )
})

test('chains are flat where Python has them flat', () => {
  assert.equal(outline('a and b and c or d'), 'Expr(BoolOp or(BoolOp and(a, b, c), d))')
  assert.equal(outline('a and (b and c)'), 'Expr(BoolOp and(a, BoolOp and(b, c)))')
  assert.equal(outline('a < b not  in c'), 'Expr(Compare < not in(a, b, c))')
  assert.equal(outline('a = b = c'), 'Assign(a, b, c)')
  assert.equal(outline('if a: b\nelif c: d\nelse: e'), 'If(a, Expr(b), If(c, Expr(d), Expr(e)))')
})

test('a statement ends with its last token, not with the comments behind it', () => {
  const text = 'def f():\n    a  # one\n    # two\n\nb'
  assert.deepEqual(outlines(text), ['FunctionDef f(Expr(a))', 'Expr(b)'])
})

test('old Python is broken', () => {
  const statements = [
    'print a',
    'print "a" % b',
    'exec "a"',
    'exec a in b',
    'raise A, b',
    'a <> b',
    'x = 0777',
    'x = 1L',
    'f(async=True)',
    'await = 1',
    'def f((a, b)): pass',
  ]
  for (const statement of [...statements, '[a for b in c, d]', 'try: a\nexcept A, b: c\nprint c']) {
    assert.match(outlines(statement).join(), /!/, statement)
  }
})
