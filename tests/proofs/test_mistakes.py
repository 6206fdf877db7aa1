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


theta, q_theta = T.symbol("theta"), T.family("q", ("z",), (), (), [T.symbol("theta")])
z = T.symbol("z")
score = T.derivative(T.log(T.pdf(q_theta, z)), "theta")
mean_of_log = T.expectation("z", q_theta, T.log(T.pdf(q_theta, z)))
first, second = T.symbol("mu_1"), T.symbol("mu_2")
one, two = (T.entry(v, T.number(k)) for k in (1, 2))


@pytest.mark.parametrize(
    ("wrong", "other", "right", "mistake"),
    [
        (T.pdf(q_theta, z), score, T.derivative(T.pdf(q_theta, z), "theta"), Mistake.DERIVATIVE),
        (T.log(x), score, None, Mistake.DERIVATIVE),  # it does not depend on theta
        (T.log(first), second, T.log(second), Mistake.LETTER),
        (T.log(one), two, T.log(two), Mistake.LETTER),
        (T.log(x), y, None, Mistake.LETTER),  # letters of their own, not versions of one
        (T.log(first), T.symbol("mu"), None, Mistake.LETTER),  # mu may be any mu_i
        (T.add(mean_of_log, T.exp(z)), x, T.add(mean_of_log, T.expectation("z", q_theta, T.exp(z))), Mistake.MEAN),
        (T.exp(z), mean_of_log, None, Mistake.MEAN),  # a draw in place of the mean: an estimate
    ],
)
def test_what_the_rest_of_the_relation_tells(wrong, other, right, mistake):
    around = mistakes.beside(wrong, other)
    found = [new for m, new in mistakes.changes(wrong, (), around) if m == mistake]
    assert right in found if right is not None else not found


def draw(k, f=T.log):
    return f(T.pdf(T.family("p", ("z",)), T.symbol(f"z_{k}")))


@pytest.mark.parametrize("of", [T.add, T.mul])
def test_a_slip_in_a_sum_that_was_written_out_is_in_all_its_terms(of):
    wrong, right = (of(*(draw(k, f) for k in (1, 2, 3))) for f in (T.exp, T.log))
    inner = of(*(T.expectation(f"z_{k}", q_theta, T.log(T.symbol(f"z_{k}"))) for k in (1, 2, 3)))
    outer = of(*(T.log(T.expectation(f"z_{k}", q_theta, T.symbol(f"z_{k}"))) for k in (1, 2, 3)))
    plain = of(*(T.pdf(T.family("p", ("z",)), T.symbol(f"z_{k}")) for k in (1, 2, 3)))
    assert plain in [new for _, new in mistakes.in_copies(wrong)] and plain in [
        new for _, new in mistakes.in_copies(right)
    ]
    assert (Mistake.MOVED, outer) in list(mistakes.in_copies(inner))


def test_terms_that_are_not_alike_are_no_copies():
    assert not list(mistakes.in_copies(T.add(draw(1), draw(2, T.exp), draw(3))))
    assert not list(mistakes.in_copies(T.add(draw(1), draw(3), draw(2))))
