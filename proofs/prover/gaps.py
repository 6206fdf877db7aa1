"""Inequalities by the difference of the sides: something of known sign, or a divergence."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from proofs import terms as T
from proofs.binding import free
from proofs.kernel import Kernel
from proofs.prover.arithmetic import product_factors, summands
from proofs.prover.equations import Found, by_normal_forms, equal, normalise, strategies
from proofs.records import Relation, Step
from proofs.terms import LAW, Term, add, mul, neg

DIVERGENCES = {"kl": "gibbs", "jsd": "jsd.nonnegative"}


def sides(relation: Relation) -> tuple[Term, Term]:
    """(small, big)"""
    lhs, rhs = relation.lhs, relation.rhs
    return (lhs, rhs) if relation.rel in ("<", "<=") else (rhs, lhs)


def through(relation: Relation, gap: Term, drop: list[dict[str, Any]], why: str, first: Found) -> Found:
    """lhs = rhs -+ gap, and the gap is dropped: two links of a chain."""
    sign = T.MINUS_ONE if relation.rel in ("<", "<=") else T.ONE
    middle = add(relation.rhs, mul(sign, gap))
    steps = [{**s, "at": (1, 1, *s["at"])} for s in drop]
    second = {"left": steps, "right": []}
    shown = [*first[1], Step(why, middle, relation.rhs, "both")]
    return {"middle": [middle], "parts": [first[0], second]}, shown


def by_sign(relation: Relation, kernel: Kernel, deadline: float) -> Found | None:
    """big - small, in normal form, is a sum of divergences with nonnegative coefficients and of something >= 0."""
    small, big = sides(relation)
    strict = relation.rel in ("<", ">")
    sign = T.MINUS_ONE if relation.rel in ("<", "<=") else T.ONE
    for strategy in strategies(relation):
        gap, _ = normalise(add(big, neg(small)), kernel, strategy, deadline)
        drop = dropped(gap, kernel, strict)
        if drop is None:
            continue
        steps, why = drop
        middle = add(relation.rhs, mul(sign, gap))
        first = by_normal_forms(relation.lhs, middle, kernel, strategy, deadline)
        if first is not None:
            return through(relation, gap, steps, why, first)
    return None


def dropped(gap: Term, kernel: Kernel, strict: bool) -> tuple[list[dict[str, Any]], str] | None:
    """Steps gap >= ... >= 0, or None."""
    context = kernel.context
    if strict:
        return ([{"at": (), "sign": ">"}], "sign") if context.holds("positive", gap) else None
    if context.holds("nonnegative", gap):
        return [{"at": (), "sign": ">="}], "sign"
    steps: list[dict[str, Any]] = []
    rest: list[Term] = []
    parts = summands(gap)
    for i, p in enumerate(parts):
        factors = product_factors(p)
        found = [k for k, f in enumerate(factors) if f.op in DIVERGENCES]
        if len(found) != 1:
            rest.append(p)
            continue
        f = factors[found[0]]
        path = ((i,) if gap.op == "add" else ()) + ((found[0],) if p.op == "mul" else ())
        steps.append({"at": path, "rule": DIVERGENCES[f.op], "back": True, "with": {"P": f.args[0], "Q": f.args[1]}})
    if not steps:
        return None
    remainder = add(*rest) if rest else T.ZERO
    if rest and not context.holds("nonnegative", remainder):
        return None
    t = gap
    for s in steps:
        t, relation = kernel.rewrite(t, s)
        if relation != ">=":
            return None
    steps.append({"at": (), "field": remainder})
    if rest:
        steps.append({"at": (), "sign": ">="})
    return steps, "Gibbs"


def by_divergence(relation: Relation, kernel: Kernel, deadline: float) -> Found | None:
    """The sides differ by a divergence between laws that occur, or that follow from the joint one."""
    strict = relation.rel in ("<", ">")
    if strict:
        return None
    sign = T.MINUS_ONE if relation.rel == "<=" else T.ONE
    for name, p, q in islice(gaps(relation), 24):
        divergence = T.kl(p, q) if name == "gibbs" else T.jsd(p, q)
        step = {"rule": name, "back": True, "with": {"P": p, "Q": q}}
        for gap, path in ((divergence, ()), (mul(T.TWO, divergence), (1,))):
            middle = add(relation.rhs, mul(sign, gap))
            first = equal(relation.lhs, middle, relation, kernel, deadline)
            if first is not None:
                drop = [{"at": path, **step}]
                if path:
                    drop.append({"at": (), "field": T.ZERO})
                return through(relation, gap, drop, name, first)
    return None


def gaps(relation: Relation) -> Iterator[tuple[str, Term, Term]]:
    seen = []
    for p, q in candidates(relation):
        yield "gibbs", p, q
        if {p, q} not in seen:
            seen.append({p, q})
            yield "jsd.nonnegative", p, q


def candidates(relation: Relation) -> Iterator[tuple[Term, Term]]:
    """Pairs of laws of one outcome; conditionals of the joint densities that occur come first."""
    laws: list[Term] = []
    posteriors: list[Term] = []
    for t in (relation.lhs, relation.rhs):
        for n in T.walk(t):
            if n.sort == LAW and n not in laws and n.op in ("family", "normal"):
                laws.append(n)
            if n.op == "pdf" and n.args[0].op == "family":
                law = n.args[0]
                letter, outcomes, givens, _ = law.data
                values = list(n.args[1:])
                names, points = list(outcomes) + list(givens), values + list(law.args[: len(givens)])
                params = law.args[len(givens) :]
                for k, name in enumerate(names):
                    others = [(m, v) for j, (m, v) in enumerate(zip(names, points)) if j != k]
                    posterior = T.family(letter, (name,), tuple(m for m, _ in others), [v for _, v in others], params)
                    if posterior not in posteriors:
                        posteriors.append(posterior)
    closed = [p for p in laws if not _loose(p, relation)]
    for p in closed:
        for q in [*posteriors, *closed]:
            if q != p and not _loose(q, relation) and outcome_of(p) == outcome_of(q):
                yield p, q


def _loose(law: Term, relation: Relation) -> bool:
    """Whether a law mentions a variable that is bound somewhere in the relation."""
    outside = free(relation.lhs) | free(relation.rhs)
    return not free(law) <= outside


def outcome_of(law: Term) -> object:
    return law.data[1] if law.op == "family" else law.args[0].sort
