"""Every construct of Python 3.9's grammar, and combinations in which tree-sitter's grammar is known to err."""

from __future__ import annotations

import a
import a.b.c, d as e
import a . b
from . import x
from .. import y as z
from ... pkg . mod import (u, v as w,)
from .m import *
from __future__ import (division, print_function)

# Literals
x = 0, 1_000, 0xFF, 0o17, 0b1010_1010, 00, 123456789012345678901234567890
x = 1., .5, 1e3, 1_0.0_1e-1_0, 3j, 1.5J, 1e3j
x = True, False, None, ...
x = 'a' "b" '''c
d''' """e\tf"""
x = b'a' rb'\n' Rb"\x00" BR'''x'''
x = 'café 😀', "\x41\101\u0041\U0001F600\q\
next", r'\n\'', r'\\', u'u', '\'', "\\", '', ''''''
x = f'a{b}c{d!r:>{width}.{precision}}{{literal}}{e:%Y-%m-%d}' 'plain' f"{x=}" rf'\d{n}'
x = f'''{
    a + b
}''', f'{a["k"]}', f'{lambda_(1)}', f'{(lambda: 1)()}', f'{x:{y}}', f'{a, b}', f'{*a, b}', f'{{}}', f'{x:=10}', f'{(x:=10)}'

# Operators
x = a + b - c * d / e // f % g @ h ** i ** -j
x = -a ** b, (-a) ** b, ~a ^ b & c | d << e >> f, a & b ^ c & d, a ^ b & c ^ d, (a | b) & (c ^ d)
x = not a, not not a, not a == b, -+~a, - a . b
x = a or b and c or d, (a or b) and c, a or (b or c), a and b and c and d, not (a and b)
x = a < b <= c == d != e >= f > g, a in b, a not in b, a not  in b, a is b, a is not b, a is not not_b
x = a if b else c if d else e, (a if b else c) if d else e, lambda: a if b else c
x = (y := 1), [z := 2, z ** 2], f(y := 3), {y := 4}
if (n := len(a)) > 10: pass
while chunk := f.read(): pass
x = a.b.c[d](e)(f).g, a[b][c], a()[0].b
x = (a)(b), (a).b, (a)[b], ((a)), (((a, b)))
x = (yield)
x = await_(a), print, exec, match, case, type, _

# Calls
f()
f(a, b, *c, d, *e, k=1, **g, l=2, **h)
f(a=1, *b)
f(*a.b(), **a.b())
f(*a or b, *a if b else c, *(a, b), *[a])
f(x for x in y)
f((x for x in y), 1)
f(a, b,)
f(lambda: 1, lambda x, *y, z=1, **w: (x, y), lambda *, a: a, lambda a, /, b: a)
f(**{'a': 1}, **b)
print(*a, sep='')
print >> f, x
print >> f if a else b
print * a
print - 1, print [a]
print
(a, b)(c)
f(a)(b)(c).d[e]
model.to(device).train().cuda()

# Displays and comprehensions
x = [], [a], [a, b], [a, b,], [*a, *b.c(), *d[e]], [*a | b], [*a.b().c.d[e]]
x = (), (a,), (a, b), (*a,), (*a.b(), c), (a), ((a, b), c)
x = {a}, {a, b}, {*a.b()}, {*a, b}, {*a[b]()}
x = {}, {a: b}, {a: b, **c}, {**a.b(), 'c': d, }, {**a, **b}
x = [a for b in c], [a for b in c if d if e for f in g if h], [a for b, c in d], [(a, b) for a in b for b in a]
x = {a for b in c}, {a: b for a, b in c.items() if a}, (a for b in c), {**a, 'b': [c for c in d]}
x = [lambda: a for a in (lambda: b)]
x = [[a for a in b] for b in c], [a if b else c for d in e], [not a for a in b], [x for x, in y], [x for (x, y) in z]

# Subscripts
x = a[b], a[b:c], a[b:c:d], a[:], a[::], a[b:], a[:b], a[::b], a[b, c], a[b:c, d:e, ...], a[b,], a[(b, c)], a[(b), c], a[lambda: b]
x = a[b if c else d:e], a[-1], a[:-1], a[b][c:d], a[not b], a[b or c, :], a[None, :, None]

# Assignments
a = 1
a = b = c = 1
a, b = c, d
a, = b
(a, b), c = d
[a, b] = c
[a, [b, *c]] = d
*a, b = c
a, *b = c
a, *b.c = d
*a.b[c], d = e
(a) = 1
(a), b = 1, 2
(a.b) = (a[b]) = 1
a.b = a[b] = a.b[c].d = 1
a = *b, c
a = *b.c(), d
a = *b, *c.d(), *e[f]
a = yield_ = b
a += 1; a -= 1; a *= 1; a /= 1; a //= 1; a %= 1; a **= 1; a @= 1; a &= 1; a |= 1; a ^= 1; a <<= 1; a >>= 1
a += b, c
a.b += 1
a[b] += c if d else e
a: int
a: int = 1
a.b: int = 1
a[b]: List[int] = []
(a): int = 1
a: 'Forward' = None
a: Tuple[int, ...] = 1, 2
a: Callable[[int, str], Dict[str, int]] = f
a: Optional[List[Dict[str, torch.Tensor]]] = None
a: list[int] | dict[str, int] | None = None
a: int | str | None
a: a.b.C[d].E = 1
a: not_a if b else c
a: Literal['x', 'y'] = 'x'
a: dict[a:b]
a: dict[a:b:c] = 1
type(m).x = 1
type(m).x.y = type(n)
type(m)[0] = 1
type (m).x = 1
type = 1
type: int = 3
match = 1
match.x = 2
match[0] = 3
match(x)
match, case = 1, 2
print = 1

# Simple statements
pass; pass
pass;
a; b; c
assert a
assert a, b
assert (a, b)
del a
del a, b
del (a, b)
del a.b, a[b], [c]
del (a), b
raise
raise A
raise A(b) from c
raise A from None
global_ = 1
a, b
a,
*a, b
"docstring"
...

# Compound statements
if a: b
elif c: d
elif e: f
else: g
if a:
    b
if a:
    b
else:
    if c:
        d
    else:
        e
if (a and
        b): c
if a and \
        b: c
for a in b: c
for a, b in c: d
for a, *b in c:
    d
    continue
else:
    e
for (a, b) in c, d: pass
for a in *b, c: pass
for a.b in c: break
for a[b] in c:
    pass
for a in lambda: b: pass
for i, (a, b) in enumerate(c): pass
for [a, b] in c: pass
while a: b
while a:
    break
else:
    c
try: a
except: b
try:
    a
except A:
    b
except (A, B) as c:
    d
except A.B as e:
    raise
else:
    f
finally:
    g
try:
    a
finally:
    b
with a: b
with a as b: c
with a, b as c, d as (e, f): g
with a as b.c, a as b[c]: d
with a(b) as c, \
        d(e) as f:
    g
with (a): b
with (a).b() as c: d
with (a, b) as c: d
with (yield_): b
with A if c else B as f: pass
with a or b as c: pass
with not a as b: pass
with lambda: a as b: c
with torch.no_grad(), torch.autocast('cuda', enabled=False): pass
with a + b as c, d: pass
with (a if b else c) as d: pass

# Definitions
def f(): pass
def f(a, b=1, *args, c, d=2, **kwargs): pass
def f(a, /, b, *, c): pass
def f(a=1, /, b=2, *, c=3, **d): pass
def f(*, a): pass
def f(*args: int, **kwargs: str) -> None: pass
def f(a: int, b: str = 'x', *args: Any, c: float, d: Optional[int] = None) -> List[int]: return a
def f(a, b,): pass
def f(a: list[int] | str | None = None, b: a | b = 1) -> dict[str, int] | None: pass
def f(a=(1, 2), b=[1, 2], c={'a': 1}, d=lambda x: x): pass
def f():
    """Docstring."""
    global a, b
    nonlocal_ = 1
    return
def f():
    # Only a comment, then code.
    return a, b  # trailing

    # After the return.
def f():
    return *a, b
def f():
    return (yield)
def f():
    a = yield
    b = yield a
    c = yield a, b
    d = yield from e
    yield
    yield a
    yield a, b
    yield from a.b()
    await_ = (yield a) + 1
    return a.b(), *c.d()
def outer():
    a = 1
    def inner():
        nonlocal a
        a += 1
    return inner
async def f():
    await a
    b = await c(d)
    await a ** b
    -await a
    await a.b().c[d]
    x = await a + await b
    async with a as b, c: pass
    async with a: pass
    async for a in b: pass
    else: pass
    return [a async for a in b if await a]
async def g():
    yield 1
    x = (await a, await b)
    x = {a: b async for a, b in c}
@a
def f(): pass
@a.b(c)
@d
async def f(): pass
@a
class B: pass
class A: pass
class A(): pass
class A(B, C): pass
class A(B, metaclass=M, **k): pass
class A(*b, **c): pass
class A(B.C[D], e=f):
    """Docstring."""
    x: int = 1
    y = 2

    def f(self): return self

    @property
    def g(self) -> int:
        return 1

    class B:
        pass
if 1:
    def f():
        class A:
            if 2:
                pass
            # A comment at the end.
        # Another, further out.
    # And another.

# White space
if a:
	b
	if c:
		d
if a :
  b
x = [
    1,  # one
    2,
    # three
]
x = (a
     # why
     .b(c)
     .d())
x = a \
    + b
x = {
    'a': 1,
    'b': [
        2,
    ],
}
f(a,
  b
  )
def   f ( a , b = 1 ) :   return   a
x=a if b else-c
x = "a" \
    "b"
x = ("a"
     "b" f"{c}"
     # comment
     "d")

class AfterFormFeed: pass
x = lambda: (
    1)
