"""Course documents as their authors wrote them: a homework with known mistakes, and others."""

from pathlib import Path

import pytest
from small_documents import HOLDS

import lemmata

SEEDS = Path(__file__).parents[3] / "shared" / "seeds"

pytestmark = pytest.mark.skipif(not SEEDS.is_dir(), reason="the course documents of ../shared/seeds are not here")


def seed(number: str) -> Path:
    return next(SEEDS.glob(f"{number}_*.txt"))


@pytest.fixture(scope="module")
def homework():
    report = lemmata.check(seed("003"))
    assert not report.faults
    return report.relations


def at(homework, line: int):
    return [r for r in homework if r.line == line]


@pytest.mark.parametrize(
    ("line", "position"),
    [
        (41, 0),  # the arguments of the divergence are swapped
        (165, 0),  # the inverse Jacobian
        (76, 0),  # x and its parameter are exchanged in the log-likelihood
        (169, 1),  # a logarithm and a half are missing
    ],
)
def test_a_known_mistake_is_refuted_with_a_witness(homework, line, position):
    relation = at(homework, line)[position]
    assert relation.verdict == "refuted", relation.reason
    assert relation.witness is not None
    assert relation.witness.values or relation.witness.note
    assert relation.witness.lhs != relation.witness.rhs


@pytest.mark.parametrize(("line", "position"), [(43, 0), (50, 0), (163, 2), (169, 0)])
def test_a_correct_line_holds(homework, line, position):
    relation = at(homework, line)[position]
    assert relation.verdict in HOLDS, (relation.lhs, relation.verdict, relation.reason)


def test_line_82_holds_only_where_the_symbol_is_a_standard_deviation_and_the_verdict_says_so(homework):
    (relation,) = at(homework, 82)
    assert relation.verdict in HOLDS
    assert "standard deviation" in relation.reason


def test_nothing_else_is_refuted(homework):
    refuted = {r.line for r in homework if r.verdict == "refuted"}
    assert refuted - {41, 76, 165, 169} <= {29, 42}
    assert [r.verdict for r in at(homework, 169)].count("refuted") == 1


def test_a_refuted_line_gives_its_reason(homework):
    assert all(r.reason for r in homework if r.verdict == "refuted")


@pytest.mark.parametrize("number", ["001", "004"])
def test_the_other_course_documents_are_read_to_their_end(number):
    report = lemmata.check(seed(number))
    assert not report.faults
    assert all(r.verdict != "refuted" or r.witness is not None for r in report.relations)
