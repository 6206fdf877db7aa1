"""Signs of scalars from the hypotheses, by interval arithmetic.

A small syntactic check that may fail to see a truth but never sees a falsehood.
"""

from __future__ import annotations

from fractions import Fraction
from math import inf

from proofs.binding import closed_key, free
from proofs.certificate import readable
from proofs.definite import Definite
from proofs.field import Algebra
from proofs.intervals import (
    CLOSED_UNIT,
    CONSTANTS,
    FUNCTION_INTERVALS,
    NONNEGATIVE,
    POSITIVE,
    REAL,
    Interval,
    interval_add,
    interval_mul,
    interval_neg,
    point,
    tighten,
)
from proofs.polynomials import AlgebraError, Poly
from proofs.terms import SCALAR, Term, add, mul, number, transpose

ALWAYS = {"norm": NONNEGATIVE, "variance": NONNEGATIVE, "indicator": CLOSED_UNIT, "probability": CLOSED_UNIT}

SAYS = {">": ("positive", "nonnegative", "nonzero"), ">=": ("nonnegative",), "!=": ("nonzero",)}


class Signs(Definite):
    def positive(self, t: Term) -> bool:
        return t.sort == SCALAR and (self.interval(t).positive() or self._known("positive", t))

    def nonnegative(self, t: Term) -> bool:
        return t.sort == SCALAR and (self.interval(t).nonnegative() or self._known("nonnegative", t))

    def nonzero(self, t: Term) -> bool:
        if t.sort != SCALAR:
            return False
        if self.interval(t).excludes_zero() or self._fact("positive", t):
            return True
        if t.op == "mul" and all(a.sort == SCALAR for a in t.args):
            return all(self.nonzero(a) for a in t.args)
        if t.op == "pow" or (t.op == "function" and t.data[0] == "abs"):
            return self.nonzero(t.args[0])
        if t.op == "det":
            return self.invertible(t.args[0])
        if t.op in ("derivative", "at"):
            return self._jacobian(t)
        return self._domain_of(t) == "nonzero" or self._known("nonzero", t)

    def at_least(self, t: Term, bound: Term) -> bool:
        return self.nonnegative(add(t, mul(number(-1), bound)))

    def _known(self, kind: str, t: Term) -> bool:
        """Whether both sides need it, a hypothesis says it, or the signs of numerator and denominator give it."""
        return self._fact(kind, t) or self._condition(kind, t) or self._rational(t, kind)

    # ------------------------------------------------------------------------------------------- intervals

    def interval(self, t: Term) -> Interval:
        """An interval that holds the value of a scalar wherever it is defined."""
        if self._depth > 60 or t.sort != SCALAR:
            return REAL
        self._depth += 1
        try:
            found = ALWAYS.get(t.op) or getattr(self, f"_of_{t.op}", lambda _: REAL)(t)
        finally:
            self._depth -= 1
        if not found.positive() and self._fact("positive", t):
            return Interval(Fraction(0), True, found.high, found.high_open)
        return found

    def _of_number(self, t: Term) -> Interval:
        return point(t.data[0])

    def _of_constant(self, t: Term) -> Interval:
        return CONSTANTS.get(t.data[0], REAL)

    def _of_symbol(self, t: Term) -> Interval:
        name = t.data[0]
        if name in self.local or name in self.hidden:
            return self.local.get(name, ("", REAL))[1]
        found = self.domain_interval(self.hypotheses.domain(name))
        for c in self.hypotheses.conditions:
            if c.op == "compare" and not free(c) & self.hidden:
                found = tighten(found, c, name)
        return found

    def _of_add(self, t: Term) -> Interval:
        total = point(0)
        for a in t.args:
            total = interval_add(total, self.interval(a))
        return total

    def _of_mul(self, t: Term) -> Interval:
        total = point(1)
        if matrices := [a for a in t.args if a.sort != SCALAR]:
            # x^T x, and x^T A x with A positive definite
            first, *middle, last = matrices
            form = last.sort.cols == 1 and closed_key(first) == closed_key(transpose(last))
            form = form and (not middle or (len(middle) == 1 and self.positive_definite(middle[0])))
            total = NONNEGATIVE if form else REAL
        for a in t.args:
            if a.sort == SCALAR:
                total = interval_mul(total, self.interval(a))
        return total

    def _of_pow(self, t: Term) -> Interval:
        return self._power(*t.args)

    def _power(self, b: Term, e: Term) -> Interval:
        inner = self.interval(b)
        if e.op != "number":
            return POSITIVE if inner.positive() else REAL
        n = e.data[0]
        if n.denominator == 1 and n % 2 == 0:
            return POSITIVE if n <= 0 or self.nonzero(b) else NONNEGATIVE
        if inner.positive():
            if n == 1:
                return inner
            if n == -1 and inner.low > 0:
                return Interval(Fraction(0), True, 1 / Fraction(inner.low), inner.low_open)
            if n > 0 and inner.high <= 1:
                return Interval(Fraction(0), True, Fraction(1), inner.high_open)
            return POSITIVE
        if n.denominator % 2 == 0 or (inner.nonnegative() and n > 0):
            return NONNEGATIVE
        if n < 0 and n.denominator == 1 and inner.nonnegative():
            return POSITIVE  # where it is defined
        return interval_neg(POSITIVE) if n < 0 and n.denominator == 1 and inner.high <= 0 else REAL

    def _of_function(self, t: Term) -> Interval:
        name, inner = t.data[0], self.interval(t.args[0])
        if name == "log" and inner.low >= 1:
            return Interval(Fraction(0), inner.low_open or inner.low > 1)
        if name == "log" and inner.high <= 1:
            return Interval(-inf, True, Fraction(0), inner.high_open or inner.high < 1)
        if name in ("sinh", "arctan", "tanh", "erf") and inner.nonnegative():
            return POSITIVE if inner.positive() else NONNEGATIVE
        if (name == "sqrt" and inner.positive()) or (name == "abs" and self.nonzero(t.args[0])):
            return POSITIVE
        return FUNCTION_INTERVALS.get(name, REAL)

    def _of_det(self, t: Term) -> Interval:
        return self._determinant(t.args[0])

    def _determinant(self, a: Term) -> Interval:
        if self.positive_definite(a):
            return POSITIVE
        if a.op == "matrix" and (expanded := small_determinant(a)) is not None:
            return self.interval(expanded)
        if a.op == "mul" and all(f.sort.rows == f.sort.cols and f.sort != SCALAR for f in a.args):
            total = point(1)
            for f in a.args:
                total = interval_mul(total, self._determinant(f))
            return total
        return POSITIVE if a.op in ("transpose", "inverse") and self._determinant(a.args[0]).positive() else REAL

    def _of_trace(self, t: Term) -> Interval:
        return POSITIVE if self.positive_definite(t.args[0]) else REAL

    def _of_call(self, t: Term) -> Interval:
        f = self.hypotheses.functions.get(t.data[0])
        return self.domain_interval(f.values) if f else REAL

    def _of_entry(self, t: Term) -> Interval:
        a, *indices = t.args
        if len(indices) == 1 and self.positive_entries(a):
            return POSITIVE
        if self._domain_of(a) == "positive_definite" and len(set(indices)) == 1 and len(indices) == 2:
            return POSITIVE
        return CLOSED_UNIT if self._domain_of(a) == "simplex" and not self.moving(a) else REAL

    def _of_expectation(self, t: Term) -> Interval:
        return self.under(t, 1).interval(t.args[1])

    def _of_integral(self, t: Term) -> Interval:
        return self._kept(self.under(t, 0).interval(t.args[0])) if len(t.args) == 1 else REAL

    def _of_product(self, t: Term) -> Interval:
        return self._kept(self.under(t, 0).interval(t.args[0]))

    def _of_sum(self, t: Term) -> Interval:
        kept = self._kept(self.under(t, 0).interval(t.args[0]))
        some = kept.positive() and self.at_least(t.args[2], t.args[1])
        return kept if some else NONNEGATIVE if kept.nonnegative() else REAL

    @staticmethod
    def _kept(inner: Interval) -> Interval:
        """What is left of an interval by adding or multiplying."""
        return POSITIVE if inner.positive() else NONNEGATIVE if inner.nonnegative() else REAL

    def _of_pdf(self, t: Term) -> Interval:
        law = t.args[0]
        if law.op == "family":
            self.used.add(f"{readable(law)} is positive wherever it is evaluated")
        if law.op in ("family", "normal", "laplace", "student_t"):
            return POSITIVE
        return POSITIVE if law.op == "with_density" and self.under(law, 0).positive(law.args[0]) else NONNEGATIVE

    # ------------------------------------------------------------------------------------------- hypotheses, quotients

    def _condition(self, kind: str, t: Term) -> bool:
        """Whether a condition of the hypotheses says it literally."""
        for c in self.hypotheses.conditions:
            if c.op != "compare" or c.args[0].sort != SCALAR or free(c) & self.hidden:
                continue
            (rel,), (a, b) = c.data, c.args
            if rel in ("<", "<="):
                rel, a, b = {"<": ">", "<=": ">="}[rel], b, a
            if rel == ">=" and self.moving(c):
                continue  # it may fail close by
            gap = add(a, mul(number(-1), b))
            if kind in SAYS.get(rel, ()) and (_same(t, gap) or (kind == "nonzero" and _same(t, mul(number(-1), gap)))):
                return True
        return False

    def _rational(self, t: Term, kind: str) -> bool:
        """The sign of a quotient from the signs of the monomials of its numerator and its denominator."""
        if t.op not in ("add", "mul", "pow") or self._depth > 8:
            return False
        self._depth += 1
        try:
            algebra = Algebra(self)
            top, bottom = (self._poly_interval(algebra, p) for p in algebra.scalar(t))
        except AlgebraError:
            return False
        finally:
            self._depth -= 1
        if kind == "nonzero":
            return top.excludes_zero()
        good = Interval.positive if kind == "positive" else Interval.nonnegative
        return (good(top) and bottom.positive()) or (good(interval_neg(top)) and interval_neg(bottom).positive())

    def _poly_interval(self, algebra: Algebra, p: Poly) -> Interval:
        total = point(0)
        for monomial, c in p.items():
            product = point(c)
            for i, e in monomial:
                a = algebra.atoms[i]
                word = NONNEGATIVE if e % 2 == 0 else REAL
                product = interval_mul(product, self._power(a, number(e)) if isinstance(a, Term) else word)
            total = interval_add(total, product)
        return total


def small_determinant(a: Term) -> Term | None:
    """The determinant of a literal matrix: of a triangular one, or of a 2 x 2 one, multiplied out."""
    n = a.sort.rows
    if not isinstance(n, int) or n != a.sort.cols:
        return None
    at = [[a.args[r * n + c] for c in range(n)] for r in range(n)]
    filled = [(r, c) for r in range(n) for c in range(n) if not (at[r][c].op == "number" and at[r][c].data[0] == 0)]
    if all(r <= c for r, c in filled) or all(r >= c for r, c in filled):
        return mul(*(at[k][k] for k in range(n)))
    return add(mul(at[0][0], at[1][1]), mul(number(-1), at[0][1], at[1][0])) if n == 2 else None


class _Nothing:
    """No hypotheses at all: for comparing two terms without divisions."""

    def nonzero(self, t: Term) -> bool:
        return False

    invertible = symmetric = nonzero


def _same(a: Term, b: Term) -> bool:
    try:
        return Algebra(_Nothing()).equal(a, b)
    except AlgebraError:
        return False
