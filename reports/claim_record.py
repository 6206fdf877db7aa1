"""The record of a claim of the catalogue, and of the booklet of several."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from proofs.printing.names import GREEK, name_latex
from proofs.records import Verdict
from reports.pages import KINDS, SCHEMA, RelationPage, ledger, relation_page
from reports.picture_records import Count, Picture
from reports.prose import Words, sign, statement_words, words

if TYPE_CHECKING:
    from derivations.catalogue import Claim, Entry


def claim_record(
    entry: Entry,
    topic: str,
    judged: Sequence[tuple[Claim, Verdict]],
    fixes: Sequence[tuple[Claim, Verdict]],
    *,
    whole: tuple[str, str, str | None],
    picture: Picture,
    counts: Sequence[Count] = (),
    fault: str | None = None,
) -> dict[str, Any]:
    """The record of a claim of the catalogue.  ``whole`` is (verdict, reason, verdict of the fix)."""
    from proofs.schemes import KINDS as SCHEMES

    pages = [_claim_page(entry, c, v) for c, v in judged]
    fix_pages = [_claim_page(entry, c, v) for c, v in fixes]
    verdict, reason, fix_verdict = whole
    pairs = zip(entry.source.document.split(", "), entry.source.question.split(", "))
    given = [words(entry.given)] if entry.given else []
    return {
        "schema": SCHEMA,
        "kind": "claim",
        "id": entry.id,
        "title": entry.title,
        "topic": topic,
        "holds": entry.holds,
        "statement": entry.statement,
        "statement_words": statement_words(entry.statement),
        "given": given + _conditions(entry.domains, entry.conditions),
        "scheme": {"kind": entry.scheme.kind, "means": SCHEMES.get(entry.scheme.kind, "")},
        "source": {"words": entry.source.words, "places": [{"document": d, "question": q} for d, q in pairs]},
        "note": entry.note,
        "verdict": verdict,
        "reason": reason,
        "relations": [asdict(p) for p in pages],
        "fix": entry.fix if isinstance(entry.fix, str) and entry.fix else None,
        "fix_verdict": fix_verdict,
        "fixes": [asdict(p) for p in fix_pages],
        "counts": [asdict(c) for c in counts],
        "picture": asdict(picture),
        **ledger([*pages, *fix_pages]),
        "fault": fault,
    }


def _claim_page(entry: Entry, claim: Claim, verdict: Verdict) -> RelationPage:
    part = claim.part
    given = [words(part.given)] if part.given else []
    given += _conditions(part.domains, part.conditions)
    given += [words(f"The {k} is a {v}.") for k, v in {**entry.reading, **part.reading}.items()]
    written = [claim.read.lhs, sign(claim.read.rel), claim.read.rhs]
    first = part.role.split(" ")[0].rstrip(":,")
    plain_word = first.isalpha() and len(first) > 2 and first not in GREEK and first not in ("log", "exp")
    role = part.role[:1].upper() + part.role[1:] if plain_word else part.role
    return relation_page(claim.relation, verdict, role=role, given=given, written=written)


def _conditions(domains: Mapping[str, str], conditions: Iterable[str]) -> list[Words]:
    found: list[Words] = []
    for name, kind in domains.items():
        found.append([{"math": name_latex(name)}, {"text": f" is {KINDS.get(kind, kind.replace('_', ' '))}."}])
    return found + [[{"math": c}, {"text": "."}] for c in conditions]


def booklet_record(made: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The booklet of several claims: under their topics, with the axioms that all of them use.

    Certificates are left to the record of each claim.
    """
    topics: dict[str, list[Mapping[str, Any]]] = {}
    for r in made:
        topics.setdefault(r["topic"], []).append(_without_certificates(r))
    axioms: dict[str, dict[str, Any]] = {}
    for r in made:
        for a in r["axioms"]:
            known = axioms.setdefault(a["name"], {**a, "statements": [], "claims": 0})
            known["statements"] += [s for s in a["statements"] if s not in known["statements"]]
            known["claims"] += 1
    return {
        "schema": SCHEMA, "kind": "booklet", "id": "booklet", "title": "Lemmata: the catalogue",
        "topics": [{"title": t, "claims": list(rs)} for t, rs in topics.items()],
        "axioms": sorted(axioms.values(), key=lambda a: (-a["claims"], a["name"])), "fault": None,
    }  # fmt: skip


def _without_certificates(record: Mapping[str, Any]) -> dict[str, Any]:
    parts = {k: [{**r, "certificate": None} for r in record[k]] for k in ("relations", "fixes")}
    return {**record, **parts}


__all__ = ["booklet_record", "claim_record"]
