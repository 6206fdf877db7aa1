"""Equations among the hypotheses: one side put for the other wherever it stands, then the search as before."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from proofs import terms as T
from proofs.binding import alike, free
from proofs.kernel import Kernel, KernelError
from proofs.prover.equations import Found
from proofs.records import Relation, Step
from proofs.terms import Term

Search = Callable[[Relation], Found | None]


def by_hypotheses(relation: Relation, kernel: Kernel, search: Search) -> Found | None:
    """The relation after one equation of the hypotheses is used at every place, from left to right or back."""
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

    def places(n: Term, path: tuple[int, ...]) -> list[tuple[int, ...]]:
        if alike(n, old):
            return [path]
        found = []
        for i, a in enumerate(n.args):
            if not names & set(T.bound_in(n, i)) and n.op != "derivative":
                found += places(a, (*path, i))
        return found

    for path in places(t, ()):
        try:
            t, _ = kernel.rewrite(t, {"at": path, **step})
        except (ValueError, KernelError):
            continue
        steps.append({"at": path, **step})
    return t, steps


__all__ = ["by_hypotheses"]
