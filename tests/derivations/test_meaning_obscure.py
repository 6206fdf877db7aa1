"""A definition that has no meaning for us leaves a name that stands for anything: never a reason to accuse."""

import pytest
from small_documents import HOLDS, assert_holds, assert_not_accused, verdicts

UNKNOWN = r"Let $x>0$. We define" + "\n\n$$\n" + r"c := \text{the size of it} \cdot 2" + "\n$$\n\n"
FUNCTION = r"Let $x>0$. We define" + "\n\n$$\n" + r"g(x) := \text{whatever follows from } x" + "\n$$\n\n"


@pytest.mark.parametrize("claim", [r"(c+1)^2 = c^2 + 2c + 1", r"\log(x) + c = c + \log x"])
def test_what_holds_whatever_the_name_is_holds(claim):
    assert_holds(UNKNOWN + f"Hence\n\n$$\n{claim}\n$$\n")


@pytest.mark.parametrize("claim", [r"c = 2x", r"(c+1)^2 = c^2 + 1", r"c^2 = x"])
def test_what_depends_on_the_name_is_neither_accused_nor_accepted(claim):
    text = UNKNOWN + f"Hence\n\n$$\n{claim}\n$$\n"
    assert_not_accused(text)
    assert verdicts(text)[-1] not in HOLDS


def test_a_function_without_a_meaning_stays_a_function():
    assert_holds(FUNCTION + "Hence\n\n$$\n(g(x) + 1)^2 = g(x)^2 + 2 g(x) + 1\n$$\n")
    wrong = FUNCTION + "Hence\n\n$$\ng(x + y) = g x + g y\n$$\n"  # it holds for a product
    assert verdicts(wrong)[-1] not in HOLDS


@pytest.mark.parametrize(
    "claim",
    [
        r"\frac{\partial c}{\partial x} = 0",
        r"\int_0^1 c \, dx = c",
        r"\mathbb{E}_{x\sim\mathcal{N}(0,1)}[c x] = 0",
        r"\sum_{x=1}^3 c = 3 c",
    ],
)
def test_a_name_that_may_hide_a_bound_variable_is_not_a_constant(claim):
    text = "We define\n\n$$\n" + r"c := \text{the size of } x \cdot x" + "\n$$\n\n" + f"Hence\n\n$$\n{claim}\n$$\n"
    assert verdicts(text)[-1] not in HOLDS
