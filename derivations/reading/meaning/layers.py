"""The layers of a flow as they are written: d f_k / d z_{k-1}, d z_k / d z_{k-1}, J_{f_k}(z_{k-1}), and inverses.

Which letter is the state and which the map is told by the indices alone: a map and its input are one apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property
from typing import NamedTuple

from derivations.reading.meaning.letters import Letters
from derivations.reading.meaning.quotients import derivative_below
from derivations.reading.names import Head, head_of, is_minus_one, plain_label
from derivations.reading.tree import Fraction, Group
from derivations.reading.vocabulary import INVERSE, JACOBIANS
from derivations.reading.walking import applications, argument_group, as_name, as_sequence

Position = tuple[str, int]  # ('k', -1) of z_{k-1}, ('', 2) of z_2
NUMBERED = re.compile(r"([A-Za-z]?)([+-]?\d*)")


class Layer(NamedTuple):
    """The Jacobian of one map of a sequence, as it is written: of which letter, inverted or not, at which state."""

    function: str
    inverse: bool
    state: str
    number: Position  # of the map
    point: Position  # of the state that it is taken at


class Layers(Letters):
    """The part of the Elaborator that finds the layers of a flow in what is written."""

    def layer_of_fraction(self, node: Fraction) -> Layer | None:
        """d f_k / d z_{k-1}, d f_k(z_{k-1}) / d z_{k-1}, d z_k / d z_{k-1} and their inverses; None for all others."""
        below = derivative_below(node.denominator)
        above = as_sequence(node.numerator)
        if below is None or len(below.variables) != 1 or above is None or len(above.items) not in (2, 3):
            return None
        marker, name, at = as_name(above.items[0]), head_of(above.items[1]), head_of(below.variables[0])
        if marker is None or marker.text != below.sign or name is None or at is None:
            return None
        if len(above.items) == 3:
            group = argument_group(above.items[2])
            if group is None or len(group.parts) != 1 or head_of(group.parts[0]) != at:
                return None
        return layer_at(name, is_minus_one(name.power), at)

    def layer_of_jacobian(self, head: Head, group: Group) -> Layer | None:
        """J_{f_k}(z_{k-1}); None for all others."""
        if head.base not in JACOBIANS or head.power is not None or len(group.parts) != 1:
            return None
        at = head_of(group.parts[0])
        if head.indices:
            name = head_of(head.indices[0]) if len(head.indices) == 1 and not head.label else None
            inverse = name is not None and is_minus_one(name.power)
        else:
            letter, _, number = head.label.removesuffix(INVERSE).partition("_")
            name, inverse = Head(letter, label=number), head.label.endswith(INVERSE)
        if name is None or at is None:
            return None
        found = layer_at(replace(name, power=None), inverse, at)
        return found if found is not None and found.function != found.state else None

    @cached_property
    def layers(self) -> list[Layer]:
        """The layers that the relation writes, where it takes a volume: a determinant, or what stands in bars."""
        if not self.takes_volume:
            return []
        found = [self.layer_of_fraction(n) for n in self.written() if isinstance(n, Fraction)]
        for tree in self.relation_nodes:
            for item, group in applications(tree):
                head = head_of(item)
                found.append(self.layer_of_jacobian(head, group) if head is not None else None)
        layers = [layer for layer in found if layer is not None]
        states = {s.state for s in layers if s.number[0]}
        return [s for s in layers if s.state in states]  # f_2 by z_1 alone is an entry of a Jacobian

    @cached_property
    def takes_volume(self) -> bool:
        return any(
            (isinstance(n, Group) and n.open == "|") or ((name := as_name(n)) is not None and name.text == "det")
            for n in self.written()
        )

    @cached_property
    def layered(self) -> set[str]:
        """The letters of the states of flows: those whose ends the document names, and those of this relation."""
        return {sequence for sequence, _, _ in self.view.chain_ends} | {layer.state for layer in self.layers}

    def is_density(self, head: Head) -> bool:
        """Whether the letter is a density; beside the layers of a flow also q_k, for the letters q_0 and q_K."""
        if super().is_density(head):
            return True
        is_numbered = bool(head.indices) or position(head) is not None
        return is_numbered and bool(self.layers) and any(map(super().is_density, other_spellings(head)))

    def layer_letters(self) -> Iterator[str]:
        """The k of the layers that this relation writes."""
        for layer in self.layers:
            yield from (letter for letter, _ in (layer.number, layer.point) if letter)


def layer_at(name: Head, inverse: bool, at: Head) -> Layer | None:
    """The layer whose map is named, or whose output is the state named, taken at the state before it; or its inverse,
    taken at its own."""
    if (name.power is not None and not inverse) or at.power is not None or name.indices or at.indices:
        return None
    number, point = position(name), position(at)
    if number is None or point is None or number[0] != point[0]:
        return None
    step, is_state = number[1] - point[1], name.root == at.root
    if step == 1 and not inverse:
        return Layer(name.root, False, at.root, number, point)
    if step == -1 and is_state and not inverse:
        return Layer(name.root, True, at.root, point, point)
    if step == 0 and inverse and not is_state:
        return Layer(name.root, True, at.root, number, point)
    return None


def position(head: Head) -> Position | None:
    """('k', -1) of z_{k-1}; None where the name carries no number."""
    if head.parameters or head.superlabel or head.primes or not head.label:
        return None
    match = NUMBERED.fullmatch(head.label)
    if match is None or not match[0]:
        return None
    letter, number = match[1], match[2]
    if number in ("+", "-") or (letter and number and number[0] not in "+-"):
        return None
    return letter, int(number) if number else 0


def other_spellings(head: Head) -> Iterator[Head]:
    """The letter with its index as a label, and without any."""
    labels = [label for index in head.indices if (label := plain_label(index)) is not None]
    yield replace(head, indices=(), label=",".join(labels) or head.label)
    yield replace(head, indices=(), label="")
