"""What must not be accused, and why: relations that what stands around them makes conditions rather than claims."""

from __future__ import annotations

import re

from derivations.reading.conventions import Conventions
from derivations.reading.places import Placed, sides
from derivations.reading.tree import Group, Infix, Link, Name, Node, Number, Side
from derivations.reading.walking import neighbours, nodes

CONSTANT_NAMES = frozenset(["log", "ln", "exp", "sqrt", "pi", "e"])

Soft = tuple[str, str]  # (verdict, reason) to give instead of 'refuted'


def soft_verdict(left: Side, link: Link, placed: Placed, conventions: Conventions) -> Soft | None:
    """What to say of a relation instead of an accusation; None where it may be accused."""
    first, second = left.tree, link.side.tree
    if link.rel == "=" and isinstance(second, Number) and second.text == "0":
        written = [first, *(side.tree for side in sides(placed.chain))]
        if any(isinstance(n, Name) and n.text in ("partial", "d", "nabla") for tree in written for n in nodes(tree)):
            return "assumption", "a derivative is set to zero: a condition, not a claim"
    if link.rel == "=" and varies(first) != varies(second):
        return "undecided", "it says which value an expression takes, which it does not take in general: a condition?"
    if takes_probability(first) or takes_probability(second):
        return (
            "undecided",
            "a distribution function is stated for the values its variable can take, which are not declared",
        )
    if not placed.display and is_conditional(placed.before, conventions):
        return "undecided", "it stands under a condition in the text that was not understood"
    return None


def varies(tree: Node) -> bool:
    """Whether something stands in it that may take more than one value: a variable, a function or a density."""
    return any(isinstance(n, Name) and n.text not in CONSTANT_NAMES for n in nodes(tree))


def takes_probability(tree: Node) -> bool:
    """P(X <= x)."""
    for name, after in neighbours(tree):
        has_event = isinstance(after, Group) and any(isinstance(p, Infix) for p in after.parts)
        if has_event and isinstance(name, Name) and name.text in ("P", "Pr"):
            return True
    return False


def is_conditional(before: str, conventions: Conventions) -> bool:
    words = set(re.findall(r"[a-z]+", before.lower()))
    return bool(words & set(conventions.conditional))
