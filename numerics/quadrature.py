"""Certified integrals in one dimension by ``acb.integral``, for what Gaussian calculus cannot integrate.

The integrand is evaluated on complex balls (F. Johansson, "Numerical integration in arbitrary-precision ball
arithmetic", ICMS 2018); whatever is not analytic there says so, and on the real line the term keeps its real meaning:
the logarithm of a negative number stays undefined.  Infinite ranges are cut where ``numerics.growth`` bounds the tail.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from flint import acb, arb, fmpq

from numerics import exact, matrices, rings
from numerics.exact import Extended, TooWide, Undefined, Unsupported, precision
from numerics.gaussian import Integrand
from numerics.growth import Growth, normal_tail
from numerics.jets import Jet
from numerics.matrices import Mat, Value
from numerics.rings import Element
from proofs.terms import Term

if TYPE_CHECKING:
    from numerics.evaluate import Environment, Evaluator

BITS = 120
TAIL = arb(2) ** -105
MOST_EVALUATIONS = 20_000
AT_A_GLANCE = 4_000

NAN = acb(arb.nan())


class Holomorphic(Extended):
    """A complex ball; with ``analytic`` an operation that is not analytic on the whole ball gives no finite one."""

    __slots__ = ("analytic", "z")

    def __init__(self, z: acb, analytic: bool):
        self.z = z
        self.analytic = analytic

    def _new(self, z: acb) -> Holomorphic:
        return Holomorphic(z, self.analytic)

    @staticmethod
    def raw(x: Any) -> Any:
        if isinstance(x, Holomorphic):
            return x.z
        return x if isinstance(x, (fmpq, arb, int)) else None

    def __add__(self, other: Any) -> Any:
        x = self.raw(other)
        return NotImplemented if x is None else self._new(self.z + x)

    def __mul__(self, other: Any) -> Any:
        x = self.raw(other)
        return NotImplemented if x is None else self._new(self.z * x)

    __radd__ = __add__
    __rmul__ = __mul__

    def __neg__(self) -> Any:
        return self._new(-self.z)

    def __sub__(self, other: Any) -> Any:
        x = self.raw(other)
        return NotImplemented if x is None else self._new(self.z - x)

    def __rsub__(self, other: Any) -> Any:
        x = self.raw(other)
        return NotImplemented if x is None else self._new(x - self.z)

    def __truediv__(self, other: Any) -> Any:
        return self * exact.inverse(other)

    def __rtruediv__(self, other: Any) -> Any:
        return self.inverse() * other

    def is_real(self) -> bool:
        return self.z.imag.is_zero()

    def sign(self) -> int | None:
        return exact.sign(self.z.real)

    def inverse(self) -> Holomorphic:
        return self._new(1 / self.z)

    def _positive(self, what: str) -> None:
        if self.is_real() and self.z.real < 0:
            raise Undefined(f"{what} of a negative number inside an integral")

    def power(self, e: Any) -> Holomorphic:
        if exact.is_whole(e):
            return self._new(self.z ** int(e.p))
        self._positive("a fractional power")
        return self._new((e * self.z.log(analytic=self.analytic)).exp())

    def apply(self, name: str) -> Holomorphic:
        z, a = self.z, self.analytic
        if name in ("exp", "sin", "cos", "tan", "sinh", "cosh", "tanh", "erf", "digamma"):
            return self._new(getattr(z, name)())
        if name in ("log", "sqrt"):
            self._positive(f"the {'logarithm' if name == 'log' else 'square root'}")
            return self._new(getattr(z, name)(analytic=a))
        if name == "logit":
            return (self * (1 - self).inverse()).apply("log")
        if name == "sigmoid":
            return self._new(1 / (1 + (-z).exp()))
        if name == "softplus":
            return self._new((1 + z.exp()).log(analytic=a))
        if name == "normal_cdf":
            return self._new((-z / arb(2).sqrt()).erfc() / 2)
        if name == "gamma_function":
            return self._new(z.gamma())
        if name in ("abs", "sign", "floor"):
            return self._new(
                getattr(z, {"abs": "real_abs", "sign": "real_sgn", "floor": "real_floor"}[name])(analytic=a)
            )
        if name == "relu":
            return self._new(z.real_max(acb(0), analytic=a))
        if name == "arctan":
            return self._new(z.atan() if abs(z.imag) < 1 else NAN)
        if name == "log_gamma":
            return self._new(z.lgamma() if z.real > 0 else NAN)
        raise Unsupported(f"{name} inside an integral")


# --------------------------------------------------------------------------------- values and their components


def leaves(x: Value) -> list[Any]:
    """All base numbers of a value: entries, and their derivatives."""
    if isinstance(x, Mat):
        return [leaf for e in x.entries() for leaf in leaves(e)]
    if isinstance(x, Jet):
        return [*leaves(x.value), *(leaf for p in x.parts for leaf in leaves(p))]
    if isinstance(x, Integrand):
        raise Unsupported("an integral inside another integral")
    return [x]


def rebuilt(like: Value, values: list[Any]) -> Value:
    """A value of the same structure with other base numbers."""
    if isinstance(like, Mat):
        return like.map(lambda e: rebuilt(e, values))
    if isinstance(like, Jet):
        value = rebuilt(like.value, values)
        return Jet(like.level, value, [rebuilt(p, values) for p in like.parts])
    return values.pop(0)


def _integrate(evaluator: Evaluator, body: Callable[[Any], Value], low: arb, high: arb) -> tuple[Value, list[arb]]:
    """The structure of a value and the integrals of its leaves between real bounds."""
    middle = (low + high) / 2 + (high - low) / 97
    like = body(Holomorphic(acb(middle.mid()), False))
    results = []
    raised: list[Exception] = []
    for i in range(len(leaves(like))):

        def f(z: acb, analytic: bool, i: int = i) -> acb:
            evaluator.analytic = analytic
            if raised:
                return NAN
            try:
                leaf = leaves(body(Holomorphic(z, analytic)))[i]
            except TooWide:
                return NAN
            except Exception as e:  # none may cross the integrator, which is C: it is raised again below
                raised.append(e)
                return NAN
            return leaf.z if isinstance(leaf, Holomorphic) else acb(leaf)

        accuracy = evaluator.accuracy
        if accuracy is None:
            result = acb.integral(f, acb(low), acb(high), eval_limit=MOST_EVALUATIONS)
        else:
            result = acb.integral(f, acb(low), acb(high), rel_tol=accuracy, abs_tol=accuracy, eval_limit=AT_A_GLANCE)
        evaluator.analytic = False
        if raised:
            raise raised[0]
        if not (result.real.is_finite() and result.imag.contains(0)):
            raise Unsupported("an integral that could not be enclosed")
        results.append(result.real)
    return like, results


def _number(x: Element, what: str) -> arb:
    if not isinstance(x, (fmpq, arb)):
        raise Unsupported(f"{what} that varies")
    return exact.ball(x)


def between(evaluator: Evaluator, body: Callable[[Any], Value], low: Element, high: Element) -> Value:
    """The integral of the body between two numbers."""
    a, b = _number(low, "a bound of an integral"), _number(high, "a bound of an integral")
    with evaluator.integral(), precision(BITS):
        like, results = _integrate(evaluator, body, a, b)
    return rebuilt(like, results)


def _without_value(x: Element) -> Element:
    """A jet with the number 0 as its value and its derivatives kept."""
    return Jet(x.level, _without_value(x.value), x.parts) if isinstance(x, Jet) else exact.ZERO


def normal(evaluator: Evaluator, body: Callable[[Any], Value], mean: Element, variance: Element) -> Value:
    """The expectation of the body under N(mean, variance).

    Derivatives by the parameters are those of the density, so the body may jump.
    """
    m, v = _number(rings.base(mean), "a mean"), _number(rings.base(variance), "a variance")

    def weighted(x: Any) -> Value:
        value = body(x)
        if not isinstance(mean, Jet) and not isinstance(variance, Jet):
            return value
        centred = x - mean
        logarithm = -(centred * centred * rings.inverse(variance) + rings.apply("log", variance)) * exact.HALF
        return matrices.scale(value, rings.apply("exp", _without_value(logarithm)))

    with evaluator.integral(), precision(BITS):
        s = v.sqrt()
        bounds = []
        for leaf in leaves(weighted(Growth.variable())):
            g = Growth.of(leaf)
            if g is None:
                raise Unsupported("an integral whose tail is not bounded")
            bounds.append(g)
        radius = exact.ball(abs(m)) + 12 * s + 2
        tails: list[arb] = []
        for _ in range(12):
            cut = [normal_tail(g, m, s, radius) for g in bounds]
            tails = [t for t in cut if t is not None and t < TAIL]
            if len(tails) == len(bounds):
                break
            radius = radius * fmpq(3, 2)
        else:
            raise Unsupported("an integral whose tail is too heavy")
        radius = exact.ball(radius.mid())
        tails = [t for g in bounds if (t := normal_tail(g, m, s, radius)) is not None]
        scale = 1 / (s * (2 * arb.pi()).sqrt())

        def integrand(x: Any) -> Value:
            centred = x - m
            weight = (centred * centred * (-1 / (2 * v))).apply("exp") * scale
            return matrices.scale(weighted(x), weight)

        like, results = _integrate(evaluator, integrand, -radius, radius)
        enclosed = [r + arb(0, t) for r, t in zip(results, tails, strict=True)]
    return rebuilt(like, enclosed)


def exponential(evaluator: Evaluator, body: Callable[[Any], Value], rate: Element) -> Value:
    """The expectation of the body under the exponential law."""
    r = _number(rate, "a rate")
    with evaluator.integral(), precision(BITS):
        bounds = []
        for leaf in leaves(body(Growth.variable())):
            g = Growth.of(leaf)
            if g is None:
                raise Unsupported("an integral whose tail is not bounded")
            bounds.append(g)
        radius = 75 / r + 2
        for _ in range(12):
            falls = [r - g.a - g.k / radius for g in bounds]
            if all(f > 0 for f in falls):
                tails = [
                    (g.c * r / f * (g.k * radius.log() + (g.a - r) * radius).exp()).abs_upper()
                    for g, f in zip(bounds, falls)
                ]
                if all(t < TAIL for t in tails):
                    break
            radius = radius * fmpq(3, 2)
        else:
            raise Unsupported("an integral whose tail is too heavy")
        like, results = _integrate(
            evaluator, lambda x: matrices.scale(body(x), (x * -r).apply("exp") * r), arb(0), radius
        )
        enclosed = [q + arb(0, t) for q, t in zip(results, tails, strict=True)]
    return rebuilt(like, enclosed)


def bounded_integral(evaluator: Evaluator, t: Term, env: Environment) -> Value:
    """An integral term with bounds; an infinite one is left to others."""
    name, body = t.data[0], t.args[0]
    bounds = []
    for b in t.args[1:]:
        if any(n.op == "constant" and n.data[0] == "infinity" for n in _walk(b)):
            raise Unsupported("an integral to infinity without a known density")
        bounds.append(evaluator.scalar(b, env))
    return between(evaluator, lambda x: evaluator.number(body, {**env, name: x}), bounds[0], bounds[1])


def _walk(t: Term) -> list[Term]:
    return [t, *(n for a in t.args for n in _walk(a))]
