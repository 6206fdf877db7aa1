"""What the picture of a claim shows, as plain data: the course of an estimate, the worlds, the cases of a count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from numerics.convergence import Convergence
from numerics.sides import Sides
from proofs.records import Relation
from reports.pages import WORLD_KINDS, world_lines
from reports.record import plain
from reports.words import alpha_words


@dataclass(frozen=True)
class Count:
    """A formula that was compared with the library in whole numbers, in ``cases`` cases; some of them."""

    formula: str
    cases: int
    shown: list[dict[str, Any]]
    points: list[list[int]]


@dataclass(frozen=True)
class Picture:
    """What is drawn: ``kind`` is 'convergence', 'worlds' or 'counts' with ``data``; 'none' says why in ``caption``."""

    kind: str
    relation: str
    caption: str
    data: dict[str, Any]
    world: list[str] = field(default_factory=list)


def convergence_picture(shown: str, relation: Relation, found: Convergence) -> Picture:
    """The estimate of a side closing in on the formula, in each world that was sampled."""
    first = found.courses[0]
    what = {"lhs": "left side", "rhs": "right side", "difference": "difference of the two sides"}[first.side]
    against = {"lhs": "the right side", "rhs": "the left side", "difference": "0"}[first.side]
    caption = (
        f"The {what}, estimated from samples, against {against}, which is computed, in {len(found.courses)} worlds "
        f"drawn at random. The band is the set that contains the mean at all numbers of samples at once, with "
        f"probability 1 - {alpha_words(found.alpha)} over all worlds."
    )
    if found.resolution is not None:
        caption += f" At the end a difference of {found.resolution:.2g} standard deviations would have been seen."
    if found.assumed:
        caption += " The width of the band rests on a bound of the variance that is assumed: " + found.assumed[0] + "."
    data = {
        "side": first.side, "rel": relation.rel, "alpha": found.alpha, "resolution": found.resolution,
        "samples": found.samples, "status": found.status, "seed": found.seed, "device": found.device,
        "courses": [
            {"formula": c.formula, "deviation": c.deviation, "status": c.status,
             "looks": [[k.samples, k.estimate, k.low, k.high] for k in c.looks]} for c in found.courses
        ],
    }  # fmt: skip
    world = world_lines(first.values)
    return Picture("convergence", shown, caption, plain(data), world)


def worlds_picture(shown: str, relation: Relation, found: Sides, why: str) -> Picture:
    """Both sides in the worlds that were tried, where there is no sampled side to show."""
    kind = WORLD_KINDS.get(found.kind, found.kind)
    total = len(found.points) + len(found.failing)
    caption = f"No estimate is shown, since {_lower(why)}. Instead: both sides in {total} worlds ({kind}), computed."
    if found.failing:
        caption += f" In {len(found.failing)} of them the relation fails."
    data = {"rel": relation.rel, "points": found.points, "failing": found.failing, "seed": found.seed}
    return Picture("worlds", shown, caption, plain(data))


def counts_picture(counts: Sequence[Count]) -> Picture:
    total = sum(c.cases for c in counts)
    caption = f"Formula and library in {total} cases, in whole numbers. There is nothing to sample."
    return Picture("counts", "", caption, {"points": [p for c in counts for p in c.points]})


def no_picture(why: str) -> Picture:
    return Picture("none", "", f"There is no picture, since {_lower(why)}.", {})


def _lower(why: str) -> str:
    why = why.rstrip(".")
    return why[:1].lower() + why[1:] if why[1:2].islower() or why[1:2] == " " else why


__all__ = ["Count", "Picture", "convergence_picture", "counts_picture", "no_picture", "worlds_picture"]
