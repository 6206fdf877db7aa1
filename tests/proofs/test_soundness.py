"""Falsehoods that the kernel must refuse, and the prover must not find a proof of: each was an attempt to break in."""

from dataclasses import dataclass, field
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proofs.intervals import Interval, around, hull, interval_add, interval_mul, interval_neg, point
from proofs.kernel import prove_by
from proofs.prover import prove
from proofs.prover.lemmas import Searching
from proofs.records import Domain, Family, Function, Hypotheses, Relation, Space
from proofs.rules.language import Lambda
from proofs.side_conditions import Context
from proofs.terms import (
    HALF,
    LAW,
    MINUS_ONE,
    ONE,
    TWO,
    ZERO,
    Term,
    add,
    at,
    call,
    compare,
    constant,
    derivative,
    divide,
    entry,
    exp,
    expectation,
    family,
    function,
    identity,
    integral,
    kl,
    law,
    log,
    matrix_sort,
    mul,
    normal,
    number,
    pdf,
    power,
    sub,
    sum_over,
    symbol,
    term,
    trace,
    vector_sort,
    zeros,
)

x, y, z, w, a, b, i, n = (symbol(s) for s in "xyzwabin")
INFINITY, IMAGINARY = constant("infinity"), constant("i")
absolute = lambda t: function("abs", t)  # noqa: E731
V2, M2 = symbol("v", vector_sort(2)), symbol("A", matrix_sort(2, 2))


def declared(kind="real", **more):
    return Hypotheses({s: Domain(kind=kind, declared=True) for s in "xyzwab"}, **more)


REALS = declared()
DIMENSION = Hypotheses({"n": Domain(kind="dimension", declared=True)})
ONTO_POSITIVE = declared(functions={"f": Function(bijection=True, values=Domain(kind="positive", declared=True))})
TWO_SPACES = Hypotheses(
    families={"p": Family(("x",)), "q": Family(("z",))},
    spaces={"x": Space(), "z": Space(vector_sort(3), shape_guessed=False)},
    space_of={"x": "x", "z": "z"},
)
DISCRETE = Hypotheses(
    functions={"f": Function(bijection=True, argument_spaces=("z",), result_space="y")},
    families={"p": Family(("z",))},
    spaces={"z": Space(discrete=True), "y": Space(discrete=True)},
    space_of={"z": "z", "y": "y"},
)
PX, QZ = family("p", ("x",)), family("q", ("z",))


def rule(name, path=(), back=False, **values):
    return {"at": path, "rule": name, "with": values, **({"back": True} if back else {})}


@dataclass(frozen=True)
class Attempt:
    """A relation that does not hold (or has no value), and the steps that once proved it, or might."""

    lhs: Term
    relation: str
    rhs: Term
    hypotheses: Hypotheses = REALS
    steps: list = field(default_factory=list)


fx = sub(x, ONE)
SERIES = divide(function("sin", mul(power(i, TWO), x)), power(i, TWO))
DIMENSIONS = sum_over("n", trace(identity("n")), ONE, number(3))
DENSITY = pdf(law("uniform", ZERO, ONE), x)
ATTEMPTS = {
    "infinity less infinity is 0": Attempt(sub(INFINITY, INFINITY), "=", ZERO),
    "nothing times infinity is 0": Attempt(mul(ZERO, INFINITY), "=", ZERO),
    "infinity over infinity is 1": Attempt(divide(INFINITY, INFINITY), "=", ONE),
    "a square is positive, also of i": Attempt(power(IMAGINARY, TWO), ">=", ZERO, REALS, [{"sign": ">="}]),
    "0^a is 0 for every a": Attempt(power(ZERO, a), "=", ZERO),
    "0^-1 cancels": Attempt(mul(ZERO, power(ZERO, MINUS_ONE)), "=", ONE),
    "x/x is 1 for every real x": Attempt(divide(x, x), "=", ONE),
    "0/0 is 0/0, doubled": Attempt(divide(sub(x, x), sub(x, x)), "=", mul(TWO, divide(sub(x, x), sub(x, x)))),
    "log of a negative number": Attempt(sub(log(number(-1)), log(number(-1))), "=", ZERO),
    "log x^2 is 2 log x": Attempt(log(power(x, TWO)), "=", mul(TWO, log(x))),
    "log of a product of negatives": Attempt(
        log(mul(x, y)), "=", add(log(x), log(y)), REALS, [rule("log.product", bs=[x, y], es=[ONE, ONE])]
    ),
    "the root of a square is the number": Attempt(power(power(x, TWO), HALF), "=", x),
    "(x^2)^(1/2) by adding exponents": Attempt(power(power(x, TWO), HALF), "=", power(x, ONE)),
    "what is no entry is positive": Attempt(
        entry(V2, number(7)), ">", ZERO, Hypotheses({"v": Domain(vector_sort(2), "positive_vector", declared=True)})
    ),
    "the tangent has a value everywhere": Attempt(sub(function("tan", x), function("tan", x)), "=", ZERO),
    "every matrix has an inverse": Attempt(
        sub(trace(power(M2, MINUS_ONE)), trace(power(M2, MINUS_ONE))), "=", ZERO,
        Hypotheses({"A": Domain(matrix_sort(2, 2), declared=True)}),
    ),
    "every vector can be divided by": Attempt(
        sub(entry(power(V2, MINUS_ONE), ONE), entry(power(V2, MINUS_ONE), ONE)), "=", ZERO,
        Hypotheses({"v": Domain(vector_sort(2), declared=True)}),
    ),
    "a function onto the positive numbers takes every value": Attempt(
        MINUS_ONE, ">", ZERO, ONTO_POSITIVE,
        [rule("inverse.right", back=True, f="f", x=x, y=MINUS_ONE, ps=[]), {"sign": ">"}],
    ),
    "between 1 and 0, x is at least 1": Attempt(
        integral("x", absolute(fx), ONE, ZERO), "=", integral("x", fx, ONE, ZERO), REALS,
        [rule("abs.positive", (0,), a=fx)],
    ),
    "a dimension is captured by an index": Attempt(
        DIMENSIONS, "=", sum_over("n", n, ONE, number(3)), DIMENSION, [rule("trace.identity", (0,), A=identity("n"))]
    ),
    "a dimension is differentiated": Attempt(
        derivative(trace(identity("n")), "n"), "=", ZERO, DIMENSION,
        [rule("derivative.constant", w=n, A=trace(identity("n")))],
    ),
    "|x| has a derivative at 0": Attempt(
        derivative(absolute(x), "x"), "=", ONE, declared("nonnegative"),
        [rule("abs.positive", (0,), a=x), rule("derivative.self", w=x)],
    ),
    "|x - y| has a derivative where x = y": Attempt(
        derivative(absolute(sub(x, y)), "x"), "=", ONE, declared(conditions=(compare(">=", x, y),))
    ),
    "a kink has a slope": Attempt(sub(derivative(absolute(x), "x"), derivative(absolute(x), "x")), "=", ZERO),
    "Gibbs between laws of two spaces": Attempt(
        kl(PX, QZ), ">=", ZERO, TWO_SPACES, [rule("gibbs", back=True, P=PX, Q=QZ)]
    ),
    "Gibbs between two dimensions": Attempt(kl(normal(ZERO, ONE), normal(zeros(3), identity(3))), ">=", ZERO),
    "p(x) is p(z)": Attempt(
        pdf(PX, a), "=", pdf(family("p", ("z",)), a),
        Hypotheses(families={"p": Family(("x", "z"))}, spaces={"x": Space(), "z": Space()}),
    ),
    "p(x|z) is p(x)": Attempt(
        pdf(family("p", ("x",), ("z",), [z]), x), "=", pdf(PX, x),
        Hypotheses(families={"p": Family(("x", "z"))}, spaces={"x": Space(), "z": Space()}),
    ),
    "a density is nowhere 0": Attempt(divide(DENSITY, DENSITY), "=", ONE),
    "the length of the line less itself": Attempt(sub(integral("x", ONE), integral("x", ONE)), "=", ZERO),
    "a variance of 0 has a density": Attempt(divide(pdf(normal(a, ZERO), x), pdf(normal(a, ZERO), x)), "=", ONE),
    "a negative variance": Attempt(expectation("x", normal(ZERO, MINUS_ONE), power(x, TWO)), "=", MINUS_ONE),
    "a uniform law on nothing": Attempt(expectation("x", law("uniform", ONE, ONE), x), "=", ONE),
    "a Bernoulli law with probability 2": Attempt(expectation("x", law("bernoulli", TWO), x), "=", TWO),
    "an infinite sum is differentiated term by term": Attempt(
        derivative(sum_over("i", SERIES, ONE, INFINITY), "x"), "=",
        sum_over("i", derivative(SERIES, "x"), ONE, INFINITY), REALS,
        [rule("derivative.sum", w=x, i=i, A=Lambda((i,), SERIES), a=ONE, b=INFINITY)],
    ),
    "an infinite sum is split": Attempt(
        sum_over("i", add(divide(ONE, i), mul(MINUS_ONE, divide(ONE, i))), ONE, INFINITY), "=",
        add(sum_over("i", divide(ONE, i), ONE, INFINITY), mul(MINUS_ONE, sum_over("i", divide(ONE, i), ONE, INFINITY))),
    ),
    "the first term of an empty sum": Attempt(
        sum_over("i", i, ONE, ZERO), "=", add(ONE, sum_over("i", i, TWO, ZERO)), REALS,
        [rule("sum.first", i=i, A=Lambda((i,), i), a=ONE, b=ZERO)],
    ),
    "a sum from a half": Attempt(
        sum_over("i", i, HALF, HALF), "=", HALF, REALS, [rule("sum.one", i=i, A=Lambda((i,), i), a=HALF)]
    ),
    "an empty sum of positive terms is positive": Attempt(sum_over("i", i, ONE, ZERO), ">", ZERO),
    "a step is differentiated under the integral": Attempt(
        derivative(expectation("x", normal(ZERO, ONE), term("indicator", (compare(">", x, w),))), "w"), "=", ZERO
    ),
    "the law depends on what is differentiated by": Attempt(
        derivative(expectation("x", normal(w, ONE), x), "w"), "=",
        expectation("x", normal(w, ONE), derivative(x, "w")), REALS,
        [rule("derivative.expectation", w=w, x=x, P=normal(w, ONE), A=Lambda((x,), x))],
    ),
    "at x = 0 nothing is divided": Attempt(at("x", divide(x, x), ZERO), "=", ONE),
    "the x outside is the x inside": Attempt(
        expectation("x", normal(a, ONE), mul(x, x)), "=", mul(x, expectation("x", normal(a, ONE), x))
    ),
    "a product in the other order": Attempt(
        mul(M2, symbol("B", matrix_sort(2, 2))), "=", mul(symbol("B", matrix_sort(2, 2)), M2)
    ),
    "a positive number times a negative one": Attempt(mul(x, y), ">=", ZERO, declared()),
    "bigger squares of bigger numbers": Attempt(
        power(x, TWO), "<=", power(y, TWO), declared(conditions=(compare("<=", x, y),)), [{"at": (0,), "hypothesis": 0}]
    ),
    "an inequality turned round by a minus": Attempt(
        mul(MINUS_ONE, x), "<=", mul(MINUS_ONE, y), declared(conditions=(compare("<=", x, y),)),
        [{"at": (1,), "hypothesis": 0}],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(ATTEMPTS))
def test_the_kernel_refuses(name):
    t = ATTEMPTS[name]
    relation = Relation(t.lhs, t.relation, t.rhs, t.hypotheses)
    for proof in ({"left": t.steps, "right": []}, {"left": [], "right": t.steps}):
        with pytest.raises(ValueError):
            prove_by(relation, proof)


@pytest.mark.parametrize("name", sorted(ATTEMPTS))
def test_the_prover_finds_nothing(name):
    t = ATTEMPTS[name]
    assert prove(Relation(t.lhs, t.relation, t.rhs, t.hypotheses), 2.0) is None


@pytest.mark.parametrize(
    ("source", "why"),
    [
        (family("p", ("z",)), "a discrete space has no volumes"),
        (law("bernoulli", HALF), "two points have no density"),
        (law("poisson", ONE), "the whole numbers have no density"),
    ],
)
def test_a_jacobian_is_for_continuous_laws_only(source, why):
    values = {"x": z, "u": symbol("u", z.sort), "P": source, "f": "f", "y": y, "ps": []}
    image = pdf(term("pushforward", (source, call("f", [z])), ("z",), LAW), y)
    name = "change.of.variables"
    with pytest.raises(ValueError, match=name.replace(".", r"\.")):
        Searching(Relation(ONE, "=", ONE, DISCRETE)).rewrite(image, {"rule": name, "with": values})


def test_integrability_is_never_granted_in_silence():
    """What is not known to be integrable is refused, or said aloud; a law's own variable in its mean is no density."""
    c = Context(REALS)
    assert not c.holds("integrable", x, a)
    assert c.holds("integrable", x, exp(x)) and c.used
    for t in (pdf(normal(x, ONE), x), pdf(family("p", ("y",), ("x",), [x]), x)):
        c = Context(REALS)
        c.holds("integrable", x, t)
        assert c.used
    c = Context(REALS)
    assert c.holds("integrable", x, pdf(normal(a, ONE), x)) and not c.used


def test_the_ledger_says_which_densities_must_be_positive():
    h = Hypotheses(families={"p": Family(("x",))}, spaces={"x": Space()})
    proof = prove(Relation(sub(log(pdf(PX, a)), log(pdf(PX, a))), "=", ZERO, h))
    assert proof and any("positive" in s for s in proof.assumed)


INTERVALS = st.builds(
    lambda a, b, c, d: (
        Interval(-a if a == float("inf") else min(a, b), c or a == float("inf"), max(a, b) if a != b else a, d)
        if a != b or a == float("inf")
        else Interval(a, False, b, False)
    ),
    st.fractions(-3, 3, max_denominator=2), st.fractions(-3, 3, max_denominator=2), st.booleans(), st.booleans(),
)  # fmt: skip


def points_of(i):
    """Points of an interval, near its ends and at those that it reaches."""
    inside = [i.low + (i.high - i.low) * Fraction(k, 64) for k in (1, 17, 32, 50, 63)]
    return inside + [i.low] * (not i.low_open) + [i.high] * (not i.high_open)


def lies_in(v, i):
    return (i.low < v or (v == i.low and not i.low_open)) and (v < i.high or (v == i.high and not i.high_open))


@given(INTERVALS, INTERVALS)
@settings(max_examples=200, deadline=None)
def test_intervals_hold_what_they_are_said_to_hold(a, b):
    """Sums, products, negatives, hulls and neighbourhoods of points lie where interval arithmetic says."""
    for p in points_of(a):
        assert lies_in(-p, interval_neg(a)) and lies_in(p, hull(a, b))
        near = around(a)
        assert near.low < p < near.high
        for q in points_of(b):
            assert lies_in(p + q, interval_add(a, b)) and lies_in(p * q, interval_mul(a, b))
    for half in (Interval(a.low, a.low_open), Interval(high=a.high, high_open=a.high_open)):
        assert all(lies_in(p * 1000, interval_mul(half, interval_mul(point(1000), point(1)))) for p in points_of(a))
