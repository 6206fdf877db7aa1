"""Inequalities between logarithms: each one under its tangent, monotone in its argument, or halved and under
its tangent, which leaves a squared distance.

One side is moved towards the other at its logarithms, by rules of `proofs.rules.inequalities`; what is left must be an
equation, or have a known sign.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice, permutations, product
from typing import Any

from proofs import terms as T
from proofs.binding import alike, subterm
from proofs.kernel import Kernel, compose
from proofs.prover.equations import Found, equal
from proofs.prover.gaps import by_sign
from proofs.prover.moved import movers
from proofs.records import Relation, Step
from proofs.terms import Term

MOST_LOGARITHMS, MOST_PLANS, MOST_TRIES = 3, 400, 12
Move = tuple[tuple[int, ...], dict[str, Any]]  # a place of a term, and the step to take there


def by_tangents(relation: Relation, kernel: Kernel, deadline: float) -> Found | None:
    """One side moved towards the other by tangents or by monotonicity."""
    sign = plain_sign(relation, kernel)
    if sign is not None:
        return sign
    for mover in movers(relation):
        _, start, other, wanted = mover
        tries = (apply(start, moves, wanted, kernel) for moves in islice(plans(start, other, wanted), MOST_PLANS))
        for t, steps, got in islice((m for m in tries if m is not None), MOST_TRIES):
            lhs, rhs = mover.ends(t)
            found = equal(lhs, rhs, relation, kernel, deadline)
            if found is None:
                # the rest may be an inequality of its own; where the move was strict it need not be
                loose = relation.rel if got == "=" else relation.rel[0] + "="
                weak = loose if got in ("<", ">") else relation.rel
                try:
                    found = by_sign(Relation(lhs, weak, rhs, relation.hypotheses), kernel, deadline)
                except (ValueError, ArithmeticError):
                    found = None
            if found is not None:
                name = ", ".join(sorted({s["rule"] for s in steps if s.get("rule", "").startswith("log.")}))
                return mover.then(t, steps, name, found)
    return None


def is_root(n: Term) -> bool:
    return (n.op == "function" and n.data == ("sqrt",)) or (n.op == "pow" and n.args[1] == T.HALF)


def has_roots(relation: Relation) -> bool:
    """Whether a side has square roots, as squared distances between densities have."""
    return any(is_root(n) for t in (relation.lhs, relation.rhs) for n in T.walk(t))


def plain_sign(relation: Relation, kernel: Kernel) -> Found | None:
    """A side against 0, of which the sign is plain to see."""
    for mover in movers(relation):
        side, t, zero, rel = mover
        if not T.is_number(zero, 0) or rel not in (">", ">="):
            continue
        if kernel.context.holds("positive" if rel == ">" else "nonnegative", t):
            return mover.link([{"at": (), "sign": rel}]), [Step("sign", t, zero, side)]
    return None


def apply(t: Term, moves: list[Move], wanted: str, kernel: Kernel) -> tuple[Term, list[dict[str, Any]], str] | None:
    """The term after the moves, the steps, and how it stands to the term before; None where one is refused."""
    steps: list[dict[str, Any]] = []
    relation = "="
    for path, step in moves:
        try:
            t, r = kernel.rewrite(t, {"at": path, **step})
            relation = compose(relation, r)
        except ValueError:
            return None
        steps.append({"at": path, **step})
    if relation[0] != wanted[0]:
        return None
    return t, steps, relation


def plans(start: Term, other: Term, wanted: str) -> Iterator[list[Move]]:
    """Sets of moves that make ``start`` larger (wanted is < or <=) or smaller; those that use what stands on the other
    side in its order come first."""
    logs = [p for p in places_of(start, "log") if any(n.op == "symbol" for n in T.walk(subterm(start, p)))]
    arguments = [subterm(other, p).args[0] for p in places_of(other, "log")]
    values = [subterm(start, p).args[0] for p in logs]
    if not 0 < len(logs) <= MOST_LOGARITHMS:
        return
    strict = wanted in ("<", ">")
    tangents = ("log.tangent.strict", "log.tangent.at") if strict else ("log.tangent.at",)
    growing = ("log.increasing", "log.monotone") if strict else ("log.monotone",)

    def tangent(chosen: tuple[Term, ...]) -> Iterator[list[Move]]:
        for names in product(tangents, repeat=len(logs)):
            yield [(p, {"rule": name, "with": {"a": v, "c": c}}) for p, v, c, name in zip(logs, values, chosen, names)]

    def monotone(chosen: tuple[Term, ...]) -> Iterator[list[Move]]:
        for name, larger in product(growing, (True, False)):  # which helps depends on the signs around the places
            yield [(p, {"rule": name, **turned(v, c, larger)}) for p, v, c in zip(logs, values, chosen)]

    roots = [m for p, v in zip(logs, values) for m in halved(p, v)]
    if any(is_root(n) for n in T.walk(other)):
        yield roots
    first = tuple(arguments[: len(logs)])
    if len(first) == len(logs):
        yield from tangent(first)
        yield from monotone(first)
    yield roots
    for chosen in assignments(len(logs), [*arguments, T.ONE, T.TWO]):
        yield from monotone(chosen)
    for chosen in assignments(len(logs), [*arguments, T.ONE]):
        yield from tangent(chosen)


def turned(value: Term, other: Term, larger: bool) -> dict[str, Any]:
    """The instance that replaces a logarithm by a larger one, or (backwards) by a smaller one."""
    if larger:
        return {"with": {"a": value, "b": other}}
    return {"back": True, "with": {"a": other, "b": value}}


def assignments(count: int, candidates: list[Term]) -> Iterator[tuple[Term, ...]]:
    """Candidates for each logarithm, in all ways, different ones first."""
    distinct: list[Term] = []
    for c in candidates:
        if not any(alike(c, d) for d in distinct):
            distinct.append(c)
    yield from permutations(distinct, count)
    yield from product(distinct, repeat=count)


def halved(path: tuple[int, ...], a: Term) -> list[Move]:
    """log a = 2 log sqrt(a) <= 2 (sqrt(a) - 1): what is left of a divergence is the Hellinger distance."""
    root = T.power(a, T.HALF)
    inner = (*path, 1)
    return [
        (path, {"field": T.mul(T.TWO, T.mul(T.HALF, T.log(a)))}),
        (inner, {"rule": "log.product", "back": True, "with": {"bs": [a], "es": [T.HALF]}}),
        (inner, {"rule": "log.tangent", "with": {"a": root}}),
    ]


def places_of(t: Term, what: str) -> list[tuple[int, ...]]:
    """The places of an operator, or of a known function, outermost first."""
    found: list[tuple[int, ...]] = []

    def visit(n: Term, path: tuple[int, ...]) -> None:
        if n.op == what or (n.op == "function" and n.data == (what,) and n.sort == T.SCALAR):
            found.append(path)
        for i, a in enumerate(n.args):
            visit(a, (*path, i))

    visit(t, ())
    return found


__all__ = ["by_tangents", "has_roots"]
