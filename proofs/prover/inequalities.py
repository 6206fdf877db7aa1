"""Inequalities: the difference as something of known sign, a divergence, or one use of Jensen's inequality or more."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from proofs import terms as T
from proofs.binding import alike, free, subterm
from proofs.kernel import Kernel, KernelError
from proofs.prover.arithmetic import product_factors, summands
from proofs.prover.equations import Found, by_normal_forms, normalise, strategies
from proofs.prover.linearity import bound
from proofs.prover.monotone import by_monotony
from proofs.prover.moved import movers
from proofs.prover.rewriter import GiveUp, Strategy, lam
from proofs.records import Relation, Step
from proofs.terms import LAW, Term, add, mul, neg, number

DIVERGENCES = {"kl": "gibbs", "jsd": "jsd.nonnegative"}


def prove_inequality(relation: Relation, kernel: Kernel, deadline: float) -> Found | None:
    """A chain of links from the left side to the right one, or None."""
    from proofs.prover.tangents import by_tangents, has_roots

    methods = (by_sign, by_jensen, by_divergence, by_tangents, by_monotony)
    for method in (by_tangents, *methods) if has_roots(relation) else methods:
        try:
            found = method(relation, kernel, deadline)
        except (ValueError, ArithmeticError) as e:
            if isinstance(e, GiveUp):
                raise
            continue
        if found is None or (relation.rel in ("<", ">") and reached(relation, found, kernel) != relation.rel):
            continue
        return found
    return None


def reached(relation: Relation, found: Found, kernel: Kernel) -> str:
    """The relation that a proof establishes: a weak one where a strict one was wanted, perhaps."""
    try:
        return kernel.prove(relation.lhs, relation.rhs, found[0])
    except (ValueError, ArithmeticError):
        return ""


def sides(relation: Relation) -> tuple[Term, Term]:
    """(small, big)"""
    lhs, rhs = relation.lhs, relation.rhs
    return (lhs, rhs) if relation.rel in ("<", "<=") else (rhs, lhs)


def equal(a: Term, b: Term, relation: Relation, kernel: Kernel, deadline: float) -> Found | None:
    for strategy in strategies(Relation(a, "=", b, relation.hypotheses)):
        found = by_normal_forms(a, b, kernel, strategy, deadline)
        if found is not None:
            return found
    return None


def through(relation: Relation, gap: Term, drop: list[dict[str, Any]], why: str, first: Found) -> Found:
    """lhs = rhs -+ gap, and the gap is dropped: two links of a chain."""
    sign = T.MINUS_ONE if relation.rel in ("<", "<=") else T.ONE
    middle = add(relation.rhs, mul(sign, gap))
    steps = [{**s, "at": (1, 1, *s["at"])} for s in drop]
    second = {"left": steps, "right": []}
    shown = [*first[1], Step(why, middle, relation.rhs, "both")]
    return {"middle": [middle], "parts": [first[0], second]}, shown


# ------------------------------------------------------------------------------------------------ signs


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


# ------------------------------------------------------------------------------------------------ divergences


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


# ------------------------------------------------------------------------------------------------ Jensen


def by_jensen(relation: Relation, kernel: Kernel, deadline: float) -> Found | None:
    """One side moved towards the other by Jensen's inequality, up to four times, until an equation is left."""
    if relation.rel in ("<", ">"):
        return None
    for mover in movers(relation):
        t, steps = mover.start, []
        for _ in range(4):
            move = next(iter(jensen_moves(t, mover.wanted, kernel)), None)
            if move is None:
                break
            more, t = move
            steps.extend(more)
            found = equal(*mover.ends(t), relation, kernel, deadline)
            if found is not None:
                return mover.then(t, steps, "Jensen", found)
    return None


def jensen_moves(t: Term, wanted: str, kernel: Kernel) -> Iterator[tuple[list[dict[str, Any]], Term]]:
    for path in places(t):
        node = subterm(t, path)
        for step in jensen_at(node):
            steps = [{"at": path, **step}]
            if step["rule"] == "jensen.average":
                terms = step["with"]["as"]
                shape = mul(T.power(number(len(terms)), T.MINUS_ONE), add(*terms))
                steps.insert(0, {"at": (*path, 0), "field": shape})
            try:
                new, relation = kernel.chain(t, steps)
            except (ValueError, KernelError):
                continue
            if relation == wanted and not alike(new, t):
                yield steps, new


def places(t: Term) -> list[tuple[int, ...]]:
    found: list[tuple[int, ...]] = []

    def visit(n: Term, path: tuple[int, ...]) -> None:
        for i, a in enumerate(n.args):
            visit(a, (*path, i))
        found.append(path)

    visit(t, ())
    return found


def jensen_at(n: Term) -> Iterator[dict[str, Any]]:
    """The uses of Jensen's inequality whose one side is this term."""
    if n.op == "expectation":
        law, body = n.args
        x = bound(n, body, law)
        inner = body.args[0] if body.args else body
        if body.op == "function" and body.data[0] in ("log", "exp"):
            step = {"rule": f"jensen.{body.data[0]}", "with": {"x": x, "P": law, "F": lam(x, inner)}}
            yield step if body.data[0] == "log" else {**step, "back": True}
        if body.op == "pow" and body.args[1] == number(2):
            yield {"rule": "jensen.square", "back": True, "with": {"x": x, "P": law, "F": lam(x, inner)}}
        if body.op == "call" and len(body.args) == 1:
            yield {"rule": "jensen.convex", "back": True,
                   "with": {"x": x, "P": law, "f": body.data[0], "s": body, "F": lam(x, inner)}}  # fmt: skip
    if n.op == "function" and n.args[0].op == "expectation" and n.data[0] in ("log", "exp"):
        e = n.args[0]
        x = bound(e, e.args[1], e.args[0])
        step = {"rule": f"jensen.{n.data[0]}", "with": {"x": x, "P": e.args[0], "F": lam(x, e.args[1])}}
        yield {**step, "back": True} if n.data[0] == "log" else step
    if n.op == "function" and n.data == ("log",):
        terms = average(n.args[0])
        if terms:
            yield {"rule": "jensen.average", "back": True, "with": {"as": terms}}
    if n.op == "call" and len(n.args) == 1 and n.args[0].op == "expectation":
        e = n.args[0]
        x = bound(e, e.args[1], e.args[0])
        yield {
            "rule": "jensen.convex",
            "with": {"x": x, "P": e.args[0], "f": n.data[0], "s": n, "F": lam(x, e.args[1])},
        }
    if n.op == "pow" and n.args[1] == number(2) and n.args[0].op == "expectation":
        e = n.args[0]
        x = bound(e, e.args[1], e.args[0])
        yield {"rule": "jensen.square", "with": {"x": x, "P": e.args[0], "F": lam(x, e.args[1])}}


def average(t: Term) -> list[Term] | None:
    """The terms of (a + b + ...)/k, or None."""
    factors = list(product_factors(t))
    sums = [f for f in factors if f.op == "add"]
    if len(sums) != 1 or len(factors) != 2:
        return None
    scale = factors[1] if factors[0] is sums[0] else factors[0]
    if scale.op == "pow" and scale.args[1] == T.MINUS_ONE:
        scale = scale.args[0]
        return list(sums[0].args) if scale == number(len(sums[0].args)) else None
    return list(sums[0].args) if scale.op == "number" and scale.data[0] * len(sums[0].args) == 1 else None


__all__ = ["Strategy", "prove_inequality"]
