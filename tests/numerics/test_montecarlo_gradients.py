"""Estimators of gradients: their expectation is the gradient, their variance is the textbook's, and what is biased is
refused."""

from fractions import Fraction

import pytest
import torch
from sampled_relations import worlds

from numerics.gradients import Estimator, closed_form_gradients, moments, pathwise, score_function
from numerics.montecarlo import CannotLower, check_closed
from proofs import terms as t
from proofs.terms import add, divide, function, law, log, mul, normal, number, power, sub, symbol

X, S = symbol("x"), symbol("s")
HALVES = [Fraction(k, 2) for k in range(-3, 5)]


@pytest.mark.parametrize("make", [score_function, pathwise])
def test_the_expectation_is_the_gradient_exactly(make):
    """d/ds E x^2 under N(s, 2) is 2 s."""
    estimators = [make("x", normal(S, t.TWO), power(X, t.TWO), "s", number(m)) for m in HALVES]
    for m, found in zip(HALVES, moments(estimators)):
        assert found.exact and found.mean[0] <= 2 * m <= found.mean[1]
        assert found.mean[1] - found.mean[0] < 1e-12


def test_the_variances_are_those_of_the_textbook():
    """E x^2 under N(m, 1): pathwise 2 x has variance 4; the score function x^2 (x - m) has m^4 + 14 m^2 + 15."""
    for m in HALVES:
        (path,) = moments([pathwise("x", normal(S, t.ONE), power(X, t.TWO), "s", number(m))])
        (score,) = moments([score_function("x", normal(S, t.ONE), power(X, t.TWO), "s", number(m))])
        assert path.variance == pytest.approx(4.0, rel=1e-12)
        assert score.variance == pytest.approx(float(m**4 + 14 * m**2 + 15), rel=1e-12)


def test_claims_about_an_estimator_are_tested_like_any_other():
    """Both estimators of d/ds E tanh x have one expectation; twice one of them is not the other."""

    def pair(factor):
        def make(n):
            m = n.real()
            args = ("x", normal(S, t.ONE), function("tanh", X), "s", m)
            return score_function(*args).expectation(), mul(factor, pathwise(*args).expectation())

        return make

    assert check_closed(worlds(pair(t.ONE)), "=", seconds=240).status == "supported"
    assert check_closed(worlds(pair(t.TWO)), "=", seconds=240).status == "refuted"


def test_the_variance_is_a_term_that_can_be_claimed():
    def make(factor):
        def pairs(n):
            e = pathwise("x", normal(S, t.ONE), power(X, t.TWO), "s", n.real())
            return e.variance(), mul(factor, number(4))

        return pairs

    assert check_closed(worlds(make(t.ONE)), "=", seconds=240).status == "supported"
    assert check_closed(worlds(make(t.TWO)), "=", seconds=240).status == "refuted"


def test_an_integrand_that_depends_on_the_parameter_itself():
    """d/ds E (x s)^2 under N(s, 1) = d/ds (s^4 + s^2) = 4 s^3 + 2 s."""
    f = power(mul(X, S), t.TWO)
    for make in (score_function, pathwise):
        for m, found in zip(HALVES, moments([make("x", normal(S, t.ONE), f, "s", number(m)) for m in HALVES])):
            assert found.mean[0] <= 4 * m**3 + 2 * m <= found.mean[1]


def test_laws_with_other_paths():
    """d/ds E x = -1/s^2 for an exponential law of rate s, 1 for a uniform law on [s, s + 3]."""
    rate = pathwise("x", law("exponential", S), X, "s", t.TWO)
    (found,) = moments([rate])
    assert found.mean[0] <= -0.25 <= found.mean[1]
    (found,) = moments([pathwise("x", law("uniform", S, add(S, number(3))), X, "s", t.TWO)])
    assert found.mean[0] <= 1 <= found.mean[1] and found.variance < 1e-12


def test_sampled_moments_lie_around_the_truth():
    """d/dp E x under Bernoulli(p) is 1; log-densities of a Bernoulli draw are no polynomials."""
    estimators = [score_function("x", law("bernoulli", S), X, "s", number(Fraction(k, 10))) for k in range(1, 10)]
    for k, found in enumerate(moments(estimators), 1):
        assert found.mean[0] <= 1 <= found.mean[1]
        assert found.variance == pytest.approx(10 / k - 1, rel=0.1)  # x / p has variance 1/p - 1; 2^16 samples


@pytest.mark.parametrize(
    "make, law_, f, reason",
    [
        (pathwise, normal(S, t.ONE), t.indicator(t.compare(">", X, t.ZERO)), "jump"),
        (pathwise, law("bernoulli", S), X, "bernoulli"),
        (score_function, law("uniform", t.ZERO, S), X, "support moves"),
        (score_function, t.family("p", ("x",)), X, "family"),
    ],
)
def test_what_is_biased_or_unknown_is_refused(make, law_, f, reason):
    with pytest.raises(CannotLower, match=reason):
        make("x", law_, f, "s", t.HALF)


def test_autograd_over_all_worlds_at_once_gives_each_its_own_gradient():
    """KL(N(a, b) || N(0, 1)) = (a^2 + b - 1 - log b)/2 has the gradient (a, (1 - 1/b)/2)."""
    a, b = symbol("a"), symbol("b")
    closed = divide(sub(add(power(a, t.TWO), b), add(t.ONE, log(b))), t.TWO)
    table = {"a": [0.0, 1.0, -2.5], "b": [1.0, 0.5, 4.0], "c": [1.0, 2.0, 3.0]}
    value, gradient = closed_form_gradients(closed, table)
    wide = {n: torch.tensor(v, dtype=torch.float64) for n, v in table.items()}
    assert torch.allclose(value, (wide["a"] ** 2 + wide["b"] - 1 - wide["b"].log()) / 2, rtol=1e-14)
    assert torch.allclose(gradient["a"], wide["a"], rtol=1e-14)
    assert torch.allclose(gradient["b"], (1 - 1 / wide["b"]) / 2, rtol=1e-14)
    assert torch.equal(gradient["c"], torch.zeros(3, dtype=torch.float64))
    with pytest.raises(ValueError, match="different numbers of worlds"):
        closed_form_gradients(closed, {"a": [1.0], "b": [1.0, 2.0]})


def test_an_estimator_says_what_it_is():
    e = score_function("x", normal(S, t.ONE), X, "s", t.ZERO)
    assert isinstance(e, Estimator) and e.kind == "score function" and e.law == normal(t.ZERO, t.ONE)
