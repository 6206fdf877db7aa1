"""Which density a letter is in one relation: its parameters, its variables, its law, and what is no density."""

import pytest
from small_documents import (
    HOLDS,
    assert_holds,
    assert_not_accused,
    assert_refuted,
    assert_told_apart,
    checked,
    displayed,
    last,
    sides,
)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (
            r"p(z|x,\theta) = \frac{p(x|z,\theta)p(z)}{p(x|\theta)}",
            r"p(z|x,\theta) = \frac{p(x|z,\theta)}{p(x|\theta)}",
        ),
        (r"p(z|x,\alpha) = \frac{p(x|z,\alpha)p(z)}{p(x|\alpha)}", r"p(z|x,\alpha) = \frac{p(x|z,\alpha)p(x)}{p(z)}"),
        (r"p(x|\alpha) = \int p(x|\theta)p(\theta|\alpha)d\theta", r"p(x|\alpha) = \int p(x|\theta)d\theta"),
        (r"p(\theta|x) = \frac{p(x|\theta)p(\theta)}{p(x)}", r"p(\theta|x) = \frac{p(x|\theta)}{p(x)}"),
        (r"p(x|\mu,\Sigma) = \int p(x,z|\mu,\Sigma)dz", r"p(x|\mu,\Sigma) = \int p(x|z,\mu,\Sigma)dz"),
        (
            r"\nabla_\theta\mathbb{E}_{p(z)}[\log p_\theta(x|z)] = \mathbb{E}_{p(z)}[\nabla_\theta\log p_\theta(x|z)]",
            r"\nabla_\theta\mathbb{E}_{p_\theta(z)}[\log p_\theta(x|z)] = "
            r"\mathbb{E}_{p_\theta(z)}[\nabla_\theta\log p_\theta(x|z)]",
        ),
    ],
)
def test_what_stands_only_behind_bars_is_a_parameter_of_the_whole_family(right, wrong):
    assert_told_apart("", right, wrong)


def test_a_parameter_is_shared_by_all_factors_of_its_letter():
    assert sides(displayed("", r"p(z|x,\theta) = \frac{p(x|z,\theta)p(z)}{p(x|\theta)}")) == (
        "p_θ(z | x)",
        "p_θ(x | z)·p_θ(z)/p_θ(x)",
    )


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (r"P(x_3,x_4|x_1) = \frac{P(x_1,x_3,x_4)}{P(x_1)}", r"P(x_3,x_4|x_1) = \frac{P(x_1,x_3,x_4)}{P(x_3)}"),
        (r"q(x_t|x_{t-1})q(x_{t-1}) = q(x_t,x_{t-1})", r"q(x_t|x_{t-1}) = \frac{q(x_{t-1}|x_t)q(x_{t-1})}{q(x_t)}"),
        (r"p(X|z)p(z) = p(z|X)p(X)", r"p(X|z)p(X) = p(z|X)p(z)"),
    ],
)
def test_one_variable_has_one_space_in_a_relation(right, wrong):
    assert_told_apart("", right, wrong)


@pytest.mark.parametrize(
    "formula",
    [
        r"p_\theta(x_0) = \int p_\theta(x_{0:T})dx_{1:T}",
        r"-\log p(x_0) \le \mathbb{E}_{q(x_{1:T}|x_0)}\left[-\log\frac{p(x_{0:T})}{q(x_{1:T}|x_0)}\right]",
        r"\sum_{t=2}^T\log\frac{q(x_{t-1}|x_0)}{q(x_t|x_0)} = \log\frac{q(x_1|x_0)}{q(x_T|x_0)}",
        r"\mathbb{E}_q\left[\log\frac1S\sum_{s=1}^S\frac{p(x,z_s)}{q(z_s)}\right] \le \log p(x)",
    ],
)
def test_ranges_and_draws_are_written_out(formula):
    assert_holds(displayed("", formula))


def test_a_range_without_a_length_has_no_meaning():
    assert last(displayed("", r"p(z_t|z_{1:t-1}) = p(z_t|z_{t-1})")).verdict not in (*HOLDS, "refuted")


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (
            r"\mathbb{E}_{p(x,z)}[f(x)] = \mathbb{E}_{p(x)}[f(x)]",
            r"\mathbb{E}_{p(x,z)}[f(x)] = \mathbb{E}_{p(z)}[f(z)]",
        ),
        (
            r"\mathbb{E}_{p(x)p(z|x)}[f(x,z)] = \mathbb{E}_{p(x,z)}[f(x,z)]",
            r"\mathbb{E}_{p(x)p(z|x)}[f(x,z)] = \mathbb{E}_{p(x)}[f(x,x)]",
        ),
        (
            r"\mathbb{E}_{q(z)q(\beta)}[\log q(z)q(\beta)] = "
            r"\mathbb{E}_{q(z)}[\log q(z)]+\mathbb{E}_{q(\beta)}[\log q(\beta)]",
            r"\mathbb{E}_{q(z)q(\beta)}[\log q(z)+\log q(\beta)] = \mathbb{E}_{q(z)}[\log q(z)]",
        ),
        (r"E_{q(x)}[2f(x)] = 2E_{q(x)}[f(x)]", r"E_{q(x)}[f(x)^2] = E_{q(x)}[f(x)]^2"),
        (
            r"\nabla_\theta E_{p_\theta}[f(x)] = E_{p_\theta}[f(x)\nabla_\theta\log p_\theta(x)]",
            r"\nabla_\theta E_{p_\theta}[f(x)] = E_{p_\theta}[f(x)\nabla_\theta p_\theta(x)]",
        ),
        (r"\mathrm{Var}[X] = \mathrm{E}[X^2]-\mathrm{E}[X]^2", r"\text{var}[2X] = 2\text{var}[X]"),
    ],
)
def test_expectations_bind_what_their_laws_have(right, wrong):
    assert_told_apart("", right, wrong)


def test_an_expectation_is_never_defined():
    text = displayed("Let $\\mathbf{E}(X)=\\mu$.", r"\mathbf{E}(X^2) = \mathbf{E}(X)")
    assert last(text).verdict not in HOLDS


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (r"H(X,Y) = H(X)+H(Y|X)", r"H(X,Y) = H(X)+H(X|Y)"),
        (
            r"KL(P(X,Y)\|Q(X,Y)) = KL(P(X)\|Q(X))+KL(P(Y|X)\|Q(Y|X))",
            r"KL(P(X,Y)\|Q(X,Y)) = KL(P(X)\|Q(X))-KL(P(Y|X)\|Q(Y|X))",
        ),
        (r"D_{KL}(p\,||\,\frac{p+q}{2}) \le \log 2", r"D_{KL}(p\,||\,\frac{p+q}{2}) \ge \log 2"),
    ],
)
def test_entropies_and_divergences(right, wrong):
    assert_told_apart("", right, wrong)


@pytest.mark.parametrize("where", [r"Let $m = \frac12(p+q)$.", ""])
def test_the_mixture_of_the_jensen_shannon_divergence_may_have_a_name(where):
    behind = "" if where else r", \quad m = \frac12(p+q)"
    right = displayed(where, r"\mathrm{JSD}(p\|q) = \frac12 KL(p\|m)+\frac12 KL(q\|m)" + behind)
    wrong = displayed(where, r"\mathrm{JSD}(p\|q) = \frac12 KL(m\|p)+\frac12 KL(q\|m)" + behind)
    assert_not_accused(right)
    assert "refuted" in [r.verdict for r in checked(wrong)]


@pytest.mark.parametrize(
    "formula",
    [
        r"P(A) = P(A|B)P(B)+P(A|\bar B)P(\bar B)",
        r"p(x) = \sum_k p(x|z_k)p(w_k)",
        r"\mathrm{Foo}\,x = x\,\mathrm{Foo}",
        r"\mathrm{PG}(x|1,0) = \mathrm{PG}(x|0,1)",
    ],
)
def test_what_is_not_understood_is_said_to_be_so(formula):
    assert last(displayed("", formula)).verdict == "unread"


def test_a_formula_for_one_conditional_is_no_other():
    given = "$$p(y_n|f_n)=\\frac{\\exp(f_n y_n)}{1+\\exp(f_n)}$$\n\n"
    assert_holds(given + displayed("", r"p(f_n,\omega_n) = p(f_n|\omega_n)p(\omega_n)"))
    assert_holds(given + displayed("", r"p(y_n,f_n) = p(y_n|f_n)p(f_n)"))
    assert_refuted(given + displayed("", r"\log p(y_n|f_n) = f_n y_n+\log(1+\exp(f_n))"))


def test_a_law_of_a_density_is_not_that_of_one_with_parameters():
    of_p = "Let $x = f(z)$ with $f$ invertible, and $z\\sim p_z$, $x\\sim p_x$.\n\n"
    wrong = r"\nabla_\theta\mathbb{E}_{p_\theta(x)}[f(x)] = \mathbb{E}_{p_\theta(x)}[f(x)\nabla_\theta p_\theta(x)]"
    assert last(of_p + displayed("", wrong)).verdict not in HOLDS


def test_a_renamed_bound_variable_may_be_the_same():
    assert_holds(displayed("", r"\int p(x)\log q(x)dx = \int p(y)\log q(y)dy"))
    assert_refuted(displayed("", r"\int p(x)\log q(x)dx = \int q(y)\log p(y)dy"))


def test_all_divergences_of_a_relation_are_over_one_variable():
    declared = "Let $p$ and $q$ be densities; $\\int q(x)\\log\\frac{q(x)}{p(x)}dx$, $q(z|x)$, $q(z|x)$ and $p(z)$.\n\n"
    right = r"\mathrm{JSD}(p\|q) = \frac12 D_{KL}(p\|\frac{p+q}{2})+\frac12 D_{KL}(q\|\frac{p+q}{2})"
    assert_holds(declared + displayed("", right))
    assert_refuted(declared + displayed("", right.replace("JSD}(p", "KL}(p")))


def test_the_density_of_an_image_may_stand_beside_the_plain_letter():
    declared = "Let $f$ be an invertible smooth mapping, $z\\sim q(z)$ and $y=f(z)$.\n\n"
    assert_not_accused(declared + displayed("", r"q_y(y) = q(z)\left|\det\frac{\partial f^{-1}}{\partial z}\right|"))
