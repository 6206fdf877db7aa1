"""The sequential rule: its error rates, its power, its companions, and how partial results merge."""

import math
import random
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom

from numerics.decision import (
    Sums,
    decide,
    half_width,
    log_e_value,
    merge,
    mixture_scale,
    radii,
    samples_at,
    samples_needed,
    smallest_detectable_error,
)

floats = st.floats(-1e6, 1e6)
sums = st.builds(lambda n, t, q: Sums.of(n, t, abs(q)), st.integers(1, 1000), floats, floats)


@settings(max_examples=100, deadline=None)
@given(st.lists(sums, min_size=1, max_size=8), st.randoms(use_true_random=False))
def test_merging_is_exact_in_any_order_and_grouping(parts, rng):
    shuffled = parts[:]
    rng.shuffle(shuffled)
    cut = rng.randrange(len(parts) + 1)
    assert merge(parts) == merge(shuffled) == merge(shuffled[:cut]) + merge(shuffled[cut:])


def test_a_sum_that_is_not_finite_is_refused():
    for bad in (math.nan, math.inf):
        with pytest.raises(ValueError, match="not finite"):
            Sums.of(10, bad, 1.0)
        with pytest.raises(ValueError, match="not finite"):
            Sums.of(10, 1.0, bad)


def test_inequality_behind_the_supermartingale():
    """exp(y - y^2/6) <= 1 + y + y^2/3: minimised over y in closed intervals by its derivative's sign on a fine grid."""
    y = np.concatenate([np.linspace(-60, 60, 2_000_001), np.linspace(-1e-3, 1e-3, 20_001)])
    gap = 1 + y + y**2 / 3 - np.exp(y - y**2 / 6)
    assert gap.min() > -1e-15


def test_mixture_scale_is_that_of_the_design():
    assert mixture_scale(1e-9, 45.28, 1.0) == pytest.approx(1.0, abs=1e-4)
    for alpha in (1e-9, 1e-3, 0.05):
        best = mixture_scale(alpha, 1000, 2.0)
        width = radii(1000, 2000.0, alpha, 2.0, best)[0]
        for factor in (0.5, 0.9, 1.1, 2.0):
            assert radii(1000, 2000.0, alpha, 2.0, best * factor)[0] > width


def test_half_width_is_the_published_one():
    """6.80 standard errors at the planned n, at most 7.26 from a tenth to a hundred times of it."""
    n = 10**6
    assert half_width(n, 1.0) * math.sqrt(n) == pytest.approx(6.80, abs=0.01)
    rho = mixture_scale(1e-9, n, 1.0)
    for m in (n // 10, n, 100 * n):
        assert radii(m, float(m), 1e-9, 1.0, rho)[0] * math.sqrt(m) < 7.265


@settings(max_examples=200, deadline=None)
@given(
    st.integers(2, 10**6), st.floats(0, 1e3), st.floats(-5, 5), st.sampled_from([1e-9, 1e-3, 0.05]),
    st.floats(1e-3, 1e3), st.floats(1e-3, 1e3),
)  # fmt: skip
def test_the_set_is_where_the_e_value_is_small(n, spread, mean, alpha, variance, rho):
    """`radii` inverts `log_e_value`: just inside either radius the value is accepted, just outside rejected."""
    centred = n * spread
    inner, outer = radii(n, centred, alpha, variance, rho)
    squares = centred + n * mean * mean

    def accepted(distance):
        return log_e_value(n, n * mean, squares, mean + distance, variance, rho) < -math.log(alpha)

    tolerance = 1e-6
    assert accepted(0.0)
    if inner == math.inf:
        for k in range(-10, 30):
            assert accepted(2.0**k)
        return
    assert inner > 1e-9 * abs(mean)
    assert accepted(inner * (1 - tolerance)) and not accepted(inner * (1 + tolerance))
    if outer < 1e12:
        assert accepted(outer * (1 + tolerance)) and not accepted(outer * (1 - tolerance))


LAWS = {
    "normal": (lambda g, n: g.standard_normal(n), 1.0),
    "rare": (lambda g, n: (g.random(n) < 1e-3) - 1e-3, 1e-3 * (1 - 1e-3)),
    "fourth power": (lambda g, n: g.standard_normal(n) ** 4 - 3.0, 96.0),
    "heavy": (lambda g, n: g.pareto(2.1, n) - 1 / 1.1, 2.1 / (1.1**2 * 0.1)),
    "lognormal": (
        lambda g, n: np.exp(1.5 * g.standard_normal(n)) - math.exp(1.125),
        math.exp(2.25) * (math.exp(2.25) - 1),
    ),
}
RUNS, LOOKS, EACH, ALPHA = 3000, 16, 64, 1e-2


def looks(draw, seed, shift=0.0):
    """For each run the sums at every look."""
    g = np.random.Generator(np.random.Philox(seed))
    h = draw(g, (RUNS, LOOKS * EACH)) + shift
    edges = np.arange(1, LOOKS + 1) * EACH - 1
    return np.cumsum(h, 1)[:, edges], np.cumsum(h * h, 1)[:, edges]


@pytest.mark.parametrize("name", LAWS)
def test_false_alarms_with_a_look_after_every_block(name):
    """More than this many of the runs would refute with probability below 1e-9 if alpha were not kept."""
    draw, variance = LAWS[name]
    totals, squares = looks(draw, 5)
    rho = mixture_scale(ALPHA, LOOKS * EACH / 2, variance)
    n = np.arange(1, LOOKS + 1) * EACH
    alarms = 0
    for run in range(RUNS):
        alarms += any(
            log_e_value(int(n[k]), totals[run, k], squares[run, k], 0.0, variance, rho) >= -math.log(ALPHA)
            for k in range(LOOKS)
        )
    assert alarms <= binom.isf(1e-9, RUNS, ALPHA)


def test_peeking_at_a_fixed_sample_test_would_fail_the_same_bound():
    """The bound above can fail: the usual z test, looked at after every block, does."""
    totals, squares = looks(LAWS["rare"][0], 5)
    n = np.arange(1, LOOKS + 1) * EACH
    deviation = np.sqrt(np.maximum(squares / n - (totals / n) ** 2, 1e-30))
    alarms = (np.abs(totals) / np.sqrt(n) / deviation > 2.5758).any(1).sum()
    assert alarms > binom.isf(1e-9, RUNS, ALPHA)


@pytest.mark.parametrize("name", ["normal", "rare", "fourth power"])
def test_power_an_error_above_the_smallest_detectable_is_refuted(name):
    draw, variance = LAWS[name]
    n = LOOKS * EACH
    beta = 1e-2
    error = smallest_detectable_error(n, variance, alpha=ALPHA, beta=beta) * 1.2
    totals, squares = looks(draw, 6, shift=error)
    missed = 0
    for run in range(RUNS):
        found = decide(
            Sums.of(n, totals[run, -1], squares[run, -1]), 0.0, alpha=ALPHA, resolution=error, variance_bound=variance,
            certified=True, rho=mixture_scale(ALPHA, n, variance),
        )  # fmt: skip
        missed += found.status != "refuted"
    assert missed <= binom.isf(1e-9, RUNS, beta)


def test_companions_are_inverse_and_monotone():
    for error in (0.5, 1e-2, 1e-3):
        n = samples_needed(error, 2.0)
        assert smallest_detectable_error(n, 2.0) <= error < smallest_detectable_error(max(int(n * 0.99), 1), 2.0)
    assert samples_at(1e-2, 1.0) == pytest.approx((6.80 / 1e-2) ** 2, rel=0.01)
    widths = [half_width(n, 1.0) for n in (10, 100, 1000)]
    assert widths == sorted(widths, reverse=True)
    with pytest.raises(ValueError, match="positive"):
        samples_needed(0.0, 1.0)


def constant_sums(n, mean, variance=1.0):
    return Sums(n, Fraction(mean) * n, (Fraction(variance) + Fraction(mean) ** 2) * n)


def verdict(mean, rel="=", n=10**6, resolution=1e-2, **options):
    settings_ = {"slack": 0.0, "variance_bound": 1.0, "certified": True, "mean_bound": 10.0, **options}
    return decide(constant_sums(n, mean), 0.0, rel, resolution=resolution, **settings_).status


def test_decisions_on_either_side():
    assert verdict(0.0) == "supported"
    assert verdict(0.02) == verdict(-0.02) == "refuted"
    assert verdict(0.005) == "continue"
    assert verdict(0.02, "<=") == verdict(0.02, "<") == verdict(-0.02, ">=") == verdict(-0.02, ">") == "refuted"
    assert verdict(-0.02, "<=") == verdict(-0.02, "<") == verdict(0.02, ">=") == verdict(0.02, ">") == "supported"
    assert verdict(0.0, "<=") == verdict(0.0, ">=") == "supported"
    # equality is no strict inequality, and no sample can tell them apart
    assert verdict(0.0, "<") == verdict(0.0, ">") == "continue"
    assert verdict(0.0, n=1000) == "continue"
    assert verdict(0.01, slack=0.004) == "continue" and verdict(0.01, slack=0.001) == "refuted"


def test_an_assumed_bound_never_refutes():
    assert verdict(0.5, certified=False) == "continue"
    assert verdict(0.0, certified=False) == "supported"


def test_nothing_is_supported_without_a_bound_of_the_mean_when_few_samples_are_seen():
    """Absurdly distant means cannot be rejected by a handful of samples."""
    found = decide(constant_sums(20, 0.0), 0.0, resolution=3.0, variance_bound=1.0, certified=True, mean_bound=math.inf)
    assert found.status == "continue"


def test_bad_arguments_are_refused():
    one = constant_sums(10, 0.0)
    with pytest.raises(ValueError, match="no decision"):
        decide(one, 0.0, "!=", resolution=1.0, variance_bound=1.0, certified=True)
    with pytest.raises(ValueError, match="out of range"):
        decide(one, 0.0, resolution=0.1, slack=0.2, variance_bound=1.0, certified=True)


def test_random_order_of_batches_gives_the_same_decision():
    rng = random.Random(0)
    parts = [Sums.of(100, rng.gauss(0, 10), 100 + rng.random()) for _ in range(50)]
    results = set()
    for _ in range(5):
        rng.shuffle(parts)
        d = decide(merge(parts), 0.0, resolution=0.5, variance_bound=1.0, certified=True, mean_bound=3.0)
        results.add((d.status, d.interval, d.log_e))
    assert len(results) == 1
