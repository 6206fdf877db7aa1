"""Terms become SymPy and come back the same; ordinary SymPy expressions become terms, or are refused by name."""

from __future__ import annotations

import pickle

import pytest
import sympy
from hypothesis import HealthCheck, given, settings
from sympy import Function, MatrixSymbol, Symbol, symbols
from term_strategies import anything

from proofs.language import (
    At,
    DerivativeBy,
    Expectation,
    Family,
    Normal,
    NotInLanguage,
    OpaqueFunction,
    from_sympy,
    to_sympy,
)
from proofs.terms import (
    BOOL,
    HALF,
    LAW,
    MINUS_ONE,
    ONE,
    OPERATORS,
    SCALAR,
    Term,
    add,
    at,
    call,
    derivative,
    divide,
    entry,
    exp,
    expectation,
    function,
    hadamard,
    identity,
    inverse,
    kl,
    log,
    matrix_sort,
    mul,
    normal,
    number,
    power,
    sub,
    sum_over,
    symbol,
    term,
    trace,
    transpose,
    vector_sort,
    walk,
)

x, y = symbol("x"), symbol("y")
thorough = settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))


@thorough
@given(anything(3))
def test_back_and_forth_is_the_identity(t: Term):
    assert from_sympy(to_sympy(t)) == t


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(anything(2))
def test_one_term_is_one_expression(t: Term):
    other = add(t, ONE) if t.sort == SCALAR else term("cases", (t, symbol("holds", BOOL)), (), t.sort)
    if t.sort.kind in ("scalar", "matrix"):
        assert to_sympy(other) != to_sympy(t)
    assert to_sympy(t) == to_sympy(pickle.loads(pickle.dumps(t)))


@pytest.mark.parametrize(
    "t",
    [
        divide(x, x),
        sub(x, x),
        mul(number(0), log(number(0))),
        sub(expectation("x", normal(number(0), number(1)), x), expectation("x", normal(number(0), number(1)), x)),
        mul(number(1), x),
        add(x, number(0)),
        add(x, add(y, x)),
        mul(mul(x, y), x),
        power(power(x, number(2)), HALF),
        power(number(0), number(0)),
        exp(log(x)),
        exp(number(1)),
        function("abs", number(-1)),
        function("sqrt", power(x, number(2))),
        function("floor", HALF),
        sum_over("i", number(1), number(1), number(0)),
        term("and", [symbol("p", BOOL), symbol("p", BOOL)], (), BOOL),
        transpose(transpose(symbol("A", matrix_sort("n", "m")))),
        inverse(inverse(symbol("A", matrix_sort("n", "n")))),
        mul(inverse(symbol("A", matrix_sort(2, 2))), symbol("A", matrix_sort(2, 2))),
        power(symbol("A", matrix_sort(2, 2)), MINUS_ONE),
        power(symbol("v", vector_sort(2)), number(1)),
        mul(identity("n"), symbol("v", vector_sort("n"))),
        trace(x),
        derivative(y, "x"),
        derivative(derivative(call("f", [x, y]), "x"), "y"),
    ],
    ids=str,
)
def test_nothing_is_evaluated_on_the_way(t: Term):
    assert from_sympy(to_sympy(t)) == t


def test_every_operator_can_be_built():
    from proofs.language.conversion import BUILDERS

    assert BUILDERS.keys() == OPERATORS.keys()


def test_shapes_and_bound_names_survive():
    z = symbol("z", vector_sort("n"))
    t = expectation("z", normal(term("zeros", (), ("n", 1), vector_sort("n")), identity("n")), z)
    e = to_sympy(t)
    assert e.shape == (Symbol("n", integer=True, positive=True), 1)
    assert e.bound_symbols == [MatrixSymbol("z", Symbol("n", integer=True, positive=True), 1)]
    assert e.bound_symbols[0] not in e.free_symbols
    assert from_sympy(e).data == ("z",)


def test_a_number_between_matrices_keeps_its_place():
    u, v, a = symbol("u", vector_sort("n")), symbol("v", vector_sort("n")), symbol("A", matrix_sort("n", "m"))
    t = mul(transpose(u), v, a)
    assert t.sort == matrix_sort("n", "m")
    e = to_sympy(t)
    assert tuple(map(str, e.shape)) == ("n", "m")
    assert from_sympy(e) == t


def test_conversion_of_a_long_sum_needs_no_stack():
    t = x
    for _ in range(3000):
        t = term("add", (t, ONE))
    e = to_sympy(t)
    assert len(e.args) == 2


def test_a_term_that_contradicts_its_sorts_is_refused():
    wrong = term("expectation", (normal(x, y), symbol("v", vector_sort(2))), ("x",), SCALAR)
    with pytest.raises(NotInLanguage, match="vector of dimension 2"):
        to_sympy(wrong)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(anything(2))
def test_every_expression_is_printed(t: Term):
    e = to_sympy(t)
    assert isinstance(sympy.latex(e), str)
    assert isinstance(str(e), str)


def test_nodes_are_pickled():
    """Our own nodes; SymPy's evaluate when they are unpickled, so it is terms that go to workers."""
    n = MatrixSymbol("v", 2, 1)
    z = Symbol("z", real=True)
    for e in (Expectation(z, Normal(0, 1), z**2), OpaqueFunction("f", (2, 1), n), DerivativeBy(z**2, z)):
        again = pickle.loads(pickle.dumps(e))
        assert again == e
        assert type(again) is type(e)


def test_a_dummy_does_not_wake_the_evaluation():
    d = sympy.Dummy("t")
    assert from_sympy(sympy.Add(d, sympy.Mul(-1, d, evaluate=False), evaluate=False)).op == "add"


# ------------------------------------------------------------------------------------- ordinary SymPy expressions

a, b = symbols("a b")
i, k = symbols("i k", integer=True)
A, B = MatrixSymbol("A", 3, 3), MatrixSymbol("B", 3, 3)
v = MatrixSymbol("v", 3, 1)
At_, Bt, vt = symbol("A", matrix_sort(3, 3)), symbol("B", matrix_sort(3, 3)), symbol("v", vector_sort(3))
at_, bt = symbol("a"), symbol("b")


@pytest.mark.parametrize(
    ("expression", "meaning"),
    [
        (sympy.exp(a) / 2, mul(HALF, exp(at_))),
        pytest.param(a - b, {add(at_, mul(MINUS_ONE, bt)), add(mul(MINUS_ONE, bt), at_)}, id="a - b"),
        (a / b, mul(at_, power(bt, MINUS_ONE))),
        (sympy.sqrt(a), power(at_, HALF)),
        (sympy.Abs(a), function("abs", at_)),
        (sympy.digamma(a), function("digamma", at_)),
        (sympy.atan(a), function("arctan", at_)),
        (sympy.Max(a, 0), function("relu", at_)),
        (sympy.Sum(a**i, (i, 1, k)), sum_over("i", power(at_, symbol("i")), ONE, symbol("k"))),
        (
            sympy.Sum(i * k, (i, 1, k), (k, 1, 3)),
            sum_over("k", sum_over("i", mul(symbol("i"), symbol("k")), ONE, symbol("k")), ONE, number(3)),
        ),
        (sympy.Derivative(Function("f")(a), a), derivative(call("f", [at_]), "a")),
        (sympy.Derivative(Function("f")(a), a, a), derivative(derivative(call("f", [at_]), "a"), "a")),
        (
            sympy.Subs(sympy.Derivative(Function("f")(a), a), a, 0),
            at("a", derivative(call("f", [at_]), "a"), number(0)),
        ),
        (A * B * v, mul(At_, Bt, vt)),
        (2 * A, mul(number(2), At_)),
        (A + B, add(At_, Bt)),
        (A.T, transpose(At_)),
        (A.I, inverse(At_)),
        (sympy.Trace(A), trace(At_)),
        (sympy.Determinant(A), term("det", [At_])),
        (v.T * A * v, mul(transpose(vt), At_, vt)),
        (A[0, 2], entry(At_, ONE, number(3))),
        (v[1, 0], entry(vt, number(2))),
        (sympy.hadamard_product(A, B), hadamard(At_, Bt)),
        (sympy.Integral(sympy.exp(-a), (a, 0, sympy.oo)), None),
        (sympy.Piecewise((a, a > 0), (0, True)), None),
        (sympy.And(a > 0, b < 1), None),
        (sympy.Eq(a, b), term("compare", [at_, bt], ("=",), BOOL)),
        (-sympy.oo, mul(MINUS_ONE, term("constant", (), ("infinity",)))),
        (sympy.Matrix([[a, 1], [0, b]]), term("matrix", [at_, ONE, number(0), bt], (2, 2), matrix_sort(2, 2))),
    ],
    ids=str,
)
def test_an_ordinary_expression_has_a_term(expression, meaning):
    t = from_sympy(expression)
    if meaning is not None:
        assert t in meaning if isinstance(meaning, set) else t == meaning
    assert from_sympy(to_sympy(t)) == t


@pytest.mark.parametrize(
    ("expression", "named"),
    [
        (sympy.zeta(a), "zeta"),
        (sympy.Float(0.5), "Rational"),
        (sympy.nan, "NaN"),
        (sympy.Integral(a), "without bounds"),
        (sympy.Max(a, b), "max"),
        (sympy.besselj(1, a) + 1, "besselj"),
        (sympy.Lambda(a, a), "Lambda"),
        (Symbol("t", positive=True) + Symbol("t", negative=True), "two different symbols are called t"),
    ],
    ids=str,
)
def test_what_the_language_lacks_is_named(expression, named):
    with pytest.raises(NotInLanguage, match=named):
        from_sympy(expression)


def test_strings_are_never_parsed():
    with pytest.raises(TypeError, match="string"):
        from_sympy("x + 1")
    with pytest.raises(TypeError, match="string"):
        Expectation(Symbol("x", real=True), Normal(0, 1), "x**2")


def test_two_dummies_of_one_name_stay_two():
    d, e = sympy.Dummy("t"), sympy.Dummy("t")
    assert from_sympy(d - e) != from_sympy(d - d)
    assert len({s.data for s in walk(from_sympy(d * e)) if s.op == "symbol"}) == 2


# ----------------------------------------------------------------------------------------- substitution in nodes

z, w, t_ = (Symbol(n, real=True) for n in "zwt")


def test_subs_leaves_a_bound_variable_alone():
    e = Expectation(z, Normal(z, 1), z * w)
    assert e.subs(z, 5) == Expectation(z, Normal(5, 1), z * w)


def test_subs_does_not_capture():
    e = Expectation(z, Normal(0, 1), z * w).subs(w, z)
    (bound,) = e.bound_symbols
    assert bound != z
    assert e.args[2] == bound * z
    assert e.free_symbols == {z}


def test_subs_under_a_derivative_takes_the_derivative_first():
    f = OpaqueFunction("f", (), z, w)
    e = DerivativeBy(f, z)
    assert e.subs(z, 3) == At(z, e, 3)
    assert e.subs(z, t_) == DerivativeBy(OpaqueFunction("f", (), t_, w), t_)
    captured = e.subs(w, z)  # the partial derivative at the diagonal, not the total one
    assert captured.func is At
    assert captured.args[2] == z


def test_a_family_keeps_its_names():
    p = Family("p", ("x",), ("z",), ("theta",), (w, t_))
    assert from_sympy(p).data == ("p", ("x",), ("z",), ("theta",))


def test_a_divergence_of_unknown_laws():
    t = kl(symbol("P", LAW), symbol("Q", LAW))
    assert from_sympy(to_sympy(t)) == t
