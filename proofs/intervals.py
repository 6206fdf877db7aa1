"""Interval arithmetic with open and closed ends (Moore, *Interval Analysis*): where the value of a term lies."""

from __future__ import annotations

from fractions import Fraction
from math import inf
from typing import NamedTuple

from proofs.terms import Term

End = Fraction | float  # a float only where it is infinite


class Interval(NamedTuple):
    """Where a value lies; an open end is not reached, and infinite ends are open."""

    low: End = -inf
    low_open: bool = True
    high: End = inf
    high_open: bool = True

    def positive(self) -> bool:
        return self.low > 0 or (self.low == 0 and self.low_open)

    def nonnegative(self) -> bool:
        return self.low >= 0

    def excludes_zero(self) -> bool:
        return self.positive() or interval_neg(self).positive()

    def bounded(self) -> bool:
        return -inf < self.low and self.high < inf


def point(value: Fraction | int) -> Interval:
    return Interval(Fraction(value), False, Fraction(value), False)


REAL = Interval()
POSITIVE = Interval(Fraction(0), True)
NONNEGATIVE = Interval(Fraction(0), False)
UNIT = Interval(Fraction(0), True, Fraction(1), True)
CLOSED_UNIT = Interval(Fraction(0), False, Fraction(1), False)
OPEN_SIGNED, SIGNED = Interval(Fraction(-1), True, Fraction(1), True), Interval(Fraction(-1), False, Fraction(1), False)

KIND_INTERVALS = {
    "positive": POSITIVE, "nonnegative": NONNEGATIVE, "unit": UNIT, "closed_unit": CLOSED_UNIT, "natural": NONNEGATIVE,
    "binary": CLOSED_UNIT, "dimension": Interval(Fraction(1), False), "simplex": CLOSED_UNIT,
    "positive_vector": POSITIVE,
}  # fmt: skip
FUNCTION_INTERVALS = {
    "exp": POSITIVE, "sigmoid": UNIT, "softplus": POSITIVE, "relu": NONNEGATIVE, "abs": NONNEGATIVE,
    "sqrt": NONNEGATIVE, "normal_cdf": UNIT, "cosh": Interval(Fraction(1), False), "sin": SIGNED, "cos": SIGNED,
    "sign": SIGNED, "tanh": OPEN_SIGNED, "erf": OPEN_SIGNED,
}  # fmt: skip
CONSTANTS = {
    "pi": Interval(Fraction(3), True, Fraction(4), True),
    "e": Interval(Fraction(2), True, Fraction(3), True),
    "euler_gamma": UNIT,
}


def interval_add(a: Interval, b: Interval) -> Interval:
    return Interval(a.low + b.low, a.low_open or b.low_open, a.high + b.high, a.high_open or b.high_open)


def interval_neg(a: Interval) -> Interval:
    return Interval(-a.high, a.high_open, -a.low, a.low_open)


def interval_mul(a: Interval, b: Interval) -> Interval:
    """The products of the ends; such a product is reached where both are, and 0 also where one factor reaches 0."""
    ends = []
    for x, x_open in (a[:2], a[2:]):
        for y, y_open in (b[:2], b[2:]):
            nothing = (x == 0 and not x_open) or (y == 0 and not y_open)
            ends.append((Fraction(0) if 0 in (x, y) else x * y, not nothing and (x_open or y_open)))
    low, high = min(v for v, _ in ends), max(v for v, _ in ends)
    return Interval(low, all(o for v, o in ends if v == low), high, all(o for v, o in ends if v == high))


def hull(a: Interval, b: Interval) -> Interval:
    """The least closed interval that holds both."""
    return Interval(min(a.low, b.low), False, max(a.high, b.high), False)


def around(a: Interval) -> Interval:
    """Where a neighbourhood of each of the points lies: closed ends move out, those other than 0 within their sign."""
    low, high = a.low, a.high
    if not a.low_open:
        low = low / 2 if low > 0 else low * 2 - (low == 0)
    if not a.high_open:
        high = high / 2 if high < 0 else high * 2 + (high == 0)
    return Interval(low, True, high, True)


def tighten(found: Interval, c: Term, name: str) -> Interval:
    """The interval of a symbol with what a comparison with a number says of it."""
    (rel,), (a, b) = c.data, c.args
    if b.op == "symbol" and b.data[0] == name and a.op == "number":
        a, b, rel = b, a, {"<": ">", "<=": ">=", ">": "<", ">=": "<="}.get(rel, rel)
    if not (a.op == "symbol" and a.data[0] == name and b.op == "number"):
        return found
    value, strict = b.data[0], rel in ("<", ">")
    if rel in (">", ">="):
        return found._replace(**dict(zip(("low", "low_open"), max(found[:2], (value, strict)))))
    if rel in ("<", "<="):
        end = min((found.high, not found.high_open), (value, not strict))
        return found._replace(high=end[0], high_open=not end[1])
    return found
