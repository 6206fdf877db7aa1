"""`report`: claims of the catalogue and checked documents as pages, and the booklet of several claims."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lemmata.claim_records import Lost, records
from lemmata.pdflatex import TexError, compiled, require
from reports.claim_record import booklet_record
from reports.document_record import document_record

SUFFIXES = (".md", ".markdown", ".txt", ".tex", ".ltx", ".latex", ".ipynb", ".rst", ".org")  # of documents
FORMATS = ("latex", "pdf", "html", "md", "json")
Progress = Callable[[int, int], None]


class ReportError(ValueError):
    """What was asked for cannot be made; the message says what is missing."""


@dataclass(frozen=True)
class Written:
    """The files that were written, and what has to be said about them."""

    files: tuple[Path, ...]
    records: tuple[Mapping[str, Any], ...]
    faults: tuple[str, ...] = ()
    refused: tuple[str, ...] = field(default=())  # claims that did not end as they should, documents with a wrong line
    seconds: float = 0.0

    def exit_status(self) -> int:
        """0; 1 where a claim did not end as it should or a document has a refuted line; 3 for a fault of ours."""
        return 3 if self.faults else int(bool(self.refused))


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

    A claim is written to <id>.tex, .html, ..., a document notes.md to notes.report.tex, ..., the pictures that LaTeX
    wants to pictures/.

    Without ``what`` all claims are reported.  Raises ReportError for a format that is not known and for what cannot be
    reported; TexError for PDF where there is no pdflatex, or where it fails; CatalogueError for a pattern that matches
    no claim; `InputError` of `lemmata.checking` for a document that cannot be read.
    """
    from derivations.catalogue import matching

    start = time.perf_counter()
    wanted = tuple(dict.fromkeys(formats))
    for name in wanted:
        if name not in FORMATS:
            raise ReportError(f"{name!r} is not a format of reports; choose from {', '.join(FORMATS)}")
    if "pdf" in wanted:
        require()
    files = [w for w in what if _is_file(w)]
    patterns = [w for w in what if w not in files]
    ids = [e.id for e in matching(patterns)] if patterns or not files else []
    folder = Path(to)
    for f in files:
        if Path(f).stem.endswith(".report") and Path(f).resolve().parent == folder.resolve():
            raise ReportError(f"{f}: a document of this name would be written over; choose another folder")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ReportError(f"{folder}: cannot be made: {error.strerror or error}") from None
    try:
        made = records(ids, seed=seed, jobs=jobs, fresh=fresh, progress=progress)
    except Lost as error:
        raise ReportError(str(error)) from None
    written: list[Path] = []
    for record in made:
        written += _write(folder, record["id"], record, wanted)
    if len(made) > 1:
        written += _write(folder, "booklet", booklet_record(made), wanted)
    documents = _documents(files, seed, jobs, progress)
    for name, record in zip(_names(documents), documents):
        written += _write(folder, name, record, wanted)
    all_ = [*made, *documents]
    faults = tuple(f"{r['id']}: {r['fault']}" for r in all_ if r["fault"])
    refused = tuple(r["id"] for r in made if not r["as_asked"])
    refused += tuple(r["id"] for r in documents if "refuted" in r["counts"])
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


def _names(documents: Sequence[Mapping[str, Any]]) -> list[str]:
    """A name for the pages of each document, such as notes.report: never that of the document itself."""
    names: list[str] = []
    for record in documents:
        stem = Path(record["id"]).stem or "document"
        name, n = f"{stem}.report", 2
        while name in names:
            name, n = f"{stem}-{n}.report", n + 1
        names.append(name)
    return names


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
            if record["kind"] == "claim":  # the booklet wants no others
                drawn = picture_pdf(record["picture"])
                if drawn is not None:
                    put(folder / latex.picture_path(record), drawn)
            put(folder / f"{name}.tex", latex.write(record))
        if "pdf" in formats:
            put(folder / f"{name}.pdf", compiled(folder, name))
    except OSError as error:
        raise ReportError(f"{folder / name}: cannot be written: {error.strerror or error}") from None
    return written


__all__ = ["FORMATS", "ReportError", "TexError", "Written", "report"]
