"""Named laws of one real number, by their densities and moments."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from flint import fmpq

from numerics import exact, gaussian, matrices, rings
from numerics.exact import HALF, ONE, ZERO, TooWide, Undefined, Unsupported
from numerics.laws import Body, Law, Points, plain, total
from numerics.matrices import Mat, Value
from numerics.rings import Element

if TYPE_CHECKING:
    from numerics.evaluate import Evaluator

SCALAR = frozenset("uniform exponential gamma beta poisson laplace student_t".split())


class Scalar(Law):
    """A named law of one real number: its density on its support, and the expectations of polynomials."""

    def __init__(self, evaluator: Evaluator, name: str, parameters: Sequence[Element]):
        self.evaluator = evaluator
        self.name = name
        self.parameters = list(parameters)
        positive = {"exponential": (0,), "gamma": (0, 1), "beta": (0, 1), "poisson": (0,), "laplace": (1,)}
        for i in positive.get(name, (0,) if name == "student_t" else ()):
            if rings.known_sign(self.parameters[i]) <= 0:
                raise Undefined(f"a parameter of the {name} law that is not positive")
        if name == "uniform" and rings.known_sign(self.parameters[1] - self.parameters[0]) <= 0:
            raise Undefined("a uniform law on an empty interval")

    def support(self) -> tuple[Element | None, Element | None]:
        """Bounds of the support; None for an infinite one."""
        if self.name == "uniform":
            return self.parameters[0], self.parameters[1]
        if self.name == "beta":
            return ZERO, ONE
        return (None, None) if self.name in ("laplace", "student_t") else (ZERO, None)

    def _inside(self, x: Element) -> bool:
        lower, upper = self.support()
        bounds = self.evaluator.range_of(x)
        if bounds is not None:  # an integration variable: its whole range must lie on one side
            low, high = bounds
            if (lower is None or (low is not None and rings.known_sign(low - lower) >= 0)) and (
                upper is None or (high is not None and rings.known_sign(upper - high) >= 0)
            ):
                return True
            raise Unsupported("a density whose support ends inside an integral")
        return (lower is None or rings.known_sign(x - lower) >= 0) and (
            upper is None or rings.known_sign(upper - x) >= 0
        )

    def density(self, points: Points) -> Element:
        x = plain(points)
        if isinstance(x, Mat):
            raise Unsupported(f"the {self.name} law of a vector")
        p = self.parameters
        if self.name == "poisson":
            value = rings.base(x)
            if not exact.is_whole(value):
                if isinstance(value, fmpq):
                    return ZERO
                raise TooWide("a value may be whole")
            if value < 0:
                return ZERO
            k = int(value.p)
            if k > 500:
                raise Unsupported("a Poisson probability far in the tail")
            return rings.whole_power(p[0], k) * rings.apply("exp", -p[0]) * fmpq(1, math.factorial(k))
        return self._formula(x) if self._inside(x) else ZERO

    def _formula(self, x: Element) -> Element:
        """The density inside the support."""
        p = self.parameters
        if self.name == "uniform":
            return rings.inverse(p[1] - p[0])
        if self.name == "exponential":
            return p[0] * rings.apply("exp", -(p[0] * x))
        if self.name == "gamma":
            scale = rings.power(p[1], p[0]) * rings.inverse(rings.apply("gamma_function", p[0]))
            return scale * rings.power(x, p[0] - 1) * rings.apply("exp", -(p[1] * x))
        if self.name == "beta":
            scale = rings.apply("gamma_function", p[0] + p[1]) * rings.inverse(
                rings.apply("gamma_function", p[0]) * rings.apply("gamma_function", p[1])
            )
            return scale * rings.power(x, p[0] - 1) * rings.power(1 - x, p[1] - 1)
        if self.name == "laplace":
            distance = rings.apply("abs", x - p[0])
            return rings.apply("exp", -(distance * rings.inverse(p[1]))) * rings.inverse(2 * p[1])
        nu = p[0]
        half = (nu + 1) * HALF
        scale = rings.apply("gamma_function", half) * rings.inverse(
            rings.apply("gamma_function", nu * HALF) * rings.sqrt(nu * rings.pi())
        )
        return scale * rings.power(1 + x * x * rings.inverse(nu), -half)

    def moment(self, k: int) -> Element:
        """E[x^k]."""
        p = self.parameters
        if k == 0:
            return ONE
        if self.name == "uniform":
            a, b = p
            return total([rings.whole_power(a, i) * rings.whole_power(b, k - i) for i in range(k + 1)]) * fmpq(1, k + 1)
        if self.name == "exponential":
            return rings.whole_power(rings.inverse(p[0]), k) * fmpq(math.factorial(k))
        if self.name in ("gamma", "beta"):
            result: Element = ONE
            for i in range(k):
                result = result * (p[0] + i) * rings.inverse(p[1] if self.name == "gamma" else p[0] + p[1] + i)
            return result
        if self.name == "laplace":
            terms = [
                rings.whole_power(p[0], k - j) * rings.whole_power(p[1], j) * fmpq(math.comb(k, j) * math.factorial(j))
                for j in range(0, k + 1, 2)
            ]
            return total(terms)
        if self.name == "poisson":
            numbers = [1]  # Stirling numbers of the second kind
            for _ in range(k):
                numbers = [a + j * b for j, (a, b) in enumerate(zip([0, *numbers], [*numbers, 0]))]
            return total([rings.whole_power(p[0], j) * fmpq(s) for j, s in enumerate(numbers)])
        if self.name == "student_t":
            if rings.known_sign(p[0] - k) <= 0:
                raise Undefined(f"Student's law has no moment of order {k} here")
            if k % 2:
                return ZERO
            value: Element = rings.whole_power(p[0], k // 2)
            for i in range(1, k // 2 + 1):
                value = value * (2 * i - 1) * rings.inverse(p[0] - 2 * i)
            return value
        raise Unsupported(f"moments of the {self.name} law")

    def expect(self, body: Body) -> Value:
        try:
            return self._closed(body)
        except Unsupported:
            if self.evaluator.integrating or self.name not in ("uniform", "beta", "exponential"):
                raise
        from numerics import quadrature

        if self.name == "exponential":
            return quadrature.exponential(self.evaluator, lambda x: body([x]), self.parameters[0])
        low, high = self.support()
        return quadrature.between(self.evaluator, lambda x: matrices.scale(body([x]), self._formula(x)), low, high)

    def _closed(self, body: Body) -> Value:
        """By moments."""
        with self.evaluator.floor() as level:
            (x,) = gaussian.variables(level, 1)
            self.evaluator.ranges[level] = self.support()
            value = body([x])

            def one(y: Element) -> Element:
                factor = gaussian.as_integrand(y, level, 1).polynomial()
                return total([ZERO, *[c * self.moment(m[0]) for m, c in factor.items()]])

            return value.map(one) if isinstance(value, Mat) else one(value)
