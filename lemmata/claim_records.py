"""The records of claims: each settled, sampled for its picture and put into words, in a worker.

They are kept under a hash of the code, and given back while that has not changed.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from lemmata.verify import Examined, code_hash, examine, settled
from lemmata.workers import Failure, Task, Workers
from proofs import clock
from reports.claim_record import claim_record
from reports.pages import SCHEMA
from reports.picture_records import Count, Picture, convergence_picture, counts_picture, no_picture, worlds_picture

SECONDS = 180.0  # for one claim, at the most
SAMPLING, LOOKING, SHOWING = 5.0, 12.0, 1.0  # to sample one relation, all of a claim; to show the worlds of one
Progress = Callable[[int, int], None]


class Lost(RuntimeError):
    """A claim of which no record could be made."""


def record_of(id_: str, seed: int) -> dict[str, Any]:
    """The record of a claim, in a worker: settled, sampled for its picture, put into words."""
    from derivations.topics import TOPICS

    found = examine(id_, seed)
    whole = settled(found)
    topic = next((t.title for t in TOPICS if id_ in t.ids), "")
    counts = [_count(comparison, rows) for comparison, rows in found.counted]
    picture = counts_picture(counts) if counts else _picture(found, seed)
    fault = whole.fault
    if picture.kind == "convergence" and _contradicts(found, picture):
        fault = "; ".join(p for p in (fault, "the samples of the picture contradict the verdict") if p)
    record = claim_record(
        found.entry, topic, found.judged, found.fixes, whole=(whole.verdict, whole.reason, whole.fix_verdict),
        picture=picture, counts=counts, fault=fault,
    )  # fmt: skip
    return {**record, "as_asked": whole.as_asked and fault is None}


def _contradicts(found: Examined, picture: Picture) -> bool:
    """Whether samples refute what was proved: the relation of the picture is the one that is shown."""
    if picture.data["status"] != "refuted":
        return False
    return any(v.verdict in ("proved", "supported") and _shown(c.relation) == picture.relation for c, v in found.judged)


def _shown(relation: Any) -> str:
    from proofs.printing import latex
    from reports.prose import sign

    return f"{latex(relation.lhs)} {sign(relation.rel)} {latex(relation.rhs)}"


def _picture(found: Examined, seed: int) -> Picture:
    """The course of an estimate for the first relation that can be sampled, otherwise the worlds of the first one."""
    from numerics.convergence import converge
    from numerics.sides import sides

    relations = [c.relation for c, v in found.judged]
    if not found.entry.holds:  # the relation that fails, first
        relations = [c.relation for c, v in found.judged if v.verdict == "refuted"] + relations
        relations += [c.relation for c, _ in found.fixes]
    why = "nothing in it is an average over something random"
    deadline = clock.now() + LOOKING
    for relation in relations:
        if clock.now() > deadline:
            break
        course = converge(relation, seed=seed, seconds=SAMPLING)
        if not isinstance(course, str):
            return convergence_picture(_shown(relation), relation, course)
        why = course if relation is relations[0] else why
    for relation in relations:
        shown = sides(relation, seed=seed, seconds=SHOWING)
        if not isinstance(shown, str):
            return worlds_picture(_shown(relation), relation, shown, why)
    return no_picture(why)


def _count(comparison: Any, rows: Sequence[tuple[Mapping[str, int], int, int]]) -> Count:
    from sympy import latex

    step = max(len(rows) // 4, 1)
    shown = [
        {"case": {k: int(v) for k, v in case.items()}, "formula": expected, "library": observed}
        for case, expected, observed in rows[::step][:5]
    ]
    return Count(latex(comparison.formula), len(rows), shown, [[e, o] for _, e, o in rows])


def records(
    ids: Sequence[str], *, seed: int, jobs: int | None, fresh: bool = False, progress: Progress | None = None
) -> list[dict[str, Any]]:
    """The records of claims, in the order given; those whose code has not changed are kept from earlier runs.

    Raises Lost where a claim could not be made into a record.
    """
    found = {} if fresh else {i: r for i in ids if (r := _kept(i, seed))}
    waiting = [i for i in ids if i not in found]
    lost = []
    if waiting:
        with Workers(jobs) as workers:
            done = workers.run([Task(record_of, (i, seed), SECONDS) for i in waiting], progress)
        for id_, result in zip(waiting, done):
            if isinstance(result.value, Failure):
                lost.append(f"{id_}: the report {result.value.reason}")
                continue
            found[id_] = json.loads(json.dumps(result.value))
            _keep(found[id_], seed)
    if lost:
        raise Lost("; ".join(lost))
    return [found[i] for i in ids]


@cache
def _code() -> str:
    import reports

    digest = hashlib.sha256(code_hash().encode())
    writers = sorted(Path(reports.__file__).parent.glob("*.py"))
    for path in (*writers, Path(__file__)):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _place(id_: str, seed: int) -> Path:
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return home / "lemmata" / "reports" / f"{id_}.{seed}.json"


def _kept(id_: str, seed: int) -> dict[str, Any] | None:
    try:
        found = json.loads(_place(id_, seed).read_text(encoding="utf-8"))
        return found["record"] if found["code"] == _code() and found["record"]["schema"] == SCHEMA else None
    except (OSError, ValueError, TypeError, KeyError):
        return None  # nothing there, or nothing that we wrote


def _keep(record: Mapping[str, Any], seed: int) -> None:
    if not record["as_asked"]:
        return  # what went wrong is looked at again
    place = _place(record["id"], seed)
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        part = place.with_suffix(f".{os.getpid()}")
        part.write_text(json.dumps({"code": _code(), "record": record}, ensure_ascii=False), encoding="utf-8")
        part.replace(place)
    except OSError:
        return  # a home that cannot be written to costs time, not reports


__all__ = ["Lost", "record_of", "records"]
