"""Closed relations about expectations, decided by sampling.

`check_closed` takes one relation in several concrete worlds.  In each the difference of its sides becomes a constant
plus one expectation E h; samples of h are drawn in blocks until the sequential rule of `numerics.decision` refutes it,
supports it to the resolution asked for, or the time is over.  A batch of samples is (structure, parameters, index
range) and leaves three sums behind, so batches may be drawn anywhere and merge in any order.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from typing import TYPE_CHECKING, Literal

from numerics.decision import ALPHA, Sums, samples_at
from numerics.montecarlo.certified_rounding import certify_rounding
from numerics.montecarlo.engine import Engine, require_finite
from numerics.montecarlo.errors import CannotLower, Undecided
from numerics.montecarlo.integrands import Integral, combine
from numerics.montecarlo.interpret import NotCovered
from numerics.montecarlo.philox import make_key
from numerics.montecarlo.polynomials import DivergingMoment
from numerics.montecarlo.rounding import rounding_errors
from numerics.montecarlo.structure import Structure, structures
from numerics.montecarlo.trial import ROUNDING_PILOT, Trial, prepare, violates
from numerics.montecarlo.variance_bounds import PILOT, certify, constants, pilot
from proofs import clock
from proofs.records import Evidence
from proofs.terms import SCALAR, Term, sub

if TYPE_CHECKING:
    from torch import Tensor

RESOLUTION, DEEP_RESOLUTION = 1e-2, 1e-3
LEAST_WORLDS = 8
_FIRST_LOOK = 1 << 12
_NARROW_FROM = 1 << 28  # so many samples are worth a kernel in float32
_SHORT_PILOT = 1 << 12
_PILOT_START = 1 << 40  # the pilot and the deciding samples never meet


@dataclass(frozen=True)
class MonteCarloResult:
    """``world`` is the place of the refuting pair, ``sides`` its two sides in numbers; ``assumed`` lists what a support
    rests on beyond the laws of probability.  ``evidence.resolution`` is in standard deviations of the difference."""

    status: Literal["refuted", "supported", "undecided"]
    evidence: Evidence = field(default_factory=Evidence)
    reason: str = ""
    world: int | None = None
    assumed: list[str] = field(default_factory=list)
    sides: tuple[str, str] | None = None


def check_closed(
    pairs: Sequence[tuple[Term, Term]],
    rel: str,
    *,
    seed: int = 0,
    claim: int | str = 0,
    seconds: float = 5.0,
    deep: bool = False,
    alpha: float = ALPHA,
    device: str | None = None,
) -> MonteCarloResult:
    """Test ``lhs rel rhs`` in worlds given as closed (lhs, rhs) terms, by sampling.

    A relation that holds is refuted with probability at most ``alpha``, all worlds, entries and looks together.
    'supported' means that an error of 1e-2 (deep: 1e-3) standard deviations of h would have been seen in each of at
    least eight worlds.  What cannot be sampled ends as 'undecided' with its reason.
    """
    deadline = clock.now() + seconds
    if rel not in ("=", "<=", ">=", "<", ">"):
        return MonteCarloResult("undecided", Evidence(seed=seed), f"'{rel}' is not tested by sampling")
    if not pairs:
        return MonteCarloResult("undecided", Evidence(seed=seed), "no world was given")
    import torch

    from numerics.montecarlo.threads import one_thread

    device = device or ("cuda" if torch.cuda.is_available() else "cpu")
    check = Check(pairs, rel, seed, make_key(seed, claim), deadline, seconds, device)
    try:
        with one_thread():
            return check.run(alpha, DEEP_RESOLUTION if deep else RESOLUTION)
    except (CannotLower, Undecided) as error:
        reason = str(error)
    except OverflowError:
        reason = "a number is too large for float64"
    except torch.linalg.LinAlgError:
        reason = "a matrix that is inverted or factored is singular"
    except torch.OutOfMemoryError:
        reason = "the samples need more memory than there is"
    return MonteCarloResult("undecided", Evidence(samples=check.drawn, seed=seed, device=device), reason)


@dataclass
class Check:
    """One relation in several worlds, with the key of its draws and the time that it has."""

    pairs: Sequence[tuple[Term, Term]]
    rel: str
    seed: int
    key: tuple[int, int]
    deadline: float
    seconds: float
    device: str
    drawn: int = 0

    def run(self, alpha: float, relative: float) -> MonteCarloResult:
        integrals: list[tuple[int, Integral]] = []
        for i, (lhs, rhs) in enumerate(self.pairs):
            if lhs.sort != rhs.sort:
                raise CannotLower("the two sides have different shapes")
            if lhs.sort != SCALAR and self.rel != "=":
                raise CannotLower("an inequality between matrices")
            integral = combine(sub(lhs, rhs))
            if integral.body is not None:
                integrals.append((i, integral))
            elif any(violates(self.rel, (v, v), e) for v, e in _closed(integral.constant)):
                return self._refuted(i, "the two sides are constants, and differ", [])
        if not integrals:
            raise Undecided("nothing is random here")
        trials = self.prepared(integrals, alpha, relative)
        self._draw(trials)
        return self._conclude(trials)

    def prepared(self, integrals: Sequence[tuple[int, Integral]], alpha: float, relative: float) -> list[Trial]:
        """A trial for each entry of each world, its bounds fixed by a pilot; together they err with ``alpha``."""
        groups = structures(integrals)
        together = sum(len(s.indices) * s.entries for s in groups)
        share = alpha / together
        many = together * samples_at(relative, 1.0, share) >= _NARROW_FROM
        places = [(s, row) for s in groups for row in range(len(s.indices))]
        return [t for s, row in places for t in self._trials(s, row, share, relative, many)]

    # ------------------------------------------------------------------------------------------ before sampling

    def _trials(self, s: Structure, row: int, share: float, relative: float, many: bool) -> list[Trial]:
        """The entries of one world, after a pilot of their own; ``many`` samples may be worth a kernel in float32."""
        index, integral = s.indices[row], s.integrals[row]
        if clock.now() > self.deadline:
            raise Undecided("out of time before the first deciding sample")
        shifts = _closed(integral.constant)
        try:
            bounds = certify(integral, [-v for v, _ in shifts])
        except DivergingMoment as error:
            raise Undecided(f"the variance of the difference is infinite in world {index + 1}: {error}") from error
        exact = all(b is not None and b.exact_mean is not None for b in bounds)
        count = _SHORT_PILOT if exact else PILOT  # a long one only tells of tails, which exact moments know
        env = s.draw([row], self.key, _PILOT_START, count, self.device)
        h = s.evaluate(env, 1, count)[0]
        self.drawn += count
        require_finite(h, index)
        if not s.defined(env):
            raise Undecided(f"something is differentiated where it has no value, in world {index + 1}")
        spreads = s.spread(env, count)
        wide = certify_rounding(integral, "float64") or [None] * s.entries
        narrow = (certify_rounding(integral, "float32") if many else None) or [None] * s.entries

        @cache
        def errors() -> Tensor | None:
            few = s.draw([row], self.key, _PILOT_START, ROUNDING_PILOT, self.device)
            return rounding_errors(s, row, few, ROUNDING_PILOT)

        def seen(entry: int) -> float | None:
            found = errors()
            return None if found is None else float(found[:, entry].mean())

        return [
            prepare(
                s, row, k, self.rel, share, relative, (-shifts[k][0], shifts[k][1]), pilot(h[:, k]), spreads[k],
                bounds[k], partial(seen, k), wide[k], narrow[k],
            )
            for k in range(s.entries)
        ]  # fmt: skip

    def replay(self, s: Structure, row: int, start: int, count: int) -> dict[str, Tensor]:
        return s.draw([row], self.key, start, count, self.device)

    # ------------------------------------------------------------------------------------------ sampling

    def _draw(self, trials: list[Trial]) -> None:
        """Blocks of samples for all open trials, with looks at geometrically growing numbers."""
        target = _FIRST_LOOK
        begun = clock.now()
        engines = {id(t.structure): Engine(t.structure, self.key, self.device) for t in trials}
        for key, engine in engines.items():
            here = [t for t in trials if id(t.structure) == key]
            if all(t.narrow for t in here) and sum(t.needed for t in here if t.entry == 0) >= _NARROW_FROM:
                engine.precision = "float32"
        while True:
            for key, engine in engines.items():
                here = [t for t in trials if id(t.structure) == key and t.status == "continue"]
                if here and here[0].sums.count < target:
                    self._advance(engine, here, target)
                left = (self.deadline - clock.now()) / max(clock.now() - begun, 1e-3)
                for t in here:
                    t.look(self.replay, self.deadline + 0.5 * self.seconds, t.sums.count * (1.0 + max(left, 0.0)))
                    if t.status == "refuted":
                        return
            if clock.now() > self.deadline or all(t.status != "continue" for t in trials):
                return
            target += max(target // 2, _FIRST_LOOK)

    def _advance(self, engine: Engine, trials: list[Trial], target: int) -> None:
        """Draw up to ``target`` samples for trials of one structure; all of them have equally many behind them."""
        import torch

        rows = sorted({t.row for t in trials})
        shift = torch.zeros(len(rows), engine.structure.entries, dtype=torch.float64)
        for t in trials:
            shift[rows.index(t.row), t.entry] = t.shift
        start, wanted = trials[0].sums.count, max(t.needed for t in trials)
        count, totals, squares = engine.advance(rows, shift, target - start, wanted - start, self.deadline)
        self.drawn += count * len(rows)
        if count:
            for t in trials:
                i = rows.index(t.row)
                t.sums = t.sums + Sums.of(count, float(totals[i, t.entry]), float(squares[i, t.entry]))
                t.compiled = engine.compiled

    # ------------------------------------------------------------------------------------------ after sampling

    def _conclude(self, trials: list[Trial]) -> MonteCarloResult:
        for t in trials:
            if t.status == "refuted":
                reason = t.reason or f"the difference of the sides is {t.sums.mean:.6g}"
                return self._refuted(t.world, f"{reason} in world {t.world + 1}", trials, t)
        evidence = self._evidence(trials)
        for t in trials:
            if t.status == "undecided":
                return MonteCarloResult("undecided", evidence, t.reason)
        still = [t for t in trials if t.status == "continue"]
        if still:
            t = max(still, key=lambda t: t.needed)
            late = f"out of time after {t.sums.count} of about {t.needed} samples in world {t.world + 1}"
            return MonteCarloResult("undecided", evidence, t.reason or late)
        count = len({t.world for t in trials if not t.degenerate})
        if count < LEAST_WORLDS:
            few = f"it holds in {count} worlds in which it varies; {LEAST_WORLDS} are asked for"
            return MonteCarloResult("undecided", evidence, few)
        assumed = list(dict.fromkeys(a for t in trials for a in t.assumptions()))
        return MonteCarloResult("supported", evidence, f"it holds in {count} worlds", None, assumed)

    def _refuted(self, world: int, reason: str, trials: list[Trial], by: Trial | None = None) -> MonteCarloResult:
        evidence = self._evidence(trials, by)
        sides = (self._side(world, self.pairs[world][0]), self._side(world, self.pairs[world][1]))
        return MonteCarloResult("refuted", evidence, reason, world, [], sides)

    def _evidence(self, trials: list[Trial], by: Trial | None = None) -> Evidence:
        judged = [t for t in trials if t.decision is not None]
        interval, resolution = None, None
        if judged:
            t = by or max(judged, key=lambda t: _width(t) / t.scale)
            interval = t.decision.interval if t.decision is not None else None
            if by is None and all(t.status == "supported" for t in trials):
                resolution = max(_width(t) / t.scale for t in judged)
        return Evidence(
            worlds=len({t.world for t in judged if not t.degenerate}), samples=self.drawn, interval=interval,
            resolution=resolution, seed=self.seed, device=self.device, kinds=("sampled",),
        )  # fmt: skip

    def _side(self, index: int, t: Term) -> str:
        """A side in numbers: a constant to twelve digits, an expectation as its mean and three standard errors."""
        try:
            integral = combine(t)
            fixed = _closed(integral.constant)
            if integral.body is None:
                return "; ".join(f"{v:.12g}" for v, _ in fixed)
            s = structures([(index, integral)])[0]
            h = s.evaluate(s.draw([0], self.key, 0, PILOT, self.device), 1, PILOT)[0]
            means, errors = h.mean(0).tolist(), (h.std(0) / math.sqrt(PILOT)).tolist()
            return "; ".join(f"{m + v:.6g} ± {3 * e:.2g}" for m, e, (v, _) in zip(means, errors, fixed))
        except CannotLower as error:
            return str(error)


def _closed(t: Term) -> list[tuple[float, float]]:
    try:
        return constants(t)
    except NotCovered as error:
        raise CannotLower(f"the part without expectations has no certain value: {error}") from error


def _width(t: Trial) -> float:
    """How large an error the samples could still hide."""
    assert t.decision is not None
    low, high = t.decision.interval
    return max(abs(low), abs(high)) if t.rel == "=" else 0.5 * (high - low)
