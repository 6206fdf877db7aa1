"""The command line: `lemmata check FILE...`.

Only typer and rich are imported before a command runs, so that `lemmata --help` answers at once.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lemmata import __version__
from lemmata.commands import register
from lemmata.house import InTheWay, check_floors
from lemmata.report_command import register as register_report

if TYPE_CHECKING:
    from reports.record import FileReport, Report

FORMATS = ("text", "json", "html", "latex")
FORMATS_TO_COME = ("sarif", "junit", "github")


class Exit(IntEnum):
    """The exit status; 0 and 1 come from the report."""

    USAGE = 2
    FAULT = 3
    INTERRUPTED = 130


app = typer.Typer(
    name="lemmata",
    help="Read a derivation as people write it, and say of every line whether it holds.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _version(wanted: bool) -> None:
    if wanted:
        print(f"lemmata {__version__}")
        raise typer.Exit


@app.callback()
def lemmata(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Read a derivation as people write it, and say of every line whether it holds."""


@app.command()
def check(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Markdown, LaTeX, text or notebook files.")],
    context: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A TOML file that adds to the conventions of the field.")
    ] = None,
    format_: Annotated[str, typer.Option("--format", metavar="|".join(FORMATS), help="What to print.")] = "text",
    strict: Annotated[bool, typer.Option("--strict", help="Exit 1 also where a relation is not settled.")] = False,
    seed: Annotated[int, typer.Option(min=0, help="The seed of the worlds that are tried.")] = 0,
    deep: Annotated[bool, typer.Option("--deep", help="Draw more samples, to see smaller errors.")] = False,
    seconds: Annotated[float, typer.Option(help="The processor time for one relation, in each reading.")] = 10.0,
    jobs: Annotated[int | None, typer.Option(min=1, help="How many processes work (default: one a core).")] = None,
    explain: Annotated[
        int | None, typer.Option(metavar="LINE", min=1, help="Print what was read for that line, and why.")
    ] = None,
) -> None:
    """Check documents, and say of every relation in them whether it holds.

    Exit status: 0 nothing refuted; 1 something refuted (--strict: or not settled), or a file of whose mathematics
    nothing was read; 2 bad usage, or a file that cannot be opened; 3 a fault of Lemmata itself.
    """
    if format_ in FORMATS_TO_COME:
        raise _usage(f"the format {format_} is not written yet; this version has {', '.join(FORMATS)}")
    if format_ not in FORMATS:
        raise _usage(f"{format_!r} is not a format; choose one of {', '.join(FORMATS)}")
    if not seconds > 0:
        raise _usage(f"--seconds must be positive, not {seconds:g}")
    from lemmata.checking import InputError
    from lemmata.checking import check as check_files

    failed = False
    with _progress_bar() as progress:
        try:
            report = check_files(
                files, context=context, seconds_per_relation=seconds, deep=deep, seed=seed, jobs=jobs, progress=progress
            )
        except InputError as error:
            report, messages, failed = error.report, error.messages, True
    if failed:
        for message in messages:
            _say(message)
    if report.files or report.faults or not failed:
        _print(_explained(report.files, explain) if explain else _written(report, format_))
    status = report.exit_status(strict)
    raise typer.Exit(max(status, Exit.USAGE) if failed else status)


def _explained(files: tuple[FileReport, ...], line: int) -> str:
    from reports.explain import explain

    return "\n".join(explain(file, line) for file in files)


def _written(report: Report, format_: str) -> str:
    if format_ == "json":
        from reports import json

        return json.write(report)
    if format_ == "html":
        from reports import html

        return html.write(report)
    if format_ == "latex":
        from reports import latex
        from reports.document_record import documents_record

        return latex.write(documents_record(report))
    from shutil import get_terminal_size

    from reports import terminal

    colour = sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return terminal.write(report, width=min(get_terminal_size((100, 24)).columns, 140), colour=colour)


@contextmanager
def _progress_bar() -> Iterator[Callable[[int, int], None] | None]:
    """A bar on standard error while it is a terminal, which is gone when the report comes."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("reading", total=None)

        def advance(done: int, total: int) -> None:
            bar.update(task, description="checking", completed=done, total=total)

        yield advance


def _print(text: str) -> None:
    """Write to standard output as UTF-8, whatever the locale; a reader that has closed it (`| head`) is no error."""
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(text.encode("utf-8", "replace"))
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _say(message: str) -> None:
    from reports.plaintext import one_line

    print(f"lemmata: {one_line(message)}", file=sys.stderr)


def _usage(message: str) -> typer.Exit:
    _say(message)
    return typer.Exit(Exit.USAGE)


register(app, _progress_bar, _print, _usage)
register_report(app, _progress_bar, _print, _usage)


def main() -> None:
    """The console script.  Whatever happens, it ends with an exit status and at most a line for each trouble."""
    try:
        check_floors()
    except InTheWay as error:
        print(f"lemmata: {error}", file=sys.stderr)
        sys.exit(Exit.USAGE)
    try:
        app()
    except KeyboardInterrupt:
        sys.exit(Exit.INTERRUPTED)
    except Exception as error:  # the end of the process: whatever went wrong is told in a line, as a fault of ours
        import traceback

        place = traceback.extract_tb(error.__traceback__)[-1]
        _say(f"a fault of ours: {type(error).__name__}: {error} ({place.filename}:{place.lineno}); please report it")
        sys.exit(Exit.FAULT)
