"""A term in a concrete world as a closed term: numbers for symbols, formulas for functions, normal laws for families.

What has no closed form here raises Unsupported; the result is what sampling needs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flint import fmpq

from numerics.evaluate import Evaluator
from numerics.exact import Unsupported, fraction
from numerics.matrices import Mat
from numerics.worlds import shapes
from numerics.worlds.families import JointNormal
from numerics.worlds.formulas import Formula
from numerics.worlds.points import PointWorld
from proofs import terms as T
from proofs.records import Family
from proofs.terms import HALF, LAW, MINUS_ONE, SCALAR, Sort, Term

Parts = list[tuple[Term, Term]]  # weights and laws of a mixture


def constant(value: Any) -> Term:
    """A rational, or a matrix of rationals, as a term."""
    if isinstance(value, Mat):
        return T.matrix(value.rows, value.cols, [constant(x) for x in value.entries()])
    if not isinstance(value, fmpq):
        raise Unsupported("a value that is no rational number")
    return T.number(fraction(value))


def instantiate(t: Term, dims: Mapping[str, int]) -> Term:
    """The term with whole numbers for symbolic dimensions, in shapes and as symbols."""

    def size(d: T.Dim) -> int:
        return shapes.dimension_of(dict(dims), d)

    def visit(t: Term, bound: frozenset[str]) -> Term:
        if t.op == "symbol" and t.data[0] in dims and t.data[0] not in bound:
            return T.number(dims[t.data[0]])
        inner = [bound | set(T.bound_in(t, i)) for i in range(len(t.args))]
        args = [visit(a, b) for a, b in zip(t.args, inner)]
        if t.op == "identity":
            return T.identity(size(t.data[0]))
        if t.op in ("zeros", "ones"):
            return (T.zeros if t.op == "zeros" else T.ones)(size(t.data[0]), size(t.data[1]))
        if t.op in ("transpose", "diag", "inverse") and args[0].sort == SCALAR:
            return {"transpose": lambda a: a, "diag": lambda a: a, "inverse": T.inverse}[t.op](args[0])
        sort = t.sort
        if sort.kind == "matrix":
            sort = T.matrix_sort(size(sort.rows), size(sort.cols))
        return T.term("mul" if t.op == "hadamard" and sort == SCALAR else t.op, args, t.data, sort)

    return visit(t, frozenset())


class Concretiser:
    """Closed terms for one world.  Functions and laws that the world has not drawn yet are drawn now."""

    def __init__(self, world: PointWorld):
        self.world = world
        self.evaluator = Evaluator(world)
        self.values = {n: constant(v) for n, v in world.values.items()}
        self._fresh = 0

    def close(self, t: Term) -> Term:
        """The closed term.  Raises Unsupported where something has no closed form in this world."""
        return self._visit(instantiate(t, self.world.dims), frozenset())

    def name(self, stem: str) -> str:
        self._fresh += 1
        return f"{stem}@{self._fresh}"

    # ------------------------------------------------------------------------------------------------- recursion

    def _visit(self, t: Term, bound: frozenset[str]) -> Term:
        if t.op == "symbol":
            name = t.data[0]
            if name in bound:
                return t
            if name not in self.values:
                raise Unsupported(f"the symbol {name} has no value")
            return self.values[name]
        if t.op == "derivative":
            return self._derivative(t, bound)
        if t.op in ("call", "call_inverse"):
            return self._call(t, bound)
        if t.op in ("expectation", "variance", "covariance", "probability"):
            return self._under(t, bound)
        if t.op == "pdf":
            parts = self.law(t.args[0], bound)
            points = [self._visit(a, bound) for a in t.args[1:]]
            return _sum([_times(w, T.pdf(law, _stack(points))) for w, law in parts])
        if t.op in ("kl", "jsd", "entropy", "cross_entropy"):
            return self._divergence(t, bound)
        if t.op == "family" or t.sort == LAW:
            return self._single(t, bound)
        if t.op in ("maximum", "minimum", "argmax", "argmin", "with_density"):
            raise Unsupported(f"{t.op} of a closed term")
        return T.term(
            t.op, [self._visit(a, bound | set(T.bound_in(t, i))) for i, a in enumerate(t.args)], t.data, t.sort
        )

    def _derivative(self, t: Term, bound: frozenset[str]) -> Term:
        """Derivatives are by free variables at the present point: name them, differentiate, put the point in."""
        names = {n: T.free_symbols(t.args[0]).get(n, SCALAR) for n in t.data if n not in bound}
        result = T.rebuild(t, [self._visit(t.args[0], bound | set(t.data))])
        for name in names:
            if name not in self.values:
                raise Unsupported(f"a derivative by {name}, which has no value")
            result = T.at(name, result, self.values[name])
        return result

    def _call(self, t: Term, bound: frozenset[str]) -> Term:
        args = [self._visit(a, bound) for a in t.args]
        name = t.data[0]
        if name in self.world.problem.defined:
            names, body = self.world.problem.defined[name]
            inner = self._visit(instantiate(body, self.world.dims), bound | set(names))
            return T.substitute(inner, dict(zip(names, args)))
        formula = self._formula(name, [a.sort for a in args])
        body_ = formula.body if t.op == "call" else formula.inverse
        if body_ is None:
            raise Unsupported(f"the inverse of {name}")
        return T.substitute(body_, dict(zip(formula.names, args)))

    def _formula(self, name: str, sorts: Sequence[Sort]) -> Formula:
        """The formula of a function; drawn for arguments of these shapes where it is new."""
        zeros = [Mat([[fmpq(0)] * int(s.cols) for _ in range(int(s.rows))]) if s != SCALAR else fmpq(0) for s in sorts]
        return self.world.formula(name, zeros)

    # ------------------------------------------------------------------------------------------------------ laws

    def _single(self, t: Term, bound: frozenset[str]) -> Term:
        parts = self.law(t, bound)
        if len(parts) > 1:
            raise Unsupported("a mixture where one law is expected")
        return parts[0][1]

    def law(self, t: Term, bound: frozenset[str]) -> Parts:
        """A law as a mixture of laws in closed form."""
        if t.op == "pushforward":
            raise Unsupported("the law of a function of a random variable")
        if t.op == "with_density":
            raise Unsupported("a law given by its density")
        if t.op != "family":
            args = [self._visit(a, bound) for a in t.args]
            return [(T.ONE, T.term(t.op, args, t.data, t.sort))]
        letter, outcomes, given_spaces, names = t.data
        world = self.world
        letter = world.problem.aliases.get(letter, letter)
        family = world.problem.hypotheses.families.get(letter, Family())
        if family.pushforward is not None:
            raise Unsupported("the law of a function of a random variable")
        count = len(given_spaces)
        givens = [self._visit(a, bound) for a in t.args[:count]]
        parameters = [self._visit(a, bound) for a in t.args[count:]]
        names = tuple(names) + tuple(n for n in family.parameters if n not in names and n in self.values)
        parameters += [self.values[n] for n in names[len(parameters) :]]
        if family.laws:
            for (outs, given), law in family.laws.items():
                if outs == outcomes and set(given) == set(given_spaces):
                    values = dict(zip(given_spaces, givens))
                    closed = self._visit(instantiate(law, world.dims), bound | set(given))
                    return [(T.ONE, T.substitute(closed, values))]
            raise Unsupported("a conditional law that follows from declared ones")
        numbers = [self._number(p) for p in parameters]
        joint = world._joint(letter, family, (*outcomes, *given_spaces), names, numbers)
        return self._conditional(joint, outcomes, given_spaces, givens, numbers)

    def _number(self, t: Term) -> Any:
        if T.free_symbols(t):
            raise Unsupported("a density at parameters that vary")
        return self.evaluator.number(t, {})

    def _conditional(
        self, joint: JointNormal, outcomes: Sequence[str], given: Sequence[str], points: list[Term],
        parameters: list[Any],
    ) -> Parts:  # fmt: skip
        """The conditional laws of a mixture, with the weights that the givens have in it."""
        from numerics import matrices

        env = dict(zip(joint.parameters, parameters))
        o, g = joint.positions(outcomes), joint.positions(given)
        x = [e for p in points for e in _entries(p)]
        parts: Parts = []
        for c in joint.components:
            mean = [self.evaluator.scalar(m, env) for m in c.mean]
            root = [[self.evaluator.scalar(e, env) for e in row] for row in c.root]
            cov = [[matrices.dot(r, s) for s in root] for r in root]
            oo = matrices.collapse(Mat([[cov[i][j] for j in o] for i in o]))
            centre: Term = constant(matrices.vector([mean[i] for i in o]))
            weight: Term = T.number(c.weight)
            if g:
                gg = matrices.collapse(Mat([[cov[i][j] for j in g] for i in g]))
                og = matrices.collapse(Mat([[cov[i][j] for j in g] for i in o]))
                go = matrices.collapse(Mat([[cov[i][j] for j in o] for i in g]))
                gain = matrices.multiply(og, matrices.inverse(gg))
                oo = matrices.add(oo, matrices.scale(matrices.multiply(gain, go), fmpq(-1)))
                mean_g = constant(matrices.vector([mean[i] for i in g]))
                at = _stack(x)
                centre = T.add(centre, T.mul(constant(gain), T.sub(at, mean_g)))
                if len(joint.components) > 1:
                    weight = T.mul(weight, T.pdf(T.normal(mean_g, constant(gg)), at))
            parts.append((weight, T.normal(centre, constant(oo))))
        if g and len(parts) > 1:
            norm = T.power(_sum([w for w, _ in parts]), MINUS_ONE)
            parts = [(T.mul(w, norm), law) for w, law in parts]
        return parts

    # --------------------------------------------------------------------------------------- expectations under laws

    def _expect(self, parts: Parts, name: str, body: Callable[[Term], Term]) -> Term:
        terms = []
        for w, law in parts:
            v = self.name(name)
            sort = law.args[0].sort if law.op == "normal" else SCALAR
            terms.append(_times(w, T.expectation(v, law, body(T.symbol(v, sort)))))
        return _sum(terms)

    def _under(self, t: Term, bound: frozenset[str]) -> Term:
        parts = self.law(t.args[0], bound)
        bodies = [self._visit(a, bound | set(t.data)) for a in t.args[1:]]
        if len(t.data) > 1:
            raise Unsupported("an expectation over several variables")
        (name,) = t.data
        if len(parts) == 1:
            return T.term(t.op, [parts[0][1], *bodies], t.data, t.sort)
        if t.op == "expectation":
            return self._expect(parts, name, lambda v: T.substitute(bodies[0], {name: v}))
        if t.op == "probability":
            return self._expect(parts, name, lambda v: T.indicator(T.substitute(bodies[0], {name: v})))
        raise Unsupported(f"a {t.op} under a mixture")

    def _divergence(self, t: Term, bound: frozenset[str]) -> Term:
        laws = [self.law(a, bound) for a in t.args]
        if all(len(p) == 1 for p in laws) and all(w == T.ONE for p in laws for w, _ in p):
            return T.term(t.op, [p[0][1] for p in laws], t.data, t.sort)

        def density(parts: Parts, v: Term) -> Term:
            return _sum([_times(w, T.pdf(law, v)) for w, law in parts])

        p, q = laws[0], laws[-1]
        if t.op == "entropy":
            return T.neg(self._expect(p, "v", lambda v: T.log(density(p, v))))
        if t.op == "cross_entropy":
            return T.neg(self._expect(p, "v", lambda v: T.log(density(q, v))))
        if t.op == "kl":
            return self._expect(p, "v", lambda v: T.sub(T.log(density(p, v)), T.log(density(q, v))))

        def half(parts: Parts) -> Term:
            def body(v: Term) -> Term:
                middle = T.mul(HALF, T.add(density(p, v), density(q, v)))
                return T.sub(T.log(density(parts, v)), T.log(middle))

            return T.mul(HALF, self._expect(parts, "v", body))

        return T.add(half(p), half(q))


def _sum(terms: Sequence[Term]) -> Term:
    return T.add(*terms)


def _times(w: Term, t: Term) -> Term:
    return t if T.is_number(w, 1) else T.mul(w, t)


def _entries(t: Term) -> list[Term]:
    if t.sort == SCALAR:
        return [t]
    return [T.entry(t, T.number(i + 1)) for i in range(int(t.sort.rows))]


def _stack(points: Sequence[Term]) -> Term:
    if len(points) == 1:
        return points[0]
    flat = [e for p in points for e in _entries(p)]
    return T.matrix(len(flat), 1, flat)
