"""The lines of a proof: they lead from one side to the other, each is true, and nothing is lost on the way."""

from functools import cache
from itertools import pairwise

import pytest

from derivations.catalogue import entry
from numerics.check import test_in_worlds as in_worlds
from proofs import terms as T
from proofs.kernel import compose
from proofs.lines import derivation, shown
from proofs.printing import text
from proofs.records import Relation
from proofs.rules import RULES

CLAIMS = ["kl.to-standard-normal", "kl.maximum-likelihood", "gan.pointwise-maximum", "flow.coupling-log-determinant"]


@cache
def proofs(id_):
    return [(c.relation, c.prove(10.0)) for c in entry(id_).claims()]


@pytest.mark.parametrize("id_", CLAIMS)
def test_lines_lead_from_the_left_side_to_the_right_one(id_):
    for relation, proof in proofs(id_):
        links = derivation(proof).links
        assert text(links[0].start) == text(shown(relation.lhs)) and text(links[-1].end) == text(shown(relation.rhs))
        for a, b in pairwise(links):
            assert text(a.end) == text(b.start)
        for link in links:
            last = link.lines[-1].term if link.lines else link.start
            meets = link.back[-1].term if link.back else link.end
            assert text(last) == text(meets)


@pytest.mark.parametrize("id_", CLAIMS)
def test_every_line_is_true_as_it_is_written(id_):
    """What is shown is tidied; whatever it became, no world refutes the step from the line before."""
    for relation, proof in proofs(id_):
        for link in derivation(proof).links:
            for start, lines in ((link.start, link.lines), (link.end, link.back)):
                for line in lines:
                    step = Relation(start, line.relation, line.term, relation.hypotheses)
                    assert in_worlds(step, seed=1, seconds=0.5).status != "refuted", text(line.term)
                    start = line.term


@pytest.mark.parametrize("id_", CLAIMS)
def test_the_relations_of_the_lines_compose_to_what_is_proved(id_):
    for relation, proof in proofs(id_):
        told = "="
        for link in derivation(proof).links:
            told = compose(told, link.relation)
        assert told == relation.rel or (told, relation.rel) in {("=", "<="), ("=", ">="), ("<", "<="), (">", ">=")}


@pytest.mark.parametrize("id_", CLAIMS)
def test_every_theorem_and_every_assumption_is_told_at_a_line(id_):
    for _, proof in proofs(id_):
        lines = [x for k in derivation(proof).links for x in (*k.lines, *k.back)]
        used = {RULES[u.rule].of for x in lines for u in x.uses if u.kind == "theorem"}
        assert used == set(proof.axioms)
        assert {a for x in lines for a in x.assumed} <= set(proof.assumed)


def test_a_side_condition_stands_at_the_line_that_needs_it():
    ((_, proof),) = proofs("kl.maximum-likelihood")
    lines = [x for k in derivation(proof).links for x in (*k.lines, *k.back)]
    needs = {text(c.term) for x in lines for u in x.uses if u.rule == "log.product" for c in u.conditions}
    assert needs == {"p_data(x)", "p_θ(x)"}


def test_steps_of_one_subject_share_a_line_and_calculation_has_none_of_its_own():
    ((_, proof),) = proofs("kl.to-standard-normal")
    (link,) = derivation(proof).links
    assert len(link.lines) <= 6 < len(proof.steps)
    assert all(line.heavy for line in link.lines)


def test_a_spoilt_certificate_has_no_lines():
    ((_, proof),) = proofs("kl.to-standard-normal")
    spoilt = dict(proof.certificate, proof={"left": [], "right": []})
    found = derivation(type(proof)(spoilt, proof.steps, proof.axioms, proof.assumed))
    assert text(found.links[0].lines[-1].term) == text(found.links[0].end)  # told as 'rearranged', never as proved
    with pytest.raises(ValueError):
        broken = {**proof.certificate, "proof": {"left": [{"at": [], "rule": "log.one", "with": {}}], "right": []}}
        derivation(type(proof)(broken, proof.steps, proof.axioms, proof.assumed))


X, Y = T.symbol("x"), T.symbol("y")


@pytest.mark.parametrize(
    "written, tidy",
    [
        (T.mul(T.ONE, X), "x"),
        (T.power(X, T.ONE), "x"),
        (T.add(T.ZERO, X), "x"),
        (T.add(T.number(2), X, T.number(-1)), "x + 1"),
        (T.mul(T.power(Y, T.MINUS_ONE), X), "x/y"),
        (T.mul(T.HALF, T.power(Y, T.MINUS_ONE)), "1/(2·y)"),
        (T.power(Y, T.MINUS_ONE), "1/y"),
        (T.mul(X, Y), "x·y"),
    ],
)
def test_a_term_is_tidied(written, tidy):
    assert text(shown(written)) == tidy
