"""Every claim, in each of its open readings, is both proved and tested in worlds; equal questions are asked once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from derivations.reading.relations import Meaning, ReadRelation
from lemmata import tasks
from lemmata.verdicts import Judged, of_instance, of_meaning, of_results, with_general
from lemmata.workers import Done, Task, Workers
from proofs.records import Relation, Repair, Verdict
from proofs.terms import Term
from reports.record import Outcome

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Settings:
    """The budget of a relation in seconds, the seed of its worlds, and whether more samples are drawn.

    Raises ValueError for what is out of range.
    """

    seconds: float = 10.0
    seed: int = 0
    deep: bool = False

    def __post_init__(self) -> None:
        if not self.seconds > 0:
            raise ValueError(f"seconds_per_relation must be positive, not {self.seconds}")
        if not 0 <= self.seed < 2**63:
            raise ValueError(f"seed must be a whole number from 0 to 2**63 - 1, not {self.seed}")


@dataclass(frozen=True)
class Claim:
    """A relation as read, with the bytes that workers get."""

    read: ReadRelation
    blob: bytes


def judge(
    workers: Workers, claims: Sequence[Claim], settings: Settings, progress: Progress | None = None
) -> list[Judged]:
    """The claims with a verdict in each reading, in their order.  What is no claim has no outcomes."""
    questions = _Questions()
    asked = [
        [questions.about(claim, i) for i in range(len(claim.read.meanings))] if claim.read.kind == "claim" else []
        for claim in claims
    ]
    answers = questions.ask(workers, settings, progress)
    return [
        Judged(
            c.read,
            tuple(Outcome(m, _verdict(m, [answers[n] for n in numbers])) for m, numbers in zip(c.read.meanings, those)),
        )
        for c, those in zip(claims, asked)
    ]


def mend(workers: Workers, refuted: Sequence[tuple[Claim, int, int]], settings: Settings) -> list[Repair | None]:
    """For each (refuted claim, reading, in how many readings it is tried) the single slip that explains it; None where
    none was found."""
    work = []
    for claim, reading, tries in refuted:
        seconds = settings.seconds / tries
        work.append(Task(tasks.mend, (claim.blob, reading, settings.seed, seconds), 2 * seconds))
    return [done.value if isinstance(done.value, Repair) else None for done in workers.run(work)]


def fit(workers: Workers, conflicts: Sequence[tuple[Claim, int]], settings: Settings) -> list[Repair | None]:
    """For each claim whose guessed shapes do not fit, in the reading given, the transposition with which it holds."""
    work = [
        Task(tasks.transpose, (c.blob, reading, settings.seed, settings.seconds), 2 * settings.seconds)
        for c, reading in conflicts
    ]
    return [done.value if isinstance(done.value, Repair) else None for done in workers.run(work)]


def _verdict(meaning: Meaning, answers: Sequence[tuple[Done, Done]]) -> Verdict:
    """The verdict on a meaning; the answers are on its relation and, where it has one, on its general form."""
    if meaning.relation is None:
        return of_meaning(meaning)
    verdict, *general = [
        of_results(meaning.relation.rel, proof.value, worlds.value, proof.seconds + worlds.seconds)
        for proof, worlds in answers
    ]
    for wider in general:
        verdict = with_general(verdict, wider)
    return of_instance(verdict, meaning.instance)


class _Questions:
    """Relations to be settled, each once, however many lines or readings say it."""

    def __init__(self) -> None:
        self._known: dict[tuple[Term, str, Term], list[tuple[Relation, int]]] = {}
        self._askers: list[tuple[bytes, int, bool]] = []

    def about(self, claim: Claim, reading: int) -> list[int]:
        """The numbers of the questions about a meaning: its relation, then its general form, where it has them."""
        meaning = claim.read.meanings[reading]
        if meaning.relation is None:
            return []
        numbers = [self._number(meaning.relation, (claim.blob, reading, False))]
        if meaning.general is not None:
            numbers.append(self._number(meaning.general, (claim.blob, reading, True)))
        return numbers

    def _number(self, relation: Relation, asker: tuple[bytes, int, bool]) -> int:
        same_sides = self._known.setdefault((relation.lhs, relation.rel, relation.rhs), [])
        for known, number in same_sides:
            if known == relation:
                return number
        number = len(self._askers)
        same_sides.append((relation, number))
        self._askers.append(asker)
        return number

    def ask(self, workers: Workers, settings: Settings, progress: Progress | None) -> list[tuple[Done, Done]]:
        """For each question what the search for a proof gave, and what the worlds gave."""
        half = settings.seconds / 2
        work = []
        for asker in self._askers:
            work.append(Task(tasks.prove, (*asker, half), settings.seconds))
            work.append(Task(tasks.try_worlds, (*asker, settings.seed, half, settings.deep), settings.seconds))
        done = workers.run(work, progress)
        return list(zip(done[::2], done[1::2]))
