"""A report made by hand, with one relation of every kind."""

import pytest

from derivations.reading.relations import Meaning, ReadRelation
from proofs.records import Domain, Evidence, Hypotheses, Proof, Relation, Verdict, Witness
from proofs.terms import log, mul, number, power, symbol
from reports.record import Fault, FileReport, Outcome, RelationReport, Report

X = symbol("x")
POSITIVE = Hypotheses(variables={"x": Domain(kind="positive", declared=True)})
CLAIM = Relation(log(power(X, number(2))), "=", mul(number(2), log(X)), POSITIVE)
EVIDENCE = Evidence(worlds=24, digits=300, seed=5, kinds=("points",))
PROOF = Proof({"rule": "log.power", "args": []}, (), ("log of a power",), ("f is integrable",))
WITNESS = Witness(
    {"x": {"number": "1/2"}, "Sigma": {"matrix": [["2", "0"], ["0", "1"]]}}, "0.6931", "1.0986", "by hand"
)


def relation(line: int, verdict: str, lhs: str | None = r"\log x^2", rhs: str | None = r"2 \log x", **more):
    """A RelationReport with this verdict, as `lemmata.checking` would make it."""
    reason = more.pop("reason", "")
    detail = Verdict(
        verdict,
        reason,
        proof=PROOF if verdict == "proved" else None,
        witness=WITNESS if verdict == "refuted" else None,
        evidence=EVIDENCE if verdict in ("proved", "supported", "refuted") else Evidence(),
    )
    claim = verdict not in ("unread", "definition", "assumption")
    readings = more.pop("readings", {})
    outcomes = (Outcome(Meaning(readings, CLAIM), detail),) if claim else ()
    rel = None if lhs is None else more.pop("rel", "=")
    read = ReadRelation(line, 7, lhs or "", rel or "=", rhs or "", "claim" if claim else "definition", chain=line)
    return RelationReport(
        line, 7, lhs, rel, rhs, verdict, reason, readings, line, 1, more.pop("role", None), outcomes,
        0 if claim else None, 0.25, read,
    )  # fmt: skip


@pytest.fixture
def make_relation():
    return relation


@pytest.fixture
def report() -> Report:
    relations = (
        relation(1, "proved"),
        relation(2, "supported", readings={"second argument of N": "variance"}),
        relation(3, "refuted", role="root", reason="it fails in the world shown"),
        relation(4, "undecided", reason="no proof was found"),
        relation(5, "vacuous", reason="sigma > 0 contradicts sigma = -1"),
        relation(6, "unread", reason="expected a closing brace at column 12"),
        relation(7, "unread", None, None, reason="the environment align is never closed"),
        relation(8, "definition", "f", "x^2", rel=":="),
        relation(9, "assumption"),
    )
    text = "".join(f"line {i}: $\\log x^2 = 2 \\log x$\n" for i in range(1, 10))
    return Report((FileReport("notes.md", relations, text),), (), 3.25)


@pytest.fixture
def broken(report: Report) -> Report:
    return Report(report.files, (Fault("notes.md", 4, 7, "a certificate stands beside a witness"),), 1.0)
