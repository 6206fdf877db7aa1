"""A search for a world that breaks an inequality: from a world where it nearly fails, downhill on its margin."""

from __future__ import annotations

from fractions import Fraction
from random import Random
from typing import Any

from flint import fmpq

from numerics import trial as trials
from numerics.evaluate import Cell
from numerics.exact import OutOfTime, Unsupported
from numerics.matrices import Mat
from numerics.simplify import admits
from numerics.trial import Trial, try_world
from numerics.worlds.finite import FiniteWorld
from numerics.worlds.formulas import Formula
from numerics.worlds.shapes import Problem
from proofs import clock
from proofs import terms as T

STEPS = 150
FACTORS = (fmpq(1, 10), fmpq(1, 2), fmpq(2), fmpq(10), fmpq(9, 10), fmpq(11, 10), fmpq(-1))
WHOLE_MATRIX = ("positive_definite", "positive_diagonal", "symmetric", "invertible")


def search(problem: Problem, world: Any, trial: Trial, rng: Random, deadline: float) -> tuple[Any, Trial] | None:
    """A failing world near the given one, or None."""
    best = margin(trial)
    for _ in range(STEPS):
        if clock.now() > deadline:
            return None
        undo = _move(problem, world, rng)
        if undo is None:
            return None
        try:
            trial = try_world(problem, world, deadline)
        except (Unsupported, OutOfTime):
            undo()
            continue
        if trial.result == trials.FAILS:
            return world, trial
        now = margin(trial)
        if trial.result == trials.HOLDS and now < best:
            best = now
        else:
            undo()
    return None


def margin(trial: Trial) -> float:
    """How far the inequality is from failing."""
    return trial.outcome.margin if trial.outcome is not None else float("inf")


def _move(problem: Problem, world: Any, rng: Random):
    """Change one number of the world; gives back what undoes it, or None where there is nothing to change."""
    places: list[tuple[str, Any]] = [
        ("value", n) for n, v in world.values.items() if not isinstance(v, Cell) and n not in problem.index_bounds
    ]
    if isinstance(world, FiniteWorld):
        for s, cells in world.cells.items():
            if not problem.hypotheses.spaces[s].discrete:
                places += [("length", (s, i)) for i in range(len(cells))]
        for letter, (_, _, table) in world.tables.items():
            places += [("table", (letter, key)) for key, f in table.items() if f.body.op == "number"]
    if not places:
        return None
    kind, key = rng.choice(places)
    factor = rng.choice(FACTORS)
    if kind == "value":
        return _move_value(problem, world, key, factor, rng)
    factor = abs(factor)
    if kind == "length":
        space, i = key
        old = world.measure[space][i]
        world.measure[space][i] = old * factor
        return lambda: world.measure[space].__setitem__(i, old)
    letter, cell = key
    table = world.tables[letter][2]
    before = table[cell]
    value = before.body.data[0] * Fraction(int(factor.p), int(factor.q))
    table[cell] = Formula(before.names, before.sorts, T.number(value))
    return lambda: table.__setitem__(cell, before)


def _move_value(problem: Problem, world: Any, name: str, factor: fmpq, rng: Random):
    old = world.values[name]
    domain = problem.domains[name]
    if isinstance(old, Mat):
        if domain.kind in WHOLE_MATRIX or rng.random() < 0.5:
            new: Any = old.map(lambda x: x * abs(factor))
        else:
            i, j = rng.randrange(old.rows), rng.randrange(old.cols)
            new = Mat(
                [[x * factor if (a, b) == (i, j) else x for b, x in enumerate(r)] for a, r in enumerate(old.data)]
            )
        if domain.kind not in WHOLE_MATRIX and not all(admits(domain, x) for x in new.entries()):
            new = old
    else:
        new = old * factor
        if rng.random() < 0.3:
            new = new + factor
        if not admits(domain, new):
            new = old
    world.values[name] = new
    return lambda: world.values.__setitem__(name, old)
