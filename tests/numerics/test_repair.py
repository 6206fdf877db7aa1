"""A wrong line that is one slip from a right one is repaired; one that is not, is not."""

import pytest

from numerics.check import test_in_worlds as in_worlds
from numerics.repair import repair
from proofs import terms as T
from proofs.mistakes import Mistake
from proofs.records import Domain, Family, Hypotheses, Relation, Space

x, z = T.symbol("x"), T.symbol("z")
p_x, p_z, p_xz = T.family("p", ("x",)), T.family("p", ("z",)), T.family("p", ("x", "z"))
p_x_given_z = T.family("p", ("x",), ("z",), [z])
p_z_given_x = T.family("p", ("z",), ("x",), [x])
q_z = T.family("q", ("z",))
DENSITIES = Hypotheses(
    families={"p": Family(("x", "z")), "q": Family(("z",))},
    spaces={"x": Space(), "z": Space()},
    space_of={"x": "x", "z": "z"},
)
BAYES = T.divide(T.mul(T.pdf(p_x_given_z, x), T.pdf(p_z, z)), T.pdf(p_x, x))
NUMBERS = Hypotheses(variables={n: Domain(kind="positive") for n in ("a", "b", "s")})
a, b, s = (T.symbol(n) for n in ("a", "b", "s"))
SQUARE = T.expectation("x", T.normal(a, T.power(s, T.TWO)), T.power(x, T.TWO))


def kl(first, second):
    return T.integral("z", T.mul(T.pdf(first, z), T.log(T.divide(T.pdf(first, z), T.pdf(second, z)))))


@pytest.mark.parametrize(
    ("lhs", "rhs", "hypotheses", "mistake"),
    [
        (T.log(T.divide(a, b)), T.add(T.log(a), T.log(b)), NUMBERS, Mistake.SIGN),
        (T.log(T.power(a, T.TWO)), T.log(a), NUMBERS, Mistake.FACTOR),
        (SQUARE, T.add(T.power(a, T.TWO), s), NUMBERS, Mistake.EXPONENT),
        (T.pdf(p_z_given_x, z), T.mul(BAYES, T.pdf(p_z, z)), DENSITIES, Mistake.TOO_MANY),
        (T.pdf(p_z_given_x, z), T.divide(T.pdf(p_x_given_z, x), T.pdf(p_x, x)), DENSITIES, Mistake.CONDITION),
        (T.kl(q_z, p_z), kl(p_z, q_z), DENSITIES, Mistake.SWAPPED),
        (T.kl(q_z, p_z), T.neg(kl(q_z, p_z)), DENSITIES, Mistake.SIGN),
    ],
)  # fmt: skip
def test_a_slip_is_found_and_undone(lhs, rhs, hypotheses, mistake):
    wrong = Relation(lhs, "=", rhs, hypotheses)
    assert in_worlds(wrong).status == "refuted"
    found = repair(wrong, seconds=120.0)
    assert found is not None and found.mistakes == (mistake,)
    assert in_worlds(found.relation, seed=5).status == "supported"


def test_an_inequality_taken_for_an_equality():
    likelihood = T.expectation("z", q_z, T.log(T.pdf(p_x_given_z, x)))
    found = repair(Relation(T.log(T.pdf(p_x, x)), "=", T.sub(likelihood, T.kl(q_z, p_z)), DENSITIES), seconds=60.0)
    assert found is not None and found.mistakes == (Mistake.EQUALITY,) and found.relation.rel == ">="


def test_a_constant_left_out_of_a_log_density():
    log_density = T.log(T.pdf(T.normal(a, T.power(s, T.TWO)), x))
    exponent = T.neg(T.divide(T.power(T.sub(x, a), T.TWO), T.mul(T.TWO, T.power(s, T.TWO))))
    found = repair(Relation(log_density, "=", exponent, NUMBERS), seconds=60.0)
    assert found is not None and found.mistakes == (Mistake.CONSTANT,)


@pytest.mark.parametrize(
    ("lhs", "rhs", "hypotheses"),
    [
        (T.pdf(p_x, x), T.pdf(q_z, z), DENSITIES),  # two densities that have nothing to do with each other
        (T.log(a), T.add(T.power(b, T.number(3)), T.exp(s)), NUMBERS),
        (T.kl(q_z, p_z), T.add(T.pdf(p_x, x), T.exp(T.pdf(p_z, z))), DENSITIES),
    ],
)
def test_what_is_no_slip_is_not_explained(lhs, rhs, hypotheses):
    wrong = Relation(lhs, "=", rhs, hypotheses)
    assert in_worlds(wrong).status == "refuted"
    found = repair(wrong, seconds=4.0)
    assert found is None or found.mistakes[0] in (Mistake.EQUALITY, Mistake.CONSTANT)


def test_that_a_thing_is_itself_repairs_nothing():
    found = repair(Relation(T.pdf(p_z, z), "=", T.pdf(q_z, z), DENSITIES))
    assert found is None or found.relation.lhs != found.relation.rhs
