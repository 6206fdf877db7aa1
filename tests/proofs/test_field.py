"""The algebra of rational functions over opaque atoms, of numbers and of matrices."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from real_numbers import REALS, by_field, x, y, z

from proofs import terms as T
from proofs.field import Algebra
from proofs.kernel import KernelError
from proofs.polynomials import AlgebraError
from proofs.records import Domain, Hypotheses
from proofs.side_conditions import Context


@st.composite
def polynomials(draw, depth=3):
    """A random arithmetic term in x, y, z together with its value at a fixed rational point."""
    if depth == 0 or draw(st.booleans()):
        if draw(st.booleans()):
            n = draw(st.integers(-5, 5))
            return T.number(n), Fraction(n)
        name, value = draw(st.sampled_from([(x, Fraction(3, 7)), (y, Fraction(-5, 11)), (z, Fraction(13, 17))]))
        return name, value
    left, lv = draw(polynomials(depth=depth - 1))
    right, rv = draw(polynomials(depth=depth - 1))
    kind = draw(st.sampled_from(["add", "sub", "mul", "square"]))
    if kind == "add":
        return T.add(left, right), lv + rv
    if kind == "sub":
        return T.sub(left, right), lv - rv
    if kind == "mul":
        return T.mul(left, right), lv * rv
    return T.power(left, T.TWO), lv**2


def expanded(t):
    """The same polynomial multiplied out by a routine of its own (dictionaries of exponent triples)."""

    def go(u):
        if u.op == "number":
            return {(0, 0, 0): u.data[0]} if u.data[0] else {}
        if u.op == "symbol":
            return {tuple(int(n == u.data[0]) for n in "xyz"): Fraction(1)}
        if u.op == "add":
            out = {}
            for s in u.args:
                for m, c in go(s).items():
                    out[m] = out.get(m, 0) + c
            return out
        factors = [go(s) for s in u.args] if u.op == "mul" else [go(u.args[0])] * 2
        out = {(0, 0, 0): Fraction(1)}
        for f in factors:
            out2 = {}
            for m, c in out.items():
                for m2, c2 in f.items():
                    key = tuple(i + j for i, j in zip(m, m2))
                    out2[key] = out2.get(key, 0) + c * c2
            out = out2
        return out

    parts = [
        T.mul(T.number(c), *(T.power(v, T.number(e)) for v, e in zip((x, y, z), m))) for m, c in go(t).items() if c
    ]
    return T.add(T.ZERO, *parts) if parts else T.ZERO


@given(polynomials())
@settings(max_examples=60, deadline=None)
def test_polynomial_identities_are_accepted(pair):
    t, _ = pair
    assert by_field(t, expanded(t)).relation == "="


@given(polynomials(), st.integers(1, 9), st.sampled_from([T.ONE, x, T.mul(x, y), T.power(z, T.TWO)]))
@settings(max_examples=60, deadline=None)
def test_perturbed_identities_are_refused(pair, c, m):
    t, _ = pair
    with pytest.raises(KernelError):
        by_field(t, T.add(expanded(t), T.mul(T.number(c), m)))


@given(polynomials(), polynomials(), polynomials())
@settings(max_examples=40, deadline=None)
def test_quotients_are_compared_by_cross_multiplication(p, q, r):
    """(p + q/r) r = p r + q needs r != 0; over the positive number r^2 + 1 it needs nothing."""
    positive = T.add(T.power(r[0], T.TWO), T.ONE)
    lhs = T.mul(T.add(p[0], T.divide(q[0], positive)), positive)
    assert by_field(lhs, T.add(T.mul(p[0], positive), q[0]))


def test_the_algebra_gives_up_rather_than_hang():
    big = T.power(T.add(*(T.symbol(f"v{i}") for i in range(12))), T.number(12))
    with pytest.raises(AlgebraError):
        Algebra(Context(REALS)).scalar(big)
    tower = T.number(10)
    for _ in range(6):
        tower = T.power(tower, T.number(40))
    with pytest.raises(AlgebraError):
        Algebra(Context(REALS)).scalar(tower)


N = "n"
MAT = T.matrix_sort(N, N)
A, B, S = T.symbol("A", MAT), T.symbol("B", MAT), T.symbol("S", MAT)
u, v = T.symbol("u", T.vector_sort(N)), T.symbol("v", T.vector_sort(N))


MATRICES = Hypotheses(
    {
        "A": Domain(MAT, "invertible", declared=True),
        "B": Domain(MAT, declared=True),
        "S": Domain(MAT, "positive_definite", declared=True),
        "u": Domain(T.vector_sort(N), declared=True),
        "v": Domain(T.vector_sort(N), declared=True),
    }
)


@pytest.mark.parametrize(
    ("lhs", "rhs"),
    [
        (T.mul(A, T.add(B, S)), T.add(T.mul(A, B), T.mul(A, S))),
        (T.transpose(T.mul(A, B)), T.mul(T.transpose(B), T.transpose(A))),
        (T.mul(A, T.inverse(A), B), B),
        (T.mul(T.transpose(u), v), T.mul(T.transpose(v), u)),
        (T.mul(T.transpose(u), A, v), T.mul(T.transpose(v), T.transpose(A), u)),
        (T.mul(u, T.transpose(v), u), T.mul(T.mul(T.transpose(u), v), u)),
        (T.mul(T.transpose(u), S, v), T.mul(T.transpose(v), S, u)),
        (
            T.mul(T.transpose(T.sub(u, v)), S, T.sub(u, v)),
            T.add(T.mul(T.transpose(u), S, u), T.mul(T.number(-2), T.transpose(u), S, v), T.mul(T.transpose(v), S, v)),
        ),
    ],
)
def test_matrix_identities(lhs, rhs):
    assert by_field(lhs, rhs, MATRICES)


@pytest.mark.parametrize(
    ("lhs", "rhs"),
    [
        (T.mul(A, B), T.mul(B, A)),
        (T.transpose(T.mul(A, B)), T.mul(T.transpose(A), T.transpose(B))),
        (T.transpose(B), B),
        (T.mul(T.transpose(u), A, v), T.mul(T.transpose(v), A, u)),
        (T.mul(u, T.transpose(v)), T.mul(v, T.transpose(u))),
        (T.mul(T.inverse(A), B, A), B),
        (
            T.mul(T.transpose(T.sub(u, v)), B, T.sub(u, v)),
            T.add(T.mul(T.transpose(u), B, u), T.mul(T.number(-2), T.transpose(u), B, v), T.mul(T.transpose(v), B, v)),
        ),
    ],
)
def test_wrong_matrix_identities(lhs, rhs):
    with pytest.raises(KernelError):
        by_field(lhs, rhs, MATRICES)


def test_an_inverse_needs_an_invertible_matrix():
    with pytest.raises(KernelError, match="invertible"):
        by_field(T.mul(B, T.inverse(B)), T.identity(N), MATRICES)
    # where both sides need it, they are defined together
    assert by_field(T.mul(B, T.inverse(B)), T.mul(T.inverse(B), B), MATRICES)
