"""Letters whose shapes were only guessed: another shape where the guess does not fit, and nothing certain given up."""

import pytest
from small_documents import assert_holds, assert_not_accused, displayed, last, verdicts

ELSEWHERE = r"Write $\eta = \theta^\top x$ and $\sum_{i=1}^n \theta_i x_i$ for the score."


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (
            r"\frac{d}{d\theta}(-\log\theta + 1) = -\frac{1}{\theta}",
            r"\frac{d}{d\theta}(-\log\theta + 1) = \frac{2}{\theta}",
        ),
        (r"(1-\theta)(1+\theta) = 1-\theta^2", r"(1-\theta)(1+\theta) = 1-2\theta^2"),
    ],
)
def test_a_vector_of_another_line_is_a_number_where_only_a_number_fits(right, wrong):
    assert_holds(displayed(ELSEWHERE, right))
    assert verdicts(displayed(ELSEWHERE, wrong))[-1] == "refuted"


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (r"(1-\mathbf{m})^2 = 1-2\mathbf{m}+\mathbf{m}^2", r"(1-\mathbf{m})^2 = 1-\mathbf{m}+\mathbf{m}^2"),
        (
            r"\frac{\mathbf{a}}{\mathbf{b}} + 1 = \frac{\mathbf{a}+\mathbf{b}}{\mathbf{b}}",
            r"\frac{\mathbf{a}}{\mathbf{b}} + 1 = \frac{2\mathbf{a}+\mathbf{b}}{\mathbf{b}}",
        ),
    ],
)
def test_vectors_written_entry_by_entry_are_read_as_their_entries(right, wrong):
    assert_holds(displayed("We have", right))
    assert verdicts(displayed("We have", wrong)) == ["refuted"]


@pytest.mark.parametrize(
    "formula",
    [
        r"\mathbf{x} + (\mathbf{x}\cdot\mathbf{y})^2 = \mathbf{x} + (\mathbf{x}\cdot\mathbf{x})\mathbf{y}^2",
        r"\mathbf{x}^\top\mathbf{x} + 1 = \mathbf{x}^2 + 1",
        r"\|\mathbf{x}\|^2 + \mathbf{x} = \mathbf{x}^2 + \mathbf{x}",
        r"\mathbf{x} + \operatorname{tr}(\mathbf{x}\mathbf{x}^\top) = \mathbf{x} + \mathbf{x}^2",
        r"\begin{pmatrix} 1 \\ 2 \end{pmatrix} + \mathbf{x} = \mathbf{x} + 1",
    ],
)
def test_what_only_vectors_are_written_with_is_not_read_of_numbers(formula):
    assert verdicts(displayed("We have", formula)) == ["undecided"]


def test_declared_shapes_are_never_given_up():
    text = displayed(r"Let $x\in\mathbb{R}^3$ and $y\in\mathbb{R}^2$.", "x + y = y + x")
    assert verdicts(text)[-1] == "refuted"
    assert "shapes" in last(text).reason


def test_a_definition_that_does_not_fit_is_left_out_and_then_nothing_is_accused():
    text = displayed(r"Let $s = \begin{pmatrix} a & b & c \end{pmatrix}$.", r"(1+s)^2 = 1+2s+s^2")
    assert_holds(text)
    assert_not_accused(displayed(r"Let $s = \begin{pmatrix} a & b & c \end{pmatrix}$.", r"(1+s)^2 = 1+s^2"))
