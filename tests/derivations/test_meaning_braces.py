"""Braces that TeX does not print hold an argument, or nothing."""

from __future__ import annotations

import pytest
from small_documents import HOLDS, checked, displayed
from spelled_trees import spelled

from derivations.reading.meaning.braces import without_braces
from derivations.reading.parser import parse_expression

PRINTED = [
    (r"\log{a - b}", r"\log a - b"),
    (r"\log{a + b} c", r"\log a + b c"),
    (r"p \log{q - r} s - t", r"p \log q - r s - t"),
    (r"u - v\exp{a + b}", r"u - v\exp a + b"),
    (r"\int{a\log b - \int{c\log d - e}}", r"\int a\log b - \int c\log d - e"),
    (r"\log{a + \log{b + c}}", r"\log a + \log b + c"),
]


@pytest.mark.parametrize(("braced", "plain"), PRINTED, ids=[b for b, _ in PRINTED])
def test_without_its_braces_a_formula_is_what_is_printed(braced, plain):
    assert spelled(without_braces(parse_expression(braced))) == spelled(parse_expression(plain))


KEPT = [
    r"\log(a - b)",
    r"\log{ab}",
    r"2{a + b}",
    r"\sum_i{a_i - b_i}",
    r"\int{a - b} dx",
    r"\frac{a + b}{c}",
    r"x^{a + b}",
]


@pytest.mark.parametrize("source", KEPT)
def test_other_braces_and_brackets_stay(source):
    tree = parse_expression(source)
    assert without_braces(tree) == tree


GIVEN = "For real numbers $a, b > 0$ let the following be said."
DENSITIES = "Let $p$ and $q$ be densities."


def verdict(declarations: str, formula: str) -> str:
    return checked(displayed(declarations, formula))[-1].verdict


@pytest.mark.parametrize(
    ("declarations", "formula"),
    [
        (GIVEN, r"\log{a + b} = \log a + b"),
        (GIVEN, r"\exp{\log a + \log b} = ab"),
        (DENSITIES, r"\sum_x (p(x)\log{p(x) - p(x)\log q(x)}) = \sum_x p(x)\log\frac{p(x)}{q(x)}"),
        (DENSITIES, r"\int{q(z)\log(p(z)) - \int{q(z)\log(q(z))}} = -D_{KL}(q\|p)"),
    ],
)
def test_a_line_holds_in_the_reading_in_which_it_does(declarations, formula):
    assert verdict(declarations, formula) in HOLDS


@pytest.mark.parametrize(
    ("declarations", "formula"),
    [
        (GIVEN, r"\log{a + b} = \log a - b"),
        (GIVEN, r"\exp{\log a + \log b} = 2ab"),
        (DENSITIES, r"\int{q(z)\log(p(z)) - \int{q(z)\log(q(z))}} = D_{KL}(q\|p)"),
    ],
)
def test_a_line_that_fails_in_both_is_refuted(declarations, formula):
    assert verdict(declarations, formula) == "refuted"
