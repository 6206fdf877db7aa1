"""A bound of E |computed h - h| that holds for all samples at once, known before the first is drawn.

Running error analysis (Higham 2002, chapter 3) with polynomials for numbers: beside its `Bound` each value carries a
polynomial in the absolute values of the draws and in their errors, with coefficients >= 0, which |computed - exact|
never exceeds.  Its expectation bounds how far the mean of the computed samples lies from E h, rounding and the grid of
the draws together (`draw_errors`).  What depends on parameters alone is computed in float64 and enters rounded to the
precision of the kernel, as in `tracing`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from flint import arb

from numerics import exact
from numerics.montecarlo.draw_errors import ARITHMETIC, norm
from numerics.montecarlo.integrands import Integral
from numerics.montecarlo.interpret import Interpreter, Matrix, NotCovered
from numerics.montecarlo.lanes import Precision
from numerics.montecarlo.majorants import Bound, Bounds, outward
from numerics.montecarlo.polynomials import Atoms, DivergingMoment, Polynomials, draw_value

# {((atom, power of the draw, power of its error), ...): coefficient}
Error = Mapping[tuple[tuple[int, int, int], ...], float]
_UP = 1 + 1e-12  # the bounds are computed in float64 themselves
_TINY = 1e-30  # what underflow can change in float32
_MOST = 4000
_BITS = 160
_LIPSCHITZ = {
    "sin": 1.0, "cos": 1.0, "tanh": 1.0, "arctan": 1.0, "sigmoid": 0.25, "softplus": 1.0, "relu": 1.0, "abs": 1.0,
    "erf": 1.1284, "normal_cdf": 0.4,
}  # fmt: skip


@dataclass(frozen=True)
class Rounding:
    """E |computed - exact| <= mean, its root mean square <= spread; exact means: at draws of the law itself."""

    mean: float
    spread: float


def certify_rounding(integral: Integral, precision: Precision = "float64") -> Sequence[Rounding | None] | None:
    """A bound for each entry of h, or None where this analysis does not apply."""
    assert integral.body is not None
    with exact.precision(_BITS):
        try:
            atoms, algebra = Atoms(), Approximations(precision)
            reader = _Reader(algebra, {})
            fixed = Interpreter(Polynomials(), {})
            for d in integral.draws:
                if d.law.op not in ("normal", "uniform", "exponential"):
                    return None
                reader.env[d.name] = draw_value(d, reader, atoms, fixed)
            found = []
            for value in reader.entries(integral.body):
                error = algebra.in_kernel(value)
                found.append(Rounding(*(_norm(error, atoms, p, precision) for p in (1, 2))))
        except (NotCovered, DivergingMoment, OverflowError):
            return None
    return found if all(math.isfinite(r.mean + r.spread) for r in found) else None


def _norm(error: Error, atoms: Atoms, p: int, precision: Precision) -> float:
    """The triangle inequality over the monomials; different draws are independent."""
    total = 0.0
    for monomial, c in error.items():
        part = c
        for atom, a, b in monomial:
            part *= norm(atoms.atoms[atom].kind, a, b, p, precision)
        total += part
    return total * (1 + 1e-9)


class _Reader(Interpreter):
    """Inverses and determinants are computed by other algorithms in torch: no bound of ours speaks about them."""

    def _det(self, m: Matrix) -> Any:
        if len(m) > 1:
            raise NotCovered("the rounding of a determinant")
        return m[0][0]

    def _inverse(self, m: Matrix) -> Matrix:
        if len(m) > 1:
            raise NotCovered("the rounding of an inverse")
        return [[self.algebra.power(m[0][0], Fraction(-1))]]

    def cholesky(self, m: Matrix) -> Matrix:
        """Of a diagonal matrix: there every algorithm takes the roots."""
        g, zero = self.algebra, self.algebra.number(Fraction(0))
        if any(not g.is_zero(x) for i, row in enumerate(m) for j, x in enumerate(row) if i != j):
            raise NotCovered("the rounding of a factor")
        return [[g.function("sqrt", x) if i == j else zero for j, x in enumerate(row)] for i, row in enumerate(m)]


@dataclass(frozen=True)
class Approx:
    """``fixed``: it depends on parameters alone."""

    bound: Bound
    error: Error
    fixed: bool


class Approximations:
    """The arithmetic of `interpret` on values with error polynomials."""

    def __init__(self, precision: Precision):
        self.bounds = Bounds()
        self.machine = ARITHMETIC[precision]
        self.wide = ARITHMETIC["float64"]
        self.narrow = precision == "float32"

    def variable(self, atom: int, atoms: Atoms) -> Approx:
        return Approx(self.bounds.variable(atom, atoms), {((atom, 0, 1),): 1.0}, False)

    def number(self, value: Fraction) -> Approx:
        bound = self.bounds.number(value)
        inexact = Fraction(float(value)) != value
        return Approx(bound, _constant(abs(float(value)) * self.wide.unit) if inexact else {}, True)

    def constant(self, name: str) -> Approx:
        bound = self.bounds.constant(name)
        return Approx(bound, _constant(bound.size * self.wide.unit), True)

    def is_zero(self, a: Approx) -> bool:
        return a.fixed and not a.error and a.bound.exact is not None and not a.bound.exact.terms

    def in_kernel(self, a: Approx) -> Error:
        """The error of an operand of the kernel: a number is rounded when it enters."""
        if not a.fixed or not self.narrow:
            return a.error
        return _plus(a.error, _constant((a.bound.size + _largest(a.error)) * self.machine.unit + _TINY))

    def add(self, a: Approx, b: Approx) -> Approx:
        if self.is_zero(a) or self.is_zero(b):
            return b if self.is_zero(a) else a
        bound = self.bounds.add(a.bound, b.bound)
        fixed = a.fixed and b.fixed
        errors = (a.error, b.error) if fixed else (self.in_kernel(a), self.in_kernel(b))
        grown = _plus(*errors)
        return Approx(bound, self._rounded(grown, self._size(bound), fixed), fixed)

    def mul(self, a: Approx, b: Approx) -> Approx:
        if self.is_zero(a) or self.is_zero(b):
            return self.number(Fraction(0))
        bound = self.bounds.mul(a.bound, b.bound)
        fixed = a.fixed and b.fixed
        left, right = (a.error, b.error) if fixed else (self.in_kernel(a), self.in_kernel(b))
        grown = _plus(_plus(_times(self._size(a.bound), right), _times(self._size(b.bound), left)), _times(left, right))
        return Approx(bound, self._rounded(grown, self._size(bound), fixed), fixed)

    def power(self, a: Approx, exponent: Fraction) -> Approx:
        if a.fixed:
            return self._of_constant(
                a, self.bounds.power(a.bound, exponent), lambda x: exact.power(x, exact_rational(exponent))
            )
        if exponent.denominator != 1 or exponent < 0 or exponent > 8:
            raise NotCovered("the rounding of a power")
        result = a if exponent else self.number(Fraction(1))
        for _ in range(int(exponent) - 1):
            result = self.mul(result, a)
        # torch.pow is no worse than the products by more than an elementary function
        own = self._rounded(result.error, self._size(result.bound), False, self.machine.function)
        return Approx(result.bound, own, False)

    def function(self, name: str, a: Approx) -> Approx:
        bound = self.bounds.function(name, a.bound)
        if a.fixed:
            return self._of_constant(a, bound, lambda x: exact.apply(name, x))
        error = self.in_kernel(a)
        if name in _LIPSCHITZ:
            grown = _times(_constant(_LIPSCHITZ[name]), error)
        elif name == "exp" and math.isfinite(bound.high) and _is_constant(error):
            e = _largest(error)
            grown = _constant(bound.high * math.expm1(e))
        elif name in ("log", "sqrt") and _is_constant(error) and a.bound.low > 2 * _largest(error):
            low = a.bound.low - _largest(error)
            grown = _constant(_largest(error) / (low if name == "log" else 2 * math.sqrt(low)))
        else:
            raise NotCovered(f"the rounding of {name}")
        # the libraries bound the error by the value; 1 more covers values near 0 of functions that pass through it
        own = _plus(self._size(bound), _constant(1.0))
        return Approx(bound, self._rounded(grown, own, False, self.machine.function), False)

    def compare(self, rel: str, a: Approx, b: Approx) -> bool:
        truth = self.bounds.compare(rel, a.bound, b.bound)
        margin = _largest(a.error) + _largest(b.error) if a.fixed and b.fixed else math.inf
        gap = max(a.bound.low - b.bound.high, b.bound.low - a.bound.high)
        if truth is None or not (gap > 4 * margin or (margin == 0 and gap == 0)):
            raise NotCovered("a condition that rounding may change")
        return truth

    def logic(self, op: str, values: Sequence[bool]) -> bool:
        return not values[0] if op == "not" else all(values) if op == "and" else any(values)

    def indicator(self, truth: bool) -> Approx:
        return self.number(Fraction(int(truth)))

    def choose(self, branches: Sequence[tuple[Approx, bool]], otherwise: Approx | None) -> Approx:
        for value, holds in branches:
            if holds:
                return value
        if otherwise is None:
            raise NotCovered("no case applies")
        return otherwise

    def union(self, values: Sequence[Approx]) -> Approx:
        raise NotCovered("an entry with a random index")

    def _of_constant(self, a: Approx, bound: Bound, f: Callable[[Any], Any]) -> Approx:
        """A function of a number known up to its error: the width of the image, and the function's own rounding."""
        value = bound.exact.constant() if bound.exact is not None else None
        inside = a.bound.exact.constant() if a.bound.exact is not None else None
        if value is None or inside is None:
            raise NotCovered("the rounding of a number that is not known")
        wide = exact.ball(inside) + arb(0, _largest(a.error))
        try:
            low, high = outward(f(wide))
        except (exact.Undefined, exact.TooWide, exact.Unsupported, ValueError, ZeroDivisionError) as error:
            raise NotCovered(str(error)) from error
        size = max(abs(low), abs(high))
        if not math.isfinite(size):
            raise NotCovered("the rounding of a number near a pole")
        own = size * self.wide.function + _TINY
        return Approx(bound, _constant((high - low + own) * _UP), True)

    def _rounded(self, grown: Error, size: Error, fixed: bool, unit: float | None = None) -> Error:
        """One more rounding of a result of about ``size``."""
        unit = unit if unit is not None else (self.wide if fixed else self.machine).unit
        total = _plus(grown, _times(_constant(unit * (1 + 8 * unit)), _plus(size, grown)))
        return _plus(total, _constant(_TINY)) if self.narrow and not fixed else total

    def _size(self, bound: Bound) -> Error:
        """A polynomial that |value| never exceeds."""
        if bound.majorant is None:
            raise NotCovered("a value without a polynomial bound")
        found: dict[tuple[tuple[int, int, int], ...], float] = {}
        for monomial, c in bound.majorant.terms.items():
            if any(power.denominator != 1 or power < 0 for _, power in monomial):
                raise NotCovered("a value bounded by roots")
            found[tuple((atom, int(power), 0) for atom, power in monomial)] = outward(abs(c))[1]
        return found


def exact_rational(x: Fraction) -> Any:
    from flint import fmpq

    return fmpq(x.numerator, x.denominator)


def _constant(value: float) -> Error:
    return {(): value * _UP} if value else {}


def _is_constant(e: Error) -> bool:
    return not e or list(e) == [()]


def _largest(e: Error) -> float:
    """The value of a constant error.  Raises NotCovered for one that is not."""
    if not _is_constant(e):
        raise NotCovered("an error without a bound")
    return e.get((), 0.0)


def _plus(a: Error, b: Error) -> Error:
    if not a or not b:
        return a or b
    total = dict(a)
    for m, c in b.items():
        total[m] = (total.get(m, 0.0) + c) * _UP
    return total


def _times(a: Error, b: Error) -> Error:
    if len(a) * len(b) > 10 * _MOST:
        raise NotCovered("too many monomials")
    total: dict[tuple[tuple[int, int, int], ...], float] = {}
    for m, c in a.items():
        for k, d in b.items():
            key = _join(m, k)
            total[key] = (total.get(key, 0.0) + c * d) * _UP
    return total


def _join(m: tuple[tuple[int, int, int], ...], k: tuple[tuple[int, int, int], ...]) -> tuple[tuple[int, int, int], ...]:
    if not m or not k:
        return m or k
    powers = {atom: (a, b) for atom, a, b in m}
    for atom, a, b in k:
        before = powers.get(atom, (0, 0))
        powers[atom] = (before[0] + a, before[1] + b)
    return tuple(sorted((atom, a, b) for atom, (a, b) in powers.items()))
