"""Sums over preimages, and maps whose derivative is invertible almost everywhere."""

import pytest

from derivations.reading import read_document, read_relations
from proofs import terms as T

GIVEN = (
    r"Let $p(\epsilon)$ be a density, $\epsilon\in\mathbb{R}$, $x\in\mathbb{R}$ and let $f$ be a function. "
    r"Let $f$ be smooth with an invertible derivative almost everywhere."
)


def read(formula: str, given: str = GIVEN):
    return read_relations(read_document("notes.md", f"{given}\n\n$$\n{formula}\n$$\n"))[-1]


@pytest.mark.parametrize("sign", [":", r"\,:\,"])
def test_a_sum_over_preimages_is_read(sign):
    relation = read(rf"\sum_{{\epsilon{sign}f(\epsilon)=x}}p(\epsilon) = 1").meanings[0].relation
    assert relation.lhs.op == "preimages" and relation.lhs.data == ("epsilon",)
    value, image, body = relation.lhs.args
    assert value == T.symbol("x") and image == T.call("f", [T.symbol("epsilon")]) and body.op == "pdf"
    assert relation.hypotheses.functions["f"].regular and not relation.hypotheses.functions["f"].bijection


@pytest.mark.parametrize(
    "condition",
    [r"f(\epsilon)\le x", r"x=f(\epsilon)", r"f(\epsilon)=g(\epsilon)", r"f(\epsilon)=x,\epsilon>0", r"\epsilon\in A"],
)
def test_another_condition_below_a_sum_is_not_guessed(condition):
    relation = read(rf"\sum_{{\epsilon:{condition}}}p(\epsilon) = 1")
    assert relation.kind != "claim" or all(m.relation is None for m in relation.meanings)


def test_a_condition_on_an_index_is_no_sum_over_preimages():
    relation = read(r"\sum_{i:c(i)=k}a_i = 1", "Let $c$ be a function.")
    assert relation.kind != "claim" or all(m.relation is None for m in relation.meanings)


@pytest.mark.parametrize(
    ("words", "regular", "bijection"),
    [
        ("smooth with an invertible derivative almost everywhere", True, False),
        ("smooth, and its derivative is invertible almost everywhere", True, False),
        ("an invertible function", False, True),
        ("a diffeomorphism", False, True),
        ("smooth", False, False),
    ],
)
def test_an_invertible_derivative_is_not_an_inverse(words, regular, bijection):
    given = rf"Let $p(\epsilon)$ be a density and $x\in\mathbb{{R}}$. Let $f$ be a function. Let $f$ be {words}."
    found = read(r"p(f(x)) = 1", given).meanings[0].relation.hypotheses.functions["f"]
    assert (found.regular, found.bijection) == (regular, bijection)


def test_a_dimension_is_no_differential():
    relation = read(r"\int\mathcal N(z;0,s^2I_{d_z})\,dz = 1", r"Let $z\in\mathbb{R}^{d_z}$ and $s>0$.")
    assert relation.meanings[0].relation.lhs.data == ("z",)


def test_the_origin_is_a_point_of_a_vector_law():
    relation = read(r"\mathcal N(0;m,s^2I_d) \le 1", r"Let $m\in\mathbb{R}^d$ and $s>0$.").meanings[0].relation
    assert relation.lhs.args[1] == T.zeros("d")
