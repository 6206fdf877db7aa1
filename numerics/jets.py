"""Jets: a value with its first derivatives, exact in the ring below; higher derivatives are jets of jets.

Forward differentiation with one level for each derivative taken (A. Griewank and A. Walther, "Evaluating Derivatives",
2nd ed., ch. 3 and 13): nested levels cannot be confused, and every coefficient stays a rational or a certified ball.
"""

from __future__ import annotations

from collections.abc import Sequence

from flint import arb

from numerics import exact, rings
from numerics.exact import ONE, ZERO, TooWide, Undefined, Unsupported
from numerics.rings import Element, Ring, apply, inverse, power


class Jet(Ring):
    """``value + sum_i parts[i] * t_i`` with ``t_i t_j = 0``; value and parts are of a lower level."""

    __slots__ = ("parts", "value")

    def __init__(self, level: int, value: Element, parts: Sequence[Element]):
        self.level = level
        self.value = value
        self.parts = tuple(parts)

    def _same(self, other: Element) -> Jet:
        return Jet(self.level, other, (ZERO,) * len(self.parts))

    def _add(self, other: Jet) -> Jet:
        return Jet(self.level, self.value + other.value, [a + b for a, b in zip(self.parts, other.parts, strict=True)])

    def _mul(self, other: Jet) -> Jet:
        parts = [product(self.value, b) + product(a, other.value) for a, b in zip(self.parts, other.parts, strict=True)]
        return Jet(self.level, self.value * other.value, parts)

    def _scale(self, factor: Element) -> Jet:
        return Jet(self.level, self.value * factor, [product(a, factor) for a in self.parts])

    def chain(self, value: Element, slope: Element) -> Jet:
        return Jet(self.level, value, [product(a, slope) for a in self.parts])

    def inverse(self) -> Jet:
        r = inverse(self.value)
        return self.chain(r, -(r * r))

    def power(self, exponent: Element) -> Element:
        if exponent == ONE:
            return self
        return self.chain(power(self.value, exponent), exponent * power(self.value, exponent - 1))

    def apply(self, name: str) -> Jet:
        return self.chain(apply(name, self.value), slope(name, self.value))

    def base(self) -> Element:
        return rings.base(self.value)


def product(a: Element, b: Element) -> Element:
    """The product, without multiplying by an exact zero (most parts of a jet are)."""
    if rings.is_exact_zero(a) or rings.is_exact_zero(b):
        return ZERO
    return a * b


def slope(name: str, x: Element) -> Element:
    """The derivative of a function of the language, at x."""
    if name == "exp":
        return apply("exp", x)
    if name == "log":
        return inverse(x)
    if name == "sqrt":
        if not isinstance(x, Ring) and exact.known_sign(x) == 0:
            raise Undefined("the square root has no derivative at 0")
        return inverse(2 * apply("sqrt", x))
    if name == "sin":
        return apply("cos", x)
    if name == "cos":
        return -apply("sin", x)
    if name == "tan":
        t = apply("tan", x)
        return 1 + t * t
    if name == "sinh":
        return apply("cosh", x)
    if name == "cosh":
        return apply("sinh", x)
    if name == "tanh":
        t = apply("tanh", x)
        return 1 - t * t
    if name == "arctan":
        return inverse(1 + x * x)
    if name == "sigmoid":
        s = apply("sigmoid", x)
        return s * (1 - s)
    if name == "logit":
        return inverse(x * (1 - x))
    if name == "softplus":
        return apply("sigmoid", x)
    if name == "erf":
        return 2 * apply("exp", -(x * x)) * inverse(rings.sqrt(rings.pi()))
    if name == "normal_cdf":
        return apply("exp", -(x * x) * exact.HALF) * inverse(rings.sqrt(rings.two_pi()))
    if name == "gamma_function":
        return apply("gamma_function", x) * apply("digamma", x)
    if name == "log_gamma":
        return apply("digamma", x)
    if name == "digamma":
        return apply("polygamma1", x)
    if name.startswith("polygamma"):
        return apply(f"polygamma{int(name[9:]) + 1}", x)
    if name in ("relu", "abs", "sign", "floor"):
        return _piece(name, x)
    raise Unsupported(f"the derivative of {name}")


def _piece(name: str, x: Element) -> Element:
    """The slope of a function made of straight pieces; at a kink there is none."""
    value = rings.base(x)
    if isinstance(value, exact.Extended):
        return _piece_of_ball(name, value)
    if name == "floor":
        if exact.is_whole(value):
            raise Undefined("the floor has no derivative at a whole number")
        return ZERO
    s = rings.known_sign(x)
    if s == 0:
        raise Undefined(f"{name} has no derivative at 0")
    if name == "abs":
        return exact.rational(s)
    return ONE if name == "relu" and s > 0 else ZERO


def _piece_of_ball(name: str, x: exact.Extended) -> Element:
    """The slope on a ball inside a numerical integral; functions that jump have no derivative to integrate."""
    if name in ("floor", "sign"):
        raise Unsupported(f"the derivative of {name} inside an integral")
    s = x.sign()
    if s is None:
        if getattr(x, "analytic", False):
            raise TooWide("a kink on the path of an integral")
        return arb(0, 1) if name == "abs" else arb(exact.HALF, exact.HALF)
    return exact.rational(s) if name == "abs" else (ONE if s > 0 else ZERO)


def variables(level: int, values: Sequence[Element]) -> list[Jet]:
    """One jet for each value, each moving in a direction of its own."""
    n = len(values)
    return [Jet(level, v, [ONE if i == j else ZERO for j in range(n)]) for i, v in enumerate(values)]


def derivatives(x: Element, level: int, count: int) -> list[Element]:
    """The partial derivatives that a result of this level carries (zeros where it does not depend on them)."""
    if isinstance(x, Jet) and x.level == level:
        return list(x.parts)
    if rings.level(x) > level:
        raise Unsupported("a derivative of a quantity that is still being integrated")
    return [ZERO] * count
