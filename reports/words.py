"""What the pages for people say: the words for verdicts and evidence, in one place so that they agree."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from proofs.printing import text
from proofs.records import Evidence, Repair
from reports.plaintext import one_line
from reports.record import RELATION_LATEX, RelationReport, Report, instead

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


def sides(relation: RelationReport) -> tuple[str, str, str] | None:
    """Left side, relation, right side as the author wrote them, each on one line; None where no relation was seen."""
    if relation.rel is None:
        return None
    sign = RELATION_LATEX.get(relation.rel, relation.rel) if relation.rhs else ""  # unread, and no sign in it
    return one_line(relation.lhs or ""), one_line(sign), one_line(relation.rhs or "")


def written(relation: RelationReport) -> str:
    return " ".join(p for p in sides(relation) or () if p)


def evidence_words(evidence: Evidence | None) -> str:
    """How much was tried: '24 worlds, to 300 digits'."""
    if evidence is None:
        return ""
    worlds = f"{evidence.worlds} world{'s' if evidence.worlds != 1 else ''}"
    return ", ".join(p for p in (worlds, sharpness_words(evidence)) if p)


def sharpness_words(evidence: Evidence | None) -> str:
    """How small a difference would have been seen, where that is not simply none: 'to 300 digits'."""
    if evidence is None:
        return ""
    parts = [f"to {evidence.digits} digits"] if evidence.digits else []
    if evidence.samples:
        parts.append(f"{evidence.samples:,} samples")
    if evidence.resolution is not None:
        parts.append(f"an error of {evidence.resolution:.2g} standard deviations would have been seen")
    return ", ".join(parts)


def chain_words(relation: RelationReport) -> list[str]:
    """What a wrong relation is in its chain, and what the chain shows in spite of it."""
    if relation.role == "carried":
        return [f"carried from line {relation.carried_from}: it holds with what was put there"]
    found = []
    if relation.role == "root":
        found.append("the first wrong step of its chain")
        if relation.shows:
            found.append(relation.shows.words)
    return found


def readings_words(relation: RelationReport) -> str:
    return "; ".join(f"{one_line(k)} is {one_line(v)}" for k, v in relation.readings.items())


def repaired_words(repair: Repair | None) -> str:
    """What would hold instead; '' where there is nothing to say."""
    r = instead(repair)
    return "" if r is None else f"{text(r.lhs)} {r.rel} {text(r.rhs)}"


def counts_words(report: Report) -> str:
    """'25 relations: 12 proved, 5 supported, 6 refuted, 2 definitions'."""
    counts = report.counts()
    total = sum(counts.values())
    return f"{total} relation{'s' if total != 1 else ''}" + (f": {counts_of(counts)}" if counts else "")


def counts_of(counts: Mapping[str, int]) -> str:
    """'12 proved, 6 refuted', in the order of the verdicts."""
    plural = {"definition": "definitions", "assumption": "assumptions"}
    return ", ".join(f"{n} {plural.get(v, v) if n != 1 else v}" for v in MEANS if (n := counts.get(v, 0)))


def alpha_words(alpha: float) -> str:
    """The probability of a false alarm in words."""
    return f"{alpha:.0e}".replace("e-0", "e-") if alpha else "0"


def sentence(words: str) -> str:
    """The words as a sentence: a capital at the beginning, a full stop at the end."""
    shown = one_line(words)
    return shown[:1].upper() + shown[1:] + ("" if shown.endswith((".", "?", "!")) else ".")


# what the pages of derivations say in all formats
OF_DERIVATIONS: Mapping[str, Any] = {
    "means": MEANS, "symbol": SYMBOL, "counts_of": counts_of, "alpha_words": alpha_words, "sentence": sentence,
}  # fmt: skip
