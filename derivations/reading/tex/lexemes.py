"""Lexemes, and the error that names a place in a formula."""

from __future__ import annotations

from dataclasses import dataclass


class FormulaError(ValueError):
    """A formula (or a part) that is refused: ``place`` is an offset in its source, ``expected`` what belongs there.

    ``bar`` is the bar that opens an absolute value and is not closed, where that is what is wrong.
    """

    def __init__(self, place: int, expected: str, bar: Lexeme | None = None):
        super().__init__(f"at offset {place}: {expected}")
        self.place = place
        self.expected = expected
        self.bar = bar


@dataclass(slots=True, eq=False)
class Lexeme:
    """``kind`` is the terminal (NAME, NUMBER, OPEN, REL, ...), ``value`` what it stands for.

    ``partner`` is the other end of a bracket, brace or environment; ``depth`` how many of them are around it.
    """

    kind: str
    start: int
    end: int
    value: str = ""
    font: str = ""
    side: str = ""  # 'left', 'right' of \left and \right; 'sub', 'sup', 'arg' for the brace of an argument
    partner: Lexeme | None = None
    depth: int = 0
    error: str = ""
    place: int = -1  # where the error was noticed, if not at start

    def __str__(self) -> str:
        return self.value
