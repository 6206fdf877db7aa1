"""`python -m benchmarks`: the records have the promised form, and the peers compute what we compute."""

import json
import math

import pytest
import torch

from benchmarks import decision, false_alarms, latency, peers, throughput
from benchmarks.__main__ import main
from benchmarks.cases import CASES, SETTINGS
from numerics.decision import Sums, decide, mixture_scale
from numerics.montecarlo.philox import Source, make_key

torch.set_num_threads(1)


@pytest.mark.parametrize("name", CASES)
def test_the_peer_estimates_the_same_means_and_variances(name):
    """Each of the 64 settings: the means differ by less than 7 standard errors, 64 x 5 normal tests at 1e-9 or so."""
    count = 1 << 9 if CASES[name].draws > 8 else 1 << 13
    mean, variance = (torch.tensor(x, dtype=torch.float64) for x in peers.torch_eager(name, count, "float64")())
    s = throughput.structure(name)
    h = s.evaluate(s.draw(range(SETTINGS), make_key(0, "same"), 0, count, "cpu"), SETTINGS, count)[..., 0]
    assert ((h.mean(1) - mean).abs() < 7 * torch.sqrt((h.var(1) + variance) / count)).all()
    spread = 7 * torch.sqrt(2 * ((h - h.mean(1, keepdim=True)) ** 2).var(1) / count)  # of the sample variances
    assert ((h.var(1) - variance).abs() < spread).all()


def test_float32_is_certified_for_every_case_at_the_usual_resolution():
    for name in ("linear_vae_elbo", "gan_value"):
        bound = throughput.rounding_in_deviations(name)
        assert bound is not None and bound < 1e-3, name


def test_throughput_prints_the_record(capsys, monkeypatch):
    """Without a compiler, and with the one peer that needs no extra: the form is the same."""
    monkeypatch.setenv("CXX", "no-such-compiler")
    monkeypatch.setitem(throughput.PEERS, "jax", _missing)
    monkeypatch.setitem(throughput.PEERS, "numba", _missing)
    monkeypatch.setattr(throughput, "PEER_DRAWS", 1 << 20)
    monkeypatch.setattr(throughput, "OUR_DRAWS", 1 << 22)
    monkeypatch.setitem(
        main.__globals__["BENCHMARKS"], "throughput", lambda quick: throughput.run(quick, ["kl_univariate"])
    )
    assert main(["throughput", "--quick", "--format", "json"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert record["benchmark"] == "throughput" and record["machine"]["torch"]
    case = record["figures"]["kl_univariate"]
    assert case["samples_per_second"] > 0 and case["ratio_to_jax"] is None and case["ratio_to_numba"] is None
    assert case["ratio_to_torch_eager"] == case["samples_per_second"] / case["torch_eager_samples_per_second"]
    assert case["engine"] == "eager blocks, float64" and case["float64_samples_per_second"] > 0
    assert main(["throughput", "--quick"]) == 0
    assert "ratio_to_torch_eager" in capsys.readouterr().out


def _missing(*_):
    raise peers.NotInstalled("not here")


@pytest.mark.parametrize("name", false_alarms.LAWS)
def test_false_alarms_stay_below_alpha(name):
    """2^13 true-null runs: at alpha = 1e-3 more than 31 alarms would have probability 1e-9."""
    figures = false_alarms.rates(name, 1 << 13)
    assert figures["rate_of_ours"] * (1 << 13) <= 31
    assert figures["rate_of_ours_at_1e-9"] == 0
    assert figures["rate_of_z_with_peeking"] > 0.05, "the rule that we do not use is that bad"


def test_the_rule_of_the_benchmark_is_the_rule_of_the_engine():
    """Vectorised over runs there, `decide` here: the same verdict at every look, on runs that are often refuted."""
    law = false_alarms.Normal(0.9, 1.0)  # claims a mean of 0.9 for draws of mean 0
    h = law.draw(Source(make_key(0, "rule"), torch.arange(40).unsqueeze(1), 0, 256))
    n, total, square = false_alarms.running_sums(h)
    rejected = false_alarms.verdicts(law, n, total, square)["ours"]
    rho = mixture_scale(1e-3, 128, 1.0)
    assert 0.2 < float(rejected.double().mean()) < 0.99
    for run in range(0, 40, 7):
        for look in range(64):
            sums = Sums.of(int(n[0, look]), float(total[run, look]), float(square[run, look]))
            verdict = decide(sums, 0.9, alpha=1e-3, resolution=1e-9, variance_bound=1.0, certified=True, rho=rho)
            assert (verdict.status == "refuted") == bool(rejected[run, look])


def test_the_laws_have_the_moments_that_are_claimed_of_them():
    """Against samples where the fourth moment exists, and against the closed form of Pareto otherwise."""
    for name in ("normal", "bernoulli_1e-3", "x4"):
        law = false_alarms.LAWS[name]
        h = law.draw(Source(make_key(1, name), torch.arange(64).unsqueeze(1), 0, 1 << 14))
        assert abs(float(h.mean()) - law.mean) < 7 * math.sqrt(law.variance / h.numel())
    assert false_alarms.LAWS["pareto_2.1"].mean == pytest.approx(2.1 / 1.1)


def test_the_power_table():
    figures = decision.run(quick=True)
    row = figures["wrong_by_0.01_deviations"]
    assert row["verdict"] == "refuted" and row["samples"] <= 2 * row["samples_needed"]
    assert row["samples_of_a_fixed_n_test"] == pytest.approx(8.46e5, rel=0.01)


def test_latency_asks_for_a_fresh_process(monkeypatch):
    monkeypatch.setattr(latency, "CASES", {"one_world_wrong": latency.CASES["one_world_wrong"]})
    figures = latency.run(quick=True)["one_world_wrong"]
    assert figures["verdict"] == "refuted" and figures["seconds_to_first_verdict"] > 0
