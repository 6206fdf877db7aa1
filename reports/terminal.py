"""The report for a terminal: every relation as its author wrote it, its verdict, and why."""

from __future__ import annotations

import io

from rich import box
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from reports.plaintext import one_line, shortened, visible
from reports.record import FileReport, RelationReport, Report
from reports.words import MEANS, SYMBOL, counts_words, evidence_words, readings_words, value_words, written

STYLE = {
    "proved": "bold green",
    "supported": "green",
    "refuted": "bold red",
    "undecided": "yellow",
    "vacuous": "yellow",
    "unread": "magenta",
    "definition": "dim",
    "assumption": "dim",
}
LINES_SHOWN = 3  # of a formula; a refuted one is shown whole, within reason


def write(report: Report, *, width: int = 100, colour: bool = False) -> str:
    """The report as text of at most ``width`` columns (60 at least), with ANSI colours where asked for."""
    width = max(width, 60)
    out = io.StringIO()
    console = Console(
        file=out, width=width, force_terminal=colour, color_system="standard" if colour else None,
        highlight=False, markup=False, emoji=False, legacy_windows=False,
    )  # fmt: skip
    for file in report.files:
        console.print(Text(visible(file.file), "bold"))
        console.print(Padding(_table(file, width), (0, 0, 1, 1)) if file.relations else Text("  no relations found\n"))
    for fault in report.faults:
        place = ":".join(str(p) for p in (fault.file, fault.line, fault.column) if p is not None)
        console.print(Text(f"FAULT OF OURS  {one_line(place)}: {one_line(fault.message)}", "bold red"))
        console.print("  Please report this line: whatever Lemmata says about it cannot be relied on.\n")
    if report.files:
        console.print(Text(f"{counts_words(report)}.  {report.seconds:.1f} s", "bold"))
        for verdict in report.counts():
            console.print(Text(f"  {SYMBOL[verdict]} {verdict:<10}  {MEANS[verdict]}", "dim"))
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"


def _table(file: FileReport, width: int) -> Table:
    table = Table(box=box.SIMPLE, show_header=False, show_edge=False, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True, justify="right")
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for relation in file.relations:
        style = STYLE[relation.verdict]
        verdict = Text(f"{SYMBOL[relation.verdict]} {relation.verdict}", style)
        place = Text(f"{relation.line}:{relation.column}", "dim")
        table.add_row(place, verdict, _body(relation, width - 26))
    return table


def _body(relation: RelationReport, width: int) -> Text:
    quiet = relation.verdict in ("definition", "assumption")
    limit = width * (LINES_SHOWN * 3 if relation.verdict == "refuted" else LINES_SHOWN)
    body = Text(shortened(written(relation), limit), "dim" if quiet else "")
    for label, line in _notes(relation):
        body.append(f"\n  {label:<12}" if label else "\n  ", "dim")
        body.append(line, "red" if label in ("left side", "right side") else "" if label == "at" else "dim")
    return body


def _notes(relation: RelationReport) -> list[tuple[str, str]]:
    """The lines under a relation: (label, text)."""
    detail, notes = relation.detail, []
    witness = relation.witness
    if witness:
        notes += [("at", f"{one_line(name)} = {value_words(value)}") for name, value in witness.values.items()]
        notes += [("left side", one_line(witness.lhs)), ("right side", one_line(witness.rhs))]
    if relation.reason:
        notes.append(("why" if relation.verdict == "refuted" else "", one_line(relation.reason)))
    if witness and witness.note and witness.note not in relation.reason:
        notes.append(("note", one_line(witness.note)))
    if relation.verdict == "proved" and detail and detail.proof:
        if detail.proof.assumed:
            notes.append(("assuming", one_line("; ".join(detail.proof.assumed))))
    elif relation.verdict == "supported" and relation.evidence:
        notes.append(("holds in", evidence_words(relation.evidence)))
    if relation.readings and relation.verdict not in ("definition", "assumption"):
        notes.append(("read with", readings_words(relation)))
    if relation.role == "root":
        notes.append(("", "the first wrong step of its chain"))
    return notes
