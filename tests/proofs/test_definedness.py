"""What has no value proves nothing: quotients by zero, logarithms, laws that are none."""

import pytest
from real_numbers import NOTHING, REALS, by_field, x, y

from proofs import terms as T
from proofs.kernel import Kernel, KernelError, prove_by
from proofs.prover import prove
from proofs.records import Domain, Hypotheses, Relation, Space


def test_division_by_what_may_be_zero_is_refused():
    with pytest.raises(KernelError, match="nonzero: x"):
        by_field(T.divide(x, x), T.ONE)
    for kind in ("positive", "nonzero", "unit"):
        assert by_field(T.divide(x, x), T.ONE, Hypotheses({"x": Domain(kind=kind, declared=True)}))
    with pytest.raises(KernelError):
        by_field(T.divide(T.sub(x, x), T.sub(x, x)), T.ONE)
    with pytest.raises(KernelError):
        by_field(T.mul(x, T.power(T.ZERO, T.MINUS_ONE)), T.mul(y, T.power(T.ZERO, T.MINUS_ONE)))


def test_where_nothing_was_declared_the_domain_shrinks_and_the_ledger_says_so():
    theorem = by_field(T.divide(x, x), T.ONE, Hypotheses())
    assert theorem.assumed == ("x != 0 (where both sides are defined)",)


def test_a_bound_variable_cannot_shrink_a_domain():
    """E 1/x * x = 1 is not saved by 'where both sides are defined': x is not free."""
    body = T.mul(T.divide(T.ONE, x), x)
    with pytest.raises(KernelError):
        prove_by(Relation(T.expectation("x", T.normal(T.ZERO, T.ONE), body), "=", T.ONE), NOTHING)
    # log(x^2) = 2 log x under a normal law: one side is defined, the other is not
    law = T.normal(T.ZERO, T.ONE)
    lhs, rhs = T.expectation("x", law, T.log(T.power(x, T.TWO))), T.expectation("x", law, T.mul(T.TWO, T.log(x)))
    assert prove(Relation(lhs, "=", rhs)) is None


def test_what_cancels_must_have_been_defined():
    with pytest.raises(KernelError, match="definedness"):
        by_field(T.add(x, T.log(y), T.neg(T.log(y))), x)
    assert by_field(T.add(x, T.log(y), T.neg(T.log(y))), x, Hypotheses({"y": Domain(kind="positive", declared=True)}))


def test_a_negative_variance_proves_nothing():
    """-1 = E x^2 under N(0, -1), and E x^2 >= 0, would give -1 >= 0: the law cannot be brought in."""
    second = T.expectation("x", T.normal(T.ZERO, T.number(-1)), T.power(x, T.TWO))
    kernel = Kernel(Relation(T.ONE, "=", T.ONE))
    with pytest.raises(KernelError, match="brings in"):
        kernel.rewrite(T.MINUS_ONE, {"field": T.add(T.MINUS_ONE, T.mul(T.ZERO, second))})
    values = {"x": x, "P": T.normal(T.ZERO, T.number(-1)), "c": T.MINUS_ONE}
    with pytest.raises(KernelError, match="brings in"):
        kernel.rewrite(T.MINUS_ONE, {"rule": "expectation.constant", "back": True, "with": values})
    with pytest.raises(KernelError, match="definedness"):
        Kernel(Relation(second, "=", T.MINUS_ONE))


def test_a_midpoint_without_its_half_is_no_law():
    """p + q has mass 2: Gibbs' inequality says nothing of it, nor may it be brought in."""
    p, q = T.family("p", ("x",)), T.family("q", ("x",))
    h = Hypotheses(spaces={"x": Space()}, space_of={"x": "x"})

    def mixed(w):
        return T.term("with_density", (T.mul(w, T.add(T.pdf(p, x), T.pdf(q, x))),), ("x",), p.sort)

    assert prove(Relation(T.kl(p, mixed(T.HALF)), ">=", T.ZERO, h)) is not None
    assert prove(Relation(T.kl(p, mixed(T.ONE)), ">=", T.ZERO, h)) is None
    step = {"rule": "gibbs", "with": {"P": p, "Q": mixed(T.ONE)}}
    with pytest.raises(ValueError, match="gibbs"):
        Kernel(Relation(T.ONE, "=", T.ONE, h)).rewrite(T.ZERO, step)


def test_a_step_brings_in_no_quotient_by_what_may_be_zero():
    with pytest.raises(ValueError):
        Kernel(Relation(x, "=", x, REALS)).rewrite(x, {"field": T.mul(x, y, T.power(y, T.MINUS_ONE))})
    zero = T.add(x, T.mul(T.ZERO, T.log(y)))
    with pytest.raises(KernelError, match="brings in"):
        Kernel(Relation(x, "=", x, REALS)).rewrite(x, {"field": zero})
