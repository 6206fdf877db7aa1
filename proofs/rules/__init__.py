"""The rule table: every rule by its name.  See ``language`` for how rules are written."""

from proofs.rules import (
    calculus,
    densities,
    expectation,
    gaussian,
    inequalities,
    logarithms,
    matrices,
    optima,
    sums,
    uniform,
)
from proofs.rules.language import Rule

RULES: dict[str, Rule] = {}
for _module in (logarithms, sums, expectation, densities, gaussian, matrices, calculus, inequalities, optima, uniform):
    for _rule in _module.RULES:
        if _rule.name in RULES:
            raise ValueError(f"two rules are called {_rule.name}")
        RULES[_rule.name] = _rule

__all__ = ["RULES", "Rule"]
