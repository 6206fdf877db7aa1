"""A bold letter is the plain one, but where a document has both z_1 and a bold z_1, they are two."""

from __future__ import annotations

from dataclasses import replace

from derivations.reading.names import plain_label
from derivations.reading.places import Located, sides
from derivations.reading.tree import Chain, Name, Node, Script, Side
from derivations.reading.walking import map_nodes, nodes

Labelled = tuple[str, str]  # letter and label


def tell_bold_apart(located: list[Located]) -> list[Located]:
    """The document with the font 'bold' for bold letters that are not the plain ones."""
    trees = [side.tree for item in located if isinstance(item.part, Chain) for side in sides(item.part)]
    plain = {key for tree in trees for n in nodes(tree) if (key := labelled(n, bold=False)) is not None}
    bold = {key for tree in trees for n in nodes(tree) if (key := labelled(n, bold=True)) is not None}
    both = plain & bold
    return [renamed(item, both) for item in located] if both else located


def labelled(node: Node, *, bold: bool) -> Labelled | None:
    """(z, 1) of z_1, in bold or not in bold; None for anything else."""
    if not isinstance(node, Script) or not isinstance(node.base, Name) or node.sub is None:
        return None
    if not node.base.text.islower() or (node.base.font == "bf") != bold:
        return None
    label = plain_label(node.sub)
    return (node.base.text, label) if label is not None else None


def renamed(item: Located, both: set[Labelled]) -> Located:
    if item.placed is None or not isinstance(item.part, Chain):
        return item

    def change(node: Node) -> Node:
        if isinstance(node, Script) and isinstance(node.base, Name) and labelled(node, bold=True) in both:
            return replace(node, base=replace(node.base, font="bold"))
        return node

    def side_of(side: Side) -> Side:
        mends = tuple(replace(m, tree=map_nodes(m.tree, change)) for m in side.mends)
        return replace(side, tree=map_nodes(side.tree, change), mends=mends)

    links = tuple(replace(link, side=side_of(link.side)) for link in item.part.links)
    first = side_of(item.part.first) if item.part.first is not None else None
    previous = side_of(item.placed.previous) if item.placed.previous is not None else None
    part = replace(item.part, first=first, links=links)
    return replace(item, part=part, placed=replace(item.placed, chain=part, previous=previous))
