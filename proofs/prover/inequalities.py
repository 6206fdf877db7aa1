"""Inequalities: each of the methods in turn."""

from __future__ import annotations

from proofs.kernel import Kernel
from proofs.prover.equations import Found
from proofs.prover.gaps import by_divergence, by_sign
from proofs.prover.jensen import by_jensen
from proofs.prover.monotone import by_monotony
from proofs.prover.tangents import by_tangents, has_roots
from proofs.records import Relation


def prove_inequality(relation: Relation, kernel: Kernel, deadline: float) -> Found | None:
    """A chain of links from the left side to the right one, or None."""
    methods = (by_sign, by_jensen, by_divergence, by_tangents, by_monotony)
    for method in dict.fromkeys((by_tangents, *methods)) if has_roots(relation) else methods:
        try:
            found = method(relation, kernel, deadline)
        except (ValueError, ArithmeticError):
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
