"""Small matrices over any ring of the tower: a 1 x 1 matrix is a scalar, so results collapse to their entry."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from flint import fmpq, fmpq_mat

from numerics import rings
from numerics.exact import ONE, ZERO, TooWide, Undefined, Unsupported
from numerics.rings import Element

MAX_SIZE = 8  # of a determinant by expansion


class Mat:
    """A matrix: ``rows[i][j]``.  A vector of dimension n is n x 1."""

    __slots__ = ("cols", "data", "rows")

    def __init__(self, data: Sequence[Sequence[Element]]):
        self.data = [list(row) for row in data]
        self.rows = len(self.data)
        self.cols = len(self.data[0])

    def entries(self) -> list[Element]:
        return [x for row in self.data for x in row]

    def map(self, f: Callable[[Element], Element]) -> Mat:
        return Mat([[f(x) for x in row] for row in self.data])

    def __repr__(self) -> str:
        return f"Mat({self.data})"


Value = Any  # Element | Mat


def collapse(m: Mat) -> Value:
    return m.data[0][0] if m.rows == 1 and m.cols == 1 else m


def as_matrix(x: Value) -> Mat:
    return x if isinstance(x, Mat) else Mat([[x]])


def vector(entries: Sequence[Element]) -> Value:
    return collapse(Mat([[x] for x in entries]))


def entries(x: Value) -> list[Element]:
    return x.entries() if isinstance(x, Mat) else [x]


def same_shape(a: Mat, b: Mat, what: str) -> None:
    if (a.rows, a.cols) != (b.rows, b.cols):
        raise Unsupported(f"{what} of a {a.rows} x {a.cols} and a {b.rows} x {b.cols} matrix")


def add(a: Value, b: Value) -> Value:
    if not isinstance(a, Mat) and not isinstance(b, Mat):
        return a + b
    a, b = as_matrix(a), as_matrix(b)
    same_shape(a, b, "the sum")
    return Mat([[x + y for x, y in zip(r, s)] for r, s in zip(a.data, b.data)])


def scale(a: Value, factor: Element) -> Value:
    return a.map(lambda x: x * factor) if isinstance(a, Mat) else a * factor


def multiply(a: Value, b: Value) -> Value:
    if not isinstance(a, Mat):
        return scale(b, a)
    if not isinstance(b, Mat):
        return scale(a, b)
    if a.cols != b.rows:
        raise Unsupported(f"the product of a {a.rows} x {a.cols} and a {b.rows} x {b.cols} matrix")
    columns = list(zip(*b.data))
    return collapse(Mat([[dot(row, col) for col in columns] for row in a.data]))


def dot(a: Sequence[Element], b: Sequence[Element]) -> Element:
    total: Element = ZERO
    for x, y in zip(a, b):
        if not (rings.is_exact_zero(x) or rings.is_exact_zero(y)):
            total = total + x * y
    return total


def hadamard(a: Value, b: Value) -> Value:
    if not isinstance(a, Mat) and not isinstance(b, Mat):
        return a * b
    a, b = as_matrix(a), as_matrix(b)
    same_shape(a, b, "the elementwise product")
    return Mat([[x * y for x, y in zip(r, s)] for r, s in zip(a.data, b.data)])


def transpose(a: Value) -> Value:
    return Mat(list(zip(*a.data))) if isinstance(a, Mat) else a


def trace(a: Value) -> Element:
    a = as_matrix(a)
    square(a, "the trace")
    total: Element = ZERO
    for i in range(a.rows):
        total = total + a.data[i][i]
    return total


def square(a: Mat, what: str) -> None:
    if a.rows != a.cols:
        raise Unsupported(f"{what} of a {a.rows} x {a.cols} matrix")


def identity(n: int) -> Value:
    return collapse(Mat([[ONE if i == j else ZERO for j in range(n)] for i in range(n)]))


def det(a: Value) -> Element:
    """The determinant: of rationals by elimination, else by expansion (no division, so in any commutative ring)."""
    a = as_matrix(a)
    square(a, "the determinant")
    if all(type(x) is fmpq for row in a.data for x in row):
        return fmpq_mat(a.rows, a.cols, a.entries()).det()
    if a.rows > MAX_SIZE:
        raise Unsupported("the determinant of a large matrix")
    minors: dict[int, Element] = {0: ONE}  # by the set of columns used by the rows so far
    for row in a.data:
        after: dict[int, Element] = {}
        for used, value in minors.items():
            for j, x in enumerate(row):
                if used >> j & 1 or rings.is_exact_zero(x):
                    continue
                flip = bin(used >> (j + 1)).count("1") & 1
                contribution = value * x
                if flip:
                    contribution = -contribution
                key = used | 1 << j
                after[key] = after[key] + contribution if key in after else contribution
        minors = after
        if not minors:
            return ZERO
    return minors[(1 << a.rows) - 1]


def inverse(a: Value) -> Value:
    """The inverse by elimination, with pivots that are certainly not zero.  Undefined for a singular matrix."""
    if not isinstance(a, Mat):
        return rings.inverse(a)
    square(a, "the inverse")
    n = a.rows
    work = [list(row) + [ONE if i == j else ZERO for j in range(n)] for i, row in enumerate(a.data)]
    for col in range(n):
        pivot = _pivot(work, col)
        work[col], work[pivot] = work[pivot], work[col]
        r = rings.inverse(work[col][col])
        work[col] = [x * r for x in work[col]]
        for i in range(n):
            if i != col and not rings.is_exact_zero(work[i][col]):
                f = work[i][col]
                work[i] = [x - f * y for x, y in zip(work[i], work[col])]
    return Mat([row[n:] for row in work])


def _pivot(work: list[list[Element]], col: int) -> int:
    unsure = False
    for i in range(col, len(work)):
        try:
            if rings.known_sign(work[i][col]) != 0:
                return i
        except TooWide:
            unsure = True
    if unsure:
        raise TooWide("a matrix may be singular")
    raise Undefined("the inverse of a singular matrix")


def quadratic(x: Sequence[Element], a: Value, y: Sequence[Element]) -> Element:
    """x^T A y."""
    a = as_matrix(a)
    return dot(x, [dot(row, y) for row in a.data])


def is_positive_definite(a: Value) -> bool:
    """Whether the base numbers of a symmetric matrix make it positive definite (Sylvester's criterion)."""
    a = as_matrix(a)
    numbers = a.map(rings.base)
    for k in range(1, a.rows + 1):
        minor = det(Mat([row[:k] for row in numbers.data[:k]]))
        if rings.known_sign(minor) <= 0:
            return False
    return True
