"""Integrals over a whole space: split, constants out, densities recognised."""

from __future__ import annotations

from proofs import terms as T
from proofs.binding import base, free, sort_of
from proofs.prover.arithmetic import product_factors
from proofs.prover.fibres import to_values
from proofs.prover.images import as_image
from proofs.prover.linearity import NAMED_LAWS, bound, exponential_out, linear, split, through_sum
from proofs.prover.quadratics import gaussian
from proofs.prover.rewriter import Rewriter, lam, tactic
from proofs.terms import SCALAR, Term, symbol

__all__ = ["bound", "densities", "family_values", "integrals", "marginal", "of_derivative", "split"]


@tactic("integral")
def integrals(rw: Rewriter, t: Term) -> Term | None:
    if len(t.args) != 1:
        return None
    body = t.args[0]
    x = bound(t, body)
    space = rw.context.space(x.data[0])
    if space and space != base(x.data[0]) and x.data[0] in free(body):
        y = symbol(f"{space}~{len(rw.binders) + 1}", x.sort)
        renamed = rw.apply(t, "integral.rename", x=x, y=y, A=lam(x, body))
        if renamed is not None:
            return renamed
    attempts = (
        lambda: linear(rw, t, 0),
        lambda: exponential_out(rw, t, 0),
        lambda: through_sum(rw, t, 0),
        lambda: as_image(rw, t, x),
        lambda: densities(rw, t, x),
        lambda: gaussian(rw, t, x),
        lambda: of_derivative(rw, t, x),
        lambda: to_values(rw, t, x),
    )
    return rw.first(attempts)


def densities(rw: Rewriter, t: Term, x: Term) -> Term | None:
    """A density alone integrates to one or to a marginal; a named law times something is an expectation."""
    factors = product_factors(t.args[0])
    for d in factors:
        if d.op != "pdf" or x not in d.args[1:]:
            continue
        law, points = d.args[0], list(d.args[1:])
        others = [f for f in factors if f is not d]
        if law.op in NAMED_LAWS and points == [x] and x.data[0] not in free(law):
            rest = T.mul(*others) if others else T.ONE
            t2 = rw.field_at(t, 0, T.mul(d, rest))
            new = t2 and rw.apply(t2, "expectation.integral", back=True, x=x, P=law, A=lam(x, rest))
            if new is not None:
                return new
        if others:
            continue
        if points == [x]:
            return rw.apply(t, "density.normalised", x=x, P=law)
        if law.op == "family" and points.count(x) == 1:
            return marginal(rw, t, x, d)
    return None


def family_values(law: Term) -> dict:
    letter, _, givens, _ = law.data
    n = len(givens)
    return {"p": letter, "gs": list(givens), "gvs": list(law.args[:n]), "params": list(law.args[n:])}


def marginal(rw: Rewriter, t: Term, x: Term, d: Term) -> Term | None:
    law, points = d.args[0], list(d.args[1:])
    outcomes = list(law.data[1])
    k = points.index(x)
    values = family_values(law)
    if k < len(points) - 1:

        def move(b: Term) -> Term | None:
            return rw.apply(b, "density.order", **values, **{
                "as": outcomes[:k], "avs": points[:k], "bs": outcomes[k : k + 1], "bvs": [x],
                "cs": outcomes[k + 1 :], "cvs": points[k + 1 :], "ds": [], "dvs": [],
            })  # fmt: skip

        t = rw.within(t, 0, move) or t
    rest = [*outcomes[:k], *outcomes[k + 1 :]]
    rest_points = [*points[:k], *points[k + 1 :]]
    return rw.apply(t, "density.marginal", z=x, **values, xs=rest, xvs=rest_points, zs=[outcomes[k]])


def of_derivative(rw: Rewriter, t: Term, x: Term) -> Term | None:
    """The integral of the derivative of a density, the derivative taken outside."""
    body = t.args[0]
    if body.op != "derivative" or len(body.data) != 1 or body.args[0].op != "pdf" or body.data[0] == x.data[0]:
        return None
    d = body.args[0]
    if x not in d.args[1:]:
        return None
    w = symbol(body.data[0], sort_of(d, body.data[0]) or SCALAR)
    inner = T.integral(x.data[0], d)
    new = rw.apply(t, "derivative.integral", back=True, w=w, x=x, A=lam(x, d))
    if new is None or new.args[0] != inner:
        return new
    return rw.within(new, 0, lambda i: densities(rw, i, x)) if new else None
