"""Equations that only say what something is called, in words or item by item: no claims."""

from __future__ import annotations

from derivations.reading.names import head_of
from derivations.reading.tree import BigOperator, Dots, Group, Name, Node, Number, Script, Text
from derivations.reading.walking import nodes, unwrap


def is_in_words(tree: Node) -> bool:
    """Whether a side is nothing but prose: \\text{reconstruction} - \\text{a penalty}."""
    texts = [n for n in nodes(tree) if isinstance(n, Text)]
    symbols = any(isinstance(n, Name | Number | Dots | BigOperator) for n in nodes(tree))
    return not symbols and any(c.isalpha() for text in texts for c in text.text)


def names_its_items(left: Node, right: Node) -> bool:
    """Whether an equation only says what the items of something are called: w = [w_1, \\dots, w_n]^T."""
    sides = (unwrap(left), unwrap(right))
    lists = [is_enumeration(side) for side in sides]
    return any(lists) and all(listed or head_of(side) is not None for listed, side in zip(lists, sides))


def is_enumeration(node: Node) -> bool:
    """Names in brackets, with dots among them."""
    if isinstance(node, Script):  # transposed, or {..}_{i=1}^n
        node = unwrap(node.base)
    if not isinstance(node, Group) or node.open not in ("(", "[", "{"):
        return False
    parts = [unwrap(part) for part in node.parts]
    return any(isinstance(p, Dots) for p in parts) and all(isinstance(p, Dots) or head_of(p) is not None for p in parts)
