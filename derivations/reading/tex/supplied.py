"""The bracket that is missing in a side: every way to supply it.

Authors drop a bracket now and then: ``[\\log(q(z)]``, ``h(1 - h(x)``.  Where one bracket of a side stands alone, its
partner is put at each place where a part of the formula ends (or begins), and the places that leave a whole formula are
readings of it.  Two may be missing if each stands in brackets of its own, which say how far it can reach.  A bracket
that another kind closes, ``[ .. )``, is closed there and nowhere else.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product

from derivations.reading.tex.bracket_places import (
    OPENER_OF,
    SPACES,
    WALLS,
    beginnings,
    end_of,
    ends,
    is_function,
    split_letter,
)
from derivations.reading.tex.lexemes import Lexeme
from derivations.reading.tex.notation import CLOSER_OF
from derivations.reading.tex.structure import match
from derivations.reading.tree import Supplied

MOST_PLACES = 6  # readings of one side; where there are more, which is meant cannot be told
MOST_TRIED = 24  # places looked at
LONGEST = 3_000  # lexemes of a side that is mended

_TAKES_EVENT = ("P", "Pr", "1", "I")  # P(X < x), 1(X < x): a relation sign may stand inside


Edit = tuple[Supplied, int, Lexeme | None]  # where the new lexeme goes in the list; None for a pair
Mended = tuple[tuple[Supplied, ...], list[Lexeme]]


def mendings(source: str, items: Sequence[Lexeme], before: Lexeme | None, after: Lexeme | None) -> Iterator[Mended]:
    """Every way to supply the missing brackets of a side, with its lexemes then; whether they are a whole formula is
    left to the grammar.  Empty where more is wrong with the side, or where the places are too many.

    ``before`` and ``after`` are the lexemes next to the side, without spaces: a bracket may be closed only where it is
    certain that it does not go on behind the side.
    """
    alone = [i for i, x in enumerate(items) if x.error]
    if not alone or len(alone) > 4 or len(items) > LONGEST or not all(_is_alone(items[i]) for i in alone):
        return
    edits = []
    for group in _by_region(items, alone):
        found = _edits(items, group, before, after)
        if not found:
            return
        edits.append(found)
    if len(edits) > 2 or (len(edits) == 2 and not _apart(items, alone)):
        return
    combinations = list(product(*edits))
    if len(combinations) > MOST_TRIED:
        return
    for combination in combinations:
        lexemes = _applied(items, combination)
        match(source, lexemes)
        if not any(x.error for x in lexemes):
            yield tuple(s for s, _, _ in combination), lexemes


def closings_of_bar(items: Sequence[Lexeme], bar: Lexeme) -> Iterator[Mended]:
    """Every way to close a bar that opens an absolute value, |x + 1, and is not closed."""
    i = next((k for k, x in enumerate(items) if x is bar), None)
    if i is None or bar.value not in ("|", "||") or len(items) > LONGEST:
        return
    called = i > 1 and items[i - 1].kind == "OPEN" and items[i - 2].kind == "NAME" and not is_function(items[i - 2])
    listed = i > 0 and items[i - 1].kind == "SEP"
    # f(|x) may lack the letter before the bar, and in f(x, | y) the comma is too many
    places = [] if called or listed else list(ends(items, i))
    if len(places) > MOST_TRIED:
        return
    for k in places:
        at = end_of(items, k)
        new = Lexeme("BAR", at, at, bar.value, depth=bar.depth)
        yield (Supplied(bar.value, bar.start, "closed", at),), [*items[:k], new, *items[k:]]


class Neighbours:
    """What stands next to the sides of a formula, without spaces and the full stop at its end."""

    def __init__(self, lexemes: Sequence[Lexeme]):
        self.shown = [x for x in lexemes if x.kind not in SPACES]
        while self.shown and self.shown[-1].kind in ("PERIOD", "SEP"):
            self.shown.pop()

    def of(self, span: tuple[int, int]) -> tuple[Lexeme | None, Lexeme | None]:
        """The lexemes before and behind a side."""
        last = bisect_right(self.shown, span[0], key=lambda x: x.end) - 1
        following = bisect_left(self.shown, span[1], key=lambda x: x.start)
        before = self.shown[last] if last >= 0 else None
        return before, self.shown[following] if following < len(self.shown) else None


def goes_on(sides: Sequence[Sequence[Lexeme]]) -> bool:
    """Whether a bracket that is opened in one side may be closed in a later one, by another kind of bracket."""
    opened = False
    for items in sides:
        alone = [x for i, x in enumerate(items) if x.error and _is_alone(x) and not _walls(items, i)]
        if opened and any(x.kind == "CLOSE" for x in alone):
            return True
        opened = opened or any(x.kind == "OPEN" for x in alone)
    return False


# ------------------------------------------------------------------------------------------ what is wrong


def _is_alone(lexeme: Lexeme) -> bool:
    return lexeme.kind in ("OPEN", "CLOSE") and lexeme.partner is None


def _walls(items: Sequence[Lexeme], i: int) -> tuple[int, ...]:
    """The positions of what is open around a place: matched brackets, braces and environments."""
    stack: list[int] = []
    for k, x in enumerate(items[:i]):
        if x.partner is None:
            continue
        if x.kind in WALLS:
            stack.append(k)
        elif x.kind in WALLS.values() and stack:
            stack.pop()
    return tuple(stack)


def _by_region(items: Sequence[Lexeme], alone: list[int]) -> list[list[int]]:
    """The brackets that stand alone, those between the same walls together."""
    found: dict[tuple[int, ...], list[int]] = {}
    for i in alone:
        found.setdefault(_walls(items, i), []).append(i)
    return list(found.values())


def _apart(items: Sequence[Lexeme], alone: list[int]) -> bool:
    """Whether each stands in brackets or braces of its own, neither around the other."""
    first, second = (_walls(items, i) for i in (alone[0], alone[-1]))
    return bool(first) and bool(second) and first[: len(second)] != second and second[: len(first)] != first


def _edits(items: Sequence[Lexeme], group: list[int], before: Lexeme | None, after: Lexeme | None) -> list[Edit]:
    """What can be done for the brackets that stand alone in one region; empty where nothing certain can."""
    walls = _walls(items, group[0])
    if walls and items[walls[-1]].kind == "BEGIN":
        return []  # in a matrix the cell may be to blame
    first = items[group[0]]
    if len(group) == 2 and first.kind == "OPEN" and items[group[1]].kind == "CLOSE":
        supplied = Supplied(first.value, first.start, "paired", items[group[1]].start)
        return [(supplied, group[1], None)]
    if len(group) != 1:
        return []
    i = group[0]
    if not walls and not _ends_with_side(items, i, before, after):
        return []
    edits: list[Edit] = []
    places = ends(items, i) if first.kind == "OPEN" else beginnings(items, i)
    for k in places:
        if first.kind == "OPEN":
            at = end_of(items, k)
            new = Lexeme("CLOSE", at, at, CLOSER_OF.get(first.value, ""), side="right" if first.side == "left" else "")
            edits.append((Supplied(first.value, first.start, "closed", at, split_letter(items, k)), k, new))
        else:
            at = items[k].start
            opener = OPENER_OF.get(first.value, "")
            new = Lexeme("OPEN", at, at, opener, side="left" if first.side == "right" else "")
            edits.append((Supplied(first.value, first.start, "opened", at), k, new))
        if len(edits) > MOST_TRIED:
            return []
    return sorted(edits, key=lambda edit: bool(edit[0].parts))


def _ends_with_side(items: Sequence[Lexeme], i: int, before: Lexeme | None, after: Lexeme | None) -> bool:
    """Whether a bracket outside all others belongs to its side as a whole.

    Behind a comma or a row it may go on, and so it may behind a relation sign where only letters stand in it, P(X = x,
    or where an event does, P(-X < x.
    """
    opens = items[i].kind == "OPEN"
    beside = after if opens else before
    if beside is None:
        return True
    if beside.kind != "REL":
        return False
    inside = [x for x in (items[i + 1 :] if opens else items[:i]) if x.kind not in SPACES]
    name = next((x for x in reversed(items[:i]) if x.kind not in SPACES), None) if opens else None
    takes_event = name is not None and name.kind in ("NAME", "NUMBER") and name.value in _TAKES_EVENT
    return not takes_event and any(x.kind in ("SIGN", "OPEN", "FRAC", "BIG", "TIMES") for x in inside)


# ------------------------------------------------------------------------------------------ the mended side


def _applied(items: Sequence[Lexeme], edits: Sequence[Edit]) -> list[Lexeme]:
    """Copies of the lexemes, unmatched, with what is supplied."""
    paired = {k: s for s, k, new in edits if new is None}
    added = {k: new for _, k, new in edits if new is not None}
    by_start = {x.start: x for x in items if x.kind == "OPEN"}
    out: list[Lexeme] = []
    for k, x in enumerate(items):
        if k in added:
            out.append(replace(added[k]))
        copy = replace(x, partner=None, depth=0)
        if _is_alone(x):
            copy.error, copy.place = "", -1
        if k in paired:
            opener = by_start[paired[k].known]
            copy.value = CLOSER_OF.get(opener.value, "")
            copy.side = "right" if opener.side == "left" else ""
        out.append(copy)
    if len(items) in added:
        out.append(replace(added[len(items)]))
    return out
