"""The claims of the catalogue for a terminal: a table of verdicts, a list, the axioms."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from reports.plaintext import one_line
from reports.terminal import STYLE
from reports.words import SYMBOL


def verdicts(claims: Sequence[Any], seconds: float, kept: int, *, width: int = 100, colour: bool = False) -> str:
    """A line a claim: its id, its verdict, that of its fix, the seconds; what is not as it should be says why.

    Each claim has the attributes of the JSON contract, and ``as_asked``.
    """
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    for _ in range(4):
        table.add_column(overflow="fold")
    for c in claims:
        verdict = Text(f"{SYMBOL[c.verdict]} {c.verdict}", STYLE[c.verdict] if c.as_asked else "bold red")
        fix = Text("" if c.fix_verdict is None else f"fix {c.fix_verdict}", "dim")
        why = "" if c.as_asked else one_line(c.fault or c.reason)
        table.add_row(c.id, verdict, fix, Text(f"{c.seconds:.2f} s", "dim") if not why else Text(why, "red"))
    good = sum(c.as_asked for c in claims)
    told = f"{good} of {len(claims)} claims end as they should.  {seconds:.1f} s"
    told += f" ({kept} verdicts kept from an earlier run)" if kept else ""
    return _text([table, Text(told, "bold" if good == len(claims) else "bold red")], width, colour)


def titles(rows: Iterable[tuple[str, str, bool]], *, width: int = 100, colour: bool = False) -> str:
    """A line a claim: id, title, and a mark where it does not hold."""
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    for id_, title, holds in rows:
        table.add_row(id_, title, Text("" if holds else "does not hold", "dim"))
    return _text([table], width, colour)


def axioms(rows: Iterable[tuple[str, str, str, int]], *, width: int = 100, colour: bool = False) -> str:
    """A line an axiom: how many claims use it, its name, statement and source."""
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    for name, statement, source, count in rows:
        table.add_row(Text(str(count), "dim"), name, statement, Text(source, "dim"))
    return _text([table], width, colour)


def _text(parts: Sequence[Any], width: int, colour: bool) -> str:
    out = io.StringIO()
    console = Console(
        file=out, width=max(width, 60), force_terminal=colour, color_system="standard" if colour else None,
        highlight=False, markup=False, emoji=False, legacy_windows=False,
    )  # fmt: skip
    for part in parts:
        console.print(part)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"
