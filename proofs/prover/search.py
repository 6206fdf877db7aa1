"""``prove``: both sides to a normal form under a few strategies, the kernel has the last word."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from proofs import clock
from proofs import terms as T
from proofs.certificate import Encoder, encode_hypotheses
from proofs.kernel import Kernel, KernelError, Undefined, replay
from proofs.polynomials import AlgebraError
from proofs.prover.assumptions import by_hypotheses
from proofs.prover.equations import Found, by_normal_forms, normalise, strategies
from proofs.prover.inequalities import prove_inequality
from proofs.prover.lemmas import Searching, expanded, in_full
from proofs.prover.rewriter import GiveUp, Strategy, size
from proofs.records import Proof, Relation, Step
from proofs.rules.language import RuleError

MAX_INPUT = 1500


class ProverFault(Exception):
    """A fault of ours: the search found a proof that the kernel does not replay."""


# what a search may meet: no time, too large, a side without a value, parts that do not fit, a term too deep
CANNOT = (GiveUp, KernelError, RuleError, AlgebraError, T.ShapeError, RecursionError)


def prove(relation: Relation, seconds: float = 5.0) -> Proof | None:
    """A proof of the relation whose certificate the kernel has replayed, or None where none was found.

    ``seconds`` bounds the search.  ``:=`` and ``approx`` are no claims; ``propto`` is a claim about the quotient.
    Raises ProverFault where the kernel refuses what was found.  An error that nobody foresaw in the search passes
    through: it is a fault of ours too, and the worker that runs the search reports it as one.
    """
    deadline = clock.now() + seconds
    try:
        return _prove(relation, deadline)
    except CANNOT:
        return None


def _prove(relation: Relation, deadline: float) -> Proof | None:
    if relation.rel in (":=", "approx"):
        return None
    if size(relation.lhs) + size(relation.rhs) > MAX_INPUT:
        return None
    if hidden_dependences(relation):
        # a derivative by something that nothing written depends on: it must hold whatever depends on it
        general = generalised(relation, hidden_dependences(relation))
        if _search(general, deadline) is None:
            return None
    defined: list[dict[str, Any]] = []
    found = _search(relation, deadline, defined)
    return None if found is None else finish(relation, *found, defined)


def _search(relation: Relation, deadline: float, defined: list[dict[str, Any]] | None = None) -> Found | None:
    defined = [] if defined is None else defined
    kernel = kernel_for(relation, defined, deadline)
    if relation.rel == "propto":
        return proportional(relation, kernel, deadline)
    found = _compared(relation, kernel, deadline)
    if found is not None or not relation.hypotheses.conditions:
        return found
    return by_hypotheses(relation, kernel, lambda r: _compared(r, kernel, deadline))


def _compared(relation: Relation, kernel: Kernel, deadline: float) -> Found | None:
    for strategy in strategies(relation):
        found = by_normal_forms(relation.lhs, relation.rhs, kernel, strategy, deadline)
        if found is not None and relation.rel in ("=", "<=", ">="):
            return found
    return None if relation.rel == "=" else prove_inequality(relation, kernel, deadline)


def proportional(relation: Relation, kernel: Kernel, deadline: float) -> Found | None:
    """The quotient's normal form must be free of the variables: it is the factor."""
    for strategy in strategies(relation):
        quotient = T.mul(relation.lhs, T.power(relation.rhs, T.MINUS_ONE))
        factor, _ = normalise(quotient, kernel, strategy, deadline)
        free = all(kernel.context.free_of(T.symbol(n), factor) for n in relation.proportional_in)
        if not free or not relation.proportional_in or not kernel.context.holds("nonzero", factor):
            continue
        found = by_normal_forms(relation.lhs, T.mul(factor, relation.rhs), kernel, strategy, deadline)
        if found is not None:
            return {"factor": factor, "proof": found[0]}, found[1]
    return None


def kernel_for(relation: Relation, defined: list[dict[str, Any]], deadline: float) -> Kernel:
    """The kernel under a relation; ``defined`` gets the steps that show that both sides have a value."""
    for _ in range(8):
        try:
            return Searching(relation, defined)
        except Undefined as e:
            bare = Searching(Relation(T.ONE, "=", T.ONE, relation.hypotheses)).within(e.context)
            if any(d["term"] == e.term for d in defined):
                raise
            _, rw = normalise(e.term, bare, Strategy(), deadline)
            t, k = e.term, 0
            while not e.context.holds(e.kind, t):
                if k == len(rw.steps):
                    raise
                t, _ = bare.rewrite(t, rw.steps[k])
                k += 1
            defined.append({"term": e.term, "steps": rw.steps[:k]})
    raise GiveUp("definedness")


def hidden_dependences(relation: Relation) -> frozenset[str]:
    """Variables by which unknown functions are differentiated although nothing written depends on them."""
    by: set[str] = set()
    used: set[str] = set()
    for side in (relation.lhs, relation.rhs):
        for n in T.walk(side):
            if n.op == "derivative" and any(m.op in ("family", "call") for m in T.walk(n.args[0])):
                by |= set(n.data)
            if n.op == "symbol":
                used.add(n.data[0])
    return frozenset(by - used)


def generalised(relation: Relation, names: frozenset[str]) -> Relation:
    """The same relation where every unknown density and function may depend on the variables too."""
    extra = tuple(T.symbol(n) for n in sorted(names))

    def change(n: T.Term) -> T.Term:
        if n.op == "family":
            letter, outcomes, givens, parameters = n.data
            return T.term(
                "family", n.args + extra, (letter, outcomes, givens, parameters + tuple(sorted(names))), n.sort
            )
        return T.term("call", n.args + extra, n.data, n.sort) if n.op == "call" else n

    lhs, rhs = T.map_terms(relation.lhs, change), T.map_terms(relation.rhs, change)
    return Relation(lhs, relation.rel, rhs, relation.hypotheses)


def finish(relation: Relation, proof: Mapping[str, Any], steps: list[Step], defined: list[dict[str, Any]]) -> Proof:
    """The certificate, replayed from its plain data.  Raises ProverFault where the kernel refuses it."""
    e = Encoder()
    certificate = {
        "lhs": e.term(relation.lhs), "relation": relation.rel, "rhs": e.term(relation.rhs),
        "proportional_in": list(relation.proportional_in),
        "hypotheses": encode_hypotheses(relation.hypotheses, e), "proof": e.proof(in_full(proof)),
        "defined": [{"term": e.term(d["term"]), "steps": [e.step(expanded(s)) for s in d["steps"]]} for d in defined],
        "terms": e.rows,
    }  # fmt: skip
    try:
        theorem = replay(certificate)
    except ValueError as e:
        raise ProverFault(f"the kernel does not replay what the search found: {e}") from e
    if theorem.lhs != relation.lhs or theorem.rhs != relation.rhs or theorem.relation != relation.rel:
        raise ProverFault("the certificate is of another relation")
    return Proof(certificate, tuple(steps), theorem.axioms, theorem.assumed)
