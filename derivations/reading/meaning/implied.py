"""A map that a relation tells itself: p_X(x) = p_Z(f^{-1}(x)) |det J| speaks of x = f(z), written nowhere else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from derivations.reading.conventions import Conventions
from derivations.reading.names import Head, head_of, is_minus_one
from derivations.reading.places import NEVER
from derivations.reading.scope import Map, View
from derivations.reading.tree import Fraction, Group, Name, Node
from derivations.reading.walking import applications, as_sequence, nodes, unwrap

Density = tuple[Head, Node]  # a density letter, and its only argument


def with_implied_map(left: Node, right: Node, view: View, conventions: Conventions) -> View:
    """The declarations with the map that the relation implies: a density at x beside another at f^{-1}(x), or at h(x).

    Only where a Jacobian stands there too, and the document declares no map of that name.
    """
    if not any(is_jacobian(n) for tree in (left, right) for n in nodes(tree)):
        return view
    found = [d for tree in (left, right) for d in densities(tree, conventions)]
    plain = {(head.letter, argument.key) for head, node in found if (argument := variable(node, conventions))}
    images = {
        (head, *called) for head, node in found if (called := application(node, conventions)) is not None
    }  # the density, the function, its argument
    letters = {(head.letter, function.key, at.key) for head, function, at in images}
    if len(letters) != 1:
        return view
    head, function, at = next(iter(images))
    others = [letter for letter, name in plain if name == at.key and letter != head.letter]
    inverse = is_minus_one(function.power)
    declared = (m.output if inverse else m.input for m in view.maps if m.function == function.key)
    if len(set(others)) != 1 or at.key.lower() in declared:
        return view
    other = other_variable(head, at)
    out, source, inside = (at.key.lower(), other, (others[0], head.letter)) if inverse else (
        other, at.key.lower(), (head.letter, others[0])
    )  # fmt: skip
    implied = Map(out, function.key, source, NEVER, True, inside)
    return replace(view, maps=(*view.maps, implied), bijections=view.bijections | {function.key})


def is_jacobian(node: Node) -> bool:
    if isinstance(node, Fraction):
        return any(isinstance(n, Name) and n.text in ("partial", "d") for n in nodes(node.denominator))
    return isinstance(node, Name) and node.text in ("det", "J", "Jac")


def densities(tree: Node, conventions: Conventions) -> Iterator[Density]:
    """The densities in a tree of one outcome, with or without parameters behind a semicolon."""
    for item, group in applications(tree):
        head = head_of(item, is_parameter=conventions.is_parameter)
        if head is None or head.base not in conventions.density_letters or head.power is not None:
            continue
        if set(group.separators) <= {";"}:
            yield head, group.parts[0]


def variable(node: Node, conventions: Conventions) -> Head | None:
    head = head_of(unwrap(node), is_parameter=conventions.is_parameter)
    return head if head is not None and head.power is None else None


def application(node: Node, conventions: Conventions) -> tuple[Head, Head] | None:
    """(f^{-1}, x) of f^{-1}(x): the function and the variable that it is applied to, where the node is just that."""
    whole = as_sequence(node)
    if whole is None or len(whole.items) != 2:
        return None
    function = head_of(whole.items[0], is_parameter=conventions.is_parameter)
    group = unwrap(whole.items[1])
    if function is None or not isinstance(group, Group) or group.open != "(" or set(group.separators) - {";"}:
        return None
    if function.base in conventions.density_letters or (
        function.power is not None and not is_minus_one(function.power)
    ):
        return None
    at = variable(group.parts[0], conventions)
    return (function, at) if at is not None else None


def other_variable(density: Head, at: Head) -> str:
    """The variable on the other side of the map: the label of its density, else z (or x, where z is taken)."""
    if len(density.label) == 1 and density.label.lower() != at.key.lower():
        return density.label.lower()
    return "z" if at.key.lower() != "z" else "x"
