"""The report for a terminal: every relation as its author wrote it, its verdict, and why."""

from __future__ import annotations

import io
from collections.abc import Iterator

from rich.console import Console, Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from reports.plaintext import one_line, shortened, visible
from reports.record import FileReport, RelationReport, Report
from reports.values import value_line
from reports.words import (
    MEANS,
    SYMBOL,
    chain_words,
    counts_words,
    readings_words,
    repaired_words,
    sharpness_words,
    written,
)

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
    """The report as text of at most ``width`` columns (60 at least; no path is cut), with ANSI colours if asked for."""
    width = max(width, 60)
    out = io.StringIO()
    console = Console(
        file=out, width=width, force_terminal=colour, color_system="standard" if colour else None,
        highlight=False, markup=False, emoji=False, legacy_windows=False,
    )  # fmt: skip
    for file in report.files:
        console.print(Text(visible(file.file), "bold"), soft_wrap=True)  # a path that is cut can't be copied
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
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True, justify="right")
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    told: set[str] = set()
    for relation in file.relations:
        style = STYLE[relation.verdict]
        verdict = Text(f"{SYMBOL[relation.verdict]} {relation.verdict}", style)
        place = Text(f"{relation.line}:{relation.column}", "dim")
        table.add_row(place, verdict, _body(relation, width - 26, told))
    return table


def _body(relation: RelationReport, width: int, told: set[str]) -> Group:
    """The formula, and under it what there is to say; a note that was told before is not told again."""
    quiet = relation.verdict in ("definition", "assumption")
    limit = width * (LINES_SHOWN * 3 if relation.verdict == "refuted" else LINES_SHOWN)
    parts: list[Text | Padding] = []
    if relation.rel is not None:
        parts.append(Text(shortened(written(relation), limit), "dim" if quiet else ""))
    parts += [Padding(_note(*note), (0, 0, 0, 2)) for note in _notes(relation, width, told)]
    return Group(*parts)


def _note(label: str, line: str, style: str) -> Text | Table:
    if not label:
        return Text(line, style)
    row = Table.grid(padding=(0, 2, 0, 0))
    row.add_column(no_wrap=True, width=10)
    row.add_column(overflow="fold")
    row.add_row(Text(label, "dim"), Text(line, style))
    return row


def _notes(relation: RelationReport, width: int, told: set[str]) -> Iterator[tuple[str, str, str]]:
    """The lines under a relation: (label, text, style)."""
    detail, witness = relation.detail, relation.witness
    for words in chain_words(relation):
        yield "", words, "dim"
    if relation.reason:
        yield "", one_line(relation.reason), "dim"
    if witness:
        for i, (name, value) in enumerate(witness.values.items()):
            yield " " if i else "where", shortened(value_line(name, value), 4 * width), ""
        yield "left side", one_line(witness.lhs), STYLE["refuted"]
        yield "right side", one_line(witness.rhs), STYLE["refuted"]
        if witness.note and witness.note not in told:
            told.add(witness.note)
            yield "", one_line(witness.note), "dim"
    if repaired_words(relation.repair):
        yield "holds as", shortened(one_line(repaired_words(relation.repair)), 4 * width), ""
    if relation.verdict == "proved" and detail and detail.proof and detail.proof.assumed:
        yield "assuming", shortened(one_line("; ".join(detail.proof.assumed)), 2 * width), "dim"
    if relation.verdict == "supported" and sharpness_words(relation.evidence):
        yield "", sharpness_words(relation.evidence), "dim"
    if relation.readings and relation.verdict not in ("definition", "assumption"):
        yield "read with", readings_words(relation), "dim"
