"""The record that the writers of derivations take: a claim or a document as plain data, made here and nowhere else.

`claim_record` and `document_record` give dictionaries, lists, strings and numbers, as JSON has them; the dataclasses say
what their keys are.  Formulas are LaTeX, of our printer or as the author wrote them; prose is a list of ``{"text": ...}``
and ``{"math": ...}``.  Nothing in a record is safe to put into a page: that is the writers' task.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from numerics.convergence import Convergence
from numerics.decision import ALPHA
from numerics.sides import Sides
from proofs.printing import latex
from proofs.printing.names import GREEK, name_latex, name_text
from proofs.records import Domain, Evidence, Hypotheses, Proof, Relation, Verdict, Witness
from proofs.rules import AXIOMS, RULES
from proofs.terms import Term, describe
from reports.record import FileReport, RelationReport, plain
from reports.values import value_line
from reports.words import RELATION_LATEX, alpha_words

if TYPE_CHECKING:
    from derivations.catalogue import Claim, Entry

SCHEMA = "lemmata-report/1"
Words = list[dict[str, str]]


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
    """What the worlds say: ``sentence`` in words; ``alpha`` is the probability that a true claim is refuted (0 where all
    is certified), ``resolution`` the error, in standard deviations, that would have been seen (None: any)."""

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
    """One relation.  ``written`` are the author's two sides and sign; ``lhs rel rhs`` is what was understood, None where
    nothing was.  ``place`` is line:column in a document."""

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


@dataclass(frozen=True)
class Count:
    """A formula that was compared with the library in whole numbers, in ``cases`` cases; some of them."""

    formula: str
    cases: int
    shown: list[dict[str, Any]]
    points: list[list[int]]


@dataclass(frozen=True)
class Picture:
    """What is drawn: ``kind`` is 'convergence', 'worlds' or 'counts' with ``data``; 'none' says why in ``caption``."""

    kind: str
    relation: str
    caption: str
    data: dict[str, Any]
    world: list[str] = field(default_factory=list)


# ------------------------------------------------------------------------------------------------ words

DOLLARS = re.compile(r"\$\$?([^$]+)\$\$?")


def words(sentence: str) -> Words:
    """A sentence with formulas between dollar signs."""
    found: Words = []
    for i, part in enumerate(DOLLARS.split(sentence)):
        if part:
            found.append({"math" if i % 2 else "text": part})
    return found


TEXT = re.compile(r"\\text\{([^{}]*)\}")


def statement_words(latex_: str) -> Words:
    """A statement in LaTeX as formulas and the words between them: those of \\text that stand in no group."""
    found: Words = []
    depth = start = 0
    place = 0
    while place < len(latex_):
        match = TEXT.match(latex_, place)
        if match and depth == 0:
            found += [{"math": latex_[start:place].strip()}, {"text": match[1]}]
            start = place = match.end()
            continue
        token = latex_[place]
        if token == "\\":
            depth += latex_.startswith("\\left", place) and not latex_[place + 5 : place + 6].isalpha()
            depth -= latex_.startswith("\\right", place) and not latex_[place + 6 : place + 7].isalpha()
            place += 2
            continue
        depth += (token == "{") - (token == "}")
        place += 1
    found.append({"math": latex_[start:].strip()})
    return [w for w in found if w.get("math", "x") != ""]


def sign(rel: str) -> str:
    return RELATION_LATEX.get(rel, rel)


def condition_words(told: str, terms: Mapping[str, Term]) -> Words:
    """An assumed condition, with the formula that it speaks of set as one."""
    named = max((w for w in terms if w in told and len(w) > 0), key=len, default=None)
    if named is None or (len(named) < 2 and not re.search(rf"(^|: ){re.escape(named)}($| )", told)):
        return [{"text": told}]
    before, after = told.split(named, 1)
    found: Words = []
    by = re.match(r"(differentiable in |the derivative by )(\S+?)(:? .*)", before)
    found += [{"text": by[1]}, {"math": name_latex(by[2])}, {"text": by[3]}] if by else [{"text": before}]
    found += [{"math": latex(terms[named])}, {"text": after}]
    return [p for p in found if p.get("text") != ""]


KINDS = {
    "positive_definite": "positive definite", "nonnegative": "not negative", "nonzero": "not zero",
    "integer": "whole", "natural": "a whole number from 0 on", "binary": "0 or 1", "unit": "strictly between 0 and 1",
    "closed_unit": "between 0 and 1", "dimension": "a dimension", "index": "an index", "simplex": "a probability vector",
    "positive_vector": "a vector of positive numbers", "positive_diagonal": "diagonal with positive entries",
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


# ------------------------------------------------------------------------------------------------ one relation


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
        sentence = f"Evaluated in {many}, up to one in which it fails. {certified}"
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


def _values(values: Mapping[str, Any]) -> list[str]:
    """The values of a world, a line each, with Greek letters for their names."""
    return [value_line(name_text(n) if NAME.fullmatch(n) else n, v) for n, v in values.items()]


def witness_page(witness: Witness | None) -> WitnessPage | None:
    if witness is None:
        return None
    return WitnessPage(_values(witness.values), witness.lhs, witness.rhs, witness.note)


# ------------------------------------------------------------------------------------------------ a claim


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
        **_ledger([*pages, *fix_pages]),
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


def _ledger(pages: Sequence[RelationPage]) -> dict[str, Any]:
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


# ------------------------------------------------------------------------------------------------ pictures


def convergence_picture(shown: str, relation: Relation, found: Convergence) -> Picture:
    """The estimate of a side closing in on the formula, in each world that was sampled."""
    first = found.courses[0]
    what = {"lhs": "left side", "rhs": "right side", "difference": "difference of the two sides"}[first.side]
    against = {"lhs": "the right side", "rhs": "the left side", "difference": "0"}[first.side]
    caption = (
        f"The {what}, estimated from samples, against {against}, which is computed, in {len(found.courses)} worlds drawn at "
        f"random. The band is the set that contains the mean at all numbers of samples at once, with probability "
        f"1 - {alpha_words(found.alpha)} over all worlds."
    )
    if found.resolution is not None:
        caption += f" At the end a difference of {found.resolution:.2g} standard deviations would have been seen."
    if found.assumed:
        caption += " The width of the band rests on a bound of the variance that is assumed: " + found.assumed[0] + "."
    data = {
        "side": first.side, "rel": relation.rel, "alpha": found.alpha, "resolution": found.resolution,
        "samples": found.samples, "status": found.status, "seed": found.seed, "device": found.device,
        "courses": [
            {"formula": c.formula, "deviation": c.deviation, "status": c.status,
             "looks": [[k.samples, k.estimate, k.low, k.high] for k in c.looks]} for c in found.courses
        ],
    }  # fmt: skip
    world = _values(first.values)
    return Picture("convergence", shown, caption, plain(data), world)


def worlds_picture(shown: str, relation: Relation, found: Sides, why: str) -> Picture:
    """Both sides in the worlds that were tried, where there is no sampled side to show."""
    kind = WORLD_KINDS.get(found.kind, found.kind)
    total = len(found.points) + len(found.failing)
    caption = f"No estimate is shown, since {_lower(why)}. Instead: both sides in {total} worlds ({kind}), computed."
    if found.failing:
        caption += f" In {len(found.failing)} of them the relation fails."
    data = {"rel": relation.rel, "points": found.points, "failing": found.failing, "seed": found.seed}
    return Picture("worlds", shown, caption, plain(data))


def counts_picture(counts: Sequence[Count]) -> Picture:
    total = sum(c.cases for c in counts)
    caption = f"Formula and library in {total} cases, in whole numbers. There is nothing to sample."
    return Picture("counts", "", caption, {"points": [p for c in counts for p in c.points]})


def no_picture(why: str) -> Picture:
    return Picture("none", "", f"There is no picture, since {_lower(why)}.", {})


def _lower(why: str) -> str:
    why = why.rstrip(".")
    return why[:1].lower() + why[1:] if why[1:2].islower() or why[1:2] == " " else why


# ------------------------------------------------------------------------------------------------ a document


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
        **_ledger(pages),
        "fault": "; ".join(faults) or None,
    }


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
        relation, verdict, place=f"{r.line}:{r.column}", role=role, given=given, written=written, readings=r.readings
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


__all__ = [
    "SCHEMA", "Count", "Picture", "claim_record", "convergence_picture", "counts_picture", "document_record",
    "no_picture", "relation_page", "words", "worlds_picture",
]  # fmt: skip
