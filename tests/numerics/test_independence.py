"""Independence as an assumption: what it makes true is left open, what is wrong even then stays wrong."""

from __future__ import annotations

import pytest

from numerics.check import test_in_worlds as examine
from numerics.independence import with_independence
from proofs import terms as T
from proofs.records import Family, Hypotheses, Relation, Space

NAMES = ("x", "y", "z")
HYPOTHESES = Hypotheses(
    families={"p": Family(NAMES)},
    spaces={n: Space() for n in NAMES},
    space_of={n: n for n in NAMES},
)


def p(outcomes: str, givens: str = "") -> T.Term:
    law = T.family("p", tuple(outcomes), tuple(givens), [T.symbol(g) for g in givens])
    return T.pdf(law, *(T.symbol(o) for o in outcomes))


def relation(left: T.Term, right: T.Term) -> Relation:
    return Relation(left, "=", right, HYPOTHESES)


@pytest.mark.parametrize(
    "left, right",
    [
        (p("z", "xy"), p("z", "y")),
        (p("xy"), T.mul(p("x"), p("y"))),
        (T.divide(p("xyz"), p("xy")), T.divide(T.mul(p("x"), p("y", "x"), p("z", "y")), T.mul(p("x"), p("y", "x")))),
        (p("y", "x"), T.integral("z", T.mul(p("y", "xz"), p("z")))),
    ],
)
def test_a_conditional_independence_fails_in_general_and_holds_for_independent_variables(left, right):
    assert examine(relation(left, right)).status == "refuted"
    independent = with_independence(relation(left, right))
    assert independent is not None
    assert examine(independent).status == "supported"


@pytest.mark.parametrize(
    "left, right",
    [
        (p("z", "x"), T.divide(p("x", "z"), p("x"))),  # Bayes without the prior
        (p("xz"), T.mul(p("x", "z"), p("z"), p("z"))),
        (p("x"), T.integral("z", p("x", "z"))),
    ],
)
def test_what_is_wrong_stays_wrong_for_independent_variables(left, right):
    independent = with_independence(relation(left, right))
    assert independent is not None
    assert examine(independent).status == "refuted"


def test_only_equations_of_densities_are_asked():
    law = T.family("p", ("z",), ("x",), [T.symbol("x")])
    assert with_independence(relation(T.kl(law, law), T.ONE)) is None
    assert with_independence(Relation(p("xz"), "<=", p("x"), HYPOTHESES)) is None
    assert with_independence(relation(p("x"), p("x"))) is None
