"""From a proof and a test in worlds to a verdict, and from the verdicts in each reading to that of the line.

The rules are those of the design ("What a relation says"): a certificate beside a witness is a fault of ours; one value
of each ambiguous notation for the whole document; refuted only what fails in every reading still open.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice, product
from typing import NamedTuple, cast

from derivations.reading.relations import Meaning, ReadRelation
from derivations.reading.soft import GIVEN_VALUE, OF_DRAWS, TAKES_VALUE, is_computation, is_scalar_formula
from lemmata.workers import Failure
from proofs.mistakes import Mistake
from proofs.records import Evidence, Proof, Repair, Verdict, VerdictName, Witness, WorldResult
from reports.record import Outcome

HOLDS = ("proved", "supported")
SEARCH, TEST = "the search for a proof", "the test in worlds"
LARGEST_CHOICE = 4096  # combinations of readings that are compared; beyond, those listed first


def of_meaning(meaning: Meaning) -> Verdict:
    """The verdict on a meaning that has no relation to prove: its shapes conflict, or it says nothing to us."""
    if meaning.conflict is None:
        return Verdict("unread", meaning.problem or "it has no meaning for us")
    conflict = meaning.conflict
    witness = Witness({}, conflict.left, conflict.right, conflict.message)
    if conflict.guessed:
        return Verdict("undecided", f"{conflict.message}; but a shape was only guessed here", witness=witness)
    return Verdict("refuted", f"the shapes do not fit: {conflict.message}", witness=witness)


def of_results(rel: str, proof: Proof | Failure | None, worlds: WorldResult | Failure, seconds: float = 0.0) -> Verdict:
    """What the search for a proof (None: it found none) and the test in worlds say together."""
    evidence, witness = (Evidence(), None) if isinstance(worlds, Failure) else (worlds.evidence, worlds.witness)
    status = "undecided" if isinstance(worlds, Failure) else worlds.status
    certificate = proof if isinstance(proof, Proof) else None
    unproved = f"{SEARCH} {proof.reason}" if isinstance(proof, Failure) else "no proof was found"
    tested = f"{TEST} {worlds.reason}" if isinstance(worlds, Failure) else worlds.reason
    broken = [f"{who} {r.reason}" for who, r in ((SEARCH, proof), (TEST, worlds)) if isinstance(r, Failure) and r.ours]
    fault = "; ".join(broken) or None

    def say(verdict: VerdictName, *reasons: str) -> Verdict:
        kept = witness if verdict == "refuted" or status == "refuted" else None
        return Verdict(verdict, sentences(*reasons), certificate, kept, evidence, fault, seconds)

    if certificate and status == "refuted":
        fault = "a certificate stands beside a witness; one of the two must be wrong"
        return say("undecided", f"a fault of ours: {fault}")
    if certificate:
        return say("proved", evidence.shrunk, tested if status == "undecided" else "")
    if status == "supported":
        return say("supported", tested, evidence.shrunk, unproved)
    if status == "refuted" and rel != "approx" and witness is not None:
        return say("refuted", tested or witness.note or "it fails in the world shown")
    if status == "refuted" and rel == "approx":
        return say("undecided", "an approximation is never refuted")
    return say("undecided", unproved, tested)


def with_general(verdict: Verdict, general: Verdict) -> Verdict:
    """The verdict on a relation about declared laws, with what is known of it for arbitrary densities.

    What holds for all densities holds for those declared; that it fails for some says nothing.
    """
    if general.fault:
        return replace(verdict, fault=sentences(verdict.fault or "", f"for arbitrary densities, {general.fault}"))
    if general.verdict == "proved" and verdict.verdict == "refuted":
        fault = "a certificate for arbitrary densities stands beside a witness; one of the two must be wrong"
        return replace(verdict, verdict="undecided", reason=f"a fault of ours: {fault}", fault=fault)
    strength = {"proved": 2, "supported": 1}
    if verdict.verdict == "refuted" or strength.get(general.verdict, 0) <= strength.get(verdict.verdict, 0):
        return verdict
    reason = sentences("it holds for arbitrary densities", general.reason)
    seconds = verdict.seconds + general.seconds
    return replace(general, reason=reason, fault=verdict.fault, seconds=seconds)


def of_instance(verdict: Verdict, instance: str) -> Verdict:
    """The verdict on a relation that was written out for a special case: never more than supported."""
    if not instance or verdict.verdict not in HOLDS:
        return verdict
    return replace(verdict, verdict="supported", reason=sentences(f"checked for {instance} only", verdict.reason))


def sentences(*parts: str) -> str:
    return "; ".join(p for p in parts if p)


@dataclass(frozen=True)
class Judged:
    """A relation with the verdict in each of its open readings, in the order of ``read.meanings``."""

    read: ReadRelation
    outcomes: tuple[Outcome, ...]


def choose_readings(relations: Sequence[Judged]) -> dict[str, str]:
    """One value of each ambiguous notation for the document: that in which most lines hold, then fewest are refuted,
    then the one listed first.  Notations that meet in a line are chosen together."""
    values: dict[str, list[str]] = {}
    groups: list[set[str]] = []
    for judged in relations:
        met: set[str] = set()
        for outcome in judged.outcomes:
            for key, value in outcome.meaning.reading.items():
                known = values.setdefault(key, [])
                if value not in known:
                    known.append(value)
                met.add(key)
        if met:
            groups = [g for g in groups if not g & met] + [met.union(*(g for g in groups if g & met))]
    chosen: dict[str, str] = {}
    for group in groups:
        keys = [k for k in values if k in group]
        concerned = [j for j in relations if any(o.meaning.reading.keys() & group for o in j.outcomes)]
        candidates: list[dict[str, str]] = [
            dict(zip(keys, combination)) for combination in islice(product(*(values[k] for k in keys)), LARGEST_CHOICE)
        ]
        best = max(candidates, key=lambda c: _score(concerned, c))  # the first of equals
        chosen.update(best)
    return chosen


def _score(relations: Iterable[Judged], readings: Mapping[str, str]) -> tuple[int, int]:
    verdicts = [_verdict_in(j, readings) for j in relations]
    return sum(v in HOLDS for v in verdicts), -sum(v == "refuted" for v in verdicts)


def _verdict_in(judged: Judged, readings: Mapping[str, str]) -> VerdictName:
    i = index_of(judged.outcomes, readings)
    return "undecided" if i is None else judged.outcomes[i].verdict.verdict


def index_of(outcomes: Sequence[Outcome], readings: Mapping[str, str]) -> int | None:
    """Which outcome is in the readings given; None where the relation has no meaning in them."""
    for i, outcome in enumerate(outcomes):
        if all(readings.get(k, v) == v for k, v in outcome.meaning.reading.items()):
            return i
    return None


class Decided(NamedTuple):
    """The verdict on a relation, its reason, which outcome it is taken from, and what would mend it."""

    verdict: VerdictName
    reason: str
    chosen: int | None = None
    repair: Repair | None = None


UNEXPLAINED = (
    "it fails in the world that was tried, but no slip explains it: perhaps something it rests on was not read"
)
BOUND = "it fails in the world that was tried, and holds as the inequality: an equality under a condition?"
UP_TO_A_CONSTANT = "it fails as it stands, and holds up to an additive constant"


def explained(refuted: Decided, meaning: Meaning, witness: Witness | None, repair: Repair | None) -> Decided:
    """A refuted relation stays accused where a slip explains it, or where there is nothing to misread in it."""
    has_values = witness is not None and "undefined" not in (witness.lhs, witness.rhs)
    explicit = is_scalar_formula(meaning) or (is_computation(meaning) and has_values)
    explicit = explicit and not meaning.mended  # where a bracket is missing there is something to misread
    slips = repair.mistakes if repair is not None else ()
    if Mistake.CONSTANT in slips:
        return refuted._replace(verdict="undecided", reason=UP_TO_A_CONSTANT, repair=repair)
    if Mistake.EQUALITY in slips:
        return refuted if explicit else refuted._replace(verdict="undecided", reason=BOUND, repair=repair)
    if slips:
        count = "one slip explains it" if len(slips) == 1 else "two slips explain it"
        return refuted._replace(reason=sentences(refuted.reason, f"{count}: {', and '.join(slips)}"), repair=repair)
    if explicit:
        return refuted
    return refuted._replace(verdict="undecided", reason=sentences(UNEXPLAINED, refuted.reason))


def may_be_transposed(judged: Judged, decided: Decided) -> bool:
    """Whether it is open that shapes do not fit, in any reading, and a transposition may have been lost."""
    conflicts = [o.meaning.conflict is not None and bool(o.meaning.transposed) for o in judged.outcomes]
    return decided.verdict == "undecided" and bool(conflicts) and all(conflicts) and judged.read.soft is None


def of_shapes(decided: Decided, witness: Witness | None, repair: Repair | None) -> Decided:
    """What a relation is whose guessed shapes do not fit, and do with one more transposition: guessed rightly."""
    if repair is None or witness is None:
        return decided
    reason = f"the shapes do not fit: {witness.note}; one slip explains it: {repair.mistakes[0]}"
    return decided._replace(verdict="refuted", reason=reason, repair=repair)


ESTIMATE = "an estimate: for particular draws it need not hold; on average over independent draws it does"
BIASED = "not even on average over independent draws does it hold"
OTHER_LAW = "what it is composed of has another law than the text gives it"


def claims_something_else(judged: Judged, decided: Decided) -> bool:
    """Whether a relation is to be asked for what it implies: where it claims nothing as it stands."""
    return judged.read.implies is not None and (decided.verdict == "definition" or decided.reason == OF_DRAWS)


def of_implied(decided: Decided, implied: Decided) -> Decided | None:
    """The verdict on a relation by that on what it implies, already explained; None where it stays as it is."""
    is_estimate = decided.reason == OF_DRAWS
    if implied.verdict == "refuted":
        return implied._replace(reason=sentences(BIASED if is_estimate else OTHER_LAW, implied.reason), repair=None)
    if is_estimate and implied.verdict in HOLDS:
        return implied._replace(verdict="undecided", reason=ESTIMATE)
    return None


def readings_to_mend(judged: Judged, refuted: Decided) -> list[int]:
    """In which readings a slip is looked for: the one taken; where a bracket is missing, the others too, in all of
    which the relation fails."""
    if refuted.chosen is None or judged.outcomes[refuted.chosen].meaning.relation is None:
        return []
    others = [i for i, o in enumerate(judged.outcomes) if o.meaning.mended and o.meaning.relation is not None]
    return [refuted.chosen, *(i for i in others if i != refuted.chosen)]


ANYWHERE = "it holds with the missing bracket in one place, and was not shown with it in the others"
CONDITIONED = (
    "the chain ends in a value that its expressions do not take in general: it may hold under a condition only"
)


def under_conditions(judged: Sequence[Judged], decided: Sequence[Decided]) -> list[Decided]:
    """In a chain A = B = 0 of which B = 0 fails in general, A = B is not accused either: the chain states a case."""
    chains = {j.read.chain for j, d in zip(judged, decided) if d.reason in (GIVEN_VALUE, TAKES_VALUE) and _fails(j, d)}
    return [
        d._replace(verdict="undecided", reason=CONDITIONED) if d.verdict == "refuted" and j.read.chain in chains else d
        for j, d in zip(judged, decided)
    ]


def _fails(judged: Judged, decided: Decided) -> bool:
    return decided.chosen is not None and judged.outcomes[decided.chosen].verdict.verdict == "refuted"


CONTRASTED = "it holds only if a density is short for the conditional one that it is set against here"


def of_relation(judged: Judged, readings: Mapping[str, str]) -> Decided:
    """The verdict on a relation in the readings of its document."""
    read, outcomes = judged.read, judged.outcomes
    if read.kind in ("definition", "assumption"):
        return Decided(read.kind, read.reason)
    if read.kind != "claim" or not outcomes:
        return Decided("unread", read.reason or "it has no meaning for us")
    chosen = index_of(outcomes, readings)
    if chosen is None:
        return Decided("undecided", "it has no meaning in the reading that was taken for the document")
    taken = outcomes[chosen]
    others = [o for i, o in enumerate(outcomes) if i != chosen]
    verdict, reason = taken.verdict.verdict, taken.verdict.reason
    if verdict in HOLDS and read.rel != "=" and taken.meaning.mended:
        open_places = [o for o in others if o.meaning.mended and o.verdict.verdict not in HOLDS]
        if open_places:  # one of several inequalities holds easily
            return Decided("undecided", f"{ANYWHERE}: {_named(taken, open_places)}", chosen)
    if verdict in HOLDS and taken.meaning.contrasted and any(o.verdict.verdict not in HOLDS for o in others):
        return Decided("undecided", CONTRASTED, chosen)
    if verdict in HOLDS:
        against = [o for o in others if o.verdict.verdict == "refuted"]
        if against:
            reason = sentences(f"holds if {_named(taken, against)}; not if {_alternatives(against, taken)}", reason)
        return Decided(verdict, reason, chosen)
    if verdict == "refuted" and read.rel == "approx":
        return Decided("undecided", "an approximation is never refuted", chosen)
    if verdict == "refuted":
        spared = [o for o in others if o.verdict.verdict != "refuted"]
        if not spared:
            verdict, reason = cast(tuple[VerdictName, str], read.soft or (verdict, reason))
            return Decided(verdict, reason, chosen)
        says = "it holds" if any(o.verdict.verdict in HOLDS for o in spared) else "it was not settled"
        better = [o for o in spared if o.verdict.verdict in HOLDS] or spared
        fails = f"fails if {_named(taken, better)}; {says} if {_alternatives(better, taken)}"
        return Decided("undecided", fails, chosen)
    holding = [o for o in others if o.verdict.verdict in HOLDS]
    if holding:
        reason = sentences(reason, f"it holds if {_alternatives(holding, taken)}")
    return Decided(verdict, reason, chosen)


def _differences(outcome: Outcome, taken: Outcome) -> dict[str, str]:
    """The readings of an outcome that are not those taken: {"second argument of N": "variance"}."""
    mine = taken.meaning.reading
    return {k: v for k, v in outcome.meaning.reading.items() if mine.get(k) != v}


def _least(outcomes: Iterable[Outcome], taken: Outcome) -> list[dict[str, str]]:
    """The differences of outcomes from that taken, without those that contain another."""
    found = [_differences(o, taken) for o in outcomes]
    return [d for d in found if not any(e.items() < d.items() for e in found)]


def _named(taken: Outcome, others: Iterable[Outcome]) -> str:
    """What was taken where others differ: 'second argument of N is variance'."""
    keys = {k for d in _least(others, taken) for k in d}
    named = (f"{k} is {v}" for k, v in taken.meaning.reading.items() if k in keys)
    return " and ".join(named) or "it is read as it stands"


def _alternatives(outcomes: Iterable[Outcome], taken: Outcome) -> str:
    names = (" and ".join(f"{k} is {v}" for k, v in d.items()) for d in _least(outcomes, taken))
    return ", or if ".join(dict.fromkeys(n or "it is read otherwise" for n in names))
