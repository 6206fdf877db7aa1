"""What cannot be read is refused, with its place and with what was expected there, as a student would say it."""

from __future__ import annotations

import pytest

from derivations.reading.parser import FormulaError, parse_expression, parse_formula
from derivations.reading.tree import Chain, Unread, Unreadable

REFUSALS = [
    ("p(x", 1, "a closing ')' for the '(' at column 2"),
    ("p(x]", 3, "a closing ')' for the '(' at column 2"),
    (r"E[\log(q(z)]", 11, "a closing ')' for the '(' at column 7"),
    ("x)", 1, "no ')' here"),
    (r"\left( x", 0, "a closing ')' for the '('"),
    (r"\left[ a \right)", 9, "a closing ']' for the '['"),  # no interval: there is no comma
    (r"\left( a )", 9, "a closing ')' for the '('"),
    ("{x", 0, "'}'"),
    ("x}", 1, "'}'"),
    ("a|b", 1, "brackets around what this '|' separates"),
    ("|x", 2, "a closing '|'"),
    (r"\frac{p|q}{2}", 7, "brackets around what this '|' separates"),
    ("x^2^3", 3, "one superscript"),
    ("x_i_j", 3, "one subscript"),
    ("x^", 2, "a superscript after the '^'"),
    ("x_{}", 3, "something in the braces"),
    ("^2", 0, "something before"),
    (r"\frac{a}", 8, "another argument in braces"),
    (r"\frac{}{b}", 6, "something in the braces of the fraction"),
    ("a +", 3, "a term after the '+'"),
    (r"a \cdot", 7, "a factor after the '\\cdot'"),
    ("* a", 0, "a factor before the '*'"),
    ("(a,)", 3, "an expression after the ','"),
    (r"\foo x", 0, "unknown command \\foo"),
    (r"x + \N", 4, "unknown command \\N"),
    (r"\KL{p}{q}", 0, "unknown command \\KL"),  # an author's macro that we do not have
    (r"\begin{foo} x \end{foo}", 0, "unknown environment foo"),
    (r"\begin{matrix} a", 0, r"\end{matrix}"),
    (r"x \not y", 2, "a relation sign after \\not"),
    (r"\begin{matrix} a & \\ b & c \end{matrix}", 0, "an entry in every row and column"),
    ("x # y", 2, "'#' has no meaning"),
    ("", 0, "an expression"),
    ("a . b", 2, "no full stop"),
    ("x^-1", 3, "braces around a script"),
    ("x^(i)", 2, "braces around a script"),
    (r"\hat", 4, "a letter or braces after \\hat"),
    (r"\sqrt{}", 6, "something in the braces of the root"),
    ("- \\\\ - x", 5, "one row"),
    (r"\int' x", 4, "limits"),
]


@pytest.mark.parametrize(("source", "place", "expected"), REFUSALS)
def test_refused_at_its_place(source: str, place: int, expected: str) -> None:
    with pytest.raises(FormulaError) as refusal:
        parse_expression(source)
    assert refusal.value.place == place
    assert expected in refusal.value.expected


def test_columns_and_lines_are_counted_from_one() -> None:
    with pytest.raises(FormulaError, match="line 2, column 3"):
        parse_expression("a +\nb (c")


@pytest.mark.parametrize(
    "source", ["(" * 2000 + "x" + ")" * 2000, "{" * 2000 + "x" + "}" * 2000, r"\sqrt" * 2000 + "{x}"]
)
def test_too_deep_is_unread_and_says_so(source: str) -> None:
    (part,) = parse_formula(source)
    assert isinstance(part, Unread)
    assert "deep" in part.expected or "in each other" in part.expected


def test_nesting_that_a_reader_can_follow_is_read() -> None:
    parse_expression("(" * 100 + "x" + ")" * 100)


def test_one_unreadable_side_leaves_the_other_relations_alone() -> None:
    (chain,) = parse_formula(r"a &= b \\ &= \foo \\ &= c + \\ &= d")
    assert isinstance(chain, Chain)
    trees = [link.side.tree for link in chain.links]
    assert [isinstance(tree, Unreadable) for tree in trees] == [False, True, True, False]
    assert isinstance(trees[1], Unreadable) and "\\foo" in trees[1].expected


def test_a_missing_bracket_does_not_swallow_the_next_row() -> None:
    (chain,) = parse_formula(r"E[\log(q(z)] &= a \\ &= b) \\ &= c")
    assert isinstance(chain, Chain)
    assert [link.rel for link in chain.links] == ["=", "=", "="]
    assert not isinstance(chain.links[0].side.tree, Unreadable)
    assert not isinstance(chain.links[2].side.tree, Unreadable)


def test_a_missing_side_is_unreadable() -> None:
    (chain,) = parse_formula("a = ")
    assert isinstance(chain, Chain)
    assert isinstance(chain.links[0].side.tree, Unreadable)
    assert chain.links[0].side.tree.place == 3


def test_a_quantifier_needs_its_comma() -> None:
    (part,) = parse_formula(r"\forall x \; p(x) > 0")
    assert isinstance(part, Unread)
    assert "comma" in part.expected
    assert [relation[1] for relation in part.relations] == [">"]  # seen, though not read


def test_a_relation_sign_alone_is_no_relation() -> None:
    assert parse_formula(r"\in") == ()
    assert parse_formula("") == ()
