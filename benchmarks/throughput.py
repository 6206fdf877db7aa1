"""Samples a second, draws and both sums included, beside eager `torch.distributions` in the same run.

The case is the divergence of two normals, 64 settings of the parameters.  The peer draws the same number of samples
with `torch.distributions`, evaluates the log ratio and takes `mean` and `var`, in float64 and in float32.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from fractions import Fraction

SETTINGS = 64


def run(quick: bool) -> dict[str, dict[str, float]]:
    """{case: figures}; ``ratio_to_torch_eager`` compares float64 with float64."""
    samples = 1 << (20 if quick else 24)
    repeats = 3 if quick else 9
    return {"kl_univariate": _case(samples // SETTINGS, repeats)}


def _parameters() -> list[tuple[Fraction, Fraction, Fraction, Fraction]]:
    return [(Fraction(k - 32, 16), Fraction(k + 1, 16), Fraction(1, 4), Fraction(k + 9, 32)) for k in range(SETTINGS)]


def _case(count: int, repeats: int) -> dict[str, float]:
    import torch

    ours = _ours(count)
    peers = {"torch_eager": _eager(count, torch.float64), "torch_eager_float32": _eager(count, torch.float32)}
    rates: dict[str, list[float]] = {name: [] for name in ("ours", *peers)}
    for _ in range(repeats):  # interleaved, so that a busy moment of the machine hits all alike
        for name, job in (("ours", ours), *peers.items()):
            start = time.perf_counter()
            job()
            rates[name].append(SETTINGS * count / (time.perf_counter() - start))
    rate = {name: statistics.median(r) for name, r in rates.items()}
    figures = {"samples": float(SETTINGS * count), "samples_per_second": rate["ours"]}
    for name in peers:
        figures[f"{name}_samples_per_second"] = rate[name]
        figures[f"ratio_to_{name}"] = rate["ours"] / rate[name]
    return figures


def _ours(count: int) -> Callable[[], object]:
    import torch

    from numerics.decision import Sums
    from numerics.montecarlo.engine import BLOCK, GPU_BLOCK
    from numerics.montecarlo.integrands import combine
    from numerics.montecarlo.philox import make_key
    from numerics.montecarlo.structure import structures
    from numerics.montecarlo.threads import one_thread
    from proofs.terms import kl, normal, number

    device = "cuda" if torch.cuda.is_available() else "cpu"
    pairs = [kl(normal(number(a), number(b)), normal(number(c), number(d))) for a, b, c, d in _parameters()]
    (structure,) = structures([(i, combine(p)) for i, p in enumerate(pairs)])
    rows, key = range(SETTINGS), make_key(0, "throughput")
    size = min(max((GPU_BLOCK if device == "cuda" else BLOCK) // SETTINGS, 1 << 8), count)

    def job() -> list[Sums]:
        totals = torch.zeros(SETTINGS, dtype=torch.float64, device=device)
        squares = torch.zeros_like(totals)
        with one_thread():
            for start in range(0, count, size):
                n = min(size, count - start)
                h = structure.evaluate(structure.draw(rows, key, start, n, device), SETTINGS, n)[..., 0]
                totals += h.sum(1)
                squares += (h * h).sum(1)
        return [Sums.of(count, s, q) for s, q in zip(totals.tolist(), squares.tolist())]

    return job


def _eager(count: int, dtype) -> Callable[[], object]:
    import torch
    from torch.distributions import Normal

    device = "cuda" if torch.cuda.is_available() else "cpu"
    table = torch.tensor([[float(x) for x in row] for row in _parameters()], dtype=dtype, device=device).unsqueeze(1)
    first = Normal(table[..., 0], table[..., 1].sqrt())
    second = Normal(table[..., 2], table[..., 3].sqrt())

    def job() -> object:
        x = first.sample((count,))
        h = first.log_prob(x) - second.log_prob(x)
        return h.mean(0), h.var(0).tolist()

    return job
