"""Terms become SymPy and come back the same; ordinary SymPy expressions become terms, or are refused by name."""

from __future__ import annotations

import pickle

import pytest
import sympy
from hypothesis import HealthCheck, given, settings
from sympy import Function, MatrixSymbol, Symbol, symbols
from term_strategies import anything

from proofs import terms as T
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
from proofs.terms import BOOL, LAW, SCALAR, Term

x, y = T.symbol("x"), T.symbol("y")
thorough = settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))


@thorough
@given(anything(3))
def test_back_and_forth_is_the_identity(t: Term):
    assert from_sympy(to_sympy(t)) == t


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(anything(2))
def test_one_term_is_one_expression(t: Term):
    other = T.add(t, T.ONE) if t.sort == SCALAR else T.term("cases", (t, T.symbol("holds", BOOL)), (), t.sort)
    if t.sort.kind in ("scalar", "matrix"):
        assert to_sympy(other) != to_sympy(t)
    assert to_sympy(t) == to_sympy(pickle.loads(pickle.dumps(t)))


@pytest.mark.parametrize(
    "t",
    [
        T.divide(x, x),
        T.sub(x, x),
        T.mul(T.number(0), T.log(T.number(0))),
        T.sub(
            T.expectation("x", T.normal(T.number(0), T.number(1)), x),
            T.expectation("x", T.normal(T.number(0), T.number(1)), x),
        ),
        T.mul(T.number(1), x),
        T.add(x, T.number(0)),
        T.add(x, T.add(y, x)),
        T.mul(T.mul(x, y), x),
        T.power(T.power(x, T.number(2)), T.HALF),
        T.power(T.number(0), T.number(0)),
        T.exp(T.log(x)),
        T.exp(T.number(1)),
        T.function("abs", T.number(-1)),
        T.function("sqrt", T.power(x, T.number(2))),
        T.function("floor", T.HALF),
        T.sum_over("i", T.number(1), T.number(1), T.number(0)),
        T.term("and", [T.symbol("p", BOOL), T.symbol("p", BOOL)], (), BOOL),
        T.transpose(T.transpose(T.symbol("A", T.matrix_sort("n", "m")))),
        T.inverse(T.inverse(T.symbol("A", T.matrix_sort("n", "n")))),
        T.mul(T.inverse(T.symbol("A", T.matrix_sort(2, 2))), T.symbol("A", T.matrix_sort(2, 2))),
        T.power(T.symbol("A", T.matrix_sort(2, 2)), T.MINUS_ONE),
        T.power(T.symbol("v", T.vector_sort(2)), T.number(1)),
        T.mul(T.identity("n"), T.symbol("v", T.vector_sort("n"))),
        T.trace(x),
        T.derivative(y, "x"),
        T.derivative(T.derivative(T.call("f", [x, y]), "x"), "y"),
    ],
    ids=str,
)
def test_nothing_is_evaluated_on_the_way(t: Term):
    assert from_sympy(to_sympy(t)) == t


def test_every_operator_can_be_built():
    from proofs.language.conversion import BUILDERS

    assert BUILDERS.keys() == T.OPERATORS.keys()


def test_shapes_and_bound_names_survive():
    z = T.symbol("z", T.vector_sort("n"))
    t = T.expectation("z", T.normal(T.term("zeros", (), ("n", 1), T.vector_sort("n")), T.identity("n")), z)
    e = to_sympy(t)
    assert e.shape == (Symbol("n", integer=True, positive=True), 1)
    assert e.bound_symbols == [MatrixSymbol("z", Symbol("n", integer=True, positive=True), 1)]
    assert e.bound_symbols[0] not in e.free_symbols
    assert from_sympy(e).data == ("z",)


def test_a_number_between_matrices_keeps_its_place():
    u, v, a = (
        T.symbol("u", T.vector_sort("n")),
        T.symbol("v", T.vector_sort("n")),
        T.symbol("A", T.matrix_sort("n", "m")),
    )
    t = T.mul(T.transpose(u), v, a)
    assert t.sort == T.matrix_sort("n", "m")
    e = to_sympy(t)
    assert tuple(map(str, e.shape)) == ("n", "m")
    assert from_sympy(e) == t


def test_conversion_of_a_long_sum_needs_no_stack():
    t = x
    for _ in range(3000):
        t = T.term("add", (t, T.ONE))
    e = to_sympy(t)
    assert len(e.args) == 2


def test_a_term_that_contradicts_its_sorts_is_refused():
    wrong = T.term("expectation", (T.normal(x, y), T.symbol("v", T.vector_sort(2))), ("x",), SCALAR)
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
At_, Bt, vt = T.symbol("A", T.matrix_sort(3, 3)), T.symbol("B", T.matrix_sort(3, 3)), T.symbol("v", T.vector_sort(3))
at_, bt = T.symbol("a"), T.symbol("b")


@pytest.mark.parametrize(
    ("expression", "meaning"),
    [
        (sympy.exp(a) / 2, T.mul(T.HALF, T.exp(at_))),
        pytest.param(a - b, {T.add(at_, T.mul(T.MINUS_ONE, bt)), T.add(T.mul(T.MINUS_ONE, bt), at_)}, id="a - b"),
        (a / b, T.mul(at_, T.power(bt, T.MINUS_ONE))),
        (sympy.sqrt(a), T.power(at_, T.HALF)),
        (sympy.Abs(a), T.function("abs", at_)),
        (sympy.digamma(a), T.function("digamma", at_)),
        (sympy.atan(a), T.function("arctan", at_)),
        (sympy.Max(a, 0), T.function("relu", at_)),
        (sympy.Sum(a**i, (i, 1, k)), T.sum_over("i", T.power(at_, T.symbol("i")), T.ONE, T.symbol("k"))),
        (
            sympy.Sum(i * k, (i, 1, k), (k, 1, 3)),
            T.sum_over(
                "k", T.sum_over("i", T.mul(T.symbol("i"), T.symbol("k")), T.ONE, T.symbol("k")), T.ONE, T.number(3)
            ),
        ),
        (sympy.Derivative(Function("f")(a), a), T.derivative(T.call("f", [at_]), "a")),
        (sympy.Derivative(Function("f")(a), a, a), T.derivative(T.derivative(T.call("f", [at_]), "a"), "a")),
        (
            sympy.Subs(sympy.Derivative(Function("f")(a), a), a, 0),
            T.at("a", T.derivative(T.call("f", [at_]), "a"), T.number(0)),
        ),
        (A * B * v, T.mul(At_, Bt, vt)),
        (2 * A, T.mul(T.number(2), At_)),
        (A + B, T.add(At_, Bt)),
        (A.T, T.transpose(At_)),
        (A.I, T.inverse(At_)),
        (sympy.Trace(A), T.trace(At_)),
        (sympy.Determinant(A), T.term("det", [At_])),
        (v.T * A * v, T.mul(T.transpose(vt), At_, vt)),
        (A[0, 2], T.entry(At_, T.ONE, T.number(3))),
        (v[1, 0], T.entry(vt, T.number(2))),
        (sympy.hadamard_product(A, B), T.hadamard(At_, Bt)),
        (sympy.Integral(sympy.exp(-a), (a, 0, sympy.oo)), None),
        (sympy.Piecewise((a, a > 0), (0, True)), None),
        (sympy.And(a > 0, b < 1), None),
        (sympy.Eq(a, b), T.term("compare", [at_, bt], ("=",), BOOL)),
        (-sympy.oo, T.mul(T.MINUS_ONE, T.term("constant", (), ("infinity",)))),
        (sympy.Matrix([[a, 1], [0, b]]), T.term("matrix", [at_, T.ONE, T.number(0), bt], (2, 2), T.matrix_sort(2, 2))),
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
    assert len({s.data for s in T.walk(from_sympy(d * e)) if s.op == "symbol"}) == 2


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
    t = T.kl(T.symbol("P", LAW), T.symbol("Q", LAW))
    assert from_sympy(to_sympy(t)) == t
