"""Interval arithmetic with open and closed ends (Moore, *Interval Analysis*): where the value of a term lies."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from proofs.terms import Term


class Interval(NamedTuple):
    """Where a value lies; None is infinite, and an open end is not reached."""

    low: Fraction | None = None
    low_open: bool = True
    high: Fraction | None = None
    high_open: bool = True

    def excludes_zero(self) -> bool:
        return self.positive() or (self.high is not None and (self.high < 0 or (self.high == 0 and self.high_open)))

    def positive(self) -> bool:
        return self.low is not None and (self.low > 0 or (self.low == 0 and self.low_open))

    def nonnegative(self) -> bool:
        return self.low is not None and self.low >= 0


REAL = Interval()
POSITIVE = Interval(Fraction(0), True)
NONNEGATIVE = Interval(Fraction(0), False)
UNIT = Interval(Fraction(0), True, Fraction(1), True)
CLOSED_UNIT = Interval(Fraction(0), False, Fraction(1), False)

KIND_INTERVALS = {
    "positive": POSITIVE, "nonnegative": NONNEGATIVE, "unit": UNIT, "closed_unit": CLOSED_UNIT, "natural": NONNEGATIVE,
    "binary": CLOSED_UNIT, "dimension": Interval(Fraction(1), False), "simplex": CLOSED_UNIT,
    "positive_vector": POSITIVE,
}  # fmt: skip
FUNCTION_INTERVALS = {
    "exp": POSITIVE, "sigmoid": UNIT, "softplus": POSITIVE, "relu": NONNEGATIVE, "abs": NONNEGATIVE,
    "sqrt": NONNEGATIVE, "normal_cdf": UNIT, "cosh": Interval(Fraction(1), False),
    "sin": Interval(Fraction(-1), False, Fraction(1), False), "cos": Interval(Fraction(-1), False, Fraction(1), False),
    "tanh": Interval(Fraction(-1), True, Fraction(1), True), "erf": Interval(Fraction(-1), True, Fraction(1), True),
    "sign": Interval(Fraction(-1), False, Fraction(1), False),
}  # fmt: skip


def interval_add(a: Interval, b: Interval) -> Interval:
    return Interval(
        None if a.low is None or b.low is None else a.low + b.low, a.low_open or b.low_open,
        None if a.high is None or b.high is None else a.high + b.high, a.high_open or b.high_open,
    )  # fmt: skip


def interval_neg(a: Interval) -> Interval:
    return Interval(None if a.high is None else -a.high, a.high_open, None if a.low is None else -a.low, a.low_open)


def interval_mul(a: Interval, b: Interval) -> Interval:
    if a.high is not None and a.high <= 0 and not (a.low is not None and a.low >= 0):
        return interval_neg(interval_mul(interval_neg(a), b))
    if not a.nonnegative():
        return interval_mul(b, a) if b.nonnegative() or (b.high is not None and b.high <= 0) else REAL
    assert a.low is not None
    if b.nonnegative():
        assert b.low is not None
        low = a.low * b.low
        # zero is reached where a factor that is zero is reached
        low_open = (
            not ((a.low == 0 and not a.low_open) or (b.low == 0 and not b.low_open))
            if low == 0
            else (a.low_open or b.low_open)
        )
        if a.high == 0 or b.high == 0:
            return Interval(Fraction(0), False, Fraction(0), False)
        if a.high is None or b.high is None:
            return Interval(low, low_open)
        return Interval(low, low_open, a.high * b.high, a.high_open or b.high_open)
    if b.high is not None and b.high <= 0:
        return interval_neg(interval_mul(a, interval_neg(b)))
    if a.high is None:
        return REAL
    return Interval(
        None if b.low is None else a.high * b.low, False, None if b.high is None else a.high * b.high, False
    )


def hull(a: Interval, b: Interval) -> Interval:
    """The least closed interval that holds both."""
    low = None if a.low is None or b.low is None else min(a.low, b.low)
    high = None if a.high is None or b.high is None else max(a.high, b.high)
    return Interval(low, low is None, high, high is None)


def around(a: Interval) -> Interval:
    """An interval that holds a neighbourhood of each of the points: closed ends move out, within their sign."""
    low, high = a.low, a.high
    if low is not None and not a.low_open:
        low = low / 2 if low > 0 else low * 2 - (low == 0)
    if high is not None and not a.high_open:
        high = high / 2 if high < 0 else high * 2 + (high == 0)
    return Interval(low, True, high, True)


def tighten(found: Interval, c: Term, name: str) -> Interval:
    """The interval of a symbol with what a comparison with a number says of it."""
    (rel,), (a, b) = c.data, c.args
    if b.op == "symbol" and b.data[0] == name and a.op == "number":
        a, b, rel = b, a, {"<": ">", "<=": ">=", ">": "<", ">=": "<="}.get(rel, rel)
    if not (a.op == "symbol" and a.data[0] == name and b.op == "number"):
        return found
    value = b.data[0]
    if rel in (">", ">=") and (found.low is None or value > found.low or (value == found.low and rel == ">")):
        return found._replace(low=value, low_open=rel == ">")
    if rel in ("<", "<=") and (found.high is None or value < found.high or (value == found.high and rel == "<")):
        return found._replace(high=value, high_open=rel == "<")
    return found
