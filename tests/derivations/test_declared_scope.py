"""How far a declaration reaches and what it binds: values, domains, definitions, names with subscripts, instances."""

import pytest
from small_documents import (
    HOLDS,
    NO_CLAIM,
    OPEN,
    assert_holds,
    assert_not_accused,
    assert_refuted,
    assert_told_apart,
    displayed,
    displayed_verdicts,
    read,
    sides,
    verdicts,
)

# ---------------------------------------------------------------------------------------------- instances


def test_the_length_of_a_sum_written_out_is_that_number_everywhere():
    left, right = sides(r"$$\frac1m\sum_{i=1}^m (\log p(x_i)-\log m) = \frac1m\sum_{i=1}^m\log p(x_i)-\log m$$")
    assert "m" not in left + right.replace("sum", "")


def test_it_is_that_number_in_labels_too():
    text = r"$$\sum_{t=1}^T (\log q(x_t)-\log q(x_{t-1})) = \log q(x_{}) - \log q(x_0)$$"
    assert verdicts(text.replace("{}", "T"))[-1] in HOLDS
    assert verdicts(text.replace("{}", "{T-1}"))[-1] not in HOLDS


def test_a_mean_over_listed_draws_is_written_out():
    text = r"$$\mathbb{E}_{z_{1:k}\sim q(z)}\left[\frac{}{k}\sum_{i=1}^k f(z_i)\right]=\mathbb{E}_{z\sim q(z)}[f(z)]$$"
    assert verdicts(text.replace("{}", "{1}"))[-1] in HOLDS
    assert verdicts(text.replace("{}", "{2}"))[-1] not in HOLDS


# ---------------------------------------------------------------------------------------------- names


def test_losses_with_different_subscripts_are_different():
    text = "Define\n\n$$\n\\mathcal{L}_\\theta = \\mathbb{E}_{q(z|x)}[\\log p_\\theta(x|z)]\n$$\n\n"
    same = text + displayed("", r"\mathcal{L}_\theta + 1 = 1 + \mathbb{E}_{q(z|x)}[\log p_\theta(x|z)]")
    other = text + displayed("", r"\mathcal{L}_\phi + 1 = 1 + \mathbb{E}_{q(z|x)}[\log p_\theta(x|z)]")
    assert verdicts(same)[-1] in HOLDS
    assert verdicts(other)[-1] not in HOLDS


def test_blocks_are_told_apart_by_the_order_of_their_subscripts():
    declaration = r"Let $\Sigma_{x\theta},\Sigma_{\theta x}\in\mathbb{R}^{2\times 2}$. "
    text = declaration + r"$$\Sigma_{x\theta} + I=\Sigma_{\theta x} + I$$"
    assert verdicts(text)[-1] not in HOLDS


def test_a_function_with_other_parameters_is_another_function():
    text = "Let $f_\\theta(x)=\\theta x$.\n\n$$\nf_{}(2x) = 2\\theta x\n$$\n"
    assert verdicts(text.replace("{}", "\\theta"))[-1] in HOLDS
    assert verdicts(text.replace("{}", "\\phi"))[-1] not in HOLDS


def test_an_iterate_is_not_the_parameter():
    text = "Let $\\theta>0$ and $\\theta^{(t)}>0$.\n\n" + displayed("", r"2\theta^{(t)} = \theta + \theta^{(t)}")
    assert verdicts(text)[-1] not in HOLDS


# ---------------------------------------------------------------------------------------------- domains


@pytest.mark.parametrize(
    "declaration, claim, holds",
    [
        (r"0<t<1", r"\log t<0", True),
        (r"0<t<2", r"\log t<0", False),
        (r"a\in(0,\infty)", r"\sqrt{a^2}+1=1+a", True),
        (r"a\in(-\infty,0)", r"\sqrt{a^2}+1=1+a", False),
        (r"a\in\mathbb{R}_{>0}", r"\sqrt{a^2}+1=1+a", True),
        (r"a\in\mathbb{R}^+", r"\sqrt{a^2}+1=1+a", True),
        (r"a\in\mathbb{R}", r"\sqrt{a^2}+1=1+a", False),
    ],
)
def test_where_a_letter_lies(declaration, claim, holds):
    assert (verdicts(displayed(f"Let ${declaration}$.", claim))[-1] in HOLDS) == holds


def test_a_later_domain_replaces_an_earlier_one():
    first = "# One\n\nLet $a>0$.\n\n"
    assert verdicts(first + displayed("", r"\sqrt{a^2}=a"))[-1] in HOLDS
    assert verdicts(first + "# Two\n\nLet $a\\in\\mathbb{R}$.\n\n" + displayed("", r"\sqrt{a^2}=a"))[-1] == "refuted"


def test_words_after_a_membership_say_what_the_matrix_is():
    assert_holds(displayed(r"Let $A\in\mathbb{R}^{n\times n}$ be symmetric positive definite.", r"2\det A > \det A"))
    assert_told_apart(
        r"Let $Q\in\mathbb{R}^{2\times 2}$ be an orthogonal matrix and $x\in\mathbb{R}^2$.",
        r"Q^\top Q x = x",
        r"Q^\top Q x = 2x",
    )
    assert_holds(displayed(r"Let $Q\in\mathbb{R}^{2\times 2}$ be an orthogonal matrix.", r"Q^\top Q = I"))
    assert_not_accused(displayed(r"Let $L\in\mathbb{R}^{2\times 2}$ be lower triangular.", r"\det L=L_{11}L_{22}"))


@pytest.mark.parametrize("words", ["be drawn from", "be distributed according to"])
def test_let_it_be_drawn(words):
    assert_told_apart(
        rf"Let $z$ {words} $\mathcal{{N}}(\mu,\sigma^2)$.",
        r"\mathbb{E}[z^2]=\mu^2+\sigma^2",
        r"\mathbb{E}[z^2]=\mu^2+2\sigma^2",
    )


def test_an_unknown_key_of_a_context_is_refused():
    with pytest.raises(ValueError, match="positiv"):
        read("$a=1$", context='[domains]\npositiv = ["a"]\n')


# ---------------------------------------------------------------------------------------------- values


def test_a_value_holds_in_its_paragraph_and_the_display_that_follows():
    formula = r"\mathbb{E}_{x\sim\mathcal{N}(\mu,1)}[x]=0"
    assert displayed_verdicts("Take $\\mu=0$. Then\n\n" + displayed("", formula))[0] in HOLDS
    far = "# One\n\nTake $\\mu=0$.\n\n# Two\n\nLet $\\mu\\in\\mathbb{R}$.\n\n" + displayed("", formula)
    assert displayed_verdicts(far)[0] not in HOLDS


@pytest.mark.parametrize("words", ["At", "When", "If", "For instance, suppose"])
def test_a_case_holds_in_its_sentence(words):
    text = f"{words} $t=0$ the process starts. Later,\n\n" + displayed("", "x t + 1 = 1")
    assert displayed_verdicts(text)[0] not in HOLDS


def test_an_example_after_an_abbreviation_binds_nothing():
    text = "Let $s$ be a smooth function, e.g. $s(z)=\\sin z$, and let $z\\in\\mathbb{R}$.\n\n"
    assert displayed_verdicts(text + displayed("", r"\frac{d}{dz}s(z)^2 = 2s(z)\cos z"))[0] not in HOLDS
    assert displayed_verdicts(text + displayed("", r"\frac{d}{dz}s(z)^2 = 2s(z)\frac{d}{dz}s(z)"))[0] in HOLDS


def test_a_number_for_a_dimension_is_put_in_nowhere():
    assert_not_accused(displayed("Let $D=1024$.", r"\text{tr}(-I_D)=-D"))


def test_what_holds_at_the_optimum_ends_with_its_paragraph():
    text = (
        "Let $p_{data}$ and $p_g$ be densities.\n\nAt the optimum $p_g = p_{data}$ and then $$"
        "\\frac{p_g(x)}{p_g(x)+p_{data}(x)}=\\frac12$$\n\nIn general the two differ.\n\n$$D_{KL}(p_{data}\\|p_g)=0$$\n"
    )
    *_, first, second = verdicts(text)
    assert first in HOLDS and second not in HOLDS


# ---------------------------------------------------------------------------------------------- definitions


def test_the_argument_of_a_function_is_not_captured():
    text = "Let $a,x>0$.\n\n$$\nh(a)=\\int_0^1 (a+x)\\,dx\n$$\n\n"
    assert verdicts(text + displayed("", r"h(x)=x+\frac12"))[-1] in HOLDS
    assert verdicts(text + displayed("", r"h(x)=2x"))[-1] not in HOLDS


def test_the_arguments_of_a_definition_are_taken_in_order():
    text = "Let $a,b>0$.\n\n$$\ng(a,b)=a-2b\n$$\n\n"
    assert verdicts(text + displayed("", "g(b,a)=b-2a"))[-1] in HOLDS | NO_CLAIM
    assert verdicts(text + displayed("", "g(b,a)=a-2b"))[-1] == "refuted"


@pytest.mark.parametrize(
    "right, wrong",
    [
        (
            r"\mathbb{E}_{x\sim\mathcal{N}(\mu,\sigma^2)}[(x-\mu)^2]=\sigma^2",
            r"\mathbb{E}_{x\sim\mathcal{N}(\mu,\sigma^2)}[(x-\mu)^2]=\sigma",
        ),
        (r"\log e^{\eta}=\eta", r"\log e^{2\eta}=\eta"),
    ],
)
def test_a_claim_about_a_letter_on_both_sides_is_no_definition(right, wrong):
    assert_holds(displayed("", right))
    assert_refuted(displayed("", wrong))


def test_a_name_defined_in_another_section_may_be_defined_anew():
    text = (
        "# One\n\n$$\nF = \\mathbb{E}_{q(z)}[\\log p(x,z)]\n$$\n\n# Two\n\nSo the free energy becomes\n\n"
        "$$\nF = \\mathbb{E}_{q(z)}[\\log q(z)]\n$$\n\n$$\n2F = 2\\mathbb{E}_{q(z)}[\\log {}]\n$$\n"
    )
    right, wrong = verdicts(text.replace("{}", "q(z)")), verdicts(text.replace("{}", "p(x,z)"))
    assert right[1] in NO_CLAIM | OPEN and right[2] in HOLDS
    assert wrong[2] == "refuted"


def test_in_the_same_section_a_second_equation_is_a_claim():
    text = "$$\nF = \\mathbb{E}_{q(z)}[\\log p(x,z)]\n$$\n\n" + displayed("", r"F = \mathbb{E}_{q(z)}[\log q(z)]")
    assert verdicts(text)[-1] not in HOLDS | NO_CLAIM


def test_a_function_is_not_constant_because_it_has_a_value_somewhere():
    assert verdicts("Let $h(X)=\\mu$.\n\n" + displayed("", "h(X+7)=h(X)"))[-1] not in HOLDS


def test_what_a_solution_is_read_off_from_is_no_claim():
    text = displayed("Let $a,b>0$.", r"\frac{a}{D}=\frac{b}{1-D}\Rightarrow D=\frac{a}{a+b}")
    assert set(verdicts(text)[-2:]) <= NO_CLAIM | OPEN


def test_the_function_of_another_section_is_not_this_one():
    text = "# One\n\nLet $f(x)=x$ be the identity.\n\n# Two\n\n" + displayed(
        "", r"f(\mathbb{E}[X]) \le \mathbb{E}[f(X)]"
    )
    assert displayed_verdicts(text)[-1] not in HOLDS


def test_the_value_that_one_function_has_at_its_argument():
    text = displayed("", r"C(G) = 2 + \mathbb{E}_{q(z)}[\log p(z)]")
    assert verdicts(text + displayed("", r"C(G) - 2 = \mathbb{E}_{q(z)}[\log p(z)]"))[-1] in HOLDS
    assert verdicts(text + displayed("", r"C(H) - 2 = \mathbb{E}_{q(z)}[\log p(z)]"))[-1] not in HOLDS


def test_where_an_extremum_lies_holds_in_its_sentence():
    text = "Let $\\mu\\in\\mathbb{R}$.\n\n$$\n\\frac{d}{dx}(x-\\mu)^2 = 2(x-\\mu)\n$$\n\n"
    text += "It is zero at the point $x=\\mu$.\n\n"
    assert verdicts(text + displayed("", r"\frac{d}{dx}(x-\mu)^3 = 3(x-\mu)^2"))[-1] in HOLDS
    assert verdicts(text + displayed("", r"(x-\mu)^3 = 2(x-\mu)"))[-1] not in HOLDS
