"""From proof and worlds to verdicts: no accusation but in every reading, no acceptance beside a witness."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derivations.reading.relations import Meaning, ReadRelation, ShapeConflict
from lemmata.verdicts import Judged, choose_readings, index_of, of_meaning, of_relation, of_results
from lemmata.workers import Failure
from proofs.records import Evidence, Proof, Relation, Verdict, Witness, WorldResult
from proofs.terms import symbol
from reports.record import Outcome

PROOF = Proof({}, (), ("algebra",), ())
WITNESS = Witness({"x": {"number": "1"}}, "1", "2")
SUPPORTED = WorldResult("supported", Evidence(worlds=24, digits=300))
REFUTED = WorldResult("refuted", Evidence(worlds=3), WITNESS, "")
UNDECIDED = WorldResult("undecided", reason="no world was found")
LATE, CRASHED = Failure("took longer than 10 s"), Failure("stopped with ValueError: x (a.py:1)", ours=True)


@pytest.mark.parametrize(
    ("proof", "worlds", "verdict"),
    [
        (PROOF, SUPPORTED, "proved"), (PROOF, UNDECIDED, "proved"), (PROOF, LATE, "proved"),
        (None, SUPPORTED, "supported"), (LATE, SUPPORTED, "supported"), (CRASHED, SUPPORTED, "supported"),
        (None, REFUTED, "refuted"), (LATE, REFUTED, "refuted"),
        (PROOF, REFUTED, "undecided"),
        (None, UNDECIDED, "undecided"), (LATE, LATE, "undecided"), (CRASHED, CRASHED, "undecided"),
    ],
)  # fmt: skip
def test_what_proof_and_worlds_say_together(proof, worlds, verdict):
    said = of_results("=", proof, worlds)
    assert said.verdict == verdict
    assert (said.proof is not None) == (proof is PROOF)


def test_a_certificate_beside_a_witness_is_a_fault_and_both_are_kept():
    said = of_results("=", PROOF, REFUTED)
    assert said.fault and said.proof is PROOF and said.witness is WITNESS and "fault of ours" in said.reason


@pytest.mark.parametrize(("proof", "worlds"), [(CRASHED, SUPPORTED), (None, CRASHED), (PROOF, CRASHED)])
def test_a_room_that_broke_is_a_fault_that_says_how(proof, worlds):
    assert "ValueError" in (of_results("=", proof, worlds).fault or "")


@pytest.mark.parametrize(("proof", "worlds"), [(LATE, LATE), (None, SUPPORTED), (PROOF, UNDECIDED)])
def test_a_limit_is_no_fault(proof, worlds):
    assert of_results("=", proof, worlds).fault is None


def test_undecided_gives_the_reasons_of_both():
    said = of_results("=", None, UNDECIDED)
    assert "no proof was found" in said.reason and "no world was found" in said.reason
    said = of_results("=", LATE, LATE)
    assert said.reason.count("took longer than 10 s") == 2


def test_an_approximation_is_never_refuted():
    assert of_results("approx", None, REFUTED).verdict == "undecided"


def test_a_refutation_needs_its_witness():
    assert of_results("=", None, WorldResult("refuted", reason="somewhere")).verdict == "undecided"


def test_shapes_that_conflict_are_the_witness_unless_they_were_guessed():
    conflict = ShapeConflict("a scalar", "a 2 x 2 matrix", "a scalar is added to a 2 x 2 matrix")
    said = of_meaning(Meaning(conflict=conflict))
    assert said.verdict == "refuted" and said.witness
    assert (said.witness.lhs, said.witness.rhs) == ("a scalar", "a 2 x 2 matrix")
    guessed = ShapeConflict("a scalar", "a vector", "no", guessed=True)
    assert of_meaning(Meaning(conflict=guessed)).verdict == "undecided"


def test_a_meaning_with_a_problem_is_unread():
    assert of_meaning(Meaning(problem="what is Q?")) == Verdict("unread", "what is Q?")


# ------------------------------------------------------------------------------------------------------- readings

N, BARS = "second argument of N", "|.|"
RELATION = Relation(symbol("x"), "=", symbol("y"))


def judged(line: int, *in_readings: tuple[dict[str, str], str], kind: str = "claim") -> Judged:
    """A relation with a verdict in each reading."""
    outcomes = tuple(
        Outcome(Meaning(r, RELATION), Verdict(v, witness=WITNESS if v == "refuted" else None)) for r, v in in_readings
    )
    read = ReadRelation(line, 1, "x", "=", "y", kind, "why", tuple(o.meaning for o in outcomes), chain=line)
    return Judged(read, outcomes)


def either(line: int, variance: str, deviation: str) -> Judged:
    return judged(line, ({N: "variance"}, variance), ({N: "standard deviation"}, deviation))


def test_the_reading_in_which_most_lines_hold_is_taken_for_all_lines():
    lines = [either(1, "refuted", "supported"), either(2, "supported", "refuted"), either(3, "refuted", "proved")]
    readings = choose_readings(lines)
    assert readings == {N: "standard deviation"}
    assert [of_relation(j, readings).verdict for j in lines] == ["supported", "undecided", "proved"]


def test_of_equals_the_one_with_fewer_refuted_lines_and_then_the_first_is_taken():
    assert choose_readings([either(1, "refuted", "undecided")]) == {N: "standard deviation"}
    assert choose_readings([either(1, "supported", "supported")]) == {N: "variance"}
    assert choose_readings([either(1, "supported", "refuted"), either(2, "refuted", "supported")]) == {N: "variance"}


def test_notations_that_meet_in_a_line_are_chosen_together():
    both = [({N: n, BARS: b}, "supported" if (n, b) == ("standard deviation", "norm") else "refuted")
            for n in ("variance", "standard deviation") for b in ("determinant", "norm")]  # fmt: skip
    assert choose_readings([judged(1, *both)]) == {N: "standard deviation", BARS: "norm"}


def test_refuted_only_what_fails_in_every_open_reading():
    assert of_relation(either(1, "refuted", "refuted"), {N: "variance"}).verdict == "refuted"
    for other in ("supported", "proved", "undecided", "unread"):
        verdict, reason, *_ = of_relation(either(1, "refuted", other), {N: "variance"})
        assert verdict == "undecided" and "standard deviation" in reason, other


def test_a_line_that_holds_in_one_reading_only_says_so():
    verdict, reason, chosen, _ = of_relation(either(82, "refuted", "supported"), {N: "standard deviation"})
    assert (verdict, chosen) == ("supported", 1)
    assert reason.startswith("holds if second argument of N is standard deviation; "
                             "not if second argument of N is variance")  # fmt: skip


def test_of_the_readings_in_which_a_line_fails_only_the_nearest_are_named():
    both = judged(
        82,
        *(({N: n, BARS: b}, "supported" if (n, b) == ("variance", "norm") else "refuted")
          for n in ("variance", "standard deviation") for b in ("norm", "determinant")),
    )  # fmt: skip
    _, reason, *_ = of_relation(both, {N: "variance", BARS: "norm"})
    assert reason == (
        "holds if second argument of N is variance and |.| is norm; "
        "not if |.| is determinant, or if second argument of N is standard deviation"
    )


def test_a_line_that_holds_in_another_reading_than_the_document_says_which():
    verdict, reason, *_ = of_relation(either(1, "undecided", "proved"), {N: "variance"})
    assert verdict == "undecided" and "holds if second argument of N is standard deviation" in reason


def test_a_reading_that_does_not_concern_a_line_does_not_change_it():
    lines = [either(1, "refuted", "proved"), judged(2, ({}, "refuted"))]
    readings = choose_readings(lines)
    assert of_relation(lines[1], readings).verdict == "refuted"


@pytest.mark.parametrize("kind", ["definition", "assumption"])
def test_what_is_no_claim_has_no_other_verdict(kind):
    assert of_relation(judged(1, kind=kind), {}) == (kind, "why", None, None)


@pytest.mark.parametrize("kind", ["unread", "unclear", "claim"])
def test_what_was_not_understood_is_unread(kind):
    assert of_relation(judged(1, kind=kind), {}) == ("unread", "why", None, None)


VERDICTS = st.sampled_from(["proved", "supported", "refuted", "undecided", "unread"])


@given(st.lists(st.tuples(VERDICTS, VERDICTS), min_size=1, max_size=6))
@settings(max_examples=80, deadline=None)
def test_no_accusation_and_no_acceptance_that_its_reading_does_not_carry(pairs):
    lines = [either(i, a, b) for i, (a, b) in enumerate(pairs)]
    readings = choose_readings(lines)
    for line, pair in zip(lines, pairs):
        verdict, _, chosen, _ = of_relation(line, readings)
        assert chosen == index_of(line.outcomes, readings)
        if verdict == "refuted":
            assert pair == ("refuted", "refuted")
        if verdict in ("proved", "supported"):
            assert pair[chosen] == verdict
