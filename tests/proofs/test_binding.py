"""Terms are equal up to the names of their bound variables, and substitution captures nothing."""

from proofs import terms as T
from proofs.binding import alike, free, substitute

x, y, z, a = (T.symbol(s) for s in "xyza")


def test_bound_names_do_not_matter():
    law = T.normal(a, T.ONE)
    assert alike(T.expectation("x", law, T.mul(x, y)), T.expectation("z", law, T.mul(z, y)))
    assert not alike(T.expectation("x", law, T.mul(x, y)), T.expectation("y", law, T.mul(y, y)))
    assert alike(T.sum_over("i", T.symbol("i"), T.ONE, x), T.sum_over("j", T.symbol("j"), T.ONE, x))


def test_names_of_integrals_say_the_space():
    assert not alike(T.integral("x", T.exp(x)), T.integral("z", T.exp(z)))
    assert alike(T.integral("x~1", T.exp(T.symbol("x~1"))), T.integral("x", T.exp(x)))


def test_substitution_renames_what_would_capture():
    t = T.sum_over("i", T.mul(T.symbol("i"), x), T.ONE, y)
    s = substitute(t, {"x": T.symbol("i")})
    assert free(s) == {"i", "y"} and not alike(s, T.sum_over("i", T.mul(T.symbol("i"), T.symbol("i")), T.ONE, y))


def test_a_derivative_is_taken_before_its_variable_gets_a_value():
    d = T.derivative(T.power(x, T.TWO), "x")
    assert substitute(d, {"x": T.number(3)}) == T.at("x", d, T.number(3))
    # renamed by a fresh symbol it stays a derivative
    assert substitute(d, {"x": y}) == T.derivative(T.power(y, T.TWO), "y")
