"""Random admissible values: exact rationals that respect the kind of a domain.

``size`` 0 draws the simplest values (for witnesses), 1 ordinary ones, 2 extremes (very small and very large).
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from random import Random

from flint import fmpq

from numerics import matrices
from numerics.exact import ONE, ZERO, Unsupported, rational
from numerics.matrices import Mat, Value
from numerics.rings import Element
from proofs.records import Domain
from proofs.terms import Dim

SCALABLE = frozenset(
    "real positive nonnegative nonzero positive_vector symmetric positive_definite positive_diagonal invertible".split()
)
SIMPLE = [Fraction(s) for s in ("1", "2", "1/2", "-1", "3", "0", "-2", "3/2")]


def real(rng: Random, size: int) -> fmpq:
    if size == 0:
        return rational(rng.choice(SIMPLE))
    value = Fraction(rng.randint(-30, 30), rng.randint(5, 11))
    return rational(value * _stretch(rng, size))


def positive(rng: Random, size: int) -> fmpq:
    if size == 0:
        return rational(rng.choice([x for x in SIMPLE if x > 0]))
    return rational(Fraction(rng.randint(2, 30), rng.randint(5, 11)) * _stretch(rng, size))


def _stretch(rng: Random, size: int) -> Fraction:
    return Fraction(10) ** rng.choice((-4, -2, 0, 2)) if size == 2 else Fraction(1)


def unit(rng: Random, size: int) -> fmpq:
    """Inside (0, 1)."""
    if size == 0:
        return rational(rng.choice([Fraction(1, 2), Fraction(1, 4), Fraction(3, 4), Fraction(1, 3)]))
    if size == 2:
        tiny = Fraction(1, 10 ** rng.choice((1, 3, 6)))
        return rational(rng.choice((tiny, 1 - tiny)))
    q = rng.randint(5, 17)
    return fmpq(rng.randint(1, q - 1), q)


def interval(domain: Domain, rng: Random, size: int) -> fmpq:
    lower, upper = domain.lower, domain.upper
    if lower is None and upper is None:
        return real(rng, size)
    if lower is None or upper is None:
        step = positive(rng, size)
        return rational(lower) + step if lower is not None else rational(upper or 0) - step
    return rational(lower) + unit(rng, size) * rational(upper - lower)


def scalar(domain: Domain, rng: Random, size: int) -> fmpq:
    """One number of the domain's kind."""
    kind = domain.kind
    if kind in ("real", "symmetric", "invertible", "orthogonal") or kind == "interval":
        if kind == "orthogonal":
            return rational(rng.choice((-1, 1)))
        value = interval(domain, rng, size)
        return ONE if kind == "invertible" and value == 0 else value
    if kind in ("positive", "positive_vector", "positive_definite", "positive_diagonal"):
        return positive(rng, size)
    if kind == "nonnegative":
        return ZERO if rng.random() < 0.15 else positive(rng, size)
    if kind == "nonzero":
        value = real(rng, size)
        return value if value else ONE
    if kind == "unit":
        return unit(rng, size)
    if kind == "closed_unit":
        return rational(rng.choice((0, 1))) if rng.random() < 0.2 else unit(rng, size)
    if kind == "binary":
        return rational(rng.choice((0, 1)))
    if kind == "integer":
        return fmpq(rng.randint(-2, 3) if size == 0 else rng.randint(-9, 9))
    if kind in ("natural", "dimension", "index"):
        low = int(domain.lower) if domain.lower is not None else (0 if kind == "natural" else 1)
        high = int(domain.upper) if domain.upper is not None else low + (2 if size == 0 else 6)
        return fmpq(rng.randint(low, max(low, high)))
    if kind == "simplex":
        return ONE
    raise Unsupported(f"values of the kind {kind}")


def value(domain: Domain, dimension: Callable[[Dim], int], rng: Random, size: int) -> Value:
    """A random value of a domain: a number, a vector or a matrix with the shape of the domain's sort."""
    if size == 2 and domain.kind in SCALABLE and domain.lower is None and domain.upper is None:
        common = rational(_stretch(rng, size))  # extremes of size, with the proportions of an ordinary value
        return matrices.scale(value(domain, dimension, rng, 1), common)
    sort = domain.sort
    if sort.kind not in ("scalar", "matrix"):
        raise Unsupported("a symbol that is neither a number nor a matrix")
    rows, cols = (1, 1) if sort.kind == "scalar" else (dimension(sort.rows), dimension(sort.cols))
    kind = domain.kind
    if kind == "simplex":
        weights = [positive(rng, size) for _ in range(max(rows, cols))]
        total = sum(weights, ZERO)
        column = matrices.vector([w / total for w in weights])
        return column if cols == 1 else matrices.transpose(column)
    if rows > 1 and rows == cols:
        if kind == "symmetric":
            m = [[real(rng, size) for _ in range(rows)] for _ in range(rows)]
            return Mat([[m[max(i, j)][min(i, j)] for j in range(rows)] for i in range(rows)])
        if kind == "positive_definite":
            return positive_definite(rows, rng, size)
        if kind == "positive_diagonal":
            return Mat([[positive(rng, size) if i == j else ZERO for j in range(rows)] for i in range(rows)])
        if kind == "invertible":
            return invertible(rows, rng, size)
        if kind == "orthogonal":
            return orthogonal(rows, rng)
    return matrices.collapse(Mat([[scalar(domain, rng, size) for _ in range(cols)] for _ in range(rows)]))


def positive_definite(n: int, rng: Random, size: int) -> Mat:
    """B B^T + a diagonal."""
    if size == 0:
        m = [[ONE if i == j else ZERO for j in range(n)] for i in range(n)]
        m[0][0] = fmpq(2)
        if n > 1 and rng.random() < 0.5:
            m[0][1] = m[1][0] = ONE
        return Mat(m)
    b = Mat([[fmpq(rng.randint(-4, 4), rng.randint(2, 5)) for _ in range(n)] for _ in range(n)])
    square = matrices.as_matrix(matrices.multiply(b, matrices.transpose(b)))
    return Mat(
        [[x + (positive(rng, size) if i == j else 0) for j, x in enumerate(r)] for i, r in enumerate(square.data)]
    )


def invertible(n: int, rng: Random, size: int) -> Mat:
    """A random matrix whose determinant is not zero (of either sign)."""
    while True:
        m = Mat([[real(rng, min(size, 1)) for _ in range(n)] for _ in range(n)])
        if matrices.det(m) != 0:
            return m


def orthogonal(n: int, rng: Random) -> Value:
    """Cayley's (I - S)(I + S)^-1 with S skew, times a random reflection."""
    s = [[ZERO] * n for _ in range(n)]
    for i in range(n):
        for j in range(i):
            s[i][j] = fmpq(rng.randint(-3, 3), rng.randint(1, 3))
            s[j][i] = -s[i][j]
    minus = Mat([[(ONE if i == j else ZERO) - s[i][j] for j in range(n)] for i in range(n)])
    plus = Mat([[(ONE if i == j else ZERO) + s[i][j] for j in range(n)] for i in range(n)])
    q = matrices.as_matrix(matrices.multiply(minus, matrices.inverse(plus)))
    if rng.random() < 0.5:
        q.data[0] = [-x for x in q.data[0]]
    return q


def weights(count: int, rng: Random, size: int) -> list[Element]:
    """Positive lengths or weights that are not all equal (where there are two or more)."""
    if size == 0:
        return [fmpq(x) for x in ([1, 2] * count)[:count]]
    drawn = [positive(rng, size) for _ in range(count)]
    if count > 1 and len(set(drawn)) == 1:
        drawn[0] = drawn[0] + 1
    return list(drawn)
