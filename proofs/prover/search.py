"""``prove``: both sides to a normal form under a few strategies, the kernel has the last word."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from typing import Any

from proofs import terms as T
from proofs.certificate import Encoder, encode_hypotheses
from proofs.field import Algebra, AlgebraError
from proofs.kernel import Kernel, KernelError, replay
from proofs.prover import calculus, densities, integrals, matrices, scalars, sums  # noqa: F401  (they register tactics)
from proofs.prover.rewriter import GiveUp, Rewriter, Strategy, size
from proofs.records import Proof, Relation, Step
from proofs.terms import Term

MAX_INPUT = 1500


def prove(relation: Relation, seconds: float = 5.0) -> Proof | None:
    """A proof of the relation whose certificate the kernel has replayed, or None.  Never raises.

    ``seconds`` bounds the search.  ``:=`` and ``approx`` are no claims; ``propto`` is a claim about the quotient.
    """
    deadline = time.monotonic() + seconds
    try:
        return _prove(relation, deadline)
    except Exception:  # whatever goes wrong in a search, there is no proof
        return None


def _prove(relation: Relation, deadline: float) -> Proof | None:
    if relation.rel in (":=", "approx", "propto"):
        return None
    if size(relation.lhs) + size(relation.rhs) > MAX_INPUT:
        return None
    kernel = Kernel(relation)
    for strategy in strategies(relation):
        found = by_normal_forms(relation.lhs, relation.rhs, kernel, strategy, deadline)
        if found is not None and relation.rel in ("=", "<=", ">="):
            return finish(relation, *found)
    return None


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
    yield Strategy(definitions=False, joint=frozenset())
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


def by_normal_forms(
    lhs: Term, rhs: Term, kernel: Kernel, strategy: Strategy, deadline: float
) -> tuple[dict[str, Any], list[Step]] | None:
    """A meeting of two chains of equations."""
    left, a = normalise(lhs, kernel, strategy, deadline)
    right, b = normalise(rhs, kernel, strategy, deadline)
    try:
        equal = Algebra(kernel.context).equal(left, right)
    except AlgebraError:
        equal = False
    if not equal:
        from proofs.prover.merging import merged

        left, right = merged(left, a), merged(right, b)
        if left is None or right is None or not Algebra(kernel.context).equal(left, right):
            return None
    steps = [Step(n, x, y, side) for side, rw in (("lhs", a), ("rhs", b)) for n, x, y in rw.trace]  # type: ignore[arg-type]
    steps.append(Step("field", left, right, "both"))
    return {"left": a.steps, "right": b.steps}, steps


def finish(relation: Relation, proof: Mapping[str, Any], steps: list[Step]) -> Proof | None:
    """The certificate, replayed from its plain data; None where the kernel refuses it."""
    e = Encoder()
    certificate = {
        "lhs": e.term(relation.lhs), "relation": relation.rel, "rhs": e.term(relation.rhs),
        "hypotheses": encode_hypotheses(relation.hypotheses, e), "proof": e.proof(proof), "terms": e.rows,
    }  # fmt: skip
    try:
        theorem = replay(certificate)
    except (ValueError, KernelError):
        return None
    if theorem.lhs != relation.lhs or theorem.rhs != relation.rhs or theorem.relation != relation.rel:
        return None
    return Proof(certificate, tuple(steps), theorem.axioms, theorem.assumed)
