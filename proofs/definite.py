"""Symmetric, positive definite and invertible matrices, by closure properties (Horn and Johnson, 7.1)."""

from __future__ import annotations

from proofs.binding import closed_key, free
from proofs.intervals import FUNCTION_INTERVALS, REAL
from proofs.knowledge import Knowledge
from proofs.terms import SCALAR, Term, transpose


class Definite(Knowledge):
    def _domain_of(self, t: Term) -> str:
        if t.op == "symbol":
            return "real" if t.data[0] in self.hidden else self.hypotheses.domain(t.data[0]).kind
        f = self.hypotheses.functions.get(t.data[0]) if t.op == "call" else None
        return f.values.kind if f else "real"

    def symmetric(self, t: Term) -> bool:
        if t.sort == SCALAR or t.op in ("identity", "diag"):
            return True
        if t.op == "zeros":
            return t.sort.rows == t.sort.cols
        if t.op in ("transpose", "inverse", "add"):
            return all(self.symmetric(a) for a in t.args)
        if t.op == "mul":
            middle = self._middle(t)
            return len(middle) < 2 and all(self.symmetric(a) for a in middle)
        kinds = ("symmetric", "positive_definite", "positive_diagonal")
        return self._domain_of(t) in kinds or self._fact("positive_definite", t)

    def positive_definite(self, t: Term, semi: bool = False) -> bool:
        """Whether x^T t x > 0 for every x other than 0 (>= 0, where ``semi``)."""
        if t.sort == SCALAR:
            return self.nonnegative(t) if semi else self.positive(t)
        if t.op == "identity" or self._domain_of(t) in ("positive_definite", "positive_diagonal"):
            return True
        if t.op in ("transpose", "inverse"):
            return self.positive_definite(t.args[0])
        if t.op == "add":
            some = semi or any(self.positive_definite(a) for a in t.args)
            return some and all(self.positive_definite(a, True) for a in t.args)
        if t.op == "mul":
            if not all(self.positive_definite(a, semi) for a in t.args if a.sort == SCALAR):
                return False
            middle = self._middle(t, semi)
            return not middle or (len(middle) == 1 and self.positive_definite(middle[0], semi))
        return self.positive_entries(t.args[0]) if t.op == "diag" else self._fact("positive_definite", t)

    def _middle(self, t: Term, any_shape: bool = True) -> list[Term]:
        """The matrices of a product without the outer pairs B, B^T (with B invertible, unless of any shape)."""
        found = [a for a in t.args if a.sort != SCALAR]
        while len(found) > 1 and self._mirrored(found[0], found[-1]) and (any_shape or self.invertible(found[0])):
            found = found[1:-1]
        return found

    def _mirrored(self, a: Term, b: Term) -> bool:
        same = closed_key(a) == closed_key(b) and a.sort.rows == a.sort.cols and self.symmetric(a)
        return same or closed_key(b) == closed_key(transpose(a)) or closed_key(a) == closed_key(transpose(b))

    def positive_entries(self, v: Term) -> bool:
        if v.op == "function":
            return FUNCTION_INTERVALS.get(v.data[0], REAL).positive()
        if v.op in ("pow", "hadamard"):
            return all(self.positive_entries(a) for a in (v.args if v.op == "hadamard" else v.args[:1]))
        return v.op == "ones" or self._domain_of(v) == "positive_vector" or self._fact("positive_entries", v)

    def invertible(self, t: Term) -> bool:
        if t.sort == SCALAR:
            return self.nonzero(t)
        if t.op == "inverse" or self._domain_of(t) in ("invertible", "orthogonal") or self.positive_definite(t):
            return True
        if t.op == "transpose":
            return self.invertible(t.args[0])
        if t.op == "mul":
            return all(a.sort.rows == a.sort.cols and self.invertible(a) for a in t.args)
        return self._jacobian(t) or self._fact("invertible", t)

    def _jacobian(self, t: Term) -> bool:
        """Whether t is the derivative of a diffeomorphism f(x, parameters) by x, or of a map where it is regular."""
        if t in self.at_regular:
            return True
        if t.op == "at":
            return self.under(t, 0)._jacobian(t.args[0])
        if t.op != "derivative" or len(t.data) != 1 or t.args[0].op not in ("call", "call_inverse"):
            return False
        x, *parameters = t.args[0].args
        plain = x.op == "symbol" and x.data == t.data and all(t.data[0] not in free(a) for a in parameters)
        return plain and self.bijection(t.args[0].data[0])

    def bijection(self, name: str) -> bool:
        """Whether a function is a diffeomorphism of its whole space."""
        f = self.hypotheses.functions.get(name)
        return f is not None and f.bijection and f.values.kind == "real"

    def positive(self, t: Term) -> bool:
        raise NotImplementedError

    def nonnegative(self, t: Term) -> bool:
        raise NotImplementedError

    def nonzero(self, t: Term) -> bool:
        raise NotImplementedError
