"""Which symbols a relation speaks of: all values of what is explained, not of a letter that nothing explains."""

import pytest
from small_documents import (
    assert_holds,
    assert_not_accused,
    assert_refuted,
    assert_told_apart,
    checked,
    displayed,
    last,
    meanings,
)


@pytest.mark.parametrize(
    ("declaration", "right", "wrong"),
    [
        (r"Let $a,b>0$.", r"\log(ab) = \log a + \log b", r"\log(a+b) = \log a + \log b"),
        (r"Let $x\in\mathbb{R}$.", r"(x+1)^2 = x^2+2x+1", r"(x+1)^2 = x^2+1"),
        (
            r"Let $a$ and $b$ be positive numbers.",
            r"\log\frac{a}{b} = \log a - \log b",
            r"\log\frac{a}{b} = \frac{\log a}{\log b}",
        ),
        (r"Let $t\in(0,1)$.", r"\log t < 0", r"\log t > 0"),
        (r"Let $x, y\in\mathbb{R}^n$.", r"\|x+y\|^2 = \|x\|^2 + 2x^\top y + \|y\|^2", r"\|x+y\|^2 = \|x\|^2 + \|y\|^2"),
        (
            r"Let $A\in\mathbb{R}^{2\times 2}$ be invertible.",
            r"\det(A^{-1}) = \frac{1}{\det A}",
            r"\det(A^{-1}) = -\det A",
        ),
    ],
)
def test_declared_symbols_are_universal(declaration, right, wrong):
    assert_told_apart(declaration, right, wrong)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        # sigma > 0 by convention
        (r"\log\sigma^2 = 2\log\sigma", r"\log\sigma^2 = \frac{1}{2}\log\sigma"),
        # the arguments of a density and the parameters of a law
        (r"p(x,z) = p(x|z)p(z)", r"p(x,z) = p(x|z)p(x)"),
        (
            r"\mathbb{E}_{x\sim\mathcal{N}(\mu,\sigma^2)}[x^2] = \mu^2+\sigma^2",
            r"\mathbb{E}_{x\sim\mathcal{N}(\mu,\sigma^2)}[x^2] = \mu^2-\sigma^2",
        ),
        # an index by its sum
        (r"\sum_{i=1}^n i = \frac{n(n+1)}{2}", r"\sum_{i=1}^n i = \frac{n(n-1)}{2}"),
        # D takes values in (0, 1)
        (r"\log D(x) < 0", r"\log D(x) + D(x) = D(x)"),
        # epsilon is standard normal noise
        (
            r"\sigma\mathbb{E}_\epsilon[\epsilon^2] + \sigma = 2\sigma",
            r"\sigma\mathbb{E}_\epsilon[\epsilon^2] + \sigma = 3\sigma",
        ),
    ],
)
def test_conventional_symbols_and_roles_are_universal(right, wrong):
    assert_told_apart("We compute.", right, wrong)


@pytest.mark.parametrize(
    "formula",
    [
        r"D_{KL}(q\|p) = \int q(x)\log\frac{q(x)}{p(x)}dx + \aleph",  # zero by a misprint, or a constant
        r"\log p(x,z) = \log p(x|z) + \log p(z) + \kappa",
        r"\mathbb{E}_{x\sim p}[f(x)] = \int p(x) f(x) dx + \varkappa",
    ],
)
def test_a_letter_that_nothing_explains_is_no_ground_for_refutation(formula):
    assert_not_accused(displayed("We compute.", formula))


@pytest.mark.parametrize(
    "formula",
    [
        r"\aleph + \log p(x,z) = \log p(x|z) + \log p(z) + \aleph",
        r"\kappa\cdot(\aleph + 1) = \kappa\aleph + \kappa",
    ],
)
def test_what_holds_for_every_value_of_an_unexplained_letter_is_accepted(formula):
    assert_holds(displayed("We compute.", formula))


@pytest.mark.parametrize(
    "formula",
    [
        r"\mathbb{E}_{x\sim p}[\aleph] = \aleph + 1",
        r"D_{KL}(q\|p) + \aleph = \int q(x)\log\frac{q(x)}{p(x)}dx + \aleph + 1",
    ],
)
def test_what_fails_for_every_value_of_an_unexplained_letter_is_refuted(formula):
    assert_refuted(displayed("We compute.", formula))


def test_unexplained_letters_are_named_in_the_hypotheses():
    (meaning,) = meanings(displayed("Let $a>0$.", r"\log a + \kappa = \log a"))
    assert meaning.relation.hypotheses.unexplained == {"kappa"}


def test_declared_letters_are_not_unexplained():
    (meaning,) = meanings(displayed(r"Let $a>0$ and $\kappa\in\mathbb{R}$.", r"\log a + \kappa = \log a"))
    assert meaning.relation.hypotheses.unexplained == frozenset()
    assert_refuted(displayed(r"Let $a>0$ and $\kappa\in\mathbb{R}$.", r"\log a + \kappa = \log a"))


def test_a_misprinted_letter_is_not_accused():
    # mu_3 occurs nowhere else; with mu_2 the line would hold
    text = displayed(
        r"Let $\mu_1,\mu_2\in\mathbb{R}$ and $\sigma_1,\sigma_2>0$.",
        r"D_{KL}(\mathcal{N}(\mu_1,\sigma_1^2)\|\mathcal{N}(\mu_2,\sigma_2^2)) = "
        r"\log\frac{\sigma_2}{\sigma_1} + \frac{\sigma_1^2+(\mu_1-\mu_3)^2}{2\sigma_2^2} - \frac12",
    )
    assert_not_accused(text)
    assert_holds(text.replace(r"\mu_3", r"\mu_2"))


def test_a_refutation_gives_a_value_to_every_symbol():
    found = last(displayed(r"Let $a,b>0$.", r"\log(a+b) = \log a + \log b"))
    assert set(found.witness.values) == {"a", "b"}
    assert found.witness.lhs != found.witness.rhs


def test_the_same_letter_in_two_sections_is_two_letters():
    text = "# One\n\nLet $a>0$.\n\n$$\n\\log(a^2) = 2\\log a\n$$\n\n# Two\n\nLet $a<0$.\n\n$$\n\\sqrt{a^2} = a\n$$\n"
    found = [r.verdict for r in checked(text) if r.verdict not in ("assumption", "definition")]
    assert found[0] in ("proved", "supported") and found[1] == "refuted"
