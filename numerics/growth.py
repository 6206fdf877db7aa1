"""How fast a function can grow: certified bounds for |x| >= 1, so that the tails of a Gaussian integral can be cut off.

An element stands for some v(x) with |v| <= c |x|^k exp(a |x|).  Where v is known to be positive, ``low`` bounds
|log v| by c |x|^k as well, and ``rest`` does so for 1 - v where v lies in (0, 1); thus logarithms of sigmoids, of
densities and of their mixtures can be bounded.  Polynomials are kept, since exp of one that opens downward is bounded.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flint import arb, fmpq

from numerics import exact
from numerics.exact import Extended, Unsupported

Power = tuple[arb, int]  # (c, k): c |x|^k

BOUNDED = {"tanh": 1, "sin": 1, "cos": 1, "erf": 1, "arctan": 2, "normal_cdf": 1, "sign": 1}


def upper(x: Any) -> arb:
    return exact.ball(x).abs_upper()


def _add(p: Power, q: Power, more: Any = 0) -> Power:
    return p[0] + q[0] + more, max(p[1], q[1])


@dataclass(frozen=True, eq=False)
class Growth(Extended):
    """A bound on a function; ``minus`` is the element that this is the negative of."""

    c: arb
    k: int = 0
    a: arb = arb(0)  # noqa: RUF009
    low: Power | None = None
    rest: Power | None = None
    polynomial: tuple[Any, ...] | None = None
    minus: Growth | None = None

    @staticmethod
    def variable() -> Growth:
        return Growth(arb(1), 1, polynomial=(fmpq(0), fmpq(1)))

    @staticmethod
    def constant(x: Any) -> Growth:
        x = fmpq(x) if isinstance(x, int) else x
        s = exact.sign(x)
        low = (upper(exact.ball(x).log()), 0) if s == 1 else None
        left = 1 - x
        rest = (upper(exact.ball(left).log()), 0) if s == 1 and exact.sign(left) == 1 else None
        return Growth(upper(x), low=low, rest=rest, polynomial=(x,))

    @staticmethod
    def of(x: Any) -> Growth | None:
        if isinstance(x, Growth):
            return x
        return Growth.constant(x) if isinstance(x, (fmpq, arb, int)) else None

    def __add__(self, other: Any) -> Any:
        b = Growth.of(other)
        if b is None:
            return NotImplemented
        low = _add(self.low, b.low, arb(2).log()) if self.low and b.low else None
        rest = None
        for one, w in ((self, b), (b, self)):
            if w.minus is not None and w.minus.rest is not None and one.polynomial == (fmpq(1),):
                low, rest = w.minus.rest, w.minus.low
        polynomial = None
        if self.polynomial is not None and b.polynomial is not None:
            n = max(len(self.polynomial), len(b.polynomial))
            pad = [(*p, *[fmpq(0)] * (n - len(p))) for p in (self.polynomial, b.polynomial)]
            polynomial = tuple(x + y for x, y in zip(*pad))
        return Growth(self.c + b.c, max(self.k, b.k), arb.max(self.a, b.a), low, rest, polynomial)

    def __mul__(self, other: Any) -> Any:
        b = Growth.of(other)
        if b is None:
            return NotImplemented
        low = _add(self.low, b.low) if self.low and b.low else None
        polynomial = None
        if self.polynomial is not None and b.polynomial is not None:
            product = [fmpq(0)] * (len(self.polynomial) + len(b.polynomial) - 1)
            for i, x in enumerate(self.polynomial):
                for j, y in enumerate(b.polynomial):
                    product[i + j] = product[i + j] + x * y
            polynomial = tuple(product)
        negative = isinstance(other, (fmpq, int)) and other == -1
        return Growth(self.c * b.c, self.k + b.k, self.a + b.a, low, None, polynomial, self if negative else None)

    __radd__ = __add__
    __rmul__ = __mul__

    def __neg__(self) -> Any:
        return self * fmpq(-1)

    def __sub__(self, other: Any) -> Any:
        return self + other * fmpq(-1)

    def __rsub__(self, other: Any) -> Any:
        return self * fmpq(-1) + other

    def __truediv__(self, other: Any) -> Any:
        return self * exact.inverse(other)

    def __rtruediv__(self, other: Any) -> Any:
        return self.inverse() * other

    def sign(self) -> int | None:
        return 1 if self.low is not None else None

    def exponent(self) -> Power:
        """c, k with |v| <= c |x|^k, to stand in an exponent."""
        if not self.a.is_zero():
            raise Unsupported("a tail that grows faster than any Gaussian falls")
        return self.c, self.k

    def inverse(self) -> Growth:
        if self.low is None:
            raise Unsupported("a quotient whose tail is not bounded")
        return _exp_of(self.low, low=self.low)

    def power(self, e: Any) -> Growth:
        if exact.is_whole(e) and 0 <= e <= 40:
            result = Growth.constant(fmpq(1))
            for _ in range(int(e.p)):
                result = result * self
            return result
        return (self.apply("log") * e).apply("exp")

    def apply(self, name: str) -> Growth:
        if name == "exp":
            p = self.exponent()
            if p[1] <= 1:
                return _exp_of(p, low=p)
            q = self.polynomial
            if q is not None and len(q) == 3 and exact.sign(q[2]) == -1:
                top = exact.ball(q[0]) - q[1] * q[1] / (4 * exact.ball(q[2]))
                return Growth(upper(top.exp()), low=p)
            raise Unsupported("an exponential whose tail is not bounded")
        if name == "log":
            if self.low is None:
                raise Unsupported("a logarithm whose tail is not bounded")
            return Growth(*self.low)
        if name == "sqrt":
            return self.power(exact.HALF)
        if name == "sigmoid":
            p = _add(self.exponent(), (arb(0), 0), arb(2).log())
            return Growth(arb(1), low=p, rest=p)
        if name == "softplus":
            p = _add(self.exponent(), (arb(0), 0), 2)
            return Growth(*p, low=p)
        if name == "logit":
            if self.low is None or self.rest is None:
                raise Unsupported("a logit whose tail is not bounded")
            return Growth(*_add(self.low, self.rest))
        if name in BOUNDED:
            return Growth(arb(BOUNDED[name]))
        if name in ("abs", "relu"):
            return Growth(self.c, self.k, self.a)
        if name in ("sinh", "cosh"):
            return self.apply("exp") + (self * fmpq(-1)).apply("exp")
        raise Unsupported(f"{name} in an integral to infinity")


def _exp_of(p: Power, low: Power) -> Growth:
    """exp of what is at most c |x|^k with k <= 1."""
    if p[1] > 1:
        raise Unsupported("a tail that grows faster than an exponential")
    if p[1] == 0:
        return Growth(upper(p[0].exp()), low=low)
    return Growth(arb(1), 0, p[0], low=low)


def normal_tail(g: Growth, mean: arb, deviation: arb, radius: arb) -> arb | None:
    """A bound of E |v(x)| over |x| > radius under N(mean, deviation^2); None where the radius is too small for one.

    log of the integrand is at most h(r) = log c + k log r + a r - (r - |mean|)^2 / (2 deviation^2), which is concave
    there and falls with slope h'(radius) at least.
    """
    m, v = exact.ball(abs(mean)), deviation * deviation
    fall = (radius - m) / v - g.a - g.k / radius
    if not (fall > 0 and radius > 1 and radius > m):
        return None
    height = g.k * radius.log() + g.a * radius - (radius - m) ** 2 / (2 * v)
    return (2 * g.c * height.exp() / (fall * deviation * (2 * arb.pi()).sqrt())).abs_upper()
