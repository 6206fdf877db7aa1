"""Changes of variables as they are written: the map declared in words, in a display, or only by the line itself."""

import pytest
from small_documents import assert_holds, assert_not_accused, assert_told_apart, displayed, verdicts

LOG_JACOBIAN = r"\log\left|\det\frac{\partial f_\theta^{-1}(x)}{\partial x}\right|"
MAP = "Let $x = f(z)$ where $f$ is a bijection."


@pytest.mark.parametrize(
    ("declared", "right", "wrong"),
    [
        (  # the map stands only in the line itself
            "The change of variables for an invertible $f$:",
            r"p_X(x) = p_Z(f^{-1}(x))\left|\det J_{f^{-1}}(x)\right|",
            r"p_X(x) = p_Z(f^{-1}(x))\left|\det J_{f^{-1}}(x)\right|^{-1}",
        ),
        (
            r"A normalizing flow with parameters $\theta$ and base density $p_Z$:",
            rf"\log p_X(x;\theta) = \log p_Z(f_\theta^{{-1}}(x)) + {LOG_JACOBIAN}",
            rf"\log p_X(x;\theta) = \log p_Z(f_\theta^{{-1}}(x)) - {LOG_JACOBIAN}",
        ),
        (  # one variable differentiated by the other
            "Let $z = f(x)$ be invertible.",
            r"\log p(x) = \log p(z) + \log\left|\det\frac{\partial z}{\partial x}\right|",
            r"\log p(x) = \log p(z) + \log\left|\det\frac{\partial x}{\partial z}\right|",
        ),
        (
            "Let $z = f(x)$ be invertible.",
            r"p(x) = p(z)\left|\det\frac{\partial x}{\partial z}\right|^{-1}",
            r"p(x) = p(z)\left|\det\frac{\partial x}{\partial z}\right|",
        ),
        (  # one letter for both variables
            "For $z' = f(z)$ with $f$ invertible,",
            r"q(z') = q(z)\left|\det\frac{\partial f}{\partial z}\right|^{-1}",
            r"q(z') = q(z)\left|\det\frac{\partial f}{\partial z}\right|",
        ),
        (MAP, r"p_X(x) = p_Z(z)\left|\det J_f(z)\right|^{-1}", r"p_X(x) = p_Z(z)\left|\det J_f(z)\right|"),
        (MAP, r"p_X(x) = p_Z(z)\left|\det J_f\right|^{-1}", r"p_X(x) = p_Z(z)\left|\det J_f\right|"),
        (
            "In one dimension let $y = g(x)$ with $g$ strictly increasing.",
            r"p_Y(y) = p_X(g^{-1}(y))\left|\frac{d g^{-1}(y)}{dy}\right|",
            r"p_Y(y) = p_X(g^{-1}(y))\left|\frac{d g^{-1}(y)}{dy}\right|^{-1}",
        ),
    ],
)
def test_a_change_of_variables(declared, right, wrong):
    assert_told_apart(declared, right, wrong)


def test_with_parameters_and_both_ends():
    text = "With $x = f_\\theta(z)$, $z\\sim p(z)$ and $f_\\theta$ invertible,"
    chain = (
        r"p_\theta(x) = p(f_\theta^{-1}(x))\left|\det\frac{\partial f_\theta^{-1}(x)}{\partial x}\right|"
        r" = p(z)\left|\det\frac{\partial f_\theta(z)}{\partial z}\right|^{-1}"
    )
    assert set(verdicts(displayed(text, chain))[-2:]) <= {"proved", "supported"}


@pytest.mark.parametrize(
    "state", [r"x = f_K\circ\cdots\circ f_1(z_0)", r"x = f_K\circ f_{K-1}\circ\dots\circ f_1(z_0)"]
)
def test_a_composed_flow(state):
    text = f"Let ${state}$, all $f_k$ invertible."
    right = r"\log p(x) = \log p(z_0) - \sum_{k=1}^K \log\left|\det\frac{\partial f_k}{\partial z_{k-1}}\right|"
    assert_told_apart(text, right, right.replace("- \\sum", "+ \\sum"))


def test_a_planar_flow():
    text = r"Let $f(z) = z + u h(w^\top z + b)$ with $z,u,w\in\mathbb{R}^d$."
    slope = r"h'(w^\top z + b)"
    assert_told_apart(
        text, rf"\det\left(\frac{{\partial f}}{{\partial z}}\right) = 1 + {slope} u^\top w",
        rf"\det\left(\frac{{\partial f}}{{\partial z}}\right) = 1 - {slope} u^\top w",
    )  # fmt: skip


def test_two_points_of_one_density_are_no_map():
    """Without z' = f(z) nothing ties q(z') to q(z); and what J_f is of an undeclared letter is not guessed."""
    assert_not_accused(
        displayed("Let $q(z)$ be a density.", r"q(z') = q(z)\left|\det\frac{\partial f}{\partial z}\right|")
    )
    assert_not_accused(displayed("Let $x>0$.", r"J_0(x) = \cos x"))


def test_a_density_beside_another_of_the_same_map_takes_the_map_of_this_line():
    text = "Let $f$ be a bijection, $Y = f(X)$ with $X\\sim p_X$.\n\nIn another section $Y = f(Z)$ with $Z\\sim p_Z$."
    assert_holds(displayed(text, r"p_Y(y) = p_Z(f^{-1}(y))\left|\det\frac{\partial f^{-1}(y)}{\partial y}\right|"))
