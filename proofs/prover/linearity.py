"""What is linear: constants leave a sum, an integral or an expectation, and its terms part."""

from __future__ import annotations

from functools import partial

from proofs import terms as T
from proofs.binding import free, sort_of
from proofs.prover.arithmetic import product_factors, summands
from proofs.prover.rewriter import Rewriter, lam
from proofs.rules.language import Lambda
from proofs.terms import SCALAR, Term, symbol

NAMED_LAWS = frozenset({"normal", "bernoulli", "uniform", "exponential", "gamma", "beta", "poisson", "laplace",
                        "student_t", "categorical"})  # fmt: skip


def bound(t: Term, body: Term, law: Term | None = None) -> Term:
    """The bound variable of a binder, with the sort that it has in the body or that its law gives."""
    name = t.data[0]
    sort = sort_of(body, name)
    if sort is None and law is not None and law.op in NAMED_LAWS and law.args:
        sort = law.args[0].sort if law.op == "normal" else SCALAR
    return symbol(name, sort or SCALAR)


def split(rw: Rewriter, body: Term, x: Term) -> tuple[list[Term], list[Term]] | None:
    """Constants and rests of the monomials of a body, equal rests together.  None where nothing is to be done."""
    parts = summands(body)
    table: dict[Term, list[Term]] = {}
    inside = rw.context.free_of
    for s in parts:
        factors = product_factors(s)
        if s.sort == SCALAR and any(f.sort != SCALAR for f in factors):
            scalars = [f for f in factors if f.sort == SCALAR]
            words = [f for f in factors if f.sort != SCALAR]
            c = [f for f in scalars if inside(x, f)]
            r = [f for f in scalars if not inside(x, f)]
            word = T.mul(*words)
            (c if inside(x, word) else r).extend([word])
        elif s.sort == SCALAR:
            c = [f for f in factors if inside(x, f)]
            r = [f for f in factors if not inside(x, f)]
        else:
            c = [f for f in factors if f.sort == SCALAR and inside(x, f)]
            r = [f for f in factors if not (f.sort == SCALAR and inside(x, f))]
        rest = T.mul(*r) if r else T.ONE
        table.setdefault(rest, []).append(T.mul(*c) if c else T.ONE)
    if not table:
        return [T.ZERO], [T.ONE if body.sort == SCALAR else body]
    rests = list(table)
    constants = [T.add(*cs) for cs in table.values()]
    if len(rests) == 1 and T.is_number(constants[0], 1):
        return None
    return constants, rests


def linear(rw: Rewriter, t: Term, position: int) -> Term | None:
    """The binder over a sum of constants times rests."""
    x = bound(t, t.args[position], t.args[0] if position else None)
    with rw.inside(t, position):
        pieces = split(rw, t.args[position], x)
    if pieces is None:
        return None
    constants, rests = pieces
    if T.is_number(constants[0], 0):
        rests = [t.args[position]]
    shape = T.add(*(T.mul(c, r) for c, r in zip(constants, rests)))
    t2 = rw.within(t, position, lambda b: rw.field(b, shape))
    if t2 is None:
        return None
    values: dict = {"x": x, "cs": constants, "As": [lam(x, r) for r in rests]}
    if position:
        return rw.apply(t2, "expectation.linear", P=t.args[0], **values)
    return rw.apply(t2, "integral.linear", **values)


def exponential_out(rw: Rewriter, t: Term, position: int) -> Term | None:
    """exp(c + e) in the body, with c constant: exp(c) goes out."""
    body = t.args[position]
    x = bound(t, body, t.args[0] if position else None)
    factors = product_factors(body)
    if body.sort != SCALAR or any(f.sort != SCALAR for f in factors):
        return None
    for f in factors:
        if f.op != "function" or f.data != ("exp",):
            continue
        parts = summands(f.args[0])
        c = [s for s in parts if rw.context.free_of(x, s)]
        e = [s for s in parts if s not in c]
        if not c or not e:
            continue
        others = [g for g in factors if g is not f]
        constant, rest = T.add(*c), T.add(*e)
        t2 = rw.field_at(t, position, T.mul(f, *others))
        if t2 is None:
            return None
        with rw.inside(t2, position):
            b = t2.args[position]
            b2 = (
                separated(rw, b, constant, rest)
                if not others
                else rw.within(b, 0, partial(separated, rw, constant=constant, rest=rest))
            )
        if b2 is None:
            return None
        t2 = T.term(t2.op, (*t2.args[:position], b2, *t2.args[position + 1 :]), t2.data, t2.sort)
        values: dict = {"x": x, "cs": [T.exp(constant)], "As": [lam(x, T.mul(T.exp(rest), *others))]}
        if position:
            return rw.apply(t2, "expectation.linear", P=t.args[0], **values)
        return rw.apply(t2, "integral.linear", **values)
    return None


def separated(rw: Rewriter, e: Term, constant: Term, rest: Term) -> Term | None:
    """exp(c + e) as exp(c) exp(e)."""
    e2 = rw.field_at(e, 0, T.add(constant, rest))
    return e2 and rw.apply(e2, "exp.sum", **{"as": [constant, rest]})


def through_sum(rw: Rewriter, t: Term, position: int) -> Term | None:
    """A finite sum in the body goes out."""
    body = t.args[position]
    factors = product_factors(body)
    sums = [f for f in factors if f.op == "sum"]
    if len(sums) != 1 or body.sort != SCALAR:
        return None
    s = sums[0]
    x = bound(t, body, t.args[0] if position else None)
    if x.data[0] in free(s.args[1]) | free(s.args[2]):
        return None
    i = symbol(s.data[0])
    others = [f for f in factors if f is not s]
    if others:

        def push(b: Term) -> Term | None:
            c = T.mul(*others)
            b2 = rw.field(b, T.mul(c, s))
            return b2 and rw.apply(
                b2, "sum.linear", back=True, i=i, cs=[c], As=[lam(i, s.args[0])], a=s.args[1], b=s.args[2]
            )

        t = rw.within(t, position, push) or t
        s = t.args[position]
        if s.op != "sum":
            return None
        i = symbol(s.data[0])
    values: dict = {"x": x, "i": i, "A": Lambda((x, i), s.args[0]), "a": s.args[1], "b": s.args[2]}
    if position:
        return rw.apply(t, "expectation.sum", P=t.args[0], **values)
    return rw.apply(t, "integral.sum", **values)
