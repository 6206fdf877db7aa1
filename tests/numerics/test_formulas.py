"""Functions made concrete have values where they must, inverses that undo them, and the declared regularity."""

from fractions import Fraction
from random import Random

import pytest
from flint import fmpq

from numerics import exact, jets, matrices, rings
from numerics.evaluate import Evaluator
from numerics.exact import precision
from numerics.worlds import draw, formulas
from proofs.records import Domain, Function
from proofs.terms import SCALAR, matrix_sort, vector_sort


class Nothing:
    dims: dict = {}  # noqa: RUF012
    values: dict = {}  # noqa: RUF012


def at(formula, args, inverse=False):
    body = formula.inverse if inverse else formula.body
    return Evaluator(Nothing()).evaluate(body, dict(zip(formula.names, args)))


@pytest.mark.parametrize("style", ["rich", "polynomial", "rational"])
@pytest.mark.parametrize("kind", ["positive", "nonnegative", "nonzero", "unit", "closed_unit", "interval"])
def test_values_lie_in_their_domain(kind, style):
    domain = Domain(kind=kind)
    if kind == "interval":
        domain = Domain(kind=kind, lower=Fraction(-1), upper=Fraction(2))
    for seed in range(12):
        rng = Random(seed)
        f = formulas.draw_formula(Function((None,), (vector_sort(2),), domain), int, style, rng, seed % 2)
        with precision(2000):
            x = exact.ball(at(f, [draw.value(Domain(vector_sort(2)), int, rng, 1)]))
        assert {
            "positive": x > 0, "nonnegative": x >= 0, "nonzero": x != 0, "unit": x > 0 and x < 1,
            "closed_unit": x >= 0 and x <= 1, "interval": x > -1 and x < 2,
        }[kind], (seed, f.body)  # fmt: skip


@pytest.mark.parametrize("n", [1, 2, 3])
@pytest.mark.parametrize("style", ["rich", "polynomial", "affine"])
def test_a_bijection_is_undone_by_its_inverse_and_has_no_critical_point(n, style):
    sort = matrix_sort(n, 1)
    for seed in range(6):
        rng = Random(seed)
        function = Function((None, None), (sort, SCALAR), Domain(sort), bijection=True, parameters=1)
        f = formulas.draw_formula(function, int, style, rng, 1)
        x, t = draw.value(Domain(sort), int, rng, 1), fmpq(1, 3)
        with precision(600):
            back = at(f, [at(f, [x, t]), t], inverse=True)
            for a, b in zip(matrices.entries(back), matrices.entries(x)):
                assert exact.ball(a).overlaps(exact.ball(b))
                assert exact.ball(a).rad() < 1e-20
            moving = matrices.vector(jets.variables(1, matrices.entries(x)))
            rows = [jets.derivatives(e, 1, n) for e in matrices.entries(at(f, [moving, t]))]
            assert rings.known_sign(matrices.det(matrices.Mat(rows))) != 0


def test_convex_formulas_lie_below_their_chords():
    for seed in range(20):
        rng = Random(seed)
        f = formulas.draw_formula(Function((None,), (SCALAR,), convex=True), int, "rich", rng, seed % 2)
        a, b = draw.real(rng, 1), draw.real(rng, 1) + 5
        middle, ends = at(f, [(a + b) / 2]), (at(f, [a]) + at(f, [b])) / 2
        assert exact.ball(ends - middle) > 0


def test_a_positive_definite_value_is_positive_definite():
    sort = matrix_sort(3, 3)
    for seed in range(6):
        function = Function((None,), (vector_sort(2),), Domain(sort, "positive_definite"))
        f = formulas.draw_formula(function, int, "rich", Random(seed), 1)
        assert matrices.is_positive_definite(at(f, [draw.value(Domain(vector_sort(2)), int, Random(seed), 1)]))


def test_orthogonal_values_are_orthogonal():
    for n in (2, 3, 4):
        q = draw.orthogonal(n, Random(n))
        product = matrices.multiply(q, matrices.transpose(q))
        assert all(product.data[i][j] == (i == j) for i in range(n) for j in range(n))
