"""The commands about the catalogue: `lemmata verify` and `lemmata list`."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from shutil import get_terminal_size
from typing import Annotated, Any

import typer

FORMATS = ("text", "json")
Progress = Callable[[int, int], None]
Claims = Annotated[
    list[str] | None, typer.Argument(metavar="[ID or glob]...", help="Claims, e.g. 'kl.*'; all by default.")
]
Format = Annotated[str, typer.Option("--format", metavar="|".join(FORMATS), help="What to print.")]


def register(
    app: typer.Typer,
    progress_bar: Callable[[], AbstractContextManager[Progress | None]],
    show: Callable[[str], None],
    usage: Callable[[str], typer.Exit],
) -> None:
    """Add the commands to the command line, with its ways to show progress, to print and to say what was wrong."""

    @contextmanager
    def known(format_: str) -> Iterator[None]:
        from derivations.catalogue import CatalogueError

        if format_ not in FORMATS:
            raise usage(f"{format_!r} is not a format; choose one of {', '.join(FORMATS)}")
        try:
            yield
        except CatalogueError as error:
            raise usage(str(error)) from None

    @app.command()
    def verify(
        claims: Claims = None,
        format_: Format = "text",
        fresh: Annotated[bool, typer.Option("--fresh", help="Settle also what has not changed.")] = False,
        seed: Annotated[int, typer.Option(min=0, help="The seed of the worlds that are tried.")] = 0,
        jobs: Annotated[int | None, typer.Option(min=1, help="How many processes work (default: one a core).")] = None,
    ) -> None:
        """Settle the claims of the catalogue, by proof and by numbers.

        Exit status: 0 every claim ends as it should; 1 one does not; 2 bad usage; 3 a fault of Lemmata itself.
        """
        from lemmata import verify as verification

        with known(format_), progress_bar() as progress:
            found = verification.verify(claims or (), fresh=fresh, seed=seed, jobs=jobs, progress=progress)
        if format_ == "json":
            show(written(found.as_json()))
        else:
            from reports import claims as page

            show(page.verdicts(found.claims, found.seconds, found.kept, **screen()))
        raise typer.Exit(found.exit_status())

    @app.command(name="list")
    def list_(
        claims: Claims = None,
        format_: Format = "text",
        axioms: Annotated[bool, typer.Option("--axioms", help="The axioms that the proofs use, instead.")] = False,
    ) -> None:
        """List the claims of the catalogue, or the axioms that their proofs use."""
        from reports import claims as page

        with known(format_):
            if axioms:
                with progress_bar() as progress:
                    used = axioms_used(claims or (), progress)
                rows = [dict(zip(("name", "statement", "source", "claims"), r)) for r in used]
                show(written(rows) if format_ == "json" else page.axioms(used, **screen()))
                return
            from derivations.catalogue import matching

            entries = matching(claims or ())
            if format_ == "json":
                show(written([described(e) for e in entries]))
            else:
                show(page.titles([(e.id, e.title, e.holds) for e in entries], **screen()))


def axioms_used(patterns: Any, progress: Progress | None) -> list[tuple[str, str, str, int]]:
    """(name, statement, source, how many claims use it) of every axiom that a proof uses, the most used first."""
    from collections import Counter

    from lemmata.verify import verify
    from proofs.rules import AXIOMS

    counts = Counter(a for c in verify(patterns, progress=progress).claims for a in c.axioms)
    return [(a, AXIOMS[a].statement, AXIOMS[a].source, n) for a, n in counts.most_common()]


def described(entry: Any) -> dict[str, Any]:
    """An entry in the plain form of the JSON contract."""
    pairs = zip(entry.source.document.split(", "), entry.source.question.split(", "))
    sources = [{"document": d, "question": q} for d, q in pairs]
    return {
        "id": entry.id, "title": entry.title, "statement": entry.statement, "sources": sources, "holds": entry.holds
    }  # fmt: skip


def written(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def screen() -> dict[str, Any]:
    """The width of the terminal, and whether it shows colours."""
    colour = sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return {"width": min(get_terminal_size((100, 24)).columns, 140), "colour": colour}
