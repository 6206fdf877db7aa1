"""The plain records that every floor passes on.

They know nothing of files: the place of a relation is kept beside it by the reading floor.  Everything here is frozen
and picklable, so a worker process can take a Relation and give back a Verdict.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from types import MappingProxyType
from typing import Any, Literal

from proofs.mistakes.kinds import Mistake
from proofs.terms import SCALAR, Sort, Term

RELATIONS = ("=", "<=", ">=", "<", ">", "propto", "approx", ":=")

VerdictName = Literal["proved", "supported", "refuted", "undecided", "vacuous", "unread", "definition", "assumption"]

# What values a symbol may take.  `dimension` is a whole number >= 1 that also names a shape; `index` runs in a sum.
KINDS = (
    "real", "positive", "nonnegative", "nonzero", "unit", "closed_unit", "interval", "integer", "natural", "binary",
    "dimension", "index", "simplex", "positive_vector", "symmetric", "positive_definite", "positive_diagonal",
    "invertible", "orthogonal",
)  # fmt: skip


@dataclass(frozen=True)
class Domain:
    """The values of a symbol: a shape, a kind of ``KINDS`` and, for an interval, its bounds.

    ``declared`` is True where the document says so, False where a convention or its use suggests it; where it is
    False, the domain shrinks to where both sides are defined.  ``shape_guessed`` marks a shape that nothing fixes.
    """

    sort: Sort = SCALAR
    kind: str = "real"
    lower: Fraction | None = None
    upper: Fraction | None = None
    declared: bool = False
    shape_guessed: bool = False

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"{self.kind!r} is not a kind of domain: {', '.join(KINDS)}")


@dataclass(frozen=True)
class Function:
    """An unknown function: the spaces or shapes of its arguments, where its values lie, how regular it is.

    ``argument_spaces[i]`` is the name of the space that the i-th argument lives in (x for D(x)), or None.  The last
    ``parameters`` arguments of a call are parameters (theta of f_theta(x)).  ``convex`` functions satisfy Jensen's
    inequality; a ``bijection`` is a diffeomorphism and has a call_inverse.  ``result_space`` names the space of the
    values (x for G(z) in D(G(z))), or None.  The derivative of a ``regular`` function
    is invertible almost everywhere.
    """

    argument_spaces: tuple[str | None, ...] = (None,)
    argument_sorts: tuple[Sort, ...] = (SCALAR,)
    values: Domain = Domain()
    result_space: str | None = None
    parameters: int = 0
    smooth: bool = True
    bijection: bool = False
    convex: bool = False
    elementwise: bool = False
    regular: bool = False


@dataclass(frozen=True)
class Space:
    """Where a variable lives: its shape, and whether it is discrete by declaration (sums instead of integrals)."""

    sort: Sort = SCALAR
    discrete: bool = False
    shape_guessed: bool = True
    values: Domain | None = None


@dataclass(frozen=True)
class Family:
    """A joint density under one letter.

    ``spaces`` are all spaces that its outcomes and givens range over.  ``laws`` are the laws that the document
    declares for some of its conditionals: {(outcomes, givens): law}, with the givens as free symbols of their own
    names.  ``pushforward`` says that the density of its only outcome is that of a function of another: (function
    name, letter, outcome) e.g. ('G', 'p_z', 'z') for p_g.
    """

    spaces: tuple[str, ...] = ()
    laws: Mapping[tuple[tuple[str, ...], tuple[str, ...]], Term] = field(default_factory=dict)
    pushforward: tuple[str, str, str] | None = None
    parameters: tuple[str, ...] = ()


@dataclass(frozen=True)
class Hypotheses:
    """What a relation may take for granted.

    ``variables``: every symbol that is universal, with its domain.  ``space_of``: the space of each variable that is
    an outcome, a given or an argument of unknown functions (several variables may share one: z, z_1, z_2).
    ``conditions`` are further statements, as terms of sort bool.  ``unexplained``: symbols that nothing explains (the
    relation is refuted only if it fails for all their values).
    """

    variables: Mapping[str, Domain] = field(default_factory=dict)
    functions: Mapping[str, Function] = field(default_factory=dict)
    families: Mapping[str, Family] = field(default_factory=dict)
    spaces: Mapping[str, Space] = field(default_factory=dict)
    space_of: Mapping[str, str] = field(default_factory=dict)
    conditions: tuple[Term, ...] = ()
    unexplained: frozenset[str] = frozenset()

    def domain(self, name: str) -> Domain:
        return self.variables.get(name, Domain())


@dataclass(frozen=True)
class Relation:
    """``lhs rel rhs`` under hypotheses.  ``propto`` says in which variables the two sides are proportional."""

    lhs: Term
    rel: str
    rhs: Term
    hypotheses: Hypotheses = Hypotheses()
    proportional_in: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.rel not in RELATIONS:
            raise ValueError(f"{self.rel!r} is not a relation: {', '.join(RELATIONS)}")


@dataclass(frozen=True)
class Witness:
    """A world in which the relation fails.

    ``values`` are tagged plain data, as the JSON contract has them: {"number": "1/2"}, {"vector": [...]},
    {"matrix": [[...]]}, {"table": {...}}, {"law": {...}}, {"function": {...}}.  ``lhs`` and ``rhs`` are decimal
    strings, 'undefined', or a shape in words.  ``reading`` is what a person has to do to evaluate the sides by hand.
    """

    values: Mapping[str, Mapping[str, Any]]
    lhs: str
    rhs: str
    note: str = ""


@dataclass(frozen=True)
class Evidence:
    """What the worlds say: how many were tried, how sharply they agree, from which seed, on which device."""

    worlds: int = 0
    digits: int | None = None
    samples: int = 0
    interval: tuple[float, float] | None = None
    resolution: float | None = None
    seed: int = 0
    device: str = "cpu"
    kinds: tuple[str, ...] = ()
    shrunk: str = ""


@dataclass(frozen=True)
class WorldResult:
    """The outcome of testing in worlds: 'refuted' has a witness, 'supported' holds in every world tried."""

    status: Literal["supported", "refuted", "undecided"]
    evidence: Evidence = Evidence()
    witness: Witness | None = None
    reason: str = ""


@dataclass(frozen=True)
class Repair:
    """A relation that holds in worlds, and the slips by which a refuted relation differs from it: one, or one in each
    of two summands."""

    relation: Relation
    mistakes: tuple[Mistake, ...]


@dataclass(frozen=True)
class Step:
    """One step of a certificate for people: the rule, the term it gives, the side conditions it rests on."""

    rule: str
    before: Term
    after: Term
    side: Literal["lhs", "rhs", "both"]
    conditions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Proof:
    """What the prover gives back.  ``certificate`` is plain data that the kernel replays; ``axioms`` are the names of
    the rules used; ``assumed`` the side conditions that were not discharged (regularity only)."""

    certificate: Mapping[str, Any]
    steps: tuple[Step, ...]
    axioms: tuple[str, ...]
    assumed: tuple[str, ...]


@dataclass(frozen=True)
class Verdict:
    """The verdict on one relation, in one reading."""

    verdict: VerdictName
    reason: str = ""
    proof: Proof | None = None
    witness: Witness | None = None
    evidence: Evidence = Evidence()
    fault: str | None = None
    seconds: float = 0.0


EMPTY: Mapping[str, Any] = MappingProxyType({})
