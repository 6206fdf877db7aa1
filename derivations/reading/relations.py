"""What the reading floor gives back: every relation of a document with its place and its meaning in each open reading."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from proofs.records import Relation

Kind = Literal["claim", "definition", "assumption", "unread", "unclear"]


@dataclass(frozen=True)
class ShapeConflict:
    """The two sides (or two parts) cannot have one shape.  ``guessed`` says that a shape was only guessed."""

    left: str
    right: str
    message: str
    guessed: bool = False


@dataclass(frozen=True)
class Meaning:
    """A relation as understood in one reading.

    ``reading`` names the choice taken for each ambiguous notation that matters here, {"second argument of N": "variance"}.
    Exactly one of ``relation``, ``conflict`` and ``problem`` is given; a problem is why it has no meaning for us.
    ``taken`` are conventions and guesses that a reader should know of.
    """

    reading: Mapping[str, str] = field(default_factory=dict)
    relation: Relation | None = None
    conflict: ShapeConflict | None = None
    problem: str | None = None
    taken: tuple[str, ...] = ()


@dataclass(frozen=True)
class ReadRelation:
    """One relation at its place.  ``lhs`` and ``rhs`` are the author's LaTeX; ``line`` and ``column`` are the sign's.

    ``kind``: 'claim' has one meaning or more; 'definition' and 'assumption' are not claims; 'unread' was refused by
    the grammar and 'unclear' was read but means nothing to us: ``reason`` says where and what was expected.
    ``chain`` numbers the chain in its document and ``position`` the relation in it (1-based).
    ``fixed`` are readings which the document's own declarations settle (they are in no Meaning as a choice).
    """

    line: int
    column: int
    lhs: str
    rel: str
    rhs: str
    kind: Kind
    reason: str = ""
    meanings: tuple[Meaning, ...] = ()
    chain: int = 0
    position: int = 1
    fixed: Mapping[str, str] = field(default_factory=dict)
