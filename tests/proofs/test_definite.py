"""Which matrices are known to be definite or symmetric: never one that has a counterexample among random matrices."""

import numpy as np
import pytest

from proofs.records import Domain, Hypotheses
from proofs.side_conditions import Context
from proofs.terms import add, diag, identity, inverse, matrix_sort, mul, neg, number, symbol, transpose, vector_sort

SQUARE, WIDE, VECTOR = matrix_sort("n", "n"), matrix_sort("n", "m"), vector_sort("n")
S, A, C, U, V, x = (
    symbol("S", SQUARE), symbol("A", SQUARE), symbol("C", SQUARE), symbol("U", WIDE), symbol("V", WIDE),
    symbol("x", VECTOR),
)  # fmt: skip
c, a, k = symbol("c"), symbol("a"), symbol("k")
HYPOTHESES = Hypotheses(
    {
        "S": Domain(SQUARE, "positive_definite", declared=True),
        "A": Domain(SQUARE, "invertible", declared=True),
        "C": Domain(SQUARE, declared=True),
        "U": Domain(WIDE, declared=True),
        "V": Domain(WIDE, declared=True),
        "x": Domain(VECTOR, declared=True),
        "c": Domain(kind="positive", declared=True),
        "k": Domain(kind="nonnegative", declared=True),
        "a": Domain(declared=True),
        "n": Domain(kind="dimension", declared=True),
        "m": Domain(kind="dimension", declared=True),
    }
)
EYE, UT, VT, XT = identity("n"), transpose(U), transpose(V), transpose(x)
DEFINITE = [
    add(mul(U, UT), mul(c, EYE)), add(mul(k, U, UT), S), add(mul(UT, U), identity("m")), mul(A, transpose(A)),
    inverse(add(S, mul(x, XT))), add(mul(U, UT, S, U, UT), mul(c, EYE)), add(mul(C, S, transpose(C)), inverse(S)),
    mul(A, add(mul(U, UT), S), transpose(A)), add(mul(k, EYE), S),
]  # fmt: skip
NOT_KNOWN = [
    mul(U, UT), mul(UT, U), mul(x, XT), add(mul(U, UT), mul(x, XT)), add(mul(U, UT), mul(a, EYE)), mul(k, EYE),
    add(mul(U, VT), EYE), add(mul(neg(c), U, UT), EYE), add(mul(C, C), EYE), mul(C, S, transpose(C)), add(S, C),
    add(S, neg(EYE)), mul(S, S, S, A), add(mul(a, U, UT), EYE), mul(C, transpose(C)), add(mul(C, S), EYE),
]  # fmt: skip
SYMMETRIC = [mul(U, UT), mul(a, UT, U), mul(C, S, transpose(C)), inverse(add(mul(U, UT), S)), mul(U, UT, S, U, UT)]
NOT_SYMMETRIC = [mul(U, VT), mul(C, S), mul(S, A), add(mul(U, UT), C), mul(C, C, transpose(C)), mul(S, mul(U, UT))]


def value(t, world):
    """The term in a world of NumPy arrays."""
    args = [value(a, world) for a in t.args]
    if t.op == "symbol":
        return world[t.data[0]]
    if t.op == "number":
        return np.array(float(t.data[0]))
    if t.op == "identity":
        return np.eye(world[t.sort.rows])
    if t.op == "add":
        return sum(args[1:], args[0])
    if t.op == "mul":
        product = args[0]
        for arg in args[1:]:
            product = product * arg if 0 in (product.ndim, arg.ndim) else product @ arg
        return product
    return {"transpose": lambda m: m.T, "inverse": np.linalg.inv, "diag": np.diag}[t.op](args[0])


def worlds():
    generator = np.random.default_rng(3)
    for n, m in ((2, 3), (3, 1), (4, 2), (1, 1), (3, 5)):
        for _ in range(12):
            root = generator.normal(size=(n, n))
            full = generator.normal(size=(n, n))
            thin = generator.normal(size=(n, 1)) @ generator.normal(size=(1, n))
            yield {
                "n": n, "m": m, "S": root @ root.T + 0.1 * np.eye(n),
                "A": generator.normal(size=(n, n)), "C": full if generator.random() < 0.5 else thin,
                "U": generator.normal(size=(n, m)), "V": generator.normal(size=(n, m)),
                "x": generator.normal(size=(n, 1)), "c": np.array(0.3), "k": np.array(generator.choice([0.0, 2.0])),
                "a": np.array(generator.normal(scale=3)),
            }  # fmt: skip


def definite(m):
    return np.allclose(m, m.T) and np.linalg.eigvalsh(m).min() > 1e-9


@pytest.mark.parametrize("t", DEFINITE, ids=range(len(DEFINITE)))
def test_a_definite_matrix_is_known(t):
    assert Context(HYPOTHESES).holds("positive_definite", t)
    assert all(definite(value(t, w)) for w in worlds())


@pytest.mark.parametrize("t", NOT_KNOWN, ids=range(len(NOT_KNOWN)))
def test_what_may_fail_to_be_definite_is_not(t):
    assert not Context(HYPOTHESES).holds("positive_definite", t)
    assert not all(definite(value(t, w)) for w in worlds())


@pytest.mark.parametrize("t", SYMMETRIC, ids=range(len(SYMMETRIC)))
def test_a_symmetric_product_is_known(t):
    assert Context(HYPOTHESES).holds("symmetric", t)
    assert all(np.allclose(m, m.T) for m in (value(t, w) for w in worlds()))


@pytest.mark.parametrize("t", NOT_SYMMETRIC, ids=range(len(NOT_SYMMETRIC)))
def test_a_product_that_may_not_be_symmetric_is_not(t):
    assert not Context(HYPOTHESES).holds("symmetric", t)
    assert not all(np.allclose(m, m.T) for m in (value(t, w) for w in worlds()))


def test_a_matrix_of_only_one_column_is_definite_where_its_entry_is_positive():
    assert not Context(HYPOTHESES).holds("positive_definite", mul(number(-1), diag(x)))
