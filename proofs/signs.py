"""Signs of scalars, and positive definite, symmetric and invertible matrices, from the hypotheses.

A small syntactic check that may fail to see a truth but never sees a falsehood: interval arithmetic, and closure
properties of matrices (Horn and Johnson, *Matrix Analysis*, 7.1).
"""

from __future__ import annotations

from fractions import Fraction

from proofs.binding import closed_key, free
from proofs.field import Algebra, AlgebraError, Poly
from proofs.intervals import (
    CLOSED_UNIT,
    FUNCTION_INTERVALS,
    KIND_INTERVALS,
    NONNEGATIVE,
    POSITIVE,
    REAL,
    UNIT,
    Interval,
    interval_add,
    interval_mul,
    interval_neg,
    tighten,
)
from proofs.knowledge import Knowledge, law_name
from proofs.terms import SCALAR, Term, add, mul, number, transpose


class Signs(Knowledge):
    def positive(self, t: Term) -> bool:
        if t.sort != SCALAR:
            return False
        return self.interval(t).positive() or self._fact("positive", t) or self._rational(t, "positive")

    def nonnegative(self, t: Term) -> bool:
        if t.sort != SCALAR:
            return False
        return self.interval(t).nonnegative() or self._fact("nonnegative", t) or self._rational(t, "nonnegative")

    def nonzero(self, t: Term) -> bool:
        if t.sort != SCALAR:
            return False
        if self.interval(t).excludes_zero() or self._fact("nonzero", t) or self._fact("positive", t):
            return True
        if t.op == "symbol" and t.sort == SCALAR:
            if t.data[0] not in self.hidden and self.hypotheses.domain(t.data[0]).kind == "nonzero":
                return True
            return self._condition("nonzero", t)
        if t.op == "mul" and all(a.sort == SCALAR for a in t.args):
            return all(self.nonzero(a) for a in t.args)
        if t.op == "pow":
            return self.nonzero(t.args[0])
        if t.op == "det":
            return self.invertible(t.args[0])
        if t.op in ("derivative", "at"):
            return self._jacobian(t)
        if t.op == "function" and t.data[0] == "abs":
            return self.nonzero(t.args[0])
        if t.op == "call" and (f := self.hypotheses.functions.get(t.data[0])) and f.values.kind == "nonzero":
            return True
        return self._condition("nonzero", t) or self._rational(t, "nonzero")

    def at_least(self, t: Term, bound: Term) -> bool:
        return self.nonnegative(add(t, mul(number(-1), bound)))

    # ------------------------------------------------------------------------------------------- signs

    def interval(self, t: Term) -> Interval:
        """An interval that holds the value of a scalar wherever it is defined."""
        if self._depth > 60 or t.sort != SCALAR:
            return REAL
        self._depth += 1
        try:
            found = self._interval(t)
        finally:
            self._depth -= 1
        if not found.positive() and self._fact("positive", t):
            return Interval(Fraction(0), True, found.high, found.high_open)
        return found

    def _interval(self, t: Term) -> Interval:
        op = t.op
        if op == "number":
            return Interval(t.data[0], False, t.data[0], False)
        if op == "constant":
            return {
                "pi": Interval(Fraction(3), True, Fraction(4), True),
                "e": Interval(Fraction(2), True, Fraction(3), True),
                "euler_gamma": UNIT,
            }.get(t.data[0], REAL)  # fmt: skip
        if op == "symbol":
            return self._symbol_interval(t.data[0])
        if op == "add":
            total = Interval(Fraction(0), False, Fraction(0), False)
            for a in t.args:
                total = interval_add(total, self.interval(a))
            return total
        if op == "mul":
            return self._product_interval(t)
        if op == "pow":
            return self._power_interval(*t.args)
        if op == "function" and t.data[0] == "abs" and self.nonzero(t.args[0]):
            return POSITIVE
        if op == "function":
            return self._function_interval(t.data[0], self.interval(t.args[0]))
        if op in ("norm", "variance"):
            return NONNEGATIVE
        if op == "indicator" or op == "probability":
            return CLOSED_UNIT
        if op == "det":
            return self._determinant_interval(t.args[0])
        if op == "trace":
            return POSITIVE if self.positive_definite(t.args[0]) else REAL
        if op == "pdf":
            return self._density_interval(t)
        if op == "call":
            f = self.hypotheses.functions.get(t.data[0])
            return self.domain_interval(f.values) if f else REAL
        if op == "entry" and len(t.args) == 2 and t.args[0].op != "symbol" and self._positive_entries(t.args[0]):
            return POSITIVE
        if op == "entry" and t.args[0].op == "symbol" and t.args[0].data[0] not in self.hidden:
            kind = self.hypotheses.domain(t.args[0].data[0]).kind
            if kind == "positive_definite" and len(t.args) == 3 and t.args[1] == t.args[2]:
                return POSITIVE
            if kind == "positive_vector" or (kind == "simplex" and not self.moving(t.args[0])):
                return KIND_INTERVALS[kind]
            return REAL
        if op == "expectation":
            return self.under(t, 1).interval(t.args[1])
        if op == "integral" and len(t.args) == 1:
            inner = self.under(t, 0).interval(t.args[0])
            return POSITIVE if inner.positive() else NONNEGATIVE if inner.nonnegative() else REAL
        if op in ("sum", "product"):
            inner = self.under(t, 0).interval(t.args[0])
            if op == "product":
                return POSITIVE if inner.positive() else NONNEGATIVE if inner.nonnegative() else REAL
            some = inner.positive() and self.nonnegative(add(t.args[2], mul(number(-1), t.args[1])))
            return POSITIVE if some else NONNEGATIVE if inner.nonnegative() else REAL
        return REAL

    def _determinant_interval(self, a: Term) -> Interval:
        if self.positive_definite(a):
            return POSITIVE
        if a.op == "matrix":
            expanded = small_determinant(a)
            return self.interval(expanded) if expanded is not None else REAL
        if a.op == "mul" and all(f.sort.rows == f.sort.cols and f.sort != SCALAR for f in a.args):
            total = Interval(Fraction(1), False, Fraction(1), False)
            for f in a.args:
                total = interval_mul(total, self._determinant_interval(f))
            return total
        if a.op in ("transpose", "inverse") and self._determinant_interval(a.args[0]).positive():
            return POSITIVE
        return REAL

    def _symbol_interval(self, name: str) -> Interval:
        if name in self.local:
            return self.local[name][1]
        if name in self.hidden:
            return REAL
        found = self.domain_interval(self.hypotheses.domain(name))
        for c in self.hypotheses.conditions:
            if c.op == "compare" and not free(c) & self.hidden:
                found = tighten(found, c, name)
        return found

    def _product_interval(self, t: Term) -> Interval:
        if any(a.sort != SCALAR for a in t.args):
            matrices = [a for a in t.args if a.sort != SCALAR]
            scalars = [a for a in t.args if a.sort == SCALAR]
            total = self._form_interval(matrices)
        else:
            scalars, total = list(t.args), Interval(Fraction(1), False, Fraction(1), False)
        for a in scalars:
            total = interval_mul(total, self.interval(a))
        return total

    def _form_interval(self, factors: list[Term]) -> Interval:
        """x^T x and x^T A x with A positive definite are nonnegative."""
        x = factors[-1]
        if x.sort.cols != 1 or closed_key(factors[0]) not in (closed_key(transpose(x)),):
            return REAL
        middle = factors[1:-1]
        return NONNEGATIVE if not middle or (len(middle) == 1 and self.positive_definite(middle[0])) else REAL

    def _power_interval(self, b: Term, e: Term) -> Interval:
        inner = self.interval(b)
        if e.op == "number":
            n = e.data[0]
            if n.denominator == 1 and n % 2 == 0:
                return POSITIVE if n <= 0 or self.nonzero(b) else NONNEGATIVE
            if inner.positive():
                if n == 1:
                    return inner
                if n == -1 and inner.low and inner.low > 0:
                    return Interval(Fraction(0), True, 1 / inner.low, inner.low_open)
                if n > 0 and inner.high is not None and inner.high <= 1:
                    return UNIT if inner.high_open else Interval(Fraction(0), True, Fraction(1), False)
                return POSITIVE
            if n.denominator % 2 == 0 or (inner.nonnegative() and n > 0):
                return NONNEGATIVE
            if n < 0 and n.denominator == 1 and inner.nonnegative():
                return POSITIVE  # where it is defined
            if n < 0 and n.denominator == 1 and inner.high is not None and inner.high <= 0:
                return interval_neg(POSITIVE)
            return REAL
        return POSITIVE if inner.positive() else REAL

    @staticmethod
    def _function_interval(name: str, inner: Interval) -> Interval:
        if name == "log":
            if inner.low is not None and inner.low >= 1:
                return Interval(Fraction(0), inner.low_open or inner.low > 1)
            if inner.high is not None and inner.high <= 1:
                return Interval(None, True, Fraction(0), inner.high_open or inner.high < 1)
            return REAL
        if name in ("sinh", "arctan", "tanh", "erf") and inner.nonnegative():
            return POSITIVE if inner.positive() else NONNEGATIVE
        if name == "sqrt" and inner.positive():
            return POSITIVE
        if name == "abs" and inner.excludes_zero():
            return POSITIVE
        return FUNCTION_INTERVALS.get(name, REAL)

    def _density_interval(self, t: Term) -> Interval:
        law = t.args[0]
        if law.op == "family":
            self.used.add(f"{law_name(law)} is positive wherever it is evaluated")
            return POSITIVE
        if law.op in ("normal", "laplace", "student_t"):
            return POSITIVE
        if law.op == "with_density":
            inner = self.under(law, 0).interval(law.args[0])
            return POSITIVE if inner.positive() else NONNEGATIVE
        return NONNEGATIVE

    def _condition(self, kind: str, t: Term) -> bool:
        """Whether a condition of the hypotheses says it literally."""
        for c in self.hypotheses.conditions:
            if c.op != "compare" or c.args[0].sort != SCALAR or free(c) & self.hidden:
                continue
            (rel,), (a, b) = c.data, c.args
            if rel in ("<", "<="):
                rel, a, b = {"<": ">", "<=": ">="}[rel], b, a
            gap = add(a, mul(number(-1), b))
            says = {">": {"positive", "nonnegative", "nonzero"}, ">=": {"nonnegative"}, "!=": {"nonzero"}}.get(rel, ())
            if rel == ">=" and self.moving(c):
                continue  # it may fail close by
            if kind in says and _same(t, gap):
                return True
            if kind == "nonzero" and rel in (">", "!=") and _same(t, mul(number(-1), gap)):
                return True
        return False

    def _rational(self, t: Term, kind: str) -> bool:
        """The sign of a quotient from the signs of the monomials of its numerator and its denominator."""
        if self._condition(kind, t):
            return True
        if t.op not in ("add", "mul", "pow") or self._depth > 8:
            return False
        self._depth += 1
        try:
            algebra = Algebra(self)
            num, den = algebra.scalar(t)
            top, bottom = (self._poly_interval(algebra, p) for p in (num, den))
        except AlgebraError:
            return False
        finally:
            self._depth -= 1
        if kind == "nonzero":
            return top.excludes_zero()
        good = Interval.positive if kind == "positive" else Interval.nonnegative
        return (good(top) and bottom.positive()) or (good(interval_neg(top)) and interval_neg(bottom).positive())

    def _poly_interval(self, algebra: Algebra, p: Poly) -> Interval:
        total = Interval(Fraction(0), False, Fraction(0), False)
        for monomial, c in p.items():
            product = Interval(c, False, c, False)
            for i, e in monomial:
                a = algebra.atoms[i]
                inner = (
                    self._power_interval(a, number(e)) if isinstance(a, Term) else (NONNEGATIVE if e % 2 == 0 else REAL)
                )
                product = interval_mul(product, inner)
            total = interval_add(total, product)
        return total

    # ------------------------------------------------------------------------------------------- matrices

    def _domain_of(self, t: Term) -> str:
        if t.op == "symbol":
            return "real" if t.data[0] in self.hidden else self.hypotheses.domain(t.data[0]).kind
        if t.op == "call" and t.data[0] in self.hypotheses.functions:
            return self.hypotheses.functions[t.data[0]].values.kind
        return "real"

    def symmetric(self, t: Term) -> bool:
        if t.sort == SCALAR or t.op in ("identity", "diag"):
            return True
        if self._domain_of(t) in ("symmetric", "positive_definite", "positive_diagonal"):
            return True
        if t.op in ("transpose", "inverse"):
            return self.symmetric(t.args[0])
        if t.op == "add":
            return all(self.symmetric(a) for a in t.args)
        if t.op == "zeros":
            return t.sort.rows == t.sort.cols
        if t.op == "mul" and sum(a.sort != SCALAR for a in t.args) == 1:
            return all(self.symmetric(a) for a in t.args)
        return self._fact("positive_definite", t)

    def positive_entries(self, v: Term) -> bool:
        return self._positive_entries(v)

    def positive_definite(self, t: Term) -> bool:
        if t.sort == SCALAR:
            return self.positive(t)
        if t.op == "identity" or self._domain_of(t) in ("positive_definite", "positive_diagonal"):
            return True
        if t.op in ("transpose", "inverse"):
            return self.positive_definite(t.args[0])
        if t.op == "add":
            return all(self.positive_definite(a) for a in t.args)
        if t.op == "mul":
            scalars = [a for a in t.args if a.sort == SCALAR]
            matrices = [a for a in t.args if a.sort != SCALAR]
            if not all(self.positive(a) for a in scalars):
                return False
            # B A B^T with B invertible
            while len(matrices) > 1 and self._mirrored(matrices[0], matrices[-1]) and self.invertible(matrices[0]):
                matrices = matrices[1:-1]
            return not matrices or (len(matrices) == 1 and self.positive_definite(matrices[0]))
        if t.op == "diag":
            return self._positive_entries(t.args[0])
        return self._fact("positive_definite", t)

    def _mirrored(self, a: Term, b: Term) -> bool:
        same = closed_key(a) == closed_key(b) and a.sort.rows == a.sort.cols and self.symmetric(a)
        return same or closed_key(b) == closed_key(transpose(a)) or closed_key(a) == closed_key(transpose(b))

    def _positive_entries(self, v: Term) -> bool:
        if v.op in ("function", "pow", "hadamard"):
            if v.op == "function":
                return FUNCTION_INTERVALS.get(v.data[0], REAL).positive()
            if v.op == "pow" and not (v.args[1].op == "number" and v.args[1].data[0] % 2 == 0):
                return self._positive_entries(v.args[0])
            return all(self._positive_entries(a) for a in (v.args if v.op == "hadamard" else v.args[:1]))
        return v.op == "ones" or self._domain_of(v) == "positive_vector" or self._fact("positive_entries", v)

    def invertible(self, t: Term) -> bool:
        if t.sort == SCALAR:
            return self.nonzero(t)
        if self._domain_of(t) in ("invertible", "orthogonal") or self.positive_definite(t):
            return True
        if t.op in ("transpose", "inverse"):
            return t.op == "inverse" or self.invertible(t.args[0])
        if t.op == "mul":
            return all(self.invertible(a) if a.sort.rows == a.sort.cols else False for a in t.args)
        return self._jacobian(t) or self._fact("invertible", t)

    def _jacobian(self, t: Term) -> bool:
        """The derivative of a diffeomorphism by its argument is invertible everywhere."""
        if t.op == "at":
            return self.under(t, 0)._jacobian(t.args[0])
        if t.op != "derivative" or len(t.data) != 1 or t.args[0].op not in ("call", "call_inverse"):
            return False
        return self.bijection(t.args[0].data[0]) and _plain(t.args[0], t.data[0])

    def bijection(self, name: str) -> bool:
        f = self.hypotheses.functions.get(name)
        return f is not None and f.bijection and f.values.kind == "real"


def small_determinant(a: Term) -> Term | None:
    """The determinant of a literal matrix: of a triangular one, or of a 2 x 2 one, multiplied out."""
    n = a.sort.rows
    if not isinstance(n, int) or n != a.sort.cols:
        return None
    at = [[a.args[r * n + c] for c in range(n)] for r in range(n)]
    zero = [[e.op == "number" and e.data[0] == 0 for e in row] for row in at]
    if all(zero[r][c] for r in range(n) for c in range(r)) or all(
        zero[r][c] for r in range(n) for c in range(r + 1, n)
    ):
        return mul(*(at[k][k] for k in range(n)))
    if n == 2:
        return add(mul(at[0][0], at[1][1]), mul(number(-1), at[0][1], at[1][0]))
    return None


def _plain(t: Term, name: str) -> bool:
    """f(x, parameters) as a function of x alone."""
    return t.args[0].op == "symbol" and t.args[0].data[0] == name and all(name not in free(a) for a in t.args[1:])


class _Nothing:
    """No hypotheses at all: for comparing two terms without divisions."""

    def nonzero(self, t: Term) -> bool:
        return False

    def invertible(self, t: Term) -> bool:
        return False

    def symmetric(self, t: Term) -> bool:
        return False


def _same(a: Term, b: Term) -> bool:
    try:
        return Algebra(_Nothing()).equal(a, b)
    except AlgebraError:
        return False
