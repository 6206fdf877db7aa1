"""Closed relations about expectations, decided by sampling.

`check_closed` takes one relation in several concrete worlds.  In each the difference of its sides becomes a constant
plus one expectation E h; samples of h are drawn in blocks until the sequential rule of `numerics.decision` refutes it,
supports it to the resolution asked for, or the time is over.  A batch of samples is (structure, parameters, index
range) and leaves three sums behind, so batches may be drawn anywhere and merge in any order.
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from numerics.decision import ALPHA, Decision, Sums, decide, mixture_scale, samples_at
from numerics.montecarlo.errors import CannotLower
from numerics.montecarlo.integrands import Integral, combine
from numerics.montecarlo.interpret import NotCovered
from numerics.montecarlo.philox import make_key
from numerics.montecarlo.polynomials import DivergingMoment
from numerics.montecarlo.rounding import rounding_errors
from numerics.montecarlo.structure import Structure, structures
from numerics.montecarlo.variance_bounds import PILOT, Pilot, VarianceBound, certify, constants, pilot
from proofs.records import Evidence
from proofs.terms import SCALAR, Term, sub

if TYPE_CHECKING:
    from torch import Tensor

RESOLUTION, DEEP_RESOLUTION = 1e-2, 1e-3
LEAST_WORLDS = 8
BLOCK = 1 << 14  # samples evaluated together on a CPU: a dozen float64 columns of it fit the cache of a core
GPU_BLOCK = 1 << 22
_PILOT_START = 1 << 40  # the pilot and the deciding samples never meet
_GRID = 2.0**-24
_MOST_SAMPLES = 1 << 33


@dataclass(frozen=True)
class MonteCarloResult:
    """``world`` is the place of the refuting pair, ``sides`` what its two sides are in numbers; ``assumed`` lists what
    the verdict rests on beyond the laws of probability."""

    status: Literal["refuted", "supported", "undecided"]
    evidence: Evidence = Evidence()
    reason: str = ""
    world: int | None = None
    assumed: list[str] = field(default_factory=list)
    sides: tuple[str, str] | None = None


@dataclass
class _World:
    """One entry of the relation in one world, while it is being decided."""

    index: int
    structure: Structure
    row: int
    entry: int
    shift: float
    constant_error: float
    found: Pilot
    scale: float  # what a resolution is relative to
    resolution: float
    certified: VarianceBound | None
    support: VarianceBound
    slack: float
    rho: tuple[float, float] = (0.0, 0.0)
    sums: Sums = field(default_factory=Sums)
    decision: Decision | None = None
    status: str = "continue"
    reason: str = ""
    needed: int = 0


class Undecided(Exception):
    """The check cannot be carried out; the message says why."""


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
    start = time.monotonic()
    if rel not in ("=", "<=", ">=", "<", ">"):
        return MonteCarloResult("undecided", Evidence(seed=seed), f"'{rel}' is not tested by sampling")
    if not pairs:
        return MonteCarloResult("undecided", Evidence(seed=seed), "no world was given")
    try:
        return _Check(pairs, rel, seed, claim, start + seconds, deep, alpha, device).run()
    except (CannotLower, Undecided) as error:
        return MonteCarloResult("undecided", Evidence(seed=seed, device=device or "cpu"), str(error))


class _Check:
    def __init__(self, pairs, rel, seed, claim, deadline, deep, alpha, device):
        import torch

        self.pairs, self.rel, self.seed, self.deadline, self.alpha = pairs, rel, seed, deadline, alpha
        self.device = device or ("cuda" if torch.cuda.is_available() else "cpu")
        self.key = make_key(seed, claim)
        self.relative = DEEP_RESOLUTION if deep else RESOLUTION
        self.drawn = 0
        self.assumed: list[str] = []

    def run(self) -> MonteCarloResult:
        integrals: list[tuple[int, Integral]] = []
        constant_worlds = []
        for i, (lhs, rhs) in enumerate(self.pairs):
            if lhs.sort != rhs.sort:
                raise CannotLower("the two sides have different shapes")
            if lhs.sort != SCALAR and self.rel != "=":
                raise CannotLower("an inequality between matrices")
            integral = combine(sub(lhs, rhs))
            if integral.body is None:
                constant_worlds.append((i, integral))
            else:
                integrals.append((i, integral))
        for i, integral in constant_worlds:
            if not self._constant_holds(integral):
                return self._result("refuted", "the two sides are constants, and differ", i)
        if not integrals:
            raise Undecided("nothing is random here")
        worlds = [w for s in structures(integrals) for w in self._prepare(s)]
        if len(worlds) == 0:
            raise Undecided("no world in which anything varies")
        self._draw_until_decided(worlds)
        return self._conclude(worlds)

    def _constant_holds(self, integral: Integral) -> bool:
        """False only where the constant certainly contradicts the relation."""
        try:
            values = constants(integral.constant)
        except NotCovered as error:
            raise CannotLower(f"the constant part: {error}") from error
        for value, error in values:
            low, high = value - error, value + error
            wrong = {"=": low > 0 or high < 0, "<=": low > 0, "<": low > 0, ">=": high < 0, ">": high < 0}
            if wrong[self.rel]:
                return False
        return True

    # ------------------------------------------------------------------------------------------ before

    def _prepare(self, s: Structure) -> list[_World]:
        rows = range(len(s.indices))
        pilots, spreads = self._pilots(s)
        worlds = []
        entries = s.entries
        share = self.alpha / (len(self.pairs) * entries)
        for row in rows:
            integral, index = s.integrals[row], s.indices[row]
            try:
                shifts = constants(integral.constant)
            except NotCovered as error:
                raise CannotLower(f"the constant part: {error}") from error
            if len(shifts) != entries:
                raise CannotLower("the two sides have different shapes")
            try:
                bounds = certify(integral, [-v for v, _ in shifts])
            except DivergingMoment as error:
                raise Undecided(f"the variance of the difference is infinite in world {index + 1}: {error}") from error
            errors = self._rounding(s, row, 0, 1 << 9, _PILOT_START)
            for k in range(entries):
                found = pilots[row][k]
                spread = spreads[row][k]
                if found.diverges and bounds[k] is None:
                    raise Undecided(
                        f"the variance of the difference seems to diverge in world {index + 1} "
                        f"(tail index {found.tail_index:.2f}, 2 or less has no variance)"
                    )
                worlds.append(self._world(s, row, k, shifts[k], found, spread, bounds[k], errors, share))
        return worlds

    def _world(self, s, row, k, shift, found, spread, certified, errors, share) -> _World:
        index = s.indices[row]
        value, error = -shift[0], shift[1]
        deviation = math.sqrt(found.variance)
        # sides that agree sample by sample have no spread of their own: the resolution is then that of their parts
        pointwise = deviation <= 1e-9 * max(spread, abs(value))
        scale = spread if pointwise else deviation
        support = certified
        assumed = found.assumed()
        if assumed is not None and pointwise:
            assumed = VarianceBound(max(assumed.variance, (1e-9 * scale) ** 2), assumed.mean, False, assumed.method)
        if assumed is not None and (certified is None or certified.variance > 8.0 * assumed.variance):
            support = assumed
        if support is None:
            raise Undecided(
                f"no bound of the variance is known in world {index + 1}, and its tails are too heavy to assume one "
                f"(kurtosis {found.kurtosis:.3g})"
            )
        rounding = float(errors[k]) if errors is not None else 1e-9 * max(scale, abs(value))
        root = math.sqrt(support.variance) + abs(value)
        slack = error + 4.0 * rounding + _GRID * root
        world = _World(index, s, row, k, value, error, found, scale, self.relative * scale, certified, support, slack)
        if scale > 0 and slack < world.resolution:
            world.needed = min(
                samples_at(world.resolution - slack, max(support.variance, 1e-300), share), _MOST_SAMPLES
            )
            refuting = (certified or support).variance
            world.rho = (
                mixture_scale(share, world.needed, max(refuting, _least(world))),
                mixture_scale(share, world.needed, max(support.variance, _least(world))),
            )
        elif scale > 0:
            raise Undecided(
                f"rounding hides errors of {slack:.2g} in world {index + 1}, more than the resolution {world.resolution:.2g}"
            )
        return world

    def _pilots(self, s: Structure) -> tuple[list[list[Pilot]], list[list[float]]]:
        """For each world and entry the pilot of h, and the spread of its parts."""
        found, spreads = [], []
        for row in range(len(s.indices)):
            h, parts = self._values(s, [row], _PILOT_START, PILOT)
            self._finite(h, s.indices[row])
            found.append([pilot(h[0, :, k]) for k in range(s.entries)])
            spread = sum((p.var(dim=1)[0] for p in parts), h.new_zeros(s.entries)).sqrt()
            spreads.append([float(x) for x in spread])
            self.drawn += PILOT
        return found, spreads

    def _finite(self, h: Tensor, index: int) -> None:
        import torch

        bad = ~torch.isfinite(h)
        if bool(bad.any()):
            value = float(h[bad][0])
            raise Undecided(f"a sample of the difference is not finite ({value}) in world {index + 1}")

    def _values(self, s: Structure, rows: Sequence[int], start: int, count: int) -> tuple[Tensor, list[Tensor]]:
        env = s.draw(rows, self.key, start, count, self.device)
        return s.evaluate(env, len(rows), count)

    def _rounding(self, s: Structure, row: int, start: int, count: int, offset: int = 0) -> Tensor | None:
        """The sum of the rounding errors of each entry over a range of samples, or None where none is known."""
        env = s.draw([row], self.key, offset + start, count, self.device)
        errors = rounding_errors(s, row, env, count)
        return None if errors is None else errors.mean(0) if offset else errors.sum(0)

    # ------------------------------------------------------------------------------------------ sampling

    def _draw_until_decided(self, worlds: list[_World]) -> None:
        import torch

        share = self.alpha / len(worlds)
        block = GPU_BLOCK if self.device.startswith("cuda") else BLOCK
        target = 1 << 12
        while True:
            active = [w for w in worlds if w.status == "continue" and w.scale > 0]
            if not active or any(w.status == "refuted" for w in worlds):
                return
            groups: dict[int, tuple[Structure, set[int]]] = {}
            for w in active:
                groups.setdefault(id(w.structure), (w.structure, set()))[1].add(w.row)
            for s, chosen in groups.values():
                rows = sorted(chosen)
                here = [w for w in active if w.structure is s]
                begin = here[0].sums.count
                size = max(block // len(rows), 256)
                while begin < target:
                    count = min(size, target - begin)
                    h, _ = self._values(s, rows, begin, count)
                    shift = torch.tensor(
                        [[next(w.shift for w in here if w.row == r and w.entry == k) if any(w.row == r and w.entry == k for w in here) else 0.0 for k in range(s.entries)] for r in rows],
                        dtype=torch.float64, device=h.device,
                    )  # fmt: skip
                    d = h - shift[:, None, :]
                    totals, squares = d.sum(1).tolist(), (d * d).sum(1).tolist()
                    for w in here:
                        i = rows.index(w.row)
                        try:
                            w.sums = w.sums + Sums.of(count, totals[i][w.entry], squares[i][w.entry])
                        except ValueError:
                            self._finite(h[i], w.index)
                            raise Undecided(f"the sums overflow in world {w.index + 1}") from None
                    begin += count
                    self.drawn += count * len(rows)
                    if time.monotonic() > self.deadline:
                        break
            for w in active:
                self._look(w, share)
            if time.monotonic() > self.deadline:
                return
            target = min(target + max(target // 2, 1 << 12), _MOST_SAMPLES)

    def _look(self, w: _World, share: float) -> None:
        """Decide world w on the samples drawn so far."""
        limit = 16.0 * w.support.variance + 16.0 * w.slack**2
        if w.sums.variance > limit and w.sums.count >= PILOT:
            w.status = "undecided"
            w.reason = (
                f"broken assumption in world {w.index + 1}: the sample variance {w.sums.variance:.3g} is far above "
                f"the bound {w.support.variance:.3g} ({w.support.method})"
            )
            return
        if w.certified is not None:
            w.decision = self._decide(w, w.certified, share, w.slack, w.rho[0])
            if w.decision.status == "refuted" and self._stands(w, share):
                w.status = "refuted"
                return
        if w.support is not w.certified:
            w.decision = self._decide(w, w.support, share, w.slack, w.rho[1])
        if w.decision is None:
            return
        if w.decision.status == "supported":
            w.status = "supported"
        elif w.certified is None and w.decision.log_e > -math.log(share):
            w.status = "undecided"
            w.reason = (
                f"the sides differ in world {w.index + 1} by {w.sums.mean:.6g}, but the bound of the variance is only "
                f"assumed ({w.support.method}), which may not refute"
            )

    def _decide(self, w: _World, bound: VarianceBound, share: float, slack: float, rho: float) -> Decision:
        return decide(
            w.sums, 0.0, self.rel, alpha=share, resolution=w.resolution, slack=slack,
            variance_bound=max(bound.variance, _least(w)), certified=bound.certified, mean_bound=bound.mean, rho=rho,
        )  # fmt: skip

    def _stands(self, w: _World, share: float) -> bool:
        """Draw the samples again with their rounding errors, and decide with what is then certain."""
        assert w.certified is not None
        total, start = 0.0, 0
        while start < w.sums.count:
            count = min(BLOCK, w.sums.count - start)
            errors = self._rounding(w.structure, w.row, start, count)
            if errors is None or time.monotonic() > self.deadline + 20.0:
                w.reason = f"world {w.index + 1} seems to refute, but its rounding errors could not be bounded"
                return False
            total += float(errors[w.entry])
            start += count
        root = math.sqrt(w.certified.variance) + w.certified.mean
        slack = (w.constant_error + total / w.sums.count + _GRID * root) * (1 + 1e-9)
        if not slack < w.resolution:
            return False
        return self._decide(w, w.certified, share, slack, w.rho[0]).status == "refuted"

    # ------------------------------------------------------------------------------------------ after

    def _conclude(self, worlds: list[_World]) -> MonteCarloResult:
        refuted = [w for w in worlds if w.status == "refuted"]
        if refuted:
            w = refuted[0]
            assert w.decision is not None
            return self._result("refuted", f"the difference of the sides is {w.sums.mean:.6g}", w.index, worlds, w)
        for w in worlds:
            if w.status == "undecided":
                return self._result("undecided", w.reason, None, worlds)
        open_ = [w for w in worlds if w.status == "continue" and w.scale > 0]
        if open_:
            w = max(open_, key=lambda w: w.needed)
            reason = w.reason or f"out of time after {w.sums.count} of about {w.needed} samples in world {w.index + 1}"
            return self._result("undecided", reason, None, worlds)
        count = len({w.index for w in worlds if w.status == "supported"})
        if count < LEAST_WORLDS:
            return self._result(
                "undecided", f"it holds in {count} worlds that vary; {LEAST_WORLDS} are asked for", None, worlds
            )
        return self._result("supported", f"it holds in {count} worlds", None, worlds)

    def _result(self, status, reason, world, worlds: Sequence[_World] = (), refuting: _World | None = None):
        judged = [w for w in worlds if w.decision is not None]
        interval, resolution = None, None
        if refuting is not None:
            interval = refuting.decision.interval
        elif judged:
            widest = max(judged, key=lambda w: max(map(abs, w.decision.interval)) / w.scale)
            interval = widest.decision.interval
        if status == "supported":
            resolution = max(_reach(w, self.rel) / w.scale for w in judged)
        assumed = list(
            dict.fromkeys(
                f"variance of the difference in world {w.index + 1}: {w.support.method}"
                for w in worlds
                if not w.support.certified and w.status == "supported"
            )
        )
        evidence = Evidence(
            worlds=len({w.index for w in judged}), samples=self.drawn, interval=interval, resolution=resolution,
            seed=self.seed, device=self.device, kinds=("sampled",),
        )  # fmt: skip
        sides = self._sides(world) if status == "refuted" and world is not None else None
        return MonteCarloResult(status, evidence, reason, world, assumed, sides)

    def _sides(self, index: int) -> tuple[str, str]:
        """Both sides in numbers: constants to twelve digits, expectations as mean +- three standard errors."""
        lhs, rhs = (self._side(index, t) for t in self.pairs[index])
        return lhs, rhs

    def _side(self, index: int, t: Term) -> str:
        try:
            integral = combine(t)
            fixed = constants(integral.constant)
            if integral.body is None:
                return "; ".join(f"{v:.12g}" for v, _ in fixed)
            s = structures([(index, integral)])[0]
            h, _ = self._values(s, [0], 0, PILOT)
            means, errors = h.mean(1)[0].tolist(), (h.std(1)[0] / math.sqrt(PILOT)).tolist()
            return "; ".join(f"{m + v:.6g} ± {3 * e:.2g}" for m, e, (v, _) in zip(means, errors, fixed))
        except (CannotLower, NotCovered) as error:
            return str(error)


def _least(w: _World) -> float:
    """A variance bound below this would only measure rounding."""
    return max((w.resolution * 1e-6) ** 2, 1e-300)


def _reach(w: _World, rel: str) -> float:
    assert w.decision is not None
    low, high = w.decision.interval
    if rel == "=":
        return max(abs(low), abs(high))
    return 0.5 * (high - low)
