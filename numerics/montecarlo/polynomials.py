"""Integrands that are polynomials in independent standard draws, with their exact moments.

A normal draw is mean + L e with standard normal e (Wick's theorem is then the table of moments of one e); likewise the
other laws are affine in an `Atom`.  Coefficients are exact rationals where possible and balls otherwise, so E h and
Var h come with certainty.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from flint import arb, fmpq

from numerics import exact
from numerics.montecarlo.integrands import Draw
from numerics.montecarlo.interpret import Interpreter, NotCovered
from proofs.terms import SCALAR

Monomial = tuple[tuple[int, Fraction], ...]  # (atom, exponent) in order of atoms
_MOST_MONOMIALS, _MOST_PRODUCTS = 2000, 40_000


class DivergingMoment(Exception):
    """A moment of the integrand that is certainly infinite."""


@dataclass(frozen=True)
class Atom:
    """A standard draw: 'normal', 'uniform' on [0, 1], 'exponential' and 'laplace' of rate and scale 1, 'gamma' of rate
    1, and the laws of fixed parameters ('bernoulli', 'beta', 'poisson', 'student_t', 'choice': values, then masses)."""

    kind: str
    parameters: tuple[Any, ...] = ()

    def moment(self, p: Fraction, absolute: bool = False) -> Any:
        """E a^p, or E |a|^p.  Raises DivergingMoment where it is infinite, NotCovered where it is not known."""
        if p == 0:
            return fmpq(1)
        kind, q = self.kind, self.parameters
        odd = not absolute and p.denominator == 1 and p % 2 == 1
        if kind in ("normal", "laplace", "student_t") and odd:
            if kind == "student_t" and not exact.ball(q[0]) > _base(p):
                raise DivergingMoment(f"the moment of order {p} of a Student law diverges")
            return fmpq(0)
        if kind == "choice":
            half = len(q) // 2
            values = [_power(abs(v) if absolute else v, p) for v in q[:half]]
            return sum((v * m for v, m in zip(values, q[half:])), fmpq(0))
        if kind == "bernoulli":
            return q[0]
        if kind == "poisson":
            return _poisson_moment(q[0], p)
        x = exact.ball(_base(p))
        if kind == "normal":
            self._above(p, fmpq(-1))
            if p.denominator == 1 and p % 2 == 0:
                return fmpq(_double_factorial(int(p) - 1))
            return arb(2) ** (x / 2) * ((x + 1) / 2).gamma() / arb.pi().sqrt()
        if kind == "student_t":
            nu = exact.ball(q[0])
            self._above(p, fmpq(-1))
            if nu <= x:
                raise DivergingMoment(f"the moment of order {p} of a Student law diverges")
            if not nu > x:
                raise NotCovered("a moment of a Student law at its edge")
            return nu ** (x / 2) * ((x + 1) / 2).gamma() * ((nu - x) / 2).gamma() / (arb.pi().sqrt() * (nu / 2).gamma())
        if kind in ("exponential", "laplace"):
            self._above(p, fmpq(-1))
            return (x + 1).gamma()
        if kind == "uniform":
            self._above(p, fmpq(-1))
            return 1 / (_base(p) + 1)
        shape = exact.ball(q[0])
        self._above(p, -q[0])
        if kind == "gamma":
            return (shape + x).gamma() / shape.gamma()
        if kind == "beta":
            other = exact.ball(q[1])
            return (shape + x).gamma() * (shape + other).gamma() / (shape.gamma() * (shape + other + x).gamma())
        raise NotCovered(f"moments of the law {kind}")

    def _above(self, p: Fraction, edge: Any) -> None:
        if not exact.ball(_base(p)) > exact.ball(edge):
            raise NotCovered(f"the moment of order {p} of a {self.kind} draw")


def _base(p: Fraction) -> fmpq:
    return fmpq(p.numerator, p.denominator)


def _power(v: Any, p: Fraction) -> Any:
    try:
        return exact.power(v, _base(p))
    except (exact.Undefined, exact.TooWide, exact.Unsupported) as error:
        raise NotCovered(str(error)) from error


def _double_factorial(k: int) -> int:
    result = 1
    while k > 1:
        result, k = result * k, k - 2
    return result


def _poisson_moment(rate: Any, p: Fraction) -> Any:
    """E N^p by Stirling numbers of the second kind; for a p that is not whole, the next one gives a bound."""
    if p < 0:
        raise NotCovered("a negative moment of a Poisson law")
    k = -(-p.numerator // p.denominator)
    stirling = [fmpq(1)] + [fmpq(0)] * k
    for _ in range(k):
        stirling = [fmpq(0)] + [stirling[j] * j + stirling[j - 1] for j in range(1, k + 1)]
    return sum((s * exact.power(rate, fmpq(j)) for j, s in enumerate(stirling)), fmpq(0))


@dataclass(frozen=True)
class Polynomial:
    """A finite sum of coefficient times monomial in numbered atoms."""

    terms: Mapping[Monomial, Any]

    def constant(self) -> Any | None:
        """The coefficient of a constant polynomial, or None."""
        if not self.terms:
            return fmpq(0)
        return self.terms[()] if len(self.terms) == 1 and () in self.terms else None

    def expectation(self, atoms: Sequence[Atom], absolute: bool = False) -> Any:
        total: Any = fmpq(0)
        for monomial, c in self.terms.items():
            part = c
            for atom, p in monomial:
                part = part * atoms[atom].moment(p, absolute)
            total = total + part
        return total


def is_zero(c: Any) -> bool:
    return isinstance(c, fmpq) and c == 0


def plus(a: Polynomial, b: Polynomial) -> Polynomial:
    terms = dict(a.terms)
    for m, c in b.terms.items():
        total = terms[m] + c if m in terms else c
        if is_zero(total):
            terms.pop(m, None)
        else:
            terms[m] = total
    return Polynomial(terms)


def times(a: Polynomial, b: Polynomial) -> Polynomial:
    if len(a.terms) * len(b.terms) > _MOST_PRODUCTS:
        raise NotCovered("too many monomials")
    terms: dict[Monomial, Any] = {}
    for m, c in a.terms.items():
        for k, d in b.terms.items():
            key = _join(m, k)
            product = c * d
            total = terms[key] + product if key in terms else product
            if is_zero(total):
                terms.pop(key, None)
            else:
                terms[key] = total
    if len(terms) > _MOST_MONOMIALS:
        raise NotCovered("too many monomials")
    return Polynomial(terms)


def _join(m: Monomial, k: Monomial) -> Monomial:
    if not m or not k:
        return m or k
    powers = dict(m)
    for atom, p in k:
        powers[atom] = powers.get(atom, Fraction(0)) + p
    return tuple(sorted((a, p) for a, p in powers.items() if p))


def constant(value: Any) -> Polynomial:
    return Polynomial({} if is_zero(value) else {(): value})


def variable(atom: int) -> Polynomial:
    return Polynomial({((atom, Fraction(1)),): fmpq(1)})


class Polynomials:
    """The arithmetic of `interpret` on polynomials; functions apply to constants only."""

    def variable(self, atom: int, atoms: Atoms) -> Polynomial:
        return variable(atom)

    def number(self, value: Fraction) -> Polynomial:
        return constant(_base(value))

    def constant(self, name: str) -> Polynomial:
        values = {"pi": arb.pi, "e": lambda: arb(1).exp(), "euler_gamma": arb.const_euler}
        if name not in values:
            raise NotCovered(f"the constant {name}")
        return constant(values[name]())

    def add(self, a: Polynomial, b: Polynomial) -> Polynomial:
        return plus(a, b)

    def mul(self, a: Polynomial, b: Polynomial) -> Polynomial:
        return times(a, b)

    def power(self, a: Polynomial, exponent: Fraction) -> Polynomial:
        value = a.constant()
        if value is not None:
            return constant(_power(value, exponent))
        if exponent.denominator != 1 or not 0 <= exponent <= 16:
            raise NotCovered("a power that is no polynomial")
        result = constant(fmpq(1))
        for _ in range(int(exponent)):
            result = times(result, a)
        return result

    def function(self, name: str, a: Polynomial) -> Polynomial:
        value = a.constant()
        if value is None:
            raise NotCovered(f"{name} of a random variable")
        try:
            return constant(exact.apply(name, value))
        except (exact.Undefined, exact.TooWide, exact.Unsupported) as error:
            raise NotCovered(str(error)) from error

    def compare(self, rel: str, a: Polynomial, b: Polynomial) -> bool:
        difference = plus(a, times(constant(fmpq(-1)), b)).constant()
        sign = None if difference is None else exact.sign(difference)
        if sign is None:
            raise NotCovered("a condition on a random variable")
        return {"=": sign == 0, "!=": sign != 0, "<": sign < 0, "<=": sign <= 0, ">": sign > 0, ">=": sign >= 0}[rel]

    def logic(self, op: str, values: Sequence[bool]) -> bool:
        return not values[0] if op == "not" else all(values) if op == "and" else any(values)

    def indicator(self, truth: bool) -> Polynomial:
        return constant(fmpq(int(truth)))

    def choose(self, branches: Sequence[tuple[Polynomial, bool]], otherwise: Polynomial | None) -> Polynomial:
        for value, holds in branches:
            if holds:
                return value
        if otherwise is None:
            raise NotCovered("no case applies")
        return otherwise

    def union(self, values: Sequence[Polynomial]) -> Polynomial:
        raise NotCovered("an entry with a random index")


class Atoms:
    """The standard draws behind the drawn variables, numbered as they come."""

    def __init__(self) -> None:
        self.atoms: list[Atom] = []

    def new(self, kind: str, parameters: Sequence[Any] = ()) -> int:
        self.atoms.append(Atom(kind, tuple(parameters)))
        return len(self.atoms) - 1


def draw_value(d: Draw, reader: Interpreter, atoms: Atoms, fixed: Interpreter) -> Any:
    """The drawn variable in the reader's arithmetic, as a function of new atoms.

    ``fixed`` reads the parameters that must be constants (those that are no location or scale); NotCovered where they
    depend on other draws.
    """
    g, law = reader.algebra, d.law
    a = law.args
    if law.op == "normal":
        if d.sort != SCALAR:
            mean, factor = reader.matrix(a[0]), reader.cholesky(reader.matrix(a[1]))
            noise = [[g.variable(atoms.new("normal"), atoms)] for _ in mean]
            shifted = reader._times(factor, noise)
            return [[g.add(x, y) for x, y in zip(r, s)] for r, s in zip(mean, shifted)]
        return g.add(
            reader.scalar(a[0]), g.mul(g.function("sqrt", reader.scalar(a[1])), g.variable(atoms.new("normal"), atoms))
        )
    if d.sort != SCALAR:
        raise NotCovered(f"the law {law.op} of a vector")
    if law.op == "uniform":
        low = reader.scalar(a[0])
        width = g.add(reader.scalar(a[1]), g.mul(g.number(Fraction(-1)), low))
        return g.add(low, g.mul(width, g.variable(atoms.new("uniform"), atoms)))
    if law.op == "exponential":
        return g.mul(g.power(reader.scalar(a[0]), Fraction(-1)), g.variable(atoms.new("exponential"), atoms))
    if law.op == "laplace":
        return g.add(reader.scalar(a[0]), g.mul(reader.scalar(a[1]), g.variable(atoms.new("laplace"), atoms)))
    parameters = [_fixed(x) for t in a for x in fixed.entries(t)]
    if law.op == "gamma":
        standard = g.variable(atoms.new("gamma", parameters[:1]), atoms)
        return g.mul(g.power(reader.scalar(a[1]), Fraction(-1)), standard)
    if law.op in ("categorical", "uniform_choice"):
        n = len(parameters)
        values = [fmpq(i + 1) for i in range(n)] if law.op == "categorical" else parameters
        masses = parameters if law.op == "categorical" else [fmpq(1, n)] * n
        return g.variable(atoms.new("choice", (*values, *masses)), atoms)
    if law.op in ("bernoulli", "beta", "poisson", "student_t"):
        return g.variable(atoms.new(law.op, parameters), atoms)
    raise NotCovered(f"the law {law.op}")


def _fixed(p: Polynomial) -> Any:
    value = p.constant()
    if value is None:
        raise NotCovered("a parameter that depends on another draw")
    return value
