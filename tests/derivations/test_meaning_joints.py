"""A prior and a likelihood determine the evidence and the posterior; variables are drawn in the order of their laws."""

import pytest
from small_documents import HOLDS, assert_holds, assert_open, assert_told_apart, displayed, verdicts

NUMBERS = r"Let $z\sim\mathcal{N}(0,1)$ and $x|z\sim\mathcal{N}(az+b,s^2)$."
WITHOUT_BAR = r"Let $z\sim\mathcal{N}(0,1)$ and $x\sim\mathcal{N}(az+b,s^2)$."
VECTORS = (
    r"Let $z\in\mathbb{R}^k$ and $x\in\mathbb{R}^d$ with $p(z)=\mathcal{N}(z;0,I)$ and "
    r"$p(x|z)=\mathcal{N}(x;Wz+\mu,\sigma^2I)$."
)
DRAWN = r"Let $z\sim\mathcal{N}(0,I)$ and $x\mid z\sim\mathcal{N}(Wz+b,\sigma^2I)$ with $W\in\mathbb{R}^{d\times k}$."


@pytest.mark.parametrize("text", [NUMBERS, WITHOUT_BAR])
@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (r"\mathbb{E}[x] = b", r"\mathbb{E}[x] = a+b"),
        (r"\mathbb{E}[x|z] = az+b", r"\mathbb{E}[x|z] = az-b"),
        (r"\mathrm{Var}(x) = a^2+s^2", r"\mathrm{Var}(x) = a+s^2"),
        (r"\mathbb{E}[z|x] = \frac{a(x-b)}{a^2+s^2}", r"\mathbb{E}[z|x] = \frac{a(x-b)}{a^2+s}"),
    ],
)
def test_what_a_variable_rests_on_is_drawn_before_it(text, right, wrong):
    assert_told_apart(text, right, wrong)


def test_a_variable_that_stands_outside_is_a_value():
    """E[x] = az + b can only be meant where z is known."""
    assert_holds(displayed(WITHOUT_BAR, r"\mathbb{E}[x] = az+b"))


def test_a_variable_whose_source_has_no_law_is_not_averaged():
    assert_open(displayed(r"Let $x|z\sim\mathcal{N}(az+b,s^2)$.", r"\mathbb{E}[x] = b"))


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (r"p(x) = \mathcal{N}(x;\mu,WW^\top+\sigma^2I)", r"p(x) = \mathcal{N}(x;\mu,WW^\top+\sigma I)"),
        (
            r"p(z|x) = \mathcal{N}(z;M^{-1}W^\top(x-\mu),\sigma^2M^{-1})",
            r"p(z|x) = \mathcal{N}(z;M^{-1}W^\top(x-\mu),\sigma M^{-1})",
        ),
        (
            r"p(z|x) \propto \exp\left(-\frac{1}{2\sigma^2}\|x-Wz-\mu\|^2-\frac12\|z\|^2\right)",
            r"p(z|x) \propto \exp\left(-\frac{1}{2\sigma^2}\|x-Wz-\mu\|^2-\|z\|^2\right)",
        ),
    ],
)
def test_a_third_law_of_the_same_letters_is_a_claim(right, wrong):
    """Bishop, PRML, (12.35) and (12.42)."""
    assert_told_apart(VECTORS + r" Put $M = W^\top W+\sigma^2I$.", right, wrong)


def test_what_follows_in_a_display_is_known_in_it():
    line = r"p(z|x) = \mathcal{N}(z;M^{-1}W^\top(x-\mu),\sigma^2M^{-1}),\qquad M = W^\top W+\sigma^2I"
    claim, definition = verdicts(displayed(VECTORS, line))[-2:]
    assert claim in HOLDS and definition == "definition"


def test_a_law_that_speaks_of_something_new_is_chosen():
    """An encoder that is called p is no claim about the posterior."""
    assert verdicts(displayed(VECTORS, r"p(z|x) = \mathcal{N}(z;m_\phi(x),S_\phi(x))"))[-1] == "assumption"


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (r"\mathbb{E}[x] = W\,\mathbb{E}[z]+b", r"\mathbb{E}[x] = W\,\mathbb{E}[z]"),
        (r"\mathrm{Cov}(x) = WW^\top+\sigma^2I", r"\mathrm{Cov}(x) = WW^\top+\sigma I"),
        (
            r"\mathbb{E}[z\mid x] = (W^\top W+\sigma^2I)^{-1}W^\top(x-b)",
            r"\mathbb{E}[z\mid x] = (W^\top W+\sigma^2I)^{-1}W^\top(x+b)",
        ),
    ],
)
def test_linear_gaussian_models_of_any_dimension(right, wrong):
    assert_told_apart(DRAWN, right, wrong)


def test_what_is_defined_further_down_is_not_accused():
    below = r"p(z|x) = \mathcal{N}(z;M^{-1}W^\top(x-\mu),\sigma^2M^{-1})"
    text = displayed(VECTORS, below) + "\nHere we have set\n\n$$\nM = W^\\top W+\\sigma^2I\n$$\n"
    assert "refuted" not in verdicts(text)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (r"\mathbb{E}[x] = \mu", r"\mathbb{E}[x] = 2\mu"),
        (r"\mathbb{E}[x|z] = Wz+\mu", r"\mathbb{E}[x|z] = Wz-\mu"),
        (
            r"\mathrm{KL}(q(z|x)\|p(z)) = \frac12\left(-\log|D|+\|V(x-\mu)\|^2+\mathrm{tr}(D)-k\right)",
            r"\mathrm{KL}(q(z|x)\|p(z)) = \frac12\left(\log|D|+\|V(x-\mu)\|^2+\mathrm{tr}(D)-k\right)",
        ),
    ],
)
def test_a_bare_mean_is_taken_under_the_model(right, wrong):
    """V(x - mu) is a product, and the k of R^k a number."""
    assert_told_apart(VECTORS + r" Let $q(z|x)=\mathcal{N}(z;V(x-\mu),D)$.", right, wrong)


def test_the_evidence_may_be_stated_before_the_posterior():
    text = DRAWN + r" Then $x\sim\mathcal{N}(b,WW^\top+\sigma^2I)$."
    assert_holds(displayed(text, r"\mathbb{E}[z\mid x] = (W^\top W+\sigma^2I)^{-1}W^\top(x-b)"))


def test_a_number_before_an_identity_is_no_vector_of_another_section():
    first = displayed("# One\n\nWe have", r"\sum_j\log\sigma_j^2 = 2\sum_j\log\sigma_j")
    text = f"{first}\n# Two\n\nLet $W\\in\\mathbb{{R}}^{{d\\times k}}$."
    assert_holds(displayed(text, r"W^\top(WW^\top+\sigma^2I)^{-1} = (W^\top W+\sigma^2I)^{-1}W^\top"))


def test_what_is_independent_or_unknown_has_no_posterior():
    """E[z|x] is E[z] only if nothing ties x to z."""
    assert_open(displayed(r"Let $z\sim\mathcal{N}(0,1)$.", r"\mathbb{E}[z|x] = 1"))
