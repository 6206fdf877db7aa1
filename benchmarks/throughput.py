"""Samples a second, draws and both sums included, beside torch, jax and numba in the same run.

Every case has 64 settings of its parameters.  Ours is the compiled kernel where there is a compiler; the first table is
in float32 on both sides, the second (names that begin with float64) in float64.  `float32_rounding` is the certified
bound of what float32 changes, in standard deviations of the integrand and at the worst setting: the engine uses float32
where that is at most a tenth of the resolution asked for.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable, Sequence

from benchmarks.cases import CASES, SETTINGS
from benchmarks.peers import PEERS, NotInstalled

PEER_DRAWS = 1 << 23  # normals that a peer draws in one repeat
OUR_DRAWS = 1 << 26


def run(quick: bool, cases: Sequence[str] | None = None) -> dict[str, dict[str, object]]:
    """{case: figures}."""
    found = {}
    for name in cases or CASES:
        found[name] = _case(name, quick)
        print(f"throughput: {name} measured", file=sys.stderr)
    return found


def _case(name: str, quick: bool) -> dict[str, object]:
    figures: dict[str, object] = {}
    for dtype in ("float32", "float64"):
        prefix = "" if dtype == "float32" else "float64_"
        figures |= {prefix + key: value for key, value in _table(name, dtype, quick).items()}
    figures["float32_rounding"] = rounding_in_deviations(name)
    return figures


def _table(name: str, dtype: str, quick: bool) -> dict[str, object]:
    case = CASES[name]
    shrink = 16 if quick else 1
    count = PEER_DRAWS // shrink // SETTINGS // case.draws
    jobs: dict[str, tuple[int, Callable[[], object]]] = {}
    ours, job, engine = our_job(name, dtype, OUR_DRAWS // shrink // SETTINGS // case.draws)
    jobs["ours"] = ours, job
    for peer, make in PEERS.items():
        try:
            jobs[peer] = count, make(name, count, dtype)
            jobs[peer][1]()  # compiled now, not in the first repeat
        except NotInstalled:
            continue
    rates: dict[str, list[float]] = {peer: [] for peer in jobs}
    for _ in range(3 if quick else 7):  # interleaved, so that a busy moment of the machine hits all alike
        for peer, (n, job) in jobs.items():
            start = time.perf_counter()
            job()
            rates[peer].append(SETTINGS * n / (time.perf_counter() - start))
    rate = {peer: statistics.median(r) for peer, r in rates.items()}
    figures: dict[str, object] = {"engine": engine, "samples_per_second": rate["ours"]}
    for peer in PEERS:
        figures[f"{peer}_samples_per_second"] = rate.get(peer)
        figures[f"ratio_to_{peer}"] = rate["ours"] / rate[peer] if peer in rate else None
    return figures


def our_job(name: str, dtype: str, count: int) -> tuple[int, Callable[[], object], str]:
    """(samples of each setting, job, which engine): the compiled kernel, or the eager engine where there is none."""
    import torch

    from numerics.montecarlo.engine import eager_sums
    from numerics.montecarlo.fused import CannotFuse, fuse
    from numerics.montecarlo.philox import make_key
    from numerics.montecarlo.threads import one_thread

    device = "cuda" if torch.cuda.is_available() else "cpu"
    s = structure(name)
    rows, key = range(SETTINGS), make_key(0, "throughput")
    shift = torch.zeros(SETTINGS, 1, dtype=torch.float64)
    try:
        kernel = fuse(s, dtype, device)
        assert kernel is not None
        calls = kernel.blocks(SETTINGS)
        blocks = max(count // kernel.samples // calls, 1) * calls
        return blocks * kernel.samples, lambda: kernel.sums(rows, key, 0, blocks, shift), f"compiled, {dtype}"
    except CannotFuse:
        n = max(count // 64, 1)

        def eager() -> object:
            with one_thread():
                return eager_sums(s, rows, key, 0, n, shift, device)

        return n, eager, "eager blocks, float64"


def structure(name: str):
    from numerics.montecarlo.integrands import combine
    from numerics.montecarlo.structure import structures

    case = CASES[name]
    (s,) = structures([(i, combine(case.term(row))) for i, row in enumerate(case.rows)])
    return s


def rounding_in_deviations(name: str) -> float | None:
    """The certified bound of |E computed - E h| in float32, over the sample deviation, at the worst setting."""
    from numerics.montecarlo.certified_rounding import certify_rounding
    from numerics.montecarlo.philox import make_key

    s = structure(name)
    worst = 0.0
    settings = range(0, SETTINGS, 8 if CASES[name].draws > 8 else 1)
    h = s.evaluate(s.draw(range(SETTINGS), make_key(0, "deviation"), 0, 1 << 12, "cpu"), SETTINGS, 1 << 12)[..., 0]
    for row in settings:
        found = certify_rounding(s.integrals[row], "float32")
        if found is None or found[0] is None:
            return None
        worst = max(worst, found[0].mean / float(h[row].std()))
    return worst
