"""The language as SymPy nodes: rewriting, calculus, functions, statements."""

from __future__ import annotations

import math

import numpy as np
import pytest
import scipy.integrate
import scipy.special
import scipy.stats
import sympy
from sympy import ImmutableMatrix, MatrixSymbol, Rational, Symbol, exp

from proofs.language import (
    JSD,
    KL,
    ArgMax,
    AsScalar,
    At,
    Cases,
    Conjunction,
    CrossEntropy,
    Density,
    DerivativeBy,
    Entropy,
    Entry,
    Expectation,
    Exponential,
    Family,
    Indicator,
    IntegralOver,
    Logit,
    Maximum,
    Norm,
    Normal,
    NormalCDF,
    OpaqueFunction,
    Poisson,
    Product,
    ProductOver,
    Pushforward,
    Relu,
    Sigmoid,
    Softplus,
    Sqrt,
    SumOver,
    Variance,
    WithDensity,
)

x, z, m = (Symbol(n, real=True) for n in ("x", "z", "m"))
s = Symbol("s", positive=True)
half = Rational(1, 2)


# ------------------------------------------------------------------------------------------------------ rewriting

p, q = Family("p", ("x",)), Family("q", ("x",))


def test_divergences_are_expectations():
    assert str(KL(q, p).rewrite(Expectation)) == "E[x ~ q(x)](log(q(x)/p(x)))"
    assert str(Entropy(p).rewrite(Expectation)) == "-E[x ~ p(x)](log p(x))"
    assert str(CrossEntropy(p, q).rewrite(Expectation)) == "-E[x ~ p(x)](log q(x))"
    assert KL(q, p).rewrite(CrossEntropy) == CrossEntropy(q, p) - Entropy(q)
    middle = WithDensity(x, (Density(p, x) + Density(q, x)) / 2)
    assert JSD(p, q).rewrite(KL) == KL(p, middle) / 2 + KL(q, middle) / 2


def test_the_new_variable_is_no_parameter_of_the_laws():
    law = Family("p", ("x",), ("y",), (), (x,))  # a given whose value is called x
    rewritten = KL(law, law).rewrite(Expectation)
    assert rewritten.bound_symbols[0] != x
    assert x in rewritten.free_symbols


def test_an_expectation_is_an_integral():
    assert Expectation(x, p, x**2).rewrite(IntegralOver) == IntegralOver(
        x, sympy.Mul(Density(p, x), x**2, evaluate=False)
    )
    assert Expectation(x, Exponential(2), x).rewrite(sympy.Integral).doit() == half
    assert Expectation(x, Poisson(3), x).rewrite(sympy.Sum).doit() == 3
    assert sympy.simplify(Variance(x, Normal(m, s), x).rewrite(Expectation).doit()) == s


# ------------------------------------------------------------------------------------------- calculus, functions


def test_sums_products_integrals():
    i, n = Symbol("i", real=True), Symbol("n", integer=True, positive=True)
    assert sympy.simplify(SumOver(i, i, 1, n).doit() - n * (n + 1) / 2) == 0
    assert ProductOver(i, i, 1, 5).doit() == 120
    assert IntegralOver(x, exp(-(x**2))).doit() == sympy.sqrt(sympy.pi)
    assert IntegralOver(x, x**2, 0, 3).doit() == 9
    assert SumOver(i, i * x, 1, 3).free_symbols == {x}
    assert IntegralOver(x, x).func is IntegralOver
    with pytest.raises(TypeError, match="both bounds"):
        IntegralOver(x, x, 0)


def test_derivatives():
    assert DerivativeBy(x**3, x).doit() == 3 * x**2
    assert DerivativeBy(x * z**2, x, z).doit() == ImmutableMatrix([z**2, 2 * x * z])
    assert DerivativeBy(m, x).doit() == 0
    assert At(x, DerivativeBy(x**3, x), 2).doit() == 12
    n = Symbol("n", integer=True, positive=True)
    v, b = MatrixSymbol("v", n, 1), MatrixSymbol("b", n, 1)
    a = MatrixSymbol("A", n, n)
    assert DerivativeBy(AsScalar(b.T * v), v).doit() == b
    assert DerivativeBy(AsScalar(v.T * a * v), v).doit() in (a * v + a.T * v, a.T * v + a * v)
    opaque = OpaqueFunction("f", (), x)
    assert At(x, DerivativeBy(opaque, x), 0).doit().args[2] == 0


def test_an_unknown_derivative_is_not_evaluated_at_its_point():
    f = OpaqueFunction("f", (), x)
    kept = At(x, DerivativeBy(f, x), Rational(3)).doit()
    assert kept == At(x, DerivativeBy(f, x), 3)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (Sigmoid, scipy.special.expit),
        (Softplus, lambda t: np.logaddexp(0, t)),
        (Relu, lambda t: max(t, 0)),
        (NormalCDF, scipy.stats.norm.cdf),
    ],
    ids=["sigmoid", "softplus", "relu", "normal_cdf"],
)
def test_functions(ours, theirs):
    for point in (Rational(-7, 3), sympy.Integer(0), Rational(5, 4)):
        assert float(ours(point).doit()) == pytest.approx(theirs(float(point)))
    step = 1e-6
    slope = (theirs(0.7 + step) - theirs(0.7 - step)) / (2 * step)
    assert float(ours(x).diff(x).subs(x, 0.7).doit()) == pytest.approx(slope, rel=1e-6)
    assert ours(sympy.Integer(0)).func is ours, "nothing is evaluated on construction"


def test_logit_and_root():
    assert float(Logit(Rational(1, 3)).doit()) == pytest.approx(-math.log(2))
    assert Sqrt(sympy.Integer(4)).func is Sqrt
    assert Sqrt(sympy.Integer(4)).doit() == 2


def test_statements_and_cases():
    assert Indicator(x < 2).subs(x, 1).doit() == 1
    assert Indicator(x < 2).subs(x, 3).doit() == 0
    both = Conjunction(x < 2, x < 2)
    assert len(both.args) == 2
    assert both.doit() == (x < 2)
    assert Cases(x, x > 0, -x).rewrite(sympy.Piecewise).subs(x, -3) == 3
    assert Maximum(x, -(x**2)).doit().func is Maximum
    assert ArgMax(x, -(x**2)).free_symbols == set()


def test_entries_and_products():
    v = ImmutableMatrix([2, 3, 5])
    assert Entry(v, 2).doit() == 3
    assert AsScalar(v.T * v).doit() == 38
    assert Norm(v).rewrite(sympy.Pow).doit() == sympy.sqrt(38)
    u, w = MatrixSymbol("u", 2, 1), MatrixSymbol("w", 2, 1)
    a = MatrixSymbol("A", 3, 4)
    assert Product(u.T, w, a).shape == (3, 4)
    numbers = {u: ImmutableMatrix([1, 2]), w: ImmutableMatrix([3, 4]), a: ImmutableMatrix(3, 4, list(range(12)))}
    assert Product(u.T, w, a).xreplace(numbers).doit() == 11 * numbers[a]


def test_assumptions():
    assert Density(p, x).is_extended_nonnegative
    assert KL(p, q).is_extended_nonnegative
    assert Sigmoid(x).is_extended_positive
    assert Expectation(x, p, x).is_extended_real
    assert Expectation(x, p, x).is_extended_nonnegative is None
    assert sympy.Abs(KL(p, q)) == KL(p, q)
    assert Expectation(x, p, OpaqueFunction("f", (2, 1), x)).is_commutative is False


def test_laws_are_no_numbers():
    with pytest.raises(TypeError, match="law of the variable"):
        Expectation(x, x, x)
    with pytest.raises(TypeError, match="of laws"):
        KL(x, p)
    with pytest.raises(TypeError, match="density"):
        Density(x, x)
    with pytest.raises(TypeError):
        Normal("mu", 1)
    assert not isinstance(p, sympy.Expr)
    assert Pushforward(x, p, x**2).free_symbols == set()
