"""Indicators whose truth is known, their means under a normal law, the derivative of the error function."""

from __future__ import annotations

from proofs import terms as T
from proofs.binding import free
from proofs.prover.integrals import bound
from proofs.prover.rewriter import Rewriter, tactic
from proofs.terms import SCALAR, Term


@tactic("indicator")
def known(rw: Rewriter, t: Term) -> Term | None:
    c = t.args[0]
    if c.op != "compare" or c.data != ("<=",):
        return None
    a, b = c.args
    return rw.apply(t, "indicator.holds", a=a, b=b) or rw.apply(t, "indicator.fails", a=a, b=b)


@tactic("expectation")
def distribution(rw: Rewriter, t: Term) -> Term | None:
    """P(x <= c) for a normal x on the line."""
    law, body = t.args
    if law.op != "normal" or law.args[0].sort != SCALAR or body.op != "indicator":
        return None
    x = bound(t, body, law)
    c = body.args[0]
    if c.op != "compare" or c.data != ("<=",) or c.args[0] != x or x.data[0] in free(c.args[1]):
        return None
    return rw.apply(t, "normal.distribution", x=x, m=law.args[0], v=law.args[1], c=c.args[1])


@tactic("derivative")
def error_function(rw: Rewriter, t: Term) -> Term | None:
    body = t.args[0]
    if body.op != "function" or body.data != ("erf",) or len(t.data) != 1:
        return None
    sorts = T.free_symbols(body)
    w = T.symbol(t.data[0], sorts.get(t.data[0], SCALAR))
    return rw.apply(t, "derivative.erf", w=w, A=body.args[0])
