"""Worlds of atoms: each cell is a number or a vector, so that the laws are those of random variables with finitely many
values, with which one may calculate."""

from __future__ import annotations

from typing import Any

from numerics.worlds import draw
from numerics.worlds.finite import FiniteWorld
from numerics.worlds.shapes import Problem
from numerics.worlds.tables import CLOSED
from proofs.records import Domain, Space
from proofs.terms import SCALAR, free_symbols, walk


class AtomWorld(FiniteWorld):
    def _cell_values(self, name: str, space: Space, known: list[Any]) -> list[Any]:
        """Values where the variables of the space may lie; in every other world all are positive."""
        if any(v is not None for v in known):
            return known
        h = self.problem.hypotheses
        declared = [h.variables[v] for v, s in h.space_of.items() if s == name and v in h.variables]
        kind = "real" if space.sort != SCALAR or self.rng.random() < 0.5 else "positive"
        domain = next((d for d in declared if d.kind != "real"), Domain(space.sort, kind))
        return [draw.value(domain, self.dimension, self.rng, self.size) for _ in known]

    @property
    def general(self) -> bool:
        return laws_alone(self.problem) and super().general


def allows_atoms(problem: Problem) -> bool:
    """Whether the relation may hold for all laws of its variables: it names none in closed form, and takes no
    derivative and no integral between bounds, for which a variable has to move."""
    functions = any(n.op == "call" for t in problem.sides() for n in walk(t))
    if functions and problem.relation.rel not in ("=", "approx", "propto"):
        return False  # the functions of these worlds are too much alike, convex most of them
    moving = ("derivative", "at", "call_inverse")
    families = problem.hypotheses.families.values()
    if any(f.laws or f.pushforward is not None for f in families):
        return False
    for side in problem.sides():
        for node in walk(side):
            if node.op in CLOSED or node.op in moving or node.op in ("with_density", "pushforward"):
                return False
            if node.op == "integral" and len(node.args) > 1:
                return False
    return True


def laws_alone(problem: Problem) -> bool:
    """Whether the relation speaks of nothing but expectations under arbitrary laws: no letter in it may be special."""
    if any(free_symbols(side) for side in problem.sides()):
        return False
    special = ("call", "integral", "pdf", "sum", "product", "argmax", "argmin")
    return not any(node.op in special for side in problem.sides() for node in walk(side))
