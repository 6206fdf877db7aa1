"""Sums over all values, draws named by a capital, integrals that lost their differential, limits that are empty."""

import pytest
from small_documents import HOLDS, displayed_verdicts

DENSITIES = "Let $p$ and $q$ be densities, $p(x)$, $q(x)$.\n\n"


@pytest.mark.parametrize("values", ["X", r"\mathcal{X}", r"\mathbb{X}"])
def test_a_sum_over_what_the_capital_names_is_over_all_values(values):
    line = (
        r"D_{KL}(q \| p) = \sum_{x \in SET} q(x) \log\frac{q(x)}{p(x)} = -\sum_{x \in SET} q(x) \log\frac{p(x)}{q(x)}"
    )
    assert displayed_verdicts(f"{DENSITIES}$$\n{line}\n$$".replace("SET", values)) == ["proved", "proved"]


@pytest.mark.parametrize(
    "line",
    [
        r"\sum_{x \in \mathcal{D}} p(x) = 1",  # the points of a data set
        r"\sum_{x \in A} p(x) = 1",  # an event
        r"P(X) = \sum_{x \in X} p(x)",  # the set is an event elsewhere in the line
        r"\sum_{x \in X} \log p(x) = \int \log p(x) dx",  # a log-likelihood adds up points
    ],
)
def test_other_sets_are_not_all_values(line):
    assert not (HOLDS | {"refuted"}) & set(displayed_verdicts(f"{DENSITIES}$$\n{line}\n$$"))


@pytest.mark.parametrize(
    ("line", "verdict"),
    [
        (r"\mathbb{E}_{X \sim p}[\log q(x)] = \int p(x) \log q(x) dx", "proved"),
        (r"\mathbb{E}_{X \sim p}[-\log q(X)] = -\int p(x) \log q(x) dx", "proved"),
        (r"\mathbb{E}_{X \sim p}[-\log q(x)] = \int p(x) \log q(x) dx", "refuted"),
    ],
)
def test_a_capital_below_the_expectation_is_the_letter_of_its_body(line, verdict):
    assert displayed_verdicts(f"{DENSITIES}$$\n{line}\n$$") == [verdict]


def test_what_is_bound_around_the_expectation_keeps_its_letter():
    line = r"\int q(x) \mathbb{E}_{X \sim p}[\log q(x)] dx = \int p(x) \log q(x) dx"
    assert not HOLDS & set(displayed_verdicts(f"{DENSITIES}$$\n{line}\n$$"))


LATENT = "Let $p(x,z)$ be a model and $q(z)$ a density.\n\n"


@pytest.mark.parametrize(
    ("line", "verdict"),
    [
        (r"\int q(z) \log\frac{q(z)}{p(z|x)} dz = \int q(z) \log\frac{q(z)p(x)}{p(x|z)p(z)}", "proved"),
        (r"\int q(z) \log\frac{q(z)}{p(z|x)} = \mathbb{E}_{q(z)}[\log q(z) - \log p(z|x)]", "proved"),
        (r"\int q(z) \log\frac{q(z)}{p(z|x)} dz = \int q(z) \log\frac{q(z)p(x)}{p(z|x)p(z)}", "refuted"),
    ],
)
def test_the_differential_that_is_missing_is_that_of_the_others_or_of_the_weight(line, verdict):
    assert displayed_verdicts(f"{LATENT}$$\n{line}\n$$") == [verdict]


def test_an_integrand_with_two_weights_keeps_its_variable_to_itself():
    assert displayed_verdicts(f"{LATENT}$$\np(x) = \\int p(x|z)p(z)\n$$") == ["unread"]


def test_empty_limits_are_none():
    line = r"\log { p\left( x \right) } = \log { \sum _{ z }^{  }{ p\left( x|z \right) p\left( z \right) } }"
    assert displayed_verdicts(f"{LATENT}$$\n{line}\n$$") == ["proved"]


def test_a_letter_that_is_a_function_elsewhere_is_one_value_where_nothing_moves_it():
    given = "A misprint makes $\\phi(x)$ of a parameter. The encoder is $q_\\phi(z|x)$.\n\n"
    line = r"$$D_{KL}(q_\phi(z|x) \| p(z)) = \mathbb{E}_{q_\phi(z|x)}[\log q_\phi(z|x) - \log p(z)]$$"
    assert displayed_verdicts(given + line) == ["proved"]


@pytest.mark.parametrize(
    "line",
    [
        r"$$\nabla_\phi \mathbb{E}_{q_\phi(z|x)}[f(z)] = \mathbb{E}_{q_\phi(z|x)}[\nabla_\phi f(z)]$$",  # it moves
        r"$$\mathbb{E}_{x\sim p}[q(\mu, x)] = q(\mu, x)$$",  # what it is applied to is bound here
    ],
)
def test_a_function_that_may_move_does_not_stand_for_one_value(line):
    given = "The features are $\\phi(x)$ and $\\mu(x)$. The encoder is $q_\\phi(z|x)$.\n\n"
    assert not HOLDS & set(displayed_verdicts(given + line))


PER_POINT = "The approximation of the posterior at a data point $x_i$ is $q(z_i|x_i)$.\n\n"


@pytest.mark.parametrize(
    ("line", "held"),
    [
        (r"\mathbb{E}_{z_i \sim q}[\log q(z_i|x_i)] = \int q(z_i|x_i) \log q(z_i|x_i) dz_i", True),
        (
            r"\sum_{i=1}^n \mathbb{E}_{z_i \sim q}[\log q(z_i|x_i)] = \sum_{i=1}^n \int q(z_i|x_i)\log q(z_i|x_i) dz_i",
            True,
        ),
        (r"\sum_{i=1}^n \mathbb{E}_{z_i \sim q}[\log q(z_i|x_i)] = n \int q(z_1|x_1)\log q(z_1|x_1) dz_1", False),
        (r"\mathbb{E}_{z_i \sim q}[\log q(z_i|x_i)] = \int q(z_i|x_i) \log q(z_i|x_j) dz_i", False),
    ],
)
def test_what_a_law_is_given_carries_the_index_of_the_draw(line, held):
    assert (displayed_verdicts(f"{PER_POINT}$$\n{line}\n$$")[-1] in HOLDS) == held
