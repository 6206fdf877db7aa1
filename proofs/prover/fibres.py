"""Integrals over a variable as integrals over its image, with sums over preimages."""

from __future__ import annotations

from proofs import terms as T
from proofs.binding import free, substitute
from proofs.prover.arithmetic import product_factors
from proofs.prover.rewriter import Rewriter, lam, tactic
from proofs.rules.language import Lambda
from proofs.terms import Term, symbol


@tactic("preimages")
def constants(rw: Rewriter, t: Term) -> Term | None:
    """What depends on the image only leaves the sum, as does what does not depend on the preimage."""
    value, image, body = t.args
    e = symbol(t.data[0], image.args[0].sort) if image.op == "call" else None
    if e is None or image.args[0] != e:
        return None
    x = symbol("x~0", value.sort)
    factors = product_factors(body)
    out = [f for f in factors if e.data[0] not in free(replaced(f, image, x))]
    if not out:
        return None
    rest = [f for f in factors if f not in out]
    outside = T.mul(*(replaced(f, image, x) for f in out))
    summand = T.mul(*rest) if rest else T.ONE
    shaped = rw.within(t, 2, lambda b: rw.field(b, T.mul(substitute(outside, {x.data[0]: image}), summand)))
    values = {"e": e, "x": value, "F": lam(e, image), "A": lam(e, summand), "B": Lambda((x,), outside)}
    return shaped and rw.apply(shaped, "preimages.constant", **values)


def replaced(t: Term, old: Term, new: Term) -> Term:
    if t == old:
        return new
    if not t.args or t.op in T.BINDER_SCOPE or t.op == "derivative":
        return t
    return T.term(t.op, (replaced(a, old, new) for a in t.args), t.data, t.sort)


def to_values(rw: Rewriter, t: Term, e: Term) -> Term | None:
    """The integral over e as one over x = F(e), for a map whose derivative is invertible almost everywhere."""
    calls = {n for n in T.walk(t.args[0]) if n.op == "call" and n.args and n.args[0] == e}
    maps = [n for n in calls if (f := rw.context.hypotheses.functions.get(n.data[0])) is not None and f.regular]
    if len(maps) != 1:
        return None
    (image,) = maps
    f = rw.context.hypotheses.functions[image.data[0]]
    name = f.result_space or next((s for s in rw.context.hypotheses.spaces if s != rw.context.space(e.data[0])), "x")
    x = symbol(f"{name}~{len(rw.binders) + 1}", image.sort)
    return rw.apply(t, "area.formula", e=e, x=x, F=lam(e, image), A=lam(e, t.args[0]))


__all__ = ["to_values"]
