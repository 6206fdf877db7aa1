"""Integrals that come out as zero: said of what stands in them; and differentials that stand in brackets."""

from __future__ import annotations

import pytest
from small_documents import HOLDS, checked, displayed

GIVEN = r"Let $q_\theta(z)$ be a density and $f$ a function."
SCORE = r"\frac{\nabla_\theta q_\theta(z)}{q_\theta(z)}"
MEAN = r"\mathbb{E}_{q_\theta(z)}"


def verdict(formula: str) -> str:
    return checked(displayed(GIVEN, formula))[-1].verdict


@pytest.mark.parametrize(
    "formula",
    [
        rf"\int {SCORE} q_\theta(z) dz = \int \nabla_\theta q_\theta(z) dz",
        rf"{MEAN}[\nabla_\theta\log q_\theta(z)] = {MEAN}\left[{SCORE}\right]",
    ],
)
def test_two_integrals_that_are_zero_are_equal_where_their_integrands_are(formula):
    assert verdict(formula) in HOLDS


@pytest.mark.parametrize(
    "formula",
    [
        rf"\int {SCORE} q_\theta(z) dz = \int 2\nabla_\theta q_\theta(z) dz",
        rf"\int {SCORE} q_\theta(z) dz = -\int \nabla_\theta q_\theta(z) dz",
        r"\int \nabla_\phi f(z) dz = \int \nabla_\phi (f(z) + z) dz",
    ],
)
def test_zeros_whose_integrands_differ_say_nothing(formula):
    assert verdict(formula) not in HOLDS


@pytest.mark.parametrize(
    ("bracketed", "plain"),
    [
        (r"\int [q_\theta(z) (f(z) + 1) dz]", r"1 + \int q_\theta(z) f(z) dz"),
        (r"\int (q_\theta(z)f(z) + q_\theta(z) dz) + 2", r"3 + \int q_\theta(z) f(z) dz"),
        (r"\int \nabla_\theta [q_\theta(z) f(z) dz]", r"\int \nabla_\theta q_\theta(z) f(z) dz"),
    ],
)
def test_a_differential_at_the_end_of_brackets_closes_the_integral_before_them(bracketed, plain):
    assert verdict(f"{bracketed} = {plain}") in HOLDS
    assert verdict(f"{bracketed} = 2 + 2{plain}") not in HOLDS


def test_what_stands_behind_such_brackets_is_not_in_the_integral():
    assert verdict(r"\int [q_\theta(z) dz] f(z) = f(z)") in HOLDS
    assert verdict(r"\int [q_\theta(z) dz] f(z) = \int q_\theta(z) f(z) dz") not in HOLDS
