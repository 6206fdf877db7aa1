"""What was read for the relations of one line, and why the verdict is what it is: `lemmata check --explain LINE`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from proofs.printing import text
from proofs.records import Domain, Hypotheses, Proof, Relation, Verdict
from proofs.terms import describe
from reports.plaintext import one_line, visible
from reports.record import FileReport, Outcome, RelationReport
from reports.values import value_line
from reports.words import MEANS, chain_words, evidence_words, repaired_words, written

PLACE = re.compile(r"\bline (\d+), column (\d+)")


def explain(file: FileReport, line: int) -> str:
    """Everything known about the relations whose sign is on the line; says so where there is none."""
    found = [r for r in file.relations if r.line == line]
    if not found:
        lines = sorted({r.line for r in file.relations})
        near = min(lines, key=lambda n: abs(n - line), default=None)
        hint = f"; the nearest is on line {near}" if near else ""
        return f"{visible(file.file)}: no relation has its sign on line {line}{hint}.\n"
    return "\n".join("\n".join(_relation(file, r)) + "\n" for r in found)


def _relation(file: FileReport, relation: RelationReport) -> Iterator[str]:
    yield f"{visible(file.file)}:{relation.line}:{relation.column}  {relation.verdict}"
    if relation.rel is not None:
        yield f"  written     {written(relation)}"
    if relation.reason:
        yield f"  because     {one_line(relation.reason)}"
    elif relation.verdict in ("definition", "assumption"):
        yield f"  because     it {MEANS[relation.verdict]}; what is said of it elsewhere is held against it"
    if repaired_words(relation.repair):
        yield f"  holds as    {one_line(repaired_words(relation.repair))}"
    for words in chain_words(relation):
        yield f"  chain       {words}"
    if relation.verdict == "unread":
        yield from _caret(file, relation)
    for i, outcome in enumerate(relation.outcomes):
        yield from _outcome(outcome, i == relation.chosen, len(relation.outcomes) > 1)


def _caret(file: FileReport, relation: RelationReport) -> Iterator[str]:
    """The line of the file, with a caret under the place that the reason names (else under the sign)."""
    named = PLACE.search(relation.reason)
    line, column = (int(named[1]), int(named[2])) if named else (relation.line, relation.column)
    lines = file.text.split("\n")
    if not 1 <= line <= len(lines):
        return
    source = visible(lines[line - 1]).replace("\t", " ")
    start = max(0, column - 60)
    yield "    " + source[start : start + 100]
    yield "    " + " " * (column - 1 - start) + "^"


def _outcome(outcome: Outcome, taken: bool, several: bool) -> Iterator[str]:
    meaning, verdict = outcome.meaning, outcome.verdict
    if several or meaning.reading:
        reading = "; ".join(f"{one_line(k)} is {one_line(v)}" for k, v in meaning.reading.items())
        yield f"  reading     {reading} ({'taken' if taken else 'also open'}): {verdict.verdict}"
    if meaning.conflict is not None:
        yield f"  shapes      {one_line(meaning.conflict.left)} against {one_line(meaning.conflict.right)}"
    if meaning.relation is not None:
        yield from _meaning(meaning.relation)
    for convention in meaning.taken:
        yield f"  taken       {one_line(convention)}"
    if several and verdict.reason:
        yield f"  because     {one_line(verdict.reason)}"
    yield from _why(verdict)


def _meaning(relation: Relation) -> Iterator[str]:
    yield f"  left side   {one_line(text(relation.lhs))}"
    yield f"  {relation.rel:<11} {one_line(text(relation.rhs))}"
    for statement in _hypotheses(relation.hypotheses):
        yield f"  given       {one_line(statement)}"
    if relation.proportional_in:
        yield f"  propto in   {', '.join(relation.proportional_in)}"


def _hypotheses(given: Hypotheses) -> Iterator[str]:
    for name, domain in given.variables.items():
        yield f"{name}: {_domain(domain)}"
    for name, function in given.functions.items():
        kinds = [k for k in ("bijection", "convex", "smooth") if getattr(function, k)]
        yield f"{name}: an unknown function{' (' + ', '.join(kinds) + ')' if kinds else ''}"
    for name, family in given.families.items():
        yield f"{name}: an unknown density" + (f" of {', '.join(family.spaces)}" if family.spaces else "")
        for (outcomes, givens), law in family.laws.items():
            bar = f" | {', '.join(givens)}" if givens else ""
            yield f"{name}({', '.join(outcomes)}{bar}) is that of {text(law)}"
    for condition in given.conditions:
        yield text(condition)
    for name in sorted(given.unexplained):
        yield f"{name}: nothing explains it, so the relation is refuted only if it fails for all its values"


def _domain(domain: Domain) -> str:
    kind = domain.kind.replace("_", " ")
    if domain.kind == "interval":
        kind = f"from {domain.lower} to {domain.upper}"
    origin = "declared" if domain.declared else "by convention or use"
    return f"{describe(domain.sort)}, {kind} ({origin})"


def _why(verdict: Verdict) -> Iterator[str]:
    if verdict.proof is not None:
        yield from _proof(verdict.proof)
    if verdict.witness is not None:
        for name, value in verdict.witness.values.items():
            yield f"  where       {value_line(name, value)}"
        yield f"  left side   {one_line(verdict.witness.lhs)}"
        yield f"  right side  {one_line(verdict.witness.rhs)}"
        if verdict.witness.note:
            yield f"  note        {one_line(verdict.witness.note)}"
    tried = verdict.evidence
    if tried.worlds or tried.samples:
        kinds = f" ({', '.join(tried.kinds)})" if tried.kinds else ""
        yield f"  tried       {evidence_words(tried)}{kinds}; seed {tried.seed}, on {one_line(tried.device)}"


def _proof(proof: Proof) -> Iterator[str]:
    from proofs.certificate import numbered_steps

    yield "  proof"
    for step in numbered_steps(proof):
        yield "    " + visible(step).replace("\n", "\n    ")
    yield f"  axioms      {', '.join(proof.axioms) or 'none'}"
    if proof.assumed:
        yield f"  assumed     {'; '.join(proof.assumed)}"
