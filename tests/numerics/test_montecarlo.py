"""`check_closed`: true relations are supported, wrong ones refuted, at the stated errors, in the time given."""

import itertools
import subprocess
import sys
from dataclasses import replace
from fractions import Fraction

import pytest
import torch
from sampled_relations import TRUE, WRONG, X, Z, gaussian_kl, product_of_means, worlds
from scipy.stats import binom

from numerics.montecarlo import check_closed
from numerics.montecarlo.integrands import combine
from numerics.montecarlo.philox import make_key
from numerics.montecarlo.structure import structures
from proofs import clock
from proofs import terms as t
from proofs.terms import (
    add,
    divide,
    expectation,
    function,
    kl,
    log,
    mul,
    neg,
    normal,
    number,
    sub,
)

torch.set_num_threads(1)


@pytest.mark.parametrize("name", TRUE)
def test_true_relations_are_supported(name):
    result = check_closed(worlds(TRUE[name]), "=", seconds=240)
    assert result.status == "supported", result.reason
    assert result.evidence.worlds == 8
    assert result.evidence.resolution is not None and result.evidence.resolution <= 1e-2


@pytest.mark.parametrize("name", WRONG)
def test_wrong_relations_are_refuted(name):
    pairs = worlds(WRONG[name])
    result = check_closed(pairs, "=", seconds=240)
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
        assert check_closed(pairs, rel, seconds=240).status == expected, rel
    equal = worlds(product_of_means)
    assert check_closed(equal, "<=", seconds=240).status == "supported"
    assert check_closed(equal, "<", seconds=0.5).status == "undecided"


def test_large_numbers_with_small_deviations_are_not_refuted():
    """N(1000, 0.001^2) from N(1000.00k, 0.001^2): float32 would refute the true value."""

    def make(k):
        v = number(Fraction(1, 10**6))
        first, second = normal(number(1000), v), normal(number(1000 + Fraction(k, 1000)), v)
        return kl(first, second), divide(number(k * k), t.TWO)

    assert check_closed([make(k) for k in range(1, 9)], "=", seconds=240).status == "supported"


def null_relation(n):
    """No exact moments here: log-sigmoid of a normal, against minus softplus of its mirror image."""
    v = n.positive()
    m = n.real()
    left = expectation("x", normal(m, v), function("sigmoid", X))
    right = sub(t.ONE, expectation("z", normal(neg(m), v), function("sigmoid", Z)))
    return left, right


def test_false_alarms_of_whole_checks():
    """At alpha = 1e-2 a true relation is refuted in at most 1e-2 of independent checks (binomial bound at 1e-9)."""
    runs, pairs = 60, worlds(null_relation, 2)
    alarms = sum(
        check_closed(pairs, "=", seed=seed, alpha=1e-2, seconds=0.04).status == "refuted" for seed in range(runs)
    )
    assert alarms <= binom.isf(1e-9, runs, 1e-2)


def test_power_of_whole_checks():
    """An error of a tenth of a standard deviation is refuted, whatever the seed."""

    def shifted(n):
        left, right = null_relation(n)
        return left, add(right, number("1/20"))

    for seed in range(5):
        assert check_closed(worlds(shifted), "=", seed=seed, seconds=240).status == "refuted"


def test_same_seed_same_result_and_other_seed_other_samples():
    pairs = worlds(null_relation)
    first, again, other = (check_closed(pairs, "=", seed=s, claim="c", seconds=240) for s in (1, 1, 2))
    # whether a kernel is compiled depends on the machine at the moment, and with it the last bits of the sums
    assert replace(first.evidence, interval=None, resolution=None) == replace(
        again.evidence, interval=None, resolution=None
    )
    assert first.status == again.status
    assert first.evidence.interval == pytest.approx(again.evidence.interval, rel=1e-9)
    assert first.evidence.interval != pytest.approx(other.evidence.interval, rel=1e-6)


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


# ------------------------------------------------------------------------------------------- worlds, and time
def test_too_few_worlds_do_not_support():
    result = check_closed(worlds(gaussian_kl(), 7), "=", seconds=240)
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

    result = check_closed(worlds(make), "=", seconds=240)
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
    start = clock.now()
    result = check_closed(worlds(gaussian_kl()), "=", deep=True, seconds=0.5)
    assert result.status == "undecided" and "out of time" in result.reason
    assert clock.now() - start < 3


def test_torch_is_imported_only_to_draw():
    code = "import sys; import numerics.montecarlo, numerics.decision; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
