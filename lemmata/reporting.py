"""`report`: claims of the catalogue and checked documents as pages, and the booklet of all claims.

A claim is settled, sampled for its picture and made into a record in a worker; the record is what is kept, under a hash
of the code, and what the writers get.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from shutil import which
from typing import Any

from lemmata.verify import Examined, code_hash, examine, settled
from lemmata.workers import Failure, Task, Workers
from reports.pages import (
    SCHEMA,
    Count,
    Picture,
    claim_record,
    convergence_picture,
    counts_picture,
    document_record,
    no_picture,
    worlds_picture,
)

SUFFIXES = (".md", ".markdown", ".txt", ".tex", ".ltx", ".latex", ".ipynb", ".rst", ".org")  # of documents
FORMATS = ("latex", "pdf", "html", "md", "json")
SECONDS = 90.0  # for one claim, at the most
SAMPLING, SHOWING = 2.0, 1.0  # for the samples of one picture, for the worlds of one
COMPILING = 300.0
Progress = Callable[[int, int], None]


class ReportError(ValueError):
    """What was asked for cannot be made; the message says what is missing."""


@dataclass(frozen=True)
class Written:
    """The files that were written, and what has to be said about them."""

    files: tuple[Path, ...]
    records: tuple[Mapping[str, Any], ...]
    faults: tuple[str, ...] = ()
    refused: tuple[str, ...] = field(default=())  # claims that did not end as they should
    seconds: float = 0.0


# ------------------------------------------------------------------------------------------------ records


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
    from reports.pages import sign

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
    for relation in relations:
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

    Raises ReportError where a claim could not be made into a record.
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
        raise ReportError("; ".join(lost))
    return [found[i] for i in ids]


@cache
def _code() -> str:
    import reports

    digest = hashlib.sha256(code_hash().encode())
    for path in (Path(reports.__file__).parent / "pages.py", Path(__file__)):
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


# ------------------------------------------------------------------------------------------------ pages


def report(
    what: Sequence[str] = (),
    *,
    to: str | os.PathLike[str],
    formats: Iterable[str] = ("latex", "html", "json"),
    fresh: bool = False,
    seed: int = 0,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> Written:
    """Write the reports of claims (ids and globs) and of documents (files), and a booklet of several claims.

    Without ``what`` all claims are reported.  Raises ReportError for a format that is not known, for PDF where there is
    no pdflatex, and for what cannot be reported; CatalogueError for a pattern that matches no claim; `InputError` of
    `lemmata.checking` for a document that cannot be read.
    """
    from derivations.catalogue import matching

    start = time.perf_counter()
    wanted = tuple(dict.fromkeys(formats))
    for name in wanted:
        if name not in FORMATS:
            raise ReportError(f"{name!r} is not a format of reports; choose from {', '.join(FORMATS)}")
    if "pdf" in wanted and which("pdflatex") is None:
        raise ReportError(
            "there is no pdflatex on this machine, so no PDF can be made: install TeX Live (on Debian and Ubuntu "
            "texlive-latex-recommended), or ask for --format latex and compile it elsewhere"
        )
    files = [w for w in what if _is_file(w)]
    patterns = [w for w in what if w not in files]
    ids = [e.id for e in matching(patterns)] if patterns or not files else []
    folder = Path(to)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ReportError(f"{folder}: cannot be made: {error.strerror or error}") from None
    made = records(ids, seed=seed, jobs=jobs, fresh=fresh, progress=progress)
    written: list[Path] = []
    for record in made:
        written += _write(folder, record["id"], record, wanted)
    if len(made) > 1:
        written += _write(folder, "booklet", booklet_record(made), wanted)
    documents = _documents(files, seed, jobs, progress)
    for name, record in zip(_names(files), documents):
        written += _write(folder, name, record, wanted)
    all_ = [*made, *documents]
    faults = tuple(f"{r['id']}: {r['fault']}" for r in all_ if r["fault"])
    refused = tuple(r["id"] for r in made if not r["as_asked"])
    return Written(tuple(written), tuple(all_), faults, refused, time.perf_counter() - start)


def _is_file(word: str) -> bool:
    """A word is a file where there is one, or where it looks like a path; otherwise it is the id of a claim."""
    return Path(word).exists() or os.sep in word or Path(word).suffix.lower() in SUFFIXES


def _documents(files: Sequence[str], seed: int, jobs: int | None, progress: Progress | None) -> list[dict[str, Any]]:
    if not files:
        return []
    from lemmata.checking import check

    found = check(files, seed=seed, jobs=jobs, progress=progress)
    by_file: dict[str, list[str]] = {}
    for f in found.faults:
        by_file.setdefault(f.file, []).append(f.message)
    return [json.loads(json.dumps(document_record(f, by_file.get(f.file, ())))) for f in found.files]


def _names(files: Sequence[str]) -> list[str]:
    """A name for the pages of each file: that of the file, numbered where it is taken."""
    names: list[str] = []
    for f in files:
        stem = Path(f).stem or "document"
        name, n = stem, 2
        while name in names or name == "booklet":
            name, n = f"{stem}-{n}", n + 1
        names.append(name)
    return names


def booklet_record(made: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The booklet of several claims: under their topics, with the axioms that all of them use."""
    topics: dict[str, list[Mapping[str, Any]]] = {}
    for r in made:
        topics.setdefault(r["topic"], []).append(r)
    axioms: dict[str, dict[str, Any]] = {}
    for r in made:
        for a in r["axioms"]:
            known = axioms.setdefault(a["name"], {**a, "statements": [], "claims": 0})
            known["statements"] += [s for s in a["statements"] if s not in known["statements"]]
            known["claims"] += 1
    return {
        "schema": SCHEMA, "kind": "booklet", "id": "booklet", "title": "Lemmata: the catalogue",
        "topics": [{"title": t, "claims": list(rs)} for t, rs in topics.items()],
        "axioms": sorted(axioms.values(), key=lambda a: (-a["claims"], a["name"])), "fault": None,
    }  # fmt: skip


def _write(folder: Path, name: str, record: Mapping[str, Any], formats: Sequence[str]) -> list[Path]:
    """The pages of a record, and the pictures that the LaTeX page wants beside it."""
    from reports import derivation_html, json, latex, markdown
    from reports.pictures import picture_pdf

    written: list[Path] = []

    def put(path: Path, content: str | bytes) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
        written.append(path)

    try:
        if "json" in formats:
            put(folder / f"{name}.json", json.write_record(record))
        if "html" in formats:
            put(folder / f"{name}.html", derivation_html.write(record))
        if "md" in formats:
            put(folder / f"{name}.md", markdown.write(record))
        if "latex" in formats or "pdf" in formats:
            for claim in latex.claims_of(record):
                if claim["picture"]["kind"] != "none" and not (folder / latex.picture_path(claim)).exists():
                    drawn = picture_pdf(claim["picture"])
                    if drawn is not None:
                        put(folder / latex.picture_path(claim), drawn)
            put(folder / f"{name}.tex", latex.write(record))
        if "pdf" in formats:
            put(folder / f"{name}.pdf", compiled(folder, name))
    except OSError as error:
        raise ReportError(f"{folder / name}: cannot be written: {error.strerror or error}") from None
    return written


def compiled(folder: Path, name: str) -> bytes:
    """The PDF of a LaTeX page that stands in a folder.  Raises ReportError with the first error of pdflatex."""
    with tempfile.TemporaryDirectory() as work:
        command = [
            "pdflatex", "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape", f"-output-directory={work}",
            f"{name}.tex",
        ]  # fmt: skip
        environment = {**os.environ, "openin_any": "p", "openout_any": "p", "max_print_line": "1000"}
        for _ in range(3):  # the table of contents moves the pages once
            before = _auxiliary(Path(work))
            try:
                done = subprocess.run(
                    command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True,
                    timeout=COMPILING, check=False,
                )  # fmt: skip
            except subprocess.TimeoutExpired:
                raise ReportError(f"{name}.tex: pdflatex took longer than {COMPILING:.0f} s") from None
            if done.returncode:
                lines = done.stdout.decode("utf-8", "replace").splitlines()
                first = next((i for i, line in enumerate(lines) if line.startswith("!")), max(len(lines) - 3, 0))
                raise ReportError(f"{name}.tex: pdflatex fails: {' '.join(lines[first : first + 3])}")
            if _auxiliary(Path(work)) == before:
                break
        return (Path(work) / f"{name}.pdf").read_bytes()


def _auxiliary(work: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in work.iterdir() if p.suffix in (".aux", ".toc", ".out")}


__all__ = ["FORMATS", "ReportError", "Written", "booklet_record", "compiled", "record_of", "records", "report"]
