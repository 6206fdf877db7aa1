"""Bounds of rounding known before sampling: they hold, and they are refused where nothing is certain."""

import math

import pytest
import torch
from sampled_kernels import KEY, structure, uncompiled
from sampled_relations import TRUE, gan_value, gaussian_kl, linear_vae, score, stein, worlds

from numerics.montecarlo import check_closed
from numerics.montecarlo.certified_rounding import certify_rounding
from numerics.montecarlo.draw_errors import norm, size
from numerics.montecarlo.integrands import combine
from numerics.montecarlo.interpret import NotCovered
from numerics.montecarlo.lanes import Counters, Lane
from numerics.montecarlo.philox import key_schedule
from proofs import terms as t
from proofs.terms import expectation, law, normal, number, power, symbol

X = symbol("x")
N = 1 << 18


def coupled_uniforms(precision):
    """Computed normals and exponentials, and those of a U uniform in the same cells, in float64."""
    counters = Counters(torch.tensor(key_schedule(KEY)), torch.tensor([[0]]), torch.arange(N).unsqueeze(0), precision)
    words = counters.words(0, 0)
    torch.manual_seed(0)
    u, v = (
        (words[k].double() + torch.rand(1, N, dtype=torch.float64)) * 2.0**-32 for k in (0, 1)
    )  # precise enough to measure errors of float32
    return u, v, counters, words


def float32_normal(words):
    u = ((words[0].float() + 0.5) * 2.0**-32).clamp_max(1 - 2.0**-24)
    v = (words[1].float() + 0.5) * 2.0**-32
    return torch.sqrt(-2.0 * torch.log(u)) * torch.cos(v * (2 * torch.pi))


@pytest.mark.parametrize("a, b", [(0, 1), (1, 1), (2, 1), (4, 1), (0, 2), (2, 2), (1, 3)])
@pytest.mark.parametrize("p", [1, 2])
def test_the_error_of_a_normal_draw_is_below_its_bound_and_not_far_below(a, b, p):
    u, v, _, words = coupled_uniforms("float32")
    exact = torch.sqrt(-2 * torch.log(u)) * torch.cos(2 * torch.pi * v)
    error = (float32_normal(words).double() - exact).abs()
    measured = float((exact.abs() ** (a * p) * error ** (b * p)).mean()) ** (1 / p)
    bound = norm("normal", a, b, p, "float32")
    assert measured <= bound
    if b == 1 and p == 1:
        assert bound <= 300 * measured  # ulps are counted generously, the worst case at every step


@pytest.mark.parametrize("a", [0, 1, 3])
def test_the_error_of_an_exponential_draw_is_below_its_bound(a):
    u, _, _, words = coupled_uniforms("float32")
    exact = -torch.log(u)
    computed = -torch.log(((words[0].float() + 0.5) * 2.0**-32).clamp_max(1 - 2.0**-24)).double()
    measured = float((exact**a * (computed - exact).abs()).mean())
    assert measured <= norm("exponential", a, 1, 1, "float32") <= 200 * measured


def test_the_tail_beyond_the_grid_is_counted():
    """The largest normal of 2^-32 has radius 6.76; what lies beyond moves the second moment by E[z^2; U < 2^-32]."""
    missing = 2.0**-32 * 1.0  # E (r^2 - r0^2) over the last cell, r^2 / 2 exponential there: 2 * 2^-32 / 2
    assert norm("normal", 1, 1, 1, "float32") > missing
    assert norm("normal", 0, 1, 2, "float64") > math.sqrt(2.0**-52) * 0.01


@pytest.mark.parametrize("kind, a, p, value", [("normal", 2, 1, 1.0), ("normal", 4, 1, 3.0), ("uniform", 3, 1, 0.25)])
def test_sizes_are_the_known_moments(kind, a, p, value):
    assert size(kind, a, p) == pytest.approx(value, rel=1e-12)


def test_what_no_bound_is_known_for_is_refused():
    with pytest.raises(NotCovered):
        norm("gamma", 1, 1, 1, "float32")
    with pytest.raises(NotCovered):
        norm("normal", 40, 1, 1, "float32")


CASES = {
    "KL of normals": gaussian_kl(),
    "value of the GAN game": gan_value(4),
    "ELBO of a linear VAE": linear_vae(False),
    "mean of a score": score,
    "Stein's identity": stein(lambda v: v),
    "tower rule": TRUE["tower rule"],
    "integral of a square": TRUE["integral of a square"],
}


@pytest.mark.parametrize("name", CASES)
def test_float32_samples_of_h_are_as_close_as_certified(name):
    """h in float32 against h in float64 at the same 32-bit uniforms: the difference is rounding alone."""
    s = structure(worlds(CASES[name], 2))
    bounds = [certify_rounding(i, "float32") for i in s.integrals]
    counters = torch.arange(1 << 14).unsqueeze(0)
    env = s.parameters(range(len(s.indices)), "cpu")
    narrow = {k: v.float() for k, v in env.items()}
    numbers = torch.tensor([[i] for i in s.indices])
    shared = Counters(torch.tensor(key_schedule(KEY)), numbers, counters, "float32")
    from numerics.montecarlo.samplers import sample

    for stream, (d, program) in enumerate(s.draws):
        wide = sample(d.law.op, program.run(env), Lane(shared, 0, stream), d.sort)
        env[d.name] = wide
        narrow[d.name] = wide.float()  # a draw rounded once is closer than a draw computed in float32
    gap = (s.program.run(narrow)[0].double() - s.program.run(env)[0]).abs().mean(1)
    for row, found in enumerate(bounds):
        assert found is not None and found[0] is not None
        assert float(gap[row]) <= found[0].mean


def test_the_mean_of_a_kernel_in_float32_lies_within_the_bound_of_the_true_one():
    """E z^4 = 3: the error of 2^25 samples is below the bound and eight standard errors, 8 sqrt(96 / 2^25)."""
    quartic = expectation("x", normal(t.ZERO, t.ONE), power(X, number(4)))
    s = structure([(quartic, t.ZERO)])
    kernel = uncompiled(s, "float32", rows=64, counters=2048)
    n = 64 * kernel.samples * 2
    total, _ = kernel.sums([0], KEY, 0, n // kernel.samples, torch.zeros(1, 1, dtype=torch.float64))
    (bound,) = certify_rounding(combine(quartic), "float32")
    assert abs(float(total) / n - 3.0) < bound.mean + 8 * math.sqrt(96 / n)


def test_cancellation_is_seen():
    """N(1000, 1e-6) from N(1000.001, 1e-6): float32 would be wrong by the size of the divergence itself."""
    from proofs.terms import kl

    v = number("1/1000000")
    (bound,) = certify_rounding(combine(kl(normal(number(1000), v), normal(number("1000001/1000"), v))), "float32")
    assert bound is None or bound.mean > 0.1
    (wide,) = certify_rounding(combine(kl(normal(number(1000), v), normal(number("1000001/1000"), v))), "float64")
    assert wide.mean < 1e-6


REFUSED = {
    "a law that rejects": expectation("x", law("gamma", t.TWO, t.ONE), X),
    "a condition on a draw": expectation("x", normal(t.ZERO, t.ONE), t.indicator(t.compare(">", X, t.ZERO))),
    "a logarithm of a draw": expectation("x", law("exponential", t.ONE), t.log(X)),
    "an exponential without a bound": expectation("x", normal(t.ZERO, t.ONE), t.exp(X)),
    "an inverse": t.kl(
        normal(t.zeros(2), t.identity(2)), normal(t.zeros(2), t.matrix(2, 2, [number(x) for x in (2, 1, 1, 2)]))
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_no_bound_is_claimed_for(name):
    assert certify_rounding(combine(REFUSED[name]), "float32") is None


def test_a_refutation_stands_on_the_bound_alone():
    """No sample is drawn again, so the verdict does not take longer than the samples."""

    def shifted(n):
        left, right = gaussian_kl()(n)
        return left, t.add(right, number("1/100"))

    result = check_closed(worlds(shifted), "=", seconds=240)
    assert result.status == "refuted" and result.assumed == []
    true = check_closed(worlds(gaussian_kl()), "=", seconds=240)
    assert true.status == "supported", true.reason
