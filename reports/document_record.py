"""The record of a checked document: each relation as its author wrote it, its verdict, its proof or its witness."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from proofs.printing import latex
from proofs.printing.names import name_latex
from proofs.records import Domain, Hypotheses, Verdict
from proofs.terms import describe
from reports.pages import KINDS, SCHEMA, RelationPage, ledger, relation_page
from reports.prose import Words, sign
from reports.record import FileReport, RelationReport, Report, suggestion


def document_record(file: FileReport, faults: Sequence[str] = ()) -> dict[str, Any]:
    """The record of a checked document: each relation as its author wrote it, its verdict, its proof or its witness."""
    pages = [_document_page(r) for r in file.relations]
    counts: dict[str, int] = {}
    for p in pages:
        counts[p.verdict] = counts.get(p.verdict, 0) + 1
    return {
        "schema": SCHEMA,
        "kind": "document",
        "id": file.file,
        "title": file.file,
        "counts": counts,
        "relations": [asdict(p) for p in pages],
        **ledger(pages),
        "fault": "; ".join(faults) or None,
    }


def documents_record(report: Report) -> dict[str, Any]:
    """The records of all documents of a report, on one page."""
    return {
        "schema": SCHEMA, "kind": "documents", "title": ", ".join(f.file for f in report.files),
        "documents": [document_record(f, [x.message for x in report.faults if x.file == f.file]) for f in report.files],
    }  # fmt: skip


def _document_page(r: RelationReport) -> RelationPage:
    relation = r.outcomes[r.chosen].meaning.relation if r.chosen is not None else None
    detail = r.detail or Verdict(r.verdict)
    verdict = Verdict(
        r.verdict, r.reason, detail.proof, detail.witness, detail.evidence, detail.fault, detail.seconds
    )  # fmt: skip
    written = [r.lhs or "", sign(r.rel) if r.rhs else "", r.rhs or ""] if r.rel is not None else None
    given = list(_hypotheses(relation.hypotheses)) if relation else []
    role = "the first wrong step of its chain" if r.role == "root" else ""
    return relation_page(
        relation,
        verdict,
        place=f"{r.line}:{r.column}",
        role=role,
        given=given,
        written=written,
        readings=r.readings,
        suggestion=suggestion(r.repair),
    )


def _hypotheses(h: Hypotheses) -> Iterator[Words]:
    """What a relation of a document takes for granted, one item a symbol."""
    for name, domain in h.variables.items():
        yield [{"math": name_latex(name)}, {"text": f": {_domain(domain)}"}]
    for name, function in h.functions.items():
        kinds = [k for k in ("bijection", "convex", "smooth") if getattr(function, k)]
        yield [{"math": name_latex(name)}, {"text": f": a function{' (' + ', '.join(kinds) + ')' if kinds else ''}"}]
    for name, family in h.families.items():
        of = [{"text": ": a density" + (" of " if family.spaces else "")}]
        spaces = [{"math": name_latex(s)} for s in family.spaces]
        commas = [x for s in spaces for x in (s, {"text": ", "})][:-1]
        yield [{"math": name_latex(name)}, *of, *commas]
        for (outcomes, givens), law in family.laws.items():
            behind = "|" + ", ".join(map(name_latex, givens)) if givens else ""
            head = f"{name_latex(name)}({', '.join(map(name_latex, outcomes))}{behind})"
            yield [{"math": head}, {"text": " is that of "}, {"math": latex(law)}]
    for condition in h.conditions:
        yield [{"math": latex(condition)}]
    for name in sorted(h.unexplained):
        yield [{"math": name_latex(name)}, {"text": ": nothing in the text explains it"}]


def _domain(domain: Domain) -> str:
    kind = KINDS.get(domain.kind, domain.kind.replace("_", " "))
    if domain.kind == "interval":
        kind = f"from {domain.lower} to {domain.upper}"
    return f"{describe(domain.sort)}, {kind} ({'declared' if domain.declared else 'by convention or use'})"


__all__ = ["document_record", "documents_record"]
