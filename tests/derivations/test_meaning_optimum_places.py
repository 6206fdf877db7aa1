"""Two objectives are best at one place where they differ by a constant; where they do not, nothing is said."""

import pytest
from small_documents import displayed_verdicts

MODEL = "Let $p(x|\\theta)$ be a model with parameter $\\theta$, and $p_{data}$ the law of the data.\n\n"
LATENT = "Let $p(x,z)$ be a model and $q(z)$ an approximation of $p(z|x)$.\n\n"


@pytest.mark.parametrize(
    "line",
    [
        r"\arg\max_\theta p(x|\theta) = \arg\max_\theta \log p(x|\theta)",
        r"\arg\max_\theta p(\theta|x) = \arg\max_\theta (\log p(x|\theta) + \log p(\theta))",
        r"\operatorname*{argmax}_\theta \log p(x|\theta) = \operatorname*{argmin}_\theta -\log p(x|\theta)",
        r"\arg\min_\theta D_{KL}(p_{data}\|p_\theta) = \arg\max_\theta \mathbb{E}_{p_{data}(x)}[\log p_\theta(x)]",
        r"\arg\max_\theta p(\theta|x) = \arg\max_\theta \log p(x|\theta) + \log p(\theta)",
        r"\arg\max_\theta \log p(x|\theta) = \arg\min_\theta -\log p(x|\theta)",
    ],
)
def test_objectives_that_differ_by_a_constant_or_a_logarithm(line):
    assert displayed_verdicts(f"{MODEL}$$\n{line}\n$$") == ["proved"]


def test_the_density_that_is_chosen_may_be_the_variable():
    line = (
        r"\arg\min_q D_{KL}(q(z) \| p(z|x))"
        r" = \arg\max_q \left( \mathbb{E}_{q(z)}[\log p(x,z)] - \mathbb{E}_{q(z)}[\log q(z)] \right)"
    )
    assert displayed_verdicts(f"{LATENT}$$\n{line}\n$$") == ["proved"]


@pytest.mark.parametrize(
    "line",
    [
        r"\arg\max_\theta p(x|\theta) = \arg\min_\theta \log p(x|\theta)",
        r"\arg\max_\theta p(\theta|x) = \arg\max_\theta \log p(x|\theta)",
        r"\arg\max_\theta p(\theta|x) = \arg\max_\theta \log p(x|\theta) - \log p(\theta)",
        r"\arg\max_\theta p(x|\theta) = \arg\max_\theta p(x|\theta)^2",  # true, and not by a constant
        r"\arg\max_\theta f(\theta) = \arg\max_\theta \log f(\theta)",  # f may be negative
        r"\max_\theta p(x|\theta) = \max_\theta \log p(x|\theta)",  # the values differ
        r"\arg\max_\theta p(x|\theta) = \arg\max_x p(x|\theta)",
        r"\arg\max_w p(x) = \arg\max_w \log p(x)",
    ],
)
def test_other_objectives_are_open(line):
    assert not {"proved", "supported", "refuted"} & set(displayed_verdicts(f"{MODEL}$$\n{line}\n$$"))


def test_a_declared_law_that_hides_the_parameter_settles_nothing():
    given = "Let $p(z) = \\mathcal{N}(0, 1)$ and $p(x|z,\\theta) = \\mathcal{N}(wz, 1)$.\n\n"
    wrong = r"\arg\max_\theta p(x|z,\theta) p(z) = \arg\max_\theta \log p(z)"
    sums = r"\arg\max_\theta \sum_{i=1}^n \log p(x_i|z_i,\theta) = \arg\max_\theta \log \sum_{i=1}^n p(x_i|z_i,\theta)"
    for line in (wrong, sums):
        assert not {"proved", "supported", "refuted"} & set(displayed_verdicts(f"{given}$$\n{line}\n$$"))


def test_a_definition_that_hides_the_parameter_settles_nothing():
    given = "The mean is $\\mu_\\theta(z) = wz$.\n\n"
    wrong = r"\arg\max_\theta -(x - \mu_\theta(z))^2 + \log p_\theta(z) = \arg\max_\theta \log p_\theta(z)"
    assert not {"proved", "supported", "refuted"} & set(displayed_verdicts(f"{given}$$\n{wrong}\n$$"))
