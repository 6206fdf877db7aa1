"""Both sides of a relation computed from the values of a witness alone: nobody has to trust who wrote it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from fractions import Fraction
from random import Random
from typing import Any

from numerics.evaluate import Cell
from numerics.exact import rational
from numerics.plain_data import entry_of, formula_of, untagged
from numerics.trial import try_world
from numerics.witness import shown
from numerics.worlds import shapes
from numerics.worlds.families import Component, JointNormal
from numerics.worlds.finite import FiniteWorld
from numerics.worlds.points import PointWorld
from numerics.worlds.shapes import Problem
from proofs.records import Relation


class NotAWitness(ValueError):
    """The values do not describe a world of the relation."""


def world_of(problem: Problem, values: Mapping[str, Mapping[str, Any]]) -> FiniteWorld | PointWorld:
    """The world that the values of a witness describe."""
    finite = any("table" in v for v in values.values())
    make: Callable[..., Any] = FiniteWorld.blank if finite else PointWorld.blank
    world = make(problem, Random(0))
    for name in problem.dims:
        if name in values:
            world.dims[name] = int(values[name]["number"])
        else:
            world.dims.setdefault(name, 2)
    if finite:
        _fill_finite(world, values)
    for name, data in values.items():
        if name in problem.domains and ("number" in data or "vector" in data or "matrix" in data):
            world.values[name] = untagged(data)
        elif "function" in data:
            key = (name, ()) if finite else name
            world.formulas[key] = formula_of(data["function"])
        elif "law" in data:
            world.joints[data["law"]["letter"]] = _joint_of(data["law"])
    missing = [n for n in problem.domains if n not in world.values]
    if missing:
        raise NotAWitness("no value is given for " + ", ".join(missing))
    return world


def _fill_finite(world: FiniteWorld, values: Mapping[str, Mapping[str, Any]]) -> None:
    tables = [(name, v["table"]) for name, v in values.items() if "table" in v]
    for _, t in tables:
        if "lengths" in t:
            known = [rational(Fraction(x)) for x in t["values"]] if "values" in t else [None] * len(t["lengths"])
            world.cells[t["space"]] = [Cell(t["space"], i, x) for i, x in enumerate(known)]
            world.measure[t["space"]] = [rational(Fraction(x)) for x in t["lengths"]]
    for name, t in tables:
        if "cell" in t:
            world.values[name] = world.cells[t["space"]][t["cell"] - 1]
        elif "density of" in t:
            at = {tuple(int(i) - 1 for i in k.split(",")): formula_of(f) for k, f in t["at"].items()}
            world.tables[t["letter"]] = (tuple(t["density of"]), tuple(t["parameters"]), at)
        elif "function" in t:
            for key, f in t["at"].items():
                cells = tuple((c.rsplit(" ", 1)[0], int(c.rsplit(" ", 1)[1]) - 1) for c in key.split(", "))
                if isinstance(f, dict) and "cell" in f:
                    world.maps[(name, cells)] = int(f["cell"].rsplit(" ", 1)[1]) - 1
                else:
                    world.formulas[(name, cells)] = formula_of(f)


def _joint_of(data: Mapping[str, Any]) -> JointNormal:
    components = tuple(
        Component(
            Fraction(c["weight"]),
            tuple(entry_of(m) for m in c["mean"]),
            tuple(tuple(entry_of(e) for e in row) for row in c["root"]),
        )
        for c in data["components"]
    )
    return JointNormal(tuple(data["variables"]), tuple(data["sizes"]), tuple(data["parameters"]), components)


def reevaluate(relation: Relation, values: Mapping[str, Mapping[str, Any]]) -> tuple[str, str]:
    """Both sides of a relation computed from the values of a witness alone, as a witness shows them."""
    problem = shapes.prepare(relation)
    trial = try_world(problem, world_of(problem, values), math.inf)
    return shown(trial.lhs), shown(trial.rhs)
