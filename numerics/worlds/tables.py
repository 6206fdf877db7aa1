"""Step densities on the cells of a finite world.

One table for each family of densities makes its marginals and conditionals consistent.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

from numerics import laws, matrices, rings
from numerics.evaluate import Cell, Evaluator
from numerics.exact import ZERO, Unsupported
from numerics.laws import Body, Law, Points
from numerics.matrices import Value
from numerics.rings import Element
from numerics.worlds import formulas
from numerics.worlds.formulas import Formula
from numerics.worlds.partition import Index, Partition
from proofs.records import Domain, Family, Function
from proofs.terms import LAW_OPERATORS, Term, free_symbols

CLOSED = LAW_OPERATORS - {"family", "with_density", "pushforward"}


class Table(Law):
    """A step density over the cells of some spaces."""

    def __init__(self, world: Partition, spaces: Sequence[str], densities: dict[Index, Element]):
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


class Tables(Partition):
    """The part of a finite world that knows laws."""

    tables: dict[Any, tuple[tuple[str, ...], tuple[str, ...], dict[Index, Formula]]]
    known: dict[tuple, tuple[Any, Law]]
    used_families: set[str]
    same: dict[str, str]  # letters that share one table, in worlds of coincidences
    closed: bool  # whether a table stands for a law in closed form

    def call(self, name: str, args: list[Any], evaluator: Evaluator, env: Mapping[str, Any]) -> Any:
        raise NotImplementedError

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
        sorts = tuple(formulas.matrix_sort_of(p) for p in parameters)
        for key in itertools.product(*(range(len(self.cells[s])) for s in spaces)):
            if key not in table:
                spec = Function(
                    argument_spaces=(None,) * len(sorts), argument_sorts=sorts, values=Domain(kind="positive")
                )
                table[key] = formulas.draw_formula(spec, self.dimension, "rational", self.rng, self.size)
            joint[key] = formulas.apply_formula(table[key], parameters, evaluator)
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


def borrowed(family: Family) -> dict[str, Term]:
    """The laws of single variables that are arbitrary laws of other letters: p(x) for the x of q(z|x)."""
    return {
        outcomes[0]: law
        for (outcomes, givens), law in family.laws.items()
        if len(outcomes) == 1 and not givens and law.op == "family" and law.data[1] == outcomes and not law.args
    }
