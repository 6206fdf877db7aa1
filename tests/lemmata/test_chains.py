"""The part of each relation in its chain: roots, carried errors, and whether the end follows from the beginning."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import lemmata
from derivations.reading.courses import conclusion
from lemmata.chains import put, together
from proofs import terms as T
from proofs.records import Domain, Hypotheses
from reports import explain, html, terminal

HOLDS = ("proved", "supported")
REAL, POSITIVE = r"Let $a,b,c\in\mathbb{R}$.", "Let $a,b,c>0$."
A, B, C = (T.symbol(x) for x in "abc")


def report(*displays: str, declared: str = REAL):
    text = "\n\n".join([declared, *(f"$$\n{d}\n$$" for d in displays)])
    found = lemmata.check_text(text, jobs=0, seconds_per_relation=5.0)
    assert not found.faults
    return found


def relations(*displays: str, declared: str = REAL):
    return [r for r in report(*displays, declared=declared).relations if r.line > 1]


# ------------------------------------------------------------------------------------------------ roots, carried errors


def test_the_first_error_of_a_chain_is_its_root_and_another_error_is_a_step():
    found = relations("(a+b)^2 = a^2 + 2ab + b^2 = a^2 + b^2 = a^2 - b^2")
    assert [(r.role, r.carried_from) for r in found] == [("step", None), ("root", None), ("step", None)]


def test_an_error_is_carried_where_the_wrong_side_is_used_again():
    wrong, later = relations("(a+b)^2 = a^2 + b^2", "(a+b)^2 - b^2 = a^2")
    assert (wrong.role, wrong.carried_from) == ("root", None)
    assert (later.verdict, later.role, later.carried_from) == ("refuted", "carried", wrong.line)


def test_it_is_carried_where_only_a_run_of_the_terms_is_used_again():
    wrong, later = relations("a + b = 2a", r"\log(a + b + c) = \log(2a + c)", declared=POSITIVE)
    assert (wrong.role, later.role) == ("root", "carried")


def test_an_error_of_its_own_is_not_carried():
    wrong, other = relations("(a+b)^2 = a^2 + b^2", "(a+b)^2 - b^2 = a^2 + c")
    assert (wrong.role, other.role, other.carried_from) == (None, None, None)


def test_the_refuted_relation_is_not_assumed():
    """From a + b = 2a, that is a = b, all of these follow; in none of them does a + b stand."""
    found = relations("a + b = 2a", "2a + c = 2b + c", "a^2 = ab", "2b = 2a")
    assert [r.verdict for r in found].count("refuted") >= 2 and not {r.verdict for r in found} & set(HOLDS)
    assert [r.role for r in found] == [None] * 4


def test_an_error_that_undoes_another_is_not_carried_from_it():
    first, second = relations("(a+b)^2 = a^2 + b^2 = a^2 + 2ab + b^2")
    assert (first.role, second.role) == ("root", "step")


def test_what_holds_is_carried_from_nowhere():
    found = relations("(a+b)^2 = a^2 + b^2", "(a+b)^2 = b^2 + 2ab + a^2")
    assert found[1].verdict in HOLDS and found[1].role is None


def test_an_error_restated_is_carried():
    found = relations(r"\log(a+b) = \log a + \log b", r"2\log(a+b) = 2\log a + 2\log b", declared=POSITIVE)
    assert [r.role for r in found] == ["root", "carried"]


def test_a_number_is_no_side_to_be_replaced():
    found = relations("2 = 3", "a + 2 = a + 3")
    assert found[1].verdict not in HOLDS and found[1].role is None


def test_put_replaces_what_is_written_and_nothing_else():
    square = T.power(T.add(A, B), T.TWO)
    assert put(T.sub(square, B), square, C) == T.sub(C, B)
    assert put(T.add(A, B, C), T.add(A, B), A) == T.add(A, C)
    assert put(T.add(A, C, B), T.add(A, B), A) == T.add(A, C, B)  # equal, but not written so
    assert put(T.power(A, T.TWO), T.add(A, B), C) == T.power(A, T.TWO)


def test_names_that_mean_two_things_are_not_put_together():
    positive, real = (Hypotheses(variables={"a": Domain(kind=k)}) for k in ("positive", "real"))
    declared = Hypotheses(variables={"a": Domain(kind="positive", declared=True)}, unexplained=frozenset("b"))
    assert together(positive, real) is None
    both = together(positive, declared)
    assert both is not None and both.domain("a").declared and both.unexplained == {"b"}


# ------------------------------------------------------------------------------------------------ end and beginning


@pytest.mark.parametrize(
    ("signs", "sign"),
    [
        ("= =", "="), ("= <= =", "<="), ("<= <", "<"), (">= = >", ">"), (">= >=", ">="), ("= propto =", "propto"),
        (":= =", "="), ("<= >=", None), ("< = >", None), ("approx =", None), ("propto <=", None),
    ],
)  # fmt: skip
def test_what_the_signs_of_a_chain_say_together(signs, sign):
    assert conclusion(signs.split()) == sign


@given(st.lists(st.sampled_from(["=", "<=", ">=", "<", ">"]), min_size=1, max_size=4), st.data())
@settings(max_examples=100, deadline=None)
def test_the_conclusion_follows_for_numbers(signs, data):
    """Of all chains of numbers for which each sign holds, the conclusion holds of the first and the last."""
    compare = {
        "=": lambda x, y: x == y, "<=": lambda x, y: x <= y, ">=": lambda x, y: x >= y,
        "<": lambda x, y: x < y, ">": lambda x, y: x > y,
    }  # fmt: skip
    step = {"=": st.just(0), "<=": st.integers(0, 2), ">=": st.integers(-2, 0), "<": st.just(1), ">": st.just(-1)}
    numbers = [0]
    for sign in signs:
        numbers.append(numbers[-1] + data.draw(step[sign]))
    sign = conclusion(signs)
    assert sign is None or compare[sign](numbers[0], numbers[-1])


@pytest.mark.parametrize(
    ("chain", "rel", "holds"),
    [
        ("(a+b)^2 = a^2 + b^2 = a^2 + 2ab + b^2", "=", True),
        ("(a+b)^2 = a^2 + b^2 = b^2 + a^2", "=", False),
        ("a + b = 2a \\le 3a + b", "<=", True),
        ("a \\le a + b \\le b \\le b + c", "<=", False),
        ("3a \\ge 2a = 4a \\ge a", ">=", True),
        ("3a + b > 2a = 4a \\ge 3a", ">", True),
    ],
)
def test_whether_the_end_of_a_wrong_chain_follows_from_its_beginning(chain, rel, holds):
    found = relations(chain, declared=REAL if rel == "=" else POSITIVE)
    shown = {r.shows for r in found}
    assert len(shown) == 1 and "refuted" in [r.verdict for r in found]
    (shows,) = shown
    assert shows.rel == rel and (shows.verdict in HOLDS if holds else shows.verdict == "refuted")


def test_signs_that_point_both_ways_show_nothing():
    found = relations("a + b \\le 2a \\ge a", declared=POSITIVE)
    assert found[0].verdict == "refuted" and all(r.shows is None for r in found)


def test_a_chain_without_an_error_asks_for_nothing_more():
    assert all(r.shows is None and r.role == "step" for r in relations("a + b = b + a = a + b"))


def test_a_chain_goes_on_over_displays():
    found = relations("a + b = 2a", "= b + b = a + b")
    assert [r.position for r in found] == [1, 2, 3] and len({r.chain for r in found}) == 1
    assert found[0].role == "root" and {r.shows.verdict in HOLDS for r in found} == {True}


def test_every_format_says_it():
    found = report("(a+b)^2 = a^2 + b^2 = b^2 + a^2", "(a+b)^2 - b^2 = a^2")
    root, _, carried = json.loads(json.dumps(found.as_json()))["files"][0]["relations"]
    assert root["chain"] == {"id": 2, "position": 1, "role": "root", "carried_from": None}
    assert root["reason"].endswith("the end of the chain does not equal its beginning")
    assert carried["chain"]["role"] == "carried" and carried["chain"]["carried_from"] == root["line"]
    pages = [terminal.write(found), html.write(found)]
    pages.append(explain.explain(found.files[0], root["line"]) + explain.explain(found.files[0], carried["line"]))
    for page in pages:
        assert "the first wrong step of its chain" in page
        assert "the end of the chain does not equal its beginning" in page
        assert f"carried from line {root['line']}" in page
