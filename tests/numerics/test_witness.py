"""A witness says everything needed: both sides are computed again from its values, here with numpy, mpmath and sums."""

import itertools
import json
from fractions import Fraction

import mpmath
import numpy as np
import pytest
from home_ground import RELATIONS

from numerics.check import test_in_worlds as examine
from numerics.plain_data import from_plain, plain
from numerics.reevaluation import NotAWitness, reevaluate


def witness(name):
    result = examine(RELATIONS[name][0], seconds=10)
    assert result.status == "refuted"
    return json.loads(json.dumps(dict(result.witness.values))), result.witness


def number(v):
    return mpmath.mpf(Fraction(v["number"]).numerator) / Fraction(v["number"]).denominator


def array(v):
    if "number" in v:
        return np.array([[float(Fraction(v["number"]))]])
    if "vector" in v:
        return np.array([[float(Fraction(x))] for x in v["vector"]])
    return np.array([[float(Fraction(x)) for x in row] for row in v["matrix"]])


def test_divergence_of_normals():
    values, w = witness("kl of normals, wrong variance")
    m1, m2, s1, s2 = (number(values[n]) for n in ("m1", "m2", "s1", "s2"))

    def integrand(t):
        p = mpmath.npdf(t, m1, s1)
        return p * (mpmath.log(p) - mpmath.log(mpmath.npdf(t, m2, s2)))

    lhs = mpmath.quad(integrand, [m1 - 12 * s1, m1, m1 + 12 * s1])
    rhs = mpmath.log(s2 / s1) + (s1**2 + (m1 - m2) ** 2) / (2 * s1**2) - 0.5
    assert abs(lhs - float(Fraction(w.lhs))) < 1e-9
    assert abs(rhs - float(Fraction(w.rhs))) < 1e-9


def test_trace_in_numpy():
    values, w = witness("trace is not symmetric in three")
    a, b, c = (array(values[n]) for n in "ABC")
    assert np.isclose(np.trace(a @ b @ c), float(Fraction(w.lhs)))
    assert np.isclose(np.trace(b @ a @ c), float(Fraction(w.rhs)))


def test_a_table_by_plain_sums():
    """Bayes' rule without the prior: p(z|x) against p(x|z)/p(x), from the joint table and the lengths alone."""
    values, w = witness("bayes without the prior")
    lengths = {s: [Fraction(m) for m in values[f"cells of {s}"]["table"]["lengths"]] for s in "xz"}
    table = values["p(x, z)"]["table"]
    assert table["density of"] == ["x", "z"]
    joint = {tuple(int(i) - 1 for i in k.split(",")): Fraction(v) for k, v in table["at"].items()}
    cells = itertools.product(range(len(lengths["x"])), range(len(lengths["z"])))
    assert sum(joint[i, j] * lengths["x"][i] * lengths["z"][j] for i, j in cells) == 1
    x, z = values["x"]["table"]["cell"] - 1, values["z"]["table"]["cell"] - 1
    p_x = sum(joint[x, j] * m for j, m in enumerate(lengths["z"]))
    p_z = sum(joint[i, z] * m for i, m in enumerate(lengths["x"]))
    assert Fraction(w.lhs) == joint[x, z] / p_x
    assert Fraction(w.rhs) == joint[x, z] / p_z / p_x


def test_an_undefined_side_is_said_to_be_undefined():
    values, w = witness("bernoulli likelihood, x and k exchanged")
    assert values["x"]["number"] in ("0", "1") and 0 < number(values["k"]) < 1
    assert w.rhs == "undefined" and w.lhs != "undefined"


def test_witnesses_are_simple():
    values, _ = witness("entropy of a density is not negative")
    assert all(len(v["table"].get("lengths", [])) <= 4 for v in values.values() if "table" in v)
    values, _ = witness("kl of normals, half missing")
    assert all(abs(Fraction(v["number"])) <= 3 for v in values.values())


def test_functions_carry_their_formula():
    values, _ = witness("a function of the mean")
    f = values["f"]["function"]
    assert f["formula"] and f["latex"] and f["arguments"] == ["u"]
    assert plain(from_plain(f["term"])) == f["term"]


def test_too_few_values_are_no_witness():
    relation = RELATIONS["kl of normals, half missing"][0]
    with pytest.raises(NotAWitness):
        reevaluate(relation, {"m1": {"number": "1"}})


@pytest.mark.parametrize("name", list(RELATIONS))
def test_terms_survive_plain_data(name):
    for t in (RELATIONS[name][0].lhs, RELATIONS[name][0].rhs):
        assert from_plain(json.loads(json.dumps(plain(t)))) == t
