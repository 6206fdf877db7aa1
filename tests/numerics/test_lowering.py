"""Terms evaluated on samples: against ball arithmetic at random points, with error bounds that hold, in stable form."""

import math
from fractions import Fraction

import pytest
import torch
from flint import arb, fmpq
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from numerics import exact
from numerics.montecarlo.densities import unfold
from numerics.montecarlo.errors import CannotLower
from numerics.montecarlo.integrands import combine
from numerics.montecarlo.interpret import Interpreter, NotCovered
from numerics.montecarlo.lowering import lower
from numerics.montecarlo.majorants import Bounds
from numerics.montecarlo.polynomials import Polynomials, constant
from numerics.montecarlo.structure import skeleton, structures
from numerics.montecarlo.tracked import Tracked, TrackedValues
from proofs import terms as t
from proofs.terms import add, compare, divide, function, log, mul, number, pdf, power, symbol

torch.set_num_threads(1)
X, Y = symbol("x"), symbol("y")
rationals = st.fractions(-4, 4, max_denominator=8).map(lambda f: Fraction(round(f * 64), 64))
leaves = st.one_of(st.just(X), st.just(Y), rationals.map(number), st.just(t.PI))
SMOOTH = ["exp", "sin", "cos", "tanh", "arctan", "sigmoid", "softplus", "erf", "normal_cdf", "sinh", "cosh"]
PARTIAL = ["log", "sqrt", "abs", "relu", "floor", "sign", "log_gamma", "logit"]


def grow(inner):
    pairs = st.tuples(inner, inner)
    return st.one_of(
        pairs.map(lambda p: add(*p)),
        pairs.map(lambda p: mul(*p)),
        pairs.map(lambda p: divide(*p)),
        st.tuples(inner, st.sampled_from([2, 3, -1, -2, Fraction(1, 2), Fraction(3, 2)])).map(
            lambda p: power(p[0], number(p[1]))
        ),
        st.tuples(st.sampled_from(SMOOTH + PARTIAL), inner).map(lambda p: function(*p)),
        st.tuples(pairs, pairs, st.sampled_from(["<", "<=", ">", ">="])).map(
            lambda q: t.term("cases", (q[1][0], compare(q[2], *q[0]), q[1][1]))
        ),
        pairs.map(lambda p: t.indicator(compare("<", *p))),
    )


scalar_terms = st.recursive(leaves, grow, max_leaves=7)
points = st.tuples(rationals, rationals)


def exactly(term, x, y):
    """The value as a ball at 200 bits, or None where there is none (or it is not certain)."""
    try:
        with exact.precision(200):
            env = {"x": constant(fmpq(x.numerator, x.denominator)), "y": constant(fmpq(y.numerator, y.denominator))}
            value = Interpreter(Polynomials(), env).scalar(term).constant()
            ball = exact.ball(value)
            return ball if ball.is_finite() and float(abs(ball).upper()) < 1e120 and float(ball.rad()) < 1e-30 else None
    except (NotCovered, exact.Undefined, exact.TooWide, exact.Unsupported, OverflowError, ZeroDivisionError):
        return None


def tensors(x, y):
    return {"x": torch.tensor([[float(x)]], dtype=torch.float64), "y": torch.tensor([[float(y)]], dtype=torch.float64)}


INPUTS = {"x": t.SCALAR, "y": t.SCALAR}


@settings(max_examples=250, deadline=None)
@given(scalar_terms, points)
def test_rounding_bounds_hold(term, point):
    """What `tracked` says of its own error is true: the exact value lies within it."""
    value = exactly(term, *point)
    assume(value is not None)
    env = {n: Tracked(v, torch.zeros_like(v)) for n, v in tensors(*point).items()}
    try:
        found = Interpreter(TrackedValues("cpu"), env).scalar(term)
    except NotCovered:
        assume(False)
    error = float(found.error)
    assert math.isinf(error) or math.isnan(error) or abs(float(arb(float(found.value)) - value)) <= error


@settings(max_examples=250, deadline=None)
@given(scalar_terms, points, st.sampled_from([2.0**-40, 2.0**-20, 2.0**-6]), st.sampled_from([-1, 1]))
def test_errors_of_the_draws_are_carried_through(term, point, size, side):
    """Inputs that are off by as much as they say: the exact value at the exact point still lies within the error."""
    value = exactly(term, *point)
    assume(value is not None)
    env = {n: Tracked(v + side * size, torch.full_like(v, size)) for n, v in tensors(*point).items()}
    try:
        found = Interpreter(TrackedValues("cpu"), env).scalar(term)
    except NotCovered:
        assume(False)
    error = float(found.error)
    assert math.isinf(error) or math.isnan(error) or abs(float(arb(float(found.value)) - value)) <= error


@settings(max_examples=250, deadline=None)
@given(scalar_terms, points)
def test_lowered_terms_agree_with_ball_arithmetic(term, point):
    """As far as the conditioning allows, which `tracked` measures."""
    value = exactly(term, *point)
    assume(value is not None)
    env = {n: Tracked(v, torch.zeros_like(v)) for n, v in tensors(*point).items()}
    try:
        error = float(Interpreter(TrackedValues("cpu"), env).scalar(term).error)
    except NotCovered:
        assume(False)
    assume(error < 1e-6 * (1 + abs(float(value))))
    got = float(lower([term], INPUTS).run(tensors(*point))[0])
    assert abs(got - float(value)) <= 4 * error + 1e-13 * abs(float(value)) + 1e-290


@settings(max_examples=150, deadline=None)
@given(scalar_terms, points, st.tuples(st.fractions(0, 1, max_denominator=8), st.fractions(0, 1, max_denominator=8)))
def test_ranges_hold_every_value(term, point, widths):
    """The interval of a term over a box encloses its value at a corner and at the middle of the box."""
    from numerics.montecarlo.majorants import Bound

    (x, y), (dx, dy) = point, widths
    bounds = Bounds()
    box = {"x": Bound(float(x), float(x + dx)), "y": Bound(float(y) - 1e-9, float(y + dy) + 1e-9)}
    try:
        found = Interpreter(bounds, box).scalar(term)
    except (NotCovered, ZeroDivisionError, OverflowError):
        assume(False)
    for part in (Fraction(0), Fraction(1, 2)):
        value = exactly(term, Fraction(float(x)) + part * dx, y + part * dy)
        if value is not None and float(x) + float(part * dx) <= float(x + dx):
            assert value.lower() >= arb(found.low) - 1e-12 and value.upper() <= arb(found.high) + 1e-12


# ---------------------------------------------------------------------------------------------- stable forms


def value(term, **env):
    lowered = lower([unfold(term, {})], dict.fromkeys(env, t.SCALAR))
    return float(lowered.run({k: torch.tensor([[float(v)]], dtype=torch.float64) for k, v in env.items()})[0])


def test_logarithms_do_not_underflow():
    far = t.normal(number(0), number(1))
    near = t.normal(number(40), number(1))
    assert value(t.log(pdf(far, X)), x=100) == pytest.approx(-5000 - 0.5 * math.log(2 * math.pi))
    ratio = divide(pdf(far, X), pdf(near, X))
    assert value(ratio, x=50) == 0.0 or value(ratio, x=50) > 0
    assert value(t.log(ratio), x=50) == pytest.approx(-1250 + 50)
    d = divide(pdf(far, X), add(pdf(far, X), pdf(near, X)))
    assert value(t.log(d), x=100) == pytest.approx(-5000 + 1800)
    assert value(t.log(t.sub(t.ONE, d)), x=100) == pytest.approx(0.0, abs=1e-300)
    assert value(t.log(t.sub(t.ONE, d)), x=-60) == pytest.approx(-5000 + 1800)


def test_functions_keep_their_accuracy_at_the_ends():
    assert value(t.log(add(t.ONE, X)), x=1e-20) == 1e-20
    assert value(t.log(function("sigmoid", X)), x=-800) == -800
    assert value(t.log(t.sub(t.ONE, function("sigmoid", X))), x=800) == -800
    assert value(t.log(add(t.ONE, t.exp(X))), x=900) == 900
    assert value(mul(X, t.log(X)), x=0) == 0.0


def test_a_logarithm_is_not_split_where_signs_are_unknown():
    """log(xy) with x, y < 0 has a value; log x + log y has none."""
    assert value(t.log(mul(X, Y)), x=-2, y=-3) == pytest.approx(math.log(6))
    assert math.isnan(value(t.log(X), x=-1))


# ------------------------------------------------------------------------------------------ matrices, derivatives


def run(term, **env):
    sorts = {k: (t.SCALAR if v.dim() == 2 else t.matrix_sort(v.shape[-2], v.shape[-1])) for k, v in env.items()}
    return lower([term], sorts).run(env)[0]


def test_matrix_terms_agree_with_linear_algebra():
    g = torch.Generator().manual_seed(0)
    a = torch.randn(2, 5, 3, 3, dtype=torch.float64, generator=g)
    v = torch.randn(2, 5, 3, 1, dtype=torch.float64, generator=g)
    A, V = symbol("a", t.matrix_sort(3, 3)), symbol("v", t.vector_sort(3))
    cases = {
        mul(t.transpose(V), A, V): (v.mT @ a @ v)[..., 0, 0],
        mul(number(2), A, V): 2 * a @ v,
        t.trace(mul(A, A)): (a @ a).diagonal(dim1=-2, dim2=-1).sum(-1),
        t.det(A): torch.linalg.det(a),
        t.inverse(A): torch.linalg.inv(a),
        t.diag(V): torch.diag_embed(v[..., 0]),
        t.norm(V): v[..., 0].norm(dim=-1),
        t.hadamard(V, V): v * v,
        t.entry(A, number(2), number(3)): a[..., 1, 2],
        function("exp", V): v.exp(),
        add(A, t.identity(3)): a + torch.eye(3, dtype=torch.float64),
        t.sum_over("i", power(t.entry(V, symbol("i")), number(2)), number(1), number(3)): (v * v).sum((-1, -2)),
    }
    for term, expected in cases.items():
        assert torch.allclose(run(term, a=a, v=v).expand(expected.shape), expected, rtol=1e-12), term


def test_derivatives_are_those_of_each_sample():
    x = torch.linspace(-2, 2, 7, dtype=torch.float64)[None]
    term = t.derivative(function("sin", power(X, number(2))), "x")
    assert torch.allclose(run(term, x=x), 2 * x * torch.cos(x**2))
    second = t.derivative(t.derivative(power(X, number(4)), "x"), "x")
    assert torch.allclose(run(second, x=x), 12 * x**2)
    V, A = symbol("v", t.vector_sort(2)), t.matrix(2, 2, map(number, (1, 2, 3, 4)))
    v = torch.randn(1, 6, 2, 1, dtype=torch.float64)
    jacobian = t.derivative(mul(A, V), "v", sort=t.vector_sort(2))
    assert torch.allclose(
        run(jacobian, v=v), torch.tensor([[1.0, 2.0], [3.0, 4.0]], dtype=torch.float64).expand(1, 6, 2, 2)
    )
    gradient = t.derivative(mul(t.transpose(V), V), "v", sort=t.vector_sort(2))
    assert torch.allclose(run(gradient, v=v), 2 * v)
    at = t.at("y", t.derivative(mul(X, power(Y, number(3))), "y"), number(2))
    assert torch.allclose(run(at, x=x), 12 * x)


@settings(max_examples=150, deadline=None)
@given(scalar_terms, points)
def test_derivatives_as_terms_agree_with_autograd(term, point):
    """Two ways to one derivative: the rules of `differentiate`, and a backward pass."""
    from numerics.montecarlo.differentiate import has_jumps, resolve

    assume(not has_jumps(term) and "x" in t.free_symbols(term))
    written = t.derivative(term, "x")
    try:
        one = lower([resolve(written)], INPUTS).run(tensors(*point))[0]
    except CannotLower:
        assume(False)
    assume(bool(torch.isfinite(lower([term], INPUTS).run(tensors(*point))[0])))
    other = lower([written], INPUTS).run(tensors(*point))[0]
    one, other = one.detach(), other.detach()
    assume(bool(torch.isfinite(one).all() and torch.isfinite(other).all()) and abs(float(other)) < 1e8)
    env = {n: Tracked(v, torch.zeros_like(v)) for n, v in tensors(*point).items()}
    try:
        error = float(Interpreter(TrackedValues("cpu"), env).scalar(resolve(written)).error)
        assume(error < 1e-9 * (1 + abs(float(one))))  # as far as the conditioning allows
    except NotCovered:
        pass
    kink = any(n.op == "function" and n.data[0] in ("abs", "relu") for n in t.walk(term))
    assert kink or float(one) == pytest.approx(float(other), rel=1e-6, abs=1e-7)


def test_matrix_derivatives_as_terms_agree_with_autograd():
    from numerics.montecarlo.differentiate import resolve

    v, sort = torch.randn(1, 4, 2, 1, dtype=torch.float64, generator=torch.Generator().manual_seed(1)), t.vector_sort(2)
    V = symbol("v", sort)
    A = t.matrix(2, 2, [add(number(3), t.entry(V, number(1))), number(1), number(0), number(5)])
    for body in (
        log(t.det(mul(A, t.transpose(A)))),
        t.trace(t.inverse(A)),
        mul(t.transpose(V), A, V),
        t.norm(V),
        mul(A, V),
        function("tanh", V),
        t.hadamard(V, V),
    ):
        written = t.derivative(body, "v", sort=sort)
        assert torch.allclose(run(resolve(written), v=v), run(written, v=v), rtol=1e-9), body


REFUSED = [
    (t.call("f", (X,)), "call"),
    (symbol("q"), "q has no value"),
    (t.sum_over("i", X, number(1), symbol("n")), "bounds"),
    (t.term("maximum", (X,), ("x",)), "maximum"),
    (t.integral("x", X), "integral"),
    (t.constant("i"), "not real"),
    (t.entry(t.identity(2), number(3), number(1)), r"entry \(3, 1\)"),
    (t.trace(t.identity("n")), "dimension n"),
]


@pytest.mark.parametrize("term, what", REFUSED)
def test_refuses_by_name(term, what):
    with pytest.raises(CannotLower, match=what):
        lower([term], INPUTS)


# --------------------------------------------------------------------------------------------------- structures


def test_worlds_of_one_structure_share_a_program():
    def world(a, b):
        law = t.normal(number(a), number(b))
        return combine(t.expectation("x", law, mul(number(a), power(X, number(2)))))

    three = [(0, world(1, 2)), (1, world(3, 2)), (2, world(5, 2))]
    (one,) = structures(three)
    assert one.table == ((1.0,), (3.0,), (5.0,))  # the variance is the same everywhere, the mean occurs twice
    env = one.draw([0, 1, 2], (1, 2), 0, 8, "cpu")
    h = one.evaluate(env, 3, 8)
    for row in range(3):
        (alone,) = structures([three[row]])
        assert torch.allclose(alone.evaluate(alone.draw([0], (1, 2), 0, 8, "cpu"), 1, 8)[0], h[row])
    other = (3, combine(t.expectation("x", t.normal(number(0), number(1)), power(X, number(3)))))
    assert len(structures([*three, other])) == 2


def test_exponents_and_indices_belong_to_the_structure():
    numbers = []
    skeleton(mul(number(3), power(X, number(2)), t.entry(t.identity(2), number(1), number(2))), numbers)
    assert numbers == [3]
