"""What a rule may ask before it applies, and how the hypotheses answer.

The list of conditions is closed (``CONDITIONS``).  Each is discharged from the hypotheses by a small syntactic check
that may fail to see a truth but never sees a falsehood: interval arithmetic for signs (Moore, *Interval Analysis*),
closure properties for matrices (Horn and Johnson, *Matrix Analysis*, 7.1).  Those in ``ASSUMABLE`` are regularity;
where they are not discharged they are written down, in words, and shown to the reader.  The positivity of an unknown
density is one of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import NamedTuple

from proofs.binding import base, closed_key, free, key_under, sort_of
from proofs.field import Algebra, AlgebraError, Poly
from proofs.records import Domain, Hypotheses
from proofs.terms import SCALAR, Term, add, bound_in, mul, number, symbol, transpose, walk

ASSUMABLE = frozenset({"integrable", "dominated", "differentiable", "support"})
DECIDED = frozenset(
    "positive nonnegative nonzero integer binary invertible symmetric positive_definite free_of same_space over "
    "continuous discrete distinct bijection convex at_least scalar_valued "
    "square_matrix".split()
)
CONDITIONS = ASSUMABLE | DECIDED
ROUGH = frozenset({"floor", "sign", "relu", "abs"})


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


class Fact(NamedTuple):
    """A condition that holds wherever both sides are defined, for all values of its bound names."""

    kind: str
    key: object


class Context:
    """The hypotheses as they are known at one place of a term: under a binder its variable means something else."""

    def __init__(self, hypotheses: Hypotheses, facts: Iterable[Fact] = ()):
        self.hypotheses = hypotheses
        self.facts = frozenset(facts)
        self.local: dict[str, tuple[str, Interval]] = {}
        self.hidden: frozenset[str] = frozenset()
        self.used: set[str] = set()
        self._depth = 0

    # ------------------------------------------------------------------------------------------- going down

    def under(self, node: Term, position: int) -> Context:
        """The context inside an argument: bound names lose what was known of them, and get what the binder says."""
        names = bound_in(node, position)
        if node.op == "derivative":
            child = self._copy()
            child.hidden = self.hidden | {"=" + n for n in node.data}
            return child
        if not names:
            return self
        child = self._copy()
        child.hidden = self.hidden | set(names)
        for n in names:
            child.local[n] = self._binder_fact(node, n)
        return child

    def _copy(self) -> Context:
        child = Context(self.hypotheses, self.facts)
        child.local, child.hidden, child.used = dict(self.local), self.hidden, self.used
        return child

    def _binder_fact(self, node: Term, name: str) -> tuple[str, Interval]:
        if node.op in ("sum", "product"):
            low, high = self.interval(node.args[1]), self.interval(node.args[2])
            return "integer", Interval(low.low, low.low_open, high.high, high.high_open)
        if node.op == "integral":
            if len(node.args) == 3:
                low, high = self.interval(node.args[1]), self.interval(node.args[2])
                return "real", Interval(low.low, low.low_open, high.high, high.high_open)
            values = self._space_values(name)
            return (values.kind, self._domain_interval(values)) if values else ("real", REAL)
        if node.op in ("expectation", "variance", "covariance", "probability"):
            law = node.args[0]
            if law.op == "bernoulli":
                return "binary", CLOSED_UNIT
            if law.op == "poisson":
                return "natural", NONNEGATIVE
            if law.op in ("exponential", "gamma"):
                return "positive", POSITIVE
            if law.op == "beta":
                return "unit", UNIT
            if law.op == "uniform":
                low, high = (self.interval(a) for a in law.args)
                return "real", Interval(low.low, True, high.high, True)  # the ends have probability 0
            if law.op == "family":
                values = self._space_values(law.data[1][0])
                return (values.kind, self._domain_interval(values)) if values else ("real", REAL)
        return "real", REAL

    def _space_values(self, name: str) -> Domain | None:
        space = self.hypotheses.spaces.get(self.space(name) or "")
        return space.values if space else None

    def space(self, name: str) -> str | None:
        """The space that a variable of this name lives in."""
        h = self.hypotheses
        for n in (name, base(name)):
            if n in h.space_of:
                return h.space_of[n]
            if n in h.spaces:
                return n
        return None

    # ------------------------------------------------------------------------------------------- asking

    def holds(self, kind: str, *arguments) -> bool:
        """Whether a condition is discharged; what it took for granted is added to ``used``."""
        before = set(self.used)
        answer = bool(getattr(self, kind)(*arguments))
        if not answer:
            self.used.clear()
            self.used.update(before)
        return answer

    def _fact(self, kind: str, t: Term) -> bool:
        return bool(self.facts) and Fact(kind, key_under(t, self.hidden)) in self.facts

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
                "pi": Interval(Fraction(3), True, Fraction(4), True), "e": Interval(Fraction(2), True, Fraction(3), True),
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
            return self._domain_interval(f.values) if f else REAL
        if op == "entry" and t.args[0].op == "symbol" and t.args[0].data[0] not in self.hidden:
            kind = self.hypotheses.domain(t.args[0].data[0]).kind
            if kind == "positive_definite" and len(t.args) == 3 and t.args[1] == t.args[2]:
                return POSITIVE
            if kind in ("positive_vector", "simplex"):
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
        found = self._domain_interval(self.hypotheses.domain(name))
        for c in self.hypotheses.conditions:
            if c.op == "compare" and not free(c) & self.hidden:
                found = _tighten(found, c, name)
        return found

    @staticmethod
    def _domain_interval(d: Domain) -> Interval:
        if d.sort != SCALAR:
            return REAL
        if d.kind == "interval":
            return Interval(d.lower, False, d.upper, False)
        return KIND_INTERVALS.get(d.kind, REAL)

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

    # ------------------------------------------------------------------------------------------- the others

    def scalar_valued(self, t: Term) -> bool:
        return t.sort == SCALAR

    def square_matrix(self, t: Term) -> bool:
        return t.sort.kind == "matrix" and t.sort.rows == t.sort.cols

    def integer(self, t: Term) -> bool:
        if t.op == "number":
            return t.data[0].denominator == 1
        if t.op == "symbol":
            n = t.data[0]
            if n in self.local:
                return self.local[n][0] in ("integer", "binary", "natural")
            kinds = ("integer", "natural", "binary", "dimension", "index")
            return n not in self.hidden and self.hypotheses.domain(n).kind in kinds
        return t.op in ("add", "mul") and all(self.integer(a) for a in t.args)

    def binary(self, t: Term) -> bool:
        """Whether it is 0 or 1."""
        if t.op == "symbol":
            n = t.data[0]
            return (
                self.local[n][0] == "binary"
                if n in self.local
                else (n not in self.hidden and self.hypotheses.domain(n).kind == "binary")
            )
        if t.op == "entry" and t.args[0].op == "symbol":
            return t.args[0].data[0] not in self.hidden and self._domain_of(t.args[0]) == "binary"
        return t.op == "indicator" or (t.op == "number" and t.data[0] in (0, 1))

    def free_of(self, variable: Term, t: Term) -> bool:
        """Whether t does not depend on the variable, also not through a declared law or an equation between them."""
        names = set(free(t))
        pending, seen = [t], set()
        while pending:
            for letter in {n.data[0] for n in walk(pending.pop()) if n.op == "family"} - seen:
                seen.add(letter)
                declared = self.hypotheses.families.get(letter)
                for (outcomes, givens), law in declared.laws.items() if declared else ():
                    names |= free(law) - set(outcomes) - set(givens)
                    pending.append(law)
        grew = True
        while grew and variable.data[0] not in names:
            size = len(names)
            for c in self.hypotheses.conditions:
                if c.op == "compare" and c.data == ("=",) and free(c) & names:
                    names |= free(c)
            grew = len(names) > size
        return variable.data[0] not in names

    def same_space(self, x: Term, y: Term) -> bool:
        return (
            x.sort == y.sort and self.space(x.data[0]) is not None and (self.space(x.data[0]) == self.space(y.data[0]))
        )

    def over(self, variable: Term, law: Term) -> bool:
        """Whether an integral over the variable runs over everything that the law gives weight to."""
        space = self.space(variable.data[0])
        if law.op == "family":
            return len(law.data[1]) == 1 and space == law.data[1][0]
        if law.op == "with_density":
            return space is not None and space == self.space(law.data[0])
        record = self.hypotheses.spaces.get(space or "")
        plain = record is None or (not record.discrete and (record.values is None or record.values.kind == "real"))
        return law.op in ("normal", "laplace", "student_t") and plain and variable.sort == law.args[0].sort

    def discrete(self, variable: Term) -> bool:
        record = self.hypotheses.spaces.get(self.space(variable.data[0]) or "")
        return record is not None and record.discrete

    def continuous(self, variable: Term) -> bool:
        return not self.discrete(variable)

    def distinct(self, x: Term, y: Term) -> bool:
        return x.data[0] != y.data[0]

    def bijection(self, name: str) -> bool:
        f = self.hypotheses.functions.get(name)
        return f is not None and f.bijection

    def convex(self, name: str) -> bool:
        f = self.hypotheses.functions.get(name)
        return f is not None and f.convex

    # ------------------------------------------------------------------------------------------- regularity

    def dominated(self, variable: Term, t: Term) -> bool:
        return self._regular(variable, t, "the derivative by {} may pass under the integral of {}")

    def differentiable(self, variable: Term, t: Term) -> bool:
        if variable.data[0] not in free(t) or _elementary(t):
            return True
        return self._regular(variable, t, "differentiable in {}: {}")

    def _regular(self, variable: Term, t: Term, words: str) -> bool:
        """Assumed in words, but refused where the variable moves a jump, a kink or the edge of a support."""
        name = variable.data[0]
        for node in walk(t):
            rough = node.op in ("indicator", "cases") or (node.op == "function" and node.data[0] in ROUGH)
            edge = node.op in ("uniform", "uniform_choice", "probability")
            unknown = (
                node.op in ("call", "call_inverse")
                and node.data[0] in self.hypotheses.functions
                and (not self.hypotheses.functions[node.data[0]].smooth)
            )
            if (rough or edge or unknown) and name in free(node):
                return False
        self.used.add(words.format(base(name), readable(t)))
        return True

    def integrable(self, variable: Term, t: Term, law: Term | None = None) -> bool:
        """Assumed in words, but known for constants, densities, and polynomials under a normal law."""
        if variable.data[0] not in free(t) or (t.op == "pdf" and variable in t.args[1:]):
            return True
        if law is not None and law.op == "normal" and _polynomial(t, variable.data[0]):
            return True
        self.used.add(f"integrable: {readable(t)}")
        return True

    def support(self, law: Term) -> bool:
        if law.op == "normal":
            return True
        self.used.add(f"{law_name(law)} is positive wherever it is evaluated")
        return law.op in ("family", "with_density", "laplace", "student_t")


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


def _elementary(t: Term) -> bool:
    smooth = ("exp", "sin", "cos", "sinh", "cosh", "tanh", "arctan", "sigmoid", "softplus", "erf", "normal_cdf")
    return all(
        n.op in ("number", "constant", "symbol", "add", "mul")
        or (n.op == "function" and n.data[0] in smooth)
        or (n.op == "pow" and n.args[1].op == "number" and n.args[1].data[0].denominator == 1)
        for n in walk(t)
    )


def _polynomial(t: Term, name: str) -> bool:
    """Whether a term is a polynomial in a variable (in its entries, where it is a vector)."""
    if name not in free(t) or t.op == "symbol":
        return True
    if t.op == "pow":
        e = t.args[1]
        return e.op == "number" and e.data[0].denominator == 1 and e.data[0] >= 0 and _polynomial(t.args[0], name)
    return t.op in ("add", "mul", "transpose", "trace", "entry", "hadamard", "diag", "sum") and all(
        _polynomial(a, name) for a in t.args
    )


def _plain(t: Term, name: str) -> bool:
    """f(x, parameters) as a function of x alone."""
    return t.args[0].op == "symbol" and t.args[0].data[0] == name and all(name not in free(a) for a in t.args[1:])


def _tighten(found: Interval, c: Term, name: str) -> Interval:
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


def readable(t: Term) -> str:
    """The term as text with the names that a reader knows; its operator where there is no printer."""
    try:
        from proofs.certificate import for_people
        from proofs.printing import text

        return text(for_people(t))
    except Exception:  # a step text must never stop a proof
        return t.op


def law_name(law: Term) -> str:
    return readable(law)


def obligations(t: Term) -> list[tuple[str, Term]]:
    """What must hold for the topmost operator of a term to give a value: (condition, term)."""
    op = t.op
    if op == "pow" and t.sort == SCALAR:
        b, e = t.args
        if e.op == "number" and e.data[0].denominator == 1:
            return [("nonzero", b)] if e.data[0] < 0 else []
        return [("nonnegative" if e.op == "number" and e.data[0] > 0 else "positive", b)]
    if op == "function" and t.data[0] in ("log", "log_gamma", "digamma", "gamma_function", "sqrt", "logit"):
        if t.sort != SCALAR:
            return [("positive_entries", t.args[0])]
        if t.data[0] == "logit":
            return [("positive", t.args[0]), ("positive", add(number(1), mul(number(-1), t.args[0])))]
        return [("nonnegative" if t.data[0] == "sqrt" else "positive", t.args[0])]
    if op == "inverse":
        return [("invertible", t.args[0])]
    if op == "normal":
        return [("positive_definite", t.args[1])]
    if op in ("exponential", "poisson", "gamma", "beta", "student_t"):
        return [("positive", a) for a in t.args]
    if op == "laplace":
        return [("positive", t.args[1])]
    if op == "uniform":
        return [("positive", add(t.args[1], mul(number(-1), t.args[0])))]
    if op == "bernoulli":
        return [("nonnegative", t.args[0]), ("nonnegative", add(number(1), mul(number(-1), t.args[0])))]
    return []


def variable(name: str, t: Term) -> Term:
    """The symbol with which a name occurs in a term."""
    return symbol(name, sort_of(t, name) or SCALAR)
