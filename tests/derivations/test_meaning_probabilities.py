"""A formula for a probability is said of values at which it lies between 0 and 1, unless the text says of which."""

from __future__ import annotations

import pytest
from small_documents import HOLDS, OPEN, displayed, meanings, verdicts

UNIFORM = r"Let $u \sim \mathrm{Uniform}(0,1)$ and $\lambda>0$."


@pytest.mark.parametrize(
    "formula",
    [
        r"P(u \le 1-e^{-\lambda x}) = 1-e^{-\lambda x}",
        r"P(u \le a) = a",
        r"P(u > a) = 1-a",
        r"P(-\frac{\log u}{\lambda} \le y) = 1-e^{-\lambda y}",
    ],
)
def test_a_distribution_function_holds_where_its_variable_can_lie(formula):
    assert verdicts(displayed(UNIFORM, formula))[-1] in HOLDS


@pytest.mark.parametrize(
    "formula",
    [
        r"P(u \le 1-e^{-\lambda x}) = e^{-\lambda x}",
        r"P(u \le a) = 2a",
        r"P(u \le a) = a^2",
        r"P(u \le a) = 2 + a^2",
        r"P(-\frac{\log u}{\lambda} \le y) = 1-e^{-2\lambda y}",
    ],
)
def test_another_formula_is_not_accepted(formula):
    assert verdicts(displayed(UNIFORM, formula))[-1] not in HOLDS


def test_what_the_text_declares_is_not_narrowed():
    text = displayed(UNIFORM + r" Let $a\in\mathbb{R}$.", r"P(u \le a) = a")
    assert verdicts(text)[-1] in OPEN
    assert all(m.relation is not None and not m.relation.hypotheses.conditions for m in meanings(text))
