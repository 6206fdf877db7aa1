"""``prove``: both sides to a normal form under a few strategies, the kernel has the last word."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from proofs import terms as T
from proofs.certificate import Encoder, encode_hypotheses
from proofs.kernel import Kernel, KernelError, replay
from proofs.prover.equations import by_normal_forms, strategies
from proofs.prover.inequalities import prove_inequality
from proofs.prover.rewriter import size
from proofs.records import Proof, Relation, Step

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
    if says_nothing(relation):
        return None
    kernel = Kernel(relation)
    for strategy in strategies(relation):
        found = by_normal_forms(relation.lhs, relation.rhs, kernel, strategy, deadline)
        if found is not None and relation.rel in ("=", "<=", ">="):
            return finish(relation, *found)
    if relation.rel == "=":
        return None
    found = prove_inequality(relation, kernel, deadline)
    return None if found is None else finish(relation, *found)


def says_nothing(relation: Relation) -> bool:
    """A derivative of unknown functions by a variable on which nothing written depends: a dependence was left out."""
    by, unknown, used = set(), False, set()
    for side in (relation.lhs, relation.rhs):
        for n in T.walk(side):
            if n.op == "derivative":
                by |= set(n.data)
                unknown = unknown or any(m.op in ("family", "call") for m in T.walk(n.args[0]))
            used |= {n.data[0]} if n.op == "symbol" else set()
    return unknown and not by <= used


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
