"""One letter for several densities: they are told apart by what they are applied to."""

import pytest
from small_documents import (
    HOLDS,
    assert_holds,
    assert_not_accused,
    assert_refuted,
    assert_told_apart,
    displayed,
    displayed_verdicts,
    meanings,
    sides,
)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (r"p(x,z) = p(x|z)p(z)", r"p(x,z) = p(x|z)p(x)"),
        (r"p(x,z) = p(z|x)p(x)", r"p(x,z) = p(z|x)p(z)"),
        (r"p(x) = \int p(x|z)p(z)dz", r"p(x) = \int p(x|z)dz"),
        (r"p(x) = \int p(x,z)dz", r"p(x) = \int p(x,z)dx"),
        (r"p(z|x) = \frac{p(x|z)p(z)}{p(x)}", r"p(z|x) = \frac{p(x|z)}{p(x)}"),  # the prior is missing
        (r"p(z|x) = \frac{p(x|z)p(z)}{\int p(x|z')p(z')dz'}", r"p(z|x) = \frac{p(x|z)p(z)}{\int p(x|z')dz'}"),
        (r"\log p(x) = \log p(x,z) - \log p(z|x)", r"\log p(x) = \log p(x,z) - \log p(x|z)"),
        (r"\int p(x)dx = 1", r"2\int p(x)dx = \int p(z) dz"),
        (r"\int p(x|z)dx = \int p(z)dz", r"\int p(x|z)dz = \int p(z)dz"),
        (r"\frac{p(x|z)}{p(x)} = \frac{p(z|x)}{p(z)}", r"\frac{p(x|z)}{p(x)} = \frac{p(z|x)}{p(x)}"),
        (r"p(x,y,z) = p(x|y,z)p(y|z)p(z)", r"p(x,y,z) = p(x|y,z)p(y|z)p(y)"),
        (r"P(x,z) = P(x|z)P(z)", r"P(x,z) = P(x|z)P(x)"),
        (r"p_\theta(x,z) = p_\theta(x|z)p_\theta(z)", r"p_\theta(x,z) = p_\theta(z|x)p_\theta(z)"),
        (r"p(x\mid z)p(z) = p(z\mid x)p(x)", r"p(x\mid z)p(x) = p(z\mid x)p(z)"),
    ],
)
def test_marginals_and_conditionals_of_one_joint(right, wrong):
    assert_told_apart("Let $p(x,z)$ be the joint density of $x$ and $z$.", right, wrong)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (r"D_{KL}(p\|q) = \int p(x)\log\frac{p(x)}{q(x)}dx", r"D_{KL}(p\|q) = \int q(x)\log\frac{p(x)}{q(x)}dx"),
        (r"D_{KL}(p\|q) \ge 0", r"D_{KL}(p\|q) < 0"),
        (
            r"D_{KL}(p\|q) = \mathbb{E}_{p}[\log p(x)] - \mathbb{E}_{p}[\log q(x)]",
            r"D_{KL}(p\|q) = \mathbb{E}_{p}[\log p(x)] - \mathbb{E}_{q}[\log q(x)]",
        ),
        (
            r"JSD(p\|q) = \frac12 D_{KL}(p\|\frac{p+q}{2}) + \frac12 D_{KL}(q\|\frac{p+q}{2})",
            r"JSD(p\|q) = \frac12 D_{KL}(\frac{p+q}{2}\|p) + \frac12 D_{KL}(\frac{p+q}{2}\|q)",
        ),
        (r"JSD(p\|q) = JSD(q\|p)", r"D_{KL}(p\|q) = D_{KL}(q\|p)"),
        (
            r"D_{KL}(p_{data}\|p_g) = \mathbb{E}_{x\sim p_{data}}\left[\log\frac{p_{data}(x)}{p_g(x)}\right]",
            r"D_{KL}(p_{data}\|p_g) = \mathbb{E}_{x\sim p_g}\left[\log\frac{p_{data}(x)}{p_g(x)}\right]",
        ),
        (
            r"KL(q(z|x)\|p(z)) = \int q(z|x)\log\frac{q(z|x)}{p(z)}dz",
            r"KL(q(z|x)\|p(z)) = \int q(z|x)\log\frac{q(z|x)}{p(z|x)}dz",
        ),
        (
            r"D_{KL}\left(p \,||\, \frac{p+q}{2}\right) \le D_{KL}(p||q) + \log 2",
            r"D_{KL}\left(p \,||\, \frac{p+q}{2}\right) \ge D_{KL}(p||q) + \log 2",
        ),
    ],
)
def test_bare_densities_in_divergences(right, wrong):
    assert_told_apart("Let $p$ and $q$ be densities.", right, wrong)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (
            r"\log p(x) = \mathbb{E}_{q(z|x)}\left[\log\frac{p(x,z)}{q(z|x)}\right] + D_{KL}(q(z|x)\|p(z|x))",
            r"\log p(x) = \mathbb{E}_{q(z|x)}\left[\log\frac{p(x,z)}{q(z|x)}\right] + D_{KL}(q(z|x)\|p(z))",
        ),
        (
            r"\log p(x) \ge \mathbb{E}_{q(z|x)}[\log p(x|z)] - D_{KL}(q(z|x)\|p(z))",
            r"\log p(x) \le \mathbb{E}_{q(z|x)}[\log p(x|z)] - D_{KL}(q(z|x)\|p(z))",
        ),
        (
            r"\mathbb{E}_{q(z|x)}[\log p(x,z) - \log q(z|x)] = \mathbb{E}_{q(z|x)}[\log p(x|z)] - D_{KL}(q(z|x)\|p(z))",
            r"\mathbb{E}_{q(z|x)}[\log p(x,z) - \log q(z|x)] = \mathbb{E}_{q(z|x)}[\log p(x|z)] + D_{KL}(q(z|x)\|p(z))",
        ),
        (
            r"\mathcal{L} + D_{KL}(q_\phi(z|x)\|p_\theta(z|x)) = \log p_\theta(x)",
            r"\mathcal{L} - D_{KL}(q_\phi(z|x)\|p_\theta(z|x)) = \log p_\theta(x)",
        ),
    ],
)
def test_the_evidence_bound(right, wrong):
    bound = (
        "We set\n\n$$\n\\mathcal{L} = \\mathbb{E}_{q_\\phi(z|x)}[\\log p_\\theta(x,z) - \\log q_\\phi(z|x)]\n$$\n\nThen"
    )
    assert_told_apart(bound, right, wrong)


def test_densities_of_different_variables_are_different_functions():
    left, right = sides(displayed("Let $p(x,z)$ be a density.", r"\log p(x) = \log p(z)"))
    assert left != right


def test_the_same_density_at_a_renamed_bound_variable():
    assert_holds(displayed("Let $p(x)$ be a density.", r"\int p(x)\log p(x)dx = \int p(x')\log p(x')dx'"))


def test_data_and_generator_are_two_densities():
    assert_not_accused(displayed("", r"p_{data}(x) + p_g(x) = p_g(x) + p_{data}(x)"))
    assert_refuted(displayed("Let $p_{data}$ and $p_g$ be densities.", r"p_{data}(x) = p_g(x) + p_{data}(x)"))


def test_the_subscript_names_the_density_and_the_argument_does_not_matter():
    assert_holds(displayed("", r"\int p_{data}(x)\log D(x)dx = \mathbb{E}_{x\sim p_{data}}[\log D(x)]"))
    declared = "Let $p_{data}$ and $p_g$ be densities."
    assert_refuted(displayed(declared, r"\int p_{data}(x)\log D(x)dx = \mathbb{E}_{x\sim p_g}[\log D(x)]"))


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (
            r"\int p_{data}(x)\log D(x) + p_g(x)\log(1-D(x))dx = "
            r"\mathbb{E}_{p_{data}}[\log D(x)] + \mathbb{E}_{p_g}[\log(1-D(x))]",
            r"\int p_{data}(x)\log D(x) + p_g(x)\log(1-D(x))dx = "
            r"\mathbb{E}_{p_{data}}[\log D(x)] + \mathbb{E}_{p_{data}}[\log(1-D(x))]",
        ),
    ],
)
def test_the_objective_of_a_discriminator(right, wrong):
    assert_told_apart("Let $p_{data}$ and $p_g$ be densities.", right, wrong)


def test_the_optimal_discriminator_gives_the_jensen_shannon_divergence():
    star = "$$\nD^*(x) = \\frac{p_{data}(x)}{p_{data}(x)+p_g(x)}\n$$\n\n"
    line = "$$\n\\mathbb{E}_{x\\sim p_{data}}[\\log D^*(x)] + \\mathbb{E}_{x\\sim p_g}[\\log(1-D^*(x))] = {}\n$$\n"
    assert displayed_verdicts(star + line.replace("{}", r"-\log 4 + 2\,JSD(p_{data}\|p_g)"))[1] in HOLDS
    assert displayed_verdicts(star + line.replace("{}", r"-\log 2 + 2\,JSD(p_{data}\|p_g)"))[1] == "refuted"
    swapped = star.replace(r"\frac{p_{data}(x)}", r"\frac{p_g(x)}")
    assert displayed_verdicts(swapped + line.replace("{}", r"-\log 4 + 2\,JSD(p_{data}\|p_g)"))[1] == "refuted"


def test_slipped_arguments_are_found():
    bernoulli = r"\sum_{j=1}^M {}"
    declaration = r"Let $x_j\in\{0,1\}$ and $k_j\in(0,1)$."
    right = (
        bernoulli.replace("{}", r"\log\mathrm{Bern}(x_j|k_j)")
        + " = "
        + bernoulli.replace("{}", r"x_j\log k_j + (1-x_j)\log(1-k_j)")
    )
    wrong = (
        bernoulli.replace("{}", r"\log\mathrm{Bern}(x_j|k_j)")
        + " = "
        + bernoulli.replace("{}", r"k_j\log x_j + (1-k_j)\log(1-x_j)")
    )
    assert_told_apart(declaration, right, wrong)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (
            r"\mathcal{N}(x;\mu,\sigma^2) = \mathcal{N}(\mu;x,\sigma^2)",
            r"\mathcal{N}(x;\mu,\sigma^2) = \mathcal{N}(x;-\mu,\sigma^2)",
        ),
        (
            r"\log\mathcal{N}(x|\mu,\sigma^2) = -\frac12\log(2\pi\sigma^2) - \frac{(x-\mu)^2}{2\sigma^2}",
            r"\log\mathcal{N}(x|\mu,\sigma^2) = -\frac12\log(2\pi\sigma^2) + \frac{(x-\mu)^2}{2\sigma^2}",
        ),
        (
            r"\log\mathcal{N}(x;\mu,\sigma^2) = -\frac12\log 2\pi - \log\sigma - \frac{(x-\mu)^2}{2\sigma^2}",
            r"\log\mathcal{N}(x;\mu,\sigma^2) = -\log 2\pi - \log\sigma - \frac{(x-\mu)^2}{2\sigma^2}",
        ),
    ],
)
def test_spellings_of_a_normal_density(right, wrong):
    assert_told_apart(r"Let $x,\mu\in\mathbb{R}$ and $\sigma>0$.", right, wrong)


def test_a_declared_law_is_used_for_its_density():
    declaration = r"Let $p(x) = \mathcal{N}(x;\mu_1,\sigma_1^2)$ and $q(x) = \mathcal{N}(x;\mu_2,\sigma_2^2)$."
    right = r"D_{KL}(p\|q) = \log\frac{\sigma_2}{\sigma_1} + \frac{\sigma_1^2+(\mu_1-\mu_2)^2}{2\sigma_2^2} - \frac12"
    assert_told_apart(declaration, right, right.replace(r"\frac{\sigma_2}{\sigma_1}", r"\frac{\sigma_1}{\sigma_2}"))


@pytest.mark.parametrize(
    "declaration",
    [
        r"Let $z\sim\mathcal{N}(\mu,\sigma^2)$.",
        r"We choose $q(z)=\mathcal{N}(z;\mu,\sigma^2)$ and take $z\sim q$.",
        r"Here $z$ is distributed as $\mathcal{N}(\mu,\sigma^2)$.",
        r"Here $z$ is drawn from $\mathcal{N}(\mu,\sigma^2)$.",
    ],
)
def test_laws_are_declared_in_many_ways(declaration):
    assert_told_apart(declaration, r"\mathbb{E}[z^2] = \mu^2+\sigma^2", r"\mathbb{E}[z^2] = \mu^2 + 2\sigma^2")


def test_capital_letters_are_densities_of_the_same_variables():
    assert_holds(displayed("", r"D_{KL}(Q\|P) = \int Q(x)\log\frac{Q(x)}{P(x)}dx"))
    assert_refuted(displayed("", r"D_{KL}(Q\|P) = \int P(x)\log\frac{Q(x)}{P(x)}dx"))


def test_a_conditional_density_is_no_quotient():
    relation = meanings(displayed("", r"p(x|z) = p(x|z)p(z)"))[0].relation
    assert relation is not None
    assert_refuted(displayed("Let $p(x,z)$ be a density.", r"p(x|z) = p(x|z)p(z)"))


LOG_DENSITY = r"Let $\log q(z) = -\frac12\log(2\pi\sigma^2)-\frac{(z-\mu)^2}{2\sigma^2}$ with $\sigma>0$."


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (r"\frac{\partial\log q(z)}{\partial\mu} = \frac{z-\mu}{\sigma^2}",
         r"\frac{\partial\log q(z)}{\partial\mu} = \frac{\mu-z}{\sigma^2}"),
        (r"\frac{\partial\log q(z)}{\partial\sigma} = \frac{(z-\mu)^2-\sigma^2}{\sigma^3}",
         r"\frac{\partial\log q(z)}{\partial\sigma} = \frac{(z-\mu)^2-\sigma^2}{\sigma^2}"),
    ],
)  # fmt: skip
def test_a_density_may_be_given_by_its_logarithm(right, wrong):
    assert_told_apart(LOG_DENSITY, right, wrong)


def test_the_logarithm_of_a_known_density_is_a_claim():
    known = r"Let $q(z)=\mathcal{N}(z;\mu,\sigma^2)$."
    assert_told_apart(
        known,
        r"\log q(z) = -\frac12\log(2\pi\sigma^2)-\frac{(z-\mu)^2}{2\sigma^2}",
        r"\log q(z) = -\frac12\log(2\pi\sigma^2)-\frac{(z-\mu)^2}{\sigma^2}",
    )


def test_a_part_of_a_mean_is_no_factorisation():
    """Q(theta, theta') = sum_z p(z|x) log p(x, z) says nothing of the independence of x and z."""
    text = displayed(
        "Let $q(z)$ and $p(x,z)$ be densities.", r"Q(\theta,\theta') = \sum_z p(z|x,\theta')\log p(x,z|\theta)"
    )
    assert_holds(displayed(text, r"\log p(x) = \sum_z q(z)\log\frac{p(x,z)}{q(z)} + KL(q(z)\|p(z|x))"))
