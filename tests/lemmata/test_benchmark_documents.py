"""`python -m benchmarks documents`: verdicts held against labels, times and memory, the form of the record."""

import json
import subprocess
import sys

import pytest

from benchmarks.__main__ import main
from benchmarks.documents import Processes, quantile
from benchmarks.labels import NotLabelled, labelled_documents, matched, outcome

DOCUMENT = """Let $a,b\\in\\mathbb{R}$.

$$
(a-b)(a+b) = a^2 - b^2
$$

and so

$$
(a+b)^2 = a^2 + b^2 = b^2 + a^2
$$

$$
a + + = b
$$
"""


def label(line, lhs, rhs, kind, rel="="):
    return {"line": line, "lhs": lhs, "rel": rel, "rhs": rhs, "label": kind}


LABELS = [
    label(4, r"(a-b)\,(a+b)", r"a^2-b^2\,.", "true"),
    label(10, "(a+b)^2", "a^2+b^2", "false"),
    label(10, "a^2+b^2", "b^2+a^2", "true"),
    label(14, "a + +", "b", "true"),
    label(1, "a,b", r"\mathbb{R}", "assumption", "in"),
]


@pytest.fixture
def labelled(tmp_path):
    folder = tmp_path / "set" / "one"
    folder.mkdir(parents=True)
    (folder / "document.md").write_text(DOCUMENT)
    (folder / "labels.json").write_text(json.dumps({"relations": LABELS}))
    return folder


@pytest.mark.parametrize("whole_set", [False, True])
def test_the_record_has_the_figures_of_each_document_and_of_all(labelled, capsys, whole_set):
    path = labelled.parent if whole_set else labelled
    assert main(["documents", str(path), "--format", "json"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert record["benchmark"] == "documents" and record["machine"]["cores"]
    assert set(record["figures"]) == {"one", "all"}
    for figures in record["figures"].values():
        counted = ("true", "false", "no_claims", "wrongly_accused", "wrongly_accepted", "accused_no_claims", "faults")
        assert [figures[name] for name in counted] == [3, 1, 1, 0, 0, 0, 0]
        assert figures["share_read"] == 3 / 4 and figures["share_of_false_refuted"] == 1
        assert figures["share_of_true_settled"] == figures["share_of_true_proved"] == 2 / 3
        assert figures["relations_tried"] == 3
        assert 0 < figures["seconds_per_relation_median"] <= figures["seconds_per_relation_p95"] <= figures["seconds"]
    assert DOCUMENT.split("\n")[3] not in json.dumps(record)  # figures, no text of the documents


def test_a_folder_without_labels_is_refused(tmp_path, capsys):
    with pytest.raises(NotLabelled):
        labelled_documents([tmp_path])
    with pytest.raises(SystemExit):
        main(["documents", str(tmp_path)])
    assert "labels.json" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["latency", str(tmp_path)])


def test_a_label_is_held_against_the_relation_that_is_most_like_it():
    labels = [label(4, "x + y", "y + x", "true"), label(4, "x + y", "z + x", "false")]
    found = [
        {"line": 4, "lhs": "x + y", "rel": "=", "rhs": "z+x"},
        {"line": 4, "lhs": "x+y", "rel": "=", "rhs": "y+x"},
        {"line": 4, "lhs": "x+y", "rel": "<=", "rhs": "y+x"},
    ]
    assert matched(labels, found) == {0: found[1], 1: found[0]}
    assert matched(labels[:1], found[2:]) == {}  # another sign
    assert matched([label(30, "x + y", "y + x", "true")], found) == {}  # far away
    assert matched(labels[:1], [{"line": 4, "lhs": None, "rel": None, "rhs": None}]) == {}


@pytest.mark.parametrize(
    ("kind", "verdict", "said"),
    [
        ("true", "proved", "right"), ("true", "supported", "right"), ("true", "refuted", "accused"),
        ("true", "unread", "open"), ("true", "missing", "open"), ("true", "assumption", "open"),
        ("false", "refuted", "right"), ("false", "proved", "accepted"), ("false", "undecided", "open"),
        ("definition", "refuted", "accused non-claim"), ("assumption", "refuted", "accused non-claim"),
        ("definition", "proved", "let alone"), ("schematic", "refuted", "let alone"),
        ("approximation", "refuted", "let alone"),
    ],
)  # fmt: skip
def test_what_a_verdict_is_worth(kind, verdict, said):
    assert outcome(kind, verdict) == said


def test_quantiles():
    assert quantile([], 0.5) is None
    assert quantile([1, 2, 3, 4], 0.5) == 2
    assert quantile(list(range(1, 101)), 0.95) == 95
    assert quantile([7], 0.95) == 7


@pytest.mark.skipif(sys.platform != "linux", reason="/proc tells the memory of a process on Linux alone")
def test_the_memory_of_a_grandchild_is_seen():
    """64 MB, held by a process that the process started."""
    inner = "import time; x = bytearray(64 * 2**20); time.sleep(0.6)"
    outer = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {inner!r}])"
    process = subprocess.Popen([sys.executable, "-c", outer], start_new_session=True)
    with Processes(process.pid) as seen:
        process.wait()
    assert seen.largest is not None and 64 * 2**20 < seen.largest < 512 * 2**20
    assert 0 < seen.processor_seconds < 5
