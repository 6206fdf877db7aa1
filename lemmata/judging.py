"""Every claim, in each of its open readings, is both proved and tested in worlds; equal questions are asked once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from derivations.reading.relations import ReadRelation
from lemmata import tasks
from lemmata.verdicts import Judged, of_meaning, of_results
from lemmata.workers import Done, Task, Workers
from proofs.records import Relation
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
    asked: list[list[int | None]] = []
    for claim in claims:
        meanings = claim.read.meanings if claim.read.kind == "claim" else ()
        asked.append([questions.number(m.relation, claim, i) if m.relation else None for i, m in enumerate(meanings)])
    answers = questions.ask(workers, settings, progress)
    judged = []
    for claim, numbers in zip(claims, asked):
        outcomes = []
        for meaning, number in zip(claim.read.meanings, numbers):
            if number is None or meaning.relation is None:
                verdict = of_meaning(meaning)
            else:
                proof, worlds = answers[number]
                seconds = proof.seconds + worlds.seconds
                verdict = of_results(meaning.relation.rel, proof.value, worlds.value, seconds)
            outcomes.append(Outcome(meaning, verdict))
        judged.append(Judged(claim.read, tuple(outcomes)))
    return judged


class _Questions:
    """Relations to be settled, each once, however many lines or readings say it."""

    def __init__(self) -> None:
        self._known: dict[tuple[Term, str, Term], list[tuple[Relation, int]]] = {}
        self._askers: list[tuple[Claim, int]] = []

    def number(self, relation: Relation, claim: Claim, reading: int) -> int:
        same_sides = self._known.setdefault((relation.lhs, relation.rel, relation.rhs), [])
        for known, number in same_sides:
            if known == relation:
                return number
        number = len(self._askers)
        same_sides.append((relation, number))
        self._askers.append((claim, reading))
        return number

    def ask(self, workers: Workers, settings: Settings, progress: Progress | None) -> list[tuple[Done, Done]]:
        """For each question what the search for a proof gave, and what the worlds gave."""
        half = settings.seconds / 2
        work = []
        for claim, reading in self._askers:
            work.append(Task(tasks.prove, (claim.blob, reading, half), settings.seconds))
            worlds = (claim.blob, reading, settings.seed, half, settings.deep)
            work.append(Task(tasks.try_worlds, worlds, settings.seconds))
        done = workers.run(work, progress)
        return list(zip(done[::2], done[1::2]))
