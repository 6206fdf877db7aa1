"""Laws as values: each has a density (a mass where it is discrete) and takes the expectation of a function exactly."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from numerics import exact, gaussian, matrices, rings
from numerics.exact import HALF, ONE, ZERO, TooWide, Undefined, Unsupported
from numerics.matrices import Mat, Value
from numerics.rings import Element

if TYPE_CHECKING:
    from numerics.evaluate import Evaluator

Points = Sequence[Any]
DISCRETE = frozenset({"bernoulli", "categorical", "uniform_choice"})
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
