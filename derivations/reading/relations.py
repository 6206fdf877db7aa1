"""What the reading floor gives back: every relation with its place and its meaning in each open reading."""

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

    ``reading`` names the choice taken for each ambiguous notation that matters here, such as "second argument of N".
    Exactly one of ``relation``, ``conflict`` and ``problem`` is given; a problem is why it has no meaning for us.
    ``taken`` are conventions and guesses that a reader should know of.
    ``general`` is the same relation without the laws that the document declares: where it holds for arbitrary
    densities it holds for those too; that it fails says nothing.  ``instance`` names the special case (k = 3) that the
    relation was written out for: such a relation is never more than supported.  ``forward``: it rests on a definition
    from further down; ``unfolded`` are all names for which a definition of the document was put in; ``refitted``: the
    shapes that the letters have in its section do not fit it, and it was read with others.  ``opaque`` are names whose
    definitions have no meaning for us: they stand for themselves, and nothing is refuted on their account.
    ``on_average`` is the relation in expectation over the draws that it speaks of, where their law is known.
    ``transposed``, beside a conflict of guessed shapes, are the relations with one more transposition that fit.
    """

    reading: Mapping[str, str] = field(default_factory=dict)
    relation: Relation | None = None
    conflict: ShapeConflict | None = None
    problem: str | None = None
    taken: tuple[str, ...] = ()
    general: Relation | None = None
    instance: str = ""
    forward: bool = False
    enough: bool = False  # the relation is enough for what is claimed, and not necessary
    unfolded: frozenset[str] = frozenset()
    spread: bool = False  # one variance was taken for each entry of a vector that nothing declares
    refitted: bool = False
    opaque: frozenset[str] = frozenset()
    contrasted: bool = False  # q(z) was taken as short for a q(z|x) that it is set against
    on_average: Relation | None = None
    mended: bool = False  # a bracket that the author left out was supplied
    transposed: tuple[Relation, ...] = ()


@dataclass(frozen=True)
class ReadRelation:
    """One relation at its place.  ``lhs`` and ``rhs`` are the author's LaTeX; ``line`` and ``column`` are the sign's.

    ``kind``: 'claim' has one meaning or more; 'definition' and 'assumption' are not claims; 'unread' was refused by
    the grammar and 'unclear' was read but means nothing to us: ``reason`` says where and what was expected.
    ``chain`` numbers the chain in its document and ``position`` the relation in it (1-based).
    ``soft`` is (verdict, reason) to give instead of 'refuted', where what stands around the relation does not let it be
    accused: it was set to zero rather than claimed, or stands under a condition that was not understood.
    ``to_zero``: its chain has a 0 written as a side, so that two sides which are both zero are meant to be.
    ``shows``, with the last relation of a chain, is the claim that the chain makes from its first side to its last.
    ``implies`` is what the relation claims of averages or of laws, where as it stands it claims nothing: that an
    estimate has no bias, that a variable which is composed of noise has the law which the text gives it.
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
    soft: tuple[str, str] | None = None
    to_zero: bool = False
    shows: ReadRelation | None = None
    implies: ReadRelation | None = None
