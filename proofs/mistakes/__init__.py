"""The slips that people make in a derivation, as changes of one place of a term.

A wrong line is nearly always one slip away from a right one: a sign, a factor of two, a fraction upside down, a lost
logarithm, two letters exchanged (Brown and Burton, "Diagnostic models for procedural bugs in basic mathematical
skills", Cognitive Science 2 (1978) call such errors bugs, and enumerate them as variants of right procedures).  The
changes are only proposed here; whether one of them makes a line right is found out in worlds (`numerics.repair`).
"""

from proofs.mistakes.beside import beside
from proofs.mistakes.kinds import Mistake
from proofs.mistakes.places import (
    changes,
    densities_beside,
    dimensions,
    double,
    exchanges,
    in_copies,
    inner_derivatives,
)

__all__ = [
    "Mistake", "beside", "changes", "densities_beside", "dimensions", "double", "exchanges", "in_copies",
    "inner_derivatives",
]  # fmt: skip
