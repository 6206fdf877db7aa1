"""Signs by interval arithmetic: what is known of a term, and what is not."""

import pytest

from proofs import terms as T
from proofs.records import Domain, Function, Hypotheses
from proofs.side_conditions import Context

x, y, z = map(T.symbol, "xyz")


@pytest.mark.parametrize(
    ("term", "kind", "answer"),
    [
        (T.sub(T.ONE, x), "positive", True),
        (T.sub(x, T.ONE), "positive", False),
        (T.sub(T.ONE, T.divide(x, T.add(x, y))), "positive", True),
        (T.add(T.power(z, T.TWO), T.ONE), "positive", True),
        (T.power(z, T.TWO), "positive", False),
        (T.power(z, T.TWO), "nonnegative", True),
        (T.power(z, T.number(3)), "nonnegative", False),
        (T.mul(x, y, T.exp(z)), "positive", True),
        (T.mul(x, z), "nonzero", False),
        (T.sub(x, y), "nonzero", False),
        (T.mul(T.ZERO, x), "nonzero", False),
        (T.neg(T.add(x, y)), "nonzero", True),
        (T.log(x), "nonnegative", False),
        (T.neg(T.log(x)), "positive", True),
        (T.log(T.add(T.ONE, y)), "positive", True),
        (T.call("D", [z]), "positive", True),
        (T.sub(T.ONE, T.call("D", [z])), "positive", True),
        (T.call("f", [z]), "positive", False),
        (T.expectation("z", T.normal(T.ZERO, T.ONE), T.exp(z)), "positive", True),
        (T.expectation("z", T.normal(T.ZERO, T.ONE), z), "nonnegative", False),
    ],
)
def test_signs(term, kind, answer):
    """x is in (0, 1), y positive, z real, D has values in (0, 1)."""
    h = Hypotheses(
        {"x": Domain(kind="unit"), "y": Domain(kind="positive"), "z": Domain()},
        {"D": Function(values=Domain(kind="unit")), "f": Function()},
    )
    assert Context(h).holds(kind, term) is answer
