"""A world in which a relation fails, as plain data."""

from __future__ import annotations

from typing import Any

from flint import fmpq

from numerics.evaluate import Cell
from numerics.exact import Undefined, ball, precision
from numerics.matrices import Mat
from numerics.trial import Trial
from numerics.worlds.shapes import Problem
from proofs import terms as T
from proofs.records import Witness


def shown(value: Any, bits: int = 1100) -> str:
    """A value as decimals inside its ball, or as an exact fraction where that is short."""
    if isinstance(value, Undefined):
        return "undefined"
    if isinstance(value, Cell):
        return repr(value)
    if isinstance(value, Mat):
        rows = ["[" + ", ".join(shown(x) for x in row) + "]" for row in value.data]
        return "[" + ", ".join(rows) + "]"
    if isinstance(value, fmpq) and len(str(value)) <= 20:
        return str(value)
    with precision(bits):
        return str(ball(value).str(20, radius=False))


def tagged(value: Any) -> dict[str, Any]:
    if isinstance(value, Mat):
        if value.cols == 1:
            return {"vector": [str(x) for x in value.entries()]}
        return {"matrix": [[str(x) for x in row] for row in value.data]}
    return {"number": str(value)}


def describe(problem: Problem, world: Any, trial: Trial) -> Witness:
    used = set()
    for t in problem.sides():
        used |= set(T.free_symbols(t))
    values: dict[str, Any] = {}
    for name in sorted(used):
        if name in world.values:
            v = world.values[name]
            if isinstance(v, Cell):
                values[name] = {"table": {"cell": v.index + 1, "space": v.space}}
            else:
                values[name] = tagged(v)
        elif name in world.dims:
            values[name] = {"number": str(world.dims[name])}
    return Witness(values, shown(trial.lhs), shown(trial.rhs), "Put these values into both sides.")
