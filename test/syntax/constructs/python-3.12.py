"""What Python 3.12 added to the grammar."""

type X = int
type X[T] = list[T]
type X[T, U: int, V: (int, str), *Ts, **P] = dict[T, U] | None
type X = a.b.C | None
type X = Callable[[int], str]
def f[T](a: T) -> T: pass
def f[T: int, *Ts, **P](a: T, *args: *Ts) -> T: pass
async def f[T: (int, str)](): pass
class A[T]: pass
class A[T: int, U](B[T], metaclass=M): pass
@a
class A[T](B): pass
class A:
    type X = int
    def f[T](self): pass
x = f"{a["b"]}" f'{a['b']!r}'
x = f"{"\n".join(a)}" f"{'\''}"
x = f"{
    a  # comment
    + b
}"
x = f"{f"{f"{1}"}"}"
x = f"{a:{b:{c}}}"
