"""How far operators reach, and what a letter is in its section: readings of common notation, accepted and refused."""

import pytest
from small_documents import (
    HOLDS,
    OPEN,
    assert_holds,
    assert_not_accused,
    assert_refuted,
    assert_told_apart,
    displayed,
    displayed_verdicts,
    verdicts,
)

# ---------------------------------------------------------------------------------------------- logarithms


def test_a_power_behind_the_brackets_of_a_logarithm():
    assert_told_apart("Let $n>0$.", r"\ln (2\pi)^{n/2} = \frac n2\ln(2\pi)", r"\ln (2\pi)^{n/2} = n\ln(2\pi)")
    assert_holds(displayed("Let $x>0$.", r"\log (x)^2 = 2\log x"))
    assert_holds(displayed("Let $x>0$.", r"\log (x)^2 = \log(x)\log(x)"))
    assert_refuted(displayed("Let $x>0$.", r"\log (x)^2 = 3\log x"))


def test_braces_after_a_logarithm_are_not_printed():
    assert_not_accused(displayed("Let $a,b>0$.", r"\log{a + b} = \log a + b"))
    assert_told_apart("Let $a,b>0$.", r"\log{ab} = \log a+\log b", r"\log{ab} = \log a-\log b")


# ---------------------------------------------------------------------------------------------- products and sums


def test_a_second_product_sign_is_not_in_the_first():
    declarations = r"Let $x_1,\dots,x_n$ and $y_1,\dots,y_n$ be positive numbers."
    assert_holds(displayed(declarations, r"\prod_{i=1}^n x_i y_i=\prod_{i=1}^n x_i\prod_{i=1}^n y_i"))
    assert_refuted(displayed(declarations, r"\prod_{i=1}^n x_i y_i=2\prod_{i=1}^n x_i\prod_{i=1}^n y_i"))


def test_a_product_takes_the_factors_with_its_index():
    assert_holds(
        displayed(
            "Let $a>0$ and $x_1,\\dots,x_n>0$.", r"\log\left(\prod_{i=1}^n x_i a\right) = \log a+\sum_{i=1}^n \log x_i"
        )
    )


@pytest.mark.parametrize("sign", [r"\Sigma_x", r"\Sigma_{x}"])
def test_a_capital_sigma_with_an_index_is_a_sum(sign):
    text = rf"-{sign} P(x)\log P(x) = {{}}{sign} P(x)\log\frac{{1}}{{P(x)}}"
    assert_told_apart("Let $P$ be a distribution.", text.replace("{}", ""), text.replace("{}", "2"))


def test_a_covariance_with_an_index_is_no_sum():
    assert_told_apart(
        r"Let $x\sim\mathcal{N}(\mu_k,\Sigma_k)$ with $\Sigma_k^{-1}$.",
        r"(\Sigma_k \mu_k)^\top = \mu_k^\top\Sigma_k",
        r"(\Sigma_k \mu_k)^\top = 2\mu_k^\top\Sigma_k",
    )


# ---------------------------------------------------------------------------------------------- derivatives


def test_a_derivative_takes_the_product_that_has_its_variable():
    formula = (
        r"\frac{\partial}{\partial \mu}\log \alpha\phi(x;\mu)"
        r" = \frac{{}}{\alpha\phi(x;\mu)}\frac{\partial}{\partial \mu} \alpha\phi(x;\mu)"
    )
    assert verdicts(displayed("", formula.replace("{}", "1", 1)))[-1] in HOLDS
    assert verdicts(displayed("", formula.replace("{}", "2", 1)))[-1] not in HOLDS


@pytest.mark.parametrize(
    "formula",
    [
        r"\frac{\partial Q}{\partial p_k}=0",
        r"\nabla_x^2 f(Az) = 2\nabla_x^2 f(Az)",
        r"\nabla_\theta \mathbb{E}_{q(z)}[\log p(x,z)] = 0",
    ],
)
def test_a_derivative_by_what_is_not_there_says_nothing(formula):
    assert verdicts(displayed("", formula))[-1] in OPEN


def test_a_derivative_that_is_zero_because_it_should_be():
    assert_holds(displayed(r"Let $x\in\mathbb{R}$.", r"\frac{d^2}{dx^2} (3x+1) = 0"))
    assert_holds(displayed(r"Let $x,y\in\mathbb{R}$.", r"\frac{\partial}{\partial y}(x^2+1) = 0"))


def test_a_prime_is_a_derivative():
    declarations = r"Let $x\in\mathbb{R}$ and $f$ a smooth function."
    assert_told_apart(declarations, r"\frac{d}{dx}f(2x)=2f'(2x)", r"\frac{d}{dx}f(2x)=f'(2x)")
    text = "Let $x\\in\\mathbb{R}$.\n\n$$\nf(x) = x^3\n$$\n\n"
    assert verdicts(text + displayed("", "f''(x)=6x"))[-1] in HOLDS
    assert verdicts(text + displayed("", "f''(x)=7x"))[-1] == "refuted"


# ---------------------------------------------------------------------------------------------- shapes


def test_what_a_letter_is_in_another_section_does_not_count():
    text = "# One\n\nLet $X\\in\\mathbb{R}^{n\\times n}$.\n\n# Two\n\n"
    assert displayed_verdicts(text + displayed("", r"\text{Var}(X)=E(X^2)-E(X)^2"))[-1] in HOLDS
    text = "# One\n\n$$\nx^\\top y = y^\\top x\n$$\n\n# Two\n\nLet $x>0$.\n\n"
    assert displayed_verdicts(text + displayed("", r"\log x^2 = 2\log x"))[-1] in HOLDS


def test_covariances_do_not_commute():
    assert verdicts(displayed("", r"\Sigma_1\Sigma_2=\Sigma_2\Sigma_1"))[-1] not in HOLDS
    assert verdicts(displayed("", r"\mathbf{A}\mathbf{B}=\mathbf{B}\mathbf{A}"))[-1] not in HOLDS
    assert_holds(displayed("Let $a,b>0$.", r"ab=ba"))


def test_numbers_that_are_declared_are_no_vectors():
    assert_told_apart(
        r"Let $b>0$, $v\in\mathbb{R}^2$ and $A\in\mathbb{R}^{2\times 2}$.",
        r"(A^\top b v)^\top v = b v^\top A v",
        r"(A^\top b v)^\top v = 2b v^\top A v",
    )


def test_the_dot_of_two_vectors_is_their_inner_product():
    assert_told_apart(
        r"Let $\beta,x\in\mathbb{R}^n$.", r"2\beta\cdot x = \beta^\top x+x^\top\beta", r"\beta\cdot x = 2x^\top\beta"
    )


def test_a_sum_over_vectors_is_written_out():
    assert_holds(displayed("", r"\sum_{i=1}^n \|x_i-\mu\|^2 = \sum_{i=1}^n (x_i-\mu)^\top(x_i-\mu)"))
    assert verdicts(displayed("", r"\sum_{i=1}^n x_i x_i^\top = \sum_{i=1}^n x_i^\top x_i"))[-1] not in HOLDS


def test_the_entries_of_vectors_run_over_their_dimension():
    assert_told_apart("", r"\sum_{i=1}^n w_i x_i= w^\top x", r"\sum_{i=1}^n w_i x_i= 2w^\top x")


# ---------------------------------------------------------------------------------------------- words


def test_words_typed_as_letters_are_words():
    assert "proved" not in verdicts(displayed("", r"h = 0 \ \ if \ \theta=0"))
    assert_holds(displayed(r"Let $a,t>0$ and $i>0$.", "ait = tia"))


def test_proportional_in_the_outcome_of_a_normal_density():
    assert_told_apart(
        r"Let $\sigma>0$.",
        r"\mathcal{N}(x;\mu,\sigma^2)\propto\exp\left(-\frac{(x-\mu)^2}{2\sigma^2}\right)",
        r"\mathcal{N}(x;\mu,\sigma^2)\propto\exp\left(-\frac{(x-\mu)^2}{\sigma^2}\right)",
    )


def test_a_derivative_before_brackets_may_take_the_product():
    assert_told_apart(
        r"Let $x\in\mathbb{R}$.",
        r"\frac{d}{dx}(x - 1) e^{x} = e^{x} + (x - 1)e^{x}",
        r"\frac{d}{dx}(x - 1) e^{x} = 2e^{x} + (x - 1)e^{x}",
    )


def test_a_letter_behind_a_sum_may_be_in_it():
    assert_holds(displayed(r"Let $\mu\in\mathbb{R}$.", r"\sum_{i=1}^n (x_i - \mu) = \sum_{i=1}^n x_i - \mu"))
    assert (
        verdicts(displayed(r"Let $\mu\in\mathbb{R}$.", r"\sum_{i=1}^n (x_i - \mu) = \sum_{i=1}^n x_i - 2\mu"))[-1]
        not in HOLDS
    )


def test_the_formula_of_a_function_goes_before_its_name():
    text = "Let $W$ be a matrix.\n\n$$\n\\sigma(W) = \\sqrt{\\mathrm{tr}(W^T W)}\n$$\n\n"
    assert verdicts(text + displayed("", r"\sigma(W)^2 = \mathrm{tr}(W^T W)"))[-1] in HOLDS


def test_a_determinant_or_trace_before_a_matrix_and_brackets():
    declared = r"Let $A\in\mathbb{R}^{3\times 3}$ be invertible."
    assert_told_apart(declared, r"\frac{1}{\det A}\det A (A^{-1})^\top = A^{-\top}", r"\det A (A^{-1})^\top = A^\top")
    assert_told_apart(
        declared, r"\mathrm{tr} A (A + I) = \mathrm{tr}(A^2) + \mathrm{tr} A", r"\mathrm{tr} A (A + I) = \mathrm{tr} A"
    )
    assert_refuted(displayed(declared, r"\det A = \det (A^{-1})"))


# ------------------------------------------------------------------------------------------- what a sum takes


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (
            r"\log p(x|\theta) = \sum_z q(z)\log\frac{p(x,z|\theta)}{q(z)} + KL(q(z)\|p(z|x,\theta))",
            r"\log p(x|\theta) = \sum_z q(z)\log\frac{p(x,z|\theta)}{q(z)} - KL(q(z)\|p(z|x,\theta))",
        ),
        (
            r"\log p(x) = \int q(z)\log p(x,z)\,dz + H(q(z)) + KL(q(z)\|p(z|x))",
            r"\log p(x) = \int q(z)\log p(x,z)\,dz - H(q(z)) + KL(q(z)\|p(z|x))",
        ),
        (
            r"\sum_z q(z)\log q(z) - \mathbb{E}_{q(z)}[\log p(z)] = KL(q(z)\|p(z))",
            r"\sum_z q(z)\log q(z) + \mathbb{E}_{q(z)}[\log p(z)] = KL(q(z)\|p(z))",
        ),
    ],
)
def test_a_sum_ends_before_a_term_that_binds_its_letter_itself(right, wrong):
    """Bishop, PRML, (9.70): the z of the divergence is its own."""
    assert_told_apart("Let $p(x,z|\\theta)$, $p(x,z)$ and $q(z)$ be densities.", right, wrong)


def test_a_sum_takes_the_divergences_that_carry_its_index():
    assert_told_apart(
        r"Let $n\in\mathbb{N}$ and $a_1,\dots,a_n>0$.",
        r"\sum_{i=1}^n (\log a_i + \mathrm{KL}(\mathcal{N}(a_i,1)\|\mathcal{N}(0,1))) = \sum_{i=1}^n \log a_i "
        r"+ \frac{a_i^2}{2}",
        r"\sum_{i=1}^n (\log a_i + \mathrm{KL}(\mathcal{N}(a_i,1)\|\mathcal{N}(0,1))) = \sum_{i=1}^n \log a_i "
        r"+ a_i^2",
    )


def test_a_value_is_no_image_of_what_is_averaged():
    """The x of log p(x) is given; that a generator makes x of z elsewhere does not move it with z."""
    assert_told_apart(
        "The generator maps $z\\sim p_z$ to $x = G(z)$.\n\nLet $p(x,z)$ and $q(z)$ be densities.",
        r"\log p(x) = \int q(z)\log\frac{p(x,z)}{q(z)}\,dz + KL(q(z)\|p(z|x))",
        r"\log p(x) = \int q(z)\log\frac{p(x,z)}{q(z)}\,dz - KL(q(z)\|p(z|x))",
    )
