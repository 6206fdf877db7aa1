"""Walking the written tree: its nodes, its parts unwrapped, and names with what is written behind them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Any

from derivations.reading.tree import (
    BigOperator,
    Cases,
    Decorated,
    Fraction,
    Group,
    Infix,
    Matrix,
    Name,
    Node,
    Number,
    Root,
    Script,
    Sequence,
    Span,
    Sum,
)


def unwrap(node: Node) -> Node:
    """Underbraces, boxes and colours are transparent."""
    while isinstance(node, Decorated):
        node = node.body
    return node


def as_name(node: Node | None) -> Name | None:
    """The node as a bare name; None where it is anything else."""
    node = unwrap(node) if node is not None else None
    return node if isinstance(node, Name) else None


def as_number(node: Node | None) -> Number | None:
    node = unwrap(node) if node is not None else None
    return node if isinstance(node, Number) else None


def as_script(node: Node | None) -> Script | None:
    node = unwrap(node) if node is not None else None
    return node if isinstance(node, Script) else None


def as_group(node: Node | None) -> Group | None:
    node = unwrap(node) if node is not None else None
    return node if isinstance(node, Group) else None


def as_sequence(node: Node | None) -> Sequence | None:
    node = unwrap(node) if node is not None else None
    return node if isinstance(node, Sequence) else None


def base_of(node: Node) -> Node:
    """What a script stands on, x of x_1^2; the node itself where there is no script."""
    node = unwrap(node)
    return unwrap(node.base) if isinstance(node, Script) else node


def items_of(node: Node) -> tuple[Node, ...]:
    """The factors of a product; the node alone where it is none."""
    node = unwrap(node)
    return node.items if isinstance(node, Sequence) else (node,)


def joined(span: Span, items: tuple[Node, ...], signs: tuple[str, ...]) -> Node:
    """Things written beside each other as one node."""
    return items[0] if len(items) == 1 else Sequence(span, items, signs)


def is_integral(node: Node) -> bool:
    node = unwrap(node)
    return isinstance(node, BigOperator) and node.kind == "integral"


def argument_group(node: Node | None) -> Group | None:
    """The group that may hold arguments: (..), or (..) with a script after it."""
    script = as_script(node)
    if script is not None and not (script.under or script.over):
        node = script.base
    group = as_group(node)
    return group if group is not None and group.open in ("(", "[", "{") else None


def names_and_scripts(tree: Node) -> Iterator[Name | Script]:
    """Every node of the tree that may be a name, also inside other names."""
    return (node for node in nodes(tree) if isinstance(node, Name | Script))


def neighbours(tree: Node) -> Iterator[tuple[Node, Node]]:
    """Every two things that stand beside each other anywhere in the tree."""
    for node in nodes(tree):
        if isinstance(node, Sequence):
            yield from pairwise(node.items)


def applications(tree: Node) -> Iterator[tuple[Node, Group]]:
    """Everything in the tree that a group which may hold arguments follows, with that group: f and (x) of f(x)."""
    for first, second in neighbours(tree):
        group = argument_group(second)
        if group is not None:
            yield first, group


def nodes(node: Node) -> Iterator[Node]:
    """The node and everything in it, in written order."""
    yield node
    for child in children(node):
        yield from nodes(child)


def map_nodes(node: Node, change: Callable[[Node], Node]) -> Node:
    """The tree with ``change`` applied to every node, from the leaves up."""
    updates: dict[str, Any] = {}
    for name in node.__dataclass_fields__:
        value = getattr(node, name)
        new = _map_value(value, change)
        if new is not value:
            updates[name] = new
    return change(replace(node, **updates) if updates else node)


def _map_value(value: object, change: Callable[[Node], Node]) -> object:
    if isinstance(value, Node):
        return map_nodes(value, change)
    if isinstance(value, tuple) and any(isinstance(v, Node | tuple) for v in value):
        new = tuple(_map_value(v, change) for v in value)
        return value if all(a is b for a, b in zip(new, value)) else new
    return value


def children(node: Node) -> tuple[Node, ...]:
    """The parts of a node that are formulas."""
    match node:
        case Script():
            return tuple(n for n in (node.base, node.sub, node.sup, node.under, node.over) if n is not None)
        case Group():
            return node.parts
        case Sequence():
            return node.items
        case Sum():
            return node.terms
        case Fraction():
            return (node.numerator, node.denominator)
        case Root():
            return (node.body,) if node.degree is None else (node.body, node.degree)
        case BigOperator():
            return tuple(n for n in (node.sub, node.sup) if n is not None)
        case Matrix():
            return tuple(n for row in node.rows for n in row)
        case Decorated():
            return (node.body, node.note) if isinstance(node.note, Node) else (node.body,)
        case Infix():
            return (node.left, node.right)
        case Cases():
            return tuple(n for row in node.rows for n in row if isinstance(n, Node))
    return tuple(v for v in vars(node).values() if isinstance(v, Node))
