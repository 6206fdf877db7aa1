"""What is known while declarations are collected, and what every kind of declaration asks of a node."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from derivations.reading.conventions import Conventions
from derivations.reading.names import Head, head_of, heads
from derivations.reading.places import Placed
from derivations.reading.scope import Definition, DomainDeclaration, LawDeclaration, Scope
from derivations.reading.survey.usage import Usage
from derivations.reading.tree import Group, Node
from derivations.reading.vocabulary import LAW_WORDS, OPERATOR_WORDS, is_moment_sign
from derivations.reading.walking import applications, as_group, as_sequence
from proofs.records import Domain

DEEPEST = 8  # definitions inside definitions


@dataclass
class Declared:
    """What the declarations of a document come to: the scope, and what each relation (by its order) is."""

    scope: Scope = field(default_factory=Scope)
    kinds: dict[int, str] = field(default_factory=dict)  # order -> definition | assumption
    soft: dict[int, tuple[str, str]] = field(default_factory=dict)  # order -> what to say instead of an accusation


INVERTIBLE = (
    r"invertib|bijecti|diffeo|inverse|one-to-one|normalizing flow|the flow\b|strictly (?:in|de)creasing|monoton"
)


class Recorder:
    """The state of the walk over a document's chains."""

    def __init__(self, usage: Usage, conventions: Conventions, prose: str):
        self.usage, self.conventions = usage, conventions
        self.found = Declared()
        self.known: dict[str, Definition] = {}
        self.seen: set[str] = set()  # names that occurred already
        self.candidates: list[Definition] = []  # definitions if nothing else defines the name
        self.last: Placed | None = None  # the chain before
        self.used_in_display: set[str] = set()  # names that stand further up in the same display
        # laws that follow from two others: order, the law, the prior, the likelihood
        self.consequences: list[tuple[int, LawDeclaration, LawDeclaration, LawDeclaration]] = []
        self.invertible = bool(re.search(INVERTIBLE, prose, re.I))
        self.found.scope.mentions_jacobian = bool(re.search(r"jacobian", prose, re.I))

    @property
    def scope(self) -> Scope:
        return self.found.scope

    def declare(self, key: str, domain: Domain, order: int, placed: Placed, *, membership: bool = False) -> None:
        """Keeps where a name lies."""
        declaration = DomainDeclaration(key, domain, order, placed.section_end, placed.paragraph, membership)
        self.scope.domains.append(declaration)

    def define(self, definition: Definition) -> None:
        self.known[definition.key] = definition
        self.scope.definitions.append(definition)

    # ------------------------------------------------------------------------------------------ names

    def head(self, node: Node) -> Head | None:
        return head_of(node, is_parameter=self.conventions.is_parameter)

    def is_operator(self, head: Head) -> bool:
        """Whether the name is notation of the field, which no equation defines."""
        if (head.base, head.font) == ("N", "cal") or is_moment_sign(head.base, head.font):
            return True
        if head.base == "D" and head.label in ("KL", "JS", "JSD"):
            return True
        return head.base in OPERATOR_WORDS and len(head.base) > 1

    def mentions(self, node: Node, key: str) -> bool:
        return any(key in (h.name, h.key) for h in heads(node, is_parameter=self.conventions.is_parameter))

    def circular(self, key: str, body: Node, depth: int = 0) -> bool:
        """Whether the body, with earlier definitions unfolded, speaks of the key itself."""
        if depth > DEEPEST:
            return True
        for head in heads(body, is_parameter=self.conventions.is_parameter):
            if head.name == key and depth:
                return True
            known = self.known.get(head.name)
            if known is None or known.parameters or known.key == key:
                continue
            if self.circular(key, known.body, depth + 1):
                return True
        return False

    # ------------------------------------------------------------------------------------------ densities and laws

    def call(self, node: Node) -> tuple[Node, Group] | None:
        """(f, (x)) of f(x); None for anything else."""
        sequence = as_sequence(node)
        group = as_group(sequence.items[1]) if sequence is not None and len(sequence.items) == 2 else None
        return (sequence.items[0], group) if sequence is not None and group is not None else None

    def looks_density(self, node: Node) -> bool:
        """p(x|z): a density letter with something beside it."""
        sequence = as_sequence(node)
        if sequence is None or len(sequence.items) != 2 or not self.is_density_letter(sequence.items[0]):
            return False
        group = as_group(sequence.items[1])
        heads_within = [self.head(part) for part in group.parts] if group is not None else []
        # Q(theta, theta') of the EM algorithm is no density
        return not heads_within or any(h is None or not self.conventions.is_parameter(h.base) for h in heads_within)

    def is_density_letter(self, node: Node) -> bool:
        head = self.head(node)
        if head is None:
            return False
        return head.base in self.conventions.density_letters or head.key in self.usage.conditioned

    def is_closed_density(self, node: Node) -> bool:
        """An explicit formula, with no density in it."""
        if any(self.is_density_letter(first) for first, _ in applications(node)):
            return False
        densities = self.usage.sampled | self.usage.conditioned  # the p of \\mu_p is a label, and no density
        return not any(h.key in densities for h in heads(node, is_parameter=self.conventions.is_parameter))

    def is_bare_density(self, node: Node) -> bool:
        """p, p_data: a density letter as a whole."""
        head = self.head(node)
        if head is None or head.power is not None or head.base not in self.conventions.density_letters:
            return False
        used = self.usage.listed | self.usage.sampled
        return head.key in used or (bool(head.label) and head.key.lower() in {k.lower() for k in used})

    def letter(self, node: Node) -> str:
        """The letter of the joint density that a density letter belongs to."""
        head = self.head(node)
        assert head is not None
        return replace(head, superlabel="").letter

    def is_named_law(self, node: Node) -> bool:
        """N(m, S), Bern(k), ..."""
        called = self.call(node)
        head = self.head(called[0]) if called is not None else None
        if head is None or head.base not in LAW_WORDS or head.power is not None:
            return False
        return head.font in ("cal", "rm") or len(head.base) > 1 or head.base in ("N", "U")
