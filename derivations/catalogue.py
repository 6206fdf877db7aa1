r"""The catalogue: claims of the field with their sources, each an `Entry` that is content and nearly data.

To add a claim, copy an entry of `discriminator.py`, `divergence.py`, ... and change what it says:

    Entry(
        "kl.to-standard-normal",
        "Divergence from the standard normal law",
        r"D_{KL}(\mathcal N(\mu,\sigma^2)\|\mathcal N(0,1)) = \log\frac1\sigma+\frac{\sigma^2+\mu^2}{2}-\frac12",
        given=r"Let $\mu\in\mathbb{R}$ and $\sigma>0$.",
        source=Source("003", "Q1.5b", "the divergence of a diagonal encoder, one coordinate"),
        wrong=(...three formulas that look like it and are false...),
    )

The statement is read by our own reader under the sentence ``given``, as a line of a document would be;
`meanings.toml` says what it must have understood.  A claim that is more than one relation names a scheme of
`proofs.schemes` and the relations (`Part`) that the scheme expands to.
"""

from __future__ import annotations

import fnmatch
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import import_module
from typing import Any

from derivations.reading import read_document, read_relations
from derivations.reading.relations import ReadRelation
from proofs import terms as T
from proofs.printing import text
from proofs.prover import prove
from proofs.records import Domain, Hypotheses, Proof, Relation
from proofs.schemes import RELATION, Scheme, compose


class CatalogueError(ValueError):
    """An entry that does not say what it should; the message begins with its id."""


@dataclass(frozen=True)
class Source:
    """Where a claim was met: the document's number, its question, and the claim in our own words."""

    document: str
    question: str
    words: str = ""


@dataclass(frozen=True)
class Part:
    """One relation (or chain of them) that a claim consists of.

    ``says`` is LaTeX; ``given`` is a sentence that is added to the entry's, ``domains`` are kinds of `proofs.records`
    for symbols of which no sentence says enough, and ``conditions`` are inequalities between them, in LaTeX.
    ``role`` says which part of a scheme
    it is ("upper bound").  ``reading`` is the choice where the notation has two readings.  ``derivation`` is the chain
    of steps that a lecturer would show from the left side to the right one, where the search needs to be led.
    """

    says: str
    given: str = ""
    role: str = ""
    domains: Mapping[str, str] = field(default_factory=dict)
    conditions: tuple[str, ...] = ()
    reading: Mapping[str, str] = field(default_factory=dict)
    derivation: str = ""


@dataclass(frozen=True)
class Exact:
    """A count that is compared with the real library, case by case, in whole numbers.

    ``formula`` is a SymPy expression in the symbols that the keys of a case name; ``observed(**case)`` asks the
    library; ``wrong`` are formulas that the same comparison must tell apart.
    """

    formula: Any
    observed: Callable[..., int]
    cases: Callable[[], Iterable[Mapping[str, int]]]
    wrong: tuple[Any, ...]

    def expected(self, case: Mapping[str, int], formula: Any = None) -> int:
        """The formula (or another one) at the values of a case.  CatalogueError where it is no whole number."""
        value = (self.formula if formula is None else formula).subs(
            {s: case[s.name] for s in self.formula.free_symbols | getattr(formula, "free_symbols", set())}
        )
        if not value.is_Integer:
            raise CatalogueError(f"{self.formula} is no whole number at {dict(case)}")
        return int(value)


@dataclass(frozen=True)
class Entry:
    """A claim of the catalogue; see the top of this file.

    ``parts`` is empty where the statement is the only relation.  ``fix`` is, for a claim that does not hold, what it
    should have said: the id of another entry, or parts of its own.  ``wrong`` are at least three relations that look
    like the claim (like its fix, where it does not hold) and must be refuted by the same test.
    """

    id: str
    title: str
    statement: str
    source: Source
    given: str = ""
    holds: bool = True
    scheme: Scheme = RELATION
    parts: tuple[Part, ...] = ()
    domains: Mapping[str, str] = field(default_factory=dict)
    conditions: tuple[str, ...] = ()
    reading: Mapping[str, str] = field(default_factory=dict)
    derivation: str = ""
    fix: str | tuple[Part, ...] = ()
    wrong: tuple[Part | str, ...] = ()
    exact: tuple[Exact, ...] = ()
    note: str = ""

    def claims(self) -> list[Claim]:
        """The relations that have to be proved (for a false claim: of which one has to be refuted)."""
        if self.exact:
            return []
        parts = self.parts or (Part(self.statement, derivation=self.derivation),)
        return [c for p in parts for c in self._read(p)]

    def fixes(self) -> list[Claim]:
        """The relations that a false claim should have said."""
        if isinstance(self.fix, str):
            return entry(self.fix).claims()
        return [c for p in self.fix for c in self._read(p)]

    def variants(self) -> list[Claim]:
        """The wrong variants, each one relation."""
        return [c for w in self.wrong for c in self._read(w if isinstance(w, Part) else Part(w))[-1:]]

    def _read(self, part: Part) -> list[Claim]:
        given = f"{self.given} {part.given}".strip()
        reading = {**self.reading, **part.reading}
        conditions = tuple(
            _condition(self.id, given, c, reading) for c in dict.fromkeys((*self.conditions, *part.conditions))
        )
        kinds = {**self.domains, **part.domains}

        def under(found: list[tuple[ReadRelation, Relation]]) -> list[tuple[ReadRelation, Relation]]:
            return [(r, with_hypotheses(relation, kinds, conditions)) for r, relation in found]

        claims = under(_read(self.id, given, part.says, reading))
        links = under(_read(self.id, given, part.derivation, reading)) if part.derivation else []
        if links and len(claims) > 1:
            raise CatalogueError(f"{self.id}: a derivation leads to one relation, and {part.says} has {len(claims)}")
        return [Claim(part, r, relation, tuple(link for _, link in links)) for r, relation in claims]


@dataclass(frozen=True)
class Claim:
    """One relation of an entry, as written and as understood, with the links of its derivation."""

    part: Part
    read: ReadRelation
    relation: Relation
    links: tuple[Relation, ...] = ()

    def prove(self, seconds: float) -> Proof | None:
        """A proof by the search (``seconds`` for each link, where it is led through some); None where it finds none."""
        if not self.links:
            return prove(self.relation, seconds)
        proofs = []
        for link in self.links:
            found = prove(link, seconds)
            if found is None:
                return None
            proofs.append(found)
        return compose(self.relation, proofs)

    @property
    def meaning(self) -> str:
        return f"{text(self.relation.lhs)} {self.relation.rel} {text(self.relation.rhs)}"

    def sympy(self) -> tuple[Any, Any]:
        """Both sides as SymPy expressions of `proofs.language`."""
        from proofs.language import to_sympy

        return to_sympy(self.relation.lhs), to_sympy(self.relation.rhs)


def with_hypotheses(relation: Relation, kinds: Mapping[str, str], conditions: Sequence[T.Term]) -> Relation:
    """The relation under more hypotheses: kinds of its symbols, by declaration, and conditions."""
    h: Hypotheses = relation.hypotheses
    variables = dict(h.variables)
    for name, kind in kinds.items():
        old = variables.get(name, Domain())
        variables[name] = replace(old, kind=kind, declared=True)
    # whatever an entry names is universal: nothing in it is left unexplained
    h = replace(h, variables=variables, conditions=(*h.conditions, *conditions), unexplained=frozenset())
    return replace(relation, hypotheses=h)


def _read(id_: str, given: str, says: str, reading: Mapping[str, str]) -> list[tuple[ReadRelation, Relation]]:
    """The relations of the last display, each in the reading asked for (the first that fits)."""
    document = read_document("entry.md", f"{given}\n\n$$\n{says}\n$$\n")
    relations = read_relations(document)
    last = [r for r in relations if r.chain == relations[-1].chain] if relations else []
    if not last:
        raise CatalogueError(f"{id_}: no relation was read in {says}")
    found = []
    for r in last:
        if r.kind != "claim":
            raise CatalogueError(f"{id_}: {r.lhs} {r.rel} {r.rhs} was read as {r.kind} ({r.reason})")
        fitting = [m for m in r.meanings if all(m.reading.get(k, v) == v for k, v in reading.items())]
        if not fitting or fitting[0].relation is None:
            why = (
                fitting[0].problem or (fitting[0].conflict and fitting[0].conflict.message) if fitting else "no reading"
            )
            raise CatalogueError(f"{id_}: {r.lhs} {r.rel} {r.rhs} has no meaning: {why}")
        found.append((r, fitting[0].relation))
    return found


def _condition(id_: str, given: str, says: str, reading: Mapping[str, str]) -> T.Term:
    """A comparison as a condition.

    Our reader takes a bare ``a < b`` for a declaration and ``a = b`` for a definition; under an exponential both are
    claims, and the exponential is taken off again.
    """
    signs = {r"\ne": "!=", r"\le": "<=", r"\ge": ">=", "<": "<", ">": ">", "=": "="}
    sign = next((s for s in signs if s in says), None)
    if sign is None:
        raise CatalogueError(f"{id_}: {says} is not a condition")
    lhs, rhs = says.split(sign, 1)
    ((_, relation),) = _read(id_, given, rf"\exp\left({lhs}\right) \le \exp\left({rhs}\right)", reading)
    return T.compare(signs[sign], relation.lhs.args[0], relation.rhs.args[0])


# ------------------------------------------------------------------------------------------------ looking up

FAMILIES = (
    "discriminator",
    "adversarial_losses",
    "coverage",
    "divergence",
    "elbo",
    "prior_sampling",
    "linear_vae",
    "training",
    "gradients",
    "flows",
    "decisions",
    "shapes",
    "costs",
)


@cache
def entries() -> tuple[Entry, ...]:
    """Every entry, in the order of the topics.  Raises CatalogueError where an id is used twice or has no topic."""
    from derivations.topics import TOPICS

    known: dict[str, Entry] = {}
    for name in FAMILIES:
        for e in import_module(f"derivations.{name}").ENTRIES:
            if e.id in known:
                raise CatalogueError(f"{e.id}: there are two entries of this id")
            known[e.id] = e
    order = [i for topic in TOPICS for i in topic.ids]
    if loose := known.keys() - set(order):
        raise CatalogueError(f"{sorted(loose)[0]}: it stands under no topic of derivations/topics.py")
    return tuple(known[i] for i in order if i in known)


def entry(id_: str) -> Entry:
    """The entry of an id.  Raises KeyError where there is none."""
    for e in entries():
        if e.id == id_:
            return e
    raise KeyError(id_)


def matching(patterns: Iterable[str] = ()) -> list[Entry]:
    """The entries whose id matches one of the globs (all where none is given), in the order of the topics.

    Raises CatalogueError for a pattern that matches nothing.
    """
    patterns = list(patterns)
    for p in patterns:
        if not any(fnmatch.fnmatchcase(e.id, p) for e in entries()):
            raise CatalogueError(f"{p}: no claim of the catalogue is called that; `lemmata list` shows them")
    return [e for e in entries() if not patterns or any(fnmatch.fnmatchcase(e.id, p) for p in patterns)]


__all__ = ["CatalogueError", "Claim", "Entry", "Exact", "Part", "Source", "entries", "entry", "matching"]
