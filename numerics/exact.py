"""Numbers that are known exactly (rationals) or enclosed for certain (balls), and what is defined of them.

A base number is an ``fmpq`` as long as that is possible and an ``arb`` ball afterwards.  Three exceptions tell apart
what must never be confused: ``Undefined`` (the written term has no value here: certain), ``TooWide`` (the ball does not
say: more precision may) and ``Unsupported`` (we cannot evaluate this).  Ball arithmetic: F. Johansson, "Arb: efficient
arbitrary-precision midpoint-radius interval arithmetic", IEEE Trans. Computers 66 (2017).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from typing import Any

from flint import acb, arb, ctx, fmpq, fmpz

Base = Any  # fmpq | arb

ZERO, ONE, TWO, HALF = fmpq(0), fmpq(1), fmpq(2), fmpq(1, 2)
MAX_EXPONENT = 2_000  # of a rational power that is still computed exactly


class Undefined(ArithmeticError):
    """The term as written has no value here, and that is certain.  The message says why."""


class Unsupported(Exception):
    """This kind of world cannot evaluate the term.  The message says what stands in the way."""


class TooWide(Exception):
    """The enclosure does not decide; a higher precision may."""


class OutOfTime(Exception):
    """The deadline has passed."""


class Extended:
    """What stands for a base number inside a certified integral: a complex ball, or a bound of a function."""

    __slots__ = ()

    def sign(self) -> int | None:
        raise NotImplementedError

    def inverse(self) -> Any:
        raise NotImplementedError

    def power(self, e: Any) -> Any:
        raise NotImplementedError

    def apply(self, name: str) -> Any:
        raise NotImplementedError


@contextmanager
def precision(bits: int) -> Iterator[None]:
    """Ball arithmetic with this many bits inside the block."""
    before = ctx.prec
    ctx.prec = bits
    try:
        yield
    finally:
        ctx.prec = before


def rational(value: Fraction | int | fmpq) -> fmpq:
    if isinstance(value, fmpq):
        return value
    value = Fraction(value)
    return fmpq(value.numerator, value.denominator)


def fraction(value: fmpq) -> Fraction:
    return Fraction(int(value.p), int(value.q))


def ball(x: Base) -> arb:
    return x if isinstance(x, arb) else arb(x)


def checked(x: Base) -> Base:
    """The ball itself where it is finite."""
    if isinstance(x, arb) and not x.is_finite():
        raise TooWide("a value is too large to enclose")
    return x


def sign(x: Base) -> int | None:
    """-1, 0 or 1 where that is certain, None where the ball does not say."""
    if isinstance(x, fmpq):
        return (x > 0) - (x < 0)
    if isinstance(x, Extended):
        return x.sign()
    if x > 0:
        return 1
    if x < 0:
        return -1
    return 0 if x.is_zero() else None


def known_sign(x: Base) -> int:
    s = sign(x)
    if s is None:
        raise TooWide("the sign of a value is not certain")
    return s


def inverse(x: Base) -> Base:
    if isinstance(x, Extended):
        return x.inverse()
    if known_sign(x) == 0:
        raise Undefined("division by zero")
    return 1 / x if isinstance(x, fmpq) else checked(1 / x)


def is_whole(x: Base) -> bool:
    return isinstance(x, fmpq) and x.q == 1


def exact_root(x: fmpq) -> fmpq | None:
    """The rational square root, if there is one."""
    p, q = fmpz(x.p), fmpz(x.q)
    rp, rq = p.isqrt(), q.isqrt()
    return fmpq(rp, rq) if rp * rp == p and rq * rq == q else None


def power(x: Base, e: Base) -> Base:
    """x**e for real numbers.  0**0 is 1, as in polynomials; 0**negative and negative**fraction are undefined."""
    if isinstance(e, Extended):
        return (e * apply("log", x)).apply("exp")
    if isinstance(x, Extended):
        return x.power(e)
    if is_whole(e):
        n = int(e.p)
        if n < 0 and known_sign(x) == 0:
            raise Undefined("division by zero")
        if isinstance(x, fmpq):
            size = max(fmpz(x.p).bit_length(), fmpz(x.q).bit_length())
            if abs(n) * max(size - 1, 0) <= 64 * MAX_EXPONENT:
                return x**n
        return checked(ball(x) ** fmpz(n))
    s = known_sign(x)
    if s < 0:
        if isinstance(e, fmpq) and e.q % 2 == 1:
            raise Unsupported("an odd root of a negative number has two readings")
        raise Undefined("a negative number to a power that is not whole")
    if s == 0:
        if known_sign(e) <= 0:
            raise Undefined("zero to a negative power")
        return ZERO
    if isinstance(e, fmpq) and e.q == 2:
        if isinstance(x, fmpq):
            root = exact_root(x)
            if root is not None:
                return power(root, fmpq(e.p))
        return checked(ball(x).sqrt() ** fmpz(e.p))
    return checked((ball(x).log() * e).exp())


def _log(x: Base) -> Base:
    if known_sign(x) <= 0:
        raise Undefined("the logarithm of a number that is not positive")
    return ZERO if isinstance(x, fmpq) and x == 1 else ball(x).log()


def _sqrt(x: Base) -> Base:
    s = known_sign(x)
    if s < 0:
        raise Undefined("the square root of a negative number")
    return power(x, HALF) if s else ZERO


def _logit(x: Base) -> Base:
    if known_sign(x) <= 0 or known_sign(1 - x) <= 0:
        raise Undefined("the logit of a number outside (0, 1)")
    return _log(x * inverse(1 - x))


def _sigmoid(x: Base) -> Base:
    return HALF if isinstance(x, fmpq) and x == 0 else 1 / (1 + (-ball(x)).exp())


def _softplus(x: Base) -> Base:
    return ball(x).exp().log1p()


def _relu(x: Base) -> Base:
    return x if known_sign(x) > 0 else ZERO


def _floor(x: Base) -> Base:
    if isinstance(x, fmpq):
        return fmpq(x.p // x.q)
    value = ball(x).floor().unique_fmpz()
    if value is None:
        raise TooWide("the floor of a value is not certain")
    return fmpq(value)


def _pole(x: Base, name: str) -> arb:
    if is_whole(x) and x.p <= 0:
        raise Undefined(f"{name} at a pole")
    return ball(x)


def _gamma(x: Base) -> Base:
    if is_whole(x) and 0 < x.p <= 200:
        return fmpq(math.factorial(int(x.p) - 1))
    return _pole(x, "the gamma function").gamma()


def _log_gamma(x: Base) -> Base:
    x = _pole(x, "the logarithm of the gamma function")
    if known_sign(x) < 0:
        raise Unsupported("log-gamma of a negative number")
    return x.lgamma()


def _normal_cdf(x: Base) -> Base:
    return HALF if isinstance(x, fmpq) and x == 0 else (-ball(x) / arb(2).sqrt()).erfc() / 2


def polygamma(order: int, x: Base) -> Base:
    """The derivative of the given order of digamma."""
    value = acb(_pole(x, "the polygamma function")).polygamma(acb(order))
    return checked(value.real)


def _at_zero(value: fmpq, otherwise: Callable[[Base], Base]) -> Callable[[Base], Base]:
    return lambda x: value if isinstance(x, fmpq) and x == 0 else otherwise(x)


FUNCTIONS: dict[str, Callable[[Base], Base]] = {
    "exp": _at_zero(ONE, lambda x: ball(x).exp()),
    "log": _log,
    "sqrt": _sqrt,
    "sin": _at_zero(ZERO, lambda x: ball(x).sin()),
    "cos": _at_zero(ONE, lambda x: ball(x).cos()),
    "tan": _at_zero(ZERO, lambda x: ball(x).tan()),
    "sinh": _at_zero(ZERO, lambda x: ball(x).sinh()),
    "cosh": _at_zero(ONE, lambda x: ball(x).cosh()),
    "tanh": _at_zero(ZERO, lambda x: ball(x).tanh()),
    "arctan": _at_zero(ZERO, lambda x: ball(x).atan()),
    "sigmoid": _sigmoid,
    "logit": _logit,
    "softplus": _softplus,
    "relu": _relu,
    "erf": _at_zero(ZERO, lambda x: ball(x).erf()),
    "normal_cdf": _normal_cdf,
    "gamma_function": _gamma,
    "log_gamma": _log_gamma,
    "digamma": lambda x: _pole(x, "digamma").digamma(),
    "floor": _floor,
    "sign": lambda x: fmpq(known_sign(x)),
    "abs": lambda x: abs(x),
}


def apply(name: str, x: Base) -> Base:
    """A function of the language at a base number.  Raises Undefined, TooWide or Unsupported."""
    if isinstance(x, Extended):
        return x.apply(name)
    if name.startswith("polygamma"):
        return polygamma(int(name[9:]), x)
    if name not in FUNCTIONS:
        raise Unsupported(f"the function {name}")
    return checked(FUNCTIONS[name](x))
