"""Generators, reparameterisations and changes of variables."""

import pytest
from small_documents import (
    HOLDS,
    NO_CLAIM,
    assert_holds,
    assert_not_accused,
    assert_refuted,
    assert_told_apart,
    displayed,
    displayed_verdicts,
    verdicts,
)

GAN = r"Let $z\sim p_z$ be noise, $G$ a generator, and $p_g$ the density of $G(z)$."


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (
            r"\mathbb{E}_{z\sim p_z}[f(G(z))] = \mathbb{E}_{x\sim p_g}[f(x)]",
            r"\mathbb{E}_{z\sim p_z}[f(G(z))] = \mathbb{E}_{x\sim p_g}[f(G(x))]",
        ),
        (
            r"\mathbb{E}_{z\sim p_z}[\log(1-D(G(z)))] = \mathbb{E}_{x\sim p_g}[\log(1-D(x))]",
            r"\mathbb{E}_{z\sim p_z}[\log(1-D(G(z)))] = \mathbb{E}_{x\sim p_g}[\log D(x)]",
        ),
        (
            r"\int p_z(z)\log(1-D(G(z)))dz = \int p_g(x)\log(1-D(x))dx",
            r"\int p_z(z)\log(1-D(G(z)))dz = \int p_g(x)\log D(x)dx",
        ),
    ],
)
def test_the_law_of_a_generated_sample(right, wrong):
    assert_told_apart(GAN, right, wrong)


def test_noise_and_output_have_different_laws():
    assert_refuted(displayed(GAN, r"\mathbb{E}_{z\sim p_z}[\log D(G(z))] = \mathbb{E}_{z\sim p_z}[\log(1 - D(G(z)))]"))


@pytest.mark.parametrize(
    ("declaration", "right", "wrong"),
    [
        (
            r"Let $\epsilon\sim\mathcal{N}(0,1)$ and $z = \mu + \sigma\epsilon$ with $\mu\in\mathbb{R}$.",
            r"\mathbb{E}[z^2] = \mu^2+\sigma^2",
            r"\mathbb{E}[z^2] = \sigma^2",
        ),
        (
            r"We sample $z = \mu + \sigma\epsilon$ with $\epsilon\sim\mathcal{N}(0,1)$.",
            r"\mathbb{E}[z] = \mu",
            r"\mathbb{E}[z] = \mu + \sigma",
        ),
        (
            r"Let $\epsilon\sim\mathcal{N}(0,1)$ and $z = \mu + \sigma\epsilon$ with $\mu\in\mathbb{R}$.",
            r"\mathrm{Var}(z) = \sigma^2",
            r"\mathrm{Var}(z) = 2\sigma^2",
        ),
    ],
)
def test_reparameterised_samples(declaration, right, wrong):
    assert_told_apart(declaration, right, wrong)


def test_a_reparameterisation_carries_an_expectation():
    declaration = (
        r"Here $g(\epsilon,w)$ is distributed according to $q(z|w)$, "
        r"where $\epsilon\sim p(\epsilon)$ does not depend on $w$."
    )
    line = r"\mathbb{E}_{q(z|w)}[f(z)] = \mathbb{E}_{p(\epsilon)}[f(g(\epsilon,w))]"
    assert_holds(displayed(declaration, line))
    line = r"\nabla_w\mathbb{E}_{q(z|w)}[f(z)] = \mathbb{E}_{p(\epsilon)}[\nabla_w f(g(\epsilon,w))]"
    assert_holds(displayed(declaration, line))


FLOW = r"Let $f$ be an invertible smooth mapping of $\mathbb{R}^m$ and let $z=f(x)$."


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (
            r"p(x) = p(z)\left|\det\frac{\partial f}{\partial x}\right|",
            r"p(x) = p(z)\left|\det\frac{\partial f}{\partial x}\right|^{-1}",
        ),
        (
            r"p(x) = p(z)\left|\det\frac{\partial f(x)}{\partial x}\right|",
            r"p(x) = 2p(z)\left|\det\frac{\partial f(x)}{\partial x}\right|",
        ),
        (
            r"\log p(x) = \log p(z) + \log\left|\det\frac{\partial f}{\partial x}\right|",
            r"\log p(x) = \log p(z) - \log\left|\det\frac{\partial f}{\partial x}\right|",
        ),
        (
            r"p(z) = p(x)\left|\det\frac{\partial f}{\partial x}\right|^{-1}",
            r"p(z) = p(x)\left|\det\frac{\partial f}{\partial x}\right|",
        ),
        (
            r"p(x) = p(z)\det\left|\frac{\partial f}{\partial x}\right|",
            r"p(x) = p(z)\det\left|\frac{\partial f}{\partial x}\right|^{-1}",
        ),
    ],
)
def test_change_of_variables(right, wrong):
    assert_told_apart(FLOW, right, wrong)


def test_the_direction_of_the_map_is_the_documents():
    other = r"Let $f$ be an invertible smooth mapping of $\mathbb{R}^m$ and let $x=f(z)$."
    assert_told_apart(
        other,
        r"\log p(x) = \log p(z) - \log\left|\det\frac{\partial f}{\partial z}\right|",
        r"\log p(x) = \log p(z) + \log\left|\det\frac{\partial f}{\partial z}\right|",
    )


def test_without_a_map_a_change_of_variables_is_not_accepted():
    found = verdicts(displayed("", r"p(x) = p(z)\left|\det A\right|"))
    assert found[-1] not in HOLDS


LAYERS = (
    "Let $f$ be an invertible smooth mapping, $x\\in\\mathbb{R}^m$ and $z=f(x)$.\n\n$$\n{}\n$$\n\n"
    "with $h_0 = x$ and $h_L = z$.\n"
)


def test_layers_of_a_flow():
    right = r"\log p(x) = \log p(z) + \sum_{l=1}^L\log\left|\det\frac{\partial h_l}{\partial h_{l-1}}\right|"
    assert displayed_verdicts(LAYERS.replace("{}", right))[0] in HOLDS
    for wrong in (
        right.replace("+", "-"),
        r"\log p(x) = p(z) + \sum_{l=1}^L\log\left|\det\frac{\partial h_l}{\partial h_{l-1}}\right|",
    ):
        assert displayed_verdicts(LAYERS.replace("{}", wrong))[0] == "refuted"


def test_a_layer_inverted_is_not_accepted():
    wrong = r"\log p(x) = \log p(z) + \sum_{l=1}^L\log\left|\det\frac{\partial h_{l-1}}{\partial h_l}\right|"
    assert displayed_verdicts(LAYERS.replace("{}", wrong))[0] not in HOLDS


def test_where_the_states_begin_and_end_is_no_claim():
    found = verdicts(LAYERS.replace("{}", r"\log p(x) = \log p(x)"))
    assert set(found[-2:]) <= NO_CLAIM


def test_determinants_of_linear_layers():
    declaration = r"Let $A\in\mathbb{R}^{3\times 3}$ be invertible and $y = Ax$ with $x\in\mathbb{R}^3$."
    assert_told_apart(declaration, r"\det(2A) = 8\det A", r"\det(2A) = 2\det A")
    assert_told_apart(declaration, r"\log|\det A^{-1}| = -\log|\det A|", r"\log|\det A^{-1}| = \log|\det A|")


def test_the_jacobian_of_a_linear_map():
    declaration = r"Let $A\in\mathbb{R}^{3\times 3}$ be invertible and $x\in\mathbb{R}^3$."
    assert_told_apart(
        declaration,
        r"\det\frac{\partial (Ax)}{\partial x} = \det A",
        r"\det\frac{\partial (Ax)}{\partial x} = \det A^{-1}",
    )


def test_a_coupling_layer_has_a_triangular_jacobian():
    declaration = r"Let $s_1,s_2,t\in\mathbb{R}$."
    assert_told_apart(
        declaration,
        r"\det\begin{pmatrix}1 & 0\\ t & e^{s_1}\end{pmatrix} = e^{s_1}",
        r"\det\begin{pmatrix}1 & 0\\ t & e^{s_1}\end{pmatrix} = te^{s_1}",
    )
    assert_told_apart(
        declaration,
        r"\log\det\begin{pmatrix}e^{s_1} & 0\\ 0 & e^{s_2}\end{pmatrix} = s_1+s_2",
        r"\log\det\begin{pmatrix}e^{s_1} & 0\\ 0 & e^{s_2}\end{pmatrix} = s_1s_2",
    )


def test_a_map_that_is_not_invertible_is_not_accused_of_having_a_density():
    assert_not_accused(displayed("Let $z=f(x)$.", r"\mathbb{E}_{x\sim p}[g(f(x))] = \mathbb{E}_{x\sim p}[g(f(x))]"))
