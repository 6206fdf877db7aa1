"""Gaussian integrals in closed form, against moments from the literature and quadrature by mpmath."""

import mpmath
import pytest
from flint import fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

from numerics import exact, gaussian, rings
from numerics.exact import Undefined, Unsupported, precision

mpmath.mp.dps = 30
small = st.fractions(min_value=-2, max_value=2, max_denominator=7)
spread = st.fractions(min_value="1/4", max_value=3, max_denominator=7)


def number(x):
    return mpmath.mpf(exact.ball(x).str(25, radius=False))


def mp(x):
    return mpmath.mpf(x.numerator) / x.denominator


@settings(max_examples=25, deadline=None)
@given(small, spread, small, small, st.integers(0, 4))
def test_expectation_of_a_polynomial_times_an_exponential(m, v, a, b, k):
    """E x^k exp(a x - b^2 x^2) under N(m, v)."""
    with precision(200):
        (x,) = gaussian.variables(1, 1)
        body = rings.power(x, fmpq(k)) * rings.apply("exp", exact.rational(a) * x - exact.rational(b * b) * x * x)
        result = number(gaussian.expect(body, 1, [exact.rational(m)], [[exact.rational(v)]]))

    def f(t):
        return t**k * mpmath.exp(mp(a) * t - mp(b * b) * t * t) * mpmath.npdf(t, mp(m), mpmath.sqrt(mp(v)))

    expected = mpmath.quad(f, [-30, -5, 0, 5, 30])
    assert abs(result - expected) < mpmath.mpf(10) ** -12 * (1 + abs(expected))


def test_isserlis_in_two_dimensions():
    """E x^2 y^2 = C_xx C_yy + 2 C_xy^2 for mean zero (Isserlis 1918)."""
    x, y = gaussian.variables(1, 2)
    c = [[fmpq(2), fmpq(1, 2)], [fmpq(1, 2), fmpq(3)]]
    assert gaussian.expect(x * x * y * y, 1, [fmpq(0), fmpq(0)], c) == 2 * 3 + 2 * fmpq(1, 4)


def test_nested_integrals_of_a_joint_exponential():
    """The integral of exp(-x^2 + x y - y^2) over the plane is 2 pi / sqrt(3)."""
    with precision(200):
        (x,) = gaussian.variables(1, 1)
        (y,) = gaussian.variables(2, 1)
        inner = gaussian.integrate(rings.apply("exp", x * y - x * x - y * y), 2, 1)
        total = number(gaussian.integrate(inner, 1, 1))
    assert abs(total - 2 * mpmath.pi / mpmath.sqrt(3)) < 1e-20


def test_a_diverging_integral_is_undefined():
    (x,) = gaussian.variables(1, 1)
    with pytest.raises(Undefined):
        gaussian.integrate(rings.apply("exp", x * x), 1, 1)
    with pytest.raises(Undefined):
        gaussian.integrate(x * x, 1, 1)
    with pytest.raises(Undefined):  # E exp(x^2) under N(0, 1)
        gaussian.expect(rings.apply("exp", x * x), 1, [fmpq(0)], [[fmpq(1)]])


@pytest.mark.parametrize("name", ["sin", "sigmoid", "relu", "floor"])
def test_what_is_no_exponential_of_a_quadratic_is_refused(name):
    (x,) = gaussian.variables(1, 1)
    with pytest.raises(Unsupported):
        rings.apply(name, x)


def test_the_logarithm_of_a_sum_is_refused_and_of_one_exponential_exact():
    (x,) = gaussian.variables(1, 1)
    one = rings.apply("exp", x)
    with pytest.raises(Unsupported):
        rings.apply("log", one + 1)
    assert rings.apply("log", one).polynomial() == {(1,): fmpq(1)}
