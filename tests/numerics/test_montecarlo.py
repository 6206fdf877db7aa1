"""`check_closed`: true relations are supported, wrong ones refuted, and what cannot be sampled is refused by name."""

import itertools
import random
import re
import subprocess
import sys
import time
from fractions import Fraction

import pytest
import torch
from scipy.stats import binom

from numerics.montecarlo import check_closed
from numerics.montecarlo.integrands import combine
from numerics.montecarlo.philox import make_key
from numerics.montecarlo.structure import structures
from proofs import terms as t
from proofs.terms import (
    add,
    divide,
    expectation,
    function,
    kl,
    law,
    log,
    mul,
    neg,
    normal,
    number,
    pdf,
    power,
    sub,
    symbol,
)

torch.set_num_threads(1)
X, Z = symbol("x"), symbol("z")


class Numbers:
    """Random parameters of the worlds."""

    def __init__(self, seed=0):
        self.random = random.Random(seed)

    def real(self):
        return number(Fraction(self.random.randint(-16, 16), 8))

    def positive(self):
        return number(Fraction(self.random.randint(2, 21), 8))

    def vector(self, d):
        return t.matrix(d, 1, [self.real() for _ in range(d)])

    def spd(self, d):
        a = [[Fraction(self.random.randint(-4, 4), 4) for _ in range(d)] for _ in range(d)]
        entries = [sum(a[i][k] * a[j][k] for k in range(d)) + (i == j) for i in range(d) for j in range(d)]
        return t.matrix(d, d, map(number, entries))


def worlds(make, count=8, seed=0):
    numbers = Numbers(seed)
    return [make(numbers) for _ in range(count)]


def gaussian_kl(half=True):
    def make(n):
        m1, m2, v1, v2 = n.real(), n.real(), n.positive(), n.positive()
        bracket = add(log(divide(v2, v1)), divide(add(v1, power(sub(m1, m2), t.TWO)), v2), neg(t.ONE))
        return kl(normal(m1, v1), normal(m2, v2)), mul(t.HALF, bracket) if half else bracket

    return make


def gan_value(constant):
    def make(n):
        p, q = normal(n.real(), n.positive()), normal(n.real(), n.positive())
        d = divide(pdf(p, X), add(pdf(p, X), pdf(q, X)))
        value = add(expectation("x", p, log(d)), expectation("x", q, log(sub(t.ONE, d))))
        return value, sub(mul(t.TWO, t.jsd(p, q)), log(number(constant)))

    return make


def entropy(sign):
    def make(n):
        v = n.positive()
        value = mul(t.HALF, log(mul(t.TWO, t.PI, t.constant("e"), v)))
        return t.term("entropy", (normal(n.real(), v),)), value if sign > 0 else neg(value)

    return make


def vector_kl(sign):
    def make(n):
        d = n.random.choice([2, 3])
        m, s = n.vector(d), n.spd(d)
        logdet = log(t.det(s))
        total = add(t.trace(s), mul(t.transpose(m), m), number(-d), neg(logdet) if sign > 0 else logdet)
        return kl(normal(m, s), normal(t.zeros(d), t.identity(d))), mul(t.HALF, total)

    return make


def linear_vae(missing):
    """ELBO of x|z ~ N(wz, s), z ~ N(0, 1) under q = N(m, v): expectation against closed form."""

    def make(n):
        w, x, s, m, v = n.real(), n.real(), n.positive(), n.real(), n.positive()
        q, prior = normal(m, v), normal(t.ZERO, t.ONE)
        bound = sub(expectation("z", q, log(pdf(normal(mul(w, Z), s), x))), kl(q, prior))
        fit = add(power(sub(x, mul(w, m)), t.TWO), t.ZERO if missing else mul(power(w, t.TWO), v))
        closed = mul(neg(t.HALF), add(log(mul(t.TWO, t.PI, s)), divide(fit, s)))
        return bound, sub(closed, mul(t.HALF, sub(add(v, power(m, t.TWO)), add(t.ONE, log(v)))))

    return make


def tower(n):
    a, b, c = n.real(), n.positive(), n.positive()
    inner = expectation("x", normal(Z, c), power(X, t.TWO))
    return expectation("z", normal(a, b), inner), add(power(a, t.TWO), b, c)


def product_of_means(n):
    m, v = n.real(), n.positive()
    return power(expectation("x", normal(m, v), X), t.TWO), power(m, t.TWO)


def covariance_matrix(n):
    m, s = n.vector(2), n.spd(2)
    x = symbol("x", t.vector_sort(2))
    return t.term("covariance", (normal(m, s), x, x), ("x",), t.matrix_sort(2, 2)), s


def score(n):
    p = normal(n.real(), n.positive())
    return expectation("x", p, t.derivative(log(pdf(p, X)), "x")), t.ZERO


def mixture_mean(n):
    a, b = n.real(), n.real()
    density = add(mul(number("1/3"), pdf(normal(a, t.ONE), X)), mul(number("2/3"), pdf(normal(b, t.TWO), X)))
    return expectation("x", t.term("with_density", (density,), ("x",), t.LAW), X), divide(
        add(a, mul(t.TWO, b)), number(3)
    )


def exponential_log(sign):
    """E log x = -gamma - log rate."""

    def make(n):
        rate = n.positive()
        right = neg(add(t.constant("euler_gamma"), log(rate)))
        return expectation("x", law("exponential", rate), log(X)), right if sign > 0 else neg(right)

    return make


def gamma_mean(combine_):
    def make(n):
        a, b = n.positive(), n.positive()
        return expectation("x", law("gamma", a, b), X), combine_(a, b)

    return make


def poisson_variance(n):
    rate = n.positive()
    return t.variance("x", law("poisson", rate), X), rate


def square_integral(n):
    a = n.positive()
    return t.integral("x", mul(a, power(X, t.TWO)), t.ZERO, a), divide(power(a, number(4)), number(3))


def doubled(make_, factor):
    def make(n):
        left, right = make_(n)
        return left, mul(factor, right)

    return make


S = symbol("s")


def slope(body, at, law_=lambda s: normal(s, t.TWO)):
    """d/ds E_{x ~ law(s)} body, at a point."""
    return t.at("s", t.derivative(expectation("x", law_(S), body), "s"), at)


def score_estimator(factor):
    """d/ds E x^2 under N(s, v), against E x^2 times the score."""

    def make(n):
        m, v = n.real(), n.positive()
        by_score = t.at("s", t.derivative(log(pdf(normal(S, v), X)), "s"), m)
        estimator = expectation("x", normal(m, v), mul(factor, power(X, t.TWO), by_score))
        return slope(power(X, t.TWO), m, lambda s: normal(s, v)), estimator

    return make


def pathwise_variance(n):
    m, s = n.real(), n.positive()
    return slope(power(X, t.TWO), s, lambda s: normal(m, power(s, t.TWO))), mul(t.TWO, s)


def stein(factor):
    """E (x - m) f(x) = v E f'(x)."""

    def make(n):
        m, v = n.real(), n.positive()
        p = normal(m, v)
        left = expectation("x", p, mul(sub(X, m), function("tanh", X)))
        return left, mul(factor(v), expectation("x", p, t.derivative(function("tanh", X), "x")))

    return make


TRUE = {
    "KL of normals": gaussian_kl(),
    "KL of normal vectors": vector_kl(+1),
    "value of the GAN game": gan_value(4),
    "entropy of a normal": entropy(+1),
    "ELBO of a linear VAE": linear_vae(False),
    "tower rule": tower,
    "square of a mean": product_of_means,
    "covariance of a normal vector": covariance_matrix,
    "mean of a score": score,
    "mean of a mixture": mixture_mean,
    "mean of a gamma law": gamma_mean(divide),
    "E log of an exponential": exponential_log(+1),
    "variance of a Poisson law": poisson_variance,
    "integral of a square": square_integral,
    "score-function estimator": score_estimator(t.ONE),
    "pathwise gradient of a scale": pathwise_variance,
    "Stein's identity": stein(lambda v: v),
}
WRONG = {
    "KL without its half": gaussian_kl(half=False),
    "KL of vectors, sign of the determinant": vector_kl(-1),
    "GAN value with log 2 for log 4": gan_value(2),
    "entropy with the wrong sign": entropy(-1),
    "ELBO without the trace term": linear_vae(True),
    "covariance for its double": doubled(covariance_matrix, t.TWO),
    "E log of an exponential, sign": exponential_log(-1),
    "mean of a gamma law, scale for rate": gamma_mean(mul),
    "mean of a mixture, halved": doubled(mixture_mean, t.HALF),
    "score-function estimator, doubled": score_estimator(t.TWO),
    "Stein's identity without the variance": stein(lambda v: t.ONE),
}


@pytest.mark.parametrize("name", TRUE)
def test_true_relations_are_supported(name):
    result = check_closed(worlds(TRUE[name]), "=", seconds=30)
    assert result.status == "supported", result.reason
    assert result.evidence.worlds == 8
    assert result.evidence.resolution is not None and result.evidence.resolution <= 1e-2


@pytest.mark.parametrize("name", WRONG)
def test_wrong_relations_are_refuted(name):
    pairs = worlds(WRONG[name])
    result = check_closed(pairs, "=", seconds=30)
    assert result.status == "refuted", result.reason
    assert result.world is not None and result.sides is not None
    low, high = result.evidence.interval
    assert low > 0 or high < 0
    assert result.assumed == []


def jensen(n):
    m, v = n.real(), n.positive()
    return expectation("x", normal(m, v), function("softplus", X)), function("softplus", m)


def test_inequalities():
    pairs = worlds(jensen)
    for rel, expected in ((">=", "supported"), (">", "supported"), ("<=", "refuted"), ("<", "refuted")):
        assert check_closed(pairs, rel, seconds=30).status == expected, rel
    equal = worlds(product_of_means)
    assert check_closed(equal, "<=", seconds=30).status == "supported"
    assert check_closed(equal, "<", seconds=0.5).status == "undecided"


def test_large_numbers_with_small_deviations_are_not_refuted():
    """N(1000, 0.001^2) from N(1000.00k, 0.001^2): float32 would refute the true value."""

    def make(k):
        v = number(Fraction(1, 10**6))
        first, second = normal(number(1000), v), normal(number(1000 + Fraction(k, 1000)), v)
        return kl(first, second), divide(number(k * k), t.TWO)

    assert check_closed([make(k) for k in range(1, 9)], "=", seconds=30).status == "supported"


def null_relation(n):
    """No exact moments here: log-sigmoid of a normal, against minus softplus of its mirror image."""
    v = n.positive()
    m = n.real()
    left = expectation("x", normal(m, v), function("sigmoid", X))
    right = sub(t.ONE, expectation("z", normal(neg(m), v), function("sigmoid", Z)))
    return left, right


def test_false_alarms_of_whole_checks():
    """At alpha = 1e-2 a true relation is refuted in at most 1e-2 of independent checks (binomial bound at 1e-9)."""
    runs, pairs = 150, worlds(null_relation, 2)
    start = time.monotonic()
    alarms = done = 0
    for seed in range(runs):
        alarms += check_closed(pairs, "=", seed=seed, alpha=1e-2, seconds=0.04).status == "refuted"
        done += 1
        if time.monotonic() - start > 6:
            break
    assert done >= 20
    assert alarms <= binom.isf(1e-9, done, 1e-2)


def test_power_of_whole_checks():
    """An error of a tenth of a standard deviation is refuted, whatever the seed."""

    def shifted(n):
        left, right = null_relation(n)
        return left, add(right, number("1/20"))

    for seed in range(5):
        assert check_closed(worlds(shifted), "=", seed=seed, seconds=30).status == "refuted"


def test_same_seed_same_result_and_other_seed_other_samples():
    pairs = worlds(null_relation)
    first, again, other = (check_closed(pairs, "=", seed=s, claim="c", seconds=30) for s in (1, 1, 2))
    assert first == again
    assert first.evidence.interval != other.evidence.interval


def test_sums_do_not_depend_on_the_batches():
    (s,) = structures(list(enumerate(combine(sub(*p)) for p in worlds(gaussian_kl(), 3))))

    def total(rows, cuts):
        key, result = make_key(0, 0), 0.0
        for a, b in itertools.pairwise(cuts):
            result += float(s.evaluate(s.draw(rows, key, a, b - a, "cpu"), len(rows), b - a).sum())
        return result

    whole = total([0, 1, 2], [0, 10_000])
    assert total([0, 1, 2], [0, 1, 777, 5001, 10_000]) == pytest.approx(whole, rel=1e-12)
    assert sum(total([r], [0, 10_000]) for r in range(3)) == pytest.approx(whole, rel=1e-12)


# -------------------------------------------------------------------------------------------------- refusals


def eight(make):
    return [make(number(k)) for k in range(1, 9)]


def over(body, of=None):
    return lambda k: (expectation("x", of or normal(k, t.ONE), body), t.ONE)


REFUSED = {
    "log of an expectation": (
        lambda k: (log(expectation("x", normal(k, t.ONE), t.exp(X))), k),
        "log of an expectation",
    ),
    "reciprocal": (lambda k: (power(expectation("x", normal(k, t.ONE), X), t.MINUS_ONE), k), "power of an expectation"),
    "law with a random parameter": (
        lambda k: (expectation("x", normal(expectation("z", normal(k, t.ONE), Z), t.ONE), X), k),
        "parameter of the law",
    ),
    "unknown function": (over(t.call("f", (X,))), "call"),
    "free symbol": (over(symbol("theta")), "theta has no value"),
    "unknown density": (over(X, t.family("p", ("x",))), "density p is not known"),
    "no finite mean": (over(X, law("student_t", t.ONE)), "infinite"),
    "no finite variance": (over(power(X, t.TWO), law("student_t", number(3))), "infinite"),
    "variance that seems to diverge": (over(t.exp(power(X, t.TWO))), "seems to diverge"),
    "heavy tails": (over(t.exp(mul(number(2), X))), "too heavy|seems to diverge"),
    "non-finite sample": (over(log(X)), "not finite"),
    "KL that is infinite": (
        lambda k: (kl(law("uniform", t.ZERO, number(3)), law("uniform", t.ZERO, t.ONE)), k), "not finite",
    ),
    "invalid law": (over(X, normal(t.ZERO, number(-1))), "negative variance"),
    "improper integral": (lambda k: (t.integral("x", t.exp(neg(power(X, t.TWO)))), k), "unbounded range"),
    "derivative across a jump": (lambda k: (slope(t.indicator(t.compare(">", X, t.ZERO)), k), t.ONE), "jump"),
    "derivative where there is no value": (over(mul(X, t.derivative(log(X), "x"))), "has no value"),
    "derivative by a parameter of a discrete law": (
        lambda k: (slope(X, divide(k, number(9)), lambda p: law("bernoulli", p)), t.ONE),
        "parameter of the law bernoulli",
    ),
    "nothing random": (lambda k: (k, k), "nothing is random"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_refuses_by_name(name):
    make, reason = REFUSED[name]
    result = check_closed(eight(make), "=", seconds=5)
    assert result.status == "undecided"
    assert re.search(reason, result.reason), result.reason


def test_too_few_worlds_do_not_support():
    result = check_closed(worlds(gaussian_kl(), 7), "=", seconds=30)
    assert result.status == "undecided" and "8 are asked for" in result.reason


def test_degenerate_worlds_do_not_count_but_refute():
    constant = (expectation("x", normal(t.ZERO, t.ONE), number(3)), number(3))
    assert check_closed([constant] * 8, "=", seconds=5).status == "undecided"
    wrong = (constant[0], number(4))
    assert check_closed([wrong] * 8, "=", seconds=5).status == "refuted"


def test_a_rare_event_is_not_overlooked():
    """x + 1e8 [x > 6] has mean 0.1; whatever can be drawn looks like a standard normal."""
    rare = mul(number(10**8), t.indicator(t.compare(">", X, number(6))))
    noisy = expectation("x", normal(t.ZERO, t.ONE), add(X, rare))
    assert check_closed([(noisy, t.ZERO)] * 8, "=", seconds=1).status == "undecided"
    hidden = (noisy, expectation("x", normal(t.ZERO, t.ONE), X))
    assert check_closed([hidden] * 8, "=", seconds=1).status == "undecided"


def test_sides_that_agree_sample_by_sample_but_for_a_little():
    """A constant of 1/1000 beside identical integrands must not be supported."""

    def make(n):
        p = normal(n.real(), n.positive())
        left = expectation("x", p, log(function("sigmoid", X)))
        return left, expectation("x", p, add(number("1/1000"), sub(X, function("softplus", X))))

    assert check_closed(worlds(make), "=", seconds=2).status != "supported"


def test_errors_below_the_resolution_are_seen_by_exact_moments():
    """A thousandth of a standard deviation is below what is sampled, but the moments of a polynomial are known."""

    def make(n):
        left, right = gaussian_kl()(n)
        return left, add(right, number(Fraction(1, 10**6)))

    result = check_closed(worlds(make), "=", seconds=30)
    assert result.status == "refuted" and "exact moments" in result.reason


def test_relations_that_are_not_tested():
    pair = worlds(gaussian_kl())
    assert "not tested" in check_closed(pair, "approx").reason
    assert "no world" in check_closed([], "=").reason


def test_no_time_at_all_is_no_error():
    for seconds in (0.0, 1e-3, 5e-3, 2e-2):
        result = check_closed(worlds(gaussian_kl()), "=", seconds=seconds)
        assert result.status == "undecided" and "out of time" in result.reason


def test_time_is_kept():
    start = time.monotonic()
    result = check_closed(worlds(gaussian_kl()), "=", deep=True, seconds=0.5)
    assert result.status == "undecided" and "out of time" in result.reason
    assert time.monotonic() - start < 3


def test_torch_is_imported_only_to_draw():
    code = "import sys; import numerics.montecarlo, numerics.decision; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
