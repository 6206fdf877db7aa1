"""The value of a term in a world: exact rationals or certified balls, or one of the exceptions of ``numerics.exact``.

Definedness is that of the written term: every part is evaluated, so ``0 * log(0)`` is undefined.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flint import fmpq

from numerics import jets, laws, matrices
from numerics.cells import Cell as Cell
from numerics.cells import Environment as Environment
from numerics.cells import World as World
from numerics.evaluate_core import Core
from numerics.exact import ONE, ZERO, Unsupported
from numerics.laws import Law
from numerics.matrices import Mat, Value
from numerics.rings import Element
from numerics.scalar_laws import Scalar
from proofs.terms import SCALAR, Term, free_symbols

MAX_TERMS = 400  # of a finite sum or product


class Evaluator(Core):
    """Evaluates terms in one world until a deadline (of ``proofs.clock``)."""

    # -------------------------------------------------------------------------------------- unknown functions

    def _call(self, t: Term, env: Environment) -> Any:
        return self.world.call(t.data[0], [self.evaluate(a, env) for a in t.args], self, env)

    def _call_inverse(self, t: Term, env: Environment) -> Any:
        return self.world.call_inverse(t.data[0], [self.evaluate(a, env) for a in t.args], self)

    # --------------------------------------------------------------------------------------------------- binders

    def _range(self, t: Term, env: Environment) -> range:
        if t.args[2].op == "constant" and t.args[2].data[0] == "infinity":
            raise Unsupported("an infinite sum")
        lower, upper = self.whole(t.args[1], env), self.whole(t.args[2], env)
        if upper - lower >= MAX_TERMS:
            raise Unsupported("a sum of too many terms")
        return range(lower, upper + 1)

    def _sum(self, t: Term, env: Environment) -> Value:
        terms = [self.number(t.args[0], {**env, t.data[0]: fmpq(i)}) for i in self._range(t, env)]
        return laws.total(terms) if terms else self._empty(t, ZERO)

    def _product(self, t: Term, env: Environment) -> Value:
        factors = [self.number(t.args[0], {**env, t.data[0]: fmpq(i)}) for i in self._range(t, env)]
        if not factors:
            return self._empty(t, ONE)
        result = factors[0]
        for f in factors[1:]:
            result = matrices.multiply(result, f)
        return result

    def _empty(self, t: Term, x: fmpq) -> Value:
        if t.sort != SCALAR:
            raise Unsupported("an empty sum of vectors")
        return x

    def _integral(self, t: Term, env: Environment) -> Value:
        name, body = t.data[0], t.args[0]
        if len(t.args) == 3:
            from numerics.quadrature import bounded_integral

            return bounded_integral(self, t, env)
        sort = free_symbols(body).get(name, SCALAR)
        return self.world.integrate(name, sort, lambda x: self.number(body, {**env, name: x}), self)

    def _preimages(self, t: Term, env: Environment) -> Value:
        from numerics.preimages import sum_over_preimages

        return sum_over_preimages(self, t, env)

    def _bind(self, t: Term, env: Environment, body: Term) -> Callable[[Any], Any]:
        """The body as a function of the points of a law."""

        def run(points: Any) -> Any:
            if len(points) != len(t.data):
                raise Unsupported("a law of several variables where one is named")
            return self.evaluate(body, {**env, **dict(zip(t.data, points))})

        return run

    def _values(self, f: Callable[[Any], Any]) -> Callable[[Any], Value]:
        def run(points: Any) -> Value:
            value = f(points)
            if isinstance(value, Cell):
                if value.value is None:
                    raise Unsupported("arithmetic on a variable whose space has no numbers in a finite world")
                return value.value
            return value

        return run

    def _expectation(self, t: Term, env: Environment) -> Value:
        return self._law_of(t, env).expect(self._values(self._bind(t, env, t.args[1])))

    def _law_of(self, t: Term, env: Environment) -> Law:
        """The law of a binder's variable; a finite world may put a table for a law that it cannot hold."""
        if len(t.data) == 1:
            known = self.world.known_law(t.args[0], t.data[0], env, self)
            if known is not None:
                return known
        return self.law(t.args[0], env)

    def _covariance_of(self, law: Law, f: Callable[[Any], Value], g: Callable[[Any], Value]) -> Value:
        def product(points: Any) -> Value:
            return matrices.multiply(f(points), matrices.transpose(g(points)))

        means = matrices.multiply(law.expect(f), matrices.transpose(law.expect(g)))
        return matrices.add(law.expect(product), matrices.scale(means, -ONE))

    def _variance(self, t: Term, env: Environment) -> Value:
        f = self._values(self._bind(t, env, t.args[1]))
        return self._covariance_of(self._law_of(t, env), f, f)

    def _covariance(self, t: Term, env: Environment) -> Value:
        f, g = (self._values(self._bind(t, env, a)) for a in t.args[1:])
        return self._covariance_of(self._law_of(t, env), f, g)

    def _probability(self, t: Term, env: Environment) -> Value:
        holds = self._bind(t, env, t.args[1])
        return self._law_of(t, env).expect(lambda points: self._zero_or_one(lambda: holds(points)))

    def _maximum(self, t: Term, env: Environment) -> Value:
        from numerics.optimum import optimum

        return optimum(self, t, env)

    _minimum = _maximum

    # ---------------------------------------------------------------------------------------------- derivatives

    def _derivative(self, t: Term, env: Environment) -> Value:
        names, body = t.data, t.args[0]
        values = []
        for name in names:
            value = env.get(name)
            if value is None:
                raise Unsupported(f"a derivative by {name}, which has no value")
            if isinstance(value, (Cell, Law, bool, list, tuple)):
                raise Unsupported("a derivative by a variable of a finite world")
            values.append(value)
        if len(values) > 1 and any(isinstance(v, Mat) for v in values):
            raise Unsupported("a derivative by several vectors")
        flat = [x for v in values for x in matrices.entries(v)]
        with self.floor() as level:
            moving: list[Element] = list(jets.variables(level, flat))
            inner = dict(env)
            for name, v in zip(names, values):
                size = len(matrices.entries(v))
                part, moving = moving[:size], moving[size:]
                inner[name] = (
                    Mat([part[i * v.cols : (i + 1) * v.cols] for i in range(v.rows)]) if isinstance(v, Mat) else part[0]
                )
            result = self.number(body, inner)

            def slopes(x: Element) -> list[Element]:
                return jets.derivatives(x, level, len(flat))

            if isinstance(values[0], Mat) and values[0].cols > 1:
                if isinstance(result, Mat):
                    raise Unsupported("the derivative of a matrix by a matrix")
                d, cols = slopes(result), values[0].cols
                return Mat([d[i * cols : (i + 1) * cols] for i in range(values[0].rows)])
            if len(flat) == 1:
                return result.map(lambda x: slopes(x)[0]) if isinstance(result, Mat) else slopes(result)[0]
            if isinstance(result, Mat):
                if result.cols > 1:
                    raise Unsupported("the derivative of a matrix by a vector")
                return Mat([slopes(x) for x in result.entries()])
            return Mat([slopes(result)]) if body.sort != SCALAR else matrices.vector(slopes(result))

    def _at(self, t: Term, env: Environment) -> Value:
        return self.number(t.args[0], {**env, t.data[0]: self.evaluate(t.args[1], env)})

    # ------------------------------------------------------------------------------------------------------ laws

    def _normal(self, t: Term, env: Environment) -> Law:
        return laws.Normal(self, self.number(t.args[0], env), self.number(t.args[1], env))

    def _discrete(self, t: Term, env: Environment) -> Law:
        values = [self.number(a, env) for a in t.args]
        if t.op == "bernoulli":
            if isinstance(values[0], Mat):
                raise Unsupported("a Bernoulli law of a vector")
            return laws.Discrete([ONE, ZERO], [values[0], 1 - values[0]])
        if t.op == "categorical":
            p = matrices.entries(values[0])
            return laws.Discrete([fmpq(i + 1) for i in range(len(p))], p)
        return laws.Discrete(values, [fmpq(1, len(values))] * len(values))

    def _scalar_law(self, t: Term, env: Environment) -> Law:
        return Scalar(self, t.op, [self.scalar(a, env) for a in t.args])

    def _family(self, t: Term, env: Environment) -> Law:
        count = len(t.data[2])
        values = [self.evaluate(a, env) for a in t.args]
        return self.world.family(t.data, values[:count], values[count:], self, env)

    def _with_density(self, t: Term, env: Environment) -> Law:
        name, body = t.data[0], t.args[0]
        sort = free_symbols(body).get(name, SCALAR)

        def density(x: Any) -> Element:
            return self.scalar(body, {**env, name: x})

        return laws.WithDensity(density, lambda f: self.world.integrate(name, sort, f, self))

    def _pushforward(self, t: Term, env: Environment) -> Law:
        name, body = t.data[0], t.args[1]
        law = self.law(t.args[0], env)
        return laws.Pushforward(law, lambda x: self.evaluate(body, {**env, name: x}))

    def _pdf(self, t: Term, env: Environment) -> Value:
        points = [self.evaluate(a, env) for a in t.args[1:]]
        law: Law | None = None
        if len(points) == 1 and isinstance(points[0], Cell):
            law = self.world.known_law(t.args[0], points[0].space, env, self)
        return (law or self.law(t.args[0], env)).density(points)

    def _two_laws(self, t: Term, env: Environment, f: Callable[[Law, Law], Element]) -> Element:
        first, second = (self.law(a, env) for a in t.args)
        for a, b, swap in ((first, second, False), (second, first, True)):
            spaces = getattr(a, "spaces", None)  # a table: the other law becomes one of the same space
            if spaces is not None and len(spaces) == 1 and getattr(b, "spaces", None) is None:
                known = self.world.known_law(t.args[0 if swap else 1], spaces[0], env, self)
                if known is not None:
                    return f(known, a) if swap else f(a, known)
        return f(first, second)

    def _kl(self, t: Term, env: Environment) -> Element:
        return self._two_laws(t, env, laws.kl)

    def _jsd(self, t: Term, env: Environment) -> Element:
        return self._two_laws(t, env, laws.jsd)

    def _cross_entropy(self, t: Term, env: Environment) -> Element:
        return self._two_laws(t, env, laws.cross_entropy)

    def _entropy(self, t: Term, env: Environment) -> Element:
        return laws.entropy(self.law(t.args[0], env))
