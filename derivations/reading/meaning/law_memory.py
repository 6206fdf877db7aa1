"""Under which laws the variables of a chain stand: E[z_j] says no law where the relation before said E_{z ~ q}."""

from __future__ import annotations

from collections.abc import Mapping

from derivations.reading.readings import MOST, Choices
from proofs.terms import Term

Laws = dict[str, Term]  # variable -> its law
Reading = dict[str, str]


class LawMemory:
    """The laws of variables that the relations of one chain bound, in each reading of the last of them.

    A relation in one reading goes on with what the one before it bound in the same reading.
    """

    def __init__(self) -> None:
        self.before: list[tuple[Reading, Laws]] = [({}, {})]
        self.here: list[tuple[Reading, Laws]] = []  # what the present relation added

    def next_relation(self) -> None:
        """What was kept since the last call is part of what the next relation goes on with."""
        together = [
            ({**earlier, **reading}, {**laws, **added})
            for reading, added in self.here
            for earlier, laws in self.before
            if agree(earlier, reading)
        ]
        self.before, self.here = together[:MOST] or self.before, []

    def recall(self, choices: Choices) -> Laws:
        """The laws bound before, in a reading that does not contradict the choices."""
        fitting = (laws for reading, laws in self.before if agree(choices.taken, reading))
        return dict(next(fitting, self.before[0][1]))

    def keep(self, choices: Choices, laws: Laws) -> None:
        """Keeps what a relation bound in a reading; ``laws`` are those recalled for it, with what it added."""
        known = self.recall(choices)
        added = {name: law for name, law in laws.items() if known.get(name) is not law}
        self.here.append(({k: choices.choose(k, options) for k, options in choices.met.items()}, added))

    def copy(self) -> LawMemory:
        other = LawMemory()
        other.before, other.here = list(self.before), list(self.here)
        return other


def agree(one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    """Whether two readings give no notation two meanings."""
    return all(other.get(notation, value) == value for notation, value in one.items())
