"""What is defined for each index: p_i := .. z_i .., which says what p_j, p_2 and the p_k below a sum are."""

from __future__ import annotations

from dataclasses import replace

from derivations.reading.names import Head, plain_label
from derivations.reading.scope import Definition, View
from derivations.reading.tree import Name, Node, Script
from derivations.reading.walking import nodes, unwrap


def is_letter(node: Node) -> bool:
    node = unwrap(node)
    return isinstance(node, Name) and len(node.text) == 1


def letters_of(node: Node) -> set[str]:
    """The single letters in a node."""
    return {n.text for n in nodes(node) if isinstance(n, Name) and len(n.text) == 1}


def index_labels(head: Head) -> tuple[str, ...]:
    """i of p_i and (n, k) of gamma_{nk}, whether they run or not; those that run come last."""
    running = [plain_label(index) for index in head.indices]
    found = [*(head.label.split(",") if head.label else []), *running]
    labels = tuple(label for label in found if label)
    return labels if len(labels) == len(found) else ()


def own_indices(definition: Definition, stem: str) -> tuple[str, ...]:
    """The indices of a definition of the letter, p_i := .. z_i ..; () where it is none of the letter, or has none."""
    if not definition.key.startswith(stem + "_"):
        return ()
    labels = tuple(definition.key.removeprefix(stem + "_").split(","))
    if any(len(label) != 1 or not label.isalpha() for label in labels):
        return ()
    below = {
        name
        for n in nodes(definition.body)
        if isinstance(n, Script) and n.sub is not None
        for name in letters_of(n.sub)
    }
    return labels if set(labels) <= below and len(set(labels)) == len(labels) else ()


def index_definition(head: Head, view: View) -> tuple[Definition, tuple[str, ...]] | None:
    """The definition of p_i, and its indices, for p_j; None where the letter has no such definition."""
    labels = index_labels(head)
    stem = replace(head, label="", indices=(), subscripts=(), power=None).key
    if not labels or head.name in view.definitions:
        return None
    known = [d for d in view.definitions.values() if not d.parameters]
    found = [(d, own) for d in known if (own := own_indices(d, stem)) and len(own) == len(labels)]
    return found[0] if len(found) == 1 else None
