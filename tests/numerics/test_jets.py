"""Derivatives by jets, against mpmath's numerical ones; nested ones; kinks."""

import mpmath
import pytest
from flint import fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

from numerics import exact, jets, rings
from numerics.exact import Undefined, precision
from proofs.terms import FUNCTIONS

mpmath.mp.dps = 30
SMOOTH = sorted(FUNCTIONS - {"floor", "sign", "abs", "relu"})


def value(name, x):
    with precision(300):
        return mpmath.mpf(exact.ball(exact.apply(name, exact.rational(x))).str(60, radius=False))


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(SMOOTH), st.fractions(min_value="1/10", max_value="9/10", max_denominator=30))
def test_slopes_agree_with_central_differences(name, x):
    with precision(300):
        (t,) = jets.variables(1, [exact.rational(x)])
        slope = mpmath.mpf(exact.ball(rings.apply(name, t).parts[0]).str(30, radius=False))
    h = type(x)(1, 10**8)
    expected = (value(name, x + h) - value(name, x - h)) / (2 * mpmath.mpf(h.numerator) / h.denominator)
    assert abs(slope - expected) < 1e-9 * (1 + abs(expected))


@settings(max_examples=30, deadline=None)
@given(st.integers(2, 6), st.fractions(min_value=-3, max_value=3, max_denominator=9))
def test_nested_derivatives_of_a_power_are_exact(n, x):
    point = exact.rational(x)
    (inner,) = jets.variables(1, [point])
    (outer,) = jets.variables(2, [inner])
    second = rings.power(outer, fmpq(n)).parts[0].parts[0]
    assert second == n * (n - 1) * point ** (n - 2)


def test_perturbations_of_different_levels_are_not_confused():
    # d/dx (x * d/dy (x + y)) = 1, where a single perturbation would give 2
    (x,) = jets.variables(1, [fmpq(3)])
    (y,) = jets.variables(2, [fmpq(5)])
    inner = jets.derivatives(x + y, 2, 1)[0]
    assert jets.derivatives(x * inner, 1, 1) == [fmpq(1)]


@pytest.mark.parametrize("name", ["abs", "relu", "sign"])
def test_at_a_kink_there_is_no_derivative(name):
    (x,) = jets.variables(1, [fmpq(0)])
    with pytest.raises(Undefined):
        rings.apply(name, x)
