"""Expectations in all their spellings, and gradients through them."""

import pytest
from small_documents import (
    assert_holds,
    assert_not_accused,
    assert_refuted,
    assert_told_apart,
    displayed,
    displayed_verdicts,
    last,
    meanings,
    sides,
)

SPELLINGS = [
    r"\mathbb{E}_{x\sim q}[f(x)]",
    r"\mathbb{E}_{x\sim q}\left[f(x)\right]",
    r"\mathbb{E}_{x\sim q}\left(f(x)\right)",
    r"\mathbb{E}_{x\sim q}\{f(x)\}",
    r"\mathbb{E}_{x\sim q}\Bigl[f(x)\Bigr]",
    r"\mathbb{E}_{x\sim q} f(x)",
    r"\mathbb E_{x\sim q(x)}[f(x)]",
    r"\mathbb E_{q(x)}[f(x)]",
    r"\mathbb{E}_{q}[f(x)]",
    r"E_{x\sim q}[f(x)]",
    r"E_{q}[f(x)]",
    r"\mathrm{E}_{x\sim q}[f(x)]",
    r"\mathop{\mathbb{E}}_{x\sim q}[f(x)]",
    r"\underset{x\sim q}{\mathbb{E}}[f(x)]",
    r"\mathop{\mathbb{E}}\limits_{x\sim q}[f(x)]",
    r"\operatorname{E}_{x\sim q}[f(x)]",
    r"\operatorname*{\mathbb{E}}_{x\sim q}[f(x)]",
]


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_spellings_of_an_expectation(spelling):
    assert_told_apart(
        "Let $q(x)$ be a density and $f$ a function.", rf"{spelling} = \int q(x)f(x)dx", rf"{spelling} = \int f(x)dx"
    )


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_spellings_of_an_expectation_mean_the_same(spelling):
    declaration = "Let $q(x)$ be a density and $f$ a function."
    first = meanings(displayed(declaration, rf"{SPELLINGS[0]} = \int q(x)f(x)dx"))
    this = meanings(displayed(declaration, rf"{spelling} = \int q(x)f(x)dx"))
    assert first[0].relation.lhs in [m.relation.lhs for m in this if m.relation is not None]


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (r"\mathbb{E}_{q(z|x)}[f(z)] = \int q(z|x)f(z)dz", r"\mathbb{E}_{q(z|x)}[f(z)] = \int q(z|x)f(z)dx"),
        (
            r"\mathbb{E}_{p(x)}\left[\mathbb{E}_{q(z|x)}[f(z)]\right] = \int p(x)\int q(z|x)f(z)dzdx",
            r"\mathbb{E}_{p(x)}\left[\mathbb{E}_{q(z|x)}[f(z)]\right] = \mathbb{E}_{q(z|x)}[f(z)]",
        ),
        (
            r"\mathbb{E}_q[f(x) + g(x)] = \mathbb{E}_q[f(x)] + \mathbb{E}_q[g(x)]",
            r"\mathbb{E}_q[f(x)g(x)] = \mathbb{E}_q[f(x)]\mathbb{E}_q[g(x)]",
        ),
        (r"\mathbb{E}_q[2f(x)] = 2\mathbb{E}_q[f(x)]", r"\mathbb{E}_q[2f(x)] = \mathbb{E}_q[f(x)] + 2"),
        (r"\mathbb{E}_q[f(x)]^2 \le \mathbb{E}_q[f(x)^2]", r"\mathbb{E}_q[f(x)]^2 \ge \mathbb{E}_q[f(x)^2]"),
        (
            r"\mathbb{E}_{x,y\sim q}[f(x)] = \mathbb{E}_{x\sim q}[f(x)]",
            r"\mathbb{E}_{x,y\sim q}[f(x)f(y)] = \mathbb{E}_{x\sim q}[f(x)^2]",
        ),
        (
            r"\mathbb{E}_{x\sim p, z\sim q}[f(x)g(z)] = \mathbb{E}_{x\sim p}[f(x)]\mathbb{E}_{z\sim q}[g(z)]",
            r"\mathbb{E}_{x\sim p, z\sim q}[f(x)g(z)] = \mathbb{E}_{x\sim p}[f(x)] + \mathbb{E}_{z\sim q}[g(z)]",
        ),
        (r"\log\mathbb{E}_q[e^{f(x)}] \ge \mathbb{E}_q[f(x)]", r"\log\mathbb{E}_q[e^{f(x)}] \le \mathbb{E}_q[f(x)]"),
    ],
)
def test_rules_of_expectation(right, wrong):
    assert_told_apart("Let $p(x)$, $q(x)$ be densities, and $f$, $g$ functions.", right, wrong)


def test_a_factor_after_the_brackets_is_outside():
    declaration = "Let $q(x)$ be a density, $f$ a function and $c>0$."
    assert_told_apart(
        declaration, r"\mathbb{E}_q[f(x)]c = c\mathbb{E}_q[f(x)]", r"\mathbb{E}_q[f(x)]c = \mathbb{E}_q[f(x)] + c"
    )


def test_an_unlabelled_expectation_takes_the_declared_law():
    declaration = r"Let $x\sim\mathcal{N}(\mu,\sigma^2)$."
    assert_told_apart(declaration, r"\mathbb{E}[x^2] = \mu^2 + \sigma^2", r"\mathbb{E}[x^2] = \mu^2")
    assert_told_apart(declaration, r"\mathrm{Var}(x) = \sigma^2", r"\mathrm{Var}(x) = \sigma^2 + \mu^2")


def test_an_unlabelled_expectation_of_two_variables():
    declaration = r"Let $x\sim\mathcal{N}(0,1)$ and $y\sim\mathcal{N}(1,2)$ be independent."
    assert_told_apart(declaration, r"\mathbb{E}[x + y] = 1 + \mathbb{E}[x]", r"\mathbb{E}[x + y] = 3 + \mathbb{E}[x]")


def test_an_unlabelled_expectation_without_a_law_is_not_accused():
    assert_not_accused(displayed("Let $u$ be random.", r"\mathbb{E}[u] = 3u_0"))


def test_the_variance_of_an_average():
    declaration = r"Let $x\sim\mathcal{N}(\mu,\sigma^2)$ and $c>0$."
    assert_told_apart(declaration, r"\mathrm{Var}[cx] = c^2\sigma^2", r"\mathrm{Var}[cx] = c\sigma^2")
    assert_told_apart(declaration, r"\mathrm{Var}[x+c] = \sigma^2", r"\mathrm{Var}[x+c] = \sigma^2 + c^2")


# ------------------------------------------------------------------------------------------------------- gradients


@pytest.mark.parametrize(
    "gradient", [r"\nabla_\theta", r"\frac{\partial}{\partial\theta}", r"\frac{d}{d\theta}", r"\partial_\theta"]
)
def test_the_score_function_identity(gradient):
    declaration = r"Let $p_\theta(x)$ be a density with a parameter $\theta\in\mathbb{R}$ and $f$ a bounded function."
    mean = r"\mathbb{E}_{x\sim p_\theta}"
    right = rf"{gradient}{mean}[f(x)] = {mean}[f(x){gradient}\log p_\theta(x)]"
    wrong = rf"{gradient}{mean}[f(x)] = {mean}[f(x){gradient} p_\theta(x)]"
    assert_told_apart(declaration, right, wrong)


def test_the_score_has_mean_zero():
    declaration = r"Let $p_\theta(x)$ be a density with a parameter $\theta\in\mathbb{R}$."
    assert_holds(displayed(declaration, r"\mathbb{E}_{x\sim p_\theta}[\nabla_\theta\log p_\theta(x)] = 0"))
    assert_refuted(displayed(declaration, r"\nabla_\theta\log p_\theta(x) = \nabla_\theta p_\theta(x)"))
    assert_holds(
        displayed(declaration, r"\nabla_\theta\log p_\theta(x) = \frac{\nabla_\theta p_\theta(x)}{p_\theta(x)}")
    )


def test_a_gradient_enters_an_expectation_that_does_not_depend_on_it():
    declaration = r"Let $p(\epsilon)$ be a density, $\theta\in\mathbb{R}$ and $f_\theta$ smooth."
    mean = r"\mathbb{E}_{p(\epsilon)}"
    line = rf"\nabla_\theta {mean}[f_\theta(\epsilon)] = {mean}[\nabla_\theta f_\theta(\epsilon)]"
    assert_holds(displayed(declaration, line))
    declaration = r"Let $p_\theta(x)$ be a density, $\theta\in\mathbb{R}$ and $f_\theta$ smooth."
    line = r"\nabla_\theta\mathbb{E}_{p_\theta(x)}[f_\theta(x)] = \mathbb{E}_{p_\theta(x)}[\nabla_\theta f_\theta(x)]"
    assert_refuted(displayed(declaration, line))


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (r"\frac{d}{dx} x^3 = 3x^2", r"\frac{d}{dx} x^3 = 3x^3"),
        (r"\frac{d^2}{dx^2} x^3 = 6x", r"\frac{d^2}{dx^2} x^3 = 3x^2"),
        (r"\frac{\partial^2}{\partial x^2} e^{2x} = 4e^{2x}", r"\frac{\partial^2}{\partial x^2} e^{2x} = 2e^{2x}"),
        (r"\frac{d}{dx}\sin x = \cos x", r"\frac{d}{dx}\cos x = \sin x"),
        (r"\frac{\partial}{\partial x} (xy) = y", r"\frac{\partial}{\partial x} (xy) = x"),
        (
            r"\frac{\partial^2}{\partial x\partial y} (x^2y) = 2x",
            r"\frac{\partial^2}{\partial x\partial y} (x^2y) = 2y",
        ),
        (r"\frac{\partial (x^2 y)}{\partial x} = 2xy", r"\frac{\partial (x^2 y)}{\partial x} = x^2"),
        (r"\frac{d f(x)^2}{dx} = 2f(x)\frac{d f(x)}{dx}", r"\frac{d f(x)^2}{dx} = 2f(x)"),
    ],
)
def test_derivatives(right, wrong):
    assert_told_apart(r"Let $x,y\in\mathbb{R}$ and let $f$ be a smooth positive function.", right, wrong)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (r"\nabla_x (a^\top x) = a", r"\nabla_x (a^\top x) = x"),
        (r"\nabla_x \|x\|^2 = 2x", r"\nabla_x \|x\|^2 = x"),
        (r"\nabla_x (x^\top A x) = (A + A^\top)x", r"\nabla_x (x^\top A x) = 2A^\top x"),
    ],
)
def test_gradients_in_vectors(right, wrong):
    assert_told_apart(r"Let $x,a\in\mathbb{R}^3$ and $A\in\mathbb{R}^{3\times 3}$.", right, wrong)


def test_reparameterised_gradients():
    declaration = r"Let $\mu\in\mathbb{R}$, $s>0$."
    assert_told_apart(
        declaration,
        r"\mathbb{E}_{\epsilon\sim\mathcal{N}(0,1)}[(\mu+s\epsilon)^2] = \mu^2+s^2",
        r"\mathbb{E}_{\epsilon\sim\mathcal{N}(0,1)}[(\mu+s\epsilon)^2] = \mu^2+s",
    )
    assert_told_apart(
        declaration,
        r"\frac{\partial}{\partial s}\mathbb{E}_{\epsilon\sim\mathcal{N}(0,1)}[(\mu+s\epsilon)^2] = 2s",
        r"\frac{\partial}{\partial s}\mathbb{E}_{\epsilon\sim\mathcal{N}(0,1)}[(\mu+s\epsilon)^2] = s",
    )


NORMAL_Z, NOISE = r"\mathbb{E}_{z\sim\mathcal{N}(\mu,s^2)}", r"\mathbb{E}_{\epsilon\sim\mathcal{N}(0,1)}"


@pytest.mark.parametrize(
    ("left", "right", "wrong"),
    [
        (rf"{NORMAL_Z}[f(z)]", rf"{NOISE}[f(\mu+s\epsilon)]", rf"{NOISE}[f(\mu+s^2\epsilon)]"),
        (rf"\frac{{\partial}}{{\partial\mu}}{NORMAL_Z}[f(z)]", rf"{NOISE}[f'(\mu+s\epsilon)]",
         rf"-{NOISE}[f'(\mu+s\epsilon)]"),
        (rf"\frac{{\partial}}{{\partial s}}{NORMAL_Z}[f(z)]", rf"{NOISE}[\epsilon f'(\mu+s\epsilon)]",
         rf"{NOISE}[2\epsilon f'(\mu+s\epsilon)]"),
    ],
)  # fmt: skip
def test_unknown_functions_of_normal_variables_are_reparameterised(left, right, wrong):
    """Kingma and Welling, Auto-Encoding Variational Bayes, 2.4: proved, whatever f is."""
    declaration = r"Let $f$ be a smooth function, $\mu\in\mathbb{R}$ and $s>0$."
    assert last(displayed(declaration, f"{left} = {right}")).verdict == "proved"
    assert_refuted(displayed(declaration, f"{left} = {wrong}"))


def test_the_same_letter_is_bound_in_an_expectation_and_free_outside():
    left, right = sides(displayed("Let $q$ be a density.", r"f(x) + \mathbb{E}_{x\sim q}[f(x)] = 2f(x)"))
    assert left != right
    assert_refuted(displayed("Let $q$ be a density.", r"f(x) + \mathbb{E}_{x\sim q}[f(x)] = 2f(x)"))


def test_an_expectation_over_an_index():
    declaration = r"Let $x_1,\dots,x_n$ be numbers and $n\ge 2$."
    found = displayed_verdicts(displayed(declaration, r"\mathbb{E}_{i}[x_i] = \frac1n\sum_{i=1}^n x_i"))
    assert found[-1] != "refuted"


def test_a_variable_is_drawn_from_the_density_of_its_own_not_of_another():
    text = displayed(
        "Let $p(x,z)$ and $q(z|x)$ be densities.",
        r"\mathbb{E}_{z\sim q}[\log q(z|x)] = \mathbb{E}_{z\sim q}[\log q(x|z)]",
    )
    assert all("z ~ q(z | x)" in side for side in sides(text))
