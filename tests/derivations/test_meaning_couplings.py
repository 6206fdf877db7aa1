"""Layers whose Jacobian is triangular: couplings written entry by entry, planar flows, Df(x)."""

import pytest
from small_documents import OPEN, assert_holds, assert_told_apart, displayed, last

COUPLING = r"Let $y_1 = z_1$ and $y_2 = z_2\exp(s(z_1)) + t(z_1)$ with smooth $s$, $t$ and $z_1,z_2\in\mathbb{R}$."
PLANAR = (
    r"A planar flow is $f(z) = z + u\,h(w^\top z + b)$ with $u,w\in\mathbb{R}^d$, $b\in\mathbb{R}$ "
    r"and a smooth function $h:\mathbb{R}\to\mathbb{R}$."
)
ADDITIVE = (
    r"The layer maps $x=(x_1,x_2)\in\mathbb{R}^2$ to $f(x) = \begin{pmatrix} x_1\\ x_2+m(x_1)\end{pmatrix}$ "
    r"with a differentiable function $m$."
)
MAP = r"Let $f:\mathbb{R}^d\to\mathbb{R}^d$ be invertible and smooth and $z=f(x)$."


@pytest.mark.parametrize(
    ("declaration", "right", "wrong"),
    [
        (COUPLING, r"z_2 = (y_2-t(y_1))\exp(-s(y_1))", r"z_2 = (y_2-t(y_1))\exp(s(y_1))"),
        (COUPLING, r"\frac{\partial y_2}{\partial z_2} = \exp(s(z_1))", r"\frac{\partial y_2}{\partial z_2} = s(z_1)"),
        (
            COUPLING,
            r"\log\left|\det\frac{\partial y}{\partial z}\right| = s(z_1)",
            r"\log\left|\det\frac{\partial y}{\partial z}\right| = -s(z_1)",
        ),
        (
            ADDITIVE,
            r"J_f(x) = \begin{pmatrix} 1 & 0\\ m'(x_1) & 1\end{pmatrix}",
            r"J_f(x) = \begin{pmatrix} 1 & m'(x_1)\\ 0 & 1\end{pmatrix}",
        ),
        (
            MAP,
            r"\log p_X(x) = \log p_Z(f(x)) + \log\left|\det Df(x)\right|",
            r"\log p_X(x) = \log p_Z(f(x)) - \log\left|\det Df(x)\right|",
        ),
    ],
)
def test_the_jacobian_of_a_layer(declaration, right, wrong):
    assert_told_apart(declaration, right, wrong)


@pytest.mark.parametrize(
    "line",
    [
        r"\frac{\partial f}{\partial z} = I + u\,h'(w^\top z+b)w^\top",
        r"\det\frac{\partial f}{\partial z} = 1 + h'(w^\top z+b)\,u^\top w",
    ],
)
def test_a_planar_flow(line):
    assert_holds(displayed(PLANAR, line))


@pytest.mark.parametrize("line", [r"D f(x) = 2", r"D(x) f(x) = 2"])
def test_a_discriminator_is_no_jacobian(line):
    declaration = r"Let $D(x)$ be a discriminator and $f(x)$ a positive function."
    assert last(displayed(declaration, line)).verdict in OPEN | {"refuted"}


def test_a_letter_with_one_entry_is_no_vector():
    line = r"\frac{\partial y}{\partial z} = 1"
    assert last(displayed(r"Let $y_1 = z_1$ with $z_1\in\mathbb{R}$.", line)).verdict in OPEN
