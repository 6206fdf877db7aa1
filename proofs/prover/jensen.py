"""Inequalities by Jensen: an average of logarithms, exponentials, squares or convex functions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from proofs import terms as T
from proofs.binding import alike, subterm
from proofs.kernel import Kernel
from proofs.prover.arithmetic import product_factors
from proofs.prover.equations import Found, equal
from proofs.prover.linearity import bound
from proofs.prover.moved import movers
from proofs.prover.rewriter import lam
from proofs.records import Relation
from proofs.terms import Term, add, mul, number


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
            except ValueError:
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
