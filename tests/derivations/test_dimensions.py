"""The dimensions of letters of which only the kind is known follow from products, sums, laws and equations."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_documents import assert_holds, assert_not_accused, displayed

from derivations.reading.conventions import field_conventions
from derivations.reading.parser import parse_expression
from derivations.reading.survey.evidence import survey_shapes
from derivations.reading.survey.usage import survey
from proofs.terms import Sort, matrix_sort, vector_sort


def sorts(formula: str, declared: dict[str, Sort]) -> dict[str, Sort]:
    tree = parse_expression(formula)
    conventions = field_conventions()
    return survey_shapes([tree], [], survey([tree], conventions), conventions, declared).found


@pytest.mark.parametrize(
    ("formula", "declared", "found"),
    [
        ("Wz + b", {"z": vector_sort("k"), "b": vector_sort("m")}, {"W": matrix_sort("m", "k")}),
        (r"x^\top A y", {"x": vector_sort("n"), "y": vector_sort("m")}, {"A": matrix_sort("n", "m")}),
        (r"A^{-1} x", {"x": vector_sort("n")}, {"A": matrix_sort("n", "n")}),
        (r"\mathcal{N}(x; Wz, \Sigma)", {"x": vector_sort("n"), "z": vector_sort("k")},
         {"W": matrix_sort("n", "k"), "Sigma": matrix_sort("n", "n")}),
        (r"|W^\top W + I_k|", {"W": matrix_sort("n", "k")}, {}),
    ],
)  # fmt: skip
def test_dimensions_follow(formula, declared, found):
    assert {k: v for k, v in sorts(formula, declared).items() if k in found} == found


def test_two_declared_dimensions_are_never_made_one():
    """What does not fit stays a conflict for the meaning to find."""
    declared = {"x": vector_sort("n"), "y": vector_sort("m")}
    assert sorts("x + Ay + y", declared)["A"].rows in ("n", "m")
    assert "x" not in sorts("x + y", declared)


@given(st.permutations([r"W z", "b", r"U y"]), st.sampled_from(["n", "m"]))
@settings(max_examples=12, deadline=None)
def test_the_order_of_a_sum_does_not_matter(terms, rows):
    found = sorts(" + ".join(terms), {"z": vector_sort("k"), "y": vector_sort("l"), "b": vector_sort(rows)})
    assert found["W"] == matrix_sort(rows, "k") and found["U"] == matrix_sort(rows, "l")


@pytest.mark.parametrize(
    "formula",
    [
        r"W^\top(WW^\top+\sigma^2I)^{-1} = (W^\top W+\sigma^2I)^{-1}W^\top",
        r"\det(WW^\top+\sigma^2I_d) = \sigma^{2(d-k)}\det(W^\top W+\sigma^2I_k)",
        r"\mathrm{tr}(WW^\top+I) = \mathrm{tr}(W^\top W)+d",
    ],
)
def test_an_identity_is_as_large_as_what_it_is_added_to(formula):
    assert_holds(displayed(r"Let $W\in\mathbb{R}^{d\times k}$ and $\sigma>0$.", formula))


def test_dimensions_of_another_section_do_not_reach_this_one():
    text = displayed("# One\n\nLet $z\\in\\mathbb{R}^k$ and $x\\in\\mathbb{R}^d$ with", "x = Wz")
    assert_not_accused(displayed(text + "\n# Two\n\nLet $W$ be invertible.", r"\mathrm{tr}(W^{-1}W) = \mathrm{tr}(I)"))
