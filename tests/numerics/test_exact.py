"""Base numbers: exact where they can be, undefined where the term has no value, never a guess in between."""

import mpmath
import pytest
from flint import arb, fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

from numerics import exact
from numerics.exact import TooWide, Undefined, Unsupported, precision

mpmath.mp.dps = 40
REFERENCE = {
    "exp": mpmath.exp, "log": mpmath.log, "sqrt": mpmath.sqrt, "sin": mpmath.sin, "cos": mpmath.cos, "tan": mpmath.tan,
    "sinh": mpmath.sinh, "cosh": mpmath.cosh, "tanh": mpmath.tanh, "arctan": mpmath.atan, "erf": mpmath.erf,
    "sigmoid": lambda x: 1 / (1 + mpmath.exp(-x)), "softplus": lambda x: mpmath.log(1 + mpmath.exp(x)),
    "normal_cdf": mpmath.ncdf, "gamma_function": mpmath.gamma, "log_gamma": mpmath.loggamma, "digamma": mpmath.digamma,
    "floor": mpmath.floor, "sign": mpmath.sign, "abs": abs, "relu": lambda x: max(x, 0),
}  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(REFERENCE)), st.fractions(min_value="1/10", max_value=8, max_denominator=50))
def test_functions_agree_with_mpmath(name, x):
    with precision(200):
        value = exact.ball(exact.apply(name, exact.rational(x)))
        expected = REFERENCE[name](mpmath.mpf(x.numerator) / x.denominator)
        assert abs(mpmath.mpf(value.str(30, radius=False)) - expected) < mpmath.mpf(10) ** -25 * (1 + abs(expected))


@pytest.mark.parametrize(
    ("name", "x"),
    [("log", 0), ("log", -1), ("sqrt", -2), ("logit", 1), ("logit", 0), ("gamma_function", -3), ("digamma", 0)],
)
def test_what_has_no_value_is_undefined(name, x):
    with pytest.raises(Undefined):
        exact.apply(name, fmpq(x))


def test_division_by_an_exact_zero_is_undefined_and_by_an_uncertain_one_unknown():
    with pytest.raises(Undefined):
        exact.inverse(fmpq(0))
    with pytest.raises(TooWide):
        exact.inverse(arb(0, 1))


@pytest.mark.parametrize(
    ("base", "exponent", "value"),
    [
        ((2, 1), (10, 1), (1024, 1)), ((4, 9), (1, 2), (2, 3)), ((4, 9), (-3, 2), (27, 8)), ((0, 1), (0, 1), (1, 1)),
        ((-2, 1), (-3, 1), (-1, 8)),
    ],
)  # fmt: skip
def test_powers_stay_exact(base, exponent, value):
    result = exact.power(fmpq(*base), fmpq(*exponent))
    assert isinstance(result, fmpq) and result == fmpq(*value)


def test_powers_that_have_no_real_value():
    with pytest.raises(Undefined):
        exact.power(fmpq(-2), fmpq(1, 2))
    with pytest.raises(Undefined):
        exact.power(fmpq(0), fmpq(-1))
    with pytest.raises(Unsupported):  # the cube root of -8 is -2 to some and complex to others
        exact.power(fmpq(-8), fmpq(1, 3))


def test_a_tower_of_powers_neither_hangs_nor_lies():
    with pytest.raises((TooWide, Unsupported)):
        exact.apply("exp", exact.power(fmpq(10), exact.power(fmpq(10), fmpq(10))))
