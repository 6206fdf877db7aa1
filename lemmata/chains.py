"""What an error does to the lines after it: the root of a chain, what was carried from where, what the chain shows.

A relation that is refuted is carried from an earlier one, A = B, if it holds after what stands on one side of that is
textually replaced by what its author put for it.  The refuted relation is never assumed: from a falsehood everything
follows.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from derivations.reading.relations import Meaning, ReadRelation
from lemmata.judging import Claim
from lemmata.verdicts import HOLDS, Judged, of_relation
from proofs.binding import alike
from proofs.records import Domain, Hypotheses, Relation
from proofs.terms import Term, is_number, term
from reports.record import RelationReport, Shown

Ask = Callable[[Sequence[Claim]], Sequence[Judged]]
ROOTS = 4  # earlier errors from which a line may be carried: the nearest ones


@dataclass(frozen=True)
class _Question:
    """A claim whose answer says something about the reports with these indices: what a root shows, what is carried."""

    claim: ReadRelation
    about: int
    root: int | None = None


def with_consequences(
    reports: Sequence[RelationReport], readings: Mapping[str, str], ask: Ask
) -> tuple[list[RelationReport], list[Judged]]:
    """The reports of one document, with the part of each relation in its chain, and what was asked for that.

    ``ask`` judges claims.  Nothing is asked where nothing is refuted.
    """
    refuted = [i for i, r in enumerate(reports) if r.verdict == "refuted"]
    questions = [*_shown(reports, refuted), *_carried(reports, refuted)]
    judged = ask([Claim(q.claim, pickle.dumps(q.claim)) for q in questions]) if questions else []
    carried: dict[int, int] = {}
    shown: dict[int, Shown] = {}
    for question, answer in zip(questions, judged):
        verdict = of_relation(answer, readings).verdict
        if question.root is None:
            shown[reports[question.about].chain or 0] = Shown(question.claim.rel, verdict)
        elif verdict in HOLDS:
            carried.setdefault(question.about, question.root)
    return _with_roles(reports, carried, shown), list(judged)


def _with_roles(
    reports: Sequence[RelationReport], carried: Mapping[int, int], shown: Mapping[int, Shown]
) -> list[RelationReport]:
    """'root' is the first error of a chain that was not carried there, and each that others were carried from."""
    lengths: dict[int | None, int] = {}
    for r in reports:
        lengths[r.chain] = lengths.get(r.chain, 0) + 1
    rooted: set[int | None] = set()
    found = []
    for i, r in enumerate(reports):
        role = "step" if lengths[r.chain] > 1 else None
        if i in carried:
            role = "carried"
        elif r.verdict == "refuted" and ((role and r.chain not in rooted) or i in carried.values()):
            role = "root"
            rooted.add(r.chain)
        source = reports[carried[i]].line if i in carried else None
        found.append(replace(r, role=role, carried_from=source, shows=shown.get(r.chain or 0)))
    return found


def _shown(reports: Sequence[RelationReport], refuted: Sequence[int]) -> list[_Question]:
    """Does the end of a chain with an error still follow from its beginning?"""
    broken = {reports[i].chain for i in refuted}
    last = {r.chain: i for i, r in enumerate(reports) if r.chain in broken and r.read is not None}
    found = []
    for i in last.values():
        read = reports[i].read
        if read is not None and read.shows is not None:
            found.append(_Question(read.shows, i))
    return found


def _carried(reports: Sequence[RelationReport], refuted: Sequence[int]) -> list[_Question]:
    """Does a refuted relation hold with what the author put, at an earlier error, for something in it?"""
    found = []
    for k, later in enumerate(refuted):
        for root in reversed(refuted[max(0, k - ROOTS) : k]):
            new = _replaced(_meant(reports[later]), _meant(reports[root]))
            if new is not None:
                found.append(_Question(_claim(reports[later], new), later, root))
    return found


def _meant(report: RelationReport) -> Relation | None:
    """What a relation was read as, in the reading taken."""
    return None if report.chosen is None else report.outcomes[report.chosen].meaning.relation


def _claim(report: RelationReport, relation: Relation) -> ReadRelation:
    return ReadRelation(
        report.line, report.column, report.lhs or "", relation.rel, report.rhs or "", "claim",
        meanings=(Meaning(relation=relation),),
    )  # fmt: skip


def _replaced(later: Relation | None, root: Relation | None) -> Relation | None:
    """The later relation with the left side of the root replaced by what its author put for it, the right side.

    None where the left side does not occur in it, is a mere number, or names mean other things there.
    """
    if later is None or root is None or root.rel not in ("=", ":="):
        return None
    given, old, new = together(later.hypotheses, root.hypotheses), root.lhs, root.rhs
    if given is None or old.sort != new.sort or is_number(old):
        return None
    lhs, rhs = put(later.lhs, old, new), put(later.rhs, old, new)
    return replace(later, lhs=lhs, rhs=rhs, hypotheses=given) if (lhs, rhs) != (later.lhs, later.rhs) else None


def put(where: Term, old: Term, new: Term) -> Term:
    """A term with ``new`` wherever ``old`` is written in it, as a part or as a run of terms of a sum or of factors."""
    if where.sort == old.sort and alike(where, old):
        return new
    args = [put(a, old, new) for a in where.args]
    if where.op == old.op and where.op in ("add", "mul"):
        args = _put_run(args, list(old.args), new)
        if len(args) == 1:
            return args[0]
    return where if tuple(args) == where.args else term(where.op, args, where.data, where.sort)


def _put_run(args: list[Term], run: list[Term], new: Term) -> list[Term]:
    """The arguments with a new one for each run of them that is written like ``run``."""
    found: list[Term] = []
    i = 0
    while i < len(args):
        stretch = args[i : i + len(run)]
        if len(stretch) == len(run) and all(a.sort == b.sort and alike(a, b) for a, b in zip(stretch, run)):
            found.append(new)
            i += len(run)
        else:
            found.append(args[i])
            i += 1
    return found


def together(first: Hypotheses, second: Hypotheses) -> Hypotheses | None:
    """What two relations of a document take for granted, together; None where a name means two things in them."""
    variables = dict(second.variables)
    for name, domain in first.variables.items():
        other = variables.get(name, domain)
        if not _compatible(domain, other):
            return None
        variables[name] = domain if domain.declared or not other.declared else other
    tables: dict[str, dict] = {}
    for table in ("functions", "families", "spaces", "space_of"):
        ours, theirs = getattr(first, table), getattr(second, table)
        if any(theirs[name] != ours[name] for name in ours.keys() & theirs.keys()):
            return None
        tables[table] = {**theirs, **ours}
    return Hypotheses(
        variables=variables,
        conditions=tuple(dict.fromkeys((*first.conditions, *second.conditions))),
        unexplained=first.unexplained | second.unexplained,
        **tables,
    )


def _compatible(one: Domain, other: Domain) -> bool:
    return (one.sort, one.kind, one.lower, one.upper) == (other.sort, other.kind, other.lower, other.upper)
