"""Letters whose shapes were only guessed: another shape where the guess does not fit, and nothing certain given up."""

import pytest
from small_documents import HOLDS, assert_holds, assert_not_accused, displayed, last, verdicts

ELSEWHERE = r"Write $\eta = \theta^\top x$ and $\sum_{i=1}^n \theta_i x_i$ for the score."


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (
            r"\frac{d}{d\theta}(-\log\theta + 1) = -\frac{1}{\theta}",
            r"\frac{d}{d\theta}(-\log\theta + 1) = \frac{2}{\theta}",
        ),
        (r"(1-\theta)(1+\theta) = 1-\theta^2", r"(1-\theta)(1+\theta) = 1-2\theta^2"),
    ],
)
def test_a_vector_of_another_line_is_a_number_where_only_a_number_fits(right, wrong):
    assert_holds(displayed(ELSEWHERE, right))
    assert verdicts(displayed(ELSEWHERE, wrong))[-1] == "refuted"


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (r"(1-\mathbf{m})^2 = 1-2\mathbf{m}+\mathbf{m}^2", r"(1-\mathbf{m})^2 = 1-\mathbf{m}+\mathbf{m}^2"),
        (
            r"\frac{\mathbf{a}}{\mathbf{b}} + 1 = \frac{\mathbf{a}+\mathbf{b}}{\mathbf{b}}",
            r"\frac{\mathbf{a}}{\mathbf{b}} + 1 = \frac{2\mathbf{a}+\mathbf{b}}{\mathbf{b}}",
        ),
    ],
)
def test_vectors_written_entry_by_entry_are_read_as_their_entries(right, wrong):
    assert_holds(displayed("We have", right))
    assert verdicts(displayed("We have", wrong)) == ["refuted"]


@pytest.mark.parametrize(
    "formula",
    [
        r"\mathbf{x} + (\mathbf{x}\cdot\mathbf{y})^2 = \mathbf{x} + (\mathbf{x}\cdot\mathbf{x})\mathbf{y}^2",
        r"\mathbf{x}^\top\mathbf{x} + 1 = \mathbf{x}^2 + 1",
        r"\|\mathbf{x}\|^2 + \mathbf{x} = \mathbf{x}^2 + \mathbf{x}",
        r"\mathbf{x} + \operatorname{tr}(\mathbf{x}\mathbf{x}^\top) = \mathbf{x} + \mathbf{x}^2",
        r"\begin{pmatrix} 1 \\ 2 \end{pmatrix} + \mathbf{x} = \mathbf{x} + 1",
    ],
)
def test_what_only_vectors_are_written_with_is_not_read_of_numbers(formula):
    assert verdicts(displayed("We have", formula)) == ["undecided"]


def test_declared_shapes_are_never_given_up():
    text = displayed(r"Let $x\in\mathbb{R}^3$ and $y\in\mathbb{R}^2$.", "x + y = y + x")
    assert verdicts(text)[-1] == "refuted"
    assert "shapes" in last(text).reason


def test_a_definition_that_does_not_fit_is_left_out_and_then_nothing_is_accused():
    text = displayed(r"Let $s = \begin{pmatrix} a & b & c \end{pmatrix}$.", r"(1+s)^2 = 1+2s+s^2")
    assert_holds(text)
    assert_not_accused(displayed(r"Let $s = \begin{pmatrix} a & b & c \end{pmatrix}$.", r"(1+s)^2 = 1+s^2"))


def test_what_a_definition_left_out_depends_on_is_not_forgotten():
    """y = A x + 1 fits no shape; taken as it stands, its derivative by x would be nothing."""
    declaration = r"Let $A\in\mathbb{R}^{2\times 2}$ and define $y := A x + 1$."
    assert verdicts(displayed(declaration, r"1 + \frac{\partial y}{\partial x} = 1"))[-1] not in HOLDS


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (
            r"\|x\|^2 = \sum_{i=1}^n x_i^2 \text{ and } \sum_{i=1}^n y_i^\top y_i = \sum_{i=1}^n \|y_i\|^2",
            r"\|x\|^2 = \sum_{i=1}^n x_i^2 \text{ and } \sum_{i=1}^n y_i^\top y_i = 2\sum_{i=1}^n \|y_i\|^2",
        ),
    ],
)
def test_one_letter_is_a_number_of_terms_and_a_dimension(right, wrong):
    declaration = r"Let $x, y_i\in\mathbb{R}^n$ and $y_i^\top y_i > 0$ for $i=1,\dots,n$."
    assert verdicts(displayed(declaration, right))[-1] in HOLDS
    assert verdicts(displayed(declaration, wrong))[-1] not in HOLDS


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (r"p(x) = \sum_k p(x|z_k)p(z_k)", r"p(x) = \sum_k p(z_k|x)p(z_k)"),
        (r"p(a) = \sum_{i=1}^n p(a|b_i)p(b_i)", r"p(a) = \sum_{i=1}^n p(a|b_i)p(b_i)^2"),
        (r"\sum_{j=1}^N p(c_j|x) = 1", r"\sum_{j=1}^N p(c_j|x) = 2"),
    ],
)
def test_a_sum_over_the_values_of_a_variable_by_their_index(right, wrong):
    assert_holds(displayed("We have", right))
    assert verdicts(displayed("We have", wrong))[-1] not in HOLDS


def test_a_sum_up_to_its_own_index_is_refused():
    text = displayed(r"Let $A\in\mathbb{R}^{n\times n}$.", r"\sum_{k=1}^{k} A_{kk} = \sum_{j=1}^{n} A_{jj}")
    assert verdicts(text)[-1] == "unread"
    assert "its own index" in last(text).reason


@pytest.mark.parametrize(
    "declaration",
    [
        r"Let the vector $\mu\in\mathbb{R}^d$ and positive definite matrix $\Sigma\in\mathbb{R}^{d\times d}$ be given.",
        r"Let $\mu\in\mathbb{R}^d$ and the symmetric positive-definite covariance matrix $\Sigma$ be given.",
        r"Let $\mu\in\mathbb{R}^d$, and let $\Sigma\in\mathbb{R}^{d\times d}$ be symmetric and positive definite.",
    ],
)
def test_words_before_a_matrix_are_those_of_the_matrix(declaration):
    assert_holds(displayed(declaration, r"\mu^\top \Sigma \mu \ge 0"))
    assert verdicts(displayed(declaration, r"\mu^\top \mu > 1"))[-1] == "refuted"


def test_a_semi_definite_matrix_is_not_definite():
    text = displayed(r"For a positive semi-definite matrix $A$ we have", r"\det A > 0")
    assert verdicts(text)[-1] == "undecided"


def test_a_bound_over_a_variable_and_its_noisy_form_is_not_accused():
    """Of x~ = x + u, u in (0, 1), and whole x it holds: p(x, x~) is p(x~)."""
    bound = r"\log p(x) \ge \mathbb{E}_{q(\tilde{x}|x)}[\log p(\tilde{x}) - \log q(\tilde{x}|x)]"
    assert_not_accused(displayed("The bound is", bound))
    assert_not_accused(displayed("The bound is", bound.replace(r"p(\tilde{x})", r"p(x, \tilde{x})")))
    assert verdicts(displayed("The bound is", bound.replace(r"p(\tilde{x})", "p(z)").replace(r"\tilde{x}", "z"))) == [
        "refuted"
    ]


def test_two_lengths_are_two_numbers():
    """With one value for both, 1/N of K terms would be their mean."""
    mean = r"\sum_{n=1}^N\frac1K\sum_{k=1}^K p(z_k) + 0\cdot p(x_n)"
    text = mean + " = " + mean.replace("1K", "1N")
    assert verdicts(displayed("We have", text))[-1] not in HOLDS
    assert verdicts(displayed("We have", r"\mathcal{L}_K \le \mathcal{L}_{K'}"))[-1] not in HOLDS


@pytest.mark.parametrize(
    "formula",
    [
        r"\sum_n x_n(y_n-\mu_n) = X^\top(y-\mu)",
        r"\sigma_0^2 + \mu_0\mu_0^\top - \mu_0\mu_0^\top = \sigma_0^2",
    ],
)
def test_a_letter_of_which_nothing_is_said_may_be_a_vector(formula):
    assert_not_accused(displayed("The gradient is", formula))


def test_noise_beside_a_variable_of_any_law_has_its_own_shape():
    """The joint law of both knows the space of each: this once stopped the test in worlds."""
    line = r"\mathbb{E}[\mu(x)+\sigma(x)\odot\epsilon] = \mathbb{E}[\mu(x)]+\mathbb{E}[\sigma(x)\odot\epsilon]"
    assert_not_accused(displayed(r"Let $x\in\mathbb{R}^d$ and $\epsilon\sim\mathcal{N}(0,I)$.", line))
