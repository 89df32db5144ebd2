"""What Python 3.11 added to the grammar."""

try:
    a
except* A:
    b
except* (A, B) as c:
    d
x = a[*b]
x = a[*b, c]
x = a[b, *c.d()]
x = a[*b.c()]
x = a[*b[c]]
x = a[1:2, *b]
x = a[*(b - c)]
a: tuple[*b]
a: tuple[int, *b[c]]
def f(*args: *Ts): pass
def f(*args: *tuple[int, ...]): pass
def f():
    return a, *[b]
def f():
    for a in *[b], c: yield *(d), e
x = a, *{b}, *"c"
