"""The columns of a row: an ``&`` beside a relation sign or an operator only aligns, others begin something new."""

from __future__ import annotations

from derivations.reading.display.pieces import (
    OPERATORS,
    dangling,
    first_of,
    has_relation,
    last_of,
)
from derivations.reading.tex.lexemes import Lexeme


def rows_of(lexemes: list[Lexeme]) -> list[list[Lexeme]]:
    rows: list[list[Lexeme]] = [[]]
    for lexeme in lexemes:
        rows[-1].append(lexeme)
        if lexeme.kind == "ROW" and lexeme.depth == 0:
            rows.append([])
    return rows


class Columns:
    """The self-contained columns of a row."""

    current: dict

    def columns(self, row: list[Lexeme]) -> list[list[Lexeme]]:
        """The self-contained columns of a row; an ``&`` beside a relation sign or an operator only aligns."""
        cells: list[list[Lexeme]] = [[]]
        for lexeme in row:
            if lexeme.kind == "AMP" and lexeme.depth == 0:
                cells.append([])
            cells[-1].append(lexeme)
        firsts = [first_of(cell) for cell in cells]
        for i in range(len(cells) - 2, -1, -1):
            firsts[i] = firsts[i] or firsts[i + 1]
        columns: list[list[Lexeme]] = [cells[0]]
        related = has_relation(cells[0])
        for i, cell in enumerate(cells[1:], start=1):
            rest = firsts[i]
            if rest is not None and self.breaks(i, columns[-1], rest, len(columns), related):
                columns.append(cell)
                related = has_relation(cell)
            else:
                columns[-1].extend(cell)
                related = related or has_relation(cell)
        return columns

    def breaks(self, i: int, before: list[Lexeme], after: Lexeme, column: int, related: bool) -> bool:
        last = last_of(before)
        if last is None or (dangling(before) and last.kind != "SEP") or after.kind in OPERATORS:
            return False
        if after.kind == "REL":
            return i % 2 == 0 and column in self.current and related
        return related or (i % 2 == 0 and after.kind != "TEXT")
