"""The record that all writers take: what was found for each relation of each file.

`as_json` of each record is the JSON contract "lemmata/1": every key is always there, null where it does not apply.
What a record holds beyond that (the meanings, the proof's steps) is for `--explain`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import isfinite
from typing import TYPE_CHECKING, Any

from proofs.mistakes import Mistake
from proofs.printing import latex
from proofs.records import Evidence, Relation, Repair, Verdict, VerdictName, Witness
from proofs.terms import Term

if TYPE_CHECKING:  # the package of the reading floor loads its grammar, which a writer does not need
    from derivations.reading.relations import Meaning, ReadRelation

SCHEMA = "lemmata/1"

# The relation as LaTeX; what a document wrote ('=', '<=', ...) is one of the first column.
RELATION_LATEX: Mapping[str, str] = {
    "<=": r"\le", ">=": r"\ge", "propto": r"\propto", "approx": r"\approx", "~": r"\sim", "in": r"\in",
    "!=": r"\ne", "to": r"\to", "mapsto": r"\mapsto", "iff": r"\iff", "implies": r"\implies", "notin": r"\notin",
}  # fmt: skip

# In the order in which a summary names them.
VERDICTS: tuple[VerdictName, ...] = (
    "proved", "supported", "refuted", "undecided", "vacuous", "unread", "definition", "assumption"
)  # fmt: skip


@dataclass(frozen=True)
class Outcome:
    """The verdict on one meaning of a relation: what its proof and its worlds say together."""

    meaning: Meaning
    verdict: Verdict


@dataclass(frozen=True)
class Shown:
    """What a chain with an error in it shows from its first side to its last: the sign, and whether that holds."""

    rel: str
    verdict: VerdictName

    @property
    def words(self) -> str:
        equal = self.rel == "="
        if self.verdict in ("proved", "supported"):
            return f"the end of the chain still {'equals' if equal else 'follows from'} its beginning"
        if self.verdict == "refuted":
            return f"the end of the chain does not {'equal' if equal else 'follow from'} its beginning"
        return f"whether the end of the chain {'equals' if equal else 'follows from'} its beginning was not settled"


@dataclass(frozen=True)
class RelationReport:
    """One relation, at its place, with its verdict.

    ``readings`` are the readings taken, {"second argument of N": "variance"}.  ``role`` in its chain: 'root' for the
    first error and for each that others were carried from, 'carried' for a refuted relation that holds with what was
    put for something at the error on line ``carried_from``, 'step' for all others; None where the relation stands
    alone.  ``shows`` is what its chain shows, where that has an error.  ``outcomes`` has one entry for each open
    reading; ``chosen`` is the one that the document is read in.
    """

    line: int
    column: int
    lhs: str | None
    rel: str | None
    rhs: str | None
    verdict: VerdictName
    reason: str = ""
    readings: Mapping[str, str] = field(default_factory=dict)
    chain: int | None = None
    position: int | None = None
    role: str | None = None
    outcomes: tuple[Outcome, ...] = ()
    chosen: int | None = None
    seconds: float = 0.0
    read: ReadRelation | None = None
    repair: Repair | None = None
    carried_from: int | None = None
    shows: Shown | None = None

    @property
    def detail(self) -> Verdict | None:
        """The verdict in the reading taken; None where nothing was tried."""
        return None if self.chosen is None else self.outcomes[self.chosen].verdict

    @property
    def witness(self) -> Witness | None:
        return self.detail.witness if self.detail and self.verdict == "refuted" else None

    @property
    def evidence(self) -> Evidence | None:
        """What the worlds say, None where none was tried."""
        tried = self.detail.evidence if self.detail else Evidence()
        return tried if tried.worlds or tried.samples else None

    def as_json(self) -> dict[str, Any]:
        proof = self.detail.proof if self.detail and self.verdict == "proved" else None
        shown = self.shows.words if self.shows and self.role == "root" else ""
        return {
            "line": self.line,
            "column": self.column,
            "lhs": self.lhs,
            "rel": self.rel,
            "rhs": self.rhs,
            "verdict": self.verdict,
            "reason": "; ".join(p for p in (self.reason, shown) if p),
            "readings": dict(self.readings),
            "axioms": list(proof.axioms) if proof else [],
            "assumed": list(proof.assumed) if proof else [],
            "certificate": plain(proof.certificate) if proof else None,
            "chain": {
                "id": self.chain,
                "position": self.position,
                "role": self.role,
                "carried_from": self.carried_from,
            },
            "witness": witness_json(self.witness),
            "evidence": evidence_json(self.evidence),
            "suggestion": suggestion(self.repair),
            "seconds": round(self.seconds, 3),
        }


@dataclass(frozen=True)
class FileReport:
    """A file and its relations in document order.  ``text`` is the file as decoded, to point at a place in it."""

    file: str
    relations: tuple[RelationReport, ...]
    text: str = ""

    @property
    def nothing_read(self) -> bool:
        """The file has mathematics, and none of it was understood."""
        return bool(self.relations) and all(r.verdict == "unread" for r in self.relations)

    def as_json(self) -> dict[str, Any]:
        return {"file": self.file, "relations": [r.as_json() for r in self.relations]}

    def _repr_html_(self) -> str:
        return Report((self,), seconds=sum(r.seconds for r in self.relations))._repr_html_()


@dataclass(frozen=True)
class Fault:
    """A fault of ours at a place: a certificate beside a witness, or a room that broke."""

    file: str
    line: int | None
    column: int | None
    message: str

    def as_json(self) -> dict[str, Any]:
        return {"file": self.file, "line": self.line, "column": self.column, "message": self.message}


@dataclass(frozen=True)
class Report:
    """What `check` gives back.  In a notebook it shows itself as a page."""

    files: tuple[FileReport, ...]
    faults: tuple[Fault, ...] = ()
    seconds: float = 0.0

    @property
    def relations(self) -> tuple[RelationReport, ...]:
        return tuple(r for f in self.files for r in f.relations)

    def counts(self) -> dict[str, int]:
        """How many relations have each verdict, in the order of VERDICTS; verdicts nobody has are left out."""
        found = Counter(r.verdict for r in self.relations)
        return {v: found[v] for v in VERDICTS if found[v]}

    def exit_status(self, strict: bool = False) -> int:
        """0 nothing refuted; 1 something refuted (strict: or not settled), or a file of which nothing was read;
        3 a fault of ours."""
        if self.faults:
            return 3
        bad = {"refuted", "undecided", "vacuous", "unread"} if strict else {"refuted"}
        return int(any(r.verdict in bad for r in self.relations) or any(f.nothing_read for f in self.files))

    def as_json(self) -> dict[str, Any]:
        return {
            "schema": SCHEMA,
            "seconds": round(self.seconds, 3),
            "faults": [f.as_json() for f in self.faults],
            "files": [f.as_json() for f in self.files],
        }

    def _repr_html_(self) -> str:
        from reports.html import fragment

        return fragment(self)


def witness_json(witness: Witness | None) -> dict[str, Any] | None:
    if witness is None:
        return None
    return {"values": plain(witness.values), "lhs": witness.lhs, "rhs": witness.rhs}


def instead(repair: Repair | None) -> Relation | None:
    """What would hold instead; None where that says only that a thing is itself, or is not how one would write it."""
    if repair is None or Mistake.CONSTANT in repair.mistakes or repair.relation.lhs == repair.relation.rhs:
        return None
    return repair.relation


def suggestion(repair: Repair | None) -> str | None:
    """What would hold instead, as LaTeX."""
    r = instead(repair)
    return None if r is None else f"{latex(r.lhs)} {RELATION_LATEX.get(r.rel, r.rel)} {latex(r.rhs)}"


def evidence_json(evidence: Evidence | None) -> dict[str, Any] | None:
    if evidence is None:
        return None
    return {
        "worlds": evidence.worlds,
        "digits": evidence.digits,
        "samples": evidence.samples,
        "interval": plain(evidence.interval),
        "resolution": evidence.resolution,
        "seed": evidence.seed,
        "device": evidence.device,
    }


def plain(value: Any) -> Any:
    """The same as lists, dictionaries, strings and numbers only.

    Raises TypeError for what has no plain form, so that nothing is written that nobody can read back.
    """
    if isinstance(value, float) and not isfinite(value):
        return str(value)
    if value is None or isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, Fraction):
        return str(value)
    if isinstance(value, Term):
        return {"op": value.op, "data": plain(value.data), "args": plain(value.args)}
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        items = sorted(value, key=str) if isinstance(value, set | frozenset) else value
        return [plain(v) for v in items]
    raise TypeError(f"a {type(value).__name__} has no plain form")
