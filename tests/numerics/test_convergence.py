"""The course of an estimate: it covers the formula where the relation holds, and leaves it where it does not."""

import pytest

from derivations.catalogue import entry
from numerics.convergence import converge
from numerics.sides import sides
from proofs import terms as T
from proofs.records import Domain, Hypotheses, Relation

M, S = T.symbol("m"), T.symbol("s")
GIVEN = Hypotheses(variables={"m": Domain(declared=True), "s": Domain(kind="positive", declared=True)})
SECOND = T.expectation("z", T.normal(M, T.power(S, T.number(2))), T.power(T.symbol("z"), T.number(2)))
MOMENT = T.add(T.power(M, T.number(2)), T.power(S, T.number(2)))


def test_the_bands_cover_the_formula_at_every_look_and_close_in():
    """The sets hold at all looks at once, with an error of 1e-9: a miss is a fault and not bad luck."""
    found = converge(Relation(SECOND, "=", MOMENT, GIVEN), seconds=60.0)
    assert not isinstance(found, str) and found.status == "supported" and found.alpha == 1e-9
    assert found.resolution is not None and found.resolution <= 1e-2
    for course in found.courses:
        assert all(look.low <= course.formula <= look.high for look in course.looks)
        first, last = course.looks[0], course.looks[-1]
        assert last.high - last.low < 0.1 * (first.high - first.low) and last.samples > 100 * first.samples


@pytest.mark.parametrize("turned", [False, True])
def test_the_bands_of_a_false_relation_leave_its_formula(turned):
    wrong = T.add(MOMENT, T.power(S, T.number(2)))
    relation = Relation(wrong, "=", SECOND, GIVEN) if turned else Relation(SECOND, "=", wrong, GIVEN)
    found = converge(relation, seconds=60.0)
    assert not isinstance(found, str) and found.status == "refuted" and found.resolution is None
    course = next(c for c in found.courses if c.status == "refuted")
    last = course.looks[-1]
    assert course.side == ("rhs" if turned else "lhs") and not last.low <= course.formula <= last.high


def test_the_same_seed_gives_the_same_looks():
    relation = Relation(SECOND, "=", MOMENT, GIVEN)
    one, two = (converge(relation, seed=3, seconds=60.0, worlds=1) for _ in range(2))
    assert [c.looks for c in one.courses] == [c.looks for c in two.courses]


@pytest.mark.parametrize(
    "relation, why",
    [
        (Relation(T.log(S), "=", T.log(S), GIVEN), "random"),
        (Relation(T.identity("n"), "=", T.identity("n")), "numbers"),
        (Relation(SECOND, "approx", MOMENT, GIVEN), "numbers"),
    ],
)
def test_what_cannot_be_sampled_says_why(relation, why):
    assert why in converge(relation)


def test_the_sides_in_worlds_are_equal_where_they_should_be():
    (claim,) = entry("kl.to-standard-normal").claims()
    found = sides(claim.relation, seconds=5.0)
    assert len(found.points) >= 8 and not found.failing
    assert all(left == pytest.approx(right, rel=1e-12) for left, right in found.points)


def test_worlds_in_which_a_relation_fails_are_told_apart():
    found = sides(Relation(T.mul(T.number(2), S), "<=", T.power(S, T.number(2)), GIVEN), seconds=5.0)
    assert found.points and all(left <= right for left, right in found.points)
    assert found.failing and all(left > right for left, right in found.failing)


def test_sides_without_a_number_say_so():
    assert isinstance(sides(Relation(T.identity("n"), "=", T.identity("n"))), str)
