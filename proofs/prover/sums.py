"""Finite sums and products with an index."""

from __future__ import annotations

from proofs import terms as T
from proofs.binding import free
from proofs.prover.linearity import split
from proofs.prover.rewriter import Rewriter, lam, tactic
from proofs.terms import Term, symbol


@tactic("sum", "product")
def plain(rw: Rewriter, t: Term) -> Term | None:
    """A sum or a product over few numbers written out, and one of equal terms."""
    body, a, b = t.args
    i = symbol(t.data[0])
    if a.op == b.op == "number" and b.data[0] - a.data[0] <= 12:
        if a == b:
            return rw.apply(t, f"{t.op}.one", i=i, A=lam(i, body), a=a)
        if b.data[0] > a.data[0]:
            return rw.apply(t, f"{t.op}.first", i=i, A=lam(i, body), a=a, b=b)
    if i.data[0] not in free(body) and T.is_number(a, 1):
        return rw.apply(t, f"{t.op}.constant", i=i, c=body, b=b)
    return None


@tactic("sum")
def sums(rw: Rewriter, t: Term) -> Term | None:
    body, a, b = t.args
    i = symbol(t.data[0])
    with rw.inside(t, 0):
        pieces = split(rw, body, i)
    if pieces is None:
        return None
    cs, rests = pieces
    return rw.apply(t, "sum.linear", i=i, cs=cs, As=[lam(i, r) for r in rests], a=a, b=b)
