"""Displays that are cut in two, doubled backslashes, bars typed as delimiters, dots and words in place of a side."""

import pytest

from derivations.reading.documents import read_document
from derivations.reading.reader import read_relations
from derivations.reading.source import Formula


def sources(text):
    return [p.source for p in read_document("a.md", text).pieces if isinstance(p, Formula)]


def relations(text):
    return [(r.lhs, r.rel, r.rhs) for r in read_relations(read_document("a.md", text))]


@pytest.mark.parametrize(
    "text",
    [
        "$$a = b$$\n\n$$+ c$$",
        "$$a = b +$$\n\n$$c$$",
        "$$a =$$\n\n$$b + c$$",
        "$$a = b$$\n\n$$- c$$",
        "$$a = b$$\n$$+ c = d$$",
    ],
)
def test_a_display_that_goes_on_is_one_with_the_next(text):
    assert len(sources(text)) == 1


@pytest.mark.parametrize(
    "text",
    ["$$a = b$$\n\n$$c = d$$", "$$a = b$$\n\nand\n\n$$+ c$$", "$$a = b$$\n\n$$-c = d$$", "$$x \\in R^+$$\n\n$$c = d$$"],
)
def test_displays_that_stand_alone_stay_apart(text):
    assert len(sources(text)) == 2


def test_places_of_a_joined_display_are_those_of_its_parts():
    text = "$$a = b$$\n\n$$+ c = d$$"
    found = read_relations(read_document("a.md", text))
    assert [(r.line, r.column) for r in found] == [(1, 5), (3, 7)]


@pytest.mark.parametrize(
    "escaped, meant",
    [
        (r"\exp\left\\{ a \right\\}", r"\exp\left\{ a \right\}"),
        (r"\exp\\{ a \\}", r"\exp\{ a \}"),
        (r"a \\, b", r"a \, b"),
        (r"q\_x \\| p", r"q_x \| p"),
        ("a \\\\\\ b", "a \\\\ b"),
    ],
)
def test_backslashes_doubled_for_markdown_are_single(escaped, meant):
    assert sources(f"$${escaped} = 1$$") == [f"{meant} = 1"]


def test_a_row_that_begins_with_a_brace_is_a_row():
    assert sources("$$a = b \\\\{\\bf c} = d$$") == ["a = b \\\\{\\bf c} = d"]


def test_lvert_may_separate_and_may_enclose():
    assert relations(r"$$p(x \lvert z) = 1$$") == [(r"p(x \lvert z)", "=", "1")]
    kinds = [
        r.kind
        for r in read_relations(
            read_document("a.md", r"$$p(x\lvert z) p(z) = p(z\lvert x) p(x)$$ $$\lvert a\rvert\ge 0$$")
        )
    ]
    assert kinds == ["claim", "claim"]


def test_dots_between_equality_signs_leave_an_equality():
    assert relations(r"$$a = \dots = b$$") == [("a", "=", "b")]


def test_dots_at_the_end_or_between_inequalities_say_nothing_that_is_judged():
    for text in (r"$$a = \dots$$", r"$$a < \dots < b$$"):
        assert all(r.kind != "claim" for r in read_relations(read_document("a.md", text)))


def test_a_side_in_words_is_no_claim():
    (found,) = read_relations(read_document("a.md", r"$$L - K = \text{a reconstruction} - \text{a penalty}$$"))
    assert found.kind == "definition"
    (found,) = read_relations(read_document("a.md", r"$$L - K = \text{the penalty of}\; 2$$"))
    assert found.kind != "definition"


def test_a_symbol_alone_in_a_line_is_no_relation():
    assert relations(r"the product $\odot$ and $80\%$ of it") == []


def test_items_that_are_only_named_are_a_definition():
    found = read_relations(read_document("a.md", r"$$w = a^2$$ $$w = [w_1, \dots, w_n]^T$$ $$w = [1 + \dots + 2w]$$"))
    assert [r.kind for r in found] == ["definition", "definition", "unclear"]


def test_function_words_in_one_text_are_functions():
    (found,) = read_relations(read_document("a.md", r"$$\text{ln exp}(2) = 2$$"))
    assert found.kind == "claim"


def test_what_may_go_on_behind_a_minus_is_not_accused_alone():
    text = "Let $a, b > 0$.\n\n$$(a+b)^2 = a^2 + 2ab$$\n\n$$-a^2 = a^2$$"
    found = [r for r in read_relations(read_document("a.md", text)) if r.kind == "claim" and r.line > 1]
    assert len(found) == 2 and all(r.soft is not None and r.soft[0] == "undecided" for r in found)
    apart = read_relations(read_document("a.md", text.replace("\n\n$$-", "\n\nand\n\n$$-")))
    assert all(r.soft is None for r in apart if r.kind == "claim" and r.line > 1)


def test_starred_commands_are_no_lost_underscores():
    text = r"\operatorname*{argmax}_x f + \operatorname*{argmin}_x f = 1"
    assert sources(f"$${text}$$") == [text]
