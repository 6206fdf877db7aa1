"""Small documents for the tests of meaning: what is read in them, and what proofs and worlds say of it.

These tests are about what a line means.  Whether a line that fails in a world is accused depends also on whether a slip
explains it: that is tested elsewhere (tests/lemmata/test_explained.py), and every failure counts here.
"""

from __future__ import annotations

from functools import lru_cache
from unittest.mock import patch

import lemmata
from derivations.reading import read_document, read_relations
from derivations.reading.relations import Meaning, ReadRelation
from proofs.printing import text as spelled
from reports.record import RelationReport

HOLDS = frozenset({"proved", "supported"})
NO_CLAIM = frozenset({"definition", "assumption"})
OPEN = frozenset({"undecided", "unread", "vacuous"})


def displayed(declarations: str, formula: str) -> str:
    """A document: a sentence of declarations, then one display."""
    return f"{declarations}\n\n$$\n{formula}\n$$\n"


def read(text: str, name: str = "notes.md", context: str | None = None) -> list[ReadRelation]:
    return read_relations(read_document(name, text), context)


def claims(text: str) -> list[ReadRelation]:
    return [r for r in read(text) if r.kind == "claim"]


def meanings(text: str) -> tuple[Meaning, ...]:
    """The meanings of the last relation of a text."""
    return read(text)[-1].meanings


def sides(text: str, reading: int = 0) -> tuple[str, str]:
    """Both sides of the last relation of a text, spelled out, in one of its readings."""
    relation = meanings(text)[reading].relation
    assert relation is not None
    return spelled(relation.lhs), spelled(relation.rhs)


@lru_cache(maxsize=2_000)
def checked(text: str, name: str = "notes.md") -> tuple[RelationReport, ...]:
    """The relations of a text with their verdicts; a fault of ours is never what a test expects."""
    with patch("lemmata.checking.mend", _no_search), patch("lemmata.checking.explained", _as_it_is):
        report = lemmata.check_text(text, name, jobs=0, seconds_per_relation=6.0)
    assert not report.faults, report.faults
    return report.relations


def _no_search(workers, refuted, settings) -> list[None]:
    return [None] * len(refuted)


def _as_it_is(decided, *_):
    return decided


def verdicts(text: str) -> list[str]:
    return [r.verdict for r in checked(text)]


def displayed_verdicts(text: str) -> list[str]:
    """The verdicts on what stands in displays: on all relations but those on lines of text with inline formulas."""
    lines = text.split("\n")
    return [r.verdict for r in checked(text) if "$" not in lines[r.line - 1].replace("$$", "")]


def last(text: str) -> RelationReport:
    """The last relation of a text; none before it may be accused."""
    *earlier, final = checked(text)
    assert "refuted" not in [r.verdict for r in earlier], [(r.line, r.lhs, r.verdict, r.reason) for r in earlier]
    return final


def assert_holds(text: str) -> None:
    found = last(text)
    assert found.verdict in HOLDS, (found.verdict, found.reason)


def assert_refuted(text: str) -> None:
    found = last(text)
    assert found.verdict == "refuted", (found.verdict, found.reason)
    assert found.witness is not None


def assert_open(text: str) -> None:
    """Neither accused nor accepted."""
    found = last(text)
    assert found.verdict in OPEN, (found.verdict, found.reason)


def assert_not_accused(text: str) -> None:
    found = last(text)
    assert found.verdict != "refuted", found.reason


def assert_told_apart(declarations: str, right: str, wrong: str) -> None:
    """Of two displays after the same sentence the first holds and the second is refuted."""
    assert_holds(displayed(declarations, right))
    assert_refuted(displayed(declarations, wrong))
