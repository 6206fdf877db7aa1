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
    optima,
    sums,
    uniform,
)
from proofs.rules.language import Rule

RULES: dict[str, Rule] = {}
_MODULES = (
    logarithms, sums, expectation, densities, gaussian, matrices, calculus, inequalities, optima, uniform, indicators,
)  # fmt: skip
for _module in _MODULES:
    for _rule in _module.RULES:
        if _rule.name in RULES:
            raise ValueError(f"two rules are called {_rule.name}")
        RULES[_rule.name] = _rule


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
