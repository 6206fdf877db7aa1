r"""Up to a constant: + const, const \cdot, =^c, and \propto, each tested as what it says and in which variable."""

import pytest
from small_documents import HOLDS, assert_holds, assert_not_accused, assert_open, assert_refuted, displayed, last, sides

GIVEN = r"Let $p(x,z)$ be a joint density, $q(z|x)$ a density, $\mu\in\mathbb{R}$ and $\sigma>0$."
NORMAL = r"\log\mathcal{N}(x;\mu,\sigma^2) = "
ELBO = r"\mathbb{E}_{q(z|x)}[\log p(x,z) - \log q(z|x)]"
DIVERGENCE = r"D_{KL}(q(z|x)\|p(z|x))"
SQUARE = r"-\frac{x^2-2x\mu}{2\sigma^2}"
EXPONENT = r"-\frac{(x-\mu)^2}{2\sigma^2}"

TOLD_APART = [
    (NORMAL + EXPONENT + r" + \text{const}", NORMAL + r"-\frac{(x-\mu)^2}{\sigma^2} + \text{const}"),
    (NORMAL + EXPONENT + " + const", NORMAL + r"\frac{(x-\mu)^2}{2\sigma^2} + const"),
    (NORMAL + r"\mathrm{const.}" + EXPONENT, NORMAL + r"\mathrm{const.} - \frac{(x-\mu)^3}{2\sigma^2}"),
    (NORMAL + SQUARE + r" + \text{constant}", NORMAL + r"-\frac{x^2-x\mu}{2\sigma^2} + \text{constant}"),
    (NORMAL + EXPONENT + r" + \text{const. w.r.t. } x", NORMAL + SQUARE + r" + \text{const. w.r.t. } \mu"),
    (r"\log p(z|x) = \log p(x|z) + \log p(z) + \text{const}", r"\log p(z|x) = \log p(x|z) + \text{const}"),
    (r"\log p(z|x) = \log p(x,z) + \text{cst}", r"\log p(z|x) = 2\log p(x,z) + \text{cst}"),
    (r"\log p(z|x) \overset{c}{=} \log p(x|z) + \log p(z)", r"\log p(z|x) \overset{c}{=} \log p(x|z)"),
    (r"\log p(z|x) \stackrel{+}{=} \log p(x,z)", r"\log p(z|x) \stackrel{+}{=} -\log p(x,z)"),
    (DIVERGENCE + " = -" + ELBO + r" + \text{const}", DIVERGENCE + " = " + ELBO + r" + \text{const}"),
    (
        r"\mathcal{N}(x;\mu,\sigma^2) = \text{const}\cdot\exp\left(-\frac{(x-\mu)^2}{2\sigma^2}\right)",
        r"\mathcal{N}(x;\mu,\sigma^2) = \text{const}\cdot\exp\left(-\frac{(x-\mu)^2}{\sigma^2}\right)",
    ),
    (r"p(z|x) \propto p(x|z)p(z)", r"p(z|x) \propto p(x|z)"),
    (r"p(z|x) \propto p(x,z)", r"p(z|x) \propto p(z)"),
    (r"p(x|z) \propto p(z|x)p(x)", r"p(x|z) \propto p(z|x)"),
    (
        r"\mathcal{N}(x;\mu,\sigma^2) \propto \exp\left(\frac{2x\mu-x^2}{2\sigma^2}\right)",
        r"\mathcal{N}(x;\mu,\sigma^2) \propto \exp\left(\frac{x\mu-x^2}{2\sigma^2}\right)",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("right", "wrong"), TOLD_APART)
def test_up_to_a_constant_right_and_wrong_are_told_apart(right, wrong):
    assert_holds(displayed(GIVEN, right))
    assert_refuted(displayed(GIVEN, wrong))


def test_a_chain_keeps_its_constant():
    chain = NORMAL + EXPONENT + r" + \text{const} = -\frac{x^2}{2\sigma^2} + \frac{x\mu}{\sigma^2} + \text{const}"
    assert_holds(displayed(GIVEN, chain))


@pytest.mark.parametrize(
    ("formula", "variable"),
    [
        (NORMAL + EXPONENT + r" + \text{const}", "x"),  # of a density first its outcome
        (r"\log p(z|x) = \log p(x|z) + \log p(z) + \text{const}", "z"),
        (NORMAL + r"\frac{x\mu}{\sigma^2} - \frac{\mu^2}{2\sigma^2} + \text{const}", "mu"),  # not in x: a likelihood
        (r"D_{KL}(q(z|x)\|p(z|x)) = -" + ELBO + r" + \text{const}", "q"),  # for all q: not in x
    ],
)
def test_the_report_says_in_which_variable(formula, variable):
    (taken,) = last(displayed(GIVEN, formula)).readings.values()
    assert taken == f"one that does not depend on {variable}"


def test_the_report_says_in_which_variable_sides_are_proportional():
    assert last(displayed(GIVEN, r"p(z|x) \propto p(x|z)p(z)")).readings == {"proportional in": "z"}


def test_a_term_that_moves_is_no_constant_of_a_density_at_a_point():
    """That the difference does not depend on the density p is no reading of 'const' where p is taken at a point."""
    assert "depend on p" not in str(last(displayed(GIVEN, r"\log p(z|x) = \log p(x|z) + \text{const}")).readings)


@pytest.mark.parametrize("letter", ["C", "c"])
def test_a_letter_that_nothing_explains_may_be_a_constant_and_is_never_held_against_anyone(letter):
    assert_holds(displayed(GIVEN, NORMAL + EXPONENT + f" + {letter}"))
    assert_open(displayed(GIVEN, NORMAL + rf"-\frac{{(x-\mu)^2}}{{\sigma^2}} + {letter}"))


def test_a_letter_that_is_explained_is_no_constant():
    assert_refuted(displayed(GIVEN + " Let $C>0$.", NORMAL + EXPONENT + " + C"))


def test_a_letter_on_both_sides_is_no_constant():
    assert sides(displayed(GIVEN, "(x + C)^2 = x^2 + 2xC + C"))[1].count("C") == 2
    assert last(displayed(GIVEN, "(x + C)^2 = x^2 + 2xC + C")).verdict not in HOLDS


@pytest.mark.parametrize(
    "formula",
    [
        r"\log p(x) \le \log p(x,z) + \text{const}",  # says nothing
        r"\log p(x) = \frac{1}{\text{const}} + 1",
        r"\log(p(x) + \text{const}) = \log p(x)",
        r"2\sigma = \mu + \text{const}",  # no variable in common
    ],
)
def test_constants_elsewhere_are_not_read(formula):
    assert last(displayed(GIVEN, formula)).verdict == "unread"


def test_what_a_constant_may_hide_is_not_accused():
    assert_not_accused(displayed(GIVEN, r"\log p(x,z) = \log p(x|z) + \text{const}"))
