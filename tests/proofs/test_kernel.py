"""The kernel accepts what follows and refuses, by name, what does not."""

import pytest
from real_numbers import REALS, a, b, by_field, x, y

from proofs import terms as T
from proofs.kernel import Kernel, KernelError, Theorem, prove_by
from proofs.records import Domain, Hypotheses, Relation

# ------------------------------------------------------------------------------------------------ theorems


def test_nobody_else_makes_theorems():
    with pytest.raises(KernelError):
        Theorem(object(), REALS, x, "=", x, (), ())


def test_a_theorem_is_frozen():
    theorem = by_field(T.add(x, y), T.add(y, x))
    with pytest.raises(AttributeError):
        theorem.rhs = T.ZERO


# ------------------------------------------------------------------------------------------------ capture


def test_a_constant_that_is_the_bound_variable_does_not_leave():
    """E_x[x] = x: the x outside is another one."""
    e = T.expectation("x", T.normal(a, b), x)
    step = {"rule": "expectation.constant", "with": {"x": x, "P": T.normal(a, b), "c": x}}
    with pytest.raises(ValueError):
        Kernel(Relation(T.ONE, "=", T.ONE)).rewrite(e, step)


def test_hypotheses_about_a_name_do_not_reach_under_its_binder():
    """y > 0 outside says nothing about the y of an expectation."""
    h = Hypotheses({"y": Domain(kind="positive", declared=True)})
    body = T.function("abs", y)
    e = T.expectation("y", T.normal(T.ZERO, T.ONE), body)
    kernel = Kernel(Relation(e, "=", e, h))
    with pytest.raises(ValueError, match=r"abs\.positive"):
        kernel.rewrite(e, {"at": [1], "rule": "abs.positive", "with": {"a": y}})
    assert kernel.rewrite(T.function("abs", y), {"rule": "abs.positive", "with": {"a": y}}) == (y, "=")


def test_an_equation_is_not_used_under_a_derivative_by_its_variable():
    """With y = x^2 at the present point, the derivative of y by x is not that of x^2."""
    h = Hypotheses(conditions=(T.compare("=", y, T.power(x, T.TWO)),))
    d = T.derivative(y, "x")
    kernel = Kernel(Relation(d, "=", d, h))
    with pytest.raises(KernelError):
        kernel.rewrite(d, {"at": [0], "hypothesis": 0})
    with pytest.raises(ValueError, match=r"derivative\.constant"):
        kernel.rewrite(d, {"rule": "derivative.constant", "with": {"w": x, "A": y}})


# ------------------------------------------------------------------------------------------------ inequalities


def gap(t, path, h=REALS, kind=">="):
    return Kernel(Relation(t, "=", t, h)).rewrite(t, {"at": path, "sign": kind})


def test_polarity():
    q = T.power(x, T.TWO)
    assert gap(T.add(y, q), [1]) == (T.add(y, T.ZERO), ">=")
    assert gap(T.add(y, T.mul(T.MINUS_ONE, q)), [1, 1])[1] == "<="
    with pytest.raises(KernelError, match="monotone"):
        gap(T.mul(y, q), [1])
    with pytest.raises(KernelError, match="monotone"):
        gap(T.function("cos", q), [0])


def test_an_inequality_does_not_leave_a_logarithm_undefined():
    h = Hypotheses({"x": Domain(kind="positive", declared=True)})
    with pytest.raises(KernelError, match="logarithm"):
        gap(T.log(T.add(x, T.neg(T.divide(x, T.TWO)), T.power(x, T.TWO))), [0, 2], Hypotheses())
    with pytest.raises(KernelError, match="logarithm"):
        gap(T.log(x), [0], h)


def test_relations_that_point_apart_do_not_compose():
    q = T.power(x, T.TWO)
    t = T.add(q, T.mul(T.MINUS_ONE, T.power(y, T.TWO)))
    steps = [{"at": [0], "sign": ">="}, {"at": [1, 1], "sign": ">="}]
    with pytest.raises(KernelError, match="compose"):
        prove_by(Relation(t, ">=", T.add(T.ZERO, T.mul(T.MINUS_ONE, T.ZERO)), REALS), {"left": steps, "right": []})


def test_a_weak_proof_does_not_give_a_strict_relation():
    proof = {"left": [{"sign": ">="}], "right": []}
    assert prove_by(Relation(T.power(x, T.TWO), ">=", T.ZERO, REALS), proof)
    with pytest.raises(KernelError):
        prove_by(Relation(T.power(x, T.TWO), ">", T.ZERO, REALS), proof)
    with pytest.raises(KernelError):
        prove_by(Relation(T.power(x, T.TWO), "<=", T.ZERO, REALS), proof)
