"""Every relation that someone labelled in a real document stands in a formula, its sign at the labelled line."""

import json
import re
from pathlib import Path

import pytest

from derivations.reading.documents import load
from derivations.reading.source import Formula

SHARED = Path(__file__).parents[3] / "shared"
DOCUMENTS = sorted((SHARED / "wild").glob("*/document.*"))
SIGNS = {"<=": r"\\leq?|≤", ">=": r"\\geq?|≥", "propto": r"\\propto|∝", "approx": r"\\approx|≈"}

pytestmark = pytest.mark.skipif(not DOCUMENTS, reason="the documents of ../shared/wild are not here")


def plain(latex):
    """Letters, digits and scripts: without what two people would write differently, and with escapes undone."""
    latex = latex.replace("\\_", "_").replace("*{", "_{")
    latex = re.sub(r"\\(left|right|[bB]igg?[lr]?|displaystyle|q?quad|limits|nonumber|newline)(?![A-Za-z])", "", latex)
    latex = re.sub(r"\\(?:label|tag|overset|text)\{[^}]*\}", "", latex)
    return re.sub(r"\\[,;! ]|[&\s{}.,\\]", "", latex)


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.parent.name)
def test_every_labelled_relation_is_in_a_formula_at_its_line(path):
    document = load(path)
    places = []
    for formula in (piece for piece in document.pieces if isinstance(piece, Formula)):
        for sign in re.finditer(r":=|[=<>≤≥∝≈]|\\[A-Za-z]+", formula.source):
            line, _ = document.line_column(formula.place(sign.start()))
            raw = document.text[formula.place(sign.end()) : formula.offsets[-1]]
            places.append((line, sign[0], plain(raw), plain(formula.source[sign.end() :])))
    missing = []
    for label in json.loads((path.parent / "labels.json").read_text())["relations"]:
        sign = SIGNS.get(label["rel"], re.escape(label["rel"]))
        wanted = plain(label["rhs"])[:30]
        found = any(
            line == label["line"] and re.fullmatch(sign, written) and (wanted in raw[:60] or wanted in read[:60])
            for line, written, raw, read in places
        )
        if not found:
            missing.append((label["line"], label["rel"], label["rhs"]))
    assert missing == []


def test_nothing_is_wrong_with_the_real_documents():
    """Their authors see them rendered, so what we call unclosed would be our mistake."""
    for path in [*DOCUMENTS, *sorted((SHARED / "seeds").glob("*.txt"))]:
        assert load(path).problems == ()
