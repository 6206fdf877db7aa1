"""Laws as values: each has a density (a mass where it is discrete) and takes the expectation of a function exactly."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from flint import fmpq

from numerics import exact, gaussian, matrices, rings
from numerics.exact import HALF, ONE, ZERO, TooWide, Undefined, Unsupported
from numerics.matrices import Mat, Value
from numerics.rings import Element

if TYPE_CHECKING:
    from numerics.evaluate import Evaluator

Points = Sequence[Any]
DISCRETE = frozenset({"bernoulli", "categorical", "uniform_choice"})
SCALAR = frozenset("uniform exponential gamma beta poisson laplace student_t".split())
Body = Callable[[Points], Value]


class Law:
    """A probability law.  ``density`` takes one point for each outcome, ``expect`` a function of such points."""

    def density(self, points: Points) -> Element:
        raise NotImplementedError

    def expect(self, body: Body) -> Value:
        raise NotImplementedError

    def log_ratio_mean(self, other: Callable[[Points], Element] | None) -> Element:
        """E[log p - log other], a point of mass exactly 0 counting 0; without ``other`` E[log p]."""

        def body(points: Points) -> Element:
            value = rings.apply("log", self.density(points))
            return value if other is None else value - rings.apply("log", other(points))

        return self.expect(body)


def entropy(p: Law) -> Element:
    return -p.log_ratio_mean(None)


def kl(p: Law, q: Law) -> Element:
    return p.log_ratio_mean(q.density)


def jsd(p: Law, q: Law) -> Element:
    def middle(points: Points) -> Element:
        return (p.density(points) + q.density(points)) * HALF

    return (p.log_ratio_mean(middle) + q.log_ratio_mean(middle)) * HALF


def cross_entropy(p: Law, q: Law) -> Element:
    return -p.expect(lambda points: rings.apply("log", q.density(points)))


def plain(points: Points) -> Value:
    """The only point, as a number; a cell of a finite space only where its value is known."""
    if len(points) != 1:
        raise Unsupported("a density at the wrong number of points")
    point = points[0]
    if hasattr(point, "space"):
        if point.value is None:
            raise Unsupported("a known density at a cell of a finite world")
        return point.value
    return point


def total(terms: Sequence[Value]) -> Value:
    result = terms[0]
    for t in terms[1:]:
        result = matrices.add(result, t)
    return result


class Normal(Law):
    """N(mean, covariance) in any dimension; the covariance may be singular for expectations of polynomials."""

    def __init__(self, evaluator: Evaluator, mean: Value, covariance: Value):
        self.evaluator = evaluator
        self.mean = matrices.entries(mean)
        self.covariance = matrices.as_matrix(covariance)
        n = len(self.mean)
        if (self.covariance.rows, self.covariance.cols) != (n, n):
            raise Unsupported("mean and covariance of a normal law do not fit")
        self.proper = self._check()
        self._inverse: Mat | None = None
        self._scale: Element = None

    def _check(self) -> bool:
        """True where the covariance is positive definite, False where it is zero; Undefined for what is none."""
        c = self.covariance.map(rings.base)
        for i in range(c.rows):
            for j in range(i):
                d = c.data[i][j] - c.data[j][i]
                if exact.sign(d) not in (0, None):
                    raise Undefined("a covariance matrix that is not symmetric")
        if matrices.is_positive_definite(c):
            return True
        if all(rings.is_exact_zero(x) for x in c.entries()):
            return False
        minors = [matrices.det(Mat([row[:k] for row in c.data[:k]])) for k in range(1, c.rows + 1)]
        if any(exact.known_sign(m) < 0 for m in minors) or any(
            exact.known_sign(c.data[i][i]) < 0 for i in range(c.rows)
        ):
            raise Undefined("a covariance that is not positive")
        raise Unsupported("a singular covariance matrix")

    def density(self, points: Points) -> Element:
        if not self.proper:
            raise Undefined("a normal law with covariance 0 has no density")
        x = matrices.entries(plain(points))
        if len(x) != len(self.mean):
            raise Unsupported("a point of another dimension than its law")
        if self._inverse is None:
            self._inverse = matrices.as_matrix(matrices.inverse(matrices.collapse(self.covariance)))
            root = rings.power(matrices.det(self.covariance), -HALF)
            self._scale = root * rings.power(rings.two_pi(), -exact.rational(len(self.mean)) / 2)
        centred = [a - b for a, b in zip(x, self.mean)]
        return self._scale * rings.apply("exp", matrices.quadratic(centred, self._inverse, centred) * -HALF)

    def expect(self, body: Body) -> Value:
        try:
            return self._closed(body)
        except Unsupported:
            if len(self.mean) > 1 or not self.proper or self.evaluator.integrating:
                raise
        from numerics import quadrature

        return quadrature.normal(self.evaluator, lambda x: body([x]), self.mean[0], self.covariance.data[0][0])

    def _closed(self, body: Body) -> Value:
        """By Gaussian calculus."""
        with self.evaluator.floor() as level:
            n = len(self.mean)
            point = matrices.vector(gaussian.variables(level, n))
            value = body([point])

            def one(x: Element) -> Element:
                return gaussian.expect(x, level, self.mean, self.covariance.data)

            return value.map(one) if isinstance(value, Mat) else one(value)


class Mixture(Law):
    """sum_k weights[k] * laws[k]."""

    def __init__(self, weights: Sequence[Element], laws: Sequence[Law]):
        self.weights = weights
        self.laws = laws

    def density(self, points: Points) -> Element:
        return total([law.density(points) * w for w, law in zip(self.weights, self.laws)])

    def expect(self, body: Body) -> Value:
        return total([matrices.scale(law.expect(body), w) for w, law in zip(self.weights, self.laws)])


class Discrete(Law):
    """Finitely many values with their masses."""

    def __init__(self, values: Sequence[Value], masses: Sequence[Element]):
        self.values = values
        self.masses = masses
        for m in masses:
            if rings.known_sign(m) < 0:
                raise Undefined("a probability below 0")
        rest = rings.base(total(list(masses)) - ONE)
        if exact.sign(rest) not in (0, None):
            raise Undefined("probabilities that do not sum to 1")

    def density(self, points: Points) -> Element:
        point = plain(points)
        mass: Element = ZERO
        for value, m in zip(self.values, self.masses):
            if same_point(point, value):
                mass = mass + m
        return mass

    def expect(self, body: Body) -> Value:
        return total([matrices.scale(body([v]), m) for v, m in zip(self.values, self.masses)])

    def log_ratio_mean(self, other: Callable[[Points], Element] | None) -> Element:
        terms: list[Element] = [ZERO]
        for v, m in zip(self.values, self.masses):
            if rings.is_exact_zero(m):
                continue
            mass = self.density([v])
            value = rings.apply("log", mass)
            terms.append(m * (value if other is None else value - rings.apply("log", other([v]))))
        return total(terms)


def same_point(a: Value, b: Value) -> bool:
    """Whether two values are equal: certain, or TooWide."""
    for x, y in zip(matrices.entries(a), matrices.entries(b), strict=True):
        s = exact.sign(exact.checked(rings.base(x) - rings.base(y)))
        if s is None:
            raise TooWide("two values may be equal")
        if s:
            return False
    return True


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


class WithDensity(Law):
    """The law of one variable with a given density; ``integrate`` sums or integrates a function of the variable."""

    def __init__(self, density: Callable[[Any], Element], integrate: Callable[[Callable[[Any], Value]], Value]):
        self._density = density
        self._integrate = integrate

    def density(self, points: Points) -> Element:
        (x,) = points
        return self._density(x)

    def expect(self, body: Body) -> Value:
        return self._integrate(lambda x: matrices.scale(body([x]), self._density(x)))


class Pushforward(Law):
    """The law of a function of an outcome."""

    def __init__(self, law: Law, function: Callable[[Any], Any], density: Callable[[Any], Element] | None = None):
        self.law = law
        self.function = function
        self._density = density

    def density(self, points: Points) -> Element:
        if self._density is None:
            raise Unsupported("the density of a function of a random variable")
        (x,) = points
        return self._density(x)

    def expect(self, body: Body) -> Value:
        return self.law.expect(lambda points: body([self.function(points[0])]))
