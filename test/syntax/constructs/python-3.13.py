"""What Python 3.13 added to the grammar."""

def f[T = int](): pass
def f[T: int = str, *Ts = *tuple[int, ...], **P = [int, str]](a: T = 1): pass
class A[T = int, U = list[T]](B[T]): pass
class A[T = dict[str, list[int]]](B, c=d): pass
type X[T = int] = list[T]
