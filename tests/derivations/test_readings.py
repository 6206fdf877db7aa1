"""Notation with two common readings: one for a whole document; refuted only what fails in each; the report names it."""

import pytest
from small_documents import (
    HOLDS,
    assert_holds,
    assert_not_accused,
    assert_refuted,
    checked,
    displayed,
    displayed_verdicts,
    last,
    meanings,
    sides,
)

from proofs.printing import text as spelled

DEVIATION = r"\mathbb{E}_{x\sim\mathcal{N}(\mu,s)}[(x-\mu)^2] = s^2"
VARIANCE = r"\mathbb{E}_{x\sim\mathcal{N}(\mu,s)}[(x-\mu)^2] = s"
NEITHER = r"\mathbb{E}_{x\sim\mathcal{N}(\mu,s)}[(x-\mu)^2] = 3s"
GIVEN = r"Let $\mu\in\mathbb{R}$ and $s>0$."
SECOND = "second argument of N"


def test_the_second_argument_may_be_a_variance_or_a_standard_deviation():
    for formula, word in ((DEVIATION, "standard deviation"), (VARIANCE, "variance")):
        found = last(displayed(GIVEN, formula))
        assert found.verdict in HOLDS
        assert dict(found.readings) == {SECOND: word}


def test_refuted_only_what_fails_in_every_reading():
    assert_refuted(displayed(GIVEN, NEITHER))


def test_a_line_that_needs_a_reading_says_so():
    found = last(displayed(GIVEN, DEVIATION))
    assert "standard deviation" in found.reason


def test_one_reading_for_the_whole_document_in_which_most_lines_hold():
    text = displayed(GIVEN, DEVIATION) + displayed("", DEVIATION + "+ 0") + displayed("", VARIANCE)
    found = [r for r in checked(text) if r.readings]
    assert {dict(r.readings)[SECOND] for r in found} == {"standard deviation"}
    assert [r.verdict in HOLDS for r in found] == [True, True, False]
    assert found[2].verdict != "refuted"  # it holds in a reading that is still open


@pytest.mark.parametrize("second", [r"\sigma^2", r"\Sigma", "I", "1", "0.5^2"])
def test_what_can_only_be_a_variance_is_no_choice(second):
    # squares, capital Greek, and what has the same square root
    formula = rf"\mathbb{{E}}_{{x\sim\mathcal{{N}}(\mu,{second})}}[x] = \mu"
    for meaning in meanings(displayed("We have", formula)):
        assert meaning.problem is None
    if second in (r"\sigma^2", r"\Sigma", "I"):
        assert all(SECOND not in m.reading for m in meanings(displayed("We have", formula)))


def test_a_document_that_writes_squares_reads_squares():
    text = displayed("We have", r"\mathbb{E}_{x\sim\mathcal{N}(\mu,\sigma^2)}[(x-\mu)^2] = \sigma\cdot 1")
    assert_refuted(text)


@pytest.mark.parametrize(
    ("formula", "left"),
    [
        (r"\log a b = \log a + \log b", "log(a·b)"),
        (r"\log a + b = b + \log a", "log(a) + b"),
        (r"\log (a) b = b\log a", "log(a)·b"),
        (r"\log a \cdot \log b = \log b\log a", "log(a)·log(b)"),
    ],
)
def test_the_reach_of_a_logarithm(formula, left):
    text = displayed("Let $a,b>0$.", formula)
    assert_holds(text)
    assert left in [spelled(m.relation.lhs) for m in meanings(text) if m.relation is not None]


def test_a_logarithm_does_not_reach_over_a_sum():
    assert_refuted(displayed("Let $a,b>0$.", r"\log a + b = \log(a+b)"))


def test_the_reach_of_a_derivative():
    declaration = "Let $x\\in\\mathbb{R}$."
    assert_holds(displayed(declaration, r"\frac{d}{dx} x^2 = 2x"))
    assert_holds(displayed(declaration, r"\frac{d}{dx} (x^2 + x) = 2x + 1"))
    assert_holds(displayed(declaration, r"\frac{d}{dx} x^2 e^{x} = 2xe^{x} + x^2e^{x}"))
    assert_refuted(displayed(declaration, r"\frac{d}{dx} x^2 + x = 2x + 1"))
    assert_refuted(displayed(declaration, r"\frac{d}{dx} x^2 e^{x} = x^2e^{x}"))


def test_a_slash_before_two_factors_has_two_readings():
    declaration = "Let $a,b,c>0$."
    for right in (r"\frac{a}{bc}", r"\frac{a}{b}c"):
        assert last(displayed(declaration, f"a/bc = {right}")).verdict in HOLDS
    assert_refuted(displayed(declaration, r"a/bc = \frac{b}{ac}"))
    assert_refuted(displayed(declaration, r"a/b + c = \frac{a}{b+c}"))


def test_the_two_readings_of_a_slash_are_named():
    first, second = (last(displayed("Let $a,b,c>0$.", f"a/bc = {r}")) for r in (r"\frac{a}{bc}", r"\frac{a}{b}c"))
    assert first.readings and second.readings
    assert dict(first.readings) != dict(second.readings)


def test_bars_around_a_matrix_are_a_determinant_where_it_holds():
    declaration = r"Let $A\in\mathbb{R}^{2\times 2}$ be invertible."
    assert_holds(displayed(declaration, r"|A^{-1}| = \frac{1}{|A|}"))
    assert_refuted(displayed(declaration, r"|2A| = 2|A| + 1"))


def test_bars_around_a_number_are_its_absolute_value():
    assert_holds(displayed(r"Let $a\in\mathbb{R}$.", r"|-a| = |a|"))
    assert_refuted(displayed(r"Let $a\in\mathbb{R}$.", r"|a| = a"))


def test_q_of_z_beside_q_of_z_given_x_is_the_same_density_where_that_is_common():
    text = displayed(
        r"We approximate the posterior by $q(z|x)$.",
        r"\log p(x) = \mathbb{E}_{q(z|x)}[\log p(x|z)] - D_{KL}(q(z)\|p(z)) + D_{KL}(q(z|x)\|p(z|x))",
    )
    assert_not_accused(text)
    assert_refuted(text.replace(r"D_{KL}(q(z)\|p(z))", r"D_{KL}(p(z)\|q(z))"))


def test_what_is_not_ambiguous_has_one_reading():
    assert len(meanings(displayed("Let $a,b>0$.", r"\log(ab) = \log(a) + \log(b)"))) == 1
    assert meanings(displayed("Let $a,b>0$.", r"\log(ab) = \log(a) + \log(b)"))[0].reading == {}


@pytest.mark.parametrize(
    ("written", "spelled"),
    [
        (r"f(x)(1-x)", "f(x)·(1 - x)"),
        (r"f(x)f(2)", "f(x)·f(2)"),
        (r"a(1-x)", "a·(1 - x)"),
        (r"f(x)^2", "f(x)^2"),
    ],
)
def test_an_application_is_no_product(written, spelled):
    found = sides(displayed(r"Let $a,x\in\mathbb{R}$ and let $f$ be a function.", f"{written} = 0 + {written}"))
    assert found[0] == spelled


def test_sums_take_following_terms_only_while_the_index_is_free():
    assert_holds(displayed("We compute", r"\sum_{i=1}^n i + i^2 = \sum_{i=1}^n (i + i^2)"))
    assert_holds(displayed(r"Let $a>0$ and let $n\ge 2$.", r"\sum_{i=1}^n i + a = a + \frac{n(n+1)}{2}"))
    assert_refuted(displayed(r"Let $a>0$ and let $n\ge 2$.", r"\sum_{i=1}^n i + a = na + \frac{n(n+1)}{2}"))


def test_the_report_says_what_was_tried_for_a_refuted_line():
    found = last(displayed(GIVEN, NEITHER))
    assert found.verdict == "refuted"
    assert SECOND in found.reason or SECOND in dict(found.readings)


def test_readings_do_not_leak_between_documents():
    first = last(displayed(GIVEN, DEVIATION))
    second = last(displayed(GIVEN, VARIANCE))
    assert (dict(first.readings)[SECOND], dict(second.readings)[SECOND]) == ("standard deviation", "variance")
    assert displayed_verdicts(displayed(GIVEN, VARIANCE))[0] in HOLDS


@pytest.mark.parametrize(
    "formula",
    [
        r"D_{KL}(q(z|x)\|q(z)) = \int q(z|x)\log\frac{q(z|x)}{q(z|x)}dz",
        r"\int p(z) dz = \int p(z)\frac{q(z|x)}{q(z)} dz",
        r"\log q(z|x) - \log q(z) = \log q(z|x) - \log q(z|x)",
    ],
)
def test_a_conditional_and_a_marginal_that_are_set_against_each_other_are_two_laws(formula):
    (*_, found) = checked(displayed("Let $p(x,z)$ and $q(z|x)$ be densities.", formula))
    assert found.verdict not in HOLDS


def test_below_an_expectation_the_conditional_may_be_written_short():
    formula = r"\mathbb{E}_{q(z)}[\log q(z|x)] = \int q(z|x)\log q(z|x) dz"
    (*_, found) = checked(displayed("Let $p(x,z)$ and $q(z|x)$ be densities.", formula))
    assert found.verdict in HOLDS and "the same law" in found.readings.values()
