"""Estimates: what a relation about particular draws says on average over them.

`1/L sum_l f(z_l)` and `E_q[f(z)]` differ for nearly all draws.  Who sets them equal means that the one estimates the
other, without bias: that both sides agree in expectation over independent draws from one law.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace

from proofs import terms as T
from proofs.records import Relation
from proofs.terms import ShapeError, Term

_DRAW = re.compile(r"(.+)_\d+")
LawOf = Callable[[str], Term | None]  # the law that the text gives a letter, None where it gives none


def draws(relation: Relation) -> dict[str, str]:
    """The draws z_1, z_2 that no expectation of a relation binds, each with its letter, z."""
    if any(f.pushforward for f in relation.hypotheses.families.values()):
        return {}  # z_0 of a flow is no draw
    spaces = relation.hypotheses.space_of
    free = {**T.free_symbols(relation.lhs), **T.free_symbols(relation.rhs)}
    numbered = ((name, _DRAW.fullmatch(name)) for name in sorted(free) if name in spaces)
    return {name: found[1] for name, found in numbered if found is not None}


def are_numbered_from_one(found: Mapping[str, str], relation: Relation) -> bool:
    """Whether the draws of each letter are z_1, z_2, ... up to one number, and nothing is differentiated by them: z_0
    and z_k are otherwise the states of a sequence."""
    last = max(int(name.rpartition("_")[2]) for name in found)
    whole = {f"{letter}_{k}" for letter in set(found.values()) for k in range(1, last + 1)}
    by = {n for side in (relation.lhs, relation.rhs) for t in T.walk(side) if t.op == "derivative" for n in t.data}
    return whole == set(found) and not by & whole


def on_average(relation: Relation, law_of: LawOf) -> Relation | None:
    """Both sides in expectation over the draws; None where it is not clear from which law they are.

    A letter's law is the one that an expectation of the relation binds it with, and that the text gives it; where there
    are two, nobody says which.
    """
    found = draws(relation)
    if not found or relation.rel != "=" or not are_numbered_from_one(found, relation):
        return None
    laws: dict[str, Term] = {}
    for letter in sorted(set(found.values())):
        law = law_of_letter(letter, found, relation, law_of)
        if law is None or not set(T.free_symbols(law)) <= open_names(relation, found):
            return None
        laws[letter] = law
    try:
        left, right = (mean(side, found, laws) for side in (relation.lhs, relation.rhs))
    except (ShapeError, ValueError):
        return None
    variables = {k: v for k, v in relation.hypotheses.variables.items() if k not in found}
    return replace(relation, lhs=left, rhs=right, hypotheses=replace(relation.hypotheses, variables=variables))


def open_names(relation: Relation, found: Mapping[str, str]) -> set[str]:
    """What the law of a draw may speak of: what is free in the relation, and the letters of the other draws."""
    free = {**T.free_symbols(relation.lhs), **T.free_symbols(relation.rhs)}
    return {*free, *relation.hypotheses.variables, *found.values()}


def law_of_letter(letter: str, found: Mapping[str, str], relation: Relation, law_of: LawOf) -> Term | None:
    """The one law of a letter without its index."""
    spaces = relation.hypotheses.space_of
    own = {spaces[name] for name, root in found.items() if root == letter}
    bound = {
        node.args[0]
        for side in (relation.lhs, relation.rhs)
        for node in T.walk(side)
        if node.op == "expectation" and spaces.get(node.data[0], node.data[0]) in own
    }
    declared = law_of(letter)
    candidates = bound | ({declared} if declared is not None else set())
    return next(iter(candidates)) if len(candidates) == 1 else None


def mean(side: Term, found: Mapping[str, str], laws: Mapping[str, Term]) -> Term:
    """A side in expectation over the draws in it, taken term by term: expectations of sums are sums of expectations."""
    own = sorted(set(T.free_symbols(side)) & set(found))
    if not own:
        return side
    if side.op == "add":
        return collected([mean(part, found, laws) for part in side.args])
    if side.op == "derivative" and side.args[0].op == "add" and not set(side.data) & set(found):
        parts = (T.term("derivative", (part,), side.data, side.sort) for part in side.args[0].args)
        return collected([mean(part, found, laws) for part in parts])
    if side.op == "mul":
        still = [part for part in side.args if not set(T.free_symbols(part)) & set(found)]
        moving = [part for part in side.args if part not in still]
        if len(moving) == 1 and all(part.sort == T.SCALAR for part in still):
            return T.mul(*still, mean(moving[0], found, laws)) if still else mean(moving[0], found, laws)
    value = side
    for name in reversed(in_order(own, found, laws)):
        number = name[len(found[name]) :]
        beside = {other: other + number for other in laws}
        sorts = T.free_symbols(laws[found[name]])
        law = T.substitute(laws[found[name]], {k: T.symbol(v, sorts[k]) for k, v in beside.items() if k in sorts})
        if len(own) == 1:  # E[x_2 ~ p] f(x_2) is E[x_1 ~ p] f(x_1)
            first = min(other for other, root in found.items() if root == found[name])
            value, name = T.substitute(value, {name: T.symbol(first, T.free_symbols(value)[name])}), first
        value = T.expectation(name, law, value)
    if set(T.free_symbols(value)) & set(found):
        raise ValueError("a draw whose law speaks of a draw that is not there")
    return value


def collected(summands: list[Term]) -> Term:
    """The sum, with as many times a summand as it occurs: draws from one law have one mean."""
    counts = Counter(summands)
    parts = [part if n == 1 else T.mul(T.number(n), part) for part, n in counts.items()]
    return T.add(*parts) if len(parts) > 1 else parts[0]


def in_order(own: list[str], found: Mapping[str, str], laws: Mapping[str, Term]) -> list[str]:
    """The draws, those first that the laws of others speak of: x_1 before z_1 ~ q(z | x_1)."""
    return sorted(own, key=lambda name: len(set(T.free_symbols(laws[found[name]])) & set(laws)))
