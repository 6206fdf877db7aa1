"""What a term says literally: rational numbers, whole numbers, series with numbers for bounds."""

from __future__ import annotations

import math
from fractions import Fraction

from numerics.montecarlo.errors import CannotLower
from proofs.terms import SCALAR, Term, number, substitute

_MOST_TERMS = 4096


def whole(t: Term) -> int | None:
    """The value of a term that is plainly a whole number."""
    value = rational(t)
    return int(value) if value is not None and value.denominator == 1 else None


def rational(t: Term) -> Fraction | None:
    """The exact value of a term made of rational numbers, or None."""
    if t.op == "number":
        return t.data[0]
    if t.op not in ("add", "mul", "pow") or t.sort != SCALAR:
        return None
    values = [rational(a) for a in t.args]
    if any(v is None for v in values):
        return None
    exact = [v for v in values if v is not None]
    if t.op == "add":
        return sum(exact, Fraction(0))
    if t.op == "mul":
        return math.prod(exact, start=Fraction(1))
    base, exponent = exact
    if exponent.denominator != 1 or abs(exponent) > 64 or (base == 0 and exponent <= 0):
        return None
    return Fraction(base ** int(exponent))


def series_terms(t: Term) -> list[Term]:
    """The terms of a sum or product with bounds that are numbers, written out."""
    body, low, high = t.args
    first, last = whole(low), whole(high)
    if first is None or last is None:
        raise CannotLower(f"the bounds of a {t.op} are not whole numbers here")
    if last - first >= _MOST_TERMS:
        raise CannotLower(f"a {t.op} of more than {_MOST_TERMS} terms")
    if last < first:
        return [number(0 if t.op == "sum" else 1)]
    return [substitute(body, {t.data[0]: number(i)}) for i in range(first, last + 1)]
