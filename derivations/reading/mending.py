"""Sides that lack a bracket: each way to supply it is a reading of the relation.

`tex/supplied.py` finds the ways and the grammar those that leave a whole formula.  Nothing that such a side declares is
used where there are several; a relation is refuted only if it fails with the bracket in every place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from derivations.reading.places import Placed
from derivations.reading.tex.supplied import MOST_PLACES
from derivations.reading.tree import Link, Mend, Side, Supplied, Unreadable
from derivations.reading.walking import nodes

Place = Callable[[int], tuple[int, int]]  # an offset in a formula -> line and column in the document

_WAYS = {"closed": "closed before", "opened": "opened before", "paired": "closed by the other kind at"}


def has_several(side: Side) -> bool:
    """Whether the bracket that a side lacks may stand in several places."""
    return len(side.mends) > 1


def likeliest(side: Side) -> Side:
    """A side as its letters are counted: with its bracket in the last place that parts no letter from its brackets."""
    if not side.mends:
        return side
    whole = [m for m in side.mends if not any(s.parts for s in m.supplied)] or side.mends
    return replace(side, tree=whole[-1].tree)


def with_likeliest(placed: Placed) -> Placed:
    """A chain as its letters are counted."""
    chain = placed.chain
    all_sides = (chain.first, placed.previous, *(link.side for link in chain.links))
    if not any(side is not None and side.mends for side in all_sides):
        return placed
    links = tuple(replace(link, side=likeliest(link.side)) for link in chain.links)
    first = None if chain.first is None else likeliest(chain.first)
    previous = None if placed.previous is None else likeliest(placed.previous)
    return replace(placed, chain=replace(chain, first=first, links=links), previous=previous)


def with_side(link: Link, side: Side, placed: Placed) -> tuple[Link, Placed]:
    """A link and its chain with another tree for the side behind it."""
    if side is link.side:
        return link, placed
    other = replace(link, side=side)
    links = tuple(other if x is link else x for x in placed.chain.links)
    return other, replace(placed, chain=replace(placed.chain, links=links))


def is_unreadable(side: Side, *, too_many: bool) -> Unreadable | None:
    """What could not be read in a side and is not mended; ``too_many``: there are too many places for its bracket."""
    if side.mends and not too_many:
        return None
    return next((n for n in nodes(side.tree) if isinstance(n, Unreadable)), None)


def mended(side: Side, place: Place, applied: Callable[[str], bool]) -> list[tuple[dict[str, str], Side]]:
    """The side with its bracket in each of the places, and how that is said; alone where nothing is missing.

    ``applied`` says whether a letter is one that the document applies: it is never parted from its argument.
    """
    if not side.mends:
        return [({}, side)]
    mends = [m for m in side.mends if not any(s.parts and applied(s.parts) for s in m.supplied)] or side.mends
    return [(said(m, place), Side(m.tree, side.span)) for m in mends]


def said(mend: Mend, place: Place) -> dict[str, str]:
    """{"the '(' at line 24, column 35": "closed before column 44"}: where the missing bracket is taken to stand."""
    found = {}
    for supplied in mend.supplied:
        line, column = place(supplied.known)
        found[f"the '{supplied.bracket}' at line {line}, column {column}"] = _where(supplied, line, place)
    return found


def _where(supplied: Supplied, line: int, place: Place) -> str:
    at, column = place(supplied.place)
    return f"{_WAYS[supplied.way]} {f'line {at}, ' if at != line else ''}column {column}"


def variants(
    lefts: list[tuple[dict[str, str], Side]], rights: list[tuple[dict[str, str], Side]]
) -> Iterator[tuple[dict[str, str], Side, Side]]:
    """Every way to mend both sides of a relation; none where there are too many."""
    if len(lefts) * len(rights) <= MOST_PLACES:
        yield from (({**a, **b}, left, right) for a, left in lefts for b, right in rights)
