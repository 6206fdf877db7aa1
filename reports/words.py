"""What the pages for people say: the words for verdicts, values and evidence, in one place so that they agree."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from proofs.records import Evidence
from reports.plaintext import one_line
from reports.record import RelationReport, Report

MEANS: Mapping[str, str] = {
    "proved": "a certificate stands, and no world disagrees",
    "supported": "no certificate, but it holds in every world tried",
    "refuted": "it fails at the values shown",
    "undecided": "it was read, and could not be settled in the budget",
    "vacuous": "no world satisfies what it assumes",
    "unread": "not understood, so nothing is said about it",
    "definition": "gives a name to something: not a claim",
    "assumption": "is assumed or chosen: not a claim",
}

SYMBOL: Mapping[str, str] = {
    "proved": "✓",
    "supported": "✓",
    "refuted": "✗",
    "undecided": "?",
    "vacuous": "∅",
    "unread": "…",
    "definition": "·",
    "assumption": "·",
}

# The relation as LaTeX; what a document wrote ('=', '<=', ...) is one of the first column.
RELATION_LATEX: Mapping[str, str] = {
    "<=": r"\le", ">=": r"\ge", "propto": r"\propto", "approx": r"\approx", "~": r"\sim", "in": r"\in",
    "!=": r"\ne", "to": r"\to", "mapsto": r"\mapsto", "iff": r"\iff", "implies": r"\implies", "notin": r"\notin",
}  # fmt: skip


def sides(relation: RelationReport) -> tuple[str, str, str] | None:
    """Left side, relation, right side as the author wrote them, each on one line; None where no relation was seen."""
    if relation.rel is None:
        return None
    sign = RELATION_LATEX.get(relation.rel, relation.rel)
    return one_line(relation.lhs or ""), one_line(sign), one_line(relation.rhs or "")


def written(relation: RelationReport) -> str:
    return " ".join(p for p in sides(relation) or () if p)


def value_words(value: Any) -> str:
    """A tagged value of a witness: {"vector": ["1", "2"]} is '(1, 2)', a matrix is '[1 0; 0 1]'."""
    if isinstance(value, Mapping) and len(value) == 1:
        ((tag, content),) = value.items()
        if tag == "number":
            return one_line(str(content))
        if tag == "vector" and isinstance(content, list | tuple):
            return one_line("(" + ", ".join(map(str, content)) + ")")
        if tag == "matrix" and isinstance(content, list | tuple):
            return one_line("[" + "; ".join(" ".join(map(str, row)) for row in content) + "]")
        if isinstance(content, str):
            return one_line(content)
        if isinstance(content, Mapping):
            return one_line(", ".join(f"{k}: {_inner(v)}" for k, v in content.items()))
        value = content
    return _inner(value)


def _inner(value: Any) -> str:
    if isinstance(value, list | tuple):
        return one_line("(" + ", ".join(_inner(v) for v in value) + ")")
    return one_line(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str))


def evidence_words(evidence: Evidence | None) -> str:
    """How much was tried: '24 worlds, equal to 300 digits'."""
    if evidence is None:
        return ""
    parts = [f"{evidence.worlds} world{'s' if evidence.worlds != 1 else ''}"]
    if evidence.digits:
        parts.append(f"{evidence.digits} digits")
    if evidence.samples:
        parts.append(f"{evidence.samples:,} samples")
    if evidence.resolution is not None:
        parts.append(f"an error of {evidence.resolution:.2g} would have been seen")
    return ", ".join(parts)


def readings_words(relation: RelationReport) -> str:
    return "; ".join(f"{one_line(k)} is {one_line(v)}" for k, v in relation.readings.items())


def counts_words(report: Report) -> str:
    """'25 relations: 12 proved, 5 supported, 6 refuted, 2 definitions'."""
    counts = report.counts()
    total = sum(counts.values())
    plural = {"definition": "definitions", "assumption": "assumptions"}
    named = (f"{n} {plural.get(v, v) if n != 1 else v}" for v, n in counts.items())
    return f"{total} relation{'s' if total != 1 else ''}" + (": " + ", ".join(named) if counts else "")
