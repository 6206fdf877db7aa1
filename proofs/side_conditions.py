"""What a rule may ask before it applies, and how the hypotheses answer.

The list of conditions is closed (``CONDITIONS``).  Each is discharged from the hypotheses by a small syntactic check
that may fail to see a truth but never sees a falsehood: interval arithmetic for signs (Moore, *Interval Analysis*),
closure properties for matrices (Horn and Johnson, *Matrix Analysis*, 7.1).  Those in ``ASSUMABLE`` are regularity;
where they are not discharged they are written down, in words, and shown to the reader.  The positivity of an unknown
density is one of them.
"""

from __future__ import annotations

from proofs.binding import base, free
from proofs.field import Algebra, AlgebraError, Poly, poly_add
from proofs.knowledge import Fact, law_name, readable
from proofs.signs import Signs
from proofs.terms import SCALAR, Term, add, mul, number, walk

ASSUMABLE = frozenset({"integrable", "dominated", "differentiable", "support"})
DECIDED = frozenset(
    "positive nonnegative nonzero integer binary invertible symmetric positive_definite free_of same_space over "
    "continuous discrete distinct bijection convex at_least scalar_valued "
    "square_matrix normalised".split()
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
            n = t.data[0]
            if n in self.local:
                return self.local[n][0] in ("integer", "binary", "natural")
            kinds = ("integer", "natural", "binary", "dimension", "index")
            return n not in self.hidden and self.hypotheses.domain(n).kind in kinds
        return t.op in ("add", "mul") and all(self.integer(a) for a in t.args)

    def binary(self, t: Term) -> bool:
        """Whether it is 0 or 1."""
        if t.op == "symbol":
            n = t.data[0]
            return (
                self.local[n][0] == "binary"
                if n in self.local
                else (n not in self.hidden and self.hypotheses.domain(n).kind == "binary")
            )
        if t.op == "entry" and t.args[0].op == "symbol":
            return t.args[0].data[0] not in self.hidden and self._domain_of(t.args[0]) == "binary"
        return t.op == "indicator" or (t.op == "number" and t.data[0] in (0, 1))

    def free_of(self, variable: Term, t: Term) -> bool:
        """Whether t does not depend on the variable, also not through a declared law or an equation between them."""
        names = set(free(t))
        pending, seen = [t], set[str]()
        while pending:
            for letter in {n.data[0] for n in walk(pending.pop()) if n.op == "family"} - seen:
                seen.add(letter)
                declared = self.hypotheses.families.get(letter)
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
        return (
            x.sort == y.sort and self.space(x.data[0]) is not None and (self.space(x.data[0]) == self.space(y.data[0]))
        )

    def over(self, variable: Term, law: Term) -> bool:
        """Whether an integral over the variable runs over everything that the law gives weight to."""
        space = self.space(variable.data[0])
        if law.op == "family":
            return len(law.data[1]) == 1 and space == law.data[1][0]
        if law.op == "with_density":
            return space is not None and space == self.space(law.data[0]) and self.normalised(law)
        record = self.hypotheses.spaces.get(space or "")
        plain = record is None or (not record.discrete and (record.values is None or record.values.kind == "real"))
        return law.op in ("normal", "laplace", "student_t") and plain and variable.sort == law.args[0].sort

    def normalised(self, law: Term) -> bool:
        """Whether the density of a law is a mixture of densities: nonnegative weights with sum 1."""
        name = law.data[0]
        algebra = Algebra(self.under(law, 0))
        try:
            p, den = algebra.scalar(law.args[0])
        except AlgebraError:
            return False
        weights: dict[int, Poly] = {}
        for m, c in p.items():
            touched = [(i, e) for i, e in m if not isinstance(algebra.atoms[i], Term) or name in free(algebra.atoms[i])]
            if len(touched) != 1 or touched[0][1] != 1:
                return False
            d = algebra.atoms[touched[0][0]]
            if not isinstance(d, Term) or d.op != "pdf" or len(d.args) != 2 or name in free(d.args[0]):
                return False
            if d.args[1].op != "symbol" or not self.over(d.args[1], d.args[0]):
                return False
            weights.setdefault(touched[0][0], {})[tuple(x for x in m if x != touched[0])] = c
        total: Poly = {}
        for w in weights.values():
            if not (self._poly_interval(algebra, w).nonnegative() and self._poly_interval(algebra, den).positive()):
                return False
            total = poly_add(total, w)
        return total == den

    def discrete(self, variable: Term) -> bool:
        record = self.hypotheses.spaces.get(self.space(variable.data[0]) or "")
        return record is not None and record.discrete

    def continuous(self, variable: Term) -> bool:
        return not self.discrete(variable)

    def distinct(self, x: Term, y: Term) -> bool:
        return x.data[0] != y.data[0]

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
        name = variable.data[0]
        for node in walk(t):
            rough = node.op in ("indicator", "cases") or (node.op == "function" and node.data[0] in ROUGH)
            edge = node.op in ("uniform", "uniform_choice", "probability")
            unknown = (
                node.op in ("call", "call_inverse")
                and node.data[0] in self.hypotheses.functions
                and (not self.hypotheses.functions[node.data[0]].smooth)
            )
            if (rough or edge or unknown) and name in free(node):
                return False
        self.used.add(words.format(base(name), readable(t)))
        return True

    def integrable(self, variable: Term, t: Term, law: Term | None = None) -> bool:
        """Assumed in words, but known for constants, densities, and polynomials under a normal law."""
        if variable.data[0] not in free(t) or (t.op == "pdf" and variable in t.args[1:]):
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
        self.used.add(f"{law_name(law)} is positive wherever it is evaluated")
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


def obligations(t: Term) -> list[tuple[str, Term]]:
    """What must hold for the topmost operator of a term to give a value: (condition, term)."""
    op = t.op
    if op == "pow" and t.sort == SCALAR:
        b, e = t.args
        if e.op == "number" and e.data[0].denominator == 1:
            return [("nonzero", b)] if e.data[0] < 0 else []
        return [("nonnegative" if e.op == "number" and e.data[0] > 0 else "positive", b)]
    if op == "function" and t.data[0] in ("log", "log_gamma", "digamma", "gamma_function", "sqrt", "logit"):
        if t.sort != SCALAR:
            return [("positive_entries", t.args[0])]
        if t.data[0] == "logit":
            return [("positive", t.args[0]), ("positive", add(number(1), mul(number(-1), t.args[0])))]
        return [("nonnegative" if t.data[0] == "sqrt" else "positive", t.args[0])]
    if op == "inverse":
        return [("invertible", t.args[0])]
    if op == "normal":
        return [("positive_definite", t.args[1])]
    if op in ("exponential", "poisson", "gamma", "beta", "student_t"):
        return [("positive", a) for a in t.args]
    if op == "with_density":
        return [("normalised", t)]
    if op == "laplace":
        return [("positive", t.args[1])]
    if op == "uniform":
        return [("positive", add(t.args[1], mul(number(-1), t.args[0])))]
    if op == "bernoulli":
        return [("nonnegative", t.args[0]), ("nonnegative", add(number(1), mul(number(-1), t.args[0])))]
    return []


__all__ = ["ASSUMABLE", "CONDITIONS", "Context", "Fact", "obligations", "readable"]
