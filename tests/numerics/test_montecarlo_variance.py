"""Bounds of Var h: exact where moments are known, never too small where they are certified, refused where infinite."""

import math
from fractions import Fraction

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from numerics.montecarlo.integrands import combine
from numerics.montecarlo.lowering import lower
from numerics.montecarlo.philox import Source, make_key
from numerics.montecarlo.polynomials import Atom, DivergingMoment
from numerics.montecarlo.structure import structures
from numerics.montecarlo.variance_bounds import ASSUMED_KURTOSIS, PILOT, certify, constants, pilot
from proofs import terms as t
from proofs.terms import add, expectation, function, law, log, mul, normal, number, power, sub, symbol

torch.set_num_threads(1)
X = symbol("x")
N01 = normal(t.ZERO, t.ONE)


def bound(of, body):
    (found,) = certify(combine(expectation("x", of, body)), [0.0])
    return found


MOMENTS = [
    (N01, power(X, number(4)), 96.0),  # E x^8 - (E x^4)^2 = 105 - 9
    (normal(number(2), number(3)), power(X, t.TWO), 2 * 9 + 4 * 4 * 3),
    (law("exponential", t.TWO), power(X, t.TWO), 24 / 16 - (2 / 4) ** 2),
    (law("gamma", number(3), t.TWO), X, 3 / 4),
    (law("uniform", number(-1), number(3)), X, 16 / 12),
    (law("bernoulli", number("1/4")), X, 3 / 16),
    (law("poisson", number(5)), X, 5.0),
    (law("laplace", number(1), number(2)), X, 8.0),
    (law("student_t", number(5)), X, 5 / 3),
    (law("beta", number(2), number(3)), X, 6 / (25 * 6)),
    (law("categorical", t.matrix(3, 1, map(number, ("1/2", "1/4", "1/4")))), X, 0.5 + 1 + 9 / 4 - 1.75**2),
    (law("uniform_choice", number(-1), number(4)), X, 6.25),
]


@pytest.mark.parametrize("of, body, variance", MOMENTS)
def test_polynomials_have_their_exact_variance(of, body, variance):
    found = bound(of, body)
    assert found.certified and found.method == "exact moments"
    assert found.variance == pytest.approx(variance, rel=1e-12) and found.variance >= variance * (1 - 1e-15)


def test_identically_zero_has_variance_zero():
    found = bound(normal(number(1000), number("1/1000000")), sub(mul(X, X), power(X, t.TWO)))
    assert found.variance < 1e-300 and max(map(abs, found.exact_mean)) < 1e-300


def test_bounded_integrands_by_popoviciu():
    found = bound(N01, function("sigmoid", X))
    assert found.method == "bounded" and found.variance == pytest.approx(0.25) and found.mean == pytest.approx(1.0)
    found = bound(N01, t.indicator(t.compare(">", X, t.ONE)))
    assert found.method == "bounded" and found.variance == pytest.approx(0.25)


unary = st.sampled_from(["softplus", "relu", "abs", "sin", "tanh", "sigmoid", "arctan", "erf", "normal_cdf", "exp"])
small = st.fractions(-2, 2, max_denominator=4)
bodies = st.recursive(
    st.one_of(st.just(X), small.map(number)),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda p: add(*p)),
        st.tuples(inner, inner).map(lambda p: mul(*p)),
        st.tuples(unary, inner).map(lambda p: function(*p)),
        inner.map(lambda a: function("sqrt", add(t.ONE, mul(a, a)))),
        inner.map(lambda a: log(add(t.ONE, power(a, t.TWO)))),
    ),
    max_leaves=6,
)
laws = st.sampled_from(
    [
        N01,
        normal(t.ONE, number("1/2")),
        law("exponential", t.TWO),
        law("laplace", t.ZERO, t.ONE),
        law("uniform", t.ZERO, t.TWO),
    ]
)


@settings(max_examples=120, deadline=None)
@given(laws, bodies)
def test_certified_bounds_are_never_too_small(of, body):
    """Against the mean and variance of 20,000 samples, with room for what such a sample can miss."""
    integral = combine(expectation("x", of, body))
    (found,) = certify(integral, [0.0])
    if found is None:
        return
    (s,) = structures([(0, integral)])
    h = s.evaluate(s.draw([0], (7, 7), 0, 20_000, "cpu"), 1, 20_000)[0, :, 0]
    # a sample mean of h stays below the bound by Chebyshev: 1e4 deviations of the mean are never seen
    assert abs(float(h.mean())) <= found.mean + 1e4 * math.sqrt(found.variance / 20_000) + 1e-9
    # and its sample variance can exceed it only by a heavy tail; the laws here have none of note
    assert float(h.var()) <= 3.0 * found.variance + 1e-12


GROWTH = [
    function("softplus", X), function("relu", X), function("abs", X), function("floor", X), mul(X, function("tanh", X)),
    function("sqrt", add(t.ONE, power(X, t.TWO))), log(add(t.ONE, power(X, t.TWO))), mul(X, function("sin", X)),
    add(X, function("arctan", mul(number(3), X))), log(function("sqrt", add(number("1/8"), power(X, t.TWO)))),
    mul(function("softplus", X), function("softplus", t.neg(X))), function("cos", X),
    power(function("softplus", X), t.TWO),
]  # fmt: skip


@pytest.mark.parametrize("body", GROWTH, ids=str)
@pytest.mark.parametrize("mean, deviation", [(0, 1), (3, 2), (-1, Fraction(1, 8))])
def test_growth_is_bounded_with_certainty(body, mean, deviation):
    """Var h and E h by a fine sum over the quantiles of the law, which is a lower bound up to its own error."""
    import numpy as np
    from scipy.stats import norm

    found = bound(normal(number(mean), number(Fraction(deviation) ** 2)), body)
    assert found is not None and found.certified
    u = (np.arange(200_000) + 0.5) / 200_000
    x = torch.tensor(norm.ppf(u) * float(deviation) + mean)[None]
    h = lower([body], {"x": t.SCALAR}).run({"x": x})[0]
    assert float(h.var()) <= found.variance * (1 + 1e-6)
    assert abs(float(h.mean())) <= found.mean * (1 + 1e-6)


def test_a_log_of_a_gamma_draw_is_certified():
    for shape in ("1/4", "2", "9"):
        found = bound(law("gamma", number(shape), t.ONE), log(X))
        exact_variance = float(torch.polygamma(1, torch.tensor(float(Fraction(shape)), dtype=torch.float64)))
        assert found is not None and found.certified and found.variance >= exact_variance


def test_importance_weights_of_a_narrower_target_are_bounded():
    wide, narrow = normal(t.ONE, number(4)), normal(t.ZERO, t.ONE)
    ratio = t.divide(t.pdf(narrow, X), t.pdf(wide, X))
    found = bound(wide, ratio)
    assert found is not None and found.method == "bounded"
    assert bound(narrow, t.divide(t.pdf(wide, X), t.pdf(narrow, X))) is None


def test_hierarchies_are_read_through():
    z = symbol("z")
    nested = expectation("z", normal(t.ONE, t.TWO), expectation("x", normal(z, number(3)), X))
    (found,) = certify(combine(nested), [0.0])
    assert found.variance == pytest.approx(5.0) and found.exact_mean[0] <= 1 <= found.exact_mean[1]


def test_a_random_scale_is_not_certified_as_a_polynomial():
    z = symbol("z")
    nested = expectation("z", law("exponential", t.ONE), expectation("x", normal(t.ZERO, z), power(X, t.TWO)))
    (found,) = certify(combine(nested), [0.0])
    assert found is None or found.method == "majorant"


def test_diverging_variance_is_named():
    with pytest.raises(DivergingMoment, match="order"):
        bound(law("student_t", t.TWO), X)
    with pytest.raises(DivergingMoment):
        bound(law("student_t", number(4)), power(X, t.TWO))


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(["normal", "laplace", "exponential", "uniform"]), st.integers(1, 6))
def test_absolute_moments_dominate_the_plain_ones(kind, p):
    plain, absolute = (float(Atom(kind).moment(Fraction(p), absolute=a)) for a in (False, True))
    assert abs(plain) <= absolute * (1 + 1e-12)
    if p % 2 == 0:
        assert plain == pytest.approx(absolute)


def test_constants_are_enclosed():
    ((value, error),) = constants(add(log(t.TWO), t.PI))
    assert abs(value - (math.log(2) + math.pi)) <= error + 1e-15 and error < 1e-14


# --------------------------------------------------------------------------------------------- assumed bounds


def rows(kind, worlds=40):
    source = Source(make_key(5, kind), torch.arange(worlds).unsqueeze(1), 0, PILOT)
    u, v = source.uniforms()
    return {"normal": source.normals(), "laplace": torch.where(v < 0.5, u.log(), -u.log()), "uniform": u}[kind]


@pytest.mark.parametrize("kind, variance", [("normal", 1.0), ("laplace", 2.0), ("uniform", 1 / 12)])
def test_twice_the_median_of_means_covers_the_variance(kind, variance):
    """Kurtosis 3, 6 and 1.8: all within the assumption, so the bound fails with probability 1e-9 a run."""
    for row in rows(kind):
        found = pilot(row).assumed()
        assert found is not None and not found.certified
        assert variance <= found.variance <= 3.1 * variance


def test_heavy_tails_are_not_assumed_away():
    u = rows("uniform", 10)
    for row in u ** (-1 / 1.2):  # Pareto of index 1.2: no variance
        assert pilot(row).diverges and pilot(row).assumed() is None
    for row in u ** (-1 / 3.0):  # Pareto of index 3: a variance, but no kurtosis
        assert not pilot(row).diverges and pilot(row).assumed() is None
    for row in rows("normal", 5):
        assert not pilot(row).diverges and pilot(row).kurtosis < ASSUMED_KURTOSIS
