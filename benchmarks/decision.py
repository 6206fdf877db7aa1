"""Samples and seconds to refute a claim wrong by a given part of a standard deviation, and to support a true one.

The claim is a divergence of two normals in one world, decided at alpha = 1e-9 while the samples come in; beside it
stands the number that a test of fixed n needs for the same two errors.
"""

from __future__ import annotations

import math
import time
from statistics import NormalDist

from numerics.decision import ALPHA, Sums, decide, mixture_scale, samples_at, samples_needed
from proofs import clock

ERRORS = (1e-1, 1e-2, 1e-3, 1e-4)
RESOLUTION = 1e-3
LIMIT = 1.3e8  # samples; a smaller error is left to the formula
BETA = 1e-3


def run(quick: bool) -> dict[str, dict[str, object]]:
    """{claim: figures}.  Errors that LIMIT samples cannot see have no measured figures."""
    found = {}
    for error in ERRORS[:2] if quick else ERRORS:
        name = f"wrong_by_{error:g}_deviations"
        found[name] = _figures(error, error / 2) if samples_needed(error, 1.0) < LIMIT else {}
        found[name] |= {
            "samples_needed": float(samples_needed(error, 1.0, beta=BETA)),
            "samples_of_a_fixed_n_test": fixed_n(error),
        }
    if not quick:
        found[f"true_to_{RESOLUTION:g}_deviations"] = _figures(0.0, RESOLUTION)
        found["memory"] = _memory(1e10)
    return found


def _memory(samples: float) -> dict[str, object]:
    """The peak resident memory of this process, compiler and all, after so many samples of one structure."""
    import resource
    import sys

    from benchmarks.throughput import SETTINGS, our_job

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    count, job, engine = our_job("kl_univariate", "float32", int(samples / 16 / SETTINGS))
    begun, worked, drawn = time.perf_counter(), time.process_time(), 0
    while drawn < samples:
        job()
        drawn += count * SETTINGS
    unit = 1 if sys.platform == "darwin" else 1024
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {
        "samples": float(drawn), "seconds": time.perf_counter() - begun, "engine": engine,
        "processor_seconds": time.process_time() - worked,
        "peak_resident_bytes_before": float(before * unit), "peak_resident_bytes": float(after * unit),
    }  # fmt: skip


def fixed_n(error: float) -> float:
    """(z_(alpha/2) + z_beta)^2 / error^2, for a normal test looked at once."""
    normal = NormalDist()
    return ((normal.inv_cdf(1 - ALPHA / 2) + normal.inv_cdf(1 - BETA)) / error) ** 2


def _figures(error: float, resolution: float) -> dict[str, object]:
    import torch

    from benchmarks.throughput import structure
    from numerics.montecarlo.certified_rounding import certify_rounding
    from numerics.montecarlo.engine import Engine
    from numerics.montecarlo.philox import make_key
    from numerics.montecarlo.variance_bounds import certify

    s = structure("kl_univariate")
    (bound,) = certify(s.integrals[0], [0.0])
    found = certify_rounding(s.integrals[0], "float32")
    assert bound is not None and bound.exact_mean is not None and found is not None and found[0] is not None
    deviation = math.sqrt(bound.variance)
    claimed = sum(bound.exact_mean) / 2 + error * deviation
    delta, slack = resolution * deviation, found[0].mean
    needed = samples_at(delta - slack, bound.variance)
    engine = Engine(s, make_key(1, f"decision {error}"), "cpu", "float32" if needed > 1 << 24 else "float64")
    if (
        engine.precision == "float32"
    ):  # the kernel is compiled before the clock starts: the figure is that of a warm one
        warm = Engine(s, make_key(2, ""), "cpu", "float32")
        for count in (4096, 4096):
            warm.advance([0], torch.zeros(1, 1, dtype=torch.float64), count, needed, clock.now() + 600)
    begun, worked, sums = time.perf_counter(), time.process_time(), Sums()
    shift = torch.full((1, 1), claimed, dtype=torch.float64)
    target = 4096
    while True:
        count, total, square = engine.advance([0], shift, target - sums.count, needed - sums.count, math.inf)
        sums = sums + Sums.of(count, float(total), float(square))
        verdict = decide(
            sums, resolution=delta, slack=slack, variance_bound=bound.variance * (1 + 1e-3), certified=True,
            rho=mixture_scale(ALPHA, needed, bound.variance), mean_bound=bound.mean + abs(claimed),
        )  # fmt: skip
        if verdict.status != "continue" or sums.count > 20 * LIMIT:
            break
        target = sums.count + max(sums.count // 2, 4096)
    return {
        "verdict": verdict.status, "samples": float(sums.count), "seconds": time.perf_counter() - begun,
        "processor_seconds": time.process_time() - worked,
        "precision": "float32" if engine.narrow else "float64", "compiled": engine.compiled,
    }  # fmt: skip
