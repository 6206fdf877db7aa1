"""Does a relation hold between two values?  Certainly, certainly not, or the enclosures do not say."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from flint import arb, fmpq

from numerics import exact, gaussian, laws, matrices, rings
from numerics.evaluate import Cell, Evaluator
from numerics.exact import TooWide, Unsupported
from numerics.laws import Law
from numerics.matrices import Mat, Value
from numerics.scalar_laws import Scalar
from numerics.worlds.tables import Table

EXACT = 10**6  # digits of an agreement between rationals


@dataclass(frozen=True)
class Outcome:
    """``holds``; the decimal digits to which equal sides agree (EXACT for rationals); whether both sides vanish."""

    holds: bool
    digits: int = EXACT
    vanish: bool = False
    margin: float = math.inf


def agreement(a: Any, b: Any) -> int | None:
    """Digits to which two base numbers agree; None where they certainly differ."""
    if isinstance(a, fmpq) and isinstance(b, fmpq):
        return EXACT if a == b else None
    a, b = exact.checked(exact.ball(a)), exact.checked(exact.ball(b))
    difference = a - b
    if not difference.contains(0):
        return None
    error = difference.abs_upper()
    if error.is_zero():
        return EXACT
    scale = arb.max(a.abs_lower(), b.abs_lower())
    if not scale > 0:
        scale = arb(1)
    return int(float((scale / error).log().mid()) / math.log(10))


def numbers(value: Value) -> Value:
    """The base numbers of a value."""
    return value.map(rings.base) if isinstance(value, Mat) else rings.base(value)


def compare(rel: str, a: Any, b: Any, evaluator: Evaluator) -> Outcome:
    """Whether ``a rel b``.  Raises TooWide where the enclosures do not say, Unsupported for what cannot be compared."""
    if isinstance(a, Law) and isinstance(b, Law):
        return compare_laws(a, b, evaluator)
    if isinstance(a, Cell) or isinstance(b, Cell):
        if isinstance(a, Cell) and isinstance(b, Cell) and a.space == b.space and rel == "=":
            return Outcome(a.index == b.index)
        a, b = (x.value if isinstance(x, Cell) else x for x in (a, b))
    if any(x is None or isinstance(x, (Law, bool, list, tuple)) for x in (a, b)):
        raise Unsupported("the two sides are not numbers")
    a, b = numbers(a), numbers(b)
    left, right = matrices.as_matrix(a), matrices.as_matrix(b)
    if (left.rows, left.cols) != (right.rows, right.cols):
        raise Unsupported(f"a {left.rows} x {left.cols} and a {right.rows} x {right.cols} matrix are compared")
    pairs = list(zip(left.entries(), right.entries()))
    if rel in ("=", "approx"):
        digits = EXACT
        for x, y in pairs:
            agreed = agreement(x, y)
            if agreed is None:
                return Outcome(False)
            digits = min(digits, agreed)
        return Outcome(True, digits, all(rings.is_exact_zero(x) and rings.is_exact_zero(y) for x, y in pairs))
    if len(pairs) > 1:
        raise Unsupported("an inequality between matrices")
    ((x, y),) = pairs
    gap = x - y if rel in (">", ">=") else y - x  # must be positive, or not negative
    s = exact.sign(exact.checked(gap))
    if s is None:
        if rel in ("<", ">"):
            raise TooWide("a strict inequality too close to equality")
        return Outcome(True, agreement(x, y) or 0)
    return Outcome(s > 0 or (s == 0 and rel in ("<=", ">=")), margin=float(exact.ball(gap)))


def as_normal(law: Law) -> laws.Normal | None:
    """The normal law that this is, if it is an affine image of one."""
    if isinstance(law, laws.Normal):
        return law
    normal = getattr(law, "normal", None)
    if isinstance(normal, laws.Normal):
        return normal
    if isinstance(law, laws.Pushforward):
        source = as_normal(law.law)
        if source is None:
            return None
        n = len(source.mean)
        evaluator = source.evaluator
        with evaluator.floor() as level:
            image = law.function(matrices.vector(gaussian.variables(level, n)))
            parts = [gaussian.as_integrand(x, level, n).polynomial() for x in matrices.entries(image)]
            if any(sum(m) > 1 for p in parts for m in p):
                return None
            origin = (0,) * n
            slopes = [[p.get(tuple(int(i == j) for i in range(n)), exact.ZERO) for j in range(n)] for p in parts]
            shift = matrices.vector([p.get(origin, exact.ZERO) for p in parts])
        a = matrices.collapse(Mat(slopes))
        mean = matrices.add(matrices.multiply(a, matrices.vector(source.mean)), shift)
        covariance = matrices.multiply(
            matrices.multiply(a, matrices.collapse(source.covariance)), matrices.transpose(a)
        )
        return laws.Normal(evaluator, mean, covariance)
    return None


def compare_laws(p: Law, q: Law, evaluator: Evaluator) -> Outcome:
    """Equality in law: of normal laws by mean and covariance, of tables and discrete laws by their masses."""
    first, second = as_normal(p), as_normal(q)
    if first is not None and second is not None:
        if len(first.mean) != len(second.mean):
            return Outcome(False)
        mean = compare("=", matrices.vector(first.mean), matrices.vector(second.mean), evaluator)
        covariance = compare("=", matrices.collapse(first.covariance), matrices.collapse(second.covariance), evaluator)
        return Outcome(mean.holds and covariance.holds, min(mean.digits, covariance.digits))
    if isinstance(p, Table) and isinstance(q, Table) and p.spaces == q.spaces:
        keys = sorted(p.densities)
        sides = [matrices.vector([t.densities[k] for k in keys]) for t in (p, q)]
        return compare("=", sides[0], sides[1], evaluator)
    if isinstance(p, laws.Discrete) and isinstance(q, laws.Discrete):
        points = [*p.values, *q.values]
        return compare(
            "=",
            matrices.vector([p.density([x]) for x in points]),
            matrices.vector([q.density([x]) for x in points]),
            evaluator,
        )
    if isinstance(p, Scalar) and isinstance(q, Scalar) and p.name == q.name:
        return compare("=", matrices.vector(p.parameters), matrices.vector(q.parameters), evaluator)
    raise Unsupported("laws of different kinds are compared")
