"""Both sides of a relation in the worlds in which it is tested, as numbers: what a picture of the worlds shows."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from flint import arb, fmpq

from numerics import trial as trials
from numerics.check import generator, kinds
from numerics.exact import OutOfTime, Undefined, Unsupported, ball
from numerics.trial import try_world
from numerics.worlds import shapes
from proofs import clock
from proofs import terms as T
from proofs.records import Relation

WORLDS = 24
PATIENCE = 4


@dataclass(frozen=True)
class Sides:
    """``points`` are (left, right) in the worlds of one ``kind`` in which both sides have a value and the relation does
    not fail; ``failing`` are those in which it certainly fails."""

    kind: str
    points: tuple[tuple[float, float], ...]
    failing: tuple[tuple[float, float], ...]
    seed: int


def sides(relation: Relation, *, seed: int = 0, seconds: float = 2.0, worlds: int = WORLDS) -> Sides | str:
    """The sides in up to ``worlds`` worlds, or in words why there are none to show."""
    if relation.rel == ":=" or relation.lhs.sort != T.SCALAR:
        return "its sides are no numbers"
    deadline = clock.now() + seconds
    why = "no world was found in which both sides have a value"
    try:
        problem = shapes.prepare(relation)
        for kind, maker in kinds(problem):
            points: list[tuple[float, float]] = []
            failing: list[tuple[float, float]] = []
            for i in range(PATIENCE * worlds):
                if len(points) + len(failing) == worlds or clock.now() > deadline:
                    break
                try:
                    world = maker(generator(seed, kind, i), 1, False)
                    trial = try_world(problem, world, deadline)
                except Unsupported as error:
                    why = str(error)
                    if i >= PATIENCE and not points:
                        break
                    continue
                pair = _number(trial.lhs), _number(trial.rhs)
                if pair[0] is None or pair[1] is None or not getattr(world, "general", True):
                    continue
                (failing if trial.result == trials.FAILS else points).append((pair[0], pair[1]))
            if len(points) + len(failing) >= 3:
                return Sides(kind, tuple(points), tuple(failing), seed)
    except OutOfTime:
        return "the time was up before enough worlds were tried"
    except (Unsupported, Undefined, RecursionError) as error:
        return str(error)
    return why


def _number(value: Any) -> float | None:
    if not isinstance(value, (fmpq, arb, int)):
        return None
    found = float(ball(value).mid()) if not isinstance(value, int) else float(value)
    return found if math.isfinite(found) else None


__all__ = ["Sides", "sides"]
