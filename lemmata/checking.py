"""`check` and `check_text`: documents in, a report out.

A document is read, each of its relations is proved and tested in worlds in each reading still open, and the results
are put together.  All of that happens in workers that can be killed, so no document can hang or end the command.
"""

from __future__ import annotations

import os
import pickle
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from lemmata import tasks
from lemmata.chains import with_consequences
from lemmata.judging import Claim, Progress, Settings, fit, judge, mend
from lemmata.tasks import Reading, Source, Unopenable
from lemmata.verdicts import (
    Decided,
    Judged,
    choose_readings,
    claims_something_else,
    explained,
    may_be_transposed,
    of_implied,
    of_relation,
    of_shapes,
    readings_to_mend,
    under_conditions,
)
from lemmata.workers import Done, Failure, Task, Workers
from proofs.records import Repair
from reports.record import Fault, FileReport, RelationReport, Report

READING_SECONDS = 120.0  # a busy machine may need many times what a quiet one does
LARGEST_FILE = 20 * 2**20

Pathlike = str | os.PathLike[str]


class InputError(ValueError):
    """Documents that could not be opened or read: ``messages`` has a line for each.

    ``report`` is that of the other documents.
    """

    def __init__(self, messages: Sequence[str], report: Report):
        super().__init__("\n".join(messages))
        self.messages = tuple(messages)
        self.report = report


def check(
    paths: Pathlike | Iterable[Pathlike],
    *,
    context: Pathlike | None = None,
    seconds_per_relation: float = 10.0,
    deep: bool = False,
    seed: int = 0,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> Report:
    """Check documents (Markdown, LaTeX, text, notebooks) and say of every relation in them whether it holds.

    ``context`` is a TOML file that adds to the conventions of the field (`derivations/reading/conventions.toml`).  The
    search for a proof and the test in worlds get half of ``seconds_per_relation`` each, in processor time, and are
    killed when they take all of it.  ``deep`` draws more samples; the same ``seed`` gives the same result.  ``jobs`` is
    the number of processes (default: one a core; 0: this process, without limits).  ``progress(done, total)`` is called
    on the way.

    Raises InputError where a document cannot be opened, and ValueError for a budget, seed or jobs out of range.
    """
    if isinstance(paths, str | os.PathLike):
        paths = [paths]
    settings = Settings(seconds_per_relation, seed, deep)
    return _check([Source(os.fspath(p)) for p in paths], context, settings, jobs, progress)


def check_text(
    text: str,
    name: str = "text.md",
    *,
    context: Pathlike | None = None,
    seconds_per_relation: float = 10.0,
    deep: bool = False,
    seed: int = 0,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> Report:
    """Check a text.  ``name`` is shown in the report, and its ending says whether it is Markdown or LaTeX.

    The other arguments, and what is raised, are those of `check`.
    """
    if not isinstance(text, str):
        raise TypeError(f"text must be a string, not {type(text).__name__}")
    settings = Settings(seconds_per_relation, seed, deep)
    return _check([Source(name, text)], context, settings, jobs, progress)


def _check(
    sources: list[Source], context: Pathlike | None, settings: Settings, jobs: int | None, progress: Progress | None
) -> Report:
    start = time.perf_counter()
    context = None if context is None else os.fspath(context)
    trouble = {s: _cannot_open(s) for s in sources}
    messages = [m for m in trouble.values() if m]
    openable = [s for s, m in trouble.items() if not m]
    if context is not None and (m := _cannot_open(Source(context))):
        messages, openable = [m], []  # without its context a document would be judged by other hypotheses
    files: list[FileReport] = []
    faults: list[Fault] = []
    if openable:
        with Workers(jobs) as workers:
            done = workers.run([Task(tasks.read, (s, context), READING_SECONDS) for s in openable])
            read: list[tuple[str, Reading, list[Claim]]] = []
            for source, result in zip(openable, done):
                if isinstance(result.value, Reading):
                    read.append((source.name, result.value, _claims(result.value)))
                elif isinstance(result.value, Failure) and result.value.ours:
                    faults.append(Fault(source.name, None, None, f"reading it {result.value.reason}"))
                else:
                    messages.append(_not_read(source, result))
            judged = iter(judge(workers, [c for _, _, claims in read for c in claims], settings, progress))
            for name, reading, claims in read:
                mine = [next(judged) for _ in claims]
                readings = choose_readings(mine)
                decided = _decide(workers, claims, mine, readings, settings)
                mine, decided = _with_implied(workers, mine, decided, readings, settings)
                relations, more = with_consequences(
                    _relation_reports(mine, decided), readings, lambda asked: judge(workers, asked, settings)
                )
                faults += _faults(name, [*mine, *more])
                files.append(FileReport(name, tuple(_in_order(relations, reading)), reading.text))
    report = Report(tuple(files), tuple(faults), time.perf_counter() - start)
    if messages:
        raise InputError(messages, report)
    return report


def _cannot_open(source: Source) -> str | None:
    """Why a file cannot be opened, as far as that can be seen without reading it."""
    if source.text is not None:
        return None
    path = Path(source.name)
    try:
        if path.is_dir():
            return f"{path} is a folder; give the documents in it"
        size = path.stat().st_size
        with path.open("rb"):
            pass
    except FileNotFoundError:
        return f"{path}: there is no such file"
    except (OSError, ValueError) as error:
        return f"{path}: cannot be opened: {getattr(error, 'strerror', None) or error}"
    if size > LARGEST_FILE:
        return f"{path}: {size / 2**20:.0f} MB is more than the {LARGEST_FILE // 2**20} MB that are read"
    return None


def _not_read(source: Source, done: Done) -> str:
    if isinstance(done.value, Unopenable):
        message = done.value.message
        return message if source.name in message else f"{source.name}: {message}"
    return f"{source.name}: reading it {done.value.reason}; try it in parts"


def _claims(reading: Reading) -> list[Claim]:
    return [Claim(pickle.loads(blob), blob) for blob in reading.relations]


def _decide(
    workers: Workers, claims: list[Claim], judged: list[Judged], readings: Mapping[str, str], settings: Settings
) -> list[Decided]:
    """The verdict on each relation of one document, read in one reading of each notation.  What fails is accused only
    where it is explained."""
    decided = under_conditions(judged, [of_relation(j, readings) for j in judged])
    failing = [(i, readings_to_mend(judged[i], d)) for i, d in enumerate(decided) if d.verdict == "refuted"]
    tries = [(i, k, len(those)) for i, those in failing for k in those]
    repairs = mend(workers, [(claims[i], k, count) for i, k, count in tries], settings)
    found: dict[int, tuple[int, Repair | None]] = {}
    for (i, k, _), repair in zip(tries, repairs):
        if i not in found or (found[i][1] is None and repair is not None):
            found[i] = (k, repair)
    for i, (k, repair) in found.items():
        outcome = judged[i].outcomes[k]
        decided[i] = explained(decided[i]._replace(chosen=k), outcome.meaning, outcome.verdict.witness, repair)
    misfits = [(i, d.chosen) for i, d in enumerate(decided) if d.chosen is not None and may_be_transposed(judged[i], d)]
    for (i, k), repair in zip(misfits, fit(workers, [(claims[i], k) for i, k in misfits], settings)):
        decided[i] = of_shapes(decided[i], judged[i].outcomes[k].verdict.witness, repair)
    return decided


def _with_implied(
    workers: Workers, judged: list[Judged], decided: list[Decided], readings: Mapping[str, str], settings: Settings
) -> tuple[list[Judged], list[Decided]]:
    """What claims nothing as it stands is judged by what it implies: of averages, of laws."""
    places = [i for i, (j, d) in enumerate(zip(judged, decided)) if claims_something_else(j, d)]
    claims = [Claim(read, pickle.dumps(read)) for i in places if (read := judged[i].read.implies) is not None]
    if not claims:
        return judged, decided
    implied = judge(workers, claims, settings)
    chosen = {**readings, **choose_readings(implied)}
    judged, decided = list(judged), list(decided)
    for i, mine, verdict in zip(places, implied, _decide(workers, claims, implied, chosen, settings)):
        found = of_implied(decided[i], verdict)
        if found is not None:
            judged[i], decided[i] = replace(mine, read=judged[i].read), found
    return judged, decided


def _relation_reports(judged: list[Judged], decided: list[Decided]) -> list[RelationReport]:
    """The relations of one document, as they were decided."""
    reports = []
    for j, d in zip(judged, decided):
        read, chosen = j.read, d.chosen
        taken = dict(read.fixed)
        if chosen is not None:
            meaning = j.outcomes[chosen].meaning
            taken |= meaning.reading
            if meaning.relation is not None and meaning.relation.proportional_in:
                taken["proportional in"] = ", ".join(meaning.relation.proportional_in)
        seconds = sum(o.verdict.seconds for o in j.outcomes)
        reports.append(
            RelationReport(
                read.line, read.column, read.lhs, read.rel, read.rhs, d.verdict, d.reason, taken,
                read.chain, read.position, None, j.outcomes, chosen, seconds, read, d.repair,
            )
        )  # fmt: skip
    return reports


def _in_order(relations: list[RelationReport], reading: Reading) -> list[RelationReport]:
    """The relations, and what was wrong with the document itself as unread places among them."""
    problems = [RelationReport(line, column, None, None, None, "unread", why) for line, column, why in reading.problems]
    return sorted([*relations, *problems], key=lambda r: (r.line, r.column)) if problems else relations


def _faults(name: str, judged: list[Judged]) -> list[Fault]:
    found = [(j.read, o.verdict.fault) for j in judged for o in j.outcomes if o.verdict.fault]
    return [Fault(name, read.line, read.column, fault) for read, fault in found]
