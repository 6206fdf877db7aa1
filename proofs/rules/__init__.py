"""The rule table: every rule by its name, and the theorems that they write down.  See ``language`` for the notation."""

from typing import NamedTuple

from proofs.rules import (
    calculus,
    densities,
    expectation,
    gaussian,
    indicators,
    inequalities,
    logarithms,
    matrices,
    sums,
)
from proofs.rules.language import Rule

_MODULES = (logarithms, sums, expectation, densities, gaussian, matrices, calculus, inequalities, indicators)
_LISTED = [rule for module in _MODULES for rule in module.RULES]
RULES: dict[str, Rule] = {rule.name: rule for rule in _LISTED}
if len(RULES) < len(_LISTED):
    raise ValueError("two rules have one name")


class Axiom(NamedTuple):
    """A theorem of a book that proofs rest on, and the rules that write it down."""

    statement: str
    source: str
    rules: tuple[str, ...]


AXIOMS: dict[str, Axiom] = {
    name: Axiom(" ".join(r.statement for r in group), group[0].source, tuple(r.name for r in group))
    for name in sorted({r.of for r in RULES.values() if r.kind == "theorem"})
    for group in [[r for r in RULES.values() if r.of == name]]
}

__all__ = ["AXIOMS", "RULES", "Axiom", "Rule"]
