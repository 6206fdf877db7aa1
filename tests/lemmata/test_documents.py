"""Whole documents, through all floors: our own example, and real course documents where they are at hand."""

import json
from pathlib import Path

import pytest

import lemmata
from reports.record import FileReport

ROOT = Path(__file__).parents[2]
SEEDS = ROOT.parent / "shared" / "seeds"
HOLDS = ("proved", "supported")


def found(path: Path) -> FileReport:
    report = lemmata.check(path)
    assert not report.faults
    return report.files[0]


@pytest.fixture(scope="module")
def example() -> FileReport:
    return found(ROOT / "examples" / "generative-models.md")


# The wrong lines of the example, by what is on them.
WRONG = (
    r"D_{KL}(q\|p) = D_{KL}(p\|q)",
    r"&= \log\frac{\sigma_2^2}{\sigma_1^2} +",
    r"&\ge -\log 2",
    r"\left[(\mu+s\epsilon)^2\right] = s",
    r"\log p(x) = \log p(z) - \log\left|",
    r"\det(2A) = 2\det A",
)


BOUND = r"\log p(x) = \mathbb{E}_{q(z|x)}[\log p(x|z)] - D_{KL}(q(z|x)\|p(z))"


def test_a_bound_written_as_an_equality_is_told_from_an_error(example):
    """It holds for one q; whether the author had that one in mind cannot be read from the line."""
    line = 1 + next(n for n, text in enumerate(example.text.split("\n")) if text == BOUND)
    (found,) = [r for r in example.relations if r.line == line]
    assert found.verdict == "undecided" and "holds as the inequality" in found.reason


def test_exactly_the_wrong_lines_of_the_example_are_refuted(example):
    lines = example.text.split("\n")
    wrong = sorted(n for n, line in enumerate(lines, 1) for w in WRONG if w in line)
    assert len(wrong) == len(WRONG)
    assert sorted(r.line for r in example.relations if r.verdict == "refuted") == wrong


def test_every_other_claim_of_the_example_holds(example):
    open_ = [
        (r.line, r.verdict, r.reason)
        for r in example.relations
        if r.verdict in ("undecided", "unread", "vacuous") and r.repair is None
    ]
    assert not open_


def test_certificates_that_went_through_json_are_accepted_by_the_kernel(example):
    from proofs.kernel import replay

    proved = [r for r in example.relations if r.verdict == "proved"]
    assert len(proved) >= 5
    for r in proved:
        theorem = replay(json.loads(json.dumps(r.as_json()["certificate"])))
        relation = r.outcomes[r.chosen].meaning.relation
        assert (theorem.lhs, theorem.relation, theorem.rhs) == (relation.lhs, relation.rel, relation.rhs)


def test_witnesses_that_went_through_json_give_the_same_numbers(example):
    from numerics.reevaluation import reevaluate

    refuted = [r for r in example.relations if r.verdict == "refuted"]
    assert refuted
    for r in refuted:
        witness = json.loads(json.dumps(r.as_json()["witness"]))
        assert reevaluate(r.outcomes[r.chosen].meaning.relation, witness["values"]) == (witness["lhs"], witness["rhs"])


def seed(number: str) -> Path:
    paths = sorted(SEEDS.glob(f"{number}_*.txt"))
    if not paths:
        pytest.skip(f"the course document {number} is not at hand: no {SEEDS}")
    return paths[0]


@pytest.mark.parametrize(("number", "line"), [("000", 55), ("002", 165)])
def test_the_quiz_solutions(number, line):
    file = found(seed(number))
    assert "refuted" not in [r.verdict for r in file.relations]
    claims = [r.verdict for r in file.relations if r.line == line and r.verdict != "definition"]
    assert claims and all(v in HOLDS for v in claims)
