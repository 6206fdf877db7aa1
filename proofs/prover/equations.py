"""Equations: both sides to a normal form under a few strategies, from the lightest to the heaviest."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from proofs import terms as T
from proofs.kernel import Kernel
from proofs.prover import (  # noqa: F401  (they register tactics)
    calculus,
    densities,
    derived,
    expectations,
    indicators,
    integrals,
    intervals,
    matrices,
    resolvents,
    scalars,
    sums,
)
from proofs.prover.congruence import meet, same
from proofs.prover.rewriter import Rewriter, Strategy
from proofs.records import Relation, Step
from proofs.terms import Term

# a proof in the form of `kernel.Kernel.prove`, and its steps for people
Found = tuple[dict[str, Any], list[Step]]
Side = Literal["lhs", "rhs"]


def strategies(relation: Relation) -> Iterator[Strategy]:
    """From the lightest to the heaviest."""
    nodes = [n for t in (relation.lhs, relation.rhs) for n in T.walk(t)]
    signatures: dict[str, set] = {}
    for n in nodes:
        if n.op == "family":
            signatures.setdefault(n.data[0], set()).add((n.data[1], n.data[2]))
    joint = frozenset(k for k, v in signatures.items() if len(v) > 1 or any(len(o) > 1 for o, _ in v))
    declared = any(
        k in relation.hypotheses.families
        and (relation.hypotheses.families[k].laws or relation.hypotheses.families[k].pushforward)
        for k in signatures
    )
    by_entry = any(n.op == "entry" and n.args[-1].op == "symbol" for n in nodes)
    yield Strategy(definitions=False, joint=frozenset())
    if by_entry:
        yield Strategy(joint=joint, entries=True)
        if declared:
            yield Strategy(laws=True, joint=joint, entries=True)
    yield Strategy(joint=joint)
    if declared:
        yield Strategy(laws=True, joint=joint)
        if joint:
            yield Strategy(laws=True)


def normalise(t: Term, kernel: Kernel, strategy: Strategy, deadline: float) -> tuple[Term, Rewriter]:
    rw = Rewriter(kernel, strategy, deadline)
    for _ in range(5):
        start = t
        t = rw.rename(t)
        rw.done.clear()
        t = rw.norm(t)
        if t == start:
            break
    return t, rw


def by_normal_forms(lhs: Term, rhs: Term, kernel: Kernel, strategy: Strategy, deadline: float) -> Found | None:
    """A meeting of two chains of equations."""
    left, a = normalise(lhs, kernel, strategy, deadline)
    right, b = normalise(rhs, kernel, strategy, deadline)
    more = [] if same(left, right, kernel) else meet(left, right, kernel)
    if more is None:
        return None
    steps = [*told(a, "lhs"), *told(b, "rhs"), Step("field", left, right, "both")]
    return {"left": [*a.steps, *more], "right": b.steps}, steps


def told(rw: Rewriter, side: Side) -> list[Step]:
    return [Step(t.rule, t.before, t.after, side, t.conditions) for t in rw.trace]


def equal(a: Term, b: Term, relation: Relation, kernel: Kernel, deadline: float) -> Found | None:
    """A proof that two terms are equal under the hypotheses of a relation, by the first strategy that finds one."""
    for strategy in strategies(Relation(a, "=", b, relation.hypotheses)):
        found = by_normal_forms(a, b, kernel, strategy, deadline)
        if found is not None:
            return found
    return None
