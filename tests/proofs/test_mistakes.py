"""The slips that are proposed: each changes a term, keeps its sort, and undoes itself where it should."""

import pytest
from hypothesis import HealthCheck, given, settings
from term_strategies import terms

from proofs import mistakes
from proofs import terms as T
from proofs.mistakes import Mistake
from proofs.terms import matrix_sort, vector_sort

x, y, s = T.symbol("x"), T.symbol("y"), T.symbol("s")
v = T.symbol("v", vector_sort("n"))
A, B = T.symbol("A", matrix_sort("n", "n")), T.symbol("B", matrix_sort("n", "n"))
p = T.family("p", ("x",), ("z",), [T.symbol("z")])
p_of_x = T.pdf(p, x)
normal = T.normal(T.symbol("mu"), T.symbol("s"))


def mean(body):
    return T.expectation("x", normal, body)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(terms())
def test_a_change_is_another_term_of_the_same_sort(term):
    for i, (mistake, new) in enumerate(mistakes.changes(term, [s])):
        assert mistake and new.sort == term.sort and new != term
        if i > 300:
            break


@pytest.mark.parametrize(
    ("wrong", "right", "mistake"),
    [
        (T.sub(x, y), T.add(x, y), Mistake.SIGN),
        (T.mul(x, T.exp(y)), T.mul(x, T.exp(T.neg(y))), Mistake.SIGN),
        (T.divide(x, y), T.mul(T.power(x, T.MINUS_ONE), y), Mistake.UPSIDE_DOWN),
        (T.mul(T.number(2), x), T.mul(T.number(1), x), Mistake.FACTOR),
        (T.log(x), T.mul(T.HALF, T.log(x)), Mistake.FACTOR),
        (T.log(x), x, Mistake.FUNCTION),
        (T.add(y, p_of_x), T.add(y, T.log(p_of_x)), Mistake.FUNCTION),
        (T.sub(T.ONE, T.log(x)), T.log(T.sub(T.ONE, x)), Mistake.FUNCTION),
        (T.mul(x, y), T.add(x, y), Mistake.OPERATION),
        (T.add(x, T.exp(y)), x, Mistake.TOO_MANY),
        (T.power(x, T.TWO), x, Mistake.EXPONENT),
        (T.mul(T.TWO, T.det(A)), T.mul(T.power(T.TWO, T.symbol("n")), T.det(A)), Mistake.EXPONENT),
        (T.mul(T.transpose(v), v), T.mul(T.transpose(v), v, T.divide(s, s)), None),
        (T.trace(T.mul(A, B)), T.trace(T.mul(B, A)), Mistake.ORDER),
        (T.trace(T.mul(A, T.mul(T.transpose(v), v))), T.trace(T.mul(A, v, T.transpose(v))), Mistake.ORDER),
        (T.kl(normal, p), T.kl(p, normal), Mistake.SWAPPED),
        (T.log(mean(x)), mean(T.log(x)), Mistake.MOVED),
        (mean(T.power(x, T.TWO)), T.power(mean(x), T.TWO), Mistake.MOVED),
        (T.mul(mean(x), mean(T.exp(x))), mean(T.mul(x, T.exp(x))), Mistake.SPLIT),
        (mean(T.mul(x, T.exp(x))), T.mul(mean(x), mean(T.exp(x))), Mistake.SPLIT),
        (p_of_x, T.pdf(T.family("p", ("x", "z")), x, T.symbol("z")), Mistake.CONDITION),
        (p_of_x, T.pdf(T.family("p", ("x",)), x), Mistake.CONDITION),
        (T.log(p_of_x), T.log(T.mul(s, p_of_x)), Mistake.NAMED_FACTOR),
    ],
)
def test_what_a_slip_takes_for_what(wrong, right, mistake):
    found = [m for m, new in mistakes.changes(wrong, [s]) if new == right]
    assert (mistake in found) if mistake else not found


def test_letters_are_exchanged_in_the_whole_term_but_versions_of_one_letter_are_not():
    assert (Mistake.LETTERS, T.sub(y, T.log(x))) in list(mistakes.exchanges(T.sub(x, T.log(y))))
    first, second = T.symbol("mu_1"), T.symbol("mu_2")
    assert not list(mistakes.exchanges(T.sub(first, T.log(second))))


def test_a_letter_that_is_bound_is_not_exchanged():
    term = T.sum_over("i", T.mul(T.symbol("i"), x), T.ONE, T.symbol("k"))
    assert all("i" not in T.free_symbols(new) for _, new in mistakes.exchanges(term))


def test_summands_that_look_alike_slip_together():
    summands = T.add(p_of_x, T.log(T.det(A)), T.log(T.det(B)))
    right = T.add(T.log(p_of_x), *(T.mul(T.HALF, T.log(T.det(m))) for m in (A, B)))
    assert any(new == right for *_, new in mistakes.double(summands))


def test_the_inner_derivative_is_what_the_chain_rule_asks_for():
    f = T.call("f", [x])
    assert T.derivative(f, "x") in list(mistakes.inner_derivatives(T.derivative(T.power(f, T.TWO), "x")))
    assert not list(mistakes.inner_derivatives(T.derivative(f, "x")))
