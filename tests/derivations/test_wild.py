"""Real documents with a hand-made label on every relation: nothing true is accused, nothing false is accepted."""

from collections import Counter
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from json import loads
from pathlib import Path

import pytest

import lemmata

WILD = Path(__file__).parents[3] / "shared" / "wild"
FOLDERS = sorted(p.parent for p in WILD.glob("*/labels.json"))

pytestmark = pytest.mark.skipif(not FOLDERS, reason="the labelled documents of ../shared/wild are not here")


def score_module():
    """The script that holds verdicts against labels: which relation belongs to which label, and what is right."""
    loader = SourceFileLoader("wild_score", str(WILD / "score"))
    spec = spec_from_loader("wild_score", loader)
    assert spec is not None
    module = module_from_spec(spec)
    loader.exec_module(module)
    return module


def document(folder: Path) -> Path:
    return next(p for p in sorted(folder.iterdir()) if p.stem == "document")


@pytest.fixture(scope="module")
def score():
    return score_module()


@pytest.fixture(scope="module")
def outcomes(score):
    """For each folder (label, verdict, what the score calls it) of every labelled relation; and the report."""
    report = lemmata.check([document(folder) for folder in FOLDERS], jobs=0, seconds_per_relation=4.0)
    found = {}
    for folder, file in zip(FOLDERS, report.files):
        labels = loads((folder / "labels.json").read_text())["relations"]
        relations = [r.as_json() for r in file.relations]
        matched, _ = score.match(labels, relations)
        verdicts = [matched[i]["verdict"] if i in matched else "missing" for i in range(len(labels))]
        found[folder.name] = [(label, v, score.judge(label["label"], v)) for label, v in zip(labels, verdicts)]
    return found, report


def told(folder: str, label, verdict: str) -> str:
    return f"{folder}:{label['line']} ({label['label']}, {verdict}) {label['lhs']} {label['rel']} {label['rhs']}"[:300]


def test_no_document_shows_a_fault_of_ours(outcomes):
    assert outcomes[1].faults == ()


@pytest.mark.parametrize("folder", [f.name for f in FOLDERS])
@pytest.mark.parametrize("fault", ["FALSE ACCUSATION", "FALSE ACCEPTANCE", "ACCUSED NON-CLAIM"])
def test_no_wrong_verdict(outcomes, folder, fault):
    assert [told(folder, label, v) for label, v, outcome in outcomes[0][folder] if outcome == fault] == []


def counted(outcomes, kind: str) -> Counter:
    return Counter(o for rows in outcomes[0].values() for label, _, o in rows if label["label"] == kind)


def test_at_least_a_third_of_the_true_relations_are_settled(outcomes):
    true = counted(outcomes, "true")
    assert true["right"] >= true.total() / 3, true


def test_at_least_a_third_of_the_false_relations_are_refuted(outcomes):
    false = counted(outcomes, "false")
    assert false["right"] >= false.total() / 3, false


def test_every_refuted_relation_has_a_witness_and_every_proved_one_a_certificate(outcomes):
    for relation in outcomes[1].relations:
        record = relation.as_json()
        assert (record["witness"] is not None) == (record["verdict"] == "refuted"), record
        assert (record["certificate"] is not None) == (record["verdict"] == "proved"), record


def test_most_labelled_relations_are_found(outcomes):
    rows = [v for rows in outcomes[0].values() for _, v, _ in rows]
    assert sum(v == "missing" for v in rows) <= len(rows) / 20, Counter(rows)
