"""Pieces: printed parts of a term with how tightly they bind, so that parentheses stand only where they are needed."""

from __future__ import annotations

from typing import NamedTuple

# How tightly a piece binds, from loosest.
OR, AND, NOT, COMPARE, ADD, NEGATIVE, HADAMARD, MUL, PREFIX, FRACTION, POW, ATOM = range(12)


class Piece(NamedTuple):
    """A printed part.

    ``tail`` is None for what is closed on its right.  Otherwise the piece ends in a prefix operator (a logarithm
    without parentheses, a sum) which would reach over a factor written behind it; the names in it are indices of
    sums, which would even reach over a further summand in which they occur.  ``names`` are all names that occur.
    """

    text: str
    prec: int = ATOM
    tail: frozenset[str] | None = None
    names: frozenset[str] = frozenset()
