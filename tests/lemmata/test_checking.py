"""Putting a report together, the rooms below replaced: what they are asked, and what is made of their answers."""

import pickle
from dataclasses import replace

import pytest

import lemmata
from derivations.reading.relations import Meaning, ReadRelation
from lemmata import tasks
from lemmata.checking import LARGEST_FILE, InputError, check, check_text
from lemmata.tasks import Reading, Unopenable
from proofs.mistakes import Mistake
from proofs.records import Evidence, Proof, Relation, Repair, Witness, WorldResult
from proofs.terms import number, symbol

X = symbol("x")


def holds(n: int) -> Meaning:
    return Meaning(relation=Relation(X, "=", number(n)))


def row(line: int, *meanings: Meaning, kind: str = "claim", chain: int | None = None, position: int = 1):
    return ReadRelation(line, 3, "x", "=", "n", kind, "", meanings, chain or line, position)


@pytest.fixture
def rooms(monkeypatch):
    """Rooms that answer by the number on the right side: 0 proved, 1 supported, 2 refuted, 3 both, else undecided."""

    class Rooms:
        relations: tuple[ReadRelation, ...] = ()
        problems: tuple[tuple[int, int, str], ...] = ()
        asked: list = []  # noqa: RUF012  one for each test
        slip: Mistake | None = Mistake.SIGN  # what explains a failure

    rooms = Rooms()
    rooms.asked = []

    def read(source, context):
        if "folder" in source.name:
            return Unopenable("its text is not UTF-8")
        if "broken" in source.name:
            raise ValueError("a mistake of ours")
        return Reading(source.text or "", tuple(pickle.dumps(r) for r in rooms.relations), rooms.problems)

    def right(blob, reading, general):
        meaning = pickle.loads(blob).meanings[reading]
        return int((meaning.general if general else meaning.relation).rhs.data[0])

    def prove(blob, reading, general, seconds):
        n = right(blob, reading, general)
        rooms.asked.append(("prove", n, seconds))
        return Proof({"n": n}, (), ("algebra",), ()) if n in (0, 3) else None

    def try_worlds(blob, reading, general, seed, seconds, deep):
        n = right(blob, reading, general)
        rooms.asked.append(("worlds", n, seed, seconds, deep))
        if n in (2, 3):
            return WorldResult("refuted", Evidence(worlds=1), Witness({"x": {"number": "1"}}, "1", str(n)))
        return WorldResult("supported" if n < 2 else "undecided", Evidence(worlds=8, seed=seed), reason="")

    def mend(blob, reading, seed, seconds):
        return Repair(pickle.loads(blob).meanings[reading].relation, (rooms.slip,)) if rooms.slip else None

    monkeypatch.setattr(tasks, "mend", mend)
    monkeypatch.setattr(tasks, "read", read)
    monkeypatch.setattr(tasks, "prove", prove)
    monkeypatch.setattr(tasks, "try_worlds", try_worlds)
    return rooms


def test_a_report_has_the_relations_in_document_order_with_their_verdicts(rooms):
    rooms.relations = (
        row(4, holds(0)),
        row(5, holds(1)),
        row(6, holds(2)),
        row(7, holds(9)),
        row(8, kind="definition"),
    )
    report = check_text("text", jobs=0)
    assert [(r.line, r.verdict) for r in report.relations] == [
        (4, "proved"), (5, "supported"), (6, "refuted"), (7, "undecided"), (8, "definition"),
    ]  # fmt: skip
    assert report.exit_status() == 1 and report.files[0].text == "text"


def test_the_same_relation_is_asked_once_and_answered_everywhere(rooms):
    rooms.relations = (row(1, holds(0)), row(2, holds(0)), row(3, holds(1)), row(4, holds(0)))
    report = check_text("text", jobs=0)
    assert [r.verdict for r in report.relations] == ["proved", "proved", "supported", "proved"]
    assert len(rooms.asked) == 4


def test_both_rooms_are_asked_with_half_of_the_budget_and_the_seed(rooms):
    rooms.relations = (row(1, holds(0)),)
    check_text("text", jobs=0, seconds_per_relation=3.0, seed=7, deep=True)
    assert rooms.asked == [("prove", 0, 1.5), ("worlds", 0, 7, 1.5, True)]


def test_the_first_refuted_relation_of_a_chain_is_its_root(rooms):
    rooms.relations = tuple(row(n, holds(v), chain=1, position=n) for n, v in ((1, 0), (2, 2), (3, 2), (4, 1)))
    rooms.relations += (row(9, holds(2)),)
    report = check_text("text", jobs=0)
    assert [r.role for r in report.relations] == ["step", "root", "step", "step", None]
    assert [r.as_json()["chain"]["position"] for r in report.relations] == [1, 2, 3, 4, 1]


def test_a_certificate_beside_a_witness_is_listed_and_exits_3(rooms):
    rooms.relations = (row(1, holds(0)), row(5, holds(3)))
    report = check_text("text", jobs=0)
    assert [r.verdict for r in report.relations] == ["proved", "undecided"]
    assert [(f.line, f.column) for f in report.faults] == [(5, 3)] and report.exit_status() == 3


@pytest.mark.parametrize(
    ("declared", "general", "verdict"),
    [(9, 0, "proved"), (1, 0, "proved"), (9, 1, "supported"), (0, 2, "proved"),
     (1, 2, "supported"), (9, 2, "undecided"), (2, 1, "refuted"), (2, 9, "refuted")],
)  # fmt: skip
def test_what_holds_for_arbitrary_densities_holds_for_those_declared(rooms, declared, general, verdict):
    wider = Relation(X, "=", number(general))
    rooms.relations = (row(1, Meaning(relation=Relation(X, "=", number(declared)), general=wider)),)
    report = check_text("text", jobs=0)
    assert [r.verdict for r in report.relations] == [verdict] and not report.faults


def test_a_general_certificate_beside_a_witness_is_a_fault(rooms):
    rooms.relations = (row(1, Meaning(relation=Relation(X, "=", number(2)), general=Relation(X, "=", number(0)))),)
    report = check_text("text", jobs=0)
    assert [r.verdict for r in report.relations] == ["undecided"] and report.exit_status() == 3


@pytest.mark.parametrize(("n", "verdict"), [(0, "supported"), (1, "supported"), (2, "refuted"), (9, "undecided")])
def test_a_special_case_is_never_more_than_supported(rooms, n, verdict):
    rooms.relations = (row(1, Meaning(relation=Relation(X, "=", number(n)), instance="k = 3")),)
    (found,) = check_text("text", jobs=0).relations
    assert found.verdict == verdict and found.as_json()["certificate"] is None
    assert ("k = 3" in found.reason) == (verdict == "supported")


@pytest.mark.parametrize(
    ("slip", "verdict"), [(Mistake.SIGN, "refuted"), (None, "undecided"), (Mistake.EQUALITY, "undecided")]
)
def test_what_fails_is_accused_where_a_slip_explains_it(rooms, slip, verdict):
    rooms.relations, rooms.slip = (row(1, holds(2)),), slip
    (found,) = check_text("text", jobs=0).relations
    assert found.verdict == verdict and (found.repair is not None) == (slip is not None)
    assert (found.as_json()["suggestion"] is not None) == (slip is not None)
    assert slip != Mistake.SIGN or "a sign" in found.reason


@pytest.mark.parametrize(("n", "verdict"), [(2, "assumption"), (1, "supported"), (9, "undecided")])
def test_what_stands_around_a_relation_can_keep_it_from_being_accused(rooms, n, verdict):
    rooms.relations = (replace(row(1, holds(n)), soft=("assumption", "it was set to zero")),)
    (found,) = check_text("text", jobs=0).relations
    assert found.verdict == verdict and found.witness is None


def test_what_is_wrong_with_the_document_is_an_unread_place_among_its_relations(rooms):
    rooms.relations, rooms.problems = (row(1, holds(0)), row(9, holds(0))), ((4, 1, "align is never closed"),)
    report = check_text("text", jobs=0)
    assert [(r.line, r.verdict, r.rel) for r in report.relations] == [
        (1, "proved", "="), (4, "unread", None), (9, "proved", "="),
    ]  # fmt: skip


def test_reading_that_breaks_is_a_fault_and_the_other_files_are_checked(rooms, tmp_path):
    rooms.relations = (row(1, holds(0)),)
    for name in ("broken.md", "good.md"):
        (tmp_path / name).write_text("x")
    report = check([tmp_path / "broken.md", tmp_path / "good.md"], jobs=0)
    assert [f.file for f in report.files] == [str(tmp_path / "good.md")]
    assert "a mistake of ours" in report.faults[0].message and report.exit_status() == 3


def test_files_that_cannot_be_opened_are_named_and_the_others_are_checked(rooms, tmp_path):
    rooms.relations = (row(1, holds(0)),)
    (tmp_path / "good.md").write_text("x")
    big = tmp_path / "big.md"
    with big.open("wb") as f:
        f.truncate(LARGEST_FILE + 1)
    (tmp_path / "folder.md").write_text("x")
    paths = [tmp_path / "no.md", tmp_path, big, tmp_path / "folder.md", tmp_path / "good.md"]
    with pytest.raises(InputError) as caught:
        check(paths, jobs=0)
    assert [r.verdict for r in caught.value.report.relations] == ["proved"]
    for path, said in zip(paths, ("there is no such file", "is a folder", "more than the 20 MB", "not UTF-8")):
        assert any(str(path) in m and said in m and "\n" not in m for m in caught.value.messages), said


def test_a_context_that_cannot_be_opened_stops_everything(rooms, tmp_path):
    (tmp_path / "good.md").write_text("x")
    with pytest.raises(InputError, match="no such file") as caught:
        check(tmp_path / "good.md", context=tmp_path / "none.md", jobs=0)
    assert caught.value.report.files == ()


@pytest.mark.parametrize(
    "wrong", [{"seconds_per_relation": 0}, {"seconds_per_relation": float("nan")}, {"seed": -1}, {"jobs": -1}]
)
def test_arguments_out_of_range_are_refused_by_name(rooms, wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        check_text("text", **({"jobs": 0} | wrong))


def test_a_text_that_is_no_text_is_refused():
    with pytest.raises(TypeError, match="must be a string, not bytes"):
        check_text(b"$x=1$")


def test_the_functions_are_those_of_the_package():
    assert lemmata.check is check and lemmata.check_text is check_text
    assert {"check", "check_text", "Report"} <= set(dir(lemmata))
    with pytest.raises(AttributeError, match="grade"):
        lemmata.grade  # noqa: B018
