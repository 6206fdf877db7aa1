"""Where a side has no value, what a sum takes, what is never accused, and what has no common shape."""

import pytest
from small_documents import (
    HOLDS,
    assert_holds,
    assert_not_accused,
    assert_refuted,
    assert_told_apart,
    displayed,
    last,
    verdicts,
)


@pytest.mark.parametrize(
    ("declaration", "formula"),
    [
        (r"Let $x\in\mathbb{R}$.", r"\frac{x^2}{x} = x"),  # 0/0
        (r"Let $a\in\mathbb{R}$.", r"e^{\log a} = a"),
        (r"Let $a\in\mathbb{R}$.", r"\sqrt{a}^2 = a"),
        (r"Let $x\in\mathbb{R}$.", r"\log x^2 = 2\log x"),
    ],
)
def test_undefined_inside_a_declared_domain_is_a_witness(declaration, formula):
    assert_refuted(displayed(declaration, formula))
    assert "undefined" in (
        last(displayed(declaration, formula)).witness.lhs,
        last(displayed(declaration, formula)).witness.rhs,
    )


@pytest.mark.parametrize(
    ("declaration", "formula"),
    [
        (r"Let $x>0$.", r"\frac{x}{x} = 1"),
        (r"Let $a>0$.", r"e^{\log a} = a"),
        (r"Let $x>0$.", r"\log x^2 = 2\log x"),
        (r"Let $x\neq 0$.", r"\frac{x}{x} = 1"),
    ],
)
def test_where_the_declared_domain_leaves_it_out_the_line_holds(declaration, formula):
    assert_holds(displayed(declaration, formula))


@pytest.mark.parametrize("formula", [r"\frac{x}{x} = 1", r"e^{\log x} = x", r"\frac{x^2-y^2}{x-y} = x + y"])
def test_a_domain_that_nobody_declared_shrinks(formula):
    found = last(displayed("We compute", formula))
    assert found.verdict in HOLDS, found.reason


def test_neither_side_defined_is_no_world():
    assert_not_accused(displayed(r"Let $a<0$.", r"\log a = 1 + \log a"))


def test_definedness_is_of_what_was_written():
    # x - x is 0 wherever log x is defined, and nowhere else
    assert_refuted(displayed(r"Let $x\in\mathbb{R}$.", r"x + \log x - \log x = x"))
    assert_holds(displayed(r"Let $x>0$.", r"x + \log x - \log x = x"))


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (
            r"\sum_{i=1}^n x_i + y_i = \sum_{i=1}^n x_i + \sum_{i=1}^n y_i",
            r"\sum_{i=1}^n x_i + y_i = \sum_{i=1}^n x_i - \sum_{i=1}^n y_i",
        ),
        (r"\sum_{i=1}^n x_i + c = c + \sum_{i=1}^n x_i", r"\sum_{i=1}^n x_i + c = \sum_{i=1}^n x_i + 2nc"),
        (r"\sum_{i=1}^n (x_i + c) = nc + \sum_{i=1}^n x_i", r"\sum_{i=1}^n (x_i + c) = c + 2\sum_{i=1}^n x_i"),
        (
            r"\prod_{i=1}^n x_i y_i = \left(\prod_{i=1}^n x_i\right)\left(\prod_{i=1}^n y_i\right)",
            r"\prod_{i=1}^n 2 x_i = 2\prod_{i=1}^n x_i",
        ),
        (r"\sum_{i=1}^n c x_i = c\sum_{i=1}^n x_i", r"\sum_{i=1}^n x_i^2 = \left(\sum_{i=1}^n x_i\right)^2"),
        (
            r"\sum_{j=1}^n \sum_{i=1}^n x_i y_j = \sum_{i=1}^n x_i\sum_{j=1}^n y_j",
            r"\sum_{i=1}^n x_i y_i = \sum_{i=1}^n x_i\sum_{j=1}^n y_j",
        ),
    ],
)
def test_sums_and_products(right, wrong):
    assert_told_apart(
        r"Let $c>0$, $n\ge 2$, and let $x_1,\dots,x_n$ and $y_1,\dots,y_n$ be positive numbers.", right, wrong
    )


@pytest.mark.parametrize(
    "formula",
    [
        r"\pi \approx 3",
        r"\mathbb{E}_{x\sim p}[f(x)] \approx \frac{1}{n}\sum_{i=1}^n f(x_i)",
        r"e^a \approx 1 + a",
        r"D_{KL}(q\|p) \approx 0",
    ],
)
def test_an_approximation_is_never_refuted(formula):
    assert_not_accused(displayed(r"Let $a\in\mathbb{R}$.", formula))


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (r"p(z|x) \propto p(x|z)p(z)", r"p(z|x) \propto p(x|z)"),
        (r"p(z|x) \propto p(x,z)", r"p(z|x) \propto p(x,z)p(z)"),
    ],
)
def test_proportional_is_meant_in_its_variable(right, wrong):
    assert_told_apart("We have", right, wrong)


@pytest.mark.parametrize(
    ("declaration", "formula"),
    [
        (r"Let $A\in\mathbb{R}^{2\times 3}$ and $B\in\mathbb{R}^{2\times 3}$.", r"AB = BA"),
        (r"Let $x\in\mathbb{R}^3$ and $A\in\mathbb{R}^{2\times 3}$.", r"Ax = x"),
        (r"Let $x\in\mathbb{R}^3$ and $A\in\mathbb{R}^{3\times 3}$.", r"x^\top A x = A x"),
        (r"Let $x\in\mathbb{R}^3$ and $A\in\mathbb{R}^{3\times 3}$.", r"A + x = x + A"),
        (r"Let $x\in\mathbb{R}^3$ and $y\in\mathbb{R}^2$.", r"x + y = y + x"),
    ],
)
def test_declared_shapes_that_conflict_are_refuted_with_the_shapes_as_witness(declaration, formula):
    assert_refuted(displayed(declaration, formula))
    witness = last(displayed(declaration, formula)).witness
    assert any(word in witness.lhs + witness.rhs for word in ("matrix", "vector", "scalar", "number", "×", "x"))
    assert not any(c.isdigit() and "." in s for s in (witness.lhs, witness.rhs) for c in s)


@pytest.mark.parametrize(
    ("declaration", "formula"),
    [
        (r"Let $A\in\mathbb{R}^{2\times 3}$ and $B\in\mathbb{R}^{3\times 2}$.", r"(AB)^\top = B^\top A^\top"),
        (r"Let $x\in\mathbb{R}^3$ and $A\in\mathbb{R}^{3\times 3}$.", r"x^\top A x = x^\top A^\top x"),
        (r"Let $x,y\in\mathbb{R}^3$.", r"x^\top y = y^\top x"),
        (r"Let $x,y\in\mathbb{R}^n$.", r"\operatorname{tr}(xy^\top) = y^\top x"),
    ],
)
def test_shapes_that_fit_are_read(declaration, formula):
    assert_holds(displayed(declaration, formula))


@pytest.mark.parametrize("formula", [r"W x + b = b", r"\mu^\top \Sigma^{-1} = \mu"])
def test_shapes_that_were_only_guessed_accuse_nobody(formula):
    assert_not_accused(displayed("We compute", formula))


def test_a_transpose_is_no_power():
    declaration = r"Let $A\in\mathbb{R}^{2\times 2}$."
    assert_told_apart(declaration, r"(A^T)^T = A", r"A^T = A")
    assert_refuted(displayed(declaration, r"(A^2)^\top = A^2"))


def test_a_number_is_no_matrix_and_is_not_added_to_one():
    text = displayed(r"Let $A\in\mathbb{R}^{2\times 2}$.", r"\operatorname{tr}(A) = A")
    assert_refuted(text)


def test_the_order_of_a_matrix_product_matters():
    declaration = r"Let $A,B\in\mathbb{R}^{2\times 2}$ be invertible."
    assert_told_apart(declaration, r"(AB)^{-1} = B^{-1}A^{-1}", r"(AB)^{-1} = A^{-1}B^{-1}")


def test_what_is_read_but_means_nothing_is_unread_with_a_reason():
    text = displayed("We have", r"x \circledast y = y \circledast x")
    assert verdicts(text) == ["unread"]
    assert last(text).reason
