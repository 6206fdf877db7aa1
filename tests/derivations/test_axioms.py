"""No axiom is a claim of the catalogue under another name: what is claimed takes more than putting something in."""

import pytest
from instances import instance_of

from derivations.catalogue import entries, entry
from proofs.rules import AXIOMS, RULES
from proofs.rules.language import Rule, rule

THEOREMS = [r for r in RULES.values() if r.kind == "theorem"]
IDS = [e.id for e in entries() if not e.exact]


def relations(id_: str):
    """What has to hold for a claim, or for the fix of a false one; a plain equality counts in both directions."""
    e = entry(id_)
    return [c.relation for c in (e.claims() if e.holds else e.fixes())]


def given(rules: list[Rule], id_: str) -> bool:
    """Whether each relation of a claim is an instance of one of the theorems."""
    return all(any(instance_of(r, relation) for r in rules) for relation in relations(id_))


@pytest.mark.parametrize("id_", IDS)
def test_no_axiom_gives_a_claim_by_instantiation(id_: str) -> None:
    assert not given(THEOREMS, id_)


def test_the_theorems_are_those_of_the_axioms() -> None:
    assert {r.name for r in THEOREMS} == {name for axiom in AXIOMS.values() for name in axiom.rules}


# What would be assumed if it were an axiom, and the claim that it would give.
ASSUMED = {
    "flow.change-of-variables": (
        "(pdf (pushforward x P (call f y x ps ...)) y) = "
        "(* (abs (det (at u (D u (call_inverse f x u ps ...)) y))) (pdf P (call_inverse f x y ps ...)))",
        "bijection f; continuous P",
    ),
    "kl.univariate-gaussian": (
        "(kl (normal m (^ v 2)) (normal n (^ w 2))) = (+ (log (* w (^ v -1))) "
        "(* 1/2 (+ (^ v 2) (^ (+ m (* -1 n)) 2)) (^ w -2)) -1/2)",
        "positive v; positive w",
    ),
    "flow.gram-determinant": ("(log (abs (det A))) = (* 1/2 (log (det (* (T A) A))))", "invertible A"),
    "grad.score-function": (
        "(expectation x P (* (D w (log (pdf P x))) A@x)) = (D w (expectation x P A@x))", "support P; dominated w A@x",
    ),
}  # fmt: skip


@pytest.mark.parametrize("id_", sorted(ASSUMED))
def test_an_axiom_that_is_a_claim_is_seen(id_: str) -> None:
    """Also with its sides exchanged, its factors in another order, or a law under the name that the text gives it."""
    equation, when = ASSUMED[id_]
    assert given([rule("assumed", equation, when, says="What is claimed.", source="nowhere")], id_)


def test_the_rules_are_as_they_were() -> None:
    assert "assumed" not in RULES
