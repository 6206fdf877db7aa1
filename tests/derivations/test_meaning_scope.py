"""Where a declaration holds: its section, the display that its sentence completes, its paragraph."""

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
    verdicts,
)


def test_a_law_holds_to_the_end_of_its_section():
    text = (
        "# One\n\nLet $x\\sim\\mathcal{N}(0,1)$.\n\n$$\n\\mathbb{E}[x^2] = 1\n$$\n\n## One and a half\n\n"
        "$$\n\\mathbb{E}[x^4] = 3\n$$\n\n# Two\n\nLet $x\\sim\\mathcal{N}(1,1)$.\n\n$$\n\\mathbb{E}[x^2] = 2\n$$\n"
    )
    assert all(v in HOLDS for v in displayed_verdicts(text))


def test_a_law_of_another_section_does_not_make_a_line_hold():
    text = "# One\n\nLet $x\\sim\\mathcal{N}(0,1)$.\n\n# Two\n\nLet $x\\sim\\mathcal{N}(1,1)$.\n\n"
    text += displayed("", r"\mathbb{E}[x^2] = 1")
    assert displayed_verdicts(text)[0] not in HOLDS


def test_a_law_of_another_section_is_not_known_to_the_next():
    text = "# One\n\nLet $p(x)=\\mathcal{N}(x;0,1)$.\n\n# Two\n\nLet $p$ be any density.\n\n"
    text += displayed("", r"\mathbb{E}_{x\sim p}[x] = 0")
    assert displayed_verdicts(text)[0] not in HOLDS


@pytest.mark.parametrize("word", ["where", "with", "where we assume"])
def test_a_sentence_after_a_display_completes_it(word):
    formula = "\\mathbb{E}[(x-\\mu)^2] = \\sigma^2"
    assert_holds_first = displayed_verdicts(
        f"We have\n\n$$\n{formula}\n$$\n\n{word} $x\\sim\\mathcal{{N}}(\\mu,\\sigma^2)$.\n"
    )
    assert assert_holds_first[0] in HOLDS
    wrong = displayed_verdicts(f"We have\n\n$$\n{formula}/2\n$$\n\n{word} $x\\sim\\mathcal{{N}}(\\mu,\\sigma^2)$.\n")
    # what the text assumes may be what makes the line hold: there it is not accused
    assert wrong[0] not in HOLDS if "assume" in word else wrong[0] == "refuted"


def test_a_domain_after_a_display_completes_it():
    text = "We have\n\n$$\n\\sqrt{a^2} + a = 2a\n$$\n\nwhere $a>0$.\n"
    assert displayed_verdicts(text)[0] in HOLDS
    assert displayed_verdicts(text.replace("a>0", "a<0"))[0] == "refuted"


def test_a_declaration_does_not_reach_back_beyond_its_display():
    text = (
        "Let $a\\in\\mathbb{R}$.\n\n$$\n\\sqrt{a^2} = a\n$$\n\nThat was the first line. Here is the second one.\n\n"
        "$$\n2a = a + a\n$$\n\nwhere $a>0$.\n"
    )
    assert displayed_verdicts(text)[0] not in HOLDS


def test_a_later_redefinition_holds_from_its_place():
    text = (
        "Let $a>0$.\n\n$$\nb := 2a\n$$\n\n$$\nb^2 = 4a^2\n$$\n\nNow we change it.\n\n$$\nb := 3a\n$$\n\n"
        "$$\nb^2 = {}\n$$\n"
    )
    right = displayed_verdicts(text.replace("{}", "9a^2"))
    assert right[1] in HOLDS and right[3] in HOLDS
    wrong = displayed_verdicts(text.replace("{}", "4a^2"))
    assert wrong[1] in HOLDS and wrong[3] == "refuted"


@pytest.mark.parametrize("words", ["for example", "for instance", "such as"])
def test_an_example_binds_nothing(words):
    text = (
        f"Let $s$ be a smooth function, {words} $s(z)=\\sin z$, and let $z\\in\\mathbb{{R}}$.\n\n"
        "$$\n\\frac{d}{dz} s(z)^2 = 2 s(z) {}\n$$\n"
    )
    assert displayed_verdicts(text.replace("{}", "\\cos z"))[0] not in HOLDS
    assert displayed_verdicts(text.replace("{}", "\\frac{d s(z)}{dz}"))[0] in HOLDS


@pytest.mark.parametrize("word", ["If", "When", "Suppose that", "Assume", "In case"])
def test_what_stands_under_a_condition_is_an_assumption(word):
    text = f"{word} $p(x) = q(x)$, then the divergence vanishes.\n"
    assert "refuted" not in verdicts(text)
    assert set(verdicts(text)) <= NO_CLAIM | OPEN


@pytest.mark.parametrize("word", ["if", "when", "provided that"])
def test_a_condition_on_numbers_is_no_accusation(word):
    text = f"Let $a,b\\in\\mathbb{{R}}$. The bound is tight {word} $a = b$ and never otherwise.\n"
    assert "refuted" not in verdicts(text)


EQUAL = (
    "Let $p_{data}$ and $p_g$ be densities.\n\n"
    "At the optimum $p_g = p_{data}$ and then\n$$\n\\frac{p_{data}(x)}{p_{data}(x)+p_g(x)} = \\frac12\n$$\n"
)


def test_an_equality_of_densities_holds_in_its_paragraph():
    found = displayed_verdicts(EQUAL)
    assert found[0] in HOLDS


def test_an_equality_of_densities_does_not_hold_after_its_paragraph():
    text = EQUAL + "\nIn general, for $a>0$, the two differ.\n\n$$\na D_{KL}(p_{data}\\|p_g) = a - a\n$$\n"
    assert displayed_verdicts(text)[-1] == "refuted"
    without = "Let $p_{data}$ and $p_g$ be densities.\n\n$$\n\\frac{p_{data}(x)}{p_{data}(x)+p_g(x)} = \\frac12\n$$\n"
    assert displayed_verdicts(without)[0] not in HOLDS


def test_an_equality_further_down_does_not_reach_back():
    text = (
        "Let $p$ and $q$ be densities.\n\n$$\nD_{KL}(p\\|q) = D_{KL}(q\\|p)\n$$\n\n"
        "# Later\n\nIf $p = q$ there is nothing to learn.\n"
    )
    assert displayed_verdicts(text)[0] == "refuted"


def test_a_list_item_reads_what_was_declared_before_the_list():
    text = "Let $a,b>0$. Then:\n\n- $\\log(ab) = \\log a + \\log b$\n- $\\log(a+b) = \\log a\\log b$\n"
    found = [v for v in verdicts(text) if v not in NO_CLAIM]
    assert found[0] in HOLDS and found[1] == "refuted"


def test_a_contradiction_of_an_earlier_domain_is_local():
    assert_refuted(displayed(r"Let $a\in\mathbb{R}$.", r"\sqrt{a^2} = a"))
    assert_holds(displayed(r"Let $a\in\mathbb{R}$.", r"\sqrt{a^2} = |a|"))
    assert_not_accused(displayed(r"Let $a>0$.", r"\sqrt{a^2} = a"))


def test_latex_sections_bound_a_law_too():
    text = (
        "\\section{One}\nLet $x\\sim\\mathcal{N}(0,1)$.\n\\section{Two}\nLet $x\\sim\\mathcal{N}(1,1)$.\n"
        "\\begin{equation}\n\\mathbb{E}[x] = {}\n\\end{equation}\n"
    )
    from small_documents import checked

    assert checked(text.replace("{}", "1"), "notes.tex")[-1].verdict in HOLDS
    assert checked(text.replace("{}", "0"), "notes.tex")[-1].verdict not in HOLDS


DEVIATION = "Let $x\\sim\\mathcal{N}(0,\\sigma^2 I)$.\n\n# Logistic\n\nLet $\\sigma(a)=\\frac{1}{1+e^{-a}}$."


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (r"\sigma'(a) = \sigma(a)(1-\sigma(a))", r"\sigma'(a) = \sigma(a)(1+\sigma(a))"),
        (r"1-\sigma(a) = \sigma(-a)", r"1+\sigma(a) = \sigma(-a)"),
    ],
)
def test_sigma_is_the_function_that_is_defined_here(right, wrong):
    """In another section it is a standard deviation."""
    assert_told_apart(DEVIATION, right, wrong)


def test_a_squared_deviation_before_brackets_is_a_factor():
    declaration = r"Let $\epsilon\sim\mathcal{N}(0,\sigma^2)$ and $a\in\mathbb{R}$, $\sigma>0$."
    assert_told_apart(declaration, r"\sigma^2(a+1) = a\sigma^2+\sigma^2", r"\sigma^2(a+1) = a\sigma^2+\sigma")


def test_for_another_f_the_letter_has_a_new_meaning():
    text = (
        "For $f(u)=u\\log u$ we get $\\int q(x)f\\left(\\frac{p(x)}{q(x)}\\right)dx=D_{KL}(p\\|q)$.\n"
        "For $f(u)=-\\log u$ we get $\\int q(x)f\\left(\\frac{p(x)}{q(x)}\\right)dx=D_{KL}(q\\|p)$.\n"
    )
    found = verdicts(text)
    assert "refuted" not in found and sum(v in HOLDS for v in found) == 2
    swapped = text.replace(r"D_{KL}(q\|p)", r"D_{KL}(p\|q)")
    assert verdicts(swapped)[-1] == "refuted"


ENCODER = (
    r"Let $q_\phi(z|x)=\mathcal{N}(z;\mu_\phi(x),\mathrm{diag}(\sigma^2_\phi(x)))$ and $p(z)=\mathcal{N}(0,I)$ with "
    r"$z\in\mathbb{R}^J$."
)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (
            r"D_{KL}(q_\phi(z|x)\|p(z)) = \frac12\sum_{j=1}^J\left(\mu_j^2+\sigma_j^2-\log\sigma_j^2-1\right)",
            r"D_{KL}(q_\phi(z|x)\|p(z)) = \frac12\sum_{j=1}^J\left(\mu_j^2+\sigma_j^2+\log\sigma_j^2-1\right)",
        ),
        (
            r"\int q_\phi(z|x)\log p(z)dz = -\frac J2\log(2\pi)-\frac12\sum_{j=1}^J(\mu_j^2+\sigma_j^2)",
            r"\int q_\phi(z|x)\log p(z)dz = -\frac J2\log(2\pi)-\frac12\sum_{j=1}^J(\mu_j^2-\sigma_j^2)",
        ),
    ],
)
def test_the_outputs_of_an_encoder_are_written_without_their_argument(right, wrong):
    """Kingma and Welling, Auto-Encoding Variational Bayes, appendix B."""
    assert_told_apart(ENCODER, right, wrong)
