"""What Python 3.10 added to the grammar."""

with (a as b): c
with (a as b, c as d): e
with (a, b): c
with (a, b,): c
with (a as b,): c
with (a,): b
with (
    open(a) as b,
    open(c) as d,
): e
with (a as b.c, d): e
with (a if b else c as d, e): f
with (a, (b, c)): d
with (a := b): c
with (yield a): b
with (a for a in b): c
with (a).b as c, d: e

@a[b].c
def f(): pass
@(a or b)
def f(): pass
@lambda f: f
def f(): pass

match a:
    case 1: pass
    case -1 | 1.5 | -2j | 1 + 2j: pass
    case 'a' | b'b' | 'c' 'd': pass
    case None | True | False: pass
    case a.b.c: pass
    case [a, b, *c]: pass
    case [a, [b, *_]]: pass
    case (a, b): pass
    case (a): pass
    case (a | b.c): pass
    case a, b: pass
    case a, *b: pass
    case *a,: pass
    case []: pass
    case (): pass
    case {}: pass
    case {'a': 1, 'b': b, **rest}: pass
    case {a.b: c, -1: d}: pass
    case A(): pass
    case A(b, c=d, e=E(f)): pass
    case a.B(1, c=2,): pass
    case (A() | B()) as c: pass
    case [A() as b, c] as d: pass
    case {'a': [1, 2, {}]} if b: pass
    case str() as s if s and t: pass
    case [1, x] | [x, 2] if (y := x): pass
    case x if x > 1: pass
    case x as y: pass
    case _ as z: pass
    case _: pass
match a, b:
    case _: pass
match a,:
    case _: pass
match *a, b:
    case _: pass
match (a, b):
    case c: pass
match [a]:
    case _: pass
match -a:
    case _: pass
match a.b(c)[d]:
    case _:
        match b:
            case c:
                pass
match match:
    case case: pass
match {'a': 1}:
    case _: pass
match not a:
    case _: pass
match lambda: a:
    case _: pass
