"""Braces that TeX does not print: \\log{a - b} is log a - b on paper, and log(a - b) to many who type it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from derivations.reading.readings import Choices
from derivations.reading.scope import Definition, View
from derivations.reading.tree import BigOperator, Differential, Name, Node, Sequence, Span, Sum
from derivations.reading.vocabulary import FUNCTION_WORDS
from derivations.reading.walking import base_of, joined, map_nodes, nodes

NOTATION = "a sum in braces behind a function or an integral sign"
BRACKETS, NOTHING = "taken as in brackets", "taken as printed, without brackets"


class Opened(Sum):
    """A sum whose braces were taken away: it goes on with what stands around it."""


def braces_are_seen(trees: tuple[Node, ...], choices: Choices) -> bool:
    """Whether the braces around a sum behind a function's name are taken for brackets, as most who type them mean."""
    if not any(place_of_braces(n) is not None for tree in trees for n in nodes(tree)):
        return True
    return choices.choose(NOTATION, (BRACKETS, NOTHING)) == BRACKETS


def place_of_braces(node: Node) -> int | None:
    """Where in a product a sum stands in braces behind a function or behind an integral that has no differential."""
    if not isinstance(node, Sequence):
        return None
    for i, item in enumerate(node.items[1:], start=1):
        if isinstance(item, Sum) and len(item.terms) > 1 and node.signs[i - 1] == "" and opens(node, i - 1):
            return i
    return None


def opens(node: Sequence, i: int) -> bool:
    before = base_of(node.items[i])
    if isinstance(before, BigOperator):
        return before.kind == "integral" and not any(isinstance(n, Differential) for n in nodes(node))
    return isinstance(before, Name) and before.text in FUNCTION_WORDS


def without_braces(tree: Node) -> Node:
    """The tree as it reads on paper."""
    return unwrap_opened(map_nodes(tree, opened))


def opened(node: Node) -> Node:
    """A product with braces as a sum, and a sum with such a product as the longer sum."""
    if isinstance(node, Sum) and any(isinstance(term, Opened) for term in node.terms):
        terms: list[Node] = []
        signs: list[str] = []
        for term, sign in zip(node.terms, node.signs):
            terms += term.terms if isinstance(term, Opened) else (term,)
            signs += (sign, *term.signs[1:]) if isinstance(term, Opened) else (sign,)
        return Sum(node.span, tuple(terms), tuple(signs))
    i = place_of_braces(node)
    if i is None or not isinstance(node, Sequence):
        return node
    inside = node.items[i]
    assert isinstance(inside, Sum)
    first, *middle, last = inside.terms
    if inside.signs[0] == "-":
        first = Sum(first.span, (first,), ("-",))
    before = product(node.span, [*zip(("", *node.signs), node.items[:i]), ("", first)])
    behind = opened(product(node.span, [("", last), *zip(node.signs[i:], node.items[i + 1 :])]))
    further = behind if isinstance(behind, Opened) else Opened(node.span, (behind,), ("",))
    signs = ["", *inside.signs[1:], *further.signs[1:]]
    return Opened(node.span, (before, *middle, *further.terms), tuple(signs))


def product(span: Span, factors: list[tuple[str, Node]]) -> Node:
    """Factors, each with the sign before it, as one product; what is a product itself is opened up."""
    items: list[Node] = []
    signs: list[str] = []
    for sign, factor in factors:
        parts = factor if isinstance(factor, Sequence) else Sequence(span, (factor,), ())
        items += parts.items
        signs += (sign, *parts.signs)
    return joined(span, tuple(items), tuple(signs[1:]))


def unwrap_opened(tree: Node) -> Node:
    return map_nodes(tree, lambda n: Sum(n.span, n.terms, n.signs) if isinstance(n, Opened) else n)


def view_without_braces(view: View) -> View:
    """What holds at a place, with its definitions as they read on paper."""

    def bodies(table: Mapping[str, Definition]) -> dict[str, Definition]:
        return {k: replace(d, body=without_braces(d.body)) for k, d in table.items()}

    return replace(view, definitions=bodies(view.definitions), applied=bodies(view.applied), later=bodies(view.later))
