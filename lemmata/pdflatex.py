"""pdflatex on a page of ours, where there is one."""

from __future__ import annotations

import os
import subprocess
import tempfile
from pathlib import Path
from shutil import which

SECONDS = 300.0


class TexError(ValueError):
    """There is no pdflatex, or it fails; the message says which, and why."""


def require() -> None:
    """Raises TexError where there is no pdflatex."""
    if which("pdflatex") is None:
        raise TexError(
            "there is no pdflatex on this machine, so no PDF can be made: install TeX Live (on Debian and Ubuntu "
            "texlive-latex-recommended), or ask for --format latex and compile it elsewhere"
        )


def compiled(folder: Path, name: str) -> bytes:
    """The PDF of a LaTeX page that stands in a folder.  Raises TexError with the first error of pdflatex."""
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
                    timeout=SECONDS, check=False,
                )  # fmt: skip
            except subprocess.TimeoutExpired:
                raise TexError(f"{name}.tex: pdflatex took longer than {SECONDS:.0f} s") from None
            if done.returncode:
                lines = done.stdout.decode("utf-8", "replace").splitlines()
                first = next((i for i, line in enumerate(lines) if line.startswith("!")), max(len(lines) - 3, 0))
                raise TexError(f"{name}.tex: pdflatex fails: {' '.join(lines[first : first + 3])}")
            if _auxiliary(Path(work)) == before:
                break
        return (Path(work) / f"{name}.pdf").read_bytes()


def _auxiliary(work: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in work.iterdir() if p.suffix in (".aux", ".toc", ".out")}


__all__ = ["TexError", "compiled", "require"]
