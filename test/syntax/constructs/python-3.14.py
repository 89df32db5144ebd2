"""What Python 3.14 added to the grammar."""

try:
    a
except A, B:
    b
try:
    a
except* A, B, C:
    b
x = t"a{b}c{d!r:>{e}}"
x = rt'{a}' t"{b["c"]}"
