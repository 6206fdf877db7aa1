"""The course of a chain: where it began, over displays that continue each other, and what its signs say together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from derivations.reading.places import Placed
from derivations.reading.source import Formula
from derivations.reading.tree import RELATION_SIGNS, Link, Side

EQUALITIES = frozenset({"=", ":="})


def conclusion(signs: Sequence[str]) -> str | None:
    """The sign that holds between the first and the last side of a chain in which each of the signs holds.

    None where nothing follows: the signs point both ways, or one of them does not carry on (an approximation).
    """
    others = {s for s in signs if s not in EQUALITIES}
    for strict, weak in (("<", "<="), (">", ">=")):
        if others and others <= {strict, weak}:
            return strict if strict in others else weak
    if not others:
        return "="
    return next(iter(others)) if others in ({"propto"}, {"=c"}) else None


@dataclass(frozen=True)
class Course:
    """A chain up to one of its sides: its number in the document, its first side and the formula of that, its signs."""

    number: int
    begin: Side
    formula: Formula
    signs: tuple[str, ...] = ()


class Courses:
    """The chains of a document, each numbered once, however many displays it goes over."""

    def __init__(self) -> None:
        self.count = 0
        self.up_to: dict[int, Course] = {}  # by the identity of the side that a chain has reached

    def begin(self, placed: Placed, formula: Formula, borrowed: Formula | None) -> Course | None:
        """The course that a chain goes on with, or a new one; None where it has no side to begin from."""
        previous = placed.previous if placed.chain.first is None else None
        known = self.up_to.get(id(previous))
        if known is not None:
            return known
        self.count += 1
        first = placed.chain.first or previous
        return None if first is None else Course(self.count, first, borrowed if previous and borrowed else formula)

    def follow(self, course: Course, link: Link, formula: Formula) -> Course:
        """The course after one more sign; behind a sign of another kind (~, in) it begins anew."""
        if link.rel in RELATION_SIGNS:
            course = replace(course, signs=(*course.signs, link.rel))
        else:
            course = Course(course.number, link.side, formula)
        self.up_to[id(link.side)] = course
        return course
