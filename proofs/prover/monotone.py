"""Inequalities by leaving out a part of known sign where a side is monotone in it: exp(a + b) >= exp(a) for b >= 0."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from proofs import terms as T
from proofs.kernel import Kernel
from proofs.prover.equations import Found, equal
from proofs.prover.moved import movers
from proofs.records import Relation
from proofs.terms import SCALAR, Term

MOST_TRIES = 8


def parts(t: Term, path: tuple[int, ...] = ()) -> Iterator[tuple[int, ...]]:
    """The places of summands and of arguments of functions, outermost first, and not under binders."""
    for i, a in enumerate(t.args):
        if t.op in ("add", "function") and a.sort == SCALAR and a.op != "number":
            yield (*path, i)
    for i, a in enumerate(t.args):
        if not T.bound_in(t, i):
            yield from parts(a, (*path, i))


def by_monotony(relation: Relation, kernel: Kernel, deadline: float) -> Found | None:
    """One side with a part left out is the other side."""
    for mover in movers(relation):
        sign = ">" if len(mover.wanted) == 1 else ">="
        for t, step in islice(smaller(mover.start, sign, mover.wanted, kernel), MOST_TRIES):
            found = equal(*mover.ends(t), relation, kernel, deadline)
            if found is not None:
                return mover.then(t, [step], "sign", found)
    return None


def smaller(t: Term, sign: str, wanted: str, kernel: Kernel) -> Iterator[tuple[Term, dict]]:
    """The term without one of its parts, where that stands to the term as it should."""
    for path in parts(t):
        step = {"at": path, "sign": sign}
        try:
            new, relation = kernel.rewrite(t, step)
        except (ValueError, ArithmeticError):
            continue
        if relation == wanted:
            yield new, step


__all__ = ["by_monotony"]
