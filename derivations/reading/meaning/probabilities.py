"""Formulas for a probability, P(X <= x) = 1 - e^{-x}: said of values at which they are one."""

from __future__ import annotations

from derivations.reading.meaning.environment import Gathered
from proofs import terms as T
from proofs.terms import Term


def keep_probabilities(left: Term, right: Term, gathered: Gathered) -> None:
    """Where one side is the probability of an event and the other a formula in a number of which nothing is declared,
    that number is taken where the formula lies between 0 and 1: outside, no probability has that value."""
    for event, formula in ((left, right), (right, left)):
        if event.op != "probability" or formula.op == "probability":
            continue
        names = T.free_symbols(formula).keys() & T.free_symbols(event).keys()
        domains = [gathered.variables[name] for name in names if name in gathered.variables]
        if any(d.kind == "real" and not d.declared for d in domains):
            between = (T.compare("<=", T.ZERO, formula), T.compare("<=", formula, T.ONE))
            gathered.conditions.extend(between)
            gathered.note("the formula for the probability is taken where it lies between 0 and 1")
