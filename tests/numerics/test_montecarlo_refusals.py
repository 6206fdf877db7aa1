"""What `check_closed` cannot sample is refused, and the reason names it."""

import re

import pytest
import torch
from sampled_relations import X, Z, slope

from numerics.montecarlo import check_closed
from proofs import terms as t
from proofs.terms import (
    divide,
    expectation,
    kl,
    law,
    log,
    mul,
    neg,
    normal,
    number,
    power,
    symbol,
)

torch.set_num_threads(1)


def eight(make):
    return [make(number(k)) for k in range(1, 9)]


def over(body, of=None):
    return lambda k: (expectation("x", of or normal(k, t.ONE), body), t.ONE)


REFUSED = {
    "log of an expectation": (
        lambda k: (log(expectation("x", normal(k, t.ONE), t.exp(X))), k),
        "log of an expectation",
    ),
    "reciprocal": (lambda k: (power(expectation("x", normal(k, t.ONE), X), t.MINUS_ONE), k), "power of an expectation"),
    "law with a random parameter": (
        lambda k: (expectation("x", normal(expectation("z", normal(k, t.ONE), Z), t.ONE), X), k),
        "parameter of the law",
    ),
    "unknown function": (over(t.call("f", (X,))), "call"),
    "free symbol": (over(symbol("theta")), "theta has no value"),
    "unknown density": (over(X, t.family("p", ("x",))), "density p is not known"),
    "no finite mean": (over(X, law("student_t", t.ONE)), "infinite"),
    "no finite variance": (over(power(X, t.TWO), law("student_t", number(3))), "infinite"),
    "variance that seems to diverge": (over(t.exp(power(X, t.TWO))), "seems to diverge"),
    "heavy tails": (over(t.exp(mul(number(2), X))), "too heavy|seems to diverge"),
    "non-finite sample": (over(log(X)), "not finite"),
    "KL that is infinite": (
        lambda k: (kl(law("uniform", t.ZERO, number(3)), law("uniform", t.ZERO, t.ONE)), k), "not finite",
    ),
    "invalid law": (over(X, normal(t.ZERO, number(-1))), "negative variance"),
    "improper integral": (lambda k: (t.integral("x", t.exp(neg(power(X, t.TWO)))), k), "unbounded range"),
    "derivative across a jump": (lambda k: (slope(t.indicator(t.compare(">", X, t.ZERO)), k), t.ONE), "jump"),
    "derivative where there is no value": (over(mul(X, t.derivative(log(X), "x"))), "has no value"),
    "derivative by a parameter of a discrete law": (
        lambda k: (slope(X, divide(k, number(9)), lambda p: law("bernoulli", p)), t.ONE),
        "parameter of the law bernoulli",
    ),
    "nothing random": (lambda k: (k, k), "nothing is random"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_refuses_by_name(name):
    make, reason = REFUSED[name]
    result = check_closed(eight(make), "=", seconds=5)
    assert result.status == "undecided"
    assert re.search(reason, result.reason), result.reason
