"""Lemmata reads a derivation as people write it and says of every line whether it holds.

    >>> import lemmata
    >>> report = lemmata.check("notes.md")
    >>> [r.line for r in report.relations if r.verdict == "refuted"]

What stands behind these names is imported when one of them is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lemmata.checking import InputError as InputError
    from lemmata.checking import check as check
    from lemmata.checking import check_text as check_text
    from reports.record import FileReport as FileReport
    from reports.record import RelationReport as RelationReport
    from reports.record import Report as Report

__version__ = "0.1.0"

_WHERE = {
    "check": "lemmata.checking",
    "check_text": "lemmata.checking",
    "InputError": "lemmata.checking",
    "Report": "reports.record",
    "FileReport": "reports.record",
    "RelationReport": "reports.record",
}

__all__ = ["FileReport", "InputError", "RelationReport", "Report", "__version__", "check", "check_text"]


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module 'lemmata' has no attribute {name!r}")
    from lemmata.house import check_floors

    check_floors()
    value = getattr(import_module(_WHERE[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *_WHERE])
