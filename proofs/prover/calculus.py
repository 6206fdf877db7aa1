"""Derivatives: pushed down to what is unknown."""

from __future__ import annotations

from functools import partial

from proofs import terms as T
from proofs.binding import free, sort_of
from proofs.prover.arithmetic import product_factors, summands
from proofs.prover.linearity import bound
from proofs.prover.rewriter import Rewriter, lam, tactic
from proofs.prover.words import row_form
from proofs.rules.calculus import UNARY
from proofs.terms import SCALAR, Term, symbol


@tactic("derivative")
def derivatives(rw: Rewriter, t: Term) -> Term | None:
    body = t.args[0]
    if len(t.data) > 1:
        if body.op == "matrix" and body.sort.cols == 1:
            return rw.apply(t, "derivative.jacobian", ws=[symbol(n) for n in t.data], **{"as": list(body.args)})
        if body.sort != SCALAR:
            return None
        return rw.apply(t, "derivative.several", ws=[symbol(n) for n in t.data], A=body)
    w = symbol(t.data[0], sort_of(body, t.data[0]) or SCALAR)
    if w.data[0] not in free(body):
        # the sort of a variable that does not occur is that of the result
        if body.sort == SCALAR and t.sort != SCALAR:
            w = symbol(t.data[0], t.sort)
        return rw.apply(t, "derivative.constant", w=w, A=body)
    if body == w:
        return rw.apply(t, "derivative.self", w=w)
    if body.op == "call_inverse" and body.args[0] == w:
        v = symbol("v~1", body.sort)
        return rw.apply(t, "inverse.jacobian", f=body.data[0], x=v, u=w, v=v, ps=list(body.args[1:]))
    return rw.first(partial(f, rw, t, w) for f in (by_sum, by_product, by_function, by_binder, by_chain))


def by_sum(rw: Rewriter, t: Term, w: Term) -> Term | None:
    parts = summands(t.args[0])
    cs, rests = [], []
    for p in parts:
        factors = product_factors(p)
        if p.sort == SCALAR and any(f.sort != SCALAR for f in factors):
            words = T.mul(*(f for f in factors if f.sort != SCALAR))
            factors = (*(f for f in factors if f.sort == SCALAR), words)
        c = [f for f in factors if f.sort == SCALAR and rw.context.free_of(w, f)]
        r = [f for f in factors if f not in c]
        cs.append(T.mul(*c) if c else T.ONE)
        rests.append(T.mul(*r) if r else T.ONE)
    if len(rests) == 1 and T.is_number(cs[0], 1):
        return None
    return rw.apply(t, "derivative.linear", w=w, cs=cs, As=rests)


def by_product(rw: Rewriter, t: Term, w: Term) -> Term | None:
    body = t.args[0]
    factors = list(product_factors(body))
    if any(f.sort != SCALAR for f in factors):
        return by_matrix(rw, t, w)
    if len(factors) > 1:
        return rw.apply(t, "derivative.product", w=w, A=factors[0], B=T.mul(*factors[1:]))
    if body.op == "pow":
        a, k = body.args
        return rw.apply(t, "derivative.power", w=w, A=a, k=k)
    return None


def by_matrix(rw: Rewriter, t: Term, w: Term) -> Term | None:
    body = t.args[0]
    factors = list(product_factors(body))
    scalars = [f for f in factors if f.sort == SCALAR]
    word = [f for f in factors if f.sort != SCALAR]
    if scalars and body.sort == SCALAR:
        return rw.apply(t, "derivative.product", w=w, A=T.mul(*scalars), B=T.mul(*word))
    if scalars or w.sort == SCALAR:
        return None
    if body.sort == SCALAR:
        wt = T.transpose(w)
        if word == [wt, w]:
            return rw.apply(t, "derivative.norm", w=w)
        if word[0] == wt and word[-1] == w and all(w.data[0] not in free(f) for f in word[1:-1]):
            return rw.apply(t, "derivative.quadratic", w=w, A=T.mul(*word[1:-1]))
        row = row_form(word, w)
        return row and rw.apply(t, "derivative.inner", w=w, b=T.transpose(row))
    if word[-1] == w and all(w.data[0] not in free(f) for f in word[:-1]):
        return rw.apply(t, "derivative.matrix", w=w, A=T.mul(*word[:-1]))
    return None


def by_function(rw: Rewriter, t: Term, w: Term) -> Term | None:
    body = t.args[0]
    if body.op == "function" and body.sort == SCALAR and body.data[0] in UNARY:
        return rw.apply(t, f"derivative.{body.data[0]}", w=w, A=body.args[0])
    if body.op == "matrix" and body.sort.cols == 1 and w.sort == SCALAR:
        return rw.apply(t, "derivative.entries", w=w, **{"as": list(body.args)})
    return None


def by_binder(rw: Rewriter, t: Term, w: Term) -> Term | None:
    body = t.args[0]
    if body.op == "integral" and len(body.args) == 1:
        x = bound(body, body.args[0])
        return rw.apply(t, "derivative.integral", w=w, x=x, A=lam(x, body.args[0]))
    if body.op == "expectation":
        x = bound(body, body.args[1], body.args[0])
        return rw.apply(t, "derivative.expectation", w=w, x=x, P=body.args[0], A=lam(x, body.args[1]))
    if body.op == "sum":
        i = symbol(body.data[0])
        return rw.apply(t, "derivative.sum", w=w, i=i, A=lam(i, body.args[0]), a=body.args[1], b=body.args[2])
    return None


def by_chain(rw: Rewriter, t: Term, w: Term) -> Term | None:
    """An unknown function of one scalar that depends on the variable."""
    body = t.args[0]
    if body.op not in ("call", "pdf") or body.sort != SCALAR:
        return None
    touched = [i for i, a in enumerate(body.args) if w.data[0] in free(a)]
    if len(touched) != 1:
        return None
    g = body.args[touched[0]]
    if g.sort != SCALAR or g.op == "symbol":
        return None
    y = symbol("y~1")
    args = [y if i == touched[0] else a for i, a in enumerate(body.args)]
    return rw.apply(t, "derivative.chain", w=w, y=y, F=lam(y, T.term(body.op, args, body.data, body.sort)), G=g)


@tactic("at")
def evaluations(rw: Rewriter, t: Term) -> Term | None:
    body, value = t.args
    x = symbol(t.data[0], value.sort)
    inside = any(n.op == "derivative" and x.data[0] in n.data for n in T.walk(body))
    if inside and not (value.op == "symbol" and value.data[0] not in free(body)):
        return None
    return rw.apply(t, "at.value", x=x, A=lam(x, body), t=value)


@tactic("call_inverse", "call")
def inverses(rw: Rewriter, t: Term) -> Term | None:
    """f^-1(f(x)) and f(f^-1(y))."""
    other = "call" if t.op == "call_inverse" else "call_inverse"
    if not t.args or t.args[0].op != other or t.args[0].data != t.data or t.args[1:] != t.args[0].args[1:]:
        return None
    values = {"f": t.data[0], "ps": list(t.args[1:])}
    inner = t.args[0].args[0]
    if t.op == "call_inverse":
        return rw.apply(t, "inverse.left", x=inner, y=t.args[0], **values)
    return rw.apply(t, "inverse.right", y=inner, x=t.args[0], **values)
