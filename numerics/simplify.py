"""The simplest world in which a failure is still seen: small numbers, few cells, low dimension."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

from flint import fmpq

from numerics import trial as trials
from numerics.evaluate import Cell
from numerics.exact import ONE, ZERO, OutOfTime, Unsupported
from numerics.matrices import Mat
from numerics.rings import is_exact_zero
from numerics.trial import Trial, try_world
from numerics.worlds.shapes import Problem
from proofs import clock
from proofs.records import Domain

TRIES = 40
SIMPLER = (ZERO, ONE, fmpq(2), fmpq(-1), fmpq(1, 2), fmpq(3))

Maker = Callable[[Random, int, bool], Any]  # (random source, size, smallest dimensions) -> world
Found = tuple[Any, Trial]


def same_failure(first: Trial, other: Trial) -> bool:
    """Whether the other trial fails as the first does: by its values, or by an undefined side."""
    undefined = any(first.undefined_sides)
    if undefined:
        return other.result == trials.UNDEFINED and other.undefined_sides == first.undefined_sides
    return other.result == trials.FAILS


def simplest(problem: Problem, maker: Maker, found: Found, random: Callable[[int], Random], deadline: float) -> Found:
    """A failing world drawn small, with its numbers made simpler one by one.  The failure itself if none is found."""
    limit = min(deadline, clock.now() + max(0.3, (deadline - clock.now()) * 0.5))
    best = found
    try:
        for i in range(TRIES):
            try:
                world = maker(random(i), 0, i % 2 == 0)
                trial = try_world(problem, world, limit)
            except Unsupported:
                continue
            if getattr(world, "general", True) and same_failure(found[1], trial):
                best = (world, trial)
                break
        return _round(problem, best, limit)
    except OutOfTime:
        return best


def _round(problem: Problem, found: Found, limit: float) -> Found:
    """Replace each number by the simplest admissible one that keeps the failure."""
    world, trial = found
    original = dict(world.values)
    for name, domain in problem.domains.items():
        value = world.values[name]
        if isinstance(value, Cell) or name in problem.index_bounds:
            continue
        for candidate in _simpler(value, domain):
            world.values[name] = candidate
            try:
                again = try_world(problem, world, limit)
            except (Unsupported, OutOfTime):
                again = None
            if again is not None and same_failure(trial, again):
                trial = again
                original[name] = candidate
                break
            world.values[name] = original[name]
        if clock.now() > limit:
            break
    try:
        return world, try_world(problem, world, float("inf"))
    except Unsupported:
        return found


def _simpler(value: Any, domain: Domain) -> list[Any]:
    """Admissible values that are easier to read than this one, the easiest first."""
    if not isinstance(value, Mat):
        candidates = list(SIMPLER)
        if value in candidates:
            candidates = candidates[: candidates.index(value)]
        return [c for c in candidates if admits(domain, c)]
    n = value.rows
    if domain.kind in ("positive_definite", "positive_diagonal", "symmetric", "invertible", "orthogonal"):
        if value.rows != value.cols:
            return []
        one = Mat([[ONE if i == j else ZERO for j in range(n)] for i in range(n)])
        two = Mat([[fmpq(2) if i == j == 0 else x for j, x in enumerate(row)] for i, row in enumerate(one.data)])
        return [one] if domain.kind == "orthogonal" else [one, two]
    if domain.kind == "simplex":
        return []
    plain = [ZERO, ONE] if domain.kind == "real" else [c for c in SIMPLER if admits(domain, c)][:2]
    constant = [Mat([[c] * value.cols for _ in range(n)]) for c in plain]
    return constant + [
        Mat([[c if i == j == 0 else plain[0] for j in range(value.cols)] for i in range(n)]) for c in plain[1:]
    ]


def admits(domain: Domain, x: fmpq) -> bool:
    """Whether a number lies in a scalar domain (or may be an entry of a vector of it)."""
    if domain.lower is not None and x < fmpq(domain.lower.numerator, domain.lower.denominator):
        return False
    if domain.upper is not None and x > fmpq(domain.upper.numerator, domain.upper.denominator):
        return False
    whole = x.q == 1
    return {
        "real": True,
        "interval": domain.lower is None or x != fmpq(domain.lower.numerator, domain.lower.denominator),
        "positive": x > 0,
        "positive_vector": x > 0,
        "positive_definite": x > 0,
        "positive_diagonal": x > 0,
        "nonnegative": x >= 0,
        "nonzero": not is_exact_zero(x),
        "invertible": not is_exact_zero(x),
        "unit": 0 < x < 1,
        "closed_unit": 0 <= x <= 1,
        "integer": whole,
        "natural": whole and x >= 0,
        "binary": whole and 0 <= x <= 1,
        "symmetric": True,
    }.get(domain.kind, False)
