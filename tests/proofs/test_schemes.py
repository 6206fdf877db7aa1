"""Schemes accept their own expansion and nothing else."""

import pytest

from proofs.prover import prove
from proofs.records import Domain, Hypotheses, Relation
from proofs.schemes import ALL, INDUCTION, RELATION, TRIANGULAR, Scheme, SchemeError, check, compose
from proofs.terms import ONE, TWO, ZERO, add, compare, derivative, function, log, mul, neg, number, symbol

x, y, t, c = (symbol(n) for n in "xytc")
POSITIVE = {n: Domain(kind="positive", declared=True) for n in "xytc"}


def under(*conditions):
    return Hypotheses(variables=POSITIVE, conditions=conditions)


ORDERED = under(compare("<", x, y))


def test_a_monotone_claim_is_accepted():
    check(Scheme("increasing", "x", "y"), [Relation(log(x), "<", log(y), ORDERED)])
    check(Scheme("decreasing", "x", "y"), [Relation(neg(log(x)), ">", neg(log(y)), ORDERED)])


@pytest.mark.parametrize(
    "relation",
    [
        Relation(log(x), ">", log(y), ORDERED),  # the other direction
        Relation(log(x), "<", log(y), under()),  # x < y is not given
        Relation(log(x), "<", mul(TWO, log(y)), ORDERED),  # another function
        Relation(log(x), "<", add(log(y), x), ORDERED),  # both variables on one side
        Relation(log(x), "<=", log(y), ORDERED),  # not strict
    ],
)
def test_what_is_no_monotone_claim_is_refused(relation):
    with pytest.raises(SchemeError):
        check(Scheme("increasing", "x", "y"), [relation])


APART = under(compare("!=", x, ONE))
LOSS = add(log(x), neg(x))


def test_a_unique_maximum_is_accepted():
    check(Scheme("unique maximum", "x"), [Relation(LOSS, "<", add(log(ONE), neg(ONE)), APART)])


@pytest.mark.parametrize(
    "relation",
    [
        Relation(LOSS, "<=", add(log(ONE), number(-1)), APART),  # not strict
        Relation(LOSS, "<", add(log(ONE), number(-1)), under()),  # not apart from anything
        Relation(LOSS, "<", add(log(TWO), number(-2)), APART),  # the value at another point
        Relation(LOSS, "<", x, APART),  # a bound that depends on x
        Relation(add(log(y), neg(y)), "<", add(log(ONE), number(-1)), APART),  # about another variable
    ],
)
def test_what_is_no_unique_maximum_is_refused(relation):
    with pytest.raises(SchemeError):
        check(Scheme("unique maximum", "x"), [relation])


def test_a_limit_is_a_bound_that_vanishes():
    gap = function("abs", add(mul(TWO, t), neg(ZERO)))
    check(Scheme("limit", "t"), [Relation(gap, "<=", mul(TWO, t), under())])
    for bound in (add(t, ONE), mul(c, add(t, ONE)), neg(t)):
        with pytest.raises(SchemeError):
            check(Scheme("limit", "t"), [Relation(gap, "<=", bound, under())])


def test_induction_needs_a_base_and_a_step():
    step = Relation(x, "=", x, under())
    check(INDUCTION, [step, step])
    with pytest.raises(SchemeError, match="base"):
        check(INDUCTION, [step])


def test_a_triangular_jacobian_vanishes_with_delta():
    d = symbol("delta")
    entry = Relation(derivative(mul(d, x), "x"), "=", d, under())
    last = Relation(x, ">", ZERO, under())
    check(TRIANGULAR, [entry, last])
    for wrong in (
        Relation(mul(d, x), "=", d, under()),  # no derivative
        Relation(derivative(mul(d, x), "x"), "=", add(d, ONE), under()),  # does not vanish
        Relation(derivative(mul(d, x), "x"), "=", ZERO, under()),  # says nothing of the diagonal
    ):
        with pytest.raises(SchemeError, match="triangular"):
            check(TRIANGULAR, [wrong, last])


def test_relations_of_one_statement_form_a_chain():
    check(RELATION, [Relation(x, "=", y, under()), Relation(y, "=", t, under())])
    with pytest.raises(SchemeError, match="chain"):
        check(RELATION, [Relation(x, "=", y, under()), Relation(t, "=", c, under())])
    check(ALL, [Relation(x, "=", y, under()), Relation(t, "=", c, under())])


def test_an_unknown_scheme_and_no_relation_are_refused():
    with pytest.raises(SchemeError, match="not a scheme"):
        check(Scheme("sometimes"), [Relation(x, "=", x, under())])
    with pytest.raises(SchemeError, match="no relation"):
        check(ALL, [])


def test_links_compose_to_the_relation_of_their_ends_only():
    first = Relation(add(x, x), "=", mul(TWO, x), under())
    second = Relation(mul(TWO, x), ">", ZERO, under())
    links = [prove(first), prove(second)]
    whole = compose(Relation(add(x, x), ">", ZERO, under()), links)
    assert whole is not None and len(whole.steps) == len(links[0].steps) + len(links[1].steps)
    assert compose(Relation(add(x, x), "=", ZERO, under()), links) is None
    assert compose(Relation(add(x, x), ">", ONE, under()), links) is None
    assert compose(Relation(add(y, x), ">", ZERO, under()), links) is None
