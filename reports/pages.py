"""The record of one relation, as plain data: what it says, the lines of its proof or its witness, its evidence.

The dataclasses say what the keys of the record are.  Formulas are LaTeX, of our printer or as the author wrote them;
prose is that of `reports.prose`.  Nothing in a record is safe to put into a page: that is the writers' task.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from numerics.decision import ALPHA
from proofs.printing import latex
from proofs.printing.names import name_text
from proofs.records import Evidence, Proof, Relation, Verdict, Witness
from proofs.rules import AXIOMS, RULES
from reports.prose import Words, condition_words, sign
from reports.record import plain
from reports.values import value_line

SCHEMA = "lemmata-report/1"


@dataclass(frozen=True)
class Reason:
    """A rule of a line: its name and kind (theorem, definition, calculation, ...), what it says, what it needs here."""

    rule: str
    kind: str
    statement: str
    conditions: list[Words] = field(default_factory=list)


@dataclass(frozen=True)
class LinePage:
    """A numbered line of a derivation: ``rel latex``, and why; ``steps`` are those of the certificate."""

    number: int
    rel: str
    latex: str
    reasons: list[Reason]
    assumed: list[Words]
    steps: int


@dataclass(frozen=True)
class LinkPage:
    """``lhs rel rhs``: lines from the left side on, and from the right side on where that was unfolded too."""

    lhs: str
    rel: str
    rhs: str
    lines: list[LinePage]
    back: list[LinePage]


@dataclass(frozen=True)
class EvidencePage:
    """What the worlds say: ``sentence`` in words; ``alpha`` is the probability that a true claim is refuted (0 where
    all is certified), ``resolution`` the error, in standard deviations, that would have been seen (None: any)."""

    sentence: str
    worlds: int
    digits: int | None
    samples: int
    alpha: float
    resolution: float | None
    interval: list[float] | None
    kinds: list[str]
    seed: int
    device: str


@dataclass(frozen=True)
class WitnessPage:
    """A world in which the relation fails, line by line."""

    values: list[str]
    lhs: str
    rhs: str
    note: str


@dataclass(frozen=True)
class RelationPage:
    """One relation.  ``written`` are the author's two sides and sign; ``lhs rel rhs`` is what was understood, None
    where nothing was.  ``place`` is line:column in a document.  ``certificate`` is what the kernel
    replays, step by step; ``suggestion`` a relation that would hold instead."""

    place: str
    role: str
    given: list[Words]
    written: list[str] | None
    lhs: str | None
    rel: str | None
    rhs: str | None
    verdict: str
    reason: str
    readings: dict[str, str]
    links: list[LinkPage]
    factor: str | None
    axioms: list[str]
    assumed: list[Words]
    evidence: EvidencePage | None
    witness: WitnessPage | None
    certificate: dict[str, Any] | None
    suggestion: str | None


KINDS = {
    "positive_definite": "positive definite", "nonnegative": "not negative", "nonzero": "not zero",
    "integer": "whole", "natural": "a whole number from 0 on", "binary": "0 or 1", "unit": "strictly between 0 and 1",
    "closed_unit": "between 0 and 1", "dimension": "a dimension", "index": "an index",
    "simplex": "a probability vector", "positive_vector": "a vector of positive numbers",
    "positive_diagonal": "diagonal with positive entries",
}  # fmt: skip
MOVES = {
    "sign": ("sign", "The sign of what is left out is known."),
    "hypothesis": ("hypothesis", "A hypothesis is used."),
    "declared law": ("hypothesis", "The law that is declared for it."),
}


def _reasons(uses: Iterable[Any]) -> list[Reason]:
    found = []
    for u in uses:
        kind, statement = MOVES[u.rule] if u.rule in MOVES else (RULES[u.rule].kind, RULES[u.rule].statement)
        conditions: list[Words] = [
            [{"math": latex(c.term)}, {"text": f" is {KINDS.get(c.kind, c.kind)}"}] for c in u.conditions
        ]
        found.append(Reason(u.rule, kind, statement, conditions))
    return found


def relation_page(
    relation: Relation | None,
    verdict: Verdict,
    *,
    place: str = "",
    role: str = "",
    given: Sequence[Words] = (),
    written: Sequence[str] | None = None,
    reason: str | None = None,
    readings: Mapping[str, str] | None = None,
    suggestion: str | None = None,
) -> RelationPage:
    """A relation with its verdict; the lines of its proof where it has one."""
    links: list[LinkPage] = []
    assumed: list[Words] = []
    factor = None
    axioms: list[str] = []
    if verdict.proof is not None and verdict.verdict == "proved":
        links, assumed, factor = _proof(verdict.proof)
        axioms = list(verdict.proof.axioms)
    return RelationPage(
        place, role, list(given), list(written) if written is not None else None,
        latex(relation.lhs) if relation else None, sign(relation.rel) if relation else None,
        latex(relation.rhs) if relation else None,
        verdict.verdict, verdict.reason if reason is None else reason, dict(readings or {}),
        links, factor, axioms, assumed,
        evidence_page(verdict.evidence, relation.rel if relation else "=", verdict.verdict),
        witness_page(verdict.witness) if verdict.verdict == "refuted" else None,
        plain(verdict.proof.certificate) if links and verdict.proof else None, suggestion,
    )  # fmt: skip


def _proof(proof: Proof) -> tuple[list[LinkPage], list[Words], str | None]:
    from proofs.lines import derivation

    told = derivation(proof)
    number = 0

    def pages(lines: Iterable[Any]) -> list[LinePage]:
        nonlocal number
        found = []
        for line in lines:
            number += 1
            assumed = [condition_words(a, told.terms) for a in line.assumed]
            shown = latex(line.term)
            found.append(LinePage(number, sign(line.relation), shown, _reasons(line.uses), assumed, line.steps))
        return found

    links = [
        LinkPage(latex(k.start), sign(k.relation), latex(k.end), pages(k.lines), pages(k.back)) for k in told.links
    ]
    factor = latex(told.factor) if told.factor is not None else None
    assumed = [condition_words(a, told.terms) for a in proof.assumed]
    return links, assumed, factor


WORLD_KINDS = {
    "finite": "step densities on a few cells", "points": "points, with normal laws and smooth functions",
    "polynomial": "points, with polynomials for functions", "affine": "points, with affine functions",
    "sampling": "samples", "sampled": "samples", "exact comparison": "cases",
}  # fmt: skip


def evidence_page(evidence: Evidence, rel: str, verdict: str) -> EvidencePage | None:
    """The evidence with its error rate and resolution; None where nothing was tried."""
    if not evidence.worlds and not evidence.samples:
        return None
    kinds = ", ".join(WORLD_KINDS.get(k, k) for k in evidence.kinds)
    many = f"{evidence.worlds} world{'s' if evidence.worlds != 1 else ''}" + (f" ({kinds})" if kinds else "")
    alpha = 0.0
    certified = "The enclosures are certified, so nothing is left to chance."
    if evidence.samples:
        alpha = ALPHA
        sentence = f"Sampled in {many}, {evidence.samples:,} samples in all."
        if evidence.resolution is not None:
            sentence += f" A difference of {evidence.resolution:.2g} standard deviations would have been seen."
    elif verdict == "refuted":
        ending = "in which it fails" if evidence.worlds == 1 else "up to one in which it fails"
        sentence = f"Evaluated in {many}, {ending}. {certified}"
    elif rel in ("=", "propto"):
        sharp = f"agree to {evidence.digits} digits" if evidence.digits else "agree exactly"
        sentence = f"Evaluated in {many}: the two sides {sharp}. {certified}"
    elif verdict in ("proved", "supported"):
        sentence = f"Evaluated in {many}: it certainly holds in each. {certified}"
    else:
        sentence = f"Evaluated in {many}."
    if evidence.shrunk and verdict != "refuted":
        sentence += f" {evidence.shrunk[0].upper()}{evidence.shrunk[1:]}."
    return EvidencePage(
        sentence, evidence.worlds, evidence.digits, evidence.samples, alpha, evidence.resolution,
        list(evidence.interval) if evidence.interval else None, list(evidence.kinds), evidence.seed, evidence.device,
    )  # fmt: skip


NAME = re.compile(r"[A-Za-z]+(?:_\w+)?")


def world_lines(values: Mapping[str, Any]) -> list[str]:
    """The values of a world, a line each, with Greek letters for their names."""
    return [value_line(name_text(n) if NAME.fullmatch(n) else n, v) for n, v in values.items()]


def witness_page(witness: Witness | None) -> WitnessPage | None:
    if witness is None:
        return None
    return WitnessPage(world_lines(witness.values), witness.lhs, witness.rhs, witness.note)


def ledger(pages: Sequence[RelationPage]) -> dict[str, Any]:
    """What was assumed: the axioms with their statements, the conditions that were not discharged, the rules used."""
    axioms = sorted({a for p in pages for a in p.axioms})
    assumed: list[Words] = []
    for p in pages:
        assumed += [a for a in p.assumed if a not in assumed]
    lines = [x for p in pages for k in p.links for x in (*k.lines, *k.back)]
    used = sorted({r.rule for x in lines for r in x.reasons if r.rule in RULES})
    return {
        "axioms": [{"name": a, "statements": _axiom(a, used), "source": AXIOMS[a].source} for a in axioms],
        "assumed": assumed,
        "rules": [
            {"name": r, "kind": RULES[r].kind, "statement": RULES[r].statement, "source": RULES[r].source} for r in used
        ],
    }


def _axiom(name: str, used: Sequence[str]) -> list[str]:
    """What an axiom says, as far as it is used: one theorem may be written down for several operators."""
    told = [RULES[r].statement for r in AXIOMS[name].rules if r in used]
    return told or [AXIOMS[name].statement]


__all__ = ["KINDS", "SCHEMA", "WORLD_KINDS", "RelationPage", "ledger", "relation_page", "world_lines"]
