"""A normal density that is given by its formula is the law N(m, s^2), however it is written; nothing else is."""

import pytest
from small_documents import checked, displayed_verdicts

from derivations.reading.conventions import field_conventions
from derivations.reading.names import plain_label
from derivations.reading.parser import parse_expression
from derivations.reading.survey.normal_formulas import normal_law
from derivations.reading.tree import Group, Sequence


def recognised(formula: str) -> tuple[str | None, ...] | None:
    law = normal_law(parse_expression(formula), "z", field_conventions())
    if law is None:
        return None
    assert isinstance(law, Sequence) and isinstance(law.items[1], Group)
    return tuple(plain_label(part) for part in law.items[1].parts)


@pytest.mark.parametrize(
    "formula",
    [
        r"\frac{1}{\sqrt{2\pi\sigma^2}} \exp\left(-\frac{(z-\mu)^2}{2\sigma^2}\right)",
        r"\frac{1}{\sigma\sqrt{2\pi}} e^{-\frac{1}{2}\left(\frac{z-\mu}{\sigma}\right)^2}",
        r"(2\pi\sigma^2)^{-1/2} \text{exp}\left\{-\frac{1}{2\sigma^2}(z-\mu)^2\right\}",
        r"{1 \over \sqrt{2\pi}\sigma} e^{-(\mu-z)^2/(2\sigma^2)}",
    ],
)
def test_the_mean_and_the_variance_are_found(formula):
    assert recognised(formula) == ("mu", "sigma^2")


@pytest.mark.parametrize(
    "formula",
    [
        r"\frac{1}{2\pi\sigma^2} \exp\left(-\frac{(z-\mu)^2}{2\sigma^2}\right)",
        r"\frac{1}{\sqrt{2\pi\sigma^2}} \exp\left(-\frac{(z-\mu)^2}{\sigma^2}\right)",
        r"\frac{1}{\sqrt{2\pi\sigma^2}} \exp\left(\frac{(z-\mu)^2}{2\sigma^2}\right)",
        r"\frac{1}{\sqrt{2\pi\sigma^2}} \exp\left(-\frac{(z-\mu)}{2\sigma^2}\right)",
        r"\frac{1}{\sqrt{2\pi}} \exp\left(-\frac{(x-\mu)^2}{2}\right)",
        r"\frac{1}{2b} \exp\left(-\frac{|z-\mu|}{b}\right)",
    ],
)
def test_another_formula_is_none(formula):
    assert recognised(formula) is None


GAUSSIANS = r"""Assume that both are Gaussian:

$$
p(z) = \frac{1}{\sqrt{2\pi\sigma_p^2}} \exp\left(-\frac{(z-\mu_p)^2}{2\sigma_p^2}\right)
$$

$$
q(z) = \frac{1}{\sqrt{2\pi\sigma_q^2}} \exp\left(-\frac{(z-\mu_q)^2}{2\sigma_q^2}\right)
$$

"""


@pytest.mark.parametrize(
    ("line", "verdict"),
    [
        (r"\mathbb{E}_q[(z-\mu_q)^2] = \sigma_q^2", "proved"),
        (r"\mathbb{E}_q[(z-\mu_q)^2] = \sigma_q", "refuted"),
        (r"\mathbb{E}_q[(z-\mu_p)^2] = \sigma_q^2 + (\mu_q-\mu_p)^2", "proved"),
        (r"\mathbb{E}_q[(z-\mu_p)^2] = \sigma_q^2 + \mu_q-\mu_p", "refuted"),
    ],
)
def test_what_follows_from_the_formulas_is_settled(line, verdict):
    *laws, found = displayed_verdicts(f"{GAUSSIANS}$$\n{line}\n$$")
    assert laws == ["assumption", "assumption"] and found == verdict


def test_a_variance_that_is_one_letter_is_no_standard_deviation():
    text = "$$p(x) = \\frac{1}{\\sqrt{2\\pi v}} e^{-\\frac{(x-m)^2}{2v}}$$\n\n$$\\mathbb{E}_{p(x)}[(x-m)^2] = v^2$$"
    assert [r.verdict for r in checked(text)] == ["assumption", "refuted"]
    assert displayed_verdicts(text.replace("= v^2", "= v"))[-1] == "proved"
