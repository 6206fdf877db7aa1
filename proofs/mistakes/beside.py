"""Slips that are told by the rest of the relation: a derivative or a mean that is taken elsewhere in it, not here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from proofs import terms as T
from proofs.mistakes.kinds import Mistake
from proofs.terms import SCALAR, Term

Change = tuple[Mistake, Term]  # what the mistake is, and the term without it

_NUMBERED = re.compile(r"(\w+?)_?(\d+)")


@dataclass(frozen=True)
class Beside:
    """What a relation does somewhere: the variables that it differentiates by, those that it takes a mean over, with
    their laws, and the letters that are one of several versions, mu_1 and mu_2, x_1 and x_2 of a vector x."""

    variables: tuple[str, ...] = ()
    means: tuple[tuple[str, Term], ...] = ()
    versions: tuple[Term, ...] = ()


def beside(*sides: Term) -> Beside:
    """What the sides of a relation suggest."""
    nodes = [n for side in sides for n in T.walk(side)]
    variables = sorted({n.data[0] for n in nodes if n.op == "derivative" and len(n.data) == 1})
    means = dict.fromkeys(mean for n in nodes for mean in means_of(n))
    free = set().union(*(T.free_symbols(side) for side in sides))
    own = {n for n in nodes if n.op == "entry" or (n.op == "symbol" and n.data[0] in free)}
    numbered = {n: v for n in own if (v := version(n)) is not None}
    several = [n for n, v in numbered.items() if any(w[0] == v[0] and w[1] != v[1] for w in numbered.values())]
    return Beside(tuple(variables), tuple(means), tuple(sorted(several, key=str)))


def means_of(node: Term) -> list[tuple[str, Term]]:
    """The variable and the law that a mean or a divergence is taken over."""
    if node.op == "expectation":
        return [(node.data[0], node.args[0])]
    law = node.args[0] if node.op == "kl" else None
    return [(law.data[1][0], law)] if law is not None and law.op == "family" and len(law.data[1]) == 1 else []


def version(term: Term) -> tuple[object, str] | None:
    """mu and 1 of mu_1, x and 2 of the second entry of x; None for anything without a number."""
    if term.op == "symbol":
        found = _NUMBERED.fullmatch(term.data[0])
        return ((found[1], term.sort), found[2]) if found is not None else None
    if term.op == "entry" and all(a.op == "number" for a in term.args[1:]):
        return term.args[0], str([a.data[0] for a in term.args[1:]])
    return None


def told(node: Term, around: Beside, averaged: frozenset[str]) -> Iterator[Change]:
    """The changes of one node that the rest of the relation suggests.  ``averaged`` are the variables over which a part
    beside it takes a mean: where nothing does, a draw is an estimate of its mean, and no slip."""
    if node.sort == SCALAR and node.op not in ("number", "constant"):
        free = T.free_symbols(node)
        for name in around.variables:
            is_itself = node.op == "symbol" or (node.op == "derivative" and name in node.data)
            if free.get(name) == SCALAR and not is_itself:
                yield Mistake.DERIVATIVE, T.derivative(node, name)
        for name, law in around.means:
            if name in averaged and free.get(name) is not None and node.op != "symbol":
                yield Mistake.MEAN, T.expectation(name, law, node)
    own = version(node)
    if own is not None:
        for other in around.versions:
            there = version(other)
            if there is not None and there[0] == own[0] and there[1] != own[1] and other.sort == node.sort:
                yield Mistake.LETTER, other
