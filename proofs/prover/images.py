"""Expectations of functions of G(z) as expectations over x = G(z), whose law has a letter of its own."""

from __future__ import annotations

from proofs import terms as T
from proofs.binding import free
from proofs.prover.arithmetic import product_factors
from proofs.prover.linearity import bound
from proofs.prover.rewriter import Rewriter, lam
from proofs.terms import Term, symbol


def image_of(rw: Rewriter, law: Term, body: Term, x: Term) -> tuple[Term, Term, Term] | None:
    """The unknown law of G(x), for a body that depends on x only through G(x): (law, G(x), body over the image)."""
    if law.op != "family" or x.data[0] not in free(body):
        return None
    for letter, record in rw.context.hypotheses.families.items():
        if record.pushforward is None or record.pushforward[1] != law.data[0] or len(record.spaces) != 1:
            continue
        name = record.pushforward[0]
        calls = {n for n in T.walk(body) if n.op == "call" and n.data[0] == name and n.args[0] == x}
        if len(calls) != 1:
            continue
        (g,) = calls
        y = symbol(f"{record.spaces[0]}~{len(rw.binders) + 1}", g.sort)
        lifted = _replace(body, g, y)
        if x.data[0] not in free(lifted):
            params = [symbol(n) for n in record.parameters]
            return T.family(letter, (record.spaces[0],), (), (), params), g, T.expectation(y.data[0], law, lifted)
    return None


def _replace(t: Term, old: Term, new: Term) -> Term:
    if t == old:
        return new
    return t if not t.args else T.term(t.op, (_replace(a, old, new) for a in t.args), t.data, t.sort)


def to_image(rw: Rewriter, t: Term, x: Term) -> Term | None:
    """An expectation over z of something of G(z) as one over x = G(z)."""
    law, body = t.args
    found = image_of(rw, law, body, x)
    if found is None:
        return None
    family, g, lifted = found
    y = bound(lifted, lifted.args[1])
    new = rw.apply(t, "pushforward.expectation", back=True, y=y, x=x, P=law, G=lam(x, g), A=lam(y, lifted.args[1]))
    return new and rw.within(new, 0, lambda p: rw.take(p, {"law": family}))


def as_image(rw: Rewriter, t: Term, x: Term) -> Term | None:
    """The same for an integral against the density of z."""
    factors = product_factors(t.args[0])
    for d in factors:
        if d.op == "pdf" and d.args[1:] == (x,) and len(factors) > 1:
            rest = T.mul(*(f for f in factors if f is not d))
            if image_of(rw, d.args[0], rest, x) is not None:
                new = rw.apply(t, "expectation.integral", back=True, x=x, P=d.args[0], A=lam(x, rest))
                return new and to_image(rw, new, bound(new, new.args[1]))
    return None
