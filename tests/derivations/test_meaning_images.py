"""Densities of what a formula makes of another variable: y = a x + b, x = A z + b, x = e^z."""

import pytest
from small_documents import HOLDS, OPEN, assert_not_accused, assert_told_apart, displayed, last

LINE = r"Let $x\sim p_X$ and $y=ax+b$ with $a>0$ and $b\in\mathbb{R}$."
SPACE = r"Let $A\in\mathbb{R}^{d\times d}$ be invertible, $z,b\in\mathbb{R}^d$, $z\sim p_Z$, and $x = Az+b$."


@pytest.mark.parametrize(
    ("declaration", "right", "wrong"),
    [
        (LINE, r"p_Y(y) = \frac{1}{a}p_X\left(\frac{y-b}{a}\right)", r"p_Y(y) = a\,p_X\left(\frac{y-b}{a}\right)"),
        (LINE, r"p_Y(y) = \frac{1}{a}p_X\left(\frac{y-b}{a}\right)", r"p_Y(y) = p_X\left(\frac{y-b}{a}\right)"),
        (LINE, r"\log p_Y(y) = \log p_X(x) - \log a", r"\log p_Y(y) = \log p_X(x) + \log a"),
        (LINE, r"p_Y(ax+b) = \frac{p_X(x)}{a}", r"p_Y(ax+b) = a\,p_X(x)"),
        (SPACE, r"p_X(x) = p_Z(A^{-1}(x-b))\,|\det A|^{-1}", r"p_X(x) = p_Z(A^{-1}(x-b))\,|\det A|"),
        (SPACE, r"p_X(Az+b) = \frac{p_Z(z)}{|\det A|}", r"p_X(Az+b) = p_Z(z)|\det A|"),
        (
            r"Let $z\in\mathbb{R}$ with $z\sim p_Z$ and $x=e^z$.",
            r"p_X(x) = \frac{1}{x}p_Z(\log x)",
            r"p_X(x) = x\,p_Z(\log x)",
        ),
        (
            LINE,
            r"\mathbb{E}_{y\sim p_Y}[f(y)] = \mathbb{E}_{x\sim p_X}[f(ax+b)]",
            r"\mathbb{E}_{y\sim p_Y}[f(y)] = \mathbb{E}_{x\sim p_X}[af(x)+b]",
        ),
    ],
)
def test_a_density_changes_by_the_jacobian_of_the_formula(declaration, right, wrong):
    assert_told_apart(declaration, right, wrong)


def test_maps_one_after_the_other():
    declaration = (
        r"Let $f_1$ and $f_2$ be diffeomorphisms of $\mathbb{R}^d$, $y=f_1(z)$ and $x=f_2(y)$ with $z\sim p_Z$."
    )
    right = r"\log p_X(x) = \log p_Z(z) - \log|\det J_{f_1}(z)| - \log|\det J_{f_2}(y)|"
    assert_told_apart(declaration, right, right.replace("(y)", "(z)"))


def test_the_inverse_jacobian_at_the_image():
    declaration = r"Let $g:\mathbb{R}^d\to\mathbb{R}^d$ be a diffeomorphism, $z\sim p_Z(z)$, $x\sim p_X(x)$, $x=g(z)$."
    assert_told_apart(declaration, r"J_{g^{-1}}(x) = J_g(z)^{-1}", r"J_{g^{-1}}(x) = J_g(z)")


def test_a_formula_that_is_not_one_to_one_changes_no_density():
    for formula in ("x^2", "x(x-1)", r"\cos x"):
        line = r"p_Y(y) = \frac{p_X(\sqrt{y})}{2\sqrt{y}}"
        assert last(displayed(rf"Let $x\sim p_X$ and $y={formula}$.", line)).verdict not in {"refuted", *HOLDS}


def test_a_prior_is_not_the_law_of_a_reparameterised_sample():
    declaration = r"We sample $z = \mu+\sigma\epsilon$ with $\epsilon\sim\mathcal{N}(0,1)$. The prior is $p(z)$."
    assert_not_accused(displayed(declaration, r"\log p_z(z) = -\frac12z^2-\frac12\log(2\pi)"))
    assert_not_accused(displayed(declaration, r"\log p(z) = \log\mathcal{N}(z;0,1)"))


def test_a_map_that_is_declared_later_takes_the_place_of_the_formula():
    declaration = r"For example, let $y=2x+1$ with $x\sim p_X$. Now let $y=f(x)$ with an invertible smooth map $f$."
    line = r"p_Y(y) = p_X(f^{-1}(y))\left|\det\frac{\partial f^{-1}}{\partial y}\right|"
    assert last(displayed(declaration, line)).verdict in HOLDS | OPEN
