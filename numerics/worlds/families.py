"""Families of densities made concrete over R^n: joint normal laws and their mixtures, or the laws a document declares.

One joint law for each letter keeps its marginals and conditionals consistent; its means and covariances are smooth in
the parameters.  Conditioning a normal law: C. Bishop, "Pattern Recognition and Machine Learning", section 2.3.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from random import Random
from typing import Any

from numerics import laws, matrices, rings
from numerics.evaluate import Evaluator
from numerics.exact import ONE, Unsupported, rational
from numerics.laws import Body, Law, Mixture, Normal, Points
from numerics.matrices import Mat, Value
from numerics.rings import Element
from numerics.worlds import formulas
from proofs import terms as T
from proofs.terms import Sort, Term


@dataclass(frozen=True)
class Component:
    """One normal component: its weight, mean (entries) and a lower triangular root R of the covariance R R^T."""

    weight: Fraction
    mean: tuple[Term, ...]
    root: tuple[tuple[Term, ...], ...]


@dataclass(frozen=True)
class JointNormal:
    """A joint law of several spaces: a mixture of normals whose entries are formulas of the parameters."""

    spaces: tuple[str, ...]
    sizes: tuple[int, ...]
    parameters: tuple[str, ...]
    components: tuple[Component, ...]

    def positions(self, names: Sequence[str]) -> list[int]:
        found: list[int] = []
        for name in names:
            if name not in self.spaces:
                raise Unsupported(f"a density over the space of {name} that was not named before")
            k = self.spaces.index(name)
            start = sum(self.sizes[:k])
            found += range(start, start + self.sizes[k])
        return found

    def law(
        self, outcomes: Sequence[str], givens: Sequence[str], points: Sequence[Any], parameters: Sequence[Any],
        evaluator: Evaluator,
    ) -> Law:  # fmt: skip
        """The conditional law of the outcomes given points of the givens, at some values of the parameters."""
        if len(parameters) != len(self.parameters):
            raise Unsupported("a density with a different number of parameters")
        env = dict(zip(self.parameters, parameters))
        o, g = self.positions(outcomes), self.positions(givens)
        if len(set(o + g)) != len(o + g):
            raise Unsupported("a density in which one space stands twice")
        x = [e for p in points for e in matrices.entries(p)]
        if len(x) != len(g):
            raise Unsupported("a given of another dimension than its space")
        sizes = [self.sizes[self.spaces.index(s)] for s in outcomes]
        parts: list[Law] = []
        weights: list[Element] = []
        for c in self.components:
            mean = [evaluator.scalar(m, env) for m in c.mean]
            root = [[evaluator.scalar(e, env) for e in row] for row in c.root]
            covariance = [[matrices.dot(r, s) for s in root] for r in root]
            weight: Element = rational(c.weight)
            mo, so = [mean[i] for i in o], _block(covariance, o, o)
            if g:
                sg = matrices.collapse(_block(covariance, g, g))
                centred = matrices.vector([a - mean[i] for a, i in zip(x, g)])
                gain = matrices.multiply(matrices.collapse(_block(covariance, o, g)), matrices.inverse(sg))
                mo = matrices.entries(matrices.add(matrices.vector(mo), matrices.multiply(gain, centred)))
                back = matrices.multiply(gain, matrices.collapse(_block(covariance, g, o)))
                so = matrices.as_matrix(matrices.add(matrices.collapse(so), matrices.scale(back, -ONE)))
                if len(self.components) > 1:
                    marginal = Normal(evaluator, matrices.vector([mean[i] for i in g]), sg)
                    weight = weight * marginal.density([matrices.vector(x)])
            parts.append(Blocks(Normal(evaluator, matrices.vector(mo), matrices.collapse(so)), sizes))
            weights.append(weight)
        if len(parts) == 1:
            return parts[0]
        if g:
            norm = rings.inverse(laws.total(weights))
            weights = [w * norm for w in weights]
        return Mixture(weights, parts)


class Blocks(Law):
    """A normal law of several outcomes at once: its vector split into their blocks."""

    def __init__(self, normal: Normal, sizes: Sequence[int]):
        self.normal = normal
        self.sizes = sizes

    def _split(self, x: Value) -> list[Value]:
        flat = matrices.entries(x)
        blocks, start = [], 0
        for n in self.sizes:
            blocks.append(matrices.vector(flat[start : start + n]))
            start += n
        return blocks

    def density(self, points: Points) -> Element:
        if len(points) != len(self.sizes):
            raise Unsupported("a density at the wrong number of points")
        return self.normal.density([matrices.vector([e for p in points for e in matrices.entries(p)])])

    def expect(self, body: Body) -> Value:
        return self.normal.expect(lambda points: body(self._split(points[0])))


def _block(m: list[list[Element]], rows: Sequence[int], cols: Sequence[int]) -> Mat:
    return Mat([[m[i][j] for j in cols] for i in rows])


def draw_joint(
    spaces: Sequence[str],
    sizes: Sequence[int],
    parameters: Sequence[tuple[str, Sort]],
    mixed: bool,
    rng: Random,
    size: int,
) -> JointNormal:
    """A random joint law; ``mixed`` for two components, so that nothing which holds for normals alone is supported."""
    n = sum(sizes)
    features = formulas.features_of([p for p, _ in parameters], [s for _, s in parameters])

    def entry(style: str) -> Term:
        return (
            formulas.raw(features, style, rng, size) if features else formulas.number(formulas.coefficient(rng, size))
        )

    def diagonal() -> Term:
        c = formulas.number(abs(formulas.coefficient(rng, size)))
        return formulas.plus([c, T.power(entry("affine"), T.number(2))]) if features else c

    components = []
    for k in range(2 if mixed else 1):
        mean = tuple(entry("polynomial") if size or features else T.number(k) for _ in range(n))
        root = tuple(
            tuple(diagonal() if i == j else (entry("affine") if j < i else T.ZERO) for j in range(n)) for i in range(n)
        )
        components.append(Component(Fraction(1) if not mixed else Fraction(1 + k, 3), mean, root))
    return JointNormal(tuple(spaces), tuple(sizes), tuple(p for p, _ in parameters), tuple(components))


Conditionals = Mapping[tuple[tuple[str, ...], tuple[str, ...]], Term]


class Declared:
    """A family some of whose conditionals a document declares; the others follow from the joint law.

    ``fill(spaces, givens)`` gives the law of what is not declared.
    """

    def __init__(
        self, laws_: Conditionals, spaces: Sequence[str], sorts: Mapping[str, Sort],
        integrate: Callable[[str, Callable[[Any], Value], Evaluator], Value],
        fill: Callable[[tuple[str, ...], tuple[str, ...], list[Any], Evaluator], Law],
        env: Mapping[str, Any],
    ):  # fmt: skip
        self.laws = laws_
        self.spaces = tuple(spaces)
        self.sorts = sorts
        self.integrate = integrate
        self.fill = fill
        self.env = env
        self.chain = self._chain()

    def _chain(self) -> list[tuple[tuple[str, ...], tuple[str, ...], Term | None]]:
        """Factors of the joint density, each given only what stands before it."""
        declared = {o for outs, _ in self.laws for o in outs}
        wanted = {g for _, givens in self.laws for g in givens}
        roots = tuple(s for s in self.spaces if s not in declared and s in wanted)
        leaves = tuple(s for s in self.spaces if s not in declared and s not in wanted)
        chain: list[tuple[tuple[str, ...], tuple[str, ...], Term | None]] = [(roots, (), None)] if roots else []
        known = set(roots)
        open_laws = dict(self.laws)
        while open_laws:
            ready = [k for k in open_laws if set(k[1]) <= known and not set(k[0]) & known]
            if not ready:
                break
            key = min(ready, key=lambda k: (len(k[1]), k))
            chain.append((*key, open_laws.pop(key)))
            known |= set(key[0])
        if not set(self.spaces) <= known | set(leaves):
            raise Unsupported("declared laws that do not determine a joint law")
        if leaves:
            chain.append((leaves, tuple(s for s in self.spaces if s in known), None))
        return chain

    def declared_law(self, outs: tuple, givens: tuple, values: Mapping[str, Any], evaluator: Evaluator) -> Law | None:
        for (o, g), t in self.laws.items():
            if o == outs and set(g) == set(givens):
                return evaluator.law(t, {**self.env, **values})
        return None

    def joint(self, points: Mapping[str, Any], evaluator: Evaluator, needed: set[str]) -> Element:
        """The joint density of the needed spaces (those that nothing needed is given are left out)."""
        result: Element = ONE
        for outs, givens, t in self.chain:
            if not set(outs) & needed:
                continue
            values = {g: points[g] for g in givens}
            law = (
                evaluator.law(t, {**self.env, **values})
                if t is not None
                else self.fill(outs, givens, [points[g] for g in givens], evaluator)
            )
            result = result * law.density([points[o] for o in outs])
        return result

    def ancestors(self, names: set[str]) -> set[str]:
        found = set(names)
        for outs, givens, _ in reversed(self.chain):
            if found & set(outs):
                found |= set(outs) | set(givens)
        return found

    def law(self, outs: tuple[str, ...], givens: tuple[str, ...], points: Sequence[Any], evaluator: Evaluator) -> Law:
        given = dict(zip(givens, points))
        known = self.declared_law(outs, givens, given, evaluator)
        return known if known is not None else Derived(self, outs, given, evaluator)

    def marginal(self, points: dict[str, Any], evaluator: Evaluator) -> Element:
        """The density of the points given, everything else integrated out."""
        needed = self.ancestors(set(points))
        return self._integrate_rest(sorted(needed - points.keys()), points, evaluator, needed)

    def _integrate_rest(
        self, rest: list[str], points: dict[str, Any], evaluator: Evaluator, needed: set[str]
    ) -> Element:
        if not rest:
            return self.joint(points, evaluator, needed)
        name, *others = rest
        return self.integrate(
            name, lambda x: self._integrate_rest(others, {**points, name: x}, evaluator, needed), evaluator
        )


class Derived(Law):
    """A marginal or conditional law by Bayes' rule from the joint density."""

    def __init__(self, source: Declared, outcomes: tuple[str, ...], given: dict[str, Any], evaluator: Evaluator):
        self.source = source
        self.outcomes = outcomes
        self.given = given
        self.evaluator = evaluator
        self._norm: Element = None

    def norm(self) -> Element:
        if self._norm is None:
            self._norm = rings.inverse(self.source.marginal(dict(self.given), self.evaluator)) if self.given else ONE
        return self._norm

    def density(self, points: Points) -> Element:
        if len(points) != len(self.outcomes):
            raise Unsupported("a density at the wrong number of points")
        joint = self.source.marginal({**self.given, **dict(zip(self.outcomes, points))}, self.evaluator)
        return joint * self.norm()

    def expect(self, body: Body) -> Value:
        def over(names: tuple[str, ...], points: list[Any]) -> Value:
            if not names:
                return matrices.scale(body(points), self.density(points))
            return self.source.integrate(names[0], lambda x: over(names[1:], [*points, x]), self.evaluator)

        return over(self.outcomes, [])
