"""The part of evaluation that binds no variables: arithmetic, matrices, functions, truth values."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from flint import arb, fmpq

from numerics import exact, jets, laws, matrices, rings, scalar_laws
from numerics.cells import Cell, Environment, World
from numerics.exact import HALF, ONE, ZERO, OutOfTime, TooWide, Undefined, Unsupported
from numerics.gaussian import Integrand
from numerics.laws import Law
from numerics.matrices import Mat, Value
from numerics.rings import Element
from proofs import clock
from proofs.terms import Dim, Term


class Core:
    """The state of an evaluation, and the operators that bind nothing."""

    def __init__(self, world: World, deadline: float = float("inf")):
        self.world = world
        self.deadline = deadline
        self.ranges: dict[int, tuple[Element | None, Element | None]] = {}
        self.integrating = 0
        self.analytic = False  # whether the integral asks for a value on a ball where the integrand is analytic
        self.searched = False  # whether a value is an optimum that was searched for, not proved
        self.coarse = False  # whether a numerical integral went into a value
        self.accuracy: float | None = None  # asked of numerical integrals; None: as much as they give
        self._level = 0
        self._ticks = 0
        self._methods: dict[str, Callable[[Term, Environment], Any]] = {}
        self._numbers: dict[int, tuple[fmpq, Term]] = {}

    @contextmanager
    def floor(self) -> Iterator[int]:
        """A new level of the tower of rings, for one derivative or one integral."""
        self._level += 1
        try:
            yield self._level
        finally:
            self.ranges.pop(self._level, None)
            self._level -= 1

    @contextmanager
    def integral(self) -> Iterator[None]:
        """Inside, values range over the path of a certified integral; its result has fewer digits than others."""
        self.integrating += 1
        self.coarse = True
        try:
            yield
        finally:
            self.integrating -= 1

    def range_of(self, x: Element) -> tuple[Element | None, Element | None] | None:
        """The range of what is a bare integration variable; None for a number."""
        if isinstance(x, jets.Jet):
            return self.range_of(x.value)
        if isinstance(x, Integrand) and x.constant() is None:
            if len(x.parts) == 1 and not x.parts[0][0] and x.parts[0][1] == {(1,): ONE} and x.level in self.ranges:
                return self.ranges[x.level]
            if x.level in self.ranges:
                raise Unsupported("a density of a function of an integration variable")
            return None, None
        return None

    def dimension(self, dim: Dim) -> int:
        if isinstance(dim, int):
            return dim
        if dim not in self.world.dims:
            raise Unsupported(f"the dimension {dim} has no value")
        return self.world.dims[dim]

    def evaluate(self, t: Term, env: Environment | None = None) -> Any:
        """The value of a term.  Raises Undefined, Unsupported, TooWide or OutOfTime."""
        self._ticks += 1
        if self._ticks % 128 == 0 and clock.now() > self.deadline:
            raise OutOfTime
        method = self._methods.get(t.op)
        if method is None:
            method = self._methods[t.op] = self._method(t.op)
        return method(t, self.world.values if env is None else env)

    def _method(self, op: str) -> Callable[[Term, Environment], Any]:
        if op in laws.DISCRETE:
            op = "discrete"
        elif op in scalar_laws.SCALAR:
            op = "scalar_law"
        method = getattr(self, "_" + op, None)
        if method is None:
            raise Unsupported(f"{op} is not evaluated")
        return method

    # ---------------------------------------------------------------------------------------- kinds of arguments

    def number(self, t: Term, env: Environment) -> Value:
        """A scalar or a matrix; a cell only where its space has known values."""
        value = self.evaluate(t, env)
        if type(value) is fmpq or type(value) is arb or isinstance(value, exact.Extended):
            return value
        if isinstance(value, Cell):
            if value.value is None:
                raise Unsupported("arithmetic on a variable whose space has no numbers in a finite world")
            return value.value
        if isinstance(value, (Law, bool)):
            raise Unsupported("a number was expected")
        return value

    def scalar(self, t: Term, env: Environment) -> Element:
        value = self.number(t, env)
        if isinstance(value, Mat):
            raise Unsupported("a scalar was expected, not a matrix")
        return value

    def law(self, t: Term, env: Environment) -> Law:
        value = self.evaluate(t, env)
        if not isinstance(value, Law):
            raise Unsupported("a distribution was expected")
        return value

    def truth(self, t: Term, env: Environment) -> bool:
        value = self.evaluate(t, env)
        if not isinstance(value, bool):
            raise Unsupported("a statement was expected")
        return value

    def whole(self, t: Term, env: Environment) -> int:
        value = self.scalar(t, env)
        if not exact.is_whole(value):
            raise Unsupported("an index that is not a whole number")
        return int(value.p)

    # ------------------------------------------------------------------------------------------------ arithmetic

    def _number(self, t: Term, env: Environment) -> Value:
        known = self._numbers.get(id(t))
        if known is None:
            known = self._numbers[id(t)] = (exact.rational(t.data[0]), t)  # the term is kept, so its id stays its own
        return known[0]

    def _constant(self, t: Term, env: Environment) -> Value:
        name = t.data[0]
        if name == "pi":
            return arb.pi()
        if name == "e":
            return arb.const_e()
        if name == "euler_gamma":
            return arb.const_euler()
        raise Unsupported("infinity as a number" if name == "infinity" else "complex numbers")

    def _symbol(self, t: Term, env: Environment) -> Any:
        name = t.data[0]
        if name in env:
            return env[name]
        if name in self.world.dims:
            return fmpq(self.world.dims[name])
        raise Unsupported(f"the symbol {name} has no value")

    def _add(self, t: Term, env: Environment) -> Value:
        value = self.number(t.args[0], env)
        for a in t.args[1:]:
            value = matrices.add(value, self.number(a, env))
        return value

    def _mul(self, t: Term, env: Environment) -> Value:
        value = self.number(t.args[0], env)
        for a in t.args[1:]:
            value = matrices.multiply(value, self.number(a, env))
        return value

    def _pow(self, t: Term, env: Environment) -> Value:
        if t.args[0].op == "norm" and t.args[1].op == "number" and t.args[1].data[0] in (2, 4, 6):
            v = matrices.entries(self.number(t.args[0].args[0], env))  # without the root, which no polynomial has
            return rings.whole_power(matrices.dot(v, v), int(t.args[1].data[0]) // 2)
        base, exponent = self.number(t.args[0], env), self.scalar(t.args[1], env)
        if not isinstance(base, Mat):
            return rings.power(base, exponent)
        if base.rows == base.cols:
            if not exact.is_whole(exponent):
                raise Unsupported("a matrix to a power that is not whole")
            n = int(exponent.p)
            if abs(n) > 50:
                raise Unsupported("a high power of a matrix")
            step = base if n >= 0 else matrices.inverse(base)
            result = matrices.identity(base.rows)
            for _ in range(abs(n)):
                result = matrices.multiply(result, step)
            return result
        return base.map(lambda x: rings.power(x, exponent))

    def _hadamard(self, t: Term, env: Environment) -> Value:
        value = self.number(t.args[0], env)
        for a in t.args[1:]:
            value = matrices.hadamard(value, self.number(a, env))
        return value

    # -------------------------------------------------------------------------------------------------- matrices

    def _transpose(self, t: Term, env: Environment) -> Value:
        return matrices.transpose(self.number(t.args[0], env))

    def _inverse(self, t: Term, env: Environment) -> Value:
        return matrices.inverse(self.number(t.args[0], env))

    def _det(self, t: Term, env: Environment) -> Value:
        return matrices.det(self.number(t.args[0], env))

    def _trace(self, t: Term, env: Environment) -> Value:
        return matrices.trace(self.number(t.args[0], env))

    def _diag(self, t: Term, env: Environment) -> Value:
        v = matrices.entries(self.number(t.args[0], env))
        return matrices.collapse(Mat([[x if i == j else ZERO for j in range(len(v))] for i, x in enumerate(v)]))

    def _diagonal(self, t: Term, env: Environment) -> Value:
        m = matrices.as_matrix(self.number(t.args[0], env))
        return matrices.vector([m.data[i][i] for i in range(min(m.rows, m.cols))])

    def _identity(self, t: Term, env: Environment) -> Value:
        return matrices.identity(self.dimension(t.data[0]))

    def _filled(self, t: Term, x: fmpq) -> Value:
        rows, cols = (self.dimension(d) for d in t.data)
        return matrices.collapse(Mat([[x] * cols for _ in range(rows)]))

    def _zeros(self, t: Term, env: Environment) -> Value:
        return self._filled(t, ZERO)

    def _ones(self, t: Term, env: Environment) -> Value:
        return self._filled(t, ONE)

    def _matrix(self, t: Term, env: Environment) -> Value:
        rows, cols = t.data
        flat = [self.scalar(a, env) for a in t.args]
        return matrices.collapse(Mat([flat[i * cols : (i + 1) * cols] for i in range(rows)]))

    def _entry(self, t: Term, env: Environment) -> Any:
        value = self.evaluate(t.args[0], env)
        indices = [self.whole(a, env) for a in t.args[1:]]
        if isinstance(value, (list, tuple)):
            (i,) = indices
            if not 1 <= i <= len(value):
                raise Unsupported("an index outside its sequence")
            return value[i - 1]
        if isinstance(value, (Cell, Law, bool)):
            raise Unsupported("a component of a variable whose space has no numbers in a finite world")
        m = matrices.as_matrix(value)
        if len(indices) == 1:
            flat = m.entries()
            if m.rows > 1 and m.cols > 1:
                raise Unsupported("one index of a matrix")
            i, j, flat_row = 1, indices[0], [flat]
        else:
            (i, j), flat_row = indices, m.data
        if not (1 <= i <= len(flat_row) and 1 <= j <= len(flat_row[0])):
            raise Unsupported("an index outside its vector or matrix")
        return flat_row[i - 1][j - 1]

    def _norm(self, t: Term, env: Environment) -> Value:
        v = matrices.entries(self.number(t.args[0], env))
        if len(v) == 1:
            return rings.apply("abs", v[0])
        return rings.sqrt(matrices.dot(v, v))

    # ------------------------------------------------------------------------------------------------- functions

    def _function(self, t: Term, env: Environment) -> Value:
        name = t.data[0]
        value = self.number(t.args[0], env)
        return value.map(lambda x: rings.apply(name, x)) if isinstance(value, Mat) else rings.apply(name, value)

    # ---------------------------------------------------------------------------------------------- truth values

    def _compare(self, t: Term, env: Environment) -> bool:
        rel = t.data[0]
        a, b = (self.evaluate(x, env) for x in t.args)
        if isinstance(a, Cell) and isinstance(b, Cell) and a.space == b.space and rel in ("=", "!="):
            if a.value is None:
                raise Unsupported("points of a continuous space are compared")
            return (a.index == b.index) == (rel == "=")
        a, b = (x.value if isinstance(x, Cell) else x for x in (a, b))
        if self.integrating and any(isinstance(x, jets.Jet) for v in (a, b) for x in matrices.entries(v)):
            raise Unsupported("the derivative of a condition inside an integral")
        if a is None or b is None or isinstance(a, (Law, bool)) or isinstance(b, (Law, bool)):
            raise Unsupported("what is compared are not numbers")
        if rel in ("=", "!="):
            return laws.same_point(a, b) == (rel == "=")
        if isinstance(a, Mat) or isinstance(b, Mat):
            x, y = matrices.entries(a), matrices.entries(b)
            signs = [rings.known_sign(p - q) for p, q in zip(x, y, strict=len(x) == len(y))]
        else:
            signs = [rings.known_sign(a - b)]
        test = {"<": lambda s: s < 0, "<=": lambda s: s <= 0, ">": lambda s: s > 0, ">=": lambda s: s >= 0}[rel]
        return all(test(s) for s in signs)

    def _and(self, t: Term, env: Environment) -> bool:
        return all(self.truth(a, env) for a in t.args)

    def _or(self, t: Term, env: Environment) -> bool:
        return any(self.truth(a, env) for a in t.args)

    def _not(self, t: Term, env: Environment) -> bool:
        return not self.truth(t.args[0], env)

    def _indicator(self, t: Term, env: Environment) -> Value:
        return self._zero_or_one(lambda: self.truth(t.args[0], env))

    def _zero_or_one(self, holds: Callable[[], bool]) -> Value:
        """1 or 0; inside a numerical integral, where the truth changes on the ball, all between them."""
        try:
            return ONE if holds() else ZERO
        except TooWide:
            if not self.integrating or self.analytic:
                raise
            return arb(HALF, HALF)

    def _cases(self, t: Term, env: Environment) -> Value:
        for value, condition in zip(t.args[::2], t.args[1::2]):
            if self.truth(condition, env):
                return self.number(value, env)
        if len(t.args) % 2:
            return self.number(t.args[-1], env)
        raise Undefined("no case applies")
