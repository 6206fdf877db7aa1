"""The command `lemmata report`: claims and documents as pages."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Annotated

import typer

FORMATS = "latex,pdf,html,md,json"
Progress = Callable[[int, int], None]


def register(
    app: typer.Typer,
    progress_bar: Callable[[], AbstractContextManager[Progress | None]],
    show: Callable[[str], None],
    usage: Callable[[str], typer.Exit],
) -> None:
    """Add the command to the command line, with its ways to show progress, to print and to say what was wrong."""

    @app.command()
    def report(
        what: Annotated[
            list[str] | None,
            typer.Argument(metavar="[ID or FILE]...", help="Claims, e.g. 'kl.*', or documents; all claims by default."),
        ] = None,
        to: Annotated[Path | None, typer.Option("--to", metavar="DIR", help="The folder to write to.")] = None,
        format_: Annotated[
            str, typer.Option("--format", metavar=FORMATS, help="What to write, separated by commas.")
        ] = "latex,html,json",
        fresh: Annotated[bool, typer.Option("--fresh", help="Settle also what has not changed.")] = False,
        seed: Annotated[int, typer.Option(min=0, help="The seed of the worlds and samples.")] = 0,
        jobs: Annotated[int | None, typer.Option(min=1, help="How many processes work (default: one a core).")] = None,
    ) -> None:
        """Write derivations of claims or of documents: every step with its rule, what was assumed, the numbers.

        Several claims also get a booklet. Exit status: 0 written; 1 a claim does not end as it should, or a document
        has a refuted line; 2 bad usage, or no TeX for a PDF; 3 a fault of Lemmata itself.
        """
        if to is None:
            raise usage("say where to write the reports: --to DIR")
        from derivations.catalogue import CatalogueError
        from lemmata.checking import InputError
        from lemmata.reporting import ReportError, TexError
        from lemmata.reporting import report as write_reports

        formats = [f.strip() for f in format_.split(",") if f.strip()]
        try:
            with progress_bar() as progress:
                made = write_reports(
                    what or (), to=to, formats=formats, fresh=fresh, seed=seed, jobs=jobs, progress=progress
                )
        except (CatalogueError, ReportError, TexError) as error:
            raise usage(str(error)) from None
        except InputError as error:
            raise usage("; ".join(error.messages)) from None
        for fault in made.faults:
            usage(f"a fault of ours: {fault}")
        for name in made.refused:
            usage(f"{name}: not everything in it holds as it should; its report says what")
        pages = [f for f in made.files if f.suffix != ".pdf" or f.parent == to]
        show(f"{len(pages)} pages in {to}, {made.seconds:.1f} s\n")
        raise typer.Exit(made.exit_status())
