"""Laws as SymPy nodes: densities, moments, entropies and divergences, against SciPy and quadrature."""

from __future__ import annotations

import math

import numpy as np
import pytest
import scipy.integrate
import scipy.special
import scipy.stats
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import ImmutableMatrix, MatrixSymbol, Rational, Symbol, exp, log, oo, symbols

from proofs.language import (
    JSD,
    KL,
    AsScalar,
    Bernoulli,
    Beta,
    Categorical,
    Covariance,
    CrossEntropy,
    Density,
    Entropy,
    Expectation,
    Exponential,
    Family,
    Gamma,
    Indicator,
    Laplace,
    Norm,
    Normal,
    Poisson,
    Probability,
    StudentT,
    Uniform,
    UniformChoice,
    Variance,
    log_density,
)

x, z, m = (Symbol(n, real=True) for n in ("x", "z", "m"))
s, r = symbols("s r", positive=True)
half = Rational(1, 2)


# a law of ours, and the same one in SciPy
CONTINUOUS = [
    (Normal(Rational(1, 3), Rational(4, 9)), scipy.stats.norm(1 / 3, 2 / 3)),
    (Uniform(-1, Rational(5, 2)), scipy.stats.uniform(-1, 3.5)),
    (Exponential(Rational(3, 2)), scipy.stats.expon(scale=2 / 3)),
    (Gamma(Rational(5, 2), 3), scipy.stats.gamma(2.5, scale=1 / 3)),
    (Beta(Rational(3, 2), Rational(7, 3)), scipy.stats.beta(1.5, 7 / 3)),
    (Laplace(-half, Rational(3, 4)), scipy.stats.laplace(-0.5, 0.75)),
    (StudentT(7), scipy.stats.t(7)),
]


DISCRETE = [
    (Bernoulli(Rational(2, 7)), scipy.stats.bernoulli(2 / 7)),
    (Poisson(Rational(5, 3)), scipy.stats.poisson(5 / 3)),
    (
        Categorical(ImmutableMatrix([half, Rational(1, 3), Rational(1, 6)])),
        scipy.stats.rv_discrete(values=([1, 2, 3], [1 / 2, 1 / 3, 1 / 6])),
    ),
    (UniformChoice(-1, 2, 5), scipy.stats.rv_discrete(values=([-1, 2, 5], [1 / 3, 1 / 3, 1 / 3]))),
]
names = [type(p).__name__ for p, _ in CONTINUOUS + DISCRETE]


@pytest.mark.parametrize(("ours", "theirs"), CONTINUOUS, ids=names[: len(CONTINUOUS)])
def test_densities(ours, theirs):
    for point in (-2, Rational(-1, 3), Rational(1, 5), Rational(4, 5), 2, 4):
        density = Density(ours, sympy.sympify(point)).doit()
        assert float(density) == pytest.approx(theirs.pdf(float(point)), rel=1e-12, abs=1e-300)
        if theirs.pdf(float(point)) > 0:
            assert float(log_density(ours, sympy.sympify(point))) == pytest.approx(
                theirs.logpdf(float(point)), rel=1e-12
            )


@pytest.mark.parametrize(("ours", "theirs"), DISCRETE, ids=names[len(CONTINUOUS) :])
def test_masses(ours, theirs):
    for point in (-1, 0, 1, 2, 3, 5, half):
        mass = Density(ours, sympy.sympify(point)).doit()
        assert float(mass) == pytest.approx(float(theirs.pmf(float(point))), rel=1e-12, abs=1e-300)


@pytest.mark.parametrize(("ours", "theirs"), CONTINUOUS + DISCRETE, ids=names)
def test_moments(ours, theirs):
    for order in range(1, 5):
        assert float(Expectation(x, ours, x**order).doit()) == pytest.approx(theirs.moment(order), rel=1e-9)
    assert float(Variance(x, ours, x).doit()) == pytest.approx(theirs.var(), rel=1e-9)
    affine = Covariance(x, ours, 2 * x + 1, 3 - x).doit()
    assert float(affine) == pytest.approx(-2 * theirs.var(), rel=1e-9)


@pytest.mark.parametrize(("ours", "theirs"), CONTINUOUS, ids=names[: len(CONTINUOUS)])
def test_entropies(ours, theirs):
    assert float(Entropy(ours).doit()) == pytest.approx(float(theirs.entropy()), rel=1e-9)


@pytest.mark.parametrize("ours", [DISCRETE[0][0], DISCRETE[2][0]], ids=["Bernoulli", "Categorical"])
def test_entropies_of_finite_laws(ours):
    weights = [float(w) for _, w in ours.values()]
    assert float(Entropy(ours).doit()) == pytest.approx(scipy.stats.entropy(weights), rel=1e-12)


PAIRS = [
    (Normal(half, 2), Normal(-1, Rational(1, 3)), scipy.stats.norm(0.5, 2**0.5), scipy.stats.norm(-1, 3**-0.5)),
    (Exponential(2), Exponential(Rational(2, 3)), scipy.stats.expon(scale=0.5), scipy.stats.expon(scale=1.5)),
    (Gamma(2, 3), Gamma(Rational(7, 2), 1), scipy.stats.gamma(2, scale=1 / 3), scipy.stats.gamma(3.5)),
    (Beta(2, 3), Beta(Rational(7, 2), 4), scipy.stats.beta(2, 3), scipy.stats.beta(3.5, 4)),
    (Laplace(0, 1), Laplace(Rational(3, 2), 2), scipy.stats.laplace(0, 1), scipy.stats.laplace(1.5, 2)),
    (Uniform(0, 1), Uniform(-1, 2), scipy.stats.uniform(0, 1), scipy.stats.uniform(-1, 3)),
]


@pytest.mark.parametrize(("p", "q", "scipy_p", "scipy_q"), PAIRS, ids=[type(c[0]).__name__ for c in PAIRS])
def test_divergences_against_quadrature(p, q, scipy_p, scipy_q):
    lower, upper = scipy_p.ppf(1e-14), scipy_p.isf(1e-14)

    def integrand(t):
        return scipy_p.pdf(t) * (scipy_p.logpdf(t) - scipy_q.logpdf(t))

    middle = [float(scipy_p.median()), *([0.0] if lower < 0 < upper else [])]
    expected, _ = scipy.integrate.quad(integrand, lower, upper, points=middle, limit=400)
    assert float(KL(p, q).doit()) == pytest.approx(expected, abs=1e-8)
    cross = expected + float(scipy_p.entropy())
    assert float(CrossEntropy(p, q).doit()) == pytest.approx(cross, abs=1e-8)


def test_divergences_of_discrete_laws():
    p, q = Poisson(2), Poisson(Rational(7, 2))
    counts = np.arange(200)
    a, b = scipy.stats.poisson(2), scipy.stats.poisson(3.5)
    assert float(KL(p, q).doit()) == pytest.approx(float(np.sum(a.pmf(counts) * (a.logpmf(counts) - b.logpmf(counts)))))
    first, second = Bernoulli(Rational(1, 3)), Bernoulli(Rational(3, 5))
    assert float(KL(first, second).doit()) == pytest.approx(scipy.stats.entropy([2 / 3, 1 / 3], [2 / 5, 3 / 5]))
    middle = [(2 / 3 + 2 / 5) / 2, (1 / 3 + 3 / 5) / 2]
    jensen_shannon = (scipy.stats.entropy([2 / 3, 1 / 3], middle) + scipy.stats.entropy([2 / 5, 3 / 5], middle)) / 2
    assert float(JSD(first, second).doit()) == pytest.approx(jensen_shannon)


def test_where_the_divergence_is_infinite_or_unknown_nothing_is_claimed():
    outside = KL(Uniform(0, 3), Uniform(0, 1))
    assert outside.doit() == outside
    mixed = KL(Normal(0, 1), Laplace(0, 1))
    assert mixed.doit() == mixed
    unknown = KL(Family("q", ("z",)), Family("p", ("z",)))
    assert unknown.doit() == unknown
    assert KL(StudentT(3), StudentT(5)).doit().func is KL


def test_no_moment_where_there_is_none():
    assert Expectation(x, StudentT(2), x**2).doit().func is Expectation
    assert Expectation(x, StudentT(1), x).doit().func is Expectation
    nu = Symbol("nu", positive=True)
    assert Expectation(x, StudentT(nu), x**2).doit().func is Expectation
    assert Expectation(x, Laplace(0, 1), exp(2 * x)).doit().func is Expectation


def test_a_divergence_in_the_usual_form():
    found = KL(Normal(m, s), Normal(0, 1)).doit()
    assert sympy.simplify(found - half * (s + m**2 - 1 - log(s))) == 0


@settings(max_examples=15, deadline=None)
@given(st.integers(1, 3), st.integers(0, 10_000))
def test_vectors_of_any_dimension(n, seed):
    """KL, entropy, log-density and quadratic forms for symbolic n, then at a matrix of that size against NumPy."""
    rng = np.random.default_rng(seed)
    dim = Symbol("n", integer=True, positive=True)
    mu1, mu2, v = (MatrixSymbol(k, dim, 1) for k in ("mu1", "mu2", "v"))
    s1, s2, a = (MatrixSymbol(k, dim, dim) for k in ("S1", "S2", "A"))

    def spd():
        root = rng.integers(-2, 3, (n, n))
        return root @ root.T + np.eye(n, dtype=int)

    numbers = {mu1: rng.integers(-2, 3, (n, 1)), mu2: rng.integers(-2, 3, (n, 1)), v: rng.integers(-2, 3, (n, 1))}
    numbers |= {s1: spd(), s2: spd(), a: rng.integers(-2, 3, (n, n))}

    def put_in(e):
        concrete = {k: MatrixSymbol(k.name, n, k.shape[1] if k.shape[1] == 1 else n) for k in numbers}
        e = e.subs(dim, n).xreplace({concrete[k]: ImmutableMatrix(w.tolist()) for k, w in numbers.items()})
        return float(e.doit())

    m1, m2, w, c1, c2, mat = (numbers[k].astype(float) for k in (mu1, mu2, v, s1, s2, a))
    inv2 = np.linalg.inv(c2)
    logdet = np.log(np.linalg.det(c2) / np.linalg.det(c1))
    kl = 0.5 * (np.trace(inv2 @ c1) + ((m2 - m1).T @ inv2 @ (m2 - m1)).item() - n + logdet)
    assert put_in(KL(Normal(mu1, s1), Normal(mu2, s2)).doit()) == pytest.approx(kl, abs=1e-9)
    theirs = scipy.stats.multivariate_normal(m1[:, 0], c1)
    assert put_in(Entropy(Normal(mu1, s1)).doit()) == pytest.approx(theirs.entropy())
    assert put_in(log_density(Normal(mu1, s1), v)) == pytest.approx(theirs.logpdf(w[:, 0]))
    z = MatrixSymbol("z", dim, 1)
    form = Expectation(z, Normal(mu1, s1), AsScalar((z - v).T * a * (z + mu2))).doit()
    assert not form.has(Expectation)
    expected = ((m1 - w).T @ mat @ (m1 + m2)).item() + np.trace(mat @ c1)
    assert put_in(form) == pytest.approx(expected)
    square = Expectation(z, Normal(mu1, s1), Norm(z) ** 2).doit()
    assert put_in(square) == pytest.approx((m1.T @ m1).item() + np.trace(c1))


def test_affine_maps_of_a_normal_vector():
    dim = Symbol("n", integer=True, positive=True)
    z, mu, b = (MatrixSymbol(k, dim, 1) for k in ("z", "mu", "b"))
    w, cov = (MatrixSymbol(k, dim, dim) for k in ("W", "S"))
    assert Expectation(z, Normal(mu, cov), w * z + b).doit() == w * mu + b
    assert Variance(z, Normal(mu, cov), w * z + b).doit() == w * cov * w.T
    assert Expectation(z, Normal(mu, cov), sympy.HadamardProduct(z, z)).doit().func.__name__ == "MatrixExpectation"


def test_expectations_against_quadrature():
    for body, law, theirs in (
        (3 * x**4 - 2 * x + 1, Normal(half, 2), scipy.stats.norm(0.5, 2**0.5)),
        (exp(x / 2), Normal(1, half), scipy.stats.norm(1, 0.5**0.5)),
        (x**3, Gamma(2, 3), scipy.stats.gamma(2, scale=1 / 3)),
    ):
        expected = theirs.expect(lambda t, body=body: float(body.subs(x, t)))
        found = Expectation(x, law, body)
        assert float(found.doit()) == pytest.approx(expected, rel=1e-7)
        assert float(found.rewrite(sympy.Integral).evalf(15)) == pytest.approx(expected, rel=1e-7)
    assert float(Expectation(x, Poisson(2), exp(x)).doit()) == pytest.approx(math.exp(2 * (math.e - 1)))


def test_what_does_not_depend_on_the_variable_comes_out():
    assert Expectation(x, Family("p", ("x",)), m).doit() == m
    unknown = Expectation(x, Family("p", ("x",)), x)
    assert unknown.doit() == unknown


def test_probabilities():
    law = Normal(1, 4)
    assert float(Probability(x, law, x < 2).doit().doit()) == pytest.approx(scipy.stats.norm(1, 2).cdf(2))
    assert float(Probability(x, law, x >= 2).doit().doit()) == pytest.approx(scipy.stats.norm(1, 2).sf(2))
    assert float(Probability(x, law, x < 2).doit().doit()) == pytest.approx(scipy.stats.norm(1, 2).cdf(2))
    assert Probability(x, UniformChoice(1, 2, 3, 4), x > 2).doit() == half
    assert Probability(x, law, x < 2).rewrite(Expectation) == Expectation(x, law, Indicator(x < 2))


def test_bounds_of_support():
    for law, _ in CONTINUOUS:
        lower, upper = law.support()
        total = sympy.Integral(exp(law.log_density(x)), (x, lower, upper))
        assert float(total.evalf(10)) == pytest.approx(1, abs=1e-6)
    assert Normal(0, 1).support() == (-oo, oo)
