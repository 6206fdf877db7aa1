"""A name whose definition has no meaning for us stands for itself: what is proved of it holds, nothing is refuted."""

import pytest
from small_documents import displayed_verdicts as verdicts

SET = "Let $\\theta = \\{\\mu, \\sigma\\}$ be the parameters.\n\n"


def test_bayes_rule_with_a_set_of_parameters_holds():
    text = SET + "$$p(\\theta|x) = \\frac{p(x|\\theta)p(\\theta)}{p(x)}$$"
    assert verdicts(text) == ["proved"]


@pytest.mark.parametrize(
    "line",
    [
        "$$w + 1 = w$$",  # false whatever w is, but w is not understood
        "$$w = 2w$$",
    ],
)
def test_nothing_is_refuted_on_its_account(line):
    assert "refuted" not in verdicts("Let $w = \\{a, \\dots, b\\}$.\n\n" + line)


def test_what_depends_on_a_bound_variable_does_not_stand_for_itself():
    text = "Let $x\\sim\\mathcal N(0,1)$ and $w = (x, \\dots, x^2)$.\n\n$$\\mathbb{E}_{x\\sim\\mathcal N(0,1)}[w] = w$$"
    assert not {"proved", "supported"} & set(verdicts(text))


def test_what_depends_on_the_variable_of_a_derivative_does_not_stand_for_itself():
    text = "Let $x\\in\\mathbb R$ and $w = x + \\dots + x^3$.\n\n$$\\frac{d}{dx}(w x) = w$$"
    assert not {"proved", "supported"} & set(verdicts(text))


def test_a_transpose_above_a_declared_number_is_no_power_alone():
    text = "Let $a\\in\\mathbb R$.\n\n$$\\frac{\\partial a^T a}{\\partial a} = 2a$$"
    assert "refuted" not in verdicts(text)


def test_a_name_defined_in_words_stands_for_itself_where_nothing_is_bound():
    words = "Let $a = \\text{the length of the day in hours} + 1$.\n\n"
    assert verdicts(words + "$$(a+1)^2 = a^2 + 2a + 1$$") == ["proved"]
    bound = verdicts(words + "$$\\mathbb{E}_{x\\sim\\mathcal N(0,1)}[a] = a$$")
    assert not {"proved", "supported"} & set(bound)


def test_a_bound_of_a_function_of_any_kind_is_a_condition():
    given = "Let $q$ be a density and $A$ a function of $x$.\n\n"
    assert "refuted" not in verdicts(given + "$$\\int q(x) A(x)\\,dx \\ge 0$$")
