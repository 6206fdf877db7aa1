"""A certificate is plain data: it replays, and what was changed in it does not."""

import copy
import json
from fractions import Fraction

import pytest
from real_numbers import NOTHING, REALS, x

from proofs import terms as T
from proofs.certificate import Encoder, encode_hypotheses
from proofs.kernel import replay
from proofs.prover import prove
from proofs.records import Domain, Function, Hypotheses, Relation, Space
from proofs.terms import SCALAR


def example():
    p, q = T.family("p", ("x",)), T.family("q", ("x",))
    h = Hypotheses(spaces={"x": Space()}, space_of={"x": "x"})
    return prove(Relation(T.kl(p, q), ">=", T.ZERO, h))


def test_a_certificate_is_plain_data_and_replays():
    proof = example()
    again = json.loads(json.dumps(proof.certificate))
    theorem = replay(again)
    assert theorem.relation == ">=" and theorem.axioms == proof.axioms and "log.tangent.at" in theorem.axioms


def test_a_certificate_for_one_relation_does_not_prove_another():
    certificate = json.loads(json.dumps(example().certificate))
    for change in ("<=", "=", "<", ">"):
        with pytest.raises(ValueError):
            replay({**certificate, "relation": change})
    with pytest.raises(ValueError):
        replay({**certificate, "lhs": certificate["rhs"], "rhs": certificate["lhs"]})


def value_at_three(t):
    """A value by floating point, independent of everything else here."""
    import math

    if t.op == "number":
        return float(t.data[0])
    if t.op == "symbol":
        return 3.0
    parts = [value_at_three(q) for q in t.args]
    return {"add": sum, "mul": math.prod, "pow": lambda p: p[0] ** p[1], "function": lambda p: math.log(p[0])}[t.op](
        parts
    )


def test_tampered_certificates_are_refused():
    """A changed step is refused; a changed number is refused or gives the theorem that is then true."""
    h = Hypotheses({"x": Domain(kind="positive", declared=True)})
    proof = prove(Relation(T.log(T.mul(T.TWO, T.power(x, T.TWO))), "=", T.add(T.log(T.TWO), T.mul(T.TWO, T.log(x))), h))
    certificate = json.loads(json.dumps(proof.certificate))
    changed = 0
    for i, row in enumerate(certificate["terms"]):
        if row[0] != "number":
            continue
        bad = copy.deepcopy(certificate)
        bad["terms"][i][1] = [{"q": "5"}]
        changed += 1
        try:
            theorem = replay(bad)
        except ValueError:
            continue
        assert value_at_three(theorem.lhs) == pytest.approx(value_at_three(theorem.rhs))
    for side in ("left", "right"):
        for k in range(len(certificate["proof"][side])):
            bad = copy.deepcopy(certificate)
            bad["proof"][side][k]["rule"] = "exp.zero"
            bad["proof"][side][k].pop("field", None)
            bad["proof"][side][k].pop("alpha", None)
            bad["proof"][side][k].setdefault("with", {})
            changed += 1
            with pytest.raises(ValueError):
                replay(bad)
    assert changed >= 4


@pytest.mark.parametrize(
    "row",
    [
        ["symbol", ["q"], ["scalar", 1, 1], [99]],
        ["nonsense", [], ["scalar", 1, 1], []],
        ["add", [], ["matrix", 2, 2], [0, 0]],
        ["number", [{"q": "1/0"}], ["scalar", 1, 1], []],
    ],
)
def test_malformed_certificates_are_refused_in_words(row):
    e = Encoder()
    base = {"lhs": e.term(x), "rhs": e.term(x), "relation": "=", "hypotheses": encode_hypotheses(REALS, e)}
    certificate = {**base, "proof": NOTHING, "terms": [*e.rows, row]}
    with pytest.raises((ValueError, ZeroDivisionError)):
        replay(certificate)
    assert replay({**certificate, "terms": e.rows}).lhs == x


def test_hypotheses_survive_the_journey():
    h = Hypotheses(
        {"x": Domain(kind="interval", lower=Fraction(0), upper=Fraction(1, 2), declared=True)},
        {"f": Function((None, "x"), (SCALAR, SCALAR), Domain(kind="unit"), parameters=1, convex=True)},
        conditions=(T.compare(">", x, T.ZERO),),
    )
    proof = prove(Relation(T.add(x, T.HALF), "=", T.add(T.HALF, x), h))
    assert replay(json.loads(json.dumps(proof.certificate))).hypotheses == h
