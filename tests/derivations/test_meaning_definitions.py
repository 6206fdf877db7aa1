"""What is a definition, what it binds, and which equations are claims."""

import pytest
from small_documents import (
    HOLDS,
    NO_CLAIM,
    assert_holds,
    assert_not_accused,
    assert_refuted,
    assert_told_apart,
    displayed,
    displayed_verdicts,
    last,
    read,
    verdicts,
)


def test_the_first_equation_with_a_bare_name_defines_and_later_ones_are_claims():
    first = "Let $a,b>0$.\n\n$$\nc = a + b\n$$\n\n"
    assert displayed_verdicts(first) == ["definition"]
    right = displayed_verdicts(first + "$$\nc = b + a\n$$\n")
    wrong = displayed_verdicts(first + "$$\nc = a - b\n$$\n")
    assert right[1] in HOLDS and right[0] == "definition"
    assert wrong == ["definition", "refuted"]


def test_the_name_may_stand_on_the_right():
    kinds = [r.kind for r in read("Let $a,b>0$.\n\n$$\na^2 + b^2 = r\n$$\n")]
    assert kinds[-1] == "definition"


@pytest.mark.parametrize("sign", [":=", r"\coloneqq", r"\triangleq"])
def test_signs_of_definition(sign):
    text = f"Let $a>0$.\n\n$$\ng(a) {sign} a^2\n$$\n\n"
    assert displayed_verdicts(text) == ["definition"]
    assert displayed_verdicts(text + "$$\ng(a) = a\\cdot a\n$$\n")[1] in HOLDS
    assert displayed_verdicts(text + "$$\ng(a) = 2a\n$$\n")[1] == "refuted"


@pytest.mark.parametrize(
    "wrong",
    [
        r"D_{KL}(q\|p) = \int p(x)\log\frac{q(x)}{p(x)}dx",
        r"KL(q\|p) = \int p(x)\log\frac{q(x)}{p(x)}dx",
        r"\mathrm{KL}[q\|p] = \mathbb{E}_{x\sim p}\left[\log\frac{q(x)}{p(x)}\right]",
        r"JSD(p\|q) = \frac12 D_{KL}(p\|q) + \frac12 D_{KL}(q\|p)",
        r"\mathrm{Var}_{x\sim p}[x] = \mathbb{E}_{x\sim p}[x^2] + \mathbb{E}_{x\sim p}[x]^2",
        r"\mathcal{N}(x;\mu,\sigma^2) = \frac{1}{\sqrt{2\pi\sigma}}\exp\left(-\frac{(x-\mu)^2}{2\sigma^2}\right)",
        r"\log(\sigma) = \sigma - 1",
    ],
)
def test_an_equation_about_an_operator_is_a_claim(wrong):
    assert_refuted(displayed("We know this:", wrong))


@pytest.mark.parametrize(
    "right",
    [
        r"D_{KL}(q\|p) = \int q(x)\log\frac{q(x)}{p(x)}dx",
        r"KL(q\|p) = \int q(x)\log\frac{q(x)}{p(x)}dx",
        r"\mathrm{KL}[q\|p] = \mathbb{E}_{x\sim q}\left[\log\frac{q(x)}{p(x)}\right]",
        r"JSD(p\|q) = \frac12 D_{KL}\left(p\Big\|\frac{p+q}2\right) + \frac12 D_{KL}\left(q\Big\|\frac{p+q}2\right)",
        r"\mathbb{E}_{x\sim p}[f(x)] = \int p(x)f(x) dx",
        r"\mathrm{Var}_{x\sim p}[x] = \mathbb{E}_{x\sim p}[x^2] - \mathbb{E}_{x\sim p}[x]^2",
        r"\mathcal{N}(x;\mu,\sigma^2) = \frac{1}{\sqrt{2\pi\sigma^2}}\exp\left(-\frac{(x-\mu)^2}{2\sigma^2}\right)",
    ],
)
def test_operators_keep_their_meaning(right):
    assert_holds(displayed("We know this:", right))


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (r"\det(AB) = \det(A)\det(B)", r"\det(AB) = \det(A) + \det(B)"),
        (
            r"\operatorname{tr}(AB) = \operatorname{tr}(BA)",
            r"\operatorname{tr}(AB) = \operatorname{tr}(A)\operatorname{tr}(B)",
        ),
        (r"\mathrm{Tr}(A+B) = \mathrm{Tr}(A) + \mathrm{Tr}(B)", r"\mathrm{Tr}(A+B) = \mathrm{Tr}(A)"),
    ],
)
def test_determinant_and_trace_are_operators(right, wrong):
    declaration = r"Let $A,B\in\mathbb{R}^{3\times 3}$."
    assert_holds(displayed(declaration, right))
    assert_refuted(displayed(declaration, wrong))


def test_a_definition_that_is_a_mistake_still_binds():
    # the divergence with its arguments exchanged, under a name of the author's own
    mistaken = "$$\nL = \\int q(x)\\log\\frac{p(x)}{q(x)}dx\n$$\n\n"
    agrees = displayed_verdicts(mistaken + "$$\nL = -D_{KL}(q\\|p)\n$$\n")
    differs = displayed_verdicts(mistaken + "$$\nL = D_{KL}(q\\|p)\n$$\n")
    assert agrees[0] == differs[0] == "definition"
    assert agrees[1] in HOLDS
    assert differs[1] == "refuted"


def test_a_definition_said_again_is_no_claim():
    text = "Let $a,b>0$.\n\n$$\nc = a + b\n$$\n\nRecall that\n\n$$\nc = a + b\n$$\n"
    assert set(displayed_verdicts(text)) <= NO_CLAIM | HOLDS


def test_a_definition_is_used_with_other_arguments():
    text = "Let $a,b>0$.\n\n$$\ng(a) = a^2 + 1\n$$\n\n$$\ng(2b) = {}\n$$\n"
    assert displayed_verdicts(text.replace("{}", "4b^2 + 1"))[1] in HOLDS
    assert displayed_verdicts(text.replace("{}", "2b^2 + 1"))[1] == "refuted"


def test_a_definition_of_two_arguments_keeps_their_order():
    text = "Let $a,b>0$.\n\n$$\ng(a,b) = a - 2b\n$$\n\n$$\ng(b,a) = {}\n$$\n"
    assert displayed_verdicts(text.replace("{}", "b - 2a"))[1] in HOLDS | NO_CLAIM
    assert displayed_verdicts(text.replace("{}", "2b - a"))[1] == "refuted"


def test_a_definition_with_a_bound_variable():
    text = "Let $a,b>0$.\n\n$$\nh(a) = \\int_0^1 (a + x)\\,dx\n$$\n\n$$\nh(2b) = {}\n$$\n"
    assert displayed_verdicts(text.replace("{}", "2b + \\frac12"))[1] in HOLDS
    assert displayed_verdicts(text.replace("{}", "2b + 1"))[1] == "refuted"


def test_definitions_build_on_each_other():
    text = "Let $a>0$.\n\n$$\nb = a^2\n$$\n\n$$\nc = b + 1\n$$\n\n$$\nc = {}\n$$\n"
    assert displayed_verdicts(text.replace("{}", "a^2 + 1"))[2] in HOLDS
    assert displayed_verdicts(text.replace("{}", "a + 1"))[2] == "refuted"


def test_a_name_that_is_defined_further_down_never_accuses():
    text = "Let $a>0$.\n\n$$\n2c = {}\n$$\n\nwith\n\n$$\nc = a + 1\n$$\n"
    assert displayed_verdicts(text.replace("{}", "2a + 2"))[0] != "refuted"
    later = "Let $a>0$.\n\n$$\n2c + a = {}\n$$\n\nMuch later we take another road.\n\n$$\nc = a + 1\n$$\n"
    assert displayed_verdicts(later.replace("{}", "7a"))[0] != "refuted"


def test_a_value_given_to_a_symbol_is_used_after_it():
    text = (
        "Let $\\mu_1,\\mu_2\\in\\mathbb{R}$ and $\\sigma_1,\\sigma_2>0$.\n\n"
        "$$\nA = \\frac{\\sigma_1^2 + (\\mu_1-\\mu_2)^2}{2\\sigma_2^2}\n$$\n\n"
        "Now take $\\mu_2 = 0, \\sigma_2 = 1$. Then\n\n$$\nA = {}\n$$\n"
    )
    assert displayed_verdicts(text.replace("{}", r"\frac{\sigma_1^2+\mu_1^2}{2}"))[-1] in HOLDS
    assert displayed_verdicts(text.replace("{}", r"\sigma_1^2+\mu_1^2"))[-1] == "refuted"


def test_without_the_value_the_same_line_is_refuted():
    text = displayed(
        r"Let $\mu_1,\mu_2\in\mathbb{R}$ and $\sigma_1,\sigma_2>0$.",
        r"\frac{\sigma_1^2 + (\mu_1-\mu_2)^2}{2\sigma_2^2} = \frac{\sigma_1^2+\mu_1^2}{2}",
    )
    assert_refuted(text)


def test_an_applied_name_may_be_defined_for_all_arguments():
    text = "Let $x\\in\\mathbb{R}$.\n\n$$\n\\sigma(x) = \\frac{1}{1+e^{-x}}\n$$\n\n$$\n1-\\sigma(x) = {}\n$$\n"
    assert displayed_verdicts(text.replace("{}", r"\sigma(-x)"))[1] in HOLDS
    assert displayed_verdicts(text.replace("{}", r"-\sigma(x)"))[1] == "refuted"


def test_a_recursion_is_no_definition():
    assert_not_accused("The weights are updated by\n\n$$\nw = w - \\eta g\n$$\n")


@pytest.mark.parametrize(
    "objective",
    [
        r"\min_\theta L(\theta) = \mathbb{E}_{x\sim p}[\log q(x)]",
        r"\min_G\max_D V(G,D) = \mathbb{E}_{x\sim p}[\log D(x)] + \mathbb{E}_{z\sim p_z}[\log(1-D(G(z)))]",
    ],
)
def test_an_objective_is_a_definition(objective):
    assert last(displayed("We solve", objective)).verdict in NO_CLAIM


def test_an_objective_binds_its_name():
    text = (
        "$$\n\\min_G\\max_D V(D,G) = "
        "\\mathbb{E}_{x\\sim p_{data}}[\\log D(x)] + \\mathbb{E}_{z\\sim p_z}[\\log(1-D(G(z)))]\n$$\n\n"
        "$$\nV(D,G) = {}\n$$\n"
    )
    right = r"\int p_{data}(x)\log D(x)dx + \int p_z(z)\log(1-D(G(z)))dz"
    assert displayed_verdicts(text.replace("{}", right))[1] in HOLDS
    assert displayed_verdicts(text.replace("{}", right.replace("+", "-")))[1] == "refuted"


def test_a_second_law_for_a_variable_is_a_claim_of_equality_in_law():
    text = "Let $x\\sim\\mathcal{N}(0,1)$ and $y = 2x$.\n\nThen $y\\sim\\mathcal{N}(0,4)$.\n"
    assert "refuted" not in verdicts(text)


def test_a_function_defined_without_its_letter_is_applied_to_it():
    text = "Let $x\\in\\mathbb{R}$.\n\n$$f = x^2 + 1$$\n\nThen"
    assert_told_apart(text, r"\int_0^1 f(x)\,dx = \frac43", r"\int_0^1 f(x)\,dx = \frac34")


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (r"\left.\frac{d}{dx} x^2\right|_{x=3} = 6", r"\left.\frac{d}{dx} x^2\right|_{x=3} = 9"),
        (r"\left.(x+x^3)\right|_{x=2} = 10", r"\left.(x+x^3)\right|_{x=2} = 6"),
    ],
)  # fmt: skip
def test_a_letter_before_the_bar_of_evaluation_is_a_variable(right, wrong):
    """Whatever it is defined to be outside."""
    assert_told_apart(r"Let $x = e^a$ with $a\in\mathbb{R}$.", right, wrong)
