"""Integrals over an interval as expectations under the uniform law; the last terms of sums split off."""

from __future__ import annotations

from proofs import terms as T
from proofs.prover.arithmetic import summands
from proofs.prover.rewriter import Rewriter, lam, tactic
from proofs.terms import Term


@tactic("integral")
def as_expectation(rw: Rewriter, t: Term) -> Term | None:
    """The integral over (a, b) as (b-a) times an expectation, about which there are more rules."""
    if len(t.args) != 3:
        return None
    body, a, b = t.args
    length = T.add(b, T.neg(a))
    if not rw.holds("positive", length):
        return None
    x = T.symbol(t.data[0], T.free_symbols(body).get(t.data[0], T.SCALAR))
    mean = T.mul(T.power(length, T.MINUS_ONE), t)
    scaled = rw.field(t, T.mul(length, mean))
    if scaled is None:
        return None
    values = {"x": x, "a": a, "b": b, "A": lam(x, body)}
    new = rw.within(scaled, 1, lambda m: rw.apply(m, "uniform.expectation", back=True, **values))
    return new


@tactic("sum")
def last_terms(rw: Rewriter, t: Term) -> Term | None:
    """The last term of a sum up to l + 1 split off."""
    body, a, b = t.args
    whole = [s for s in summands(b) if s.op == "number"]
    if b.op != "add" or not whole or whole[0].data[0] < 1:
        return None
    i = T.symbol(t.data[0])
    return rw.apply(t, "sum.last", i=i, A=lam(i, body), a=a, b=b)
