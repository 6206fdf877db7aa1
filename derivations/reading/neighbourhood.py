"""What stands around a formula in its document: the words behind it, and displays that may be one with it."""

from __future__ import annotations

from derivations.reading.source import Break, Document, Formula, Heading, Prose


def perhaps_cut(document: Document) -> tuple[set[int], set[int]]:
    """The displays (by identity) that begin with a minus directly behind another, and those that they stand behind.

    Whether such a display goes on with the one before it or begins anew cannot be seen.
    """
    starts: set[int] = set()
    ends: set[int] = set()
    before: Formula | None = None
    for piece in document.pieces:
        if isinstance(piece, Formula) and piece.display:
            if before is not None and piece.source.lstrip(" &").startswith("-"):
                starts.add(id(piece))
                ends.add(id(before))
            before = piece
        elif not isinstance(piece, Break):
            before = None
    return starts, ends


def words_after(document: Document) -> dict[int, str]:
    """The words behind each formula in its paragraph, by the formula's identity."""
    found: dict[int, str] = {}
    last: int | None = None
    for piece in document.pieces:
        if isinstance(piece, Formula):
            last = id(piece)
        elif isinstance(piece, Prose) and last is not None:
            found[last] = piece.text
            last = None
        elif isinstance(piece, Break | Heading):
            last = None
    return found
