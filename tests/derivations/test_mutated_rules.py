"""Rules of the kernel, each replaced by a wrong one: a test of a rule or of a claim then fails."""

from dataclasses import replace

import pytest

from derivations.catalogue import entry
from lemmata.verify import settle
from proofs.rules import RULES
from proofs.rules.language import parse

# rule, what is wrong, its wrong right side, and a claim whose test fails then
MUTATED = [
    ("normal.second", "the factor is dropped", "(+ S (* 2 m (T m)))", "kl.multivariate-gaussian"),
    (
        "integral.substitution",
        "no absolute value of the Jacobian",
        "(integral y (* (@ A (call_inverse f x y ps ...)) (det (at u (D u (call_inverse f x u ps ...)) y))))",
        "flow.change-of-variables",
    ),
    ("det.sylvester", "the other matrix", "(det (+ (eye (* B A)) (* -1 (* B A))))", "linear-vae.evidence"),
    ("area.formula", "without the Jacobian", "(integral x (preimages e x F@e A@e))", "flow.non-invertible-map"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "wrong", "right", "id_"), MUTATED, ids=[m[0] for m in MUTATED])
def test_a_wrong_rule_makes_the_test_of_a_claim_fail(name, wrong, right, id_, monkeypatch):
    monkeypatch.setitem(RULES, name, replace(RULES[name], right=parse(right)))
    monkeypatch.setattr("lemmata.verify.SEARCH", 5.0)
    assert not settle(id_, seed=0).as_asked, f"{name}, {wrong}: {entry(id_).title} is settled as if nothing were wrong"


def test_the_tangent_turned_round_is_contradicted_by_the_worlds(monkeypatch):
    """With log a >= log c + a/c - 1 the divergence is proved to be at most 0: a fault, and not a verdict."""
    for name in ("log.tangent.at", "log.tangent.strict"):
        rule = RULES[name]
        monkeypatch.setitem(RULES, name, replace(rule, relation={"<=": ">=", "<": ">"}[rule.relation]))
    monkeypatch.setattr("lemmata.verify.SEARCH", 5.0)
    assert not settle("kl.nonnegative", seed=0).as_asked
