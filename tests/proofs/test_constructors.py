"""Constructors compute the sorts, and refuse shapes that do not fit."""

from __future__ import annotations

import pytest

from proofs import terms as T
from proofs.terms import BOOL, LAW, SCALAR

x, y, z = map(T.symbol, "xyz")
n1, n2, m1 = T.vector_sort("n"), T.vector_sort(2), T.vector_sort("m")
v, u, w = T.symbol("v", n1), T.symbol("u", n2), T.symbol("w", m1)
A, B = T.symbol("A", T.matrix_sort("n", "n")), T.symbol("B", T.matrix_sort("m", "n"))
P, S = T.symbol("P", LAW), T.symbol("S", BOOL)


@pytest.mark.parametrize(
    "build",
    [
        lambda: T.add(x, v),
        lambda: T.add(v, w),
        lambda: T.add(v, T.transpose(v)),
        lambda: T.add(P, P),
        lambda: T.add(S, S),
        lambda: T.mul(v, v),
        lambda: T.mul(A, B),
        lambda: T.mul(x, P),
        lambda: T.mul(S, x),
        lambda: T.power(x, v),
        lambda: T.power(B, T.number(2)),
        lambda: T.power(P, T.number(2)),
        lambda: T.divide(x, v),
        lambda: T.hadamard(v, w),
        lambda: T.hadamard(P, P),
        lambda: T.hadamard(),
        lambda: T.transpose(P),
        lambda: T.inverse(B),
        lambda: T.inverse(v),
        lambda: T.inverse(P),
        lambda: T.det(B),
        lambda: T.det(S),
        lambda: T.trace(v),
        lambda: T.diag(A),
        lambda: T.diag(P),
        lambda: T.matrix(2, 2, [x]),
        lambda: T.matrix(1, 2, [x, v]),
        lambda: T.entry(P, T.ONE),
        lambda: T.entry(v),
        lambda: T.entry(A, T.ONE, T.ONE, T.ONE),
        lambda: T.entry(v, v),
        lambda: T.norm(P),
        lambda: T.exp(P),
        lambda: T.log(S),
        lambda: T.indicator(x),
        lambda: T.sum_over("i", P, T.ONE, T.ONE),
        lambda: T.sum_over("i", x, v, T.ONE),
        lambda: T.integral("z", S),
        lambda: T.integral("z", x, T.ONE, v),
        lambda: T.expectation("z", x, z),
        lambda: T.expectation("z", P, S),
        lambda: T.variance("z", P, A),
        lambda: T.variance("z", P, S),
        lambda: T.derivative(A, "v", sort=n1),
        lambda: T.derivative(v, "A", sort=A.sort),
        lambda: T.derivative(S, "x"),
        lambda: T.normal(v, x),
        lambda: T.normal(v, B),
        lambda: T.normal(x, A),
        lambda: T.normal(P, x),
        lambda: T.normal(T.transpose(v), A),
        lambda: T.law("bernoulli", P),
        lambda: T.law("normal", v, x),
        lambda: T.pdf(x, x),
        lambda: T.pdf(P, P),
        lambda: T.kl(x, P),
        lambda: T.jsd(P, S),
    ],
)
def test_shapes_that_do_not_fit_are_refused(build):
    with pytest.raises(T.ShapeError) as caught:
        build()
    assert str(caught.value)


@pytest.mark.parametrize(
    "build",
    [
        lambda: T.term("nonsense"),
        lambda: T.function("arcosh", x),
        lambda: T.compare("==", x, y),
        lambda: T.law("kl", x),
        lambda: T.law("family"),
        lambda: T.integral("z", x, T.ONE, None),
        lambda: T.derivative(x),
        lambda: T.pdf(P),
        lambda: T.family("p", ("x",), ("z",)),
    ],
)
def test_what_is_no_operator_or_incomplete_is_refused(build):
    with pytest.raises(ValueError):
        build()


@pytest.mark.parametrize(
    ("t", "sort"),
    [
        (T.mul(T.transpose(v), v), SCALAR),
        (T.mul(v, T.transpose(v)), A.sort),
        (T.mul(T.transpose(v), v, B), B.sort),
        (T.mul(B, A, v), m1),
        (T.mul(x, v, y), n1),
        (T.transpose(B), T.matrix_sort("n", "m")),
        (T.det(A), SCALAR),
        (T.trace(x), SCALAR),
        (T.diag(v), A.sort),
        (T.identity(1), SCALAR),
        (T.zeros("n"), n1),
        (T.matrix(2, 1, [x, y]), n2),
        (T.entry(A, T.ONE, T.ONE), SCALAR),
        (T.variance("z", P, v), A.sort),
        (T.derivative(x, "v", sort=n1), n1),
        (T.derivative(w, "v", sort=n1), T.matrix_sort("m", "n")),
        (T.derivative(v, "x"), n1),
        (T.derivative(x, "A", sort=B.sort), B.sort),
        (T.derivative(x, "x", "y"), n2),
        (T.power(v, T.number(2)), n1),
        (T.power(A, T.number(-1)), A.sort),
        (T.hadamard(v, v), n1),
        (T.hadamard(v), n1),
        (T.normal(v, A), LAW),
    ],
    ids=str,
)
def test_the_sort_of_what_fits(t, sort):
    assert t.sort == sort
