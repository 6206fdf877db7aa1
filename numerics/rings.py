"""One arithmetic over a tower of rings: base numbers, jets (for derivatives), Gaussian integrands (for integrals).

Every derivative and every Gaussian integral adds one floor to the tower while it is evaluated; its elements have a
``level``, and where two levels meet the lower element is a constant of the higher ring.  So derivatives of integrals
and integrals of derivatives nest as they are written, without confusing one perturbation with another.
"""

from __future__ import annotations

from typing import Any

from flint import arb, fmpq

from numerics import exact
from numerics.exact import HALF, ONE, TWO, Unsupported

Element = Any  # fmpq | arb | Jet | Integrand


class Ring:
    """A ring above the base numbers.  Subclasses give ``_add``, ``_mul`` and the functions below for one level."""

    __slots__ = ("level",)
    level: int

    def _same(self, other: Element) -> Element:
        """The other element, of this level or lower, as an element of this ring."""
        raise NotImplementedError

    def _add(self, other: Any) -> Element:
        raise NotImplementedError

    def _mul(self, other: Any) -> Element:
        raise NotImplementedError

    def _scale(self, factor: Element) -> Element:
        """The product with an element of a lower level."""
        raise NotImplementedError

    def inverse(self) -> Element:
        raise NotImplementedError

    def power(self, exponent: Element) -> Element:
        raise NotImplementedError

    def apply(self, name: str) -> Element:
        raise NotImplementedError

    def base(self) -> Element:
        """The base number below: the value where all perturbations are zero.  Unsupported where there is none."""
        raise NotImplementedError

    def __add__(self, other: Element) -> Element:
        above = level(other)
        if above > self.level:
            return other.__add__(self)
        return self._add(self._same(other) if above < self.level else other)

    def __mul__(self, other: Element) -> Element:
        above = level(other)
        if above > self.level:
            return other.__mul__(self)
        return self._scale(other) if above < self.level else self._mul(other)

    __radd__ = __add__
    __rmul__ = __mul__

    def __neg__(self) -> Element:
        return self * fmpq(-1)

    def __sub__(self, other: Element) -> Element:
        return self + (-other)

    def __rsub__(self, other: Element) -> Element:
        return (-self) + other

    def __truediv__(self, other: Element) -> Element:
        return self * inverse(other)

    def __rtruediv__(self, other: Element) -> Element:
        return inverse(self) * other


def level(x: Element) -> int:
    return x.level if isinstance(x, Ring) else 0


def base(x: Element) -> Element:
    """The base number of an element: perturbations dropped."""
    return x.base() if isinstance(x, Ring) else x


def is_exact_zero(x: Element) -> bool:
    """Whether the element is the number zero for certain (a jet never is: it may vary)."""
    if isinstance(x, fmpq):
        return x == 0
    return isinstance(x, arb) and x.is_zero()


def known_sign(x: Element) -> int:
    return exact.known_sign(base(x))


def inverse(x: Element) -> Element:
    return x.inverse() if isinstance(x, Ring) else exact.inverse(x)


def apply(name: str, x: Element) -> Element:
    """A function of ``proofs.terms.FUNCTIONS`` at an element of any ring of the tower."""
    return x.apply(name) if isinstance(x, Ring) else exact.apply(name, x)


def whole_power(x: Element, n: int) -> Element:
    """x**n for n >= 0 by repeated squaring."""
    if n > 200:
        raise Unsupported("a power above 200 of a quantity that varies")
    result: Element = ONE
    square = x
    while n:
        if n & 1:
            result = result * square
        n >>= 1
        if n:
            square = square * square
    return result


def power(x: Element, e: Element) -> Element:
    """x**e.  Whole exponents multiply; others need a positive base."""
    if not isinstance(x, Ring) and not isinstance(e, Ring):
        return exact.power(x, e)
    if not isinstance(e, Ring):
        if exact.is_whole(e):
            n = int(e.p)
            return whole_power(x, n) if n >= 0 else whole_power(inverse(x), -n)
        if e == HALF:
            return apply("sqrt", x)
        return x.power(e)
    if isinstance(x, Ring) and level(x) > level(e):
        return x.power(e)
    return apply("exp", e * apply("log", x))


def sqrt(x: Element) -> Element:
    return apply("sqrt", x)


def pi() -> arb:
    return arb.pi()


def two_pi() -> arb:
    return TWO * arb.pi()
