"""What a rule may ask before it applies, and how the hypotheses answer.

The list of conditions is closed (``CONDITIONS``).  Each is discharged from the hypotheses by a small syntactic check
that may fail to see a truth but never sees a falsehood: interval arithmetic for signs (Moore, *Interval Analysis*),
closure properties for matrices (Horn and Johnson, *Matrix Analysis*, 7.1).  Those in ``ASSUMABLE`` are regularity;
where they are not discharged they are written down, in words, and shown to the reader.  The positivity of an unknown
density is one of them.
"""

from __future__ import annotations

from functools import lru_cache

from proofs.binding import base, free, sort_of
from proofs.certificate import readable
from proofs.field import Algebra
from proofs.knowledge import Fact
from proofs.polynomials import AlgebraError
from proofs.signs import Signs
from proofs.terms import BINDER_SCOPE, SCALAR, Sort, Term, add, mul, number, symbol, term, walk

ASSUMABLE = frozenset({"integrable", "dominated", "differentiable", "support"})
DECIDED = frozenset(
    "positive nonnegative nonzero integer binary invertible symmetric positive_definite free_of same_space over "
    "continuous comparable finite smooth_power real exists bijection convex at_least scalar_valued "
    "square_matrix normalised regular whole arbitrary".split()
)
CONDITIONS = ASSUMABLE | DECIDED
ROUGH = frozenset({"floor", "sign", "relu", "abs"})


class Context(Signs):
    """Answers every side condition at one place of a term."""

    # ------------------------------------------------------------------------------------------- the others

    def scalar_valued(self, t: Term) -> bool:
        return t.sort == SCALAR

    def square_matrix(self, t: Term) -> bool:
        return t.sort.kind == "matrix" and t.sort.rows == t.sort.cols

    def integer(self, t: Term) -> bool:
        if t.op == "number":
            return t.data[0].denominator == 1
        if t.op == "symbol":
            return self.kind(t.data[0]) in ("integer", "natural", "binary", "dimension", "index")
        return t.op in ("add", "mul") and all(self.integer(a) for a in t.args)

    def binary(self, t: Term) -> bool:
        """Whether it is 0 or 1."""
        if t.op == "symbol":
            return self.kind(t.data[0]) == "binary"
        if t.op == "entry" and t.args[0].op == "symbol":
            return t.args[0].data[0] not in self.hidden and self._domain_of(t.args[0]) == "binary"
        return t.op == "indicator" or (t.op == "number" and t.data[0] in (0, 1))

    def free_of(self, variable: Term, t: Term) -> bool:
        """Whether t does not depend on the variable, also not by its shape, a declared law or an equation."""
        names = set(free(t)) | dimensions(t)
        pending, seen = [t], set[str]()
        while pending:
            for letter in {n.data[0] for n in walk(pending.pop()) if n.op == "family"} - seen:
                seen.add(letter)
                declared = self.hypotheses.families.get(letter)
                names |= set(declared.parameters) if declared and declared.pushforward else set()
                for (outcomes, givens), law in declared.laws.items() if declared else ():
                    names |= free(law) - set(outcomes) - set(givens)
                    pending.append(law)
        grew = True
        while grew and variable.data[0] not in names:
            size = len(names)
            for c in self.hypotheses.conditions:
                if c.op == "compare" and c.data == ("=",) and free(c) & names:
                    names |= free(c)
            grew = len(names) > size
        return variable.data[0] not in names

    def same_space(self, x: Term, y: Term) -> bool:
        first, second = self.space(x.data[0]), self.space(y.data[0])
        return x.sort == y.sort and first is not None and first == second

    def over(self, variable: Term, law: Term) -> bool:
        """Whether an integral over the variable runs over everything that the law gives weight to."""
        space = self.space(variable.data[0])
        if law.op == "family":
            return len(law.data[1]) == 1 and space == law.data[1][0]
        if law.op == "with_density":
            return space is not None and space == self.space(law.data[0]) and self.normalised(law)
        if law.op == "pushforward":
            return self.continuous(law) and self.whole(variable) and variable.sort == law.args[1].sort
        return (
            law.op in ("normal", "laplace", "student_t") and self.whole(variable) and variable.sort == law.args[0].sort
        )

    def normalised(self, law: Term) -> bool:
        """Whether the density of a law is a mixture of densities: nonnegative weights, free of the outcome, sum 1."""
        name, body = law.data[0], law.args[0]
        inner = self.under(law, 0)
        parts = list(dict.fromkeys(n for n in walk(body) if n.op == "pdf" and name in free(n)))
        for d in parts:
            alone = len(d.args) == 2 and name not in free(d.args[0]) and d.args[1].op == "symbol"
            if not alone or not self.over(d.args[1], d.args[0]):
                return False
        weights = [_with(body, {e: number(int(d == e)) for e in parts}) for d in parts]
        mixture = add(number(0), *(mul(w, d) for w, d in zip(weights, parts)))
        try:
            algebra = Algebra(inner)
            sound = algebra.equal(body, mixture) and algebra.equal(add(number(0), *weights), number(1))
        except AlgebraError:
            return False
        return sound and all(name not in free(w) and inner.nonnegative(w) for w in weights)

    def continuous(self, law: Term) -> bool:
        """Whether a law has a density with respect to lengths or volumes."""
        names = law.data[1] if law.op == "family" else law.data if law.op == "with_density" else ()
        records = [self.hypotheses.spaces.get(self.space(n) or "") for n in names]
        if law.op == "pushforward":  # of a diffeomorphism
            return law.args[1].op == "call" and self.bijection(law.args[1].data[0]) and self.continuous(law.args[0])
        plain = law.op in ("normal", "laplace", "student_t", "uniform", "exponential", "gamma", "beta")
        return plain or (bool(names) and not any(r is not None and r.discrete for r in records))

    def comparable(self, p: Term, q: Term) -> bool:
        """Whether two laws are of outcomes in one space."""
        (spaces, shape), (others, other) = self._outcome(p), self._outcome(q)
        return spaces == others if spaces and others else shape is None or other is None or shape == other

    def _outcome(self, law: Term) -> tuple[tuple[str, ...], Sort | None]:
        """The spaces of the outcomes of a law, and their shape where it is known."""
        if law.op not in ("family", "with_density"):
            return (), law.args[1].sort if law.op == "pushforward" else law.args[0].sort if law.args else SCALAR
        spaces = tuple(self.space(n) or n for n in (law.data[1] if law.op == "family" else law.data))
        record = self.hypotheses.spaces.get(spaces[0])
        return spaces, record.sort if record and not record.shape_guessed and len(spaces) == 1 else None

    def finite(self, t: Term) -> bool:
        return not endless(t)

    def smooth_power(self, b: Term, k: Term) -> bool:
        """Whether b^k has a derivative by b."""
        return self.positive(b) or (self.integer(k) and (self.nonzero(b) or self.at_least(k, number(1))))

    def regular(self, e: Term, image: Term, x: Term) -> bool:
        """Whether F(e) is a smooth map of R^m with a derivative invertible almost everywhere, e and x anywhere."""
        f = self.hypotheses.functions.get(image.data[0]) if image.op == "call" else None
        plain = f is not None and f.regular and f.smooth and image.args[0] == e and self.whole(e) and self.whole(x)
        return plain and e.sort == x.sort == image.sort and all(e.data[0] not in free(a) for a in image.args[1:])

    def whole(self, x: Term) -> bool:
        """Whether a variable runs over all of R^m."""
        record = self.hypotheses.spaces.get(self.space(x.data[0]) or "")
        return record is None or (not record.discrete and (record.values is None or record.values.kind == "real"))

    def arbitrary(self, name: str, *terms: Term) -> bool:
        """Whether nothing at all is said of a function, so that what is proved of it holds for every function."""
        h = self.hypotheses
        laws = [law for family in h.families.values() for law in family.laws.values()]
        told = {n.data[0] for t in (*terms, *h.conditions, *laws) for n in walk(t) if n.op in ("call", "call_inverse")}
        return name not in told | h.functions.keys()

    def convex(self, name: str) -> bool:
        f = self.hypotheses.functions.get(name)
        return f is not None and f.convex

    # ------------------------------------------------------------------------------------------- regularity

    def dominated(self, variable: Term, t: Term) -> bool:
        return self._regular(variable, t, "the derivative by {} may pass under the integral of {}")

    def differentiable(self, variable: Term, t: Term) -> bool:
        if variable.data[0] not in free(t) or _elementary(t):
            return True
        return self._regular(variable, t, "differentiable in {}: {}")

    def _regular(self, variable: Term, t: Term, words: str) -> bool:
        """Assumed in words, but refused where the variable moves a jump, a kink or the edge of a support."""
        if self.rough(variable.data[0], t):
            return False
        self.used.add(words.format(base(variable.data[0]), readable(t)))
        return True

    def rough(self, name: str, t: Term) -> bool:
        """Whether a variable moves a jump, a kink or the edge of a support."""
        plain = not any(node.op in BINDER_SCOPE for node in walk(t))
        for node in walk(t):
            if plain and node.op == "function" and node.data[0] == "abs" and self.nonzero(node.args[0]):
                continue  # its kink is elsewhere
            rough = node.op in ("indicator", "cases") or (node.op == "function" and node.data[0] in ROUGH)
            edge = node.op in ("uniform", "uniform_choice", "probability", "preimages")
            f = self.hypotheses.functions.get(node.data[0]) if node.op in ("call", "call_inverse") else None
            if (rough or edge or (f is not None and not f.smooth)) and name in free(node):
                return True
        return False

    def _bounded(self, name: str) -> bool:
        values = self._space_values(name)
        return values is not None and self.domain_interval(values).bounded()

    def exists(self, t: Term) -> bool:
        """Whether an integral, a mean or a derivative is there: assumed in words, but refused where it is not."""
        if t.op == "derivative":
            return not any(self.under(t, 0).rough(n, t.args[0]) for n in t.data)
        if t.op == "preimages":
            self.used.add(f"integrable: {readable(t)}")
            return True
        if t.op in ("expectation", "variance", "covariance"):
            law, *bodies = t.args
            inner = self.under(t, 1)
            return all(inner.integrable(symbol(t.data[0], sort_of(b, t.data[0]) or SCALAR), b, law) for b in bodies)
        x = symbol(t.data[0], sort_of(t.args[0], t.data[0]) or SCALAR)
        return t.op == "integral" and self.under(t, 0).integrable(x, t.args[0])

    def real(self, t: Term) -> bool:
        """Never: asked of what stands where a real number must."""
        return False

    def integrable(self, variable: Term, t: Term, law: Term | None = None) -> bool:
        """Assumed in words, but known for constants, densities, and polynomials under a normal law."""
        name = variable.data[0]
        if name not in free(t):
            return law is not None or self._bounded(name)
        if t.op == "pdf" and name not in free(t.args[0]) and t.args[1:].count(variable) == 1:
            return True
        if law is not None and law.op == "normal" and _polynomial(t, variable.data[0]):
            return True
        self.used.add(f"integrable: {readable(t)}")
        return True

    def support(self, law: Term) -> bool:
        if law.op == "normal":
            return self.positive_definite(law.args[1])
        if law.op == "with_density" and not self.normalised(law):
            return False
        self.used.add(f"{readable(law)} is positive wherever it is evaluated")
        return law.op in ("family", "with_density", "laplace", "student_t")


def _elementary(t: Term) -> bool:
    smooth = ("exp", "sin", "cos", "sinh", "cosh", "tanh", "arctan", "sigmoid", "softplus", "erf", "normal_cdf")
    return all(
        n.op in ("number", "constant", "symbol", "add", "mul")
        or (n.op == "function" and n.data[0] in smooth)
        or (n.op == "pow" and n.args[1].op == "number" and n.args[1].data[0].denominator == 1)
        for n in walk(t)
    )


def _polynomial(t: Term, name: str) -> bool:
    """Whether a term is a polynomial in a variable (in its entries, where it is a vector)."""
    if name not in free(t) or t.op == "symbol":
        return True
    if t.op == "pow":
        e = t.args[1]
        return e.op == "number" and e.data[0].denominator == 1 and e.data[0] >= 0 and _polynomial(t.args[0], name)
    return t.op in ("add", "mul", "transpose", "trace", "entry", "hadamard", "diag", "sum") and all(
        _polynomial(a, name) for a in t.args
    )


def _with(t: Term, values: dict[Term, Term]) -> Term:
    """Subterms replaced, but not under binders, which might hide what they speak of."""
    if t in values or not t.args or t.op in BINDER_SCOPE:
        return values.get(t, t)
    return term(t.op, (_with(a, values) for a in t.args), t.data, t.sort)


def endless(t: Term) -> bool:
    """Whether a bound is infinite."""
    return any(n.op == "constant" and n.data == ("infinity",) for n in walk(t))


@lru_cache(maxsize=50_000)
def dimensions(t: Term) -> frozenset[str]:
    """The names of the symbolic dimensions of a term and of its parts."""
    own = {d for d in t.sort[1:] if isinstance(d, str)}
    return frozenset(own).union(*(dimensions(a) for a in t.args))


__all__ = ["ASSUMABLE", "CONDITIONS", "Context", "Fact"]
