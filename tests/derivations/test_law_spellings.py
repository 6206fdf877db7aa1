"""Laws and divergences in less common spellings: between logarithms, with the power before the index, as KLD."""

import pytest
from small_documents import displayed, displayed_verdicts, verdicts

KINGMA = r"""Let the prior be $p_\theta(z) = \mathcal{N}(z; 0, I)$.

$$
\log q_\phi(z|x^{(i)}) = \log \mathcal{N}(z; \mu^{(i)}, \sigma^{2(i)} I)
$$

$$
-D_{KL}(q_\phi(z|x^{(i)}) \| p_\theta(z))
= \frac12\sum_{j=1}^J (1 + \log((\sigma_j^{(i)})^2) - (\mu_j^{(i)})^2 - (\sigma_j^{(i)})^2)
$$

That is what is added to the reconstruction.
"""


def test_a_law_between_logarithms_with_the_power_before_the_index():
    assert displayed_verdicts(KINGMA) == ["assumption", "proved"]


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("- (\\sigma_j^{(i)})^2)", "+ (\\sigma_j^{(i)})^2)"),
        ("\\frac12\\sum", "\\sum"),
        ("(\\mu_j^{(i)})^2", "\\mu_j^{(i)}"),
    ],
)
def test_a_slip_in_what_follows_is_not_accepted(right, wrong):
    assert right in KINGMA
    assert displayed_verdicts(KINGMA.replace(right, wrong))[-1] not in ("proved", "supported")


def test_logarithms_of_two_densities_are_a_claim():
    line = r"$$\log q(z) = \log p(z|x) - \log p(z)$$"
    assert displayed_verdicts("Let $q(z)$ and $p(x,z)$ be densities.\n\n" + line)[0] != "assumption"


@pytest.mark.parametrize(
    ("line", "verdict"),
    [
        (r"KLD(q(z)\|p(z)) = \int q(z)\log\frac{q(z)}{p(z)}dz", "proved"),
        (r"KLD(q(z)\|p(z)) = \int q(z)\log\frac{p(z)}{q(z)}dz", "refuted"),
        (r"KLD\left(p||\frac{p+q}{2}\right) + KLD\left(q||\frac{p+q}{2}\right) = 2 \cdot JSD(p||q)", "proved"),
    ],
)
def test_another_name_of_the_divergence(line, verdict):
    assert displayed_verdicts(f"Let $p(z)$ and $q(z)$ be densities.\n\n$$\n{line}\n$$") == [verdict]


def test_a_formula_that_has_no_real_value_is_no_normal_density():
    """A root of what is negative at some values is no fault of ours."""
    text = displayed("Let $p$ be a density.", r"p(z) = \frac{1}{\sqrt{2\pi}} e^{-z^2/2} (a-b-3)^{1/2} \sqrt[3]{a-b-3}")
    assert "refuted" not in verdicts(text)
