"""A bound that a document names: by its equation wherever that stands, and as the field has it where there is none."""

import pytest
from small_documents import HOLDS, displayed_verdicts

PLAIN = "The approximation is $q(h|x)$ and the model $p(x,h)$.\n\n"
WITH_PARAMETERS = "The encoder is $q_\\phi(z|x)$, the decoder $p_\\theta(x|z)$ and the prior $p_\\theta(z)$.\n\n"


@pytest.mark.parametrize(
    "line",
    [
        r"\log p(x) - \text{ELBO} = D_{KL}(q(h|x) \| p(h|x))",
        r"\log p(x) \ge \mathrm{ELBO}",
        r"\log p(x) = \mathcal{L}_{\text{ELBO}} + D_{KL}(q(h|x) \| p(h|x))",
        r"\log p(x) = ELBO + \mathbb{E}_{q(h|x)}[\log q(h|x) - \log p(h|x)]",
    ],
)
def test_a_bound_that_no_equation_defines_is_that_of_the_field(line):
    assert displayed_verdicts(f"{PLAIN}$$\n{line}\n$$") == ["proved"]


def test_the_bound_has_the_parameters_of_the_densities():
    line = r"\nabla_\theta \text{ELBO} = \mathbb{E}_{q_\phi(z|x)}[\nabla_\theta \log p_\theta(x,z)]"
    assert displayed_verdicts(f"{WITH_PARAMETERS}$$\n{line}\n$$") == ["proved"]
    wrong = r"\nabla_\phi \text{ELBO} = \mathbb{E}_{q_\phi(z|x)}[\nabla_\phi \log p_\theta(x,z)]"
    assert not HOLDS & set(displayed_verdicts(f"{WITH_PARAMETERS}$$\n{wrong}\n$$"))


@pytest.mark.parametrize(
    "line",
    [
        r"\log p(x) = \text{ELBO} - D_{KL}(q(h|x) \| p(h|x))",
        r"\log p(x) = \text{ELBO} + D_{KL}(p(h|x) \| q(h|x))",
        r"\log p(x) \le \text{ELBO}",
    ],
)
def test_what_fails_with_the_convention_is_neither_accepted_nor_accused(line):
    assert displayed_verdicts(f"{PLAIN}$$\n{line}\n$$") == ["undecided"]


@pytest.mark.parametrize("name", ["ELBO(q)", r"\text{ELBO}(\theta, \phi)", r"\mathrm{ELBO}(x; \theta, \phi)"])
def test_what_stands_in_its_brackets_says_of_what_it_is(name):
    line = name + r" = \mathbb{E}_{q_\phi(z|x)}[\log p_\theta(x|z)] - D_{KL}(q_\phi(z|x) \| p_\theta(z))"
    used = r"\log p_\theta(x) \ge " + name
    assert displayed_verdicts(f"{WITH_PARAMETERS}$$\n{used}\n$$") == ["proved"]
    assert displayed_verdicts(f"{WITH_PARAMETERS}$$\n{line}\n$$") == ["definition"]


def test_an_equation_overrules_the_convention():
    defined = r"$$\text{ELBO} = \mathbb{E}_{q(h|x)}[\log p(x,h)]$$" + "\n\n"
    line = r"$$\text{ELBO} = D_{KL}(q(h|x) \| p(h|x)) + \log p(x)$$"
    assert not HOLDS & set(displayed_verdicts(PLAIN + defined + line)[1:])


def test_without_an_approximation_there_is_no_bound():
    assert not HOLDS & set(displayed_verdicts("The model is $p(x)$.\n\n$$\\log p(x) \\ge \\text{ELBO}$$"))


CHAIN = (
    r"\log p_\theta(x) \ge \mathcal{L}(\theta,\phi;x) = \mathbb{E}_{q_\phi(z|x)}[\log p_\theta(x,z) - \log q_\phi(z|x)]"
)
DECOMPOSED = r"\log p_\theta(x) = D_{KL}(q_\phi(z|x) \| p_\theta(z|x)) + \mathcal{L}(\theta,\phi;x)"


def test_a_title_is_defined_by_the_first_equation_that_has_it_alone_if_it_begins_none():
    assert displayed_verdicts(f"{WITH_PARAMETERS}$$\n{DECOMPOSED}\n$$\n\n$$\n{CHAIN}\n$$") == [
        "proved", "proved", "definition",
    ]  # fmt: skip


def test_a_wrong_use_before_that_definition_is_not_accepted():
    wrong = DECOMPOSED.replace(" + ", " - ")
    assert displayed_verdicts(f"{WITH_PARAMETERS}$$\n{wrong}\n$$\n\n$$\n{CHAIN}\n$$")[0] == "undecided"


def test_an_equation_that_begins_with_the_title_goes_first():
    mean = r"\mathbb{E}_{q_\phi(z|x)}[\log p_\theta(x|z)]"
    own = r"\mathcal{L}(\theta,\phi;x) = -D_{KL}(q_\phi(z|x) \| p_\theta(z)) + " + mean
    found = displayed_verdicts(f"{WITH_PARAMETERS}$$\n{DECOMPOSED}\n$$\n\n$$\n{CHAIN}\n$$\n\n$$\n{own}\n$$")
    assert found == ["proved", "proved", "proved", "definition"]
