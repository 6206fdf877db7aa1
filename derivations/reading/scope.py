"""What a document has said up to a place: definitions, laws, domains, maps, and what is equal to what."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

from derivations.reading.places import NEVER
from derivations.reading.tree import Node
from proofs.records import Domain
from proofs.terms import SCALAR, Sort


@dataclass(frozen=True)
class Definition:
    """``key(parameters) := body``, from ``order`` to ``end``; ``section`` is the one it stands in."""

    key: str
    parameters: tuple[str, ...]
    body: Node
    order: int
    section: int = 0
    end: int = NEVER
    letter: str = ""  # the name without its parameters: f of f_theta
    marks: tuple[str, ...] = ()  # what separates the parameters: the bar of p(x|z)
    fixed: bool = False  # C(G) := c, which says nothing of C at anything else
    conventional: bool = False  # of the field, where the document says nothing: it supports, and never accuses


@dataclass(frozen=True)
class DomainDeclaration:
    """Where a name lies, from ``order`` on; its shape holds to the end of the section.

    ``membership``: x in R^n says the shape and the kind, while x > 0 and 'x is orthogonal' leave the shape as it is.
    """

    key: str
    domain: Domain
    order: int
    section_end: int = NEVER
    paragraph: int = 0
    membership: bool = False

    def after(self, old: DomainDeclaration | None) -> DomainDeclaration:
        """This declaration, where another of the same name stands before it."""
        if old is None:
            return self
        together = old.paragraph == self.paragraph
        mine, before = self.domain, old.domain
        if self.membership:
            is_refined = together and mine.kind == "real" and before.kind != "real"
            return replace(self, domain=replace(before, sort=mine.sort)) if is_refined else self
        kept = replace(mine, sort=before.sort) if self.order < old.section_end and mine.sort == SCALAR else mine
        if together and kept.sort == SCALAR:
            kept = common(before, kept) or kept
        return replace(self, domain=kept, section_end=old.section_end if kept.sort == before.sort else self.section_end)


HALF_LINES = {"positive": (0, None), "nonnegative": (0, None), "unit": (0, 1), "closed_unit": (0, 1)}


def common(a: Domain, b: Domain) -> Domain | None:
    """The interval in which both domains agree; None where one is none, or they exclude each other."""
    ends = [ends_of(a), ends_of(b)]
    if None in ends:
        return None
    lower = max((e[0] for e in ends if e is not None and e[0] is not None), default=None)
    upper = min((e[1] for e in ends if e is not None and e[1] is not None), default=None)
    if lower is not None and upper is not None and lower >= upper:
        return None
    if (lower, upper) == (0, 1):
        return Domain(
            SCALAR, "closed_unit" if {a.kind, b.kind} & {"nonnegative", "closed_unit"} else "unit", declared=True
        )
    if (lower, upper) == (0, None):
        return Domain(SCALAR, "positive" if "positive" in (a.kind, b.kind) else "nonnegative", declared=True)
    return Domain(SCALAR, "interval", lower, upper, declared=True)


def ends_of(domain: Domain) -> tuple[Fraction | None, Fraction | None] | None:
    if domain.kind == "interval":
        return domain.lower, domain.upper
    if domain.kind not in HALF_LINES:
        return None
    lower, upper = HALF_LINES[domain.kind]
    return Fraction(lower), None if upper is None else Fraction(upper)


@dataclass(frozen=True)
class LawDeclaration:
    """``outcomes | givens ~ law``, under a density letter or (letter None) of a variable alone."""

    letter: str | None
    outcomes: tuple[str, ...]
    givens: tuple[str, ...]
    law: Node
    order: int
    section_end: int
    parameters: frozenset[str] = frozenset()  # theta of p_theta(z) = .. and p(z|theta) = ..
    mixed: bool = False  # q(z) = \int q(z|x) p(x) dx, which says p(x) of q(x)


@dataclass(frozen=True)
class Map:
    """``output = function(input)``, a deterministic map between two variables.

    ``densities`` are the letters of their densities, of the output and of the input, where a relation names them.
    """

    output: str
    function: str
    input: str
    order: int
    bijection: bool
    densities: tuple[str, str] | None = None

    def share_shape(self, shapes: dict[str, Sort]) -> None:
        """A bijection keeps the dimension: gives its output the shape of its input, or the other way round; or both
        that of the values of the function, f: R^n -> R^n."""
        known = shapes.get(self.input) or shapes.get(self.output) or shapes.get(self.function)
        if self.bijection and known is not None:
            shapes.setdefault(self.input, known)
            shapes.setdefault(self.output, known)


@dataclass(frozen=True)
class Sampled:
    """``function(noise, parameters)`` has the law ``letter`` of ``outcome``: a reparameterisation."""

    function: str
    arguments: tuple[str, ...]
    letter: str
    outcome: str
    order: int


@dataclass
class Scope:
    """Everything declared in a document, by place; `at` gives what holds at one place."""

    definitions: list[Definition] = field(default_factory=list)
    laws: list[LawDeclaration] = field(default_factory=list)
    maps: list[Map] = field(default_factory=list)
    reparameterisations: list[Sampled] = field(default_factory=list)
    domains: list[DomainDeclaration] = field(default_factory=list)
    sections: list[tuple[int, int]] = field(default_factory=list)  # (first order, section) in order
    equal_families: list[tuple[int, int, str, str]] = field(default_factory=list)  # order, end, letter, letter
    convex: list[tuple[int, str]] = field(default_factory=list)
    sigmoid: list[tuple[int, str]] = field(default_factory=list)
    bijections: list[tuple[int, str]] = field(default_factory=list)
    regular: list[tuple[int, str]] = field(default_factory=list)  # of a derivative invertible almost everywhere
    structured: list[tuple[int, str]] = field(default_factory=list)  # of a structure that no kind of domain says
    chain_ends: list[tuple[int, str, int | str, str]] = field(default_factory=list)  # order, sequence, index, variable
    solved: list[tuple[int, int, str, Node]] = field(default_factory=list)  # order, end, symbol, the value found for it
    mentions_jacobian: bool = False

    def section(self, order: int) -> int:
        position = bisect_right(self.sections, (order, 10**9)) - 1
        return self.sections[position][1] if position >= 0 else 0

    def at(self, order: int) -> View:
        """What holds at a place.  Of several definitions the latest counts; laws and shapes end with their section."""
        bare: dict[str, Definition] = {}
        applied: dict[str, Definition] = {}
        later: dict[str, Definition] = {}
        times = Counter((d.key, len(d.parameters)) for d in self.definitions)
        for d in self.definitions:
            if d.order < order < d.end:
                (applied if d.parameters else bare)[d.key] = d
            elif d.order > order and times[d.key, len(d.parameters)] == 1 and d.end == NEVER:
                later.setdefault(d.key, d)
        declared: dict[str, DomainDeclaration] = {}
        for new in self.domains:
            if new.order <= order or (new.key not in declared and self.section(new.order) == self.section(order)):
                declared[new.key] = new.after(declared.get(new.key))
        domains = {key: d.domain for key, d in declared.items() if d.domain.sort == SCALAR or order < d.section_end}
        return View(
            definitions={**applied, **bare},
            applied=applied,
            later=later,
            later_here=frozenset(k for k, d in later.items() if d.section == self.section(order)),
            laws=tuple(sorted((w for w in self.laws if w.order <= order < w.section_end), key=lambda w: w.order)),
            maps=tuple(m for m in self.maps if m.order <= order and not is_formula(m, applied.values())),
            reparameterisations=tuple(r for r in self.reparameterisations if r.order <= order),
            domains=domains,
            equal_families={a: b for start, end, a, b in self.equal_families if start <= order < end},
            convex=frozenset(k for o, k in self.convex if o <= order + 1),
            sigmoid=frozenset(k for o, k in self.sigmoid if o <= order + 1),
            bijections=frozenset(k for o, k in self.bijections if o <= order),
            regular=frozenset(k for o, k in self.regular if o <= order),
            structured=frozenset(k for o, k in self.structured if o <= order + 1),
            chain_ends=tuple((s, i, v) for o, s, i, v in self.chain_ends if o <= order),
            solved={key: value for start, end, key, value in self.solved if start < order < end},
            mentions_jacobian=self.mentions_jacobian,
        )


def is_formula(m: Map, definitions: Iterable[Definition]) -> bool:
    """Whether the function of a map has been given a formula since."""
    return any(m.function in (d.letter, d.key) and d.order > m.order for d in definitions)


@dataclass(frozen=True)
class View:
    """The declarations that hold at one place of a document."""

    definitions: Mapping[str, Definition] = field(default_factory=dict)  # by name; one without parameters goes first
    applied: Mapping[str, Definition] = field(default_factory=dict)  # those with parameters
    later: Mapping[str, Definition] = field(
        default_factory=dict
    )  # first given further down: may support, never accuses
    later_here: frozenset[str] = frozenset()  # of those, the ones that the same section defines
    laws: tuple[LawDeclaration, ...] = ()
    maps: tuple[Map, ...] = ()
    reparameterisations: tuple[Sampled, ...] = ()
    domains: Mapping[str, Domain] = field(default_factory=dict)
    equal_families: Mapping[str, str] = field(default_factory=dict)
    convex: frozenset[str] = frozenset()
    sigmoid: frozenset[str] = frozenset()
    bijections: frozenset[str] = frozenset()
    regular: frozenset[str] = frozenset()
    structured: frozenset[str] = frozenset()
    chain_ends: tuple[tuple[str, int | str, str], ...] = ()
    solved: Mapping[str, Node] = field(default_factory=dict)
    mentions_jacobian: bool = False
