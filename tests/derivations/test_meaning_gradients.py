"""Derivatives through maps that were defined before: by a vector of parameters, by an entry, twice; names for them."""

import pytest
from small_documents import HOLDS, OPEN, assert_told_apart, displayed, last, verdicts

MAP = (
    r"Let $\theta=(a,b)$ and $x = \begin{pmatrix} z_1\\ z_2e^{a}+b\end{pmatrix}$ with $z_1,z_2\in\mathbb{R}$, "
    r"and let $p(x)$ be a smooth density."
)
NAMED = MAP + " Write\n\n$$\n\\nabla_x\\log p(x) = \\begin{pmatrix} g_1\\\\ g_2\\end{pmatrix}.\n$$\n\nThen"


@pytest.mark.parametrize(
    ("declaration", "right", "wrong"),
    [
        (
            MAP,
            r"\frac{\partial x}{\partial\theta} = \begin{pmatrix} 0 & 0\\ z_2e^a & 1\end{pmatrix}",
            r"\frac{\partial x}{\partial\theta} = \begin{pmatrix} 0 & 0\\ z_2e^a & 0\end{pmatrix}",
        ),
        (
            NAMED,
            r"\nabla_\theta\log p(x) = g_2\begin{pmatrix} z_2e^a\\ 1\end{pmatrix}",
            r"\nabla_\theta\log p(x) = g_1\begin{pmatrix} z_2e^a\\ 1\end{pmatrix}",
        ),
        (
            NAMED,
            r"\frac{\partial\log p(x)}{\partial\theta} = \frac{\partial\log p(x)}{\partial x}\cdot"
            r"\frac{\partial x}{\partial\theta}",
            r"\frac{\partial\log p(x)}{\partial\theta} = 2\frac{\partial\log p(x)}{\partial x}\cdot"
            r"\frac{\partial x}{\partial\theta}",
        ),
        (NAMED, r"\frac{\partial\log p(x)}{\partial x_2} = g_2", r"\frac{\partial\log p(x)}{\partial x_2} = -g_2"),
    ],
)
def test_the_chain_rule_through_a_map(declaration, right, wrong):
    assert_told_apart(declaration, right, wrong)


def test_a_list_of_new_names_names_the_entries():
    text = displayed(MAP, r"\nabla_x\log p(x) = \begin{pmatrix} g_1\\ g_2\end{pmatrix}")
    assert verdicts(text)[-1] == "definition"
    known = displayed(MAP, r"\nabla_x\log p(x) = \begin{pmatrix} z_1\\ z_2\end{pmatrix}")
    assert last(known).verdict not in {"definition", *HOLDS}


def test_second_derivatives_by_parameters():
    declaration = r"Let $\theta=(a,b)$ and $x = ze^{a}+b$ with $z\in\mathbb{R}$."
    assert_told_apart(
        declaration,
        r"\nabla_\theta^2 x = \begin{pmatrix} ze^a & 0\\ 0 & 0\end{pmatrix}",
        r"\nabla_\theta^2 x = \begin{pmatrix} ze^a & 1\\ 1 & 0\end{pmatrix}",
    )


def test_a_letter_before_a_parameter_is_taken_at_it():
    declaration = r"Let $\theta>0$ and $x = 3\theta+1$."
    assert last(displayed(declaration, r"\frac{\partial x(\theta)}{\partial\theta} = 3")).verdict in HOLDS
    assert last(displayed(declaration, r"x(\theta) = 3\theta^2+\theta")).verdict not in HOLDS


def test_a_gradient_of_another_length_is_no_chain_rule():
    line = r"\nabla_\theta\log p(x) = \frac{\partial\log p(x)}{\partial x}\cdot\frac{\partial z_1}{\partial\theta}"
    assert last(displayed(NAMED, line)).verdict in OPEN | {"refuted"}
