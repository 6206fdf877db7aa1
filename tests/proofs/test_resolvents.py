"""What the search does with sums like U U^T + cI, with quadratic exponents and with parts of known sign."""

import pytest

from proofs.prover import prove
from proofs.records import Domain, Hypotheses, Relation
from proofs.terms import (
    HALF,
    ONE,
    TWO,
    Term,
    add,
    det,
    divide,
    exp,
    expectation,
    function,
    identity,
    inverse,
    matrix_sort,
    mul,
    neg,
    normal,
    number,
    power,
    sub,
    symbol,
    trace,
    transpose,
    vector_sort,
    zeros,
)

WIDE = matrix_sort("n", "m")
U, x, z = symbol("U", WIDE), symbol("x", vector_sort("n")), symbol("z", vector_sort("m"))
a, c, k, m, n = (symbol(s) for s in "ackmn")
HYPOTHESES = Hypotheses(
    {
        "U": Domain(WIDE, declared=True),
        "x": Domain(vector_sort("n"), declared=True),
        "z": Domain(vector_sort("m"), declared=True),
        "c": Domain(kind="positive", declared=True),
        "k": Domain(kind="nonnegative", declared=True),
        "a": Domain(declared=True),
        "n": Domain(kind="dimension", declared=True),
        "m": Domain(kind="dimension", declared=True),
    }
)
UT, N, M = transpose(U), identity("n"), identity("m")
OUTER, INNER = add(mul(U, UT), mul(c, N)), add(mul(UT, U), mul(c, M))
over = power(c, number(-1))
SHIFT = power(c, sub(n, m))
MINUS_HALF = mul(number(-1), HALF)
WEIGHT = mul(number(-1), over, transpose(z), z)


def mean(body: Term) -> Term:
    return expectation("z", normal(zeros("m"), M), body)


HOLD = {
    "Woodbury": (inverse(OUTER), "=", mul(over, add(N, neg(mul(U, inverse(INNER), UT))))),
    "push through": (mul(UT, inverse(OUTER)), "=", mul(inverse(INNER), UT)),
    "Sylvester": (det(OUTER), "=", mul(SHIFT, det(INNER))),
    "trace": (trace(mul(U, inverse(INNER), UT)), "=", sub(m, mul(c, trace(inverse(INNER))))),
    "a Gaussian integral of a square": (
        mean(exp(WEIGHT)),
        "=",
        power(add(ONE, mul(TWO, over)), mul(MINUS_HALF, m)),
    ),
    "exp without a part": (exp(add(a, k)), ">=", exp(a)),
    "a root without a part": (function("sqrt", add(ONE, c)), ">", ONE),
    "equal inside exponentials": (
        exp(sub(divide(ONE, c), divide(ONE, add(c, ONE)))),
        "=",
        exp(divide(ONE, mul(c, add(c, ONE)))),
    ),
}
FAIL = {
    "Woodbury with a sign": (inverse(OUTER), "=", mul(over, add(N, mul(U, inverse(INNER), UT)))),
    "Woodbury without 1/c": (inverse(OUTER), "=", add(N, neg(mul(U, inverse(INNER), UT)))),
    "push through without a transposition": (mul(UT, inverse(OUTER)), "=", mul(UT, inverse(add(mul(U, UT), N)))),
    "Sylvester without the power": (det(OUTER), "=", det(INNER)),
    "Sylvester upside down": (det(OUTER), "=", mul(power(c, sub(m, n)), det(INNER))),
    "trace of the other size": (trace(mul(U, inverse(INNER), UT)), "=", sub(n, mul(c, trace(inverse(INNER))))),
    "a divergent mean": (mean(exp(neg(WEIGHT))), "=", power(add(ONE, neg(mul(TWO, over))), mul(MINUS_HALF, m))),
    "exp without a part, turned": (exp(add(a, k)), "<=", exp(a)),
    "exp without a part, strictly": (exp(add(a, k)), ">", exp(a)),
    "exp without a part of no sign": (exp(add(k, a)), ">=", exp(k)),
    "a negative power without a part": (power(add(ONE, c), MINUS_HALF), ">", ONE),
}  # fmt: skip


def relation(claim: tuple[Term, str, Term]) -> Relation:
    return Relation(*claim, HYPOTHESES)


@pytest.mark.parametrize("name", sorted(HOLD))
def test_it_is_proved_in_any_dimension(name: str) -> None:
    proof = prove(relation(HOLD[name]), 10.0)
    assert proof is not None
    assert all(not isinstance(d, int) or d == 1 for row in proof.certificate["terms"] for d in row[2][1:])


@pytest.mark.parametrize("name", sorted(FAIL))
def test_it_is_not_proved(name: str) -> None:
    assert prove(relation(FAIL[name]), 3.0) is None
