"""Concrete worlds over the real numbers: random admissible values, smooth functions and laws for everything unknown.

Three styles, from the most general to the most tractable: ``rich`` (elementary functions, mixtures of normals),
``polynomial`` (whose Gaussian integrals are exact) and ``affine`` (which may refute but not support: too much holds
for affine functions and normal laws alone).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random
from typing import Any

from flint import fmpq

from numerics import gaussian, jets, laws, matrices, rings
from numerics.evaluate import Evaluator
from numerics.exact import ONE, ZERO, Unsupported
from numerics.laws import Law, Pushforward
from numerics.matrices import Mat, Value
from numerics.rings import Element
from numerics.worlds import draw, formulas, shapes
from numerics.worlds.families import Declared, JointNormal, draw_joint
from numerics.worlds.finite import coincide
from numerics.worlds.formulas import Formula, apply_formula, matrix_sort_of
from numerics.worlds.shapes import Problem
from proofs.records import Domain, Family, Function
from proofs.terms import Sort, Term


class PointWorld:
    """One concrete world.  Functions and laws are drawn when they are first needed, so the draw follows the seed."""

    def __init__(self, problem: Problem, rng: Random, style: str = "rich", size: int = 1, small: bool = False):
        self._begin(problem, rng, style, size)
        self.dims.update(shapes.draw_dimensions(problem, rng, size, small))
        for name, domain in problem.domains.items():
            if domain.kind == "index" or (name in problem.index_bounds and domain.kind != "natural"):
                sizes = [self.dimension(d) for d in problem.index_bounds.get(name, ())]
                self.values[name] = fmpq(rng.randint(1, min(sizes, default=3)))
            elif name in problem.index_bounds:
                self.values[name] = fmpq(rng.randint(1, 2 if size == 0 else 4))
            else:
                self.values[name] = draw.value(self._placed(name, domain), self.dimension, rng, size)

    def _begin(self, problem: Problem, rng: Random, style: str, size: int) -> None:
        self.problem = problem
        self.rng = rng
        self.style = style
        self.size = size
        self.dims: dict[str, int] = {}
        self.values: dict[str, Any] = {}
        self.formulas: dict[str, Formula] = {}
        self.joints: dict[str, JointNormal] = {}
        self.same: dict[str, str] = {}
        self.special = style == "affine"  # whether something was concretised too specially to support

    @classmethod
    def blank(cls, problem: Problem, rng: Random) -> PointWorld:
        """A world in which nothing is drawn yet."""
        world = cls.__new__(cls)
        world._begin(problem, rng, "rich", 1)
        return world

    def coincide(self) -> None:
        """Make everything equal that may be: an inequality must hold there too."""
        coincide(self.problem, self.values)
        first: dict[tuple, str] = {}
        for letter, family in self.problem.hypotheses.families.items():
            if family.pushforward is None and not family.laws:
                key = (frozenset(family.spaces), len(family.parameters))
                self.same[letter] = first.setdefault(key, letter)

    def _placed(self, name: str, domain: Domain) -> Domain:
        """The domain of a variable, narrowed to its space where it says nothing of its own."""
        h = self.problem.hypotheses
        space = h.spaces.get(h.space_of.get(name, ""))
        if (
            space is not None
            and space.values is not None
            and domain.kind == "real"
            and domain.sort == space.values.sort
        ):
            return space.values
        return domain

    def reset(self) -> None:
        """Forget values of another precision."""

    def another(self, name: str, k: int) -> Any:
        """Another admissible value of a symbol."""
        domain = self._placed(name, self.problem.domains[name])
        return draw.value(domain, self.dimension, Random(f"{name} {k} {self.values[name]}"), self.size)

    def dimension(self, dim: Any) -> int:
        return shapes.dimension_of(self.dims, dim)

    # ------------------------------------------------------------------------------------------------- functions

    def formula(self, name: str, args: list[Any]) -> Formula:
        if name not in self.formulas:
            function = self.problem.hypotheses.functions.get(name)
            if function is None:
                raise Unsupported(f"nothing is known of the function {name}")
            sorts = tuple(matrix_sort_of(a) for a in args)
            if function.result_space is not None:
                function = self._valued(function)
            if self.style != "rich" and (function.bijection or function.values.kind != "real"):
                self.special = True
            self.formulas[name] = formulas.draw_formula(
                function, self.dimension, self.style, self.rng, self.size, sorts
            )
        return self.formulas[name]

    def _valued(self, function: Function) -> Function:
        """A function whose values are points of a space takes the shape of that space."""
        from dataclasses import replace

        space = self.problem.hypotheses.spaces.get(function.result_space or "")
        if space is None:
            return function
        values = space.values or Domain(sort=space.sort)
        return replace(function, values=values)

    def call(self, name: str, args: list[Any], evaluator: Evaluator, env: Mapping[str, Any]) -> Any:
        if name in self.problem.defined:
            names, body = self.problem.defined[name]
            return evaluator.evaluate(body, {**env, **dict(zip(names, args))})
        return apply_formula(self.formula(name, args), args, evaluator)

    def call_inverse(self, name: str, args: list[Any], evaluator: Evaluator) -> Any:
        return apply_formula(self.formula(name, args), args, evaluator, inverse=True)

    # -------------------------------------------------------------------------------------------------- integrals

    def integrate(self, name: str, sort: Sort, body: Callable[[Any], Value], evaluator: Evaluator) -> Value:
        h = self.problem.hypotheses
        space = h.spaces.get(h.space_of.get(name, name))
        if space is not None and (space.discrete or (space.values is not None and space.values.kind != "real")):
            if space.values is not None and space.values.kind == "binary" and space.values.sort.kind == "scalar":
                return laws.total([body(ZERO), body(ONE)])
            raise Unsupported("an integral over a space that is not all of R^n")
        domain = h.variables.get(name)
        if domain is not None and domain.kind != "real":
            raise Unsupported("an integral over a domain that is not all of R^n")
        shape = space.sort if space is not None and space.sort.kind == "matrix" else sort
        rows, cols = (1, 1) if shape.kind == "scalar" else (self.dimension(shape.rows), self.dimension(shape.cols))
        with evaluator.floor() as level:
            variables = gaussian.variables(level, rows * cols)
            point = matrices.collapse(Mat([variables[i * cols : (i + 1) * cols] for i in range(rows)]))
            value = body(point)

            def one(x: Element) -> Element:
                return gaussian.integrate(x, level, rows * cols)

            return value.map(one) if isinstance(value, Mat) else one(value)

    # --------------------------------------------------------------------------------------------------- families

    def known_law(self, t: Term, variable: str, env: Mapping[str, Any], evaluator: Evaluator) -> Law | None:
        """Laws in closed form are themselves here."""
        return None

    def family(
        self, data: tuple, givens: list[Any], parameters: list[Any], evaluator: Evaluator, env: Mapping[str, Any]
    ) -> Law:
        letter, outcomes, given_spaces, names = data
        letter = self.problem.aliases.get(letter, letter)
        family = self.problem.hypotheses.families.get(letter, Family())
        letter = self.same.get(letter, letter)
        if family.pushforward is not None:
            return self._pushforward(family, outcomes, givens, parameters, evaluator, env)
        names = tuple(names) + tuple(n for n in family.parameters if n not in names and n in env)
        parameters = parameters + [env[n] for n in names[len(parameters) :]]
        if not family.laws:
            joint = self._joint(letter, family, (*outcomes, *given_spaces), names, parameters)
            return joint.law(outcomes, given_spaces, givens, parameters, evaluator)
        spaces = tuple(dict.fromkeys((*family.spaces, *outcomes, *given_spaces)))
        inner = {**env, **dict(zip(names, parameters))}

        def fill(outs: tuple[str, ...], given: tuple[str, ...], points: list[Any], ev: Evaluator) -> Law:
            joint = self._joint(letter, family, spaces, names, parameters)
            return joint.law(outs, given, points, parameters, ev)

        sorts = {s: self._space_sort(s) for s in spaces}

        def integrate(name: str, body: Callable[[Any], Value], ev: Evaluator) -> Value:
            return self.integrate(name, sorts[name], body, ev)

        declared = Declared(family.laws, spaces, sorts, integrate, fill, inner)
        return declared.law(outcomes, given_spaces, givens, evaluator)

    def _space_sort(self, name: str) -> Sort:
        space = self.problem.hypotheses.spaces.get(name)
        if space is None:
            raise Unsupported(f"nothing is known of the space of {name}")
        return space.sort

    def _joint(
        self, letter: str, family: Family, used: tuple[str, ...], names: tuple[str, ...], parameters: list[Any]
    ) -> JointNormal:
        if letter not in self.joints:
            spaces = tuple(dict.fromkeys((*family.spaces, *used)))
            sizes = []
            for s in spaces:
                space = self.problem.hypotheses.spaces.get(s)
                if space is not None and (space.discrete or (space.values is not None and space.values.kind != "real")):
                    raise Unsupported("an unknown density over a space that is not all of R^n")
                sort = self._space_sort(s)
                if sort.kind == "matrix" and self.dimension(sort.cols) != 1:
                    raise Unsupported("a density over matrices")
                sizes.append(1 if sort.kind == "scalar" else self.dimension(sort.rows))
            if sum(sizes) > 9:
                raise Unsupported("a joint density of too many dimensions")
            mixed = self.style == "rich"
            shapes_ = [(f"t{i}", matrix_sort_of(p)) for i, p in enumerate(parameters)]
            self.joints[letter] = draw_joint(spaces, sizes, shapes_, mixed, self.rng, self.size)
        if self.style != "rich":
            self.special = True
        return self.joints[letter]

    def _pushforward(
        self, family: Family, outcomes: tuple, givens: list[Any], parameters: list[Any], evaluator: Evaluator,
        env: Mapping[str, Any],
    ) -> Law:  # fmt: skip
        assert family.pushforward is not None
        function, source, variable = family.pushforward
        if givens or len(outcomes) != 1:
            raise Unsupported("a pushforward with givens")
        law = self.family((source, (variable,), (), ()), [], [], evaluator, env)
        spec = self.problem.hypotheses.functions.get(function)
        if spec is None:
            raise Unsupported(f"nothing is known of the function {function}")

        def image(z: Any) -> Any:
            return self.call(function, [z, *parameters], evaluator, env)

        def density(x: Any) -> Element:
            z = self.call_inverse(function, [x, *parameters], evaluator)
            flat = matrices.entries(x)
            with evaluator.floor() as level:
                moving = matrices.vector(jets.variables(level, flat))
                preimage = self.call_inverse(function, [moving, *parameters], evaluator)
                jacobian = Mat([jets.derivatives(e, level, len(flat)) for e in matrices.entries(preimage)])
            return law.density([z]) * rings.apply("abs", matrices.det(jacobian))

        return Pushforward(law, image, density if spec.bijection else None)
