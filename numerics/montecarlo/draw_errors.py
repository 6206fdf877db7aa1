"""How far a computed draw lies from a draw of the law itself.

A uniform u = (k + 1/2) 2^-B stands for a U that is uniform in the cell of k; the draw that belongs to U has the law
exactly, and the computed one is as close to it as the cells are narrow and the rounding is small.  For each kind of
draw `norm` bounds the L^p norm of |draw|^a |computed - draw|^b over this coupling, so that no assumption is left about
how an integrand varies between the points of the grid.

With L = -log U the logarithm is off by at most G + rho (1 + L): G is the width of the cell in logarithms, at most
1/(2k) in cell k >= 1 and max(X, log 2) with X exponential in cell 0; rho bounds all rounding, the clamp of the largest
float32 uniform included.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

from numerics.montecarlo.interpret import NotCovered
from numerics.montecarlo.lanes import Precision


@dataclass(frozen=True)
class Arithmetic:
    """``unit`` bounds the relative error of one operation, ``function`` that of an elementary function, ``rho`` that of
    a logarithm of a uniform (see above), ``angle`` the absolute error of sin and cos of a uniform angle."""

    bits: int
    unit: float
    function: float
    rho: float
    angle: float


# a few times what formats and libraries give: 1/2 ulp an operation, at most 4 ulp an elementary function
ARITHMETIC: dict[Precision, Arithmetic] = {
    "float64": Arithmetic(52, 2.0**-52, 2.0**-48, 2.0**-47, 2.0**-47),
    "float32": Arithmetic(32, 2.0**-23, 2.0**-20, 2.0**-20, 2.0**-18),
}
_MOST = 8  # exponents a above this are not covered


@cache
def norm(kind: str, a: int, b: int, p: int, precision: Precision) -> float:
    """An upper bound of (E |draw|^(a p) |computed - draw|^(b p))^(1/p).  Raises NotCovered."""
    if a > _MOST or b > _MOST // 2 or kind not in ("normal", "uniform", "exponential"):
        raise NotCovered(f"the error of a {kind} draw with exponents {a}, {b}")
    if b == 0:
        return size(kind, a, p)
    m = ARITHMETIC[precision]
    if kind == "uniform":
        return (2.0**-m.bits + m.unit) ** b
    # |draw|^a |e|^b = (|draw|^(a/b) |e|)^b
    of = _exponential if kind == "exponential" else _normal
    return of(a / b, b * p, m) ** b


def size(kind: str, a: int, p: int) -> float:
    """(E |draw|^(a p))^(1/p)."""
    n = a * p
    if kind == "uniform":
        return (1.0 / (n + 1.0)) ** (1.0 / p)
    if kind == "exponential":
        return math.exp(math.lgamma(n + 1.0) / p)
    log_moment = 0.5 * n * math.log(2.0) + math.lgamma(0.5 * (n + 1)) - math.lgamma(0.5)
    return math.exp(log_moment / p)


def _radius(n: float) -> float:
    """E r^n of the radius, r^2 / 2 exponential."""
    return 2.0 ** (n / 2) * math.gamma(1.0 + n / 2)


def _cells(power: float, p: int, m: Arithmetic) -> float:
    """An upper bound of E L^power G^p over the cells with U < 1/2; G above is below rho and counted there."""
    top = m.bits * math.log(2.0)
    # cell 0: L = top + X, (1 + X/top)^power <= e^(power X / top); G <= X + log 2; (X + c)^p <= 2^(p-1) (X^p + c^p)
    c = max(power, 0.0) / top
    if c >= 0.5:
        raise NotCovered("the error of a draw to so high a power")
    near = 2.0 ** (p - 1) * (math.gamma(p + 1.0) / (1 - c) ** (p + 1) + math.log(2.0) ** p / (1 - c))
    # cells k >= 1: at most (2k)^-p each, their logarithms at most ``top``
    rest = (0.5**p) * (1.0 + math.log(2.0) * m.bits if p == 1 else 2.0)
    return 2.0**-m.bits * (top**power if power >= 0 else math.log(2.0) ** power) * (near + rest)


def _normal(a: float, p: int, m: Arithmetic) -> float:
    """||r^a (|computed r - r| + r |cos error|)||_p; |draw| <= r, and |dr| <= min(sqrt 2 dL / sqrt L, sqrt(2 dL))."""
    root = math.sqrt(2.0) * m.rho
    scale = 2.0 ** (a / 2)  # r^a = scale L^(a/2)
    first = scale * _near_one((a - 1.0) * p / 2.0, a, p, m) ** (1.0 / p)
    second = root * scale * math.gamma(1.0 + (a + 1) * p / 2.0) ** (1.0 / p)
    grid = math.sqrt(2.0) * scale * _cells(0.5 * (a - 1) * p, p, m) ** (1.0 / p)
    angle = (m.angle + 4 * m.unit) * _radius((a + 1) * p) ** (1.0 / p)
    return (first + second + grid + angle) * (1 + 1e-6)


def _near_one(n: float, a: float, p: int, m: Arithmetic) -> float:
    """E of min(sqrt 2 rho / sqrt L, 2 sqrt rho)^p L^(a p/2), with n = (a - 1) p / 2 the exponent of L in the first."""
    root = (math.sqrt(2.0) * m.rho) ** p
    if n > -0.9:
        return root * math.gamma(1.0 + n)
    least = (4.0 * m.rho) ** (p / 2.0) * m.rho ** (1.0 + a * p / 2.0)  # where L < rho
    middle = math.log(1.0 / m.rho) * max(m.rho ** (1.0 + n), 1.0)  # the integral of L^n from rho to 1
    return least + root * (middle + 1.0)


def _exponential(a: float, p: int, m: Arithmetic) -> float:
    rounding = m.rho * (math.gamma(a * p + 1.0) ** (1.0 / p) + math.gamma((a + 1) * p + 1.0) ** (1.0 / p))
    return (rounding + _cells(a * p, p, m) ** (1.0 / p)) * (1 + 1e-6)
