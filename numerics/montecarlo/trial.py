"""One entry of a relation in one world: what is known before sampling, and what the samples say."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from numerics.decision import Decision, Sums, decide, mixture_scale, samples_at
from numerics.montecarlo.certified_rounding import Rounding
from numerics.montecarlo.errors import Undecided
from numerics.montecarlo.rounding import rounding_errors
from numerics.montecarlo.structure import Structure
from numerics.montecarlo.variance_bounds import PILOT, Pilot, VarianceBound
from proofs import clock

if TYPE_CHECKING:
    from torch import Tensor

# A draw is a cell of the grid of 2^-52: the cells next to 0 and 1 change E h by at most sqrt(2^-51) sd(h) (Cauchy and
# Schwarz), the others by 2^-52 times the variation of h between them; this leaves room for a variation of 2^27 sd(h).
_GRID = 2.0**-24
# sums of blocks in float64: far more than the additions of one block can lose
_SUMMING = 2.0**-36
# float32 may cost this part of the resolution
_NARROW = 0.1
_POINTWISE = 1e-9
_POINTWISE_RESOLUTION = 1e-6
# a certified bound this far above the assumed one would cost more samples than its certainty is worth in a support
_WASTEFUL = 4.0
_INCREDIBLE = 1e4
_BROKEN = 16.0
AGREEING = "the sides agree on every sample"
_MOST_SAMPLES = 1 << 33
ROUNDING_PILOT = 1 << 9
_REPLAY_BLOCK = 1 << 14

Replay = Callable[[Structure, int, int, int], "dict[str, Tensor]"]


@dataclass
class Trial:
    """``shift`` is what E h is claimed to be; the sums are those of h - shift, so the claim is that their mean is 0.

    ``scale`` is what the resolution is relative to: the standard deviation of h, or, where the two sides agree sample
    by sample, the spread of their summands.  A ``degenerate`` trial has no spread at all: it may refute, but it does
    not count as a world in which the relation was tested.  ``rounding`` bounds the rounding of all samples at once,
    where that is known; a ``narrow`` trial may be sampled in float32, and then the bound is for that.
    """

    structure: Structure
    row: int
    entry: int
    rel: str
    alpha: float
    shift: float
    constant_error: float
    certified: VarianceBound | None
    support: VarianceBound
    scale: float
    resolution: float
    slack: float
    degenerate: bool
    rounding_known: bool
    needed: int
    rounding: Rounding | None = None
    narrow: bool = False
    compiled: bool = False
    sums: Sums = field(default_factory=Sums)
    decision: Decision | None = None
    status: str = "continue"
    reason: str = ""

    @property
    def world(self) -> int:
        return self.structure.indices[self.row]

    def assumptions(self) -> list[str]:
        found = []
        if not self.support.certified:
            found.append(f"variance of the difference in world {self.world + 1}: {self.support.method}")
        if self.structure.interchanged:
            found.append("derivative and expectation may be interchanged")
        if not self.rounding_known:
            found.append(f"rounding errors in world {self.world + 1} are far below the resolution")
        return found

    def look(self, replay: Replay, deadline: float, reachable: float) -> None:
        """Decide on the samples drawn so far; ``reachable`` is how many there can be in the time that is left."""
        if self.sums.count == 0:
            return
        spread = self.sums.variance
        seen = _BROKEN * (self.support.variance + self.slack**2) + 1e-12 * self.sums.mean**2
        if self.sums.count >= PILOT and spread > seen:
            self.status = "undecided"
            self.reason = (
                f"broken assumption in world {self.world + 1}: the sample variance {spread:.3g} is far above the bound "
                f"{self.support.variance:.3g} ({self.support.method})"
            )
            return
        if self.certified is not None:
            self.decision = self._decide(self.certified, self.slack)
            if self.decision.status == "refuted" and self._stands(replay, deadline):
                self.status = "refuted"
                return
        if self.support is not self.certified:
            self.decision = self._decide(self.support, self.slack)
        if self.decision is None:
            return
        if self.decision.status == "supported":
            self._support()
        elif not self.support.certified and self.decision.log_e > -math.log(self.alpha):
            needed = math.inf
            if self.certified is not None:
                needed = samples_at(max(abs(self.sums.mean), self.slack), self.certified.variance, self.alpha)
            if needed > reachable:
                self.status = "undecided"
                self.reason = (
                    f"the sides differ by {self.sums.mean:.6g} in world {self.world + 1}, but the bound of the "
                    f"variance is only assumed ({self.support.method}), which may not refute"
                )

    def confidence_set(self) -> tuple[float, float]:
        """Where the mean of h - shift lies, whatever the number of samples, with error ``alpha``."""
        bound = self.certified if self.status == "refuted" and self.certified is not None else self.support
        return self._decide(bound, self.slack).interval

    @property
    def constant(self) -> bool:
        """Whether the sides agree on every sample of the pilot, so that nothing varies but the rounding."""
        return self.degenerate or self.support.method == AGREEING

    def _support(self) -> None:
        """A support must not contradict an exact mean, should one be known."""
        exact_mean = self.certified.exact_mean if self.certified is not None else None
        if exact_mean is not None and violates(self.rel, exact_mean, self.constant_error):
            self.status = "refuted"
            self.reason = "by the exact moments"
            self.decision = Decision("refuted", exact_mean, math.inf, "by the exact moments")
            return
        self.status = "supported"

    def _decide(self, bound: VarianceBound, slack: float) -> Decision:
        variance = max(bound.variance, (self.resolution * 1e-6) ** 2, 1e-300)
        return decide(
            self.sums, 0.0, self.rel, alpha=self.alpha, resolution=self.resolution, slack=slack,
            variance_bound=variance, certified=bound.certified, mean_bound=bound.mean,
            rho=mixture_scale(self.alpha, self.needed, variance),
        )  # fmt: skip

    def _stands(self, replay: Replay, deadline: float) -> bool:
        """Decide with what is certain: a bound of all rounding errors, or one for each sample, drawn again."""
        assert self.certified is not None
        exact_mean = self.certified.exact_mean
        if exact_mean is not None and not violates(self.rel, exact_mean, self.constant_error):
            self.status = "undecided"
            self.reason = f"a fault: the samples of world {self.world + 1} contradict its exact moments"
            return False
        if self.rounding is not None:
            slack = self.constant_error + self.rounding.mean + _SUMMING * math.sqrt(self.certified.variance)
            return slack < self.resolution and self._decide(self.certified, slack).status == "refuted"
        total, start = 0.0, 0
        while start < self.sums.count:
            count = min(_REPLAY_BLOCK, self.sums.count - start)
            errors = rounding_errors(self.structure, self.row, replay(self.structure, self.row, start, count), count)
            if errors is None or clock.now() > deadline:
                why = "could not be bounded" if errors is None else "could not be bounded in time"
                self.reason = f"world {self.world + 1} seems to refute, but its rounding errors {why}"
                return False
            total += float(errors[:, self.entry].sum())
            start += count
        if self.compiled:
            # a kernel does the same operations, but not to the last bit: once for each way to evaluate h
            total *= 2.0
        slack = self.constant_error + total / self.sums.count + _GRID * math.sqrt(self.certified.variance)
        slack *= 1 + 1e-9
        return slack < self.resolution and self._decide(self.certified, slack).status == "refuted"


def violates(rel: str, mean: tuple[float, float], error: float) -> bool:
    """Whether every value in the interval, give or take the error, contradicts ``mean rel 0``."""
    low, high = mean[0] - error, mean[1] + error
    return {"=": low > 0 or high < 0, "<=": low > 0, "<": low > 0, ">=": high < 0, ">": high < 0}[rel]


def prepare(
    structure: Structure,
    row: int,
    entry: int,
    rel: str,
    alpha: float,
    relative: float,
    claimed: tuple[float, float],
    pilot: Pilot,
    spread: float,
    certified: VarianceBound | None,
    rounding: Callable[[], float | None],
    wide: Rounding | None = None,
    narrow: Rounding | None = None,
) -> Trial:
    """A trial, with its variance bound, resolution and slack fixed before any deciding sample is drawn.

    ``claimed`` is what E h should be, with the error of that number; ``spread`` the root mean square of the standard
    deviations of the summands of h; ``wide`` and ``narrow`` bound all rounding errors in float64 and in float32, where
    that is known; ``rounding()``, asked for otherwise, is the mean rounding error seen in the pilot.  Raises Undecided
    where no bound of the variance is known or may be assumed, or where rounding hides the resolution.
    """
    world = structure.indices[row] + 1
    value, error = claimed
    if pilot.diverges and certified is None:
        raise Undecided(
            f"the variance of the difference seems to diverge in world {world} "
            f"(tail index {pilot.tail_index:.2f}; with 2 or less there is none)"
        )
    exact = certified is not None and certified.exact_mean is not None
    deviation = math.sqrt(certified.variance if certified is not None and exact else pilot.variance)
    pointwise = deviation <= _POINTWISE * max(spread, abs(value))
    degenerate = pointwise and spread <= _POINTWISE * abs(value)
    scale = deviation
    if pointwise:
        scale = max(abs(value), abs(pilot.mean)) or 1.0 if degenerate else spread
    support = _support_bound(pilot, certified, pointwise, scale, structure.analytic)
    if support is None and pointwise:
        raise Undecided(f"the sides agree on every sample of world {world}, which is no proof where there are jumps")
    if support is None:
        raise Undecided(
            f"no bound of the variance is known in world {world}, and the tails are too heavy to assume one "
            f"(kurtosis {pilot.kurtosis:.3g})"
        )
    resolution = relative * scale
    # where the sides agree sample by sample, rounding is all there is: a bound for each sample says more
    bounded = [r for r in (narrow, wide) if r is not None and error + r.mean < _NARROW * resolution and not pointwise]
    known = bounded[0] if bounded else None
    if known is not None:
        slack = error + known.mean + _SUMMING * math.sqrt(support.variance)
        support = _widened(support, known)
        certified = None if certified is None else _widened(certified, known)
    else:
        seen = rounding()
        guessed = 1e-12 * max(scale, abs(value)) if seen is None else 4.0 * seen
        slack = error + guessed + _GRID * math.sqrt(support.variance)
    if pointwise:
        # what varies is only rounding, so far finer differences can be seen
        resolution = min(resolution, max(_POINTWISE_RESOLUTION * scale, 8.0 * slack))
    if not slack < 0.5 * resolution:
        raise Undecided(f"rounding hides differences of {slack:.2g} in world {world}; {resolution:.2g} must be seen")
    needed = min(samples_at(resolution - slack, max(support.variance, (resolution * 1e-6) ** 2), alpha), _MOST_SAMPLES)
    return Trial(
        structure, row, entry, rel, alpha, value, error, certified, support, scale, resolution, slack, degenerate,
        known is not None or seen is not None, needed, known, known is narrow and known is not None,
    )  # fmt: skip


def _widened(bound: VarianceBound, rounding: Rounding) -> VarianceBound:
    """The bounds of the computed h."""
    variance = (math.sqrt(bound.variance) + rounding.spread) ** 2 * (1 + 1e-12)
    return replace(bound, variance=variance, mean=bound.mean + rounding.mean)


def _support_bound(
    pilot: Pilot, certified: VarianceBound | None, pointwise: bool, scale: float, analytic: bool
) -> VarianceBound | None:
    """The bound that a support rests on: the certified one, unless it is missing or wasteful.

    Sides that agree on every sample of the pilot are taken to agree everywhere only where h is analytic: a jump at a
    rare event could hide.  For the same reason an assumed bound far below a certified one is not used.
    """
    if pointwise:
        tiny = VarianceBound((4 * _POINTWISE * scale) ** 2, abs(pilot.mean) + scale, False, AGREEING)
        return certified if not analytic or (certified and certified.variance <= tiny.variance) else tiny
    assumed = pilot.assumed()
    if certified is None:
        return assumed
    if assumed is not None and _WASTEFUL < certified.variance / max(assumed.variance, 1e-300) < _INCREDIBLE:
        return assumed
    return certified
