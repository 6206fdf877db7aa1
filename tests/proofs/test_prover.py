"""True relations of the field are proved; each wrong variant (sign, factor, arguments, lost term) is not."""

import json

import pytest
from prover_claims import CLAIMS, DATA, INEQUALITIES, PZX, VEC, H, J, N, X, lik, m, pd, prior, s, v, x, z

from proofs import terms as T
from proofs.kernel import replay
from proofs.prover import prove
from proofs.records import Domain, Family, Function, Hypotheses, Relation, Space
from proofs.rules import AXIOMS


def certificate_holds(proof):
    theorem = replay(json.loads(json.dumps(proof.certificate)))
    assert set(theorem.axioms) <= set(AXIOMS) and theorem.axioms == proof.axioms
    return theorem


@pytest.mark.parametrize("name", sorted(CLAIMS))
def test_true_relations_are_proved(name):
    lhs, rel, rhs, _ = CLAIMS[name]
    proof = prove(Relation(lhs, rel, rhs, H), 10.0)
    assert proof is not None
    theorem = certificate_holds(proof)
    assert (theorem.lhs, theorem.relation, theorem.rhs) == (lhs, rel, rhs)


@pytest.mark.parametrize("name", sorted(CLAIMS))
def test_wrong_variants_are_not_proved(name):
    lhs, rel, _, wrong = CLAIMS[name]
    assert len(wrong) >= 3
    for rhs in wrong:
        assert prove(Relation(lhs, rel, rhs, H), 10.0) is None, rhs


@pytest.mark.parametrize("name", sorted(INEQUALITIES))
def test_inequalities_are_proved_in_one_direction_only(name):
    lhs, rel, rhs = INEQUALITIES[name]
    opposite = {"<=": ">=", ">=": "<="}[rel]
    assert certificate_holds(prove(Relation(lhs, rel, rhs, H), 10.0)).relation == rel
    assert prove(Relation(rhs, opposite, lhs, H), 10.0) is not None
    assert prove(Relation(lhs, opposite, rhs, H), 5.0) is None
    assert prove(Relation(lhs, "=", rhs, H), 5.0) is None
    assert prove(Relation(lhs, rel[0], rhs, H), 5.0) is None  # the strict relation


# ------------------------------------------------------------------------------------------ what must not be proved


def test_a_step_function_has_no_pathwise_gradient():
    """The derivative of E 1{m + s e > 0} by m is not the expectation of 0."""
    e = T.symbol("e")
    body = T.indicator(T.compare(">", T.add(m, T.mul(s, e)), T.ZERO))
    lhs = T.derivative(T.expectation("e", T.normal(T.ZERO, T.ONE), body), "m")
    assert prove(Relation(lhs, "=", T.expectation("e", T.normal(T.ZERO, T.ONE), T.derivative(body, "m")), H)) is None
    assert prove(Relation(lhs, "=", T.ZERO, H)) is None


def test_a_moving_support_has_no_score():
    u = T.law("uniform", T.ZERO, s)
    score = T.expectation("x", u, T.derivative(T.log(T.pdf(u, x)), "s"))
    assert prove(Relation(score, "=", T.ZERO, H)) is None


def test_a_derivative_where_the_dependence_was_left_out_is_not_trivially_zero():
    """With p(x) for p_theta(x), a wrong line must not hold because both sides vanish."""
    lhs = T.derivative(T.log(T.pdf(DATA, x)), "theta")
    assert prove(Relation(lhs, "=", T.expectation("x", DATA, lhs), H)) is None
    assert prove(Relation(lhs, "=", T.divide(T.derivative(pd, "theta"), pd), H)) is not None


def test_the_inverse_jacobian_is_not_accepted():
    """For y = F(x): p(x) = p_y(F(x)) |F'(x)|, not its inverse."""
    py = T.pdf(T.family("p_y", ("y",)), T.call("F", [x]))
    size = T.function("abs", J)
    assert prove(Relation(pd, "=", T.mul(py, T.power(size, T.number(-1))), H)) is None
    assert prove(Relation(pd, "=", py, H)) is None


def test_change_of_variables_is_proved():
    y = T.symbol("y")
    py = T.pdf(T.family("p_y", ("y",)), y)
    back = T.call_inverse("F", [y])
    rhs = T.mul(T.pdf(DATA, back), T.function("abs", T.derivative(back, "y")))
    assert prove(Relation(py, "=", rhs, H)) is not None
    assert prove(Relation(py, "=", T.pdf(DATA, back), H)) is None


def test_a_flow_of_layers_and_its_gram_determinant():
    """log p(x) = log p_y(f2(f1(x))) + log|det J1| + log|det J2|; log|det J| = 1/2 log det J^T J."""
    f = Function(("x",), (VEC,), Domain(VEC), bijection=True)
    h = Hypotheses(
        {"X": Domain(VEC, declared=True), N: Domain(kind="dimension", declared=True)},
        {"f1": f, "f2": f},
        {
            "p": Family(("x",)), "p1": Family(("h",), pushforward=("f1", "p", "x")),
            "p2": Family(("y",), pushforward=("f2", "p1", "h")),
        },
        {q: Space(VEC) for q in "xhy"}, {"X": "x"},
    )  # fmt: skip
    u = T.symbol("u", VEC)
    inner = T.call("f1", [X], VEC)
    j1 = T.derivative(inner, "X", sort=VEC)
    j2 = T.at("u", T.derivative(T.call("f2", [u], VEC), "u", sort=VEC), inner)
    size = [T.log(T.function("abs", T.det(j))) for j in (j1, j2)]
    base, image = (
        T.log(T.pdf(T.family("p", ("x",)), X)),
        T.log(T.pdf(T.family("p2", ("y",)), T.call("f2", [inner], VEC))),
    )
    assert prove(Relation(base, "=", T.add(image, *size), h)) is not None
    for wrong in (
        T.add(image, size[0]),
        T.sub(image, T.add(*size)),
        T.add(image, T.mul(T.TWO, size[0]), size[1]),
        image,
    ):
        assert prove(Relation(base, "=", wrong, h)) is None
    gram = T.log(T.det(T.mul(T.transpose(j1), j1)))
    assert prove(Relation(T.mul(T.HALF, gram), "=", size[0], h)) is not None
    assert prove(Relation(gram, "=", size[0], h)) is None


def test_proportionality_says_in_what():
    joint = T.mul(lik, prior)
    posterior = T.pdf(PZX, z)
    assert prove(Relation(posterior, "propto", joint, H, ("z",))) is not None
    assert prove(Relation(posterior, "propto", joint, H, ("x",))) is None  # 1/p(x) depends on x
    assert prove(Relation(posterior, "propto", lik, H, ("z",))) is None
    assert prove(Relation(posterior, "propto", joint, H, ())) is None
    bell = T.exp(T.neg(T.divide(T.power(T.sub(x, m), T.TWO), T.mul(T.TWO, v))))
    assert prove(Relation(T.pdf(T.normal(m, v), x), "propto", bell, H, ("x", "m"))) is not None
    assert prove(Relation(T.pdf(T.normal(m, v), x), "propto", bell, H, ("x", "v"))) is None


@pytest.mark.parametrize("rel", [":=", "approx"])
def test_what_is_no_claim_gets_no_proof(rel):
    assert prove(Relation(x, rel, x, H)) is None


def test_nothing_makes_the_prover_raise_or_hang():
    tower = T.number(10)
    for _ in range(8):
        tower = T.power(tower, T.number(10))
    deep = x
    for _ in range(400):
        deep = T.add(T.ONE, T.mul(T.TWO, deep))
    wide = T.power(T.add(*(T.symbol(f"v{i}") for i in range(40))), T.number(30))
    for lhs, rhs in ((tower, T.ZERO), (deep, T.ZERO), (wide, T.ZERO), (T.zeros(3), T.zeros(3)), (DATA, DATA)):
        prove(Relation(lhs, "=", rhs, H), 1.0)


def test_steps_are_told_with_their_rules():
    from proofs.certificate import numbered_steps

    lhs, rel, rhs, _ = CLAIMS["evidence"]
    lines = numbered_steps(prove(Relation(lhs, rel, rhs, H)))
    assert lines[0].startswith("1. ") and any("density.chain" in line for line in lines)


def test_a_bug_in_the_search_is_seen(monkeypatch):
    """What nobody foresaw is a fault of ours, not 'no proof'; what the kernel does not replay is one too."""
    from proofs.prover import search

    relation = Relation(T.add(T.ONE, T.ONE), "=", T.TWO)

    def broken(*_):
        raise TypeError("a bug")

    with monkeypatch.context() as m:
        m.setattr(search, "_search", broken)
        with pytest.raises(TypeError, match="a bug"):
            prove(relation)
    nothing = {"left": [], "right": []}
    with monkeypatch.context() as m:
        m.setattr(search, "_search", lambda *_: (nothing, []))
        assert prove(relation) is not None
        with pytest.raises(search.ProverFault, match="replay"):
            prove(Relation(T.add(T.ONE, T.ONE), "=", T.ONE))
