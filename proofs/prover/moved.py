"""One side of a relation moved towards the other: what the moved side must be, and the proof that it was moved."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from proofs.kernel import FLIP
from proofs.prover.equations import Found, Side
from proofs.records import Relation, Step
from proofs.terms import Term


class Mover(NamedTuple):
    """A side that is moved; ``wanted`` is the relation of where it comes from to where it goes."""

    side: Side
    start: Term
    other: Term
    wanted: str

    def ends(self, moved: Term) -> tuple[Term, Term]:
        """The left side and the right one after the move."""
        return (moved, self.other) if self.side == "lhs" else (self.other, moved)

    def link(self, steps: Sequence[dict[str, Any]]) -> dict[str, Any]:
        """The move alone, as a proof."""
        return {"left": steps, "right": []} if self.side == "lhs" else {"left": [], "right": steps}

    def then(self, moved: Term, steps: Sequence[dict[str, Any]], why: str, rest: Found) -> Found:
        """The move, and a proof of what is left."""
        parts = [self.link(steps), rest[0]] if self.side == "lhs" else [rest[0], self.link(steps)]
        return {"middle": [moved], "parts": parts}, [Step(why, self.start, moved, self.side), *rest[1]]


def movers(relation: Relation) -> Iterator[Mover]:
    yield Mover("lhs", relation.lhs, relation.rhs, relation.rel)
    yield Mover("rhs", relation.rhs, relation.lhs, FLIP[relation.rel])
