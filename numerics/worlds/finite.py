"""Finite worlds: every space is cut into a few cells of rational length, every density is a step density on them.

A statement about arbitrary densities and functions holds for step densities and step functions as well.  Everything is
an exact rational until a logarithm.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random
from typing import Any

from flint import fmpq

from numerics.evaluate import Cell, Evaluator
from numerics.exact import Unsupported
from numerics.laws import Law
from numerics.matrices import Mat
from numerics.worlds import draw, formulas, shapes
from numerics.worlds.formulas import Formula
from numerics.worlds.partition import Index
from numerics.worlds.shapes import Problem
from numerics.worlds.tables import Tables, borrowed
from proofs.records import Function


class FiniteWorld(Tables):
    """One finite world for a problem.  ``size`` 0 is the simplest kind, 2 has extreme lengths and weights."""

    def __init__(self, problem: Problem, rng: Random, size: int = 1, cells: int | None = None):
        self._begin(problem, rng, size)
        h = problem.hypotheses
        self.dims.update(shapes.draw_dimensions(problem, rng, size, small=size == 0))
        for name in h.spaces:
            self._cut(name, h.spaces[name], cells)
        for name, domain in problem.domains.items():
            space = h.space_of.get(name)
            if space is not None and space in self.cells and domain.kind != "index":
                self.values[name] = rng.choice(self.cells[space])
            elif domain.kind == "index" or name in problem.index_bounds:
                self.values[name] = fmpq(self._index(name))
            else:
                self.values[name] = draw.value(domain, self.dimension, rng, size)

    def _begin(self, problem: Problem, rng: Random, size: int) -> None:
        self.problem = problem
        self.rng = rng
        self.size = size
        self.dims: dict[str, int] = {}
        self.cells: dict[str, list[Cell]] = {}
        self.measure: dict[str, list[fmpq]] = {}
        self.values: dict[str, Any] = {}
        self.formulas: dict[tuple[str, tuple], Formula] = {}  # of functions, one for each tuple of cells
        self.maps: dict[tuple[str, tuple], int] = {}  # of functions from cells to cells
        self.tables: dict[Any, tuple[tuple[str, ...], tuple[str, ...], dict[Index, Formula]]] = {}
        self.known: dict[tuple, tuple[Any, Law]] = {}
        self.used_families: set[str] = set()
        self.closed = False  # whether a table stands for a law in closed form
        self.overrides: dict[str, Callable[[Any], Any]] = {}  # functions over which an optimum is searched
        self.same: dict[str, str] = {}  # letters that share one table, in worlds of coincidences

    @classmethod
    def blank(cls, problem: Problem, rng: Random) -> FiniteWorld:
        """A world in which nothing is drawn yet."""
        world = cls.__new__(cls)
        world._begin(problem, rng, 1)
        return world

    def coincide(self) -> None:
        """Make everything equal that may be: an inequality must hold there too."""
        coincide(self.problem, self.values)
        first: dict[tuple, str] = {}
        for letter, family in self.problem.hypotheses.families.items():
            if family.pushforward is None:
                key = (frozenset(family.spaces), len(family.parameters))
                self.same[letter] = first.setdefault(key, letter)

    def reset(self) -> None:
        """Forget values of another precision."""
        self.known.clear()

    def another(self, name: str, k: int) -> Any:
        """Another admissible value of a symbol."""
        value = self.values[name]
        if isinstance(value, Cell):
            cells = self.cells[value.space]
            return cells[(value.index + k) % len(cells)]
        return draw.value(self.problem.domains[name], self.dimension, Random(f"{name} {k} {value}"), self.size)

    def _index(self, name: str) -> int:
        sizes = [self.dimension(d) for d in self.problem.index_bounds.get(name, ())]
        return self.rng.randint(1, min(sizes, default=3))

    # ------------------------------------------------------------------------------------------------- functions

    def call(self, name: str, args: list[Any], evaluator: Evaluator, env: Mapping[str, Any]) -> Any:
        if name in self.problem.defined:
            names, body = self.problem.defined[name]
            return evaluator.evaluate(body, {**env, **dict(zip(names, args))})
        if name in self.overrides:
            if not all(isinstance(a, Cell) for a in args):
                raise Unsupported("an optimum over functions of numbers")
            return self.overrides[name](tuple((a.space, a.index) for a in args))
        function = self.problem.hypotheses.functions.get(name)
        if function is None:
            raise Unsupported(f"nothing is known of the function {name}")
        if function.bijection:
            raise Unsupported("an invertible map in a finite world")
        args = [a.value if isinstance(a, Cell) and self._wants_number(function, i) else a for i, a in enumerate(args)]
        if any(a is None for a in args):
            raise Unsupported(f"{name} of a number, in a finite world")
        for i, a in enumerate(args):
            expected = function.argument_spaces[i] if i < len(function.argument_spaces) else None
            if expected in self.cells and not isinstance(a, Cell):
                args[i] = self.cell(a, expected)
        cells = tuple((a.space, a.index) for a in args if isinstance(a, Cell))
        numbers = [a for a in args if not isinstance(a, Cell)]
        if function.result_space in self.cells:
            if any(not isinstance(rings_plain(x), (fmpq, type(None))) for x in numbers):
                raise Unsupported("a map between spaces that varies with a parameter")
            return self.cells[function.result_space][self._map(name, function.result_space, cells)]
        key = (name, cells)
        if key not in self.formulas:
            sorts = tuple(formulas.matrix_sort_of(x) for x in numbers)
            plain = Function(argument_spaces=(None,) * len(sorts), argument_sorts=sorts, values=function.values,
                             convex=function.convex and not cells)  # fmt: skip
            self.formulas[key] = formulas.draw_formula(plain, self.dimension, "rational", self.rng, self.size)
        return formulas.apply_formula(self.formulas[key], numbers, evaluator)

    def _wants_number(self, function: Function, position: int) -> bool:
        spaces = function.argument_spaces
        return position >= len(spaces) or spaces[position] is None

    def _map(self, name: str, target: str, cells: tuple) -> int:
        """A map between cells; from one space it is onto, so that a pushforward density is positive."""
        key = (name, cells)
        if key not in self.maps:
            count = len(self.cells[target])
            if len(cells) == 1:
                source = cells[0][0]
                order = list(range(len(self.cells[source])))
                self.rng.shuffle(order)
                for i in order:
                    self.maps[(name, ((source, i),))] = order.index(i) % count
            else:
                self.maps[key] = self.rng.randrange(count)
        return self.maps[key]

    def call_inverse(self, name: str, args: list[Any], evaluator: Evaluator) -> Any:
        raise Unsupported("the inverse of a map in a finite world")

    @property
    def general(self) -> bool:
        """Whether every law used is arbitrary by hypothesis, so that a failure here is a witness."""
        families = self.problem.hypotheses.families
        used = [families[f] for f in self.used_families if f in families]
        return not self.closed and all(len(borrowed(f)) == len(f.laws) for f in used)


def coincide(problem: Problem, values: dict[str, Any]) -> None:
    """Give one value to all symbols that range over one domain."""
    first: dict[tuple, str] = {}
    for name, domain in problem.domains.items():
        key = (domain.sort, domain.kind, domain.lower, domain.upper, problem.hypotheses.space_of.get(name))
        values[name] = values[first.setdefault(key, name)]


def rings_plain(x: Any) -> Any:
    """A number that no derivative moves, None for a matrix."""
    if isinstance(x, Mat):
        return None if all(isinstance(e, fmpq) for e in x.entries()) else x
    return x
