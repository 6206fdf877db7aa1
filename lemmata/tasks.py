"""What runs in a worker: read a document, look for a proof of a relation, test a relation in worlds.

A relation travels as the bytes that the reading pickled, so that nothing pickles a deep term twice.
"""

from __future__ import annotations

import pickle
from dataclasses import dataclass, replace
from pathlib import Path

from derivations.reading.relations import ReadRelation
from proofs.records import Proof, Relation, Repair, WorldResult


@dataclass(frozen=True)
class Source:
    """A document to read: a file, or a text with a name (whose ending says its format)."""

    name: str
    text: str | None = None


@dataclass(frozen=True)
class Reading:
    """A document as read: its text, its relations (each pickled), and what was wrong at which line and column."""

    text: str
    relations: tuple[bytes, ...] = ()
    problems: tuple[tuple[int, int, str], ...] = ()


@dataclass(frozen=True)
class Unopenable:
    """A document that could not be opened, and why."""

    message: str


def read(source: Source, context: str | None) -> Reading | Unopenable:
    """Read a document, with the conventions of a context file (TOML) added.  Never raises for what is in either."""
    from derivations.reading import read_relations
    from derivations.reading.conventions import conventions_with
    from derivations.reading.documents import DocumentError, load, read_document

    text = None
    if context is not None:
        try:
            text = Path(context).read_text(encoding="utf-8")
            conventions_with(text)
        except (OSError, ValueError) as error:
            return Unopenable(f"{context}: {error}")
    try:
        found = load(source.name) if source.text is None else read_document(source.name, source.text)
    except DocumentError as error:
        return Unopenable(str(error))
    relations = read_relations(found, text)
    problems = tuple((*found.line_column(offset), message) for offset, message in found.problems)
    return Reading(found.text, tuple(_pickled(r) for r in relations), problems)


SOMETIMES = (
    "it fails for an arbitrary joint, and holds where the variables are independent: an assumption of the model?"
)


def _pickled(relation: ReadRelation) -> bytes:
    try:
        return pickle.dumps(relation)
    except RecursionError:
        unclear = replace(relation, kind="unclear", meanings=(), reason="this formula is nested too deeply for us")
        return pickle.dumps(unclear)


def prove(blob: bytes, reading: int, general: bool, seconds: float) -> Proof | None:
    """A proof of a relation in one of its readings (or of its general form), or None."""
    from proofs.prover import prove as search

    relation = _relation(blob, reading, general)
    proof = search(relation, seconds)
    is_meant = _read(blob).to_zero
    return None if proof is not None and not is_meant and _says_nothing(relation, seconds) else proof


def _says_nothing(relation: Relation, seconds: float) -> bool:
    """Whether twice the right side would be proved as well: both sides came out as zero, whatever was misread.

    A zero that the author wrote is meant, here or elsewhere in the chain (`ReadRelation.to_zero`).  A side that is not
    zero in some world is not, and a world costs less.
    """
    from numerics.check import test_in_worlds
    from proofs import terms as T
    from proofs.prover import prove as search

    sides = (relation.lhs, relation.rhs)
    if relation.rel != "=" or any(T.is_number(s, 0) or s.op == "zeros" for s in sides):
        return False
    nothing = T.ZERO if relation.rhs.sort == T.SCALAR else None
    if nothing is not None and test_in_worlds(replace(relation, lhs=nothing), seconds=0.5).status == "refuted":
        return False
    if search(replace(relation, rhs=T.mul(T.TWO, relation.rhs)), min(seconds, 2.0)) is None:
        return False
    inside = _inside(relation)  # two integrals that are zero say something where what stands in them is equal
    return inside is None or search(inside, min(seconds, 2.0)) is None or _says_nothing(inside, seconds)


def _inside(relation: Relation) -> Relation | None:
    """The equality of what stands in both sides where these are one integral, expectation or derivative of two things;
    None where they are not."""
    left, right = relation.lhs, relation.rhs
    if left.op not in ("integral", "expectation", "derivative") or (left.op, left.data) != (right.op, right.data):
        return None
    differing = [(a, b) for a, b in zip(left.args, right.args) if a != b]
    if len(left.args) != len(right.args) or len(differing) != 1 or differing[0][0].sort != differing[0][1].sort:
        return None
    return replace(relation, lhs=differing[0][0], rhs=differing[0][1])


def try_worlds(blob: bytes, reading: int, general: bool, seed: int, seconds: float, deep: bool) -> WorldResult:
    """What the worlds say of a relation in one of its readings (or of its general form)."""
    from numerics.check import test_in_worlds
    from numerics.independence import with_independence

    relation = _relation(blob, reading, general)
    result = test_in_worlds(relation, seed=seed, seconds=seconds, deep=deep)
    independent = with_independence(relation) if result.status == "refuted" else None
    if independent is not None and test_in_worlds(independent, seed=seed, seconds=seconds).status == "supported":
        return WorldResult("undecided", result.evidence, reason=SOMETIMES)
    if result.status == "supported" and _is_closed_formula(relation):
        return WorldResult(
            "undecided", result.evidence, reason="two numbers that agree to many digits need not be equal"
        )
    return result


def mend(blob: bytes, reading: int, seed: int, seconds: float) -> Repair | None:
    """The single slip whose undoing makes a refuted relation hold, or None."""
    from numerics.repair import repair

    return repair(_relation(blob, reading, False), seed=seed, seconds=seconds)


def transpose(blob: bytes, reading: int, seed: int, seconds: float) -> Repair | None:
    """The transposition whose loss explains that the shapes of a relation do not fit: with it the relation holds."""
    from numerics.check import test_in_worlds
    from proofs.mistakes import Mistake
    from proofs.prover import prove as search

    for relation in _read(blob).meanings[reading].transposed:
        status = test_in_worlds(relation, seed=seed, seconds=seconds / 2).status
        if status == "supported" or (status == "undecided" and search(relation, seconds / 2) is not None):
            return Repair(relation, (Mistake.TRANSPOSITION,))
    return None


def _is_closed_formula(relation: Relation) -> bool:
    """Whether both sides are formulas of numbers alone: there is one world only, and it decides nothing."""
    from proofs import terms as T

    varied = ("symbol", "family", "call", "expectation", "integral")
    return not any(n.op in varied for side in (relation.lhs, relation.rhs) for n in T.walk(side))


def _read(blob: bytes) -> ReadRelation:
    read_relation: ReadRelation = pickle.loads(blob)
    return read_relation


def _relation(blob: bytes, reading: int, general: bool) -> Relation:
    meaning = _read(blob).meanings[reading]
    relation = meaning.general if general else meaning.relation
    if relation is None:
        raise ValueError("this reading of the relation has no meaning to check")
    return relation
