"""Flows of several layers: the states z_k = f_k(z_{k-1}) and the densities that are taken at them."""

import pytest
from small_documents import HOLDS, assert_holds, assert_refuted, assert_told_apart, displayed, displayed_verdicts, last

FLOW = (
    r"A normalizing flow transforms $z_0\sim q_0(z_0)$ by invertible maps $f_1,\dots,f_K$: $z_k=f_k(z_{k-1})$ "
    r"for $k=1,\dots,K$. The density of $z_K$ is $q_K$."
)
LAYER = r"\log\left|\det\frac{\partial f_k}{\partial z_{k-1}}\right|"


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (
            rf"\log q_K(z_K) = \log q_0(z_0) - \sum_{{k=1}}^K{LAYER}",
            rf"\log q_K(z_K) = \log q_0(z_0) + \sum_{{k=1}}^K{LAYER}",
        ),
        (
            rf"\ln q_K(z_K) = \ln q_0(z_0) - \sum_{{k=1}}^K{LAYER}",
            rf"\ln q_K(z_K) = q_0(z_0) - \sum_{{k=1}}^K{LAYER}",
        ),
        (
            r"q_K(z_K) = q_0(z_0)\prod_{k=1}^K\left|\det\frac{\partial f_k(z_{k-1})}{\partial z_{k-1}}\right|^{-1}",
            r"q_K(z_K) = q_0(z_0)\prod_{k=1}^K\left|\det\frac{\partial f_k(z_{k-1})}{\partial z_{k-1}}\right|",
        ),
        (
            r"\log q_K(z_K) = \log q_0(z_0) - \sum_{k=1}^K\log\left|\det\frac{\partial z_k}{\partial z_{k-1}}\right|",
            r"\log q_K(z_K) = \log q_0(z_0) - \sum_{k=1}^K\log\left|\det\frac{\partial z_{k-1}}{\partial z_k}\right|",
        ),
        (
            r"\log q_K(z_K) = \log q_0(z_0) - \sum_{k=1}^K\log\left|\det J_{f_k}(z_{k-1})\right|",
            r"\log q_K(z_K) = \log q_0(z_0) + \sum_{k=1}^K\log\left|\det J_{f_k}(z_{k-1})\right|",
        ),
        (
            r"\log q_K(z_K) = \log q_0(z_0) + \sum_{k=1}^K\log|\det\frac{\partial f_k^{-1}(z_k)}{\partial z_k}|",
            r"\log q_K(z_K) = \log q_0(z_0) - \sum_{k=1}^K\log|\det\frac{\partial f_k^{-1}(z_k)}{\partial z_k}|",
        ),
    ],
)
def test_the_last_state_of_a_flow(right, wrong):
    assert_told_apart(FLOW, right, wrong)


def test_one_layer_of_any_number():
    assert_told_apart(
        FLOW,
        r"q_k(z_k) = q_{k-1}(z_{k-1})\left|\det\frac{\partial f_k}{\partial z_{k-1}}\right|^{-1}",
        r"q_k(z_k) = q_{k-1}(z_{k-1})\left|\det\frac{\partial f_k}{\partial z_{k-1}}\right|",
    )


COMPOSED = "We apply $K$ invertible layers to $z_0\\sim p_0$:\n\n$$\n{}\n$$\n\nThen\n\n$$\n{}\n$$\n"


@pytest.mark.parametrize(
    "composition",
    [
        r"z_K = f_K\circ f_{K-1}\circ\cdots\circ f_1(z_0), \qquad z_k = f_k(z_{k-1})",
        r"z_0 = f_1^{-1}\circ\cdots\circ f_K^{-1}(z_K)",
    ],
)
def test_a_flow_that_is_given_as_a_composition(composition):
    right = rf"\ln p_K(z_K) = \ln p_0(z_0) - \sum_{{k=1}}^K{LAYER}"
    assert displayed_verdicts(COMPOSED.format(composition, right))[-1] in HOLDS
    assert displayed_verdicts(COMPOSED.format(composition, right.replace("-", "+", 1)))[-1] not in HOLDS


def test_the_last_state_under_another_name():
    declaration = (
        r"Let $x = z_K = f_K\circ\dots\circ f_1(z_0)$ with $z_0\sim p_0$ and all $f_k$ diffeomorphisms, "
        r"$z_k=f_k(z_{k-1})$."
    )
    right = rf"\log p(x) = \log p_0(z_0) - \sum_{{k=1}}^K{LAYER}"
    assert_told_apart(declaration, right, right.replace("_0) -", "_0) +"))


def test_entries_of_a_jacobian_are_no_layers():
    declaration = (
        r"Let $y_1 = z_1$ and $y_2 = z_2e^{s(z_1)}$ with a smooth function $s(z_1)$ and $p(y_2)$, $p(z_1)$ densities."
    )
    line = r"\det\begin{pmatrix} 1 & 0\\ \frac{\partial y_2}{\partial z_1} & e^{s(z_1)}\end{pmatrix} = e^{s(z_1)}"
    assert_holds(displayed(declaration, line))


def test_a_product_of_layer_jacobians_without_a_volume_is_left_alone():
    line = r"\frac{\partial h_T}{\partial h_0} = \prod_{t=1}^T\frac{\partial h_t}{\partial h_{t-1}}"
    assert last(displayed(r"Let $h_t = f(h_{t-1})$.", line)).verdict not in {"refuted", *HOLDS}


def test_an_inverse_jacobian_is_a_claim():
    declaration = r"Let $g:\mathbb{R}^d\to\mathbb{R}^d$ be a diffeomorphism, $z\sim p_Z$ and $x=g(z)$."
    assert_refuted(
        displayed(
            declaration,
            r"p_X(x) = p_Z(g^{-1}(x))\left|\det\frac{\partial g^{-1}(x)}{\partial x}\right|^{-1}",
        )
    )
    assert_holds(displayed(declaration, r"p_X(g(z)) = p_Z(z)\left|\det J_g(z)\right|^{-1}"))
