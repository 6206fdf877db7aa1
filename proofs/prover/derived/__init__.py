"""Derived rules, each proved by a script from the rules of the table."""

from proofs.prover.derived import densities, divergences, inverses, matrices, moments, scalars, tangents

__all__ = ["densities", "divergences", "inverses", "matrices", "moments", "scalars", "tangents"]
