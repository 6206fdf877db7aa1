"""Values of a variable among the arguments of a density, p(x | z = k), and sums over all of them."""

import pytest
from small_documents import HOLDS, assert_holds, assert_refuted, displayed, verdicts

SAID = "Let $p(x,z)$ be a density."


@pytest.mark.parametrize(
    "formula",
    [
        r"p(z=k|x) = \frac{p(x|z=k)p(z=k)}{p(x)}",
        r"p(z=1|x) = \frac{p(x|z=1)p(z=1)}{p(x)}",
        r"p(x) = \sum_{k=1}^K p(x|z=k)p(z=k)",
        r"p(z=j|x) = \frac{p(x|z=j)p(z=j)}{\sum_{k=1}^K p(x|z=k)p(z=k)}",
        r"\sum_k p(z=k|x) = 1",
    ],
)
def test_what_holds_at_every_value_holds(formula):
    assert_holds(displayed(SAID, formula))


def test_a_sum_over_all_values_can_fail():
    assert_refuted(displayed(SAID, r"p(x) = \sum_{k=1}^K p(x|z=k)"))


@pytest.mark.parametrize(
    "formula",
    [
        r"p(z=1) = p(z=2)",
        r"p(z_1=k) = p(z_2=k)",
        r"p(z=1|x) = 1 - p(z=0|x)",  # z may have no other values
        r"p(x) = p(x|z=0)p(z=0) + p(x|z=1)p(z=1)",
        r"p(z=1) = \frac12",
        r"\sum_{k=1}^2 p(z=k) = 1",
        r"\sum_{k=1}^K k\,p(z=k) = 1",
    ],
)
def test_what_depends_on_which_values_there_are_is_neither_accused_nor_accepted(formula):
    verdict = verdicts(displayed(SAID, formula))[-1]
    assert verdict not in HOLDS and verdict != "refuted"


def test_the_variable_at_its_own_letter_is_the_variable():
    assert_holds(displayed(SAID, r"p(X=x) = \int p(X=x, Z=z)\,dz"))
