"""Bare expectations of variables whose law nobody writes: what holds under any law, and nothing else."""

import pytest
from small_documents import HOLDS, OPEN, assert_holds, assert_refuted, displayed, verdicts

SAID = "Some random variables."


@pytest.mark.parametrize(
    "formula",
    [
        r"\mathbb{E}[X+Y] = \mathbb{E}[X] + \mathbb{E}[Y]",
        r"\mathbb{E}[aX+b] = a\mathbb{E}[X] + b",
        r"\mathrm{Var}[aX+b] = a^2\mathrm{Var}[X]",
        r"\mathbb{E}[(X-\mathbb{E}[X])^3] = \mathbb{E}[X^3] - 3\mathbb{E}[X]\mathbb{E}[X^2] + 2\mathbb{E}[X]^3",
        r"\mathrm{Cov}[X,Y] = \mathbb{E}[XY] - \mathbb{E}[X]\mathbb{E}[Y]",
        r"\mathrm{Var}[X+Y] = \mathrm{Var}[X] + \mathrm{Var}[Y] + 2\mathrm{Cov}[X,Y]",
        r"\mathbb{E}[\mathbb{E}[X|Y]] = \mathbb{E}[X]",
        r"\mathrm{Var}[X] = \mathbb{E}[\mathrm{Var}[X|Y]] + \mathrm{Var}[\mathbb{E}[X|Y]]",
        r"\mathbb{E}[w + v] = \mathbb{E}[w] + \mathbb{E}[v]",
    ],
)
def test_what_holds_under_any_law_holds(formula):
    assert_holds(displayed(SAID, formula))


@pytest.mark.parametrize(
    "formula",
    [
        r"\mathrm{Var}[X] = \mathbb{E}[X^2] + \mathbb{E}[X]^2",
        r"\mathrm{Var}[X] = \mathbb{E}[\mathrm{Var}[X|Y]] - \mathrm{Var}[\mathbb{E}[X|Y]]",
    ],
)
def test_a_slip_is_found(formula):
    assert_refuted(displayed(SAID, formula))


@pytest.mark.parametrize(
    "formula",
    [
        r"\mathbb{E}[XY] = \mathbb{E}[X]\mathbb{E}[Y]",  # X and Y may be independent
        r"\mathrm{Var}[X+Y] = \mathrm{Var}[X] + \mathrm{Var}[Y]",
        r"\mathbb{E}[X] = \mu",  # it names the mean
        r"\mathrm{Var}[X] = \sigma^2",
        r"\mathbb{E}[(X-\mu)^2] = \mathbb{E}[X^2] - \mu^2",  # it holds where mu is the mean
        r"\mathbb{E}[w] = \frac{a}{a+b}",
        r"\mathbb{E}[c] = 0",
        r"\mathbb{E}[aX] = \mathbb{E}[X]",
        r"\mathrm{Cov}(X, Y) = 0",
        r"\mathbb{E}[x^2] = 3",
    ],
)
def test_what_depends_on_the_law_is_neither_accused_nor_accepted(formula):
    assert verdicts(displayed(SAID, formula))[-1] in (*OPEN, "unread", "definition", "assumption")


def test_a_variable_with_a_law_beside_one_without_is_no_reason_to_hold_the_other_constant():
    text = r"Let $X \sim \mathcal{N}(0, 1)$."
    assert verdicts(displayed(text, r"\mathbb{E}[X+Y] = \mathbb{E}[X] + \mathbb{E}[Y]"))[-1] in HOLDS
    assert (
        verdicts(displayed(text, r"\mathbb{E}[X Y] - \mathbb{E}[Y]^2 = -\mathbb{E}[Y]\mathbb{E}[Y]"))[-1] not in HOLDS
    )


def test_laws_declared_one_by_one_do_not_say_that_the_variables_are_independent():
    text = r"Let $X \sim \mathcal{N}(0, 1)$ and $Y \sim \mathcal{N}(0, 1)$."
    assert verdicts(displayed(text, r"\mathrm{Cov}(X, Y) = 0"))[-1] not in HOLDS


def test_an_index_that_runs_is_refused():
    text = displayed(SAID, r"\sum_{i=1}^n \mathbb{E}[X_i] = n \mathbb{E}[X_1]")
    assert verdicts(text)[-1] not in HOLDS
