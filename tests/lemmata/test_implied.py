"""What a line claims though it does not say it: that an estimate has no bias, that a composed variable has its law."""

import pytest

import lemmata

LAWS = r"""Let $p(x,z)$ and $q_\theta(z)$ be densities, smooth in $\theta$, and $z_1, \dots, z_L$ be draws of
$z \sim q_\theta(z)$.

"""


def last(text: str):
    return lemmata.check_text(text, jobs=0).relations[-1]


def displayed(formula: str) -> str:
    return f"\n\n$$\n{formula}\n$$\n"


@pytest.mark.parametrize(
    "formula",
    [
        r"\mathbb{E}_{z\sim q_\theta(z)}[\log p(x,z)] = \sum_{l=1}^L \log p(x,z_l)",
        r"\nabla_\theta \mathbb{E}_{z\sim q_\theta(z)}[\log p(x,z)] = \frac1L\sum_{l=1}^L \log p(x,z_l)",
        r"\frac{1}{2L}\sum_{l=1}^L \log q_\theta(z_l) = \mathbb{E}_{z\sim q_\theta(z)}[\log q_\theta(z)]",
    ],
)
def test_an_estimate_with_a_bias_is_refuted_by_its_expectations(formula):
    found = last(LAWS + displayed(formula))
    assert found.verdict == "refuted" and "on average" in found.reason and "slip" in found.reason
    assert found.witness is not None and found.witness.lhs != found.witness.rhs


@pytest.mark.parametrize(
    "formula",
    [
        r"\mathbb{E}_{z\sim q_\theta(z)}[\log p(x,z)] = \frac1L\sum_{l=1}^L \log p(x,z_l)",
        r"\nabla_\theta\mathbb{E}_{z\sim q_\theta(z)}[\log p(x,z)]"
        r" = \frac1L\sum_{l=1}^L \log p(x,z_l) \nabla_\theta\log q_\theta(z_l)",
    ],
)
def test_an_estimate_without_bias_is_said_to_be_one(formula):
    found = last(LAWS + displayed(formula))
    assert found.verdict == "undecided" and "an estimate" in found.reason


@pytest.mark.parametrize(
    ("text", "formula"),
    [
        ("Let $a$ and $b$ be densities.", r"\mathbb{E}_{a(x)}[x] + \mathbb{E}_{b(x)}[x] = \sum_{i=1}^N x_i"),
        ("", r"\mathbb{E}_{p(x)}[\log p(x)] \approx \sum_{i=1}^N \log p(x_i)"),
    ],
)
def test_an_estimate_from_nobody_knows_what_or_an_approximation_is_not_accused(text, formula):
    assert last(text + displayed(formula)).verdict != "refuted"


def test_what_holds_for_all_draws_holds():
    formula = (
        r"\sum_{l=1}^L \log (p(x,z_l) q_\theta(z_l)) = \sum_{l=1}^L \log p(x,z_l) + \sum_{l=1}^L \log q_\theta(z_l)"
    )
    assert last(LAWS + displayed(formula)).verdict in ("proved", "supported")


NORMAL = "Let $q(z|x) = \\mathcal{{N}}(z; \\mu(x), {covariance})$ and $\\epsilon \\sim \\mathcal{{N}}(0, {one})$.\n\n"


@pytest.mark.parametrize(
    ("covariance", "one", "composed", "verdict"),
    [
        (r"\sigma^2(x)", "1", r"\mu(x) + \sigma(x)\epsilon", "definition"),
        (r"\sigma(x)", "1", r"\mu(x) + \sigma(x)\epsilon", "definition"),  # a standard deviation, perhaps
        (r"\Sigma(x)", "I", r"\mu(x) + \Sigma(x)^{1/2}\epsilon", "definition"),
        (r"\Sigma(x)", "I", r"\mu(x) + L\epsilon", "definition"),  # nothing says what L is
        (r"\Sigma(x)", "I", r"\mu(x) + \Sigma(x)\epsilon", "refuted"),
        (r"\sigma^2(x)", "1", r"\mu(x) + \sigma^2(x)\epsilon", "refuted"),
        (r"\sigma^2(x)", "1", r"\mu(x) - \sigma(x)\epsilon", "definition"),  # the same law
    ],
)
def test_a_variable_composed_of_noise_is_held_against_the_law_that_the_text_gives_it(
    covariance, one, composed, verdict
):
    found = last(NORMAL.format(covariance=covariance, one=one) + displayed(f"z = {composed}"))
    assert found.verdict == verdict, found.reason
    assert verdict == "definition" or "another law" in found.reason


def test_noise_of_which_the_text_does_not_say_the_law_accuses_nobody():
    text = "Let $a>0$ and $y \\sim \\mathcal{N}(m, a^{-1})$.\n\nWe write" + displayed(r"y = m + \epsilon")
    assert last(text + "where $\\epsilon$ is noise.").verdict == "definition"
    assert last("Let $\\epsilon \\sim \\mathcal{N}(0, 1)$. " + text).verdict == "definition"  # nothing of a is in it


OPTIMUM = r"""Let $p(x)$ and $q(x)$ be densities.

$$
D^*(x) = \frac{p(x)}{p(x)+q(x)}
$$

Then

$$
\int p(x)\log D(x) + q(x)\log(1-D(x)) dx = \int p(x)\log\frac{p(x)}{p(x)+q(x)} + q(x)\log\frac{%s(x)}{p(x)+q(x)} dx
$$
"""


def test_a_letter_of_which_only_the_starred_form_is_defined_is_that_form():
    assert last(OPTIMUM % "q").verdict in ("proved", "supported")
    found = last((OPTIMUM % "q").replace(r"+ q(x)\log(1-D(x))", r"+ q(x)(1-\log D(x))"))
    assert found.verdict == "refuted" and "slip" in found.reason


def test_a_letter_that_nothing_explains_is_not_accused():
    text = (OPTIMUM % "q").replace("D^*(x) =", "F(x) =").replace(r"+ q(x)\log(1-D(x))", r"+ q(x)(1-\log D(x))")
    assert last(text).verdict == "undecided"
