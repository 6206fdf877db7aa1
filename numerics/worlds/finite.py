"""Finite worlds: every space is cut into a few cells of rational length, every density is a step density on them.

A statement about arbitrary densities and functions holds for step densities and step functions as well.  One table for
each family of densities makes its marginals and conditionals consistent; lengths are unequal, since with equal ones
``p <= 1`` and ``H >= 0`` would hold, which are false for densities.  Everything is an exact rational until a logarithm.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import Any

from flint import fmpq

from numerics import laws, matrices, rings
from numerics.evaluate import Cell, Evaluator
from numerics.exact import ONE, ZERO, Unsupported
from numerics.laws import Body, Law, Points
from numerics.matrices import Mat, Value
from numerics.rings import Element
from numerics.worlds import draw, formulas, shapes
from numerics.worlds.formulas import Formula
from numerics.worlds.shapes import Problem
from proofs.records import Domain, Family, Function, Space
from proofs.terms import LAW_OPERATORS, SCALAR, Sort, Term, free_symbols, walk

Index = tuple[int, ...]
CLOSED = LAW_OPERATORS - {"family", "with_density", "pushforward"}


class Table(Law):
    """A step density over the cells of some spaces."""

    def __init__(self, world: FiniteWorld, spaces: Sequence[str], densities: dict[Index, Element]):
        self.world = world
        self.spaces = spaces
        self.densities = densities

    def density(self, points: Points) -> Element:
        if len(points) != len(self.spaces):
            raise Unsupported("a density at the wrong number of points")
        key = tuple(self.world.cell(p, space).index for p, space in zip(points, self.spaces))
        return self.densities[key]

    def expect(self, body: Body) -> Value:
        parts = []
        for key, density in self.densities.items():
            if rings.is_exact_zero(density):
                continue
            value = body([self.world.cells[s][i] for s, i in zip(self.spaces, key)])
            parts.append(matrices.scale(value, density * self.world.volume(self.spaces, key)))
        return laws.total(parts)


class FiniteWorld:
    """One finite world for a problem.  ``size`` 0 is the simplest kind, 2 has extreme lengths and weights.

    In a world of ``atoms`` each cell is a number or a vector: the laws are those of random variables with finitely many
    values, with which one may calculate.
    """

    def __init__(self, problem: Problem, rng: Random, size: int = 1, cells: int | None = None, atoms: bool = False):
        self._begin(problem, rng, size)
        self.atoms = atoms
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
        self.atoms = False
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

    def dimension(self, dim: Any) -> int:
        return shapes.dimension_of(self.dims, dim)

    # ------------------------------------------------------------------------------------------ spaces and cells

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
        values: list[Any] = known
        if self.atoms and all(v is None for v in known):
            values = self._atoms(name, space, len(known))
        self.cells[name] = [Cell(name, i, v) for i, v in enumerate(values)]
        if space.discrete:
            self.measure[name] = [ONE] * len(known)
        else:
            self.measure[name] = draw.weights(len(known), self.rng, self.size)

    def _atoms(self, space: str, sorted_by: Space, count: int) -> list[Any]:
        """Values for the cells of a space, where its variables may lie; in every other world all are positive."""
        h = self.problem.hypotheses
        declared = [h.variables[v] for v, s in h.space_of.items() if s == space and v in h.variables]
        kind = "real" if sorted_by.sort != SCALAR or self.rng.random() < 0.5 else "positive"
        domain = next((d for d in declared if d.kind != "real"), Domain(sorted_by.sort, kind))
        return [draw.value(domain, self.dimension, self.rng, self.size) for _ in range(count)]

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
            sorts = tuple(matrix_sort_of(x) for x in numbers)
            plain = Function(argument_spaces=(None,) * len(sorts), argument_sorts=sorts, values=function.values,
                             convex=function.convex and not cells)  # fmt: skip
            self.formulas[key] = formulas.draw_formula(plain, self.dimension, "rational", self.rng, self.size)
        return apply_formula(self.formulas[key], numbers, evaluator)

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

    # -------------------------------------------------------------------------------------------------- families

    def family(
        self, data: tuple, givens: list[Any], parameters: list[Any], evaluator: Evaluator, env: Mapping[str, Any]
    ) -> Law:
        letter, outcomes, given_spaces, names = data
        letter = self.problem.aliases.get(letter, letter)
        self.used_families.add(letter)
        family = self.problem.hypotheses.families.get(letter, Family())
        letter = self.same.get(letter, letter)
        points = tuple(self.cell(g, s).index for g, s in zip(givens, given_spaces))
        if family.pushforward is not None:
            return self._pushforward(family, outcomes, points, parameters, evaluator, env)
        names = tuple(names) + tuple(n for n in family.parameters if n not in names and n in env)
        parameters = parameters + [env[n] for n in names[len(parameters) :]]
        key = (letter, outcomes, given_spaces, points, tuple(id(p) for p in parameters))
        if key not in self.known:
            if len(self.known) > 5000:
                self.known.clear()
            self.known[key] = (
                parameters,
                self._conditional(letter, family, outcomes, given_spaces, points, names, parameters, evaluator),
            )
        return self.known[key][1]

    def _conditional(
        self, letter: str, family: Family, outcomes: tuple, given: tuple, points: Index,
        names: tuple, parameters: list[Any], evaluator: Evaluator,
    ) -> Law:  # fmt: skip
        spaces, joint = self._joint(letter, family, (*outcomes, *given), names, parameters, evaluator)
        wanted = dict(zip(given, points))
        sums: dict[Index, Element] = {}
        norm: Element = ZERO
        out_at = [spaces.index(s) for s in outcomes]
        rest = [i for i, s in enumerate(spaces) if s not in outcomes and s not in given]
        for key, density in joint.items():
            if any(s in wanted and wanted[s] != key[i] for i, s in enumerate(spaces)):
                continue
            mass = density * self.volume([spaces[i] for i in rest], tuple(key[i] for i in rest))
            out = tuple(key[i] for i in out_at)
            sums[out] = sums[out] + mass if out in sums else mass
            norm = norm + mass * self.volume(outcomes, out)
        scale = rings.inverse(norm)
        return Table(self, outcomes, {k: v * scale for k, v in sums.items()})

    def _joint(
        self, letter: Any, family: Family, used: tuple, names: tuple, parameters: list[Any], evaluator: Evaluator
    ) -> tuple[tuple[str, ...], dict[Index, Element]]:
        """Unnormalised joint densities of all spaces of a family, at the present parameters."""
        if letter not in self.tables:
            spaces = tuple(dict.fromkeys((*family.spaces, *used)))
            self.tables[letter] = (spaces, names, {})
        spaces, first_names, table = self.tables[letter]
        if not set(used) <= set(spaces) or len(set(used)) != len(used):
            raise Unsupported(f"the density {letter} over spaces that were not named together")
        if len(names) != len(first_names):
            raise Unsupported(f"the density {letter} with different parameters")
        for s in spaces:
            if s not in self.cells:
                raise Unsupported(f"the space {s} is not cut into cells")
        joint = {}
        sorts = tuple(matrix_sort_of(p) for p in parameters)
        for key in itertools.product(*(range(len(self.cells[s])) for s in spaces)):
            if key not in table:
                spec = Function(
                    argument_spaces=(None,) * len(sorts), argument_sorts=sorts, values=formulas.Domain(kind="positive")
                )
                table[key] = formulas.draw_formula(spec, self.dimension, "rational", self.rng, self.size)
            joint[key] = apply_formula(table[key], parameters, evaluator)
        for space, law in borrowed(family).items():
            joint = self._drawn_from(law, spaces, space, joint, evaluator)
        return spaces, joint

    def _drawn_from(
        self, law: Term, spaces: tuple[str, ...], space: str, joint: dict[Index, Element], evaluator: Evaluator
    ) -> dict[Index, Element]:
        """The joint density with the law of another letter for one of its variables, and its own for the rest given
        that one: q(x, z) = q(z|x) p(x)."""
        k = spaces.index(space)
        others = [s for s in spaces if s != space]
        sums: dict[int, Element] = {}
        for key, density in joint.items():
            mass = density * self.volume(others, key[:k] + key[k + 1 :])
            sums[key[k]] = sums[key[k]] + mass if key[k] in sums else mass
        source = self.family(law.data, [], [], evaluator, {})
        factors = {i: source.density([self.cells[space][i]]) * rings.inverse(total) for i, total in sums.items()}
        return {key: density * factors[key[k]] for key, density in joint.items()}

    def _pushforward(
        self, family: Family, outcomes: tuple, points: Index, parameters: list[Any], evaluator: Evaluator,
        env: Mapping[str, Any],
    ) -> Law:  # fmt: skip
        """The exact density of a function of another variable on the cells."""
        assert family.pushforward is not None
        function, source, variable = family.pushforward
        if points or len(outcomes) != 1:
            raise Unsupported("a pushforward with givens")
        law = self.family((source, (variable,), (), ()), [], [], evaluator, env)
        if not isinstance(law, Table):
            raise Unsupported("a pushforward of a law that is no table")
        (target,) = outcomes
        masses: dict[Index, Element] = {(i,): ZERO for i in range(len(self.cells[target]))}
        for (i,), density in law.densities.items():
            image = self.call(function, [self.cells[variable][i], *parameters], evaluator, env)
            key = (self.cell(image, target).index,)
            masses[key] = masses[key] + density * self.measure[variable][i]
        return Table(self, outcomes, {k: m / self.measure[target][k[0]] for k, m in masses.items()})

    def known_law(self, t: Term, variable: str, env: Mapping[str, Any], evaluator: Evaluator) -> Law | None:
        """A table for a law in closed form: what holds for every table holds for it too (but not the other way)."""
        h = self.problem.hypotheses
        space = h.space_of.get(variable, variable)
        if t.op not in CLOSED or space not in self.cells or self.cells[space][0].value is not None:
            return None
        for letter, family in h.families.items():
            if family.laws.get(((space,), ())) == t:
                return self.family((letter, (space,), (), ()), [], [], evaluator, env)
        key = []
        for name in sorted(free_symbols(t)):
            value = env.get(name)
            if any(isinstance(e, rings.Ring) for e in matrices.entries(value)):
                raise Unsupported("a law in closed form that varies with a parameter, in a finite world")
            key.append((name, (value.space, value.index) if isinstance(value, Cell) else str(value)))
        slot = (space, t, tuple(key))
        self.closed = True
        spaces, joint = self._joint(slot, Family((space,)), (space,), (), [], evaluator)
        norm = rings.inverse(laws.total([v * self.volume(spaces, k) for k, v in joint.items()]))
        return Table(self, spaces, {k: v * norm for k, v in joint.items()})

    @property
    def general(self) -> bool:
        """Whether every law used is arbitrary by hypothesis, so that a failure here is a witness."""
        families = self.problem.hypotheses.families
        if self.atoms and not laws_alone(self.problem):
            return False
        used = [families[f] for f in self.used_families if f in families]
        return not self.closed and all(len(borrowed(f)) == len(f.laws) for f in used)


def borrowed(family: Family) -> dict[str, Term]:
    """The laws of single variables that are arbitrary laws of other letters: p(x) for the x of q(z|x)."""
    return {
        outcomes[0]: law
        for (outcomes, givens), law in family.laws.items()
        if len(outcomes) == 1 and not givens and law.op == "family" and law.data[1] == outcomes and not law.args
    }


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


def matrix_sort_of(x: Any) -> Sort:
    return Sort("matrix", x.rows, x.cols) if isinstance(x, Mat) else SCALAR


def apply_formula(formula: Formula, args: Sequence[Any], evaluator: Evaluator, inverse: bool = False) -> Value:
    """The value of a formula at the arguments."""
    body: Term | None = formula.inverse if inverse else formula.body
    if body is None:
        raise Unsupported("a function without an inverse")
    if len(args) != len(formula.names):
        raise Unsupported("a function with another number of arguments")
    return evaluator.evaluate(body, dict(zip(formula.names, args)))
