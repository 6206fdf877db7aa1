"""Which symbol lives in which space, read off from how it is used where the hypotheses do not say it."""

from __future__ import annotations

from dataclasses import replace

from proofs import terms as T
from proofs.records import Family, Function, Hypotheses, Space
from proofs.terms import SCALAR, Sort, Term

ARITHMETIC = frozenset("add mul pow hadamard function norm transpose entry trace det inverse diag compare".split())


def complete(h: Hypotheses, terms: tuple[Term, ...]) -> Hypotheses:
    """The hypotheses with every space that the terms use, and a space for every symbol that stands for a point."""
    spaces = dict(h.spaces)
    space_of = dict(h.space_of)
    sorts: dict[str, Sort] = {}
    for t in terms:
        for node in T.walk(t):
            for point, space in _points(node, h):
                if point.sort.kind in ("scalar", "matrix"):
                    sorts.setdefault(space, point.sort)
                if point.op == "symbol":
                    space_of.setdefault(str(point.data[0]), space)
    for letter, family in h.families.items():
        if any(letter == n.data[0] for t in terms for n in T.walk(t) if n.op == "family"):
            for name in family.spaces:
                sorts.setdefault(name, _sort_of(name, h))
        if family.pushforward is not None:
            sorts.setdefault(family.pushforward[2], _sort_of(family.pushforward[2], h))
    for name, sort in sorts.items():
        if name not in spaces:
            spaces[name] = Space(h.variables[name].sort if name in h.variables else sort)
    for name in h.variables:
        if name in spaces:
            space_of.setdefault(name, name)
    families = {letter: _loose(letter, f, h, terms) for letter, f in h.families.items()}
    return replace(h, spaces=spaces, space_of=space_of, families=families, functions=_numeric_results(h, terms))


def _loose(letter: str, family: Family, h: Hypotheses, terms: tuple[Term, ...]) -> Family:
    """The law of an image is any law, where neither the map nor the law that it moves is spoken of."""
    if family.pushforward is None or family.pushforward[0] in h.functions:
        return family
    used = {n.data[0] for t in terms for n in T.walk(t) if n.op == "family"}
    return family if family.pushforward[1] in used else replace(family, pushforward=None)


def _points(node: Term, h: Hypotheses) -> list[tuple[Term, str]]:
    """Terms that stand for points of a space, with the space."""
    if node.op == "pdf" and node.args[0].op == "family":
        return list(zip(node.args[1:], node.args[0].data[1]))
    if node.op == "family":
        return list(zip(node.args, node.data[2]))
    if node.op == "call" and node.data[0] in h.functions:
        spaces = h.functions[node.data[0]].argument_spaces
        return [(a, s) for a, s in zip(node.args, spaces) if s is not None and s in h.spaces]
    return []


def _sort_of(space: str, h: Hypotheses) -> Sort:
    if space in h.variables:
        return h.variables[space].sort
    for f in h.functions.values():
        for s, sort in zip(f.argument_spaces, f.argument_sorts):
            if s == space:
                return sort
    return SCALAR


def _numeric_results(h: Hypotheses, terms: tuple[Term, ...]) -> dict[str, Function]:
    """Functions whose values are only calculated with are not maps into a space of cells."""
    calculated: set[str] = set()
    pointed: set[str] = set()
    for t in terms:
        for node in T.walk(t):
            for a in node.args:
                if a.op == "call":
                    (calculated if node.op in ARITHMETIC else pointed).add(a.data[0])
    return {
        n: replace(f, result_space=None) if n in calculated - pointed and f.result_space is not None else f
        for n, f in h.functions.items()
    }
