"""Hand-made labels of a document's relations, and verdicts held against them.

A labelled document is a folder with ``document.*`` and ``labels.json``: ``{"relations": [{"line", "lhs", "rel", "rhs",
"label"}, ...]}``, the label 'true', 'false', or what is no claim ('definition', 'assumption', 'approximation',
'schematic').  Sides are LaTeX as the author wrote it, near enough: they are matched by likeness.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

HOLDS, FAILS = frozenset({"proved", "supported"}), frozenset({"refuted"})
LINES_APART = 6  # a label may be at another line of the same display
ALIKE, SIDE_ALIKE = 0.6, 0.75  # the least likeness of a pair, and of each of its sides

_SIGNS = {
    "<=": r"\le", ">=": r"\ge", "propto": r"\propto", "approx": r"\approx", r"\leq": r"\le", r"\geq": r"\ge",
    r"\coloneqq": ":=", r"\triangleq": ":=", r"\equiv": "=",
}  # fmt: skip
_LAYOUT = re.compile(
    r"\\(?:left|right|bigl|bigr|Bigl|Bigr|bigg|Bigg|big|Big|displaystyle|limits|nonumber|quad|qquad|[,;!\\])"
    r"|\\(?:label|tag)\{[^}]*\}|[&\s{}.,]"
)

Label = Mapping[str, Any]
Found = Mapping[str, Any]


class NotLabelled(ValueError):
    """A path that is no labelled document, or holds none."""


@dataclass(frozen=True)
class LabelledDocument:
    """A document and its labels, under the name of its folder."""

    name: str
    document: Path
    labels: tuple[Label, ...]


def labelled_documents(paths: Sequence[Path]) -> list[LabelledDocument]:
    """The labelled documents among the paths, each a folder of one or of several.  Raises NotLabelled."""
    return [one for path in paths for one in _in(path)]


def _in(path: Path) -> list[LabelledDocument]:
    folders = [path] if (path / "labels.json").is_file() else sorted(p.parent for p in path.glob("*/labels.json"))
    if not folders:
        raise NotLabelled(f"{path}: no labels.json in it, and none in its folders")
    return [_one(folder) for folder in folders]


def _one(folder: Path) -> LabelledDocument:
    document = next((p for p in sorted(folder.iterdir()) if p.stem == "document"), None)
    if document is None:
        raise NotLabelled(f"{folder}: labels.json without a document.* beside it")
    try:
        labels = tuple(json.loads((folder / "labels.json").read_text(encoding="utf-8"))["relations"])
    except (ValueError, KeyError, TypeError) as error:
        raise NotLabelled(f"{folder / 'labels.json'}: {error}") from None
    return LabelledDocument(folder.resolve().name, document, labels)


def matched(labels: Sequence[Label], relations: Sequence[Found]) -> dict[int, Found]:
    """The relation that each label speaks of, by the label's number: the best pairs first, each relation once."""
    pairs = []
    for i, label in enumerate(labels):
        for j, found in enumerate(relations):
            apart = abs((found["line"] or -99) - label["line"])
            if apart <= LINES_APART and sign(found["rel"]) == sign(label["rel"]):
                likeness = alike(label, found) - 0.01 * apart
                if likeness >= ALIKE:
                    pairs.append((likeness, i, j))
    taken: dict[int, Found] = {}
    used: set[int] = set()
    for _, i, j in sorted(pairs, reverse=True):
        if i not in taken and j not in used:
            taken[i] = relations[j]
            used.add(j)
    return taken


def alike(label: Label, found: Found) -> float:
    """How alike the written sides are, 0 to 1; 0 unless both sides are."""
    ratios = [
        SequenceMatcher(None, bare(label[side]), bare(found[side] or ""), autojunk=False).ratio()
        for side in ("lhs", "rhs")
    ]
    return sum(ratios) / 2 if min(ratios) >= SIDE_ALIKE else 0.0


def bare(latex: str) -> str:
    """LaTeX without what only lays it out."""
    return _LAYOUT.sub("", latex)


def sign(rel: str | None) -> str | None:
    return _SIGNS.get(rel or "", rel)


def outcome(label: str, verdict: str) -> str:
    """'right', 'open', 'accused', 'accepted', 'accused non-claim' or 'let alone'."""
    if label in ("true", "false"):
        right, wrong = (HOLDS, FAILS) if label == "true" else (FAILS, HOLDS)
        if verdict in right:
            return "right"
        return ("accused" if label == "true" else "accepted") if verdict in wrong else "open"
    return "accused non-claim" if verdict in FAILS and label in ("definition", "assumption") else "let alone"
