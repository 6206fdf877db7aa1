"""Values of variables among the arguments of densities: z = k of p(x | z = k), and sums over all of them."""

from __future__ import annotations

from derivations.reading.names import head_of, plain_label
from derivations.reading.tree import Infix, Name, Node, Number, Text
from derivations.reading.walking import as_name, map_nodes, nodes, unwrap


def variable_of(node: Node) -> Node:
    """z of z = k; the node itself where no value is given."""
    assigned = unwrap(node)
    return assigned.left if isinstance(assigned, Infix) and assigned.rel == "=" else node


def value_of(node: Node) -> Node | None:
    """k of z = k; None where no value is given."""
    assigned = unwrap(node)
    return assigned.right if isinstance(assigned, Infix) and assigned.rel == "=" else None


def is_own_letter(variable: Node, value: Node) -> bool:
    """Whether a value is the variable's own letter, X = x and X_1 = x_1: the variable at a point."""
    left, right = head_of(variable), head_of(value)
    return left is not None and right is not None and left.base.lower() == right.base.lower()


def value_name(value: Node) -> str | None:
    """A value as a name of its own: 1, k, 'red'; None for an expression."""
    value = unwrap(value)
    if isinstance(value, Number | Text | Name):
        return plain_label(value)
    return None


def summed_variable(body: Node, index: str) -> Node | None:
    """z where the index of a sum is met in its body only as the value of z: sum_k p(x | z = k) p(z = k)."""
    found: dict[str, Node] = {}
    counted = 0
    for node in nodes(body):
        variable, value = variable_of(node), value_of(node)
        name = as_name(value) if value is not None else None
        head = head_of(variable)
        if name is None or name.text != index or head is None or head.power is not None:
            continue
        found[head.name] = variable
        counted += 1
    written = sum(isinstance(node, Name) and node.text == index for node in nodes(body))
    return next(iter(found.values())) if len(found) == 1 and counted == written else None


def at_variable(body: Node, index: str) -> Node:
    """The body with z for z = k."""

    def change(node: Node) -> Node:
        value = value_of(node)
        name = as_name(value) if value is not None else None
        return variable_of(node) if name is not None and name.text == index else node

    return map_nodes(body, change)
