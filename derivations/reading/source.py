"""Where things stand in a document: the plain records between `documents.py` and the rest of the reading.

Offsets count code points of the whole file (newlines as they are); lines and columns are 1-based.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Formula:
    """Mathematics in a document.

    ``source`` is what the grammar reads: the inside of the delimiters, comments removed, author macros expanded, HTML
    entities and Markdown escapes undone.  ``offsets[i]`` is the offset in the file of ``source[i]`` (len(source)+1
    entries; what a macro expands to points at its call).  ``environment`` is 'align', 'equation', '$$', '$', ...; rows
    (\\\\) and columns (&) of it are still in ``source``.
    """

    source: str
    offsets: tuple[int, ...]
    display: bool
    environment: str = ""

    def place(self, position: int) -> int:
        return self.offsets[min(position, len(self.offsets) - 1)]


@dataclass(frozen=True)
class Prose:
    """Text between formulas, markup removed; ``offset`` of its first character."""

    text: str
    offset: int


@dataclass(frozen=True)
class Heading:
    """The start of a section: level 1 is the outermost."""

    level: int
    text: str
    offset: int


@dataclass(frozen=True)
class Break:
    """The end of a paragraph, list item, table cell or theorem: no sentence goes across."""

    offset: int


Piece = Formula | Prose | Heading | Break


@dataclass(frozen=True)
class Document:
    """A file in reading order.  ``text`` is the file as decoded; a notebook's is its cells joined, ``cells`` says where
    each begins."""

    name: str
    text: str
    pieces: tuple[Piece, ...]
    problems: tuple[tuple[int, str], ...] = ()  # (offset, what was wrong): an unclosed environment, ...
    cells: tuple[int, ...] = ()
    house_macros: Mapping[str, str] = field(default_factory=dict)  # undefined commands as they were read, bx: bold x
    _starts: list[int] = field(default_factory=list, compare=False, repr=False)

    def line_column(self, offset: int) -> tuple[int, int]:
        """The 1-based line and column (in code points) of an offset."""
        if not self._starts:
            self._starts.extend([0, *(i + 1 for i, c in enumerate(self.text) if c == "\n")])
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1
