"""What papers and notes on generative models state, one display each, and the same with one slip.

The true line is accepted, the false one is not.
"""

from __future__ import annotations

import pytest
from small_documents import HOLDS, OPEN, assert_holds, displayed, last

AGGREGATED = r"Let $q(z) = \int q(z|x)p(x)dx$ be the aggregated posterior."
DRAWS = r"Let $w_k = \frac{p(x,z_k)}{q(z_k|x)}$ be the weights of $z_1,\dots,z_K$."
SOFTMAX = r"Let $p_i = \frac{e^{z_i}}{\sum_{j=1}^K e^{z_j}}$."
ONE_HOT = r"With $\sum_k y_k = 1$, $\hat y_k = \frac{e^{a_k}}{\sum_j e^{a_j}}$ and $L = -\sum_k y_k\log\hat y_k$,"

STATEMENTS = {
    "aggregated posterior": (
        AGGREGATED,
        r"\mathbb{E}_{p(x)}[D_{KL}(q(z|x)\|p(z))] = \mathbb{E}_{p(x)}[D_{KL}(q(z|x)\|q(z))] + D_{KL}(q(z)\|p(z))",
        ("+ D_{KL}(q(z)", "- D_{KL}(q(z)"),
    ),
    "joint of the encoder": (
        r"Let $q(x,z) = q(z|x) p(x)$.",
        r"\mathbb{E}_{p(x)}[D_{KL}(q(z|x)\|p(z))] = I_q(x;z) + D_{KL}(q(z)\|p(z))",
        ("I_q(x;z) +", "I_q(x;z) -"),
    ),
    "information as a divergence": (
        "For two variables with a joint density,",
        r"H(X) - H(X|Y) = D_{KL}(p(x,y)\|p(x)p(y))",
        ("H(X) -", "H(Y) -"),
    ),
    "entropy of a normal law": (
        r"Let $X \sim \mathcal{N}(\mu,\sigma^2)$.",
        r"h(X) = \frac12\log(2\pi e\sigma^2)",
        (r"2\pi e\sigma^2", r"2\pi\sigma^2"),
    ),
    "entropy of a coin": (
        r"Let $X\sim\text{Bernoulli}(\theta)$.",
        r"H(X) = -\theta\log\theta - (1-\theta)\log(1-\theta)",
        (r"\theta - (1", r"\theta + (1"),
    ),
    "average of the weights": (
        DRAWS,
        r"\mathbb{E}_{z_1,\dots,z_K\sim q(z|x)}\left[\frac1K\sum_{k=1}^K w_k\right] = p(x)",
        (r"\frac1K\sum", r"\frac1{K^2}\sum"),
    ),
    "importance weighted bound": (
        DRAWS,
        r"\mathbb{E}_{z_1,\dots,z_K\sim q(z|x)}\left[\log\frac1K\sum_{k=1}^K w_k\right] \le \log p(x)",
        (r"\le \log", r"\ge \log"),
    ),
    "derivative of the softmax": (
        SOFTMAX,
        r"\frac{\partial p_i}{\partial z_i} = p_i(1-p_i)",
        ("(1-p_i)", "(1+p_i)"),
    ),
    "derivatives of the softmax": (
        SOFTMAX,
        r"\frac{\partial p_i}{\partial z_j} = p_i(\delta_{ij}-p_j)",
        (r"p_i(\delta", r"p_j(\delta"),
    ),
    "gradient of log-sum-exp": (
        SOFTMAX,
        r"\frac{\partial}{\partial z_i}\log\sum_{j=1}^K e^{z_j} = p_i",
        ("= p_i", "= 1 - p_i"),
    ),
    "cross-entropy of logits": (
        ONE_HOT,
        r"\frac{\partial L}{\partial a_k} = \hat y_k - y_k",
        (r"\hat y_k - y_k", r"y_k - \hat y_k"),
    ),
    "score by the mean": (
        r"For $p(x) = \mathcal{N}(x;\mu,\sigma^2)$,",
        r"\frac{\partial}{\partial\mu}\log p(x) = \frac{x-\mu}{\sigma^2}",
        (r"x-\mu", r"\mu-x"),
    ),
    "score by the deviation": (
        r"For $p(x) = \mathcal{N}(x;\mu,\sigma^2)$,",
        r"\frac{\partial}{\partial\sigma}\log p(x) = -\frac1\sigma + \frac{(x-\mu)^2}{\sigma^3}",
        (r"{\sigma^3}", r"{\sigma^2}"),
    ),
    "value at the optimum": (
        "For the densities of the data and of the generator,",
        r"\int p_d(x)\log\frac{p_d(x)}{p_d(x)+p_g(x)} dx ="
        r" KL\left(p_d\left\|\frac{p_d+p_g}{2}\right.\right) - \log 2",
        (r"- \log 2", r"+ \log 2"),
    ),
    "mixture with its argument": (
        r"Nous avons $m(x) = \frac{p(x)+q(x)}{2}$.",
        r"\int p(x)\log\frac{p(x)}{p(x)+q(x)}dx = KL(p\|m) - \log 2",
        (r"KL(p\|m)", r"KL(q\|m)"),
    ),
}


@pytest.mark.parametrize("name", STATEMENTS)
def test_what_is_stated_holds(name):
    declarations, formula, _ = STATEMENTS[name]
    assert_holds(displayed(declarations, formula))


@pytest.mark.parametrize("name", STATEMENTS)
def test_with_a_slip_it_does_not(name):
    declarations, formula, (right, wrong) = STATEMENTS[name]
    assert formula.count(right) == 1
    found = last(displayed(declarations, formula.replace(right, wrong)))
    assert found.verdict not in HOLDS
    assert found.verdict in {*OPEN, "refuted"}


def test_a_chain_that_ends_in_zero_means_its_zeros():
    steps = r"\mathbb{E}_{x\sim p_\theta}[\nabla_\theta\log p_\theta(x)] = \int\nabla_\theta p_\theta(x)dx"
    assert_holds(displayed("The score has mean zero:", rf"0 = {steps}"))
    assert last(displayed("Of the score:", steps)).verdict not in HOLDS  # both sides may be zero by a misreading


def test_weights_that_add_up_are_no_ones_where_they_stand_alone():
    found = last(displayed(r"Let $\sum_k \pi_k = 1$ with $\pi_k > 0$.", r"\log \pi_k = 0"))
    assert found.verdict not in HOLDS


def test_a_law_of_numbers_beside_one_of_vectors():
    text = displayed(r"Let $X \sim \mathcal{N}(\mu,\sigma^2)$.", r"h(X) = \frac12\log(2\pi e\sigma^2)")
    text += displayed(
        r"Let $x \sim \mathcal{N}(\mu,\Sigma)$, $x\in\mathbb{R}^d$.", r"H[x] = \frac12\log((2\pi e)^d|\Sigma|)"
    )
    assert_holds(text)
