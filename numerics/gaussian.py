"""Gaussian calculus: integrands that are finite sums of polynomial times exp(quadratic), integrated exactly.

The variables of one integral make a ring ``Integrand`` whose coefficients live in the ring below (numbers, jets, or
the integrands of an outer integral), so nested integrals and derivatives under the integral sign are exact as well.
Completing the square gives the normalising constant, L. Isserlis's recursion (Biometrika 12, 1918) the moments.
"""

from __future__ import annotations

from collections.abc import Sequence

from flint import fmpq

from numerics import exact, matrices, rings
from numerics.exact import HALF, ONE, ZERO, Undefined, Unsupported
from numerics.matrices import Mat
from numerics.rings import Element, Ring, is_exact_zero

Monomial = tuple[int, ...]
Polynomial = dict[Monomial, Element]
Part = tuple[Polynomial, Polynomial]  # exponent (a quadratic), factor (a polynomial)

MAX_PARTS = 400


def _plus(p: Polynomial, q: Polynomial) -> Polynomial:
    total = dict(p)
    for m, c in q.items():
        value = total[m] + c if m in total else c
        if is_exact_zero(value):
            total.pop(m, None)
        else:
            total[m] = value
    return total


def _times(p: Polynomial, q: Polynomial) -> Polynomial:
    total: Polynomial = {}
    for m, c in p.items():
        for k, d in q.items():
            key = tuple(i + j for i, j in zip(m, k))
            value = c * d
            total[key] = total[key] + value if key in total else value
    return {m: c for m, c in total.items() if not is_exact_zero(c)}


def _degree(p: Polynomial) -> int:
    return max((sum(m) for m in p), default=0)


def _identical(p: Polynomial, q: Polynomial) -> bool:
    """Whether two exponents are the same for certain."""
    return p.keys() == q.keys() and all(
        c is q[m] or (isinstance(c, fmpq) and isinstance(q[m], fmpq) and c == q[m]) for m, c in p.items()
    )


class Integrand(Ring):
    """A sum of ``polynomial * exp(quadratic)`` in ``count`` real variables."""

    __slots__ = ("count", "parts")

    def __init__(self, level: int, count: int, parts: Sequence[Part]):
        self.level = level
        self.count = count
        merged: list[Part] = []
        for exponent, factor in parts:
            for i, (other, so_far) in enumerate(merged):
                if _identical(exponent, other):
                    merged[i] = (other, _plus(so_far, factor))
                    break
            else:
                merged.append((exponent, factor))
        self.parts = [part for part in merged if part[1]]
        if len(self.parts) > MAX_PARTS:
            raise Unsupported("an integrand with too many exponential terms")

    @property
    def origin(self) -> Monomial:
        return (0,) * self.count

    def _new(self, parts: Sequence[Part]) -> Integrand:
        return Integrand(self.level, self.count, parts)

    def _same(self, other: Element) -> Integrand:
        return self._new([] if is_exact_zero(other) else [({}, {self.origin: other})])

    def _add(self, other: Integrand) -> Integrand:
        return self._new(self.parts + other.parts)

    def _mul(self, other: Integrand) -> Integrand:
        return self._new([(_plus(e, f), _times(p, q)) for e, p in self.parts for f, q in other.parts])

    def _scale(self, factor: Element) -> Element:
        if is_exact_zero(factor):
            return ZERO
        return self._new([(e, {m: c * factor for m, c in p.items()}) for e, p in self.parts])

    def constant(self) -> Element | None:
        """The element of the ring below that this is, or None where it varies."""
        if not self.parts:
            return ZERO
        if len(self.parts) == 1:
            exponent, factor = self.parts[0]
            if not exponent and set(factor) <= {self.origin}:
                return factor[self.origin]
        return None

    def single(self, what: str) -> tuple[Polynomial, Element]:
        """exponent and constant factor of what is one exponential; Unsupported for anything else."""
        if len(self.parts) == 1:
            exponent, factor = self.parts[0]
            if set(factor) == {self.origin}:
                return exponent, factor[self.origin]
        raise Unsupported(f"{what} inside a Gaussian integral")

    def inverse(self) -> Integrand:
        if not self.parts:
            raise Undefined("division by zero")
        exponent, factor = self.single("a quotient")
        return self._new([({m: -c for m, c in exponent.items()}, {self.origin: rings.inverse(factor)})])

    def power(self, exponent: Element) -> Integrand:
        if rings.level(exponent) >= self.level:
            raise Unsupported("a power that varies inside a Gaussian integral")
        inner, factor = self.single("a power")
        return self._new([({m: c * exponent for m, c in inner.items()}, {self.origin: rings.power(factor, exponent)})])

    def apply(self, name: str) -> Element:
        constant = self.constant()
        if constant is not None:
            return rings.apply(name, constant)
        if name == "exp":
            if len(self.parts) == 1 and not self.parts[0][0] and _degree(self.parts[0][1]) <= 2:
                return self._new([(dict(self.parts[0][1]), {self.origin: ONE})])
        elif name == "log":
            exponent, factor = self.single("a logarithm")
            if rings.known_sign(factor) <= 0:
                raise Undefined("the logarithm of a number that is not positive")
            return self._new([({}, _plus(exponent, self._same(rings.apply("log", factor)).polynomial()))])
        elif name == "sqrt":
            return self.power(HALF)
        elif name in ("sinh", "cosh"):
            up, down = self.apply("exp"), (-self).apply("exp")
            return (up + down if name == "cosh" else up - down) * HALF
        elif name in ("abs", "sign"):
            _, factor = self.single(name)
            s = exact.rational(rings.known_sign(factor))
            return self * s if name == "abs" else s
        raise Unsupported(f"{name} inside a Gaussian integral")

    def base(self) -> Element:
        constant = self.constant()
        if constant is None:
            raise Unsupported("a quantity that varies inside a Gaussian integral")
        return rings.base(constant)

    def polynomial(self) -> Polynomial:
        """The factor of what is a plain polynomial."""
        if not self.parts:
            return {}
        if len(self.parts) == 1 and not self.parts[0][0]:
            return self.parts[0][1]
        raise Unsupported("a function that is not a polynomial")


def variables(level: int, count: int) -> list[Integrand]:
    """The integration variables themselves."""
    units = [tuple(int(i == j) for j in range(count)) for i in range(count)]
    return [Integrand(level, count, [({}, {u: ONE})]) for u in units]


def as_integrand(x: Element, level: int, count: int) -> Integrand:
    if rings.level(x) > level:
        raise Unsupported("integrals that are not nested")
    if isinstance(x, Integrand) and x.level == level:
        return x
    return Integrand(level, count, [] if is_exact_zero(x) else [({}, {(0,) * count: x})])


def quadratic_parts(exponent: Polynomial, count: int) -> tuple[Element, list[Element], list[list[Element]]]:
    """constant, linear vector b and symmetric K with exponent = constant + b.x + x^T K x."""
    constant: Element = ZERO
    b: list[Element] = [ZERO] * count
    k: list[list[Element]] = [[ZERO] * count for _ in range(count)]
    for m, c in exponent.items():
        at = [i for i, d in enumerate(m) for _ in range(d)]
        if not at:
            constant = constant + c
        elif len(at) == 1:
            b[at[0]] = b[at[0]] + c
        elif len(at) == 2:
            i, j = at
            if i == j:
                k[i][i] = k[i][i] + c
            else:
                k[i][j] = k[i][j] + c * HALF
                k[j][i] = k[i][j]
        else:
            raise Unsupported("an exponent that is not quadratic")
    return constant, b, k


def moments(factor: Polynomial, mean: Sequence[Element], covariance: Sequence[Sequence[Element]]) -> Element:
    """The expectation of a polynomial under N(mean, covariance): E[x_i g] = m_i E[g] + sum_j C_ij E[d_j g]."""
    known: dict[Monomial, Element] = {}

    def moment(m: Monomial) -> Element:
        if m in known:
            return known[m]
        i = next((i for i, d in enumerate(m) if d), None)
        if i is None:
            return ONE
        rest = tuple(d - (j == i) for j, d in enumerate(m))
        total: Element = ZERO if is_exact_zero(mean[i]) else mean[i] * moment(rest)
        for j, d in enumerate(rest):
            if d and not is_exact_zero(covariance[i][j]):
                lower = tuple(e - (k == j) for k, e in enumerate(rest))
                total = total + covariance[i][j] * moment(lower) * d
        known[m] = total
        return total

    total: Element = ZERO
    for m, c in factor.items():
        total = total + c * moment(m)
    return total


def integrate(x: Element, level: int, count: int) -> Element:
    """The integral over R^count.  Undefined where it certainly diverges."""
    parts = as_integrand(x, level, count).parts
    total: Element = ZERO
    for exponent, factor in parts:
        constant, b, k = quadratic_parts(exponent, count)
        precision = Mat([[-2 * c for c in row] for row in k])
        if not matrices.is_positive_definite(precision):
            if len(parts) > 1:
                raise Unsupported("an integral of several parts that may diverge")
            raise Undefined("the integral diverges")
        covariance = matrices.as_matrix(matrices.inverse(precision))
        mean = [matrices.dot(row, b) for row in covariance.data]
        scale = rings.power(matrices.det(precision), -HALF) * rings.power(rings.two_pi(), exact.rational(count) / 2)
        scale = scale * rings.apply("exp", constant + HALF * matrices.dot(b, mean))
        total = total + scale * moments(factor, mean, covariance.data)
    return total


def expect(x: Element, level: int, mean: Sequence[Element], covariance: Sequence[Sequence[Element]]) -> Element:
    """The expectation under N(mean, covariance); the covariance may be singular for polynomials."""
    count = len(mean)
    parts = as_integrand(x, level, count).parts
    total: Element = ZERO
    for exponent, factor in parts:
        if not exponent:
            total = total + moments(factor, mean, covariance)
            continue
        constant, b, k = quadratic_parts(exponent, count)
        if all(is_exact_zero(c) for row in k for c in row):
            shift = [matrices.dot(row, b) for row in covariance]
            tilt = constant + matrices.dot(b, mean) + HALF * matrices.dot(b, shift)
            moved = [m + s for m, s in zip(mean, shift)]
            total = total + rings.apply("exp", tilt) * moments(factor, moved, covariance)
            continue
        prior = matrices.as_matrix(matrices.inverse(matrices.collapse(Mat(covariance))))
        precision = Mat([[p - 2 * c for p, c in zip(r, s)] for r, s in zip(prior.data, k)])
        if not matrices.is_positive_definite(precision):
            if len(parts) > 1:
                raise Unsupported("an expectation of several parts that may diverge")
            raise Undefined("the expectation diverges")
        posterior = matrices.as_matrix(matrices.inverse(precision))
        pull = [matrices.dot(row, mean) for row in prior.data]
        h = [p + c for p, c in zip(pull, b)]
        centre = [matrices.dot(row, h) for row in posterior.data]
        tilt = constant + HALF * (matrices.dot(h, centre) - matrices.dot(mean, pull))
        scale = rings.power(matrices.det(Mat(covariance)) * matrices.det(precision), -HALF)
        total = total + scale * rings.apply("exp", tilt) * moments(factor, centre, posterior.data)
    return total
