"""The spaces of a finite world: each is cut into a few cells of rational length.

Lengths are unequal, since with equal ones ``p <= 1`` and ``H >= 0`` would hold, which are false for densities.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random
from typing import Any

from flint import fmpq

from numerics import laws, matrices
from numerics.evaluate import Cell, Evaluator
from numerics.exact import ONE, ZERO, Unsupported
from numerics.matrices import Value
from numerics.worlds import draw, shapes
from numerics.worlds.shapes import Problem
from proofs.records import Space
from proofs.terms import SCALAR, Sort

Index = tuple[int, ...]


class Partition:
    """Cells and their measures.  ``size`` 0 is the simplest kind of world, 2 has extreme lengths and weights."""

    problem: Problem
    rng: Random
    size: int
    dims: dict[str, int]
    cells: dict[str, list[Cell]]
    measure: dict[str, list[fmpq]]

    def dimension(self, dim: Any) -> int:
        return shapes.dimension_of(self.dims, dim)

    def _cut(self, name: str, space: Space, cells: int | None) -> None:
        count = cells or (2 if self.size == 0 else self.rng.choice((2, 3, 3, 4)))
        if self._is_image(name):
            count = 2
        elif self._is_mapped_on(name):
            count = max(count, 3)  # any two onto maps between two cells commute
        known: list[fmpq | None] = [None] * count
        if space.discrete and space.sort == SCALAR and space.values is not None:
            if space.values.kind == "binary":
                known = [ZERO, ONE]
            elif space.values.kind in ("natural", "integer"):
                start = int(space.values.lower or 0)
                known = [fmpq(start + i) for i in range(count)]
        values = self._cell_values(name, space, known)
        self.cells[name] = [Cell(name, i, v) for i, v in enumerate(values)]
        if space.discrete:
            self.measure[name] = [ONE] * len(known)
        else:
            self.measure[name] = draw.weights(len(known), self.rng, self.size)

    def _cell_values(self, name: str, space: Space, known: list[fmpq | None]) -> list[Any]:
        """The numbers that the cells of a space are, None where a cell is no number."""
        return known

    def _is_image(self, space: str) -> bool:
        """Whether functions only map onto this space: it needs no more cells than their sources."""
        functions = self.problem.hypotheses.functions.values()
        return any(f.result_space == space for f in functions) and not self._is_mapped_on(space)

    def _is_mapped_on(self, space: str) -> bool:
        """Whether a function maps onto this space and another takes its points to a space again."""
        functions = self.problem.hypotheses.functions.values()
        maps = [f for f in functions if f.result_space in self.problem.hypotheses.spaces]
        return any(f.result_space == space for f in maps) and any(space in f.argument_spaces for f in maps)

    def cell(self, point: Any, space: str) -> Cell:
        if isinstance(point, Cell):
            if point.space != space:
                raise Unsupported(f"a point of the space of {point.space} where one of {space} is expected")
            return point
        if isinstance(point, fmpq) and space in self.cells:
            for c in self.cells[space]:
                if c.value is not None and c.value == point:
                    return c
        raise Unsupported("a number where a point of a finite space is expected")

    def volume(self, spaces: Sequence[str], key: Index) -> fmpq:
        result = ONE
        for s, i in zip(spaces, key):
            result = result * self.measure[s][i]
        return result

    def space_of(self, name: str) -> str:
        h = self.problem.hypotheses
        space = h.space_of.get(name, name)
        if space not in self.cells:
            raise Unsupported(f"the space of {name} is not cut into cells")
        return space

    def integrate(self, name: str, sort: Sort, body: Callable[[Any], Value], evaluator: Evaluator) -> Value:
        space = self.space_of(name)
        return laws.total([matrices.scale(body(c), m) for c, m in zip(self.cells[space], self.measure[space])])
