"""The record: the JSON contract, the exit status, what is counted."""

import json
from fractions import Fraction

import jsonschema
import pytest

from proofs.terms import symbol
from reports.record import FileReport, Report, plain

TEXT = {"type": ["string", "null"]}
WHOLE = {"type": ["integer", "null"]}


def closed(properties: dict) -> dict:
    """An object that has exactly these keys."""
    return {
        "type": "object", "properties": properties, "required": list(properties), "additionalProperties": False,
    }  # fmt: skip


EVIDENCE = closed(
    {
        "worlds": {"type": "integer"}, "digits": WHOLE, "samples": {"type": "integer"},
        "interval": {"type": ["array", "null"]}, "resolution": {"type": ["number", "null"]},
        "seed": {"type": "integer"}, "device": {"type": "string"},
    }
)  # fmt: skip
WITNESS = closed(
    {
        "values": {
            "type": "object",
            "additionalProperties": {
                "type": "object", "minProperties": 1, "maxProperties": 1,
                "propertyNames": {"enum": ["number", "vector", "matrix", "table", "law", "function"]},
            },
        },
        "lhs": {"type": "string"}, "rhs": {"type": "string"},
    }
)  # fmt: skip
RELATION = closed(
    {
        "line": {"type": "integer", "minimum": 1}, "column": {"type": "integer", "minimum": 1},
        "lhs": TEXT, "rel": TEXT, "rhs": TEXT,
        "verdict": {
            "enum": ["proved", "supported", "refuted", "undecided", "vacuous", "unread", "definition", "assumption"]
        },
        "reason": {"type": "string"}, "readings": {"type": "object"},
        "axioms": {"type": "array"}, "assumed": {"type": "array"}, "certificate": {"type": ["object", "null"]},
        "chain": closed(
            {"id": WHOLE, "position": WHOLE, "role": {"enum": ["root", "carried", "step", None]}, "carried_from": WHOLE}
        ),
        "witness": {"anyOf": [WITNESS, {"type": "null"}]}, "evidence": {"anyOf": [EVIDENCE, {"type": "null"}]},
        "suggestion": TEXT, "seconds": {"type": "number"},
    }
)  # fmt: skip
CONTRACT = closed(
    {
        "schema": {"const": "lemmata/1"}, "seconds": {"type": "number"}, "faults": {"type": "array"},
        "files": {
            "type": "array",
            "items": closed({"file": {"type": "string"}, "relations": {"type": "array", "items": RELATION}}),
        },
    }
)  # fmt: skip


def test_every_key_of_the_contract_is_there_for_every_verdict(report):
    jsonschema.validate(json.loads(json.dumps(report.as_json())), CONTRACT)


def test_the_contract_test_refuses_a_missing_key(report):
    wrong = report.as_json()
    del wrong["files"][0]["relations"][0]["witness"]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(wrong, CONTRACT)


def test_a_witness_is_there_exactly_for_what_is_refuted(report):
    shown = [r.verdict for r in report.relations if r.as_json()["witness"]]
    assert shown == ["refuted"]


def test_a_certificate_and_axioms_are_there_exactly_for_what_is_proved(report):
    rows = [r.as_json() for r in report.relations]
    assert [r["verdict"] for r in rows if r["certificate"]] == ["proved"]
    assert [r["verdict"] for r in rows if r["axioms"]] == ["proved"]


@pytest.mark.parametrize(
    ("verdict", "plain_status", "strict_status"),
    [
        ("proved", 0, 0), ("supported", 0, 0), ("definition", 0, 0), ("assumption", 0, 0),
        ("refuted", 1, 1), ("undecided", 0, 1), ("vacuous", 0, 1),
    ],
)  # fmt: skip
def test_exit_status(make_relation, verdict, plain_status, strict_status):
    report = Report((FileReport("a.md", (make_relation(1, "proved"), make_relation(2, verdict))),))
    assert (report.exit_status(), report.exit_status(strict=True)) == (plain_status, strict_status)


def test_a_file_of_which_nothing_was_read_exits_1_and_one_unread_line_does_not(make_relation):
    unread, proved = make_relation(1, "unread"), make_relation(2, "proved")
    assert Report((FileReport("a.md", (unread,)),)).exit_status() == 1
    assert Report((FileReport("a.md", (unread, proved)),)).exit_status() == 0
    assert Report((FileReport("a.md", ()),)).exit_status() == 0


def test_a_fault_of_ours_exits_3(broken):
    assert broken.exit_status() == 3


def test_counts_are_in_the_order_of_the_verdicts(report):
    assert list(report.counts().items()) == [
        ("proved", 1), ("supported", 1), ("refuted", 1), ("undecided", 1), ("vacuous", 1), ("unread", 2),
        ("definition", 1), ("assumption", 1),
    ]  # fmt: skip


def test_plain_data_can_be_written_and_a_stranger_is_refused():
    value = {"a": (Fraction(1, 3), symbol("x")), 2: frozenset({"c", "b"}), "inf": float("inf")}
    assert json.loads(json.dumps(plain(value))) == {
        "a": ["1/3", {"op": "symbol", "data": ["x"], "args": []}], "2": ["b", "c"], "inf": "inf",
    }  # fmt: skip
    with pytest.raises(TypeError):
        plain(object())
