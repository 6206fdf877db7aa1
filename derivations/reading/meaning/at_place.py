"""A relation at its place: what it mentions, and the shapes of its letters there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from derivations.reading.conventions import Conventions
from derivations.reading.meaning.index_definitions import index_definition
from derivations.reading.meaning.law_memory import LawMemory
from derivations.reading.names import every_head, head_of
from derivations.reading.scope import View
from derivations.reading.survey.shapes import Shapes
from derivations.reading.survey.usage import Usage
from derivations.reading.tree import Name, Node, Number, Script
from derivations.reading.walking import nodes
from proofs import terms as T
from proofs.terms import Sort


@dataclass(frozen=True)
class Statement:
    """A relation as written, at its place; ``law_memory`` holds the laws of variables bound earlier in its chain."""

    left: Node
    rel: str
    right: Node
    view: View
    law_memory: LawMemory


class AtPlace:
    """The part of the Meanings that looks around."""

    def __init__(
        self,
        usage: Usage,
        shapes: Shapes,
        conventions: Conventions,
        sorts: Mapping[str, Sort],
    ):
        self.usage, self.shapes, self.conventions = usage, shapes, conventions
        self.sorts = sorts  # shapes that are declared at some place, and hold where the declaration does

    def with_definitions(self, trees: tuple[Node, ...], view: View) -> tuple[Node, ...]:
        """The sides with the bodies of all definitions that they mention, one inside the other."""
        found, waiting, used = list(trees), list(trees), set()
        tables = (view.definitions, view.applied, view.later)
        while waiting:
            tree = waiting.pop()
            for head in every_head(tree, is_index=self.usage.is_index, is_parameter=self.conventions.is_parameter):
                for key in dict.fromkeys((head.name, head.key, head.root)):
                    definition = next((table[key] for table in tables if key in table), None)
                    if definition is None and key == head.name:
                        at_index = index_definition(head, view)
                        definition = at_index[0] if at_index is not None else None
                    if definition is not None and key not in used:
                        used.add(key)
                        found.append(definition.body)
                        waiting.append(definition.body)
        return tuple(found)

    def shapes_here(self, trees: tuple[Node, ...], view: View) -> Shapes:
        """The shapes at a place.

        Declared ones of other sections do not reach it; an I_D in the relation says the dimension of what is not
        declared.
        """
        visible = {key: sort for key, sort in self.shapes.declared.items() if key not in self.sorts}
        visible |= {key: domain.sort for key, domain in view.domains.items() if domain.sort != T.SCALAR}
        for m in view.maps:
            m.share_shape(visible)
        for sequence, _, end in view.chain_ends:  # h_0 = x: the states of a flow have one shape
            state = visible.get(end) or self.shapes.sort(sequence)
            if state != T.SCALAR:
                visible.setdefault(end, state)
        shapes = replace(self.shapes, declared=visible)
        named = {name for tree in trees for n in nodes(tree) if (name := named_dimension(n)) is not None}
        if len(named) == 1:
            return replace(shapes, dimension=next(iter(named)), dimension_known=True)
        return shapes


def named_dimension(node: Node) -> str | None:
    """D of I_D and 1_D; None for anything else."""
    if not isinstance(node, Script) or node.sub is None:
        return None
    if not isinstance(node.base, Name | Number) or node.base.text not in ("I", "1"):
        return None
    head = head_of(node.sub)
    return head.key if head is not None and head.power is None and not head.key.isdigit() else None
