"""How an estimate closes in on a formula: the looks of the sequential rule, world by world, for a picture.

One side of the relation is sampled, the other is evaluated (certified); where neither has a value, the difference of
both sides is sampled and its formula is 0.  Looks are taken at growing numbers of samples: the confidence set of
`numerics.decision` covers the mean at all of them together, so a picture of all the looks is as sure as any one.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Any, Literal

from numerics.concretise import Concretiser
from numerics.decision import ALPHA, Sums
from numerics.evaluate import Evaluator
from numerics.exact import OutOfTime, TooWide, Undefined, Unsupported, ball, precision
from numerics.sampling import STOCHASTIC
from numerics.trial import BITS, Trial
from numerics.witness import describe
from numerics.worlds import shapes
from numerics.worlds.points import PointWorld
from numerics.worlds.shapes import Problem
from proofs import clock
from proofs import terms as T
from proofs.records import Relation

RESOLUTION = 1e-2
WORLDS = 4
FIRST_LOOK = 1 << 8
LEAST, MOST = 1 << 16, 1 << 21  # samples of one world, where the time allows it
DECIMALS = 30  # of the formula: far more than any estimate has

Side = Literal["lhs", "rhs", "difference"]


@dataclass(frozen=True)
class Look:
    """After ``samples`` draws: the estimate, and the ends of the confidence set."""

    samples: int
    estimate: float
    low: float
    high: float


@dataclass(frozen=True)
class Course:
    """The looks in one world.  ``formula`` is the value that the sampled ``side`` should have, or be compared with;
    ``deviation`` what the resolution is relative to; ``values`` describe the world, as those of a witness."""

    values: Mapping[str, Mapping[str, Any]]
    side: Side
    formula: float
    deviation: float
    status: str
    looks: tuple[Look, ...]


@dataclass(frozen=True)
class Convergence:
    """All worlds that were sampled.  ``alpha`` is the probability that any of the sets ever misses its mean;
    ``resolution`` the error, in standard deviations, that would have been seen in each world, None where some world did
    not get so far; ``assumed`` what the sets rest on beyond the laws of probability."""

    courses: tuple[Course, ...]
    alpha: float
    resolution: float | None
    samples: int
    seed: int
    device: str
    assumed: tuple[str, ...] = ()

    @property
    def status(self) -> str:
        """'refuted' where a world refutes, 'supported' where all worlds do, otherwise 'continue' or 'undecided'."""
        found = [c.status for c in self.courses]
        return next((s for s in ("refuted", "undecided", "continue") if s in found), "supported")


def converge(
    relation: Relation, *, seed: int = 0, seconds: float = 3.0, worlds: int = WORLDS, alpha: float = ALPHA
) -> Convergence | str:
    """The course of an estimate of one side of a relation between scalars, or in words why nothing can be sampled.

    Sampling ends when each world is settled, after ``seconds``, or at `MOST` samples of a world.
    """
    problem = shapes.prepare(relation)
    if relation.rel not in ("=", "<=", ">=", "<", ">") or problem.lhs.sort != T.SCALAR:
        return "only relations between numbers are sampled"
    if not any(_stochastic(t) for t in (problem.lhs, problem.rhs)):
        return "nothing in it is an average over something random"
    import torch  # noqa: F401

    from numerics.montecarlo.errors import CannotLower, InvalidLaw, Undecided
    from numerics.montecarlo.interpret import NotCovered

    deadline = clock.now() + seconds  # after the imports, which take their own time
    try:
        found, why = _worlds(problem, seed, worlds, deadline)
        return _sampled(problem, found, seed, seconds, deadline, alpha) if found else why
    except (CannotLower, InvalidLaw, Undecided, NotCovered) as error:
        return str(error)
    except (OutOfTime, RecursionError):
        return "the time was up before the first sample"


def _stochastic(t: T.Term) -> bool:
    return any(n.op in STOCHASTIC for n in T.walk(t))


@dataclass(frozen=True)
class _Concrete:
    world: PointWorld
    pair: tuple[T.Term, T.Term]
    side: Side
    formula: float


def _worlds(problem: Problem, seed: int, wanted: int, deadline: float) -> tuple[list[_Concrete], str]:
    found: list[_Concrete] = []
    why = "no world was found in which it can be sampled"
    for i in range(4 * wanted):
        if len(found) == wanted or clock.now() > deadline:
            break
        try:
            world = PointWorld(problem, Random(f"{seed} convergence {i}"), "rich", 1, False)
            evaluator = Evaluator(world, deadline)
            if all(evaluator.truth(c, world.values) for c in problem.conditions):
                found.append(_concrete(problem, world, evaluator))
        except (Unsupported, TooWide, Undefined, T.ShapeError) as error:
            why = str(error)
    sides = {c.side for c in found}
    return ([c for c in found if c.side == found[0].side] if len(sides) > 1 else found), why


def _concrete(problem: Problem, world: PointWorld, evaluator: Evaluator) -> _Concrete:
    """One side as a closed term to be sampled, the other as a number; both closed where no side has a value."""
    closing = Concretiser(world)
    lhs, rhs = problem.lhs, problem.rhs
    orders: tuple[tuple[Side, T.Term, T.Term], ...] = (("lhs", lhs, rhs), ("rhs", rhs, lhs))
    for side, sampled, given in orders:
        if not _stochastic(sampled):
            continue
        value = _value(given, evaluator, world)
        if value is not None:
            drawn, number = closing.close(sampled), T.number(value)
            return _Concrete(world, (drawn, number) if side == "lhs" else (number, drawn), side, float(value))
    return _Concrete(world, (closing.close(lhs), closing.close(rhs)), "difference", 0.0)


def _value(t: T.Term, evaluator: Evaluator, world: PointWorld) -> Any:
    """A side to `DECIMALS` decimals as a rational; None where this kind of world does not give it."""
    from fractions import Fraction

    try:
        with precision(BITS[0]):
            world.reset()
            digits = str(ball(evaluator.evaluate(t, world.values)).str(DECIMALS, radius=False))
        return Fraction(digits)
    except (Unsupported, TooWide, Undefined, ValueError, TypeError, AttributeError):
        return None


def _sampled(
    problem: Problem, found: list[_Concrete], seed: int, seconds: float, deadline: float, alpha: float
) -> Convergence | str:
    import torch

    from numerics.montecarlo.engine import eager_sums
    from numerics.montecarlo.estimate import Check
    from numerics.montecarlo.integrands import combine
    from numerics.montecarlo.philox import make_key
    from numerics.montecarlo.threads import one_thread

    device = "cuda" if torch.cuda.is_available() else "cpu"
    key = make_key(seed, "convergence " + repr(problem.lhs)[:200])
    check = Check([c.pair for c in found], problem.relation.rel, seed, key, deadline, seconds, device)
    integrals = [(i, combine(T.sub(*c.pair))) for i, c in enumerate(found)]
    if any(i.body is None for _, i in integrals):
        return "nothing is random here"
    with one_thread():
        trials = check.prepared(integrals, alpha, RESOLUTION)
        trials = [t for t in trials if not t.constant]
        if not trials:
            return "the two sides agree on every sample, so there is nothing to close in"
        looks: dict[int, list[Look]] = {t.world: [] for t in trials}
        target = FIRST_LOOK
        drawn = check.drawn
        while clock.now() < deadline:
            for t in trials:
                count = target - t.sums.count
                if _done(t) or clock.now() > deadline:
                    continue
                shift = torch.full((1, 1), t.shift, dtype=torch.float64)
                totals, squares = eager_sums(t.structure, [t.row], key, t.sums.count, count, shift, device)
                t.sums = t.sums + Sums.of(count, float(totals[0, 0]), float(squares[0, 0]))
                drawn += count
                if t.status == "continue":
                    t.look(check.replay, deadline, math.inf)
                looks[t.world].append(_look(t, found[t.world]))
            if all(_done(t) for t in trials):
                break
            target += target // 2
    courses, reached = [], []
    for t in trials:
        if not looks[t.world]:
            continue
        concrete = found[t.world]
        values = describe(problem, concrete.world, Trial("holds", "", "")).values
        courses.append(
            Course(values, concrete.side, concrete.formula, t.scale, t.status, tuple(looks[t.world]))
        )  # fmt: skip
        low, high = t.confidence_set()
        reached.append(
            max(abs(low), abs(high)) / t.scale if problem.relation.rel == "=" else (high - low) / 2 / t.scale
        )
    if not courses or max(len(c.looks) for c in courses) < 3:
        return "too few samples could be drawn in the time for a picture"
    status = [t.status for t in trials]
    resolution = max(reached) if all(s == "supported" for s in status) else None
    assumed = tuple(dict.fromkeys(a for t in trials for a in t.assumptions()))
    return Convergence(tuple(courses), alpha, resolution, drawn, seed, device, assumed)


def _done(t: Any) -> bool:
    """A settled world is drawn on for a while: its picture shall not stop at the first look."""
    return t.status == "undecided" or t.sums.count >= (MOST if t.status == "continue" else LEAST)


def _look(t: Any, concrete: _Concrete) -> Look:
    """The estimate of the sampled side: the trial is about the difference lhs - rhs."""
    low, high = t.confidence_set()
    sign = -1.0 if concrete.side == "rhs" else 1.0
    ends = sorted(concrete.formula + sign * e for e in (low, high))
    return Look(t.sums.count, concrete.formula + sign * t.sums.mean, *ends)


__all__ = ["Convergence", "Course", "Look", "converge"]
