"""The surroundings in which a part of a formula is given its meaning, and what a relation gathers on the way."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from derivations.reading.tree import Node
from proofs.records import Domain, Family, Function, Hypotheses, Space
from proofs.terms import Sort, Term

INSTANCE = 3  # the value given to the length of an unrolled sequence


class Unclear(Exception):
    """A formula was read, but has no meaning for us.  The message says which part, in a student's words."""


@dataclass(frozen=True)
class Env:
    """What is bound around a part: variables, running indices, arguments of a definition being unfolded."""

    bound: Mapping[str, Sort] = field(default_factory=dict)  # variables of E, integrals
    laws: Mapping[str, Term] = field(default_factory=dict)  # law of a bound variable
    indices: Mapping[str, Term] = field(default_factory=dict)  # running index -> symbol
    index_values: Mapping[str, int] = field(default_factory=dict)  # index of an unrolled sum -> its value
    values: Mapping[str, Term] = field(default_factory=dict)  # parameters of a definition -> meaning
    aliases: Mapping[str, Node] = field(default_factory=dict)  # parameters that are functions -> written name
    unfolding: frozenset[str] = frozenset()  # definitions that this part stands in
    unfolds_variables: bool = False  # inside a derivative: x stands for what it was defined to be

    def bind(self, name: str, sort: Sort, law: Term | None = None) -> Env:
        """With a variable bound, of which nothing outside is known inside."""
        laws = dict(self.laws)
        laws.pop(name, None)
        if law is not None:
            laws[name] = law
        values = {k: v for k, v in self.values.items() if k != name}
        return replace(self, bound={**self.bound, name: sort}, laws=laws, values=values)

    def with_index(self, name: str, symbol: Term) -> Env:
        return replace(self, indices={**self.indices, name: symbol})

    def with_index_value(self, name: str, value: int) -> Env:
        return replace(self, index_values={**self.index_values, name: value})

    def without_alias(self, name: str) -> Env:
        return replace(self, aliases={k: v for k, v in self.aliases.items() if k != name})


@dataclass
class Gathered:
    """What the meaning of one relation is about: filled while its sides are built, sealed as `Hypotheses`."""

    variables: dict[str, Domain] = field(default_factory=dict)
    functions: dict[str, Function] = field(default_factory=dict)
    families: dict[str, set[str]] = field(default_factory=dict)
    family_parameters: dict[str, tuple[str, ...]] = field(default_factory=dict)
    family_laws: dict[str, dict[tuple[tuple[str, ...], tuple[str, ...]], Term]] = field(default_factory=dict)
    implied: bool = False  # some density follows from a prior and a likelihood that are declared
    pushforwards: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    images: dict[str, Term] = field(default_factory=dict)  # variables that stand for a formula in another one
    spaces: dict[str, Space] = field(default_factory=dict)
    space_of: dict[str, str] = field(default_factory=dict)
    conditions: list[Term] = field(default_factory=list)
    unexplained: set[str] = field(default_factory=set)
    taken: list[str] = field(default_factory=list)
    shape_guessed: bool = False
    instance: str = ""
    enough: bool = False  # what is built is enough for what is claimed, and not necessary
    forward: bool = False  # a definition from further down the document was used
    opaque: set[str] = field(default_factory=set)  # names whose definitions have no meaning for us: taken as they are
    spread: bool = False  # a scalar variance was taken for a vector that nothing declares
    contrasted: bool = False  # q(z) was taken as short for a q(z|x) that it is set against
    unfolded: set[str] = field(default_factory=set)  # the names for which their definitions were put in

    def copy(self) -> Gathered:
        """As it is now, to go back to."""
        state = {}
        for name, value in self.__dict__.items():
            value = copy.copy(value)
            if isinstance(value, dict):
                value = {k: copy.copy(v) if isinstance(v, dict | set) else v for k, v in value.items()}
            state[name] = value
        return Gathered(**state)

    def restore(self, before: Gathered) -> None:
        """Forget what was gathered since."""
        self.__dict__.update(before.__dict__)

    def note(self, sentence: str) -> None:
        """Keeps a convention or guess that a reader should know of."""
        if sentence not in self.taken:
            self.taken.append(sentence)

    def hypotheses(self) -> Hypotheses:
        """What was gathered, sealed."""
        families = {
            letter: Family(
                tuple(sorted(spaces)),
                self.family_laws.get(letter, {}),
                self.pushforwards.get(letter),
                self.family_parameters.get(letter, ()),
            )
            for letter, spaces in self.families.items()
        }
        return Hypotheses(
            dict(self.variables),
            dict(self.functions),
            families,
            dict(self.spaces),
            dict(self.space_of),
            tuple(self.conditions),
            frozenset(self.unexplained),
        )
