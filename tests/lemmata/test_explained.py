"""What fails in a world is accused only where a slip explains it, or where there is nothing in it to misread."""

import pytest

import lemmata

TITLE = "Let $p(x,z)$ and $q(z)$ be densities.\n\n"


def verdict(text: str, formula: str):
    (*_, found) = lemmata.check_text(f"{text}\n\n$$\n{formula}\n$$\n", jobs=0).relations
    return found


@pytest.mark.parametrize(
    ("text", "formula", "slip"),
    [
        (TITLE, r"D_{KL}(q(z)\|p(z)) = \int q(z)\log\frac{p(z)}{q(z)}dz", "a sign"),
        (TITLE, r"p(z|x) = \frac{p(x|z)}{p(x)}", "the wrong density of the same letter"),
        (r"Let $\sigma>0$.", r"\log\sigma^2 = \log\sigma", "a numerical factor"),
        (r"Let $A,B\in\mathbb{R}^{n\times n}$.", r"AB = BA", "the order of a product"),
    ],
)
def test_a_slip_is_named(text, formula, slip):
    found = verdict(text, formula)
    assert found.verdict == "refuted" and slip in found.reason


def test_a_computation_with_nothing_to_misread_is_accused_without_a_slip():
    found = verdict("", r"\mathbb{E}_{x\sim\mathcal{N}(\mu,\sigma^2)}[x^4] = \mu\sigma + 17\mu^3\sin\sigma")
    assert found.verdict == "refuted" and found.repair is None and found.witness is not None


def test_a_failure_that_no_slip_explains_is_undecided_and_says_so():
    found = verdict(TITLE, r"\mathbb{E}_{q(z)}[\log p(x,z)] = \mathbb{E}_{q(z)}[p(x|z)^3] + \exp D_{KL}(q(z)\|p(z))")
    assert found.verdict == "undecided" and "no slip" in found.reason and found.witness is None


def test_an_equality_that_is_only_an_inequality_is_not_accused_but_said():
    found = verdict(
        "Let $p(x,z)$ and $q(z|x)$ be densities.",
        r"\log p(x) = \mathbb{E}_{q(z|x)}[\log p(x|z)] - D_{KL}(q(z|x)\|p(z))",
    )
    assert found.verdict == "undecided" and "inequality" in found.reason
    assert r"\ge" in found.as_json()["suggestion"]


def test_plain_arithmetic_is_accused_though_it_holds_as_an_inequality():
    assert verdict("Let $a,b>0$.", r"(a+b)^2 = a^2+b^2").verdict == "refuted"


def test_what_holds_up_to_a_constant_is_not_accused():
    found = verdict(
        r"Let $p(w) = \mathcal{N}(w; m, s^2)$ with $m\in\mathbb{R}$, $s>0$.",
        r"\log p(w) = -\frac{(w-m)^2}{2s^2}",
    )
    assert found.verdict == "undecided" and "constant" in found.reason and found.as_json()["suggestion"] is None


def test_the_suggestion_is_read_again_and_holds():
    found = verdict(TITLE, r"D_{KL}(q(z)\|p(z)) = \int q(z)\log\frac{p(z)}{q(z)}dz")
    assert verdict(TITLE, found.as_json()["suggestion"]).verdict in ("proved", "supported")


@pytest.mark.parametrize("end", ["0", r"\infty"])
def test_a_chain_that_ends_in_a_value_taken_under_a_condition_is_not_accused(end):
    symmetric = r"D_{KL}(p\|q) = D_{KL}(q\|p)"
    text = "Let $p(x)$ and $q(x)$ be densities."
    assert verdict(text, symmetric).verdict == "refuted"
    found = lemmata.check_text(f"{text}\n\n$$\n{symmetric} = {end}\n$$\n", jobs=0).relations
    assert "refuted" not in [r.verdict for r in found]


@pytest.mark.parametrize(("before", "after"), [("$x\\ge 1$ → ", ""), ("", " ⇒ $x = 1$"), ("$x = 1$ ⟹ ", "")])
def test_what_an_arrow_in_the_text_ties_to_another_formula_is_not_accused(before, after):
    text = "Let $x>0$.\n\nIn short: {}$\\log x^2 = \\log x$ holds{}\n"
    alone = lemmata.check_text(text.format("", ""), jobs=0).relations
    tied = lemmata.check_text(text.format(before, after).replace(" holds ⇒", " ⇒"), jobs=0).relations
    assert "refuted" in [r.verdict for r in alone] and "refuted" not in [r.verdict for r in tied]


QUADRATIC = r"(x-\mu)^T A (x-\mu) = x^T A x - \mu^T A x - {} A \mu + \mu^T A \mu"


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        (QUADRATIC.format("x^T"), ("proved", "supported")),
        (QUADRATIC.format("x"), ("refuted",)),  # the relation transposes it elsewhere
        (r"\|x-\mu\|^2 = x x - 2 \mu x + \mu \mu", ("undecided", "unread", "proved", "supported")),  # nowhere
        (r"\mu^T x^T y = y^T x \mu", ("undecided", "unread", "proved", "supported")),  # x may be a matrix
        (r"x^T A x = \mu A x + y B", ("undecided", "unread")),  # with it, it does not hold either
    ],
)
def test_a_lost_transposition_is_accused_where_the_text_writes_it_elsewhere_and_the_line_holds_with_it(
    formula, expected
):
    found = verdict("Let $x$ and $\\mu$ be vectors.", formula)
    assert found.verdict in expected, found.reason
    assert found.verdict != "refuted" or ("transposition" in found.reason and found.witness is not None)


def test_vectors_that_nothing_declares_may_be_meant_in_one_dimension():
    line = r"\mathcal{N}(\mathbf{x}; \mathbf{x}, s^2\mathbf{I}) = \frac{1}{\sqrt{2\pi}\,s}"
    assert verdict("Let $s>0$.", line).verdict == "undecided"
    assert verdict(r"Let $s>0$ and $\mathbf{x}\in\mathbb{R}^n$.", line).verdict == "refuted"


def test_of_the_changes_that_save_a_bound_the_tightest_is_shown():
    """A sign would do as well, log 4 + 2 JSD >= -log 2, but nobody means that."""
    found = verdict(TITLE, r"-\log 4 + 2\,\mathrm{JSD}(p(z)\|q(z)) \ge -\log 2")
    assert found.verdict == "refuted" and "a numerical factor" in found.reason
