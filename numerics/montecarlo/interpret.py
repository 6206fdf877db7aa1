"""One reading of terms over any scalar arithmetic: exact polynomials, bounds, values with rounding errors.

An `Algebra` says what its scalars do; `interpret` does the rest (matrices are lists of rows of scalars).  The terms are
unfolded (`densities.unfold`), so densities do not occur.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, Protocol

from numerics.montecarlo.errors import CannotLower
from numerics.montecarlo.literals import rational, series_terms, whole
from proofs.terms import SCALAR, Term

Scalar = Any
Matrix = list[list[Any]]
_LARGEST_INVERSE = 6


class NotCovered(Exception):
    """This arithmetic has no value for the term: no certificate, and nothing else follows."""


class Algebra(Protocol):
    def number(self, value: Fraction) -> Scalar: ...
    def constant(self, name: str) -> Scalar: ...
    def add(self, a: Scalar, b: Scalar) -> Scalar: ...
    def mul(self, a: Scalar, b: Scalar) -> Scalar: ...
    def power(self, a: Scalar, exponent: Fraction) -> Scalar: ...
    def function(self, name: str, a: Scalar) -> Scalar: ...
    def compare(self, rel: str, a: Scalar, b: Scalar) -> Any: ...
    def indicator(self, truth: Any) -> Scalar: ...
    def choose(self, branches: Sequence[tuple[Scalar, Any]], otherwise: Scalar | None) -> Scalar: ...
    def union(self, values: Sequence[Scalar]) -> Scalar: ...


class Interpreter:
    """Values of terms under ``env``: scalars of the algebra, or matrices of them.  Raises NotCovered."""

    def __init__(self, algebra: Any, env: Mapping[str, Any]):
        self.algebra = algebra
        self.env = dict(env)
        self.memo: dict[Term, Any] = {}

    def scalar(self, t: Term) -> Scalar:
        found = self.memo.get(t)
        if found is None:
            found = self.memo[t] = self._scalar(t)
        return found

    def matrix(self, t: Term) -> Matrix:
        if t.sort == SCALAR:
            return [[self.scalar(t)]]
        found = self.memo.get(t)
        if found is None:
            found = self.memo[t] = self._matrix(t)
        return found

    def entries(self, t: Term) -> list[Scalar]:
        return [x for row in self.matrix(t) for x in row]

    # ------------------------------------------------------------------------------------------ scalars

    def _scalar(self, t: Term) -> Scalar:
        g, op, a = self.algebra, t.op, t.args
        if op == "number":
            return g.number(t.data[0])
        if op == "constant":
            return g.constant(t.data[0])
        if op == "symbol":
            if t.data[0] not in self.env:
                raise NotCovered(f"{t.data[0]} has no value here")
            value = self.env[t.data[0]]
            return value[0][0] if isinstance(value, list) else value
        if op == "add" or op == "sum":
            return self._fold(g.add, [self.scalar(x) for x in (a if op == "add" else _written_out(t))])
        if op in ("mul", "hadamard", "product"):
            args = _written_out(t) if op == "product" else a
            if all(x.sort == SCALAR for x in args):
                return self._fold(g.mul, [self.scalar(x) for x in args])
            return self._product(args)[0][0]
        if op == "pow":
            return self._power(self.scalar(a[0]), a[1])
        if op == "function":
            return g.function(t.data[0], self.scalar(a[0]))
        if op == "trace":
            m = self.matrix(a[0])
            return self._fold(g.add, [m[i][i] for i in range(len(m))])
        if op == "det" and a[0].op == "identity":
            return g.number(Fraction(1))
        if op == "det" and a[0].op == "diag":
            return self._fold(g.mul, self.entries(a[0].args[0]))
        if op == "det":
            return self._det(self.matrix(a[0]))
        if op == "norm":
            squares = [g.mul(x, x) for x in self.entries(a[0])]
            return g.function("sqrt", self._fold(g.add, squares))
        if op == "entry":
            return self._entry(a[0], a[1:])
        if op == "indicator":
            return g.indicator(self._truth(a[0]))
        if op == "cases":
            if t.sort != SCALAR:
                raise NotCovered("cases of matrices")
            branches = [(self.scalar(a[i]), self._truth(a[i + 1])) for i in range(0, len(a) - len(a) % 2, 2)]
            return g.choose(branches, self.scalar(a[-1]) if len(a) % 2 else None)
        if op == "at":
            inner = Interpreter(g, {**self.env, t.data[0]: self._value(a[1])})
            return inner.scalar(a[0])
        if op in ("transpose", "diag", "diagonal", "inverse", "matrix"):
            return self._matrix(t)[0][0]
        raise NotCovered(f"'{op}'")

    def _value(self, t: Term) -> Any:
        return self.scalar(t) if t.sort == SCALAR else self.matrix(t)

    def _power(self, base: Scalar, exponent: Term) -> Scalar:
        value = rational(exponent)
        if value is not None:
            return self.algebra.power(base, value)
        g = self.algebra
        return g.function("exp", g.mul(self.scalar(exponent), g.function("log", base)))

    def _fold(self, join: Any, values: list[Scalar]) -> Scalar:
        result = values[0]
        for v in values[1:]:
            result = join(result, v)
        return result

    def _truth(self, t: Term) -> Any:
        g = self.algebra
        if t.op == "compare":
            if t.args[0].sort != SCALAR:
                raise NotCovered("a comparison of vectors")
            return g.compare(t.data[0], self.scalar(t.args[0]), self.scalar(t.args[1]))
        if t.op in ("and", "or", "not"):
            return g.logic(t.op, [self._truth(x) for x in t.args])
        raise NotCovered(f"'{t.op}'")

    def _entry(self, a: Term, indices: Sequence[Term]) -> Scalar:
        m = self.matrix(a)
        fixed = [whole(i) for i in indices]
        if len(fixed) == 1:
            fixed = [fixed[0], 1] if len(m[0]) == 1 else [1, fixed[0]]
        rows = range(len(m)) if fixed[0] is None else [fixed[0] - 1]
        cols = range(len(m[0])) if fixed[1] is None else [fixed[1] - 1]
        if not all(0 <= i < len(m) for i in rows) or not all(0 <= j < len(m[0]) for j in cols):
            raise NotCovered("an entry outside the matrix")
        candidates = [m[i][j] for i in rows for j in cols]
        if len(candidates) == 1:
            return candidates[0]
        if len(indices) == 1 and hasattr(self.algebra, "gather"):
            return self.algebra.gather(candidates, self.scalar(indices[0]))
        return self.algebra.union(candidates)

    # ----------------------------------------------------------------------------------------- matrices

    def _matrix(self, t: Term) -> Matrix:
        g, op, a = self.algebra, t.op, t.args
        if op == "symbol":
            if t.data[0] not in self.env:
                raise NotCovered(f"{t.data[0]} has no value here")
            return self.env[t.data[0]]
        if op in ("identity", "zeros", "ones"):
            rows, cols = (t.data[0], t.data[0]) if op == "identity" else t.data
            zero, one = g.number(Fraction(0)), g.number(Fraction(1))
            return [
                [one if op == "ones" or (op == "identity" and i == j) else zero for j in range(cols)]
                for i in range(rows)
            ]
        if op == "matrix":
            rows, cols = t.data
            return [[self.scalar(a[i * cols + j]) for j in range(cols)] for i in range(rows)]
        if op in ("add", "sum", "hadamard"):
            join = g.mul if op == "hadamard" else g.add
            args = _written_out(t) if op == "sum" else a
            parts = [self.matrix(x) for x in args]
            result = parts[0]
            for p in parts[1:]:
                result = [[join(x, y) for x, y in zip(r, s)] for r, s in zip(result, p)]
            return result
        if op == "mul":
            return self._product(a)
        if op == "transpose":
            return [list(column) for column in zip(*self.matrix(a[0]))]
        if op == "diag":
            v = self.entries(a[0])
            zero = g.number(Fraction(0))
            return [[x if i == j else zero for j in range(len(v))] for i, x in enumerate(v)]
        if op == "diagonal":
            m = self.matrix(a[0])
            return [[m[i][i]] for i in range(len(m))]
        if op == "inverse" and a[0].op == "identity":
            return self.matrix(a[0])
        if op == "inverse" and a[0].op == "diag":
            v = [g.power(x, Fraction(-1)) for x in self.entries(a[0].args[0])]
            zero = g.number(Fraction(0))
            return [[x if i == j else zero for j in range(len(v))] for i, x in enumerate(v)]
        if op == "inverse":
            return self._inverse(self.matrix(a[0]))
        if op == "function":
            return [[g.function(t.data[0], x) for x in row] for row in self.matrix(a[0])]
        if op == "pow":
            return self._matrix_power(t)
        if op == "at":
            return Interpreter(g, {**self.env, t.data[0]: self._value(a[1])}).matrix(a[0])
        raise NotCovered(f"'{op}'")

    def _matrix_power(self, t: Term) -> Matrix:
        base, exponent = t.args
        if base.sort.rows != base.sort.cols:
            return [[self._power(x, exponent) for x in row] for row in self.matrix(base)]
        n = whole(exponent)
        if n is None or n < 1:
            raise NotCovered("a power of a matrix")
        return self._product([base] * n)

    def _product(self, args: Sequence[Term]) -> Matrix:
        factor, result = None, None
        for x in args:
            if x.sort == SCALAR:
                s = self.scalar(x)
                factor = s if factor is None else self.algebra.mul(factor, s)
            else:
                m = self.matrix(x)
                result = m if result is None else self._times(result, m)
        if result is None:
            raise NotCovered("a product of numbers as a matrix")
        return result if factor is None else [[self.algebra.mul(factor, x) for x in row] for row in result]

    def _times(self, a: Matrix, b: Matrix) -> Matrix:
        g = self.algebra
        return [[self._fold(g.add, [g.mul(x, y) for x, y in zip(row, col)]) for col in zip(*b)] for row in a]

    def _det(self, m: Matrix) -> Scalar:
        """By expansion along the first row: no division, no pivots to choose."""
        g = self.algebra
        if len(m) > _LARGEST_INVERSE:
            raise NotCovered(f"a determinant of size {len(m)}")
        if len(m) == 1:
            return m[0][0]
        total = None
        for j, x in enumerate(m[0]):
            minor = [row[:j] + row[j + 1 :] for row in m[1:]]
            part = g.mul(x, self._det(minor))
            if j % 2:
                part = g.mul(g.number(Fraction(-1)), part)
            total = part if total is None else g.add(total, part)
        return total

    def _inverse(self, m: Matrix) -> Matrix:
        g, n = self.algebra, len(m)
        scale = g.power(self._det(m), Fraction(-1))
        if n == 1:
            return [[scale]]
        minus = g.mul(g.number(Fraction(-1)), scale)

        def cofactor(i: int, j: int) -> Scalar:
            return self._det([row[:j] + row[j + 1 :] for k, row in enumerate(m) if k != i])

        return [[g.mul(scale if (i + j) % 2 == 0 else minus, cofactor(j, i)) for j in range(n)] for i in range(n)]

    def cholesky(self, m: Matrix) -> Matrix:
        """The lower factor L with L L^T = m."""
        g, n = self.algebra, len(m)
        zero, minus = g.number(Fraction(0)), g.number(Fraction(-1))
        low = [[zero] * n for _ in range(n)]
        for i in range(n):
            for j in range(i + 1):
                rest = m[i][j]
                for k in range(j):
                    rest = g.add(rest, g.mul(minus, g.mul(low[i][k], low[j][k])))
                low[i][j] = g.function("sqrt", rest) if i == j else g.mul(rest, g.power(low[j][j], Fraction(-1)))
        return low


def _written_out(t: Term) -> list[Term]:
    try:
        return series_terms(t)
    except CannotLower as error:
        raise NotCovered(str(error)) from error
