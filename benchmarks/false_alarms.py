"""How often each rule rejects a true claim when it is allowed to look 64 times.

Ours is the decision of `numerics.decision` with the true variance for its bound; beside it, on the same draws, the
fixed-n z test looked at every time, and the stopping rule of PyTorch's own tests (pass at the first look whose mean is
within 0.1 (1 + |mean|), fail if there is none).  A rule with error alpha must stay below alpha.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from numerics.decision import ALPHA, mixture_scale

if TYPE_CHECKING:
    from torch import Tensor

    from numerics.montecarlo.philox import Source

LEVEL = 1e-3
LOOKS, BETWEEN = 64, 4
RUNS, QUICK_RUNS = 1 << 20, 1 << 14
_TOGETHER = 1 << 11
_Z = 3.2905267314919255  # the normal quantile of 1 - LEVEL / 2
_INDEX = 2.1


@dataclass(frozen=True)
class Law:
    mean: float
    variance: float

    def draw(self, source: Source) -> Tensor:
        raise NotImplementedError


class Normal(Law):
    def draw(self, source: Source) -> Tensor:
        return source.normals()


class Lognormal(Law):
    def draw(self, source: Source) -> Tensor:
        return (1.5 * source.normals()).exp()


class Pareto(Law):
    def draw(self, source: Source) -> Tensor:
        return source.uniforms()[0] ** (-1.0 / _INDEX)


class Bernoulli(Law):
    def draw(self, source: Source) -> Tensor:
        return (source.uniforms()[0] < 1e-3).double()


class FourthPower(Law):
    def draw(self, source: Source) -> Tensor:
        return source.normals() ** 4


LAWS: dict[str, Law] = {
    "normal": Normal(0.0, 1.0),
    "lognormal": Lognormal(math.exp(1.125), math.expm1(2.25) * math.exp(2.25)),
    "pareto_2.1": Pareto(_INDEX / (_INDEX - 1), _INDEX / ((_INDEX - 1) ** 2 * (_INDEX - 2))),
    "bernoulli_1e-3": Bernoulli(1e-3, 1e-3 * (1 - 1e-3)),
    "x4": FourthPower(3.0, 96.0),
}


def run(quick: bool) -> dict[str, dict[str, object]]:
    """{law: figures}: rates of false alarms, and how many of the runs."""
    return {name: rates(name, QUICK_RUNS if quick else RUNS) for name in LAWS}


def rates(name: str, runs: int) -> dict[str, object]:
    import torch

    from numerics.montecarlo.philox import Source, make_key
    from numerics.montecarlo.threads import one_thread

    law, key = LAWS[name], make_key(0, f"false alarms, {name}")
    alarms = dict.fromkeys(("ours", "ours_at_1e-9", "z_with_peeking", "first_batch_inside_tolerance"), 0)
    with one_thread():
        for start in range(0, runs, _TOGETHER):
            worlds = torch.arange(start, min(start + _TOGETHER, runs)).unsqueeze(1)
            n, total, square = running_sums(law.draw(Source(key, worlds, 0, LOOKS * BETWEEN)))
            for rule, seen in verdicts(law, n, total, square).items():
                # the last rule passes at its first success, the others reject at their first failure
                alarm = seen.all(1) if rule == "first_batch_inside_tolerance" else seen.any(1)
                alarms[rule] += int(alarm.sum())
    figures: dict[str, object] = {"runs": float(runs), "looks": float(LOOKS), "alpha": LEVEL}
    return figures | {f"rate_of_{rule}": count / runs for rule, count in alarms.items()}


def running_sums(h: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """(n, sum, sum of squares) at each look, (1, looks) and (runs, looks)."""
    import torch

    n = BETWEEN * torch.arange(1, h.shape[1] // BETWEEN + 1, dtype=torch.float64).unsqueeze(0)
    blocks = h.reshape(h.shape[0], -1, BETWEEN)
    return n, blocks.sum(-1).cumsum(1), (blocks**2).sum(-1).cumsum(1)


def verdicts(law: Law, n: Tensor, total: Tensor, square: Tensor) -> dict[str, Tensor]:
    """Whether each rule would reject the true mean, run by run and look by look."""
    import torch

    distance = total / n - law.mean
    about = square - 2 * law.mean * total + n * law.mean**2  # sum of (h - mean)^2
    v = (about + 2 * n * law.variance) / 3
    found = {}
    for rule, alpha in (("ours", LEVEL), ("ours_at_1e-9", ALPHA)):
        rho = mixture_scale(alpha, LOOKS * BETWEEN / 2, law.variance)
        log_e = 0.5 * torch.log(rho / (rho + v)) + (n * distance) ** 2 / (2 * (rho + v))
        found[rule] = log_e >= -math.log(alpha)
    deviation = ((square - total**2 / n) / (n - 1)).clamp_min(0).sqrt()
    found["z_with_peeking"] = distance.abs() > _Z * deviation / n.sqrt()
    found["first_batch_inside_tolerance"] = distance.abs() > 0.1 * (1 + abs(law.mean))
    return found
