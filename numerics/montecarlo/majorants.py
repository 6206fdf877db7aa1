"""Certain bounds of an integrand: its range, and a polynomial that its absolute value never exceeds.

A `Bound` carries, as far as each goes: the exact polynomial, an interval that holds every value (floats, rounded
outward), and a majorant: a polynomial with coefficients >= 0 in the absolute values of the atoms.  Functions that grow
no faster than their argument (softplus, relu, log above a positive number, ...) keep a majorant, so log D(x) of a
discriminator has a certified second moment although it is neither a polynomial nor bounded.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from flint import arb, fmpq

from numerics import exact
from numerics.montecarlo.interpret import NotCovered
from numerics.montecarlo.polynomials import Atoms, Polynomial, Polynomials, constant, plus, times, variable

_RANGES = {
    "uniform": (0.0, 1.0), "exponential": (0.0, math.inf), "gamma": (0.0, math.inf), "bernoulli": (0.0, 1.0),
    "beta": (0.0, 1.0), "poisson": (0.0, math.inf),
}  # fmt: skip
# increasing functions with their values at the ends of their domains
_INCREASING: dict[str, tuple[float, float, float]] = {
    "exp": (-math.inf, 0.0, math.inf), "log": (0.0, -math.inf, math.inf), "sqrt": (0.0, 0.0, math.inf),
    "sinh": (-math.inf, -math.inf, math.inf), "tanh": (-math.inf, -1.0, 1.0), "arctan": (-math.inf, -1.5708, 1.5708),
    "sigmoid": (-math.inf, 0.0, 1.0), "softplus": (-math.inf, 0.0, math.inf), "relu": (-math.inf, 0.0, math.inf),
    "erf": (-math.inf, -1.0, 1.0), "normal_cdf": (-math.inf, 0.0, 1.0), "floor": (-math.inf, -math.inf, math.inf),
}  # fmt: skip
# |f(a)| <= first + second |a| for all real a
_AFFINE = {
    "softplus": (Fraction(7, 10), 1),
    "relu": (Fraction(0), 1),
    "abs": (Fraction(0), 1),
    "floor": (Fraction(1), 1),
}


@dataclass(frozen=True)
class Bound:
    low: float
    high: float
    exact: Polynomial | None = None
    majorant: Polynomial | None = None

    @property
    def bounded(self) -> bool:
        return math.isfinite(self.low) and math.isfinite(self.high)

    @property
    def size(self) -> float:
        return max(abs(self.low), abs(self.high))


def _down(x: float) -> float:
    return math.nextafter(x, -math.inf)


def _up(x: float) -> float:
    return math.nextafter(x, math.inf)


def outward(value: Any) -> tuple[float, float]:
    """Floats around an exact base number."""
    ball = exact.ball(value)
    return _down(_down(float(ball.lower()))), _up(_up(float(ball.upper())))


def make(low: float, high: float, exact_: Polynomial | None = None, majorant: Polynomial | None = None) -> Bound:
    """The bound with the best majorant at hand: that of the exact polynomial, a constant, or the given one."""
    if math.isnan(low) or math.isnan(high):
        low, high = -math.inf, math.inf
    if exact_ is not None:
        majorant = Polynomial({m: abs(c) for m, c in exact_.terms.items()})
        value = exact_.constant()
        if value is not None:
            low, high = outward(value)
        else:
            ends = _quadratic_range(exact_)
            low, high = max(low, ends[0]), min(high, ends[1])
    elif math.isfinite(low) and math.isfinite(high):
        majorant = constant(_rational(max(abs(low), abs(high))))
    return Bound(low, high, exact_, majorant)


def _quadratic_range(p: Polynomial) -> tuple[float, float]:
    """The range over all real atoms of a sum of quadratics, one in each atom; all of the line for anything else."""
    quadratics: dict[int, dict[int, Any]] = {}
    low = high = exact.ball(p.terms.get((), fmpq(0)))
    for monomial, c in p.terms.items():
        if len(monomial) > 1 or (monomial and monomial[0][1] not in (1, 2)):
            return -math.inf, math.inf
        if monomial:
            quadratics.setdefault(monomial[0][0], {})[int(monomial[0][1])] = exact.ball(c)
    least, most = outward(low)[0], outward(high)[1]
    for q in quadratics.values():
        if 2 not in q or not (q[2] > 0 or q[2] < 0):
            return -math.inf, math.inf
        vertex = -(q[1] ** 2) / (4 * q[2]) if 1 in q else arb(0)
        least, most = (_down(least + outward(vertex)[0]), math.inf) if q[2] > 0 else (least, most + outward(vertex)[1])
        if q[2] < 0:
            least, most = -math.inf, _up(most)
    return least, most


def _log_majorant(p: Polynomial, atoms: Atoms | None) -> Polynomial | None:
    """A majorant of |log(c a^p b^q ...)| for positive atoms: |log a| <= a + a^-s / (s e) for every s > 0."""
    if atoms is None or len(p.terms) != 1:
        return None
    ((monomial, c),) = p.terms.items()
    ball = exact.ball(c)
    if not ball > 0:
        return None
    total = constant(abs(ball.log()))
    for atom, power in monomial:
        kind, parameters = atoms.atoms[atom].kind, atoms.atoms[atom].parameters
        if kind not in ("gamma", "beta", "exponential", "uniform"):
            return None
        shape = outward(parameters[0])[0] if parameters else 1.0
        s = min(Fraction(1, 4), Fraction(int(shape * 128), 1024))
        if s <= 0:
            return None
        steep = Polynomial({((atom, -s),): 1 / (exact.ball(fmpq(s.numerator, s.denominator)) * arb(1).exp())})
        size = constant(fmpq(abs(power.numerator), power.denominator))
        total = plus(total, times(size, plus(variable(atom), steep)))
    return total


def _rational(x: float) -> fmpq:
    f = Fraction(x)
    return fmpq(f.numerator, f.denominator)


def _attempt(join: Callable[..., Polynomial], *parts: Polynomial | None) -> Polynomial | None:
    if any(p is None for p in parts):
        return None
    try:
        return join(*parts)
    except NotCovered:
        return None


class Bounds:
    """The arithmetic of `interpret` on bounds."""

    def __init__(self) -> None:
        self.polynomials = Polynomials()
        self.atoms: Atoms | None = None

    def variable(self, atom: int, atoms: Atoms) -> Bound:
        self.atoms = atoms
        kind, parameters = atoms.atoms[atom].kind, atoms.atoms[atom].parameters
        if kind == "choice":
            ends = [outward(v) for v in parameters[: len(parameters) // 2]]
            low, high = min(e[0] for e in ends), max(e[1] for e in ends)
        else:
            low, high = _RANGES.get(kind, (-math.inf, math.inf))
        return make(low, high, variable(atom))

    def number(self, value: Fraction) -> Bound:
        return make(0.0, 0.0, self.polynomials.number(value))

    def constant(self, name: str) -> Bound:
        if name == "infinity":
            return Bound(math.inf, math.inf)
        return make(0.0, 0.0, self.polynomials.constant(name))

    def add(self, a: Bound, b: Bound) -> Bound:
        low, high = _rounded(a.low, b.low, False, -math.inf), _rounded(a.high, b.high, False, math.inf)
        return make(low, high, _attempt(plus, a.exact, b.exact), _attempt(plus, a.majorant, b.majorant))

    def mul(self, a: Bound, b: Bound) -> Bound:
        pairs = [(x, y) for x in (a.low, a.high) for y in (b.low, b.high)]
        low = min(_rounded(x, y, True, -math.inf) for x, y in pairs)
        high = max(_rounded(x, y, True, math.inf) for x, y in pairs)
        return make(low, high, _attempt(times, a.exact, b.exact), _attempt(times, a.majorant, b.majorant))

    def power(self, a: Bound, exponent: Fraction) -> Bound:
        exact_ = _attempt(lambda p: self.polynomials.power(p, exponent), a.exact)
        if exponent.denominator == 1 and exponent >= 0:
            n = int(exponent)
            ends = [_float_power(a.low, n), _float_power(a.high, n)]
            low, high = min(ends), max(ends)
            if n % 2 == 0 and a.low <= 0 <= a.high:
                low = 0.0
            low, high = (0.0 if n % 2 == 0 and low <= 0 else _down(_down(low))), _up(_up(high))
            majorant = _attempt(lambda p: self.polynomials.power(p, exponent), a.majorant)
            return make(low, high, exact_, majorant)
        if exponent == Fraction(1, 2):
            return self.function("sqrt", a)
        if exponent == -1 and (a.low > 0 or a.high < 0):
            return make(_down(1.0 / a.high), _up(1.0 / a.low), exact_)
        if exponent.denominator == 1 and exponent < 0 and (a.low > 0 or a.high < 0):
            return self.power(self.power(a, -exponent), Fraction(-1))
        if a.low > 0:
            e = self.number(exponent)
            return self.function("exp", self.mul(e, self.function("log", a)))
        return make(-math.inf, math.inf, exact_)

    def function(self, name: str, a: Bound) -> Bound:
        if a.exact is not None and a.exact.constant() is not None:
            return make(0.0, 0.0, _attempt(lambda p: self.polynomials.function(name, p), a.exact))
        low, high = self._range(name, a)
        majorant = None
        if a.majorant is not None:
            if name in _AFFINE:
                shift, slope = _AFFINE[name]
                majorant = plus(
                    constant(fmpq(shift.numerator, shift.denominator)), times(constant(fmpq(slope)), a.majorant)
                )
            elif name == "sqrt" and a.low >= 0:
                majorant = times(constant(fmpq(1, 2)), plus(constant(fmpq(1)), a.majorant))
            elif name == "log" and a.low > 0:
                # log a < a, and -log a <= -log(low)
                floor_ = _rational(max(0.0, _up(-math.log(a.low)) + 1e-12))
                majorant = plus(constant(floor_), a.majorant)
            elif name in ("sin", "arctan", "tanh"):
                majorant = a.majorant
        if name == "log" and majorant is None and a.exact is not None:
            majorant = _log_majorant(a.exact, self.atoms)
        return make(low, high, None, majorant)

    def _range(self, name: str, a: Bound) -> tuple[float, float]:
        if name in ("sin", "cos", "sign"):
            return -1.0, 1.0
        if name == "abs":
            return (0.0 if a.low <= 0 <= a.high else min(abs(a.low), abs(a.high))), a.size
        if name == "cosh":
            ends = [_endpoint("cosh", abs(x)) for x in (a.low, a.high)] if a.bounded else []
            return 1.0, max((e[1] for e in ends), default=math.inf)
        if name in _INCREASING:
            edge, at_low, at_high = _INCREASING[name]
            if a.high < edge:
                raise NotCovered(f"{name} has no value there")
            low = at_low if a.low <= edge else _endpoint(name, a.low)[0]
            high = at_high if a.high == math.inf else at_low if a.high <= edge else _endpoint(name, a.high)[1]
            return low, high
        if a.bounded:
            ball = arb(a.low).union(arb(a.high))
            try:
                return outward(exact.apply(name, ball))
            except (exact.Undefined, exact.TooWide, exact.Unsupported, ValueError, OverflowError):
                pass
        return -math.inf, math.inf

    def compare(self, rel: str, a: Bound, b: Bound) -> bool | None:
        if rel in (">", ">="):
            return self.compare("<" if rel == ">" else "<=", b, a)
        if rel == "<":
            return True if a.high < b.low else False if a.low >= b.high else None
        if rel == "<=":
            return True if a.high <= b.low else False if a.low > b.high else None
        same = a.exact is not None and b.exact is not None and a.exact.terms == b.exact.terms
        apart = a.high < b.low or b.high < a.low
        if rel == "=":
            return False if apart else None if not same else True
        return True if apart else None if not same else False

    def logic(self, op: str, values: Sequence[bool | None]) -> bool | None:
        if op == "not":
            return None if values[0] is None else not values[0]
        decisive = op == "or"
        if decisive in values:
            return decisive
        return None if None in values else not decisive

    def indicator(self, truth: bool | None) -> Bound:
        return Bound(0.0, 1.0, None, constant(fmpq(1))) if truth is None else self.number(Fraction(int(truth)))

    def choose(self, branches: Sequence[tuple[Bound, bool | None]], otherwise: Bound | None) -> Bound:
        possible = []
        for value, holds in branches:
            if holds is not False:
                possible.append(value)
            if holds:
                return self.union(possible)
        return self.union([*possible, otherwise] if otherwise is not None else possible)

    def union(self, values: Sequence[Bound]) -> Bound:
        if not values:
            raise NotCovered("no case applies")
        if len(values) == 1:
            return values[0]
        majorant = values[0].majorant
        for v in values[1:]:
            majorant = _attempt(plus, majorant, v.majorant)
        return make(min(v.low for v in values), max(v.high for v in values), None, majorant)


def _float_power(x: float, n: int) -> float:
    try:
        return x**n
    except OverflowError:
        return math.inf if x > 0 or n % 2 == 0 else -math.inf


def _endpoint(name: str, x: float) -> tuple[float, float]:
    try:
        return outward(exact.apply(name, arb(x)))
    except (exact.Undefined, exact.TooWide, exact.Unsupported) as error:
        raise NotCovered(f"{name} at {x}") from error


def _rounded(x: float, y: float, product: bool, towards: float) -> float:
    """x + y or x y as a float, moved outward unless it is exact; 0 times infinity is 0."""
    if product and 0.0 in (x, y):
        return 0.0
    value = x * y if product else x + y
    if math.isnan(value):
        return towards
    if math.isinf(x) or math.isinf(y):
        return value
    if math.isinf(value):
        return value if value == towards else math.copysign(1.7976931348623157e308, value)
    exact_ = Fraction(x) * Fraction(y) if product else Fraction(x) + Fraction(y)
    return value if Fraction(value) == exact_ else math.nextafter(value, towards)
