"""Equations and inequalities among the hypotheses: one side put for the other, then the search as before."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any

from proofs import terms as T
from proofs.binding import alike, free
from proofs.kernel import Kernel
from proofs.prover.equations import Found
from proofs.prover.moved import movers
from proofs.records import Relation, Step
from proofs.terms import Term

Search = Callable[[Relation], Found | None]


def by_hypotheses(relation: Relation, kernel: Kernel, search: Search) -> Found | None:
    """The relation after one of the hypotheses is used at every place, from left to right or back."""
    return by_equations(relation, kernel, search) or by_inequalities(relation, kernel, search)


def by_inequalities(relation: Relation, kernel: Kernel, search: Search) -> Found | None:
    """One side moved towards the other by an inequality of the hypotheses; what is left may hold with equality."""
    if relation.rel not in ("<", "<=", ">", ">="):
        return None
    for number, c in enumerate(relation.hypotheses.conditions):
        if c.op != "compare" or c.data[0] not in ("<", "<=", ">", ">="):
            continue
        for back, mover in product((False, True), movers(relation)):
            step = {"hypothesis": number, **({"back": True} if back else {})}
            t, steps = replaced(mover.start, c.args[1] if back else c.args[0], step, kernel)
            moved = "="
            try:
                moved = kernel.chain(mover.start, steps)[1]
            except ValueError:
                continue
            if moved[0] != mover.wanted[0]:
                continue
            weak = relation.rel[0] + "=" if moved in ("<", ">") else relation.rel
            lhs, rhs = mover.ends(t)
            found = search(Relation(lhs, weak, rhs, relation.hypotheses))
            if found is not None:
                return mover.then(t, steps, "hypothesis", found)
    return None


def by_equations(relation: Relation, kernel: Kernel, search: Search) -> Found | None:
    """Both sides after one equation of the hypotheses is used wherever its side stands."""
    for number, c in enumerate(relation.hypotheses.conditions):
        if c.op != "compare" or c.data != ("=",):
            continue
        for back in (False, True):
            step = {"hypothesis": number, **({"back": True} if back else {})}
            old = c.args[1] if back else c.args[0]
            moved = [replaced(t, old, step, kernel) for t in (relation.lhs, relation.rhs)]
            if not any(steps for _, steps in moved):
                continue
            (left, first), (right, last) = moved
            rest = Relation(left, relation.rel, right, relation.hypotheses, relation.proportional_in)
            found = search(rest)
            if found is None:
                continue
            middle, parts, shown = [], [found[0]], list(found[1])
            if last:
                middle, parts = [right], [*parts, {"left": [], "right": last}]
                shown.append(Step("hypothesis", relation.rhs, right, "rhs"))
            if first:
                middle, parts = [left, *middle], [{"left": first, "right": []}, *parts]
                shown.insert(0, Step("hypothesis", relation.lhs, left, "lhs"))
            return {"middle": middle, "parts": parts}, shown
    return None


def replaced(t: Term, old: Term, step: dict[str, Any], kernel: Kernel) -> tuple[Term, list[dict[str, Any]]]:
    """The term with the hypothesis used at every place where its side stands and none of its variables is bound."""
    steps: list[dict[str, Any]] = []
    names = free(old)

    def places(n: Term, path: tuple[int, ...]) -> list[tuple[tuple[int, ...], Term | None]]:
        if alike(n, old):
            return [(path, None)]
        grouped = group(n, old)
        if grouped is not None:
            return [(path, grouped)]
        found = []
        for i, a in enumerate(n.args):
            if not names & set(T.bound_in(n, i)) and n.op != "derivative":
                found += places(a, (*path, i))
        return found

    for path, grouped in places(t, ()):
        here: list[dict[str, Any]] = [] if grouped is None else [{"at": path, "field": grouped}]
        inner = path if grouped is None else (*path, next(i for i, a in enumerate(grouped.args) if alike(a, old)))
        here.append({"at": inner, **step})
        try:
            t, _ = kernel.chain(t, here)
        except ValueError:
            continue
        steps += here
    return t, steps


def group(n: Term, old: Term) -> Term | None:
    """A product of numbers in which the factors of ``old`` stand side by side, with these as one factor."""
    if n.op != "mul" or old.op != "mul" or any(a.sort != T.SCALAR for a in (*n.args, *old.args)):
        return None
    width = len(old.args)
    for i in range(len(n.args) - width + 1):
        if n.args[i : i + width] == old.args:
            return T.mul(*n.args[:i], old, *n.args[i + width :])
    return None


__all__ = ["by_hypotheses"]
