"""A display becomes chains: rows, columns, several relations in one line, prose between them.

Works on lexemes that stand outside all brackets (``depth`` 0) and never looks into a side: what a side says is the
grammar's business.  A row that begins with a relation sign continues the chain before it; one that begins with a sign
of addition or multiplication continues its last side.
"""

from __future__ import annotations

from collections.abc import Sequence as Seq
from dataclasses import dataclass, field

from derivations.reading.display.columns import Columns, rows_of
from derivations.reading.display.pieces import (
    content,
    dangling,
    first_of,
    has_differential,
    last_of,
    open_integral,
)
from derivations.reading.display.segments import Segment, Segments, is_note
from derivations.reading.tex.lexemes import Lexeme


@dataclass
class Part:
    """A chain with its sides unread: ``sides`` alternate with ``signs``; the first is None before a leading sign."""

    sides: list[list[Lexeme] | None]
    signs: list[Lexeme] = field(default_factory=list)
    lead: str = ""
    remark: bool = False

    def last(self) -> list[Lexeme]:
        side = self.sides[-1]
        return side if side is not None else []

    def extend(self, items: Seq[Lexeme]) -> None:
        """Append what follows: first to the last side, then a new side after each relation sign."""
        for lexeme in items:
            if lexeme.kind == "REL" and lexeme.depth == 0:
                if (
                    not content(self.last())
                    and self.signs
                    and self.signs[-1].value == lexeme.value
                    and self.sides[-1] is not None
                ):
                    continue  # "= \\ =": one sign, written at both ends of the line break
                self.signs.append(lexeme)
                self.sides.append([])
            else:
                side = self.sides[-1]
                if side is None:
                    self.sides[-1] = side = []
                side.append(lexeme)


def split(lexemes: list[Lexeme]) -> list[Part]:
    """The chains of a formula in the order in which they begin."""
    return _Splitter(lexemes).run()


class _Splitter(Columns, Segments):
    """Rows to chains."""

    def __init__(self, lexemes: list[Lexeme]):
        self.lexemes = lexemes
        self.parts: list[Part] = []
        self.current: dict[int, Part] = {}  # the chain that the next row of a column continues
        self.pending_lead: list[str] = []

    def run(self) -> list[Part]:
        for row in rows_of(self.lexemes):
            for column, cell in enumerate(self.columns(row)):
                if first_of(cell) is not None:
                    self.cell(column, cell)
        return [p for p in self.parts if any(side and content(side) for side in p.sides)]

    def cell(self, column: int, cell: list[Lexeme]) -> None:
        segments, trailing = self.segments(cell)
        current = self.current.get(column)
        opening = first_of(segments[0].items) if segments else None
        continues = current is not None and opening is not None and opening.kind == "REL"
        main: Part | None = None
        side_note = False
        for k, segment in enumerate(self.merge(segments, continues)):
            texts = [x.value for x in segment.glue if x.kind in ("TEXT", "NAME", "CONSEQUENCE", "QUANTIFIER")]
            if k == 0 and current is not None and not texts and self.continues(current, segment, cell):
                current.extend(
                    [
                        Lexeme("ROW", segment.items[0].start, segment.items[0].start),
                        *segment.items,
                    ]
                )
                part = current
            else:
                part = self.new_part(segment, texts)
                self.parts.append(part)
            side_note = side_note or (k > 0 and is_note(segment))
            if main is None or not side_note:
                main = part
        if main is not None:
            self.current[column] = main
        for lexeme in trailing:
            if lexeme.kind in ("TEXT", "NAME"):
                self.parts.append(Part([[lexeme]], remark=True))
            elif lexeme.kind in ("CONSEQUENCE", "QUANTIFIER"):
                self.pending_lead.append(lexeme.value)

    def new_part(self, segment: Segment, texts: list[str]) -> Part:
        lead = " ".join([*self.pending_lead, *texts])
        self.pending_lead = []
        first = first_of(segment.items)
        items = segment.items
        if first is not None and first.kind == "REL":
            part = Part([None], lead=lead)
            items = content(items[: items.index(first)]) + items[items.index(first) :]
        else:
            part = Part([[]], lead=lead)
        part.extend(items)
        return part

    def continues(self, current: Part, segment: Segment, cell: list[Lexeme]) -> bool:
        first = first_of(segment.items)
        assert first is not None
        if self.pending_lead:
            return False
        if first.kind == "REL":
            return True
        last_sign = last_of(current.last())
        if dangling(current.last()) and (last_sign is not None or current.signs):
            return True
        if first.kind == "TIMES":
            return True
        if first.kind == "SIGN":
            aligned = any(x.kind == "AMP" for x in cell[: cell.index(first)])
            return aligned or not segment.has_relation or first.value != "-"
        return open_integral(current.last()) and has_differential(segment.items)
