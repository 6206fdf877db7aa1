"""The kernel accepts what follows and refuses, by name, what does not."""

import copy
import json
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proofs.binding import alike, free, substitute
from proofs.certificate import Encoder, encode_hypotheses
from proofs.field import Algebra, AlgebraError
from proofs.kernel import Kernel, KernelError, Theorem, prove_by, replay
from proofs.prover import prove
from proofs.records import Domain, Function, Hypotheses, Relation, Space
from proofs.side_conditions import Context
from proofs.terms import (
    HALF,
    MINUS_ONE,
    ONE,
    SCALAR,
    TWO,
    ZERO,
    add,
    at,
    call,
    compare,
    derivative,
    divide,
    exp,
    expectation,
    family,
    function,
    identity,
    integral,
    inverse,
    kl,
    log,
    matrix_sort,
    mul,
    neg,
    normal,
    number,
    pdf,
    power,
    sub,
    sum_over,
    symbol,
    term,
    transpose,
    vector_sort,
)

x, y, z, a, b = (symbol(s) for s in "xyzab")
REALS = Hypotheses({s: Domain(declared=True) for s in "xyzab"})
NOTHING = {"left": [], "right": []}


def by_field(lhs, rhs, h=REALS):
    return prove_by(Relation(lhs, "=", rhs, h), NOTHING)


# ------------------------------------------------------------------------------------------------ theorems


def test_nobody_else_makes_theorems():
    with pytest.raises(KernelError):
        Theorem(object(), REALS, x, "=", x, (), ())


def test_a_theorem_is_frozen():
    theorem = by_field(add(x, y), add(y, x))
    with pytest.raises(AttributeError):
        theorem.rhs = ZERO


# ------------------------------------------------------------------------------------------------ the field


@st.composite
def polynomials(draw, depth=3):
    """A random arithmetic term in x, y, z together with its value at a fixed rational point."""
    if depth == 0 or draw(st.booleans()):
        if draw(st.booleans()):
            n = draw(st.integers(-5, 5))
            return number(n), Fraction(n)
        name, value = draw(st.sampled_from([(x, Fraction(3, 7)), (y, Fraction(-5, 11)), (z, Fraction(13, 17))]))
        return name, value
    left, lv = draw(polynomials(depth=depth - 1))
    right, rv = draw(polynomials(depth=depth - 1))
    kind = draw(st.sampled_from(["add", "sub", "mul", "square"]))
    if kind == "add":
        return add(left, right), lv + rv
    if kind == "sub":
        return sub(left, right), lv - rv
    if kind == "mul":
        return mul(left, right), lv * rv
    return power(left, TWO), lv**2


def expanded(t):
    """The same polynomial multiplied out by a routine of its own (dictionaries of exponent triples)."""

    def go(u):
        if u.op == "number":
            return {(0, 0, 0): u.data[0]} if u.data[0] else {}
        if u.op == "symbol":
            return {tuple(int(n == u.data[0]) for n in "xyz"): Fraction(1)}
        if u.op == "add":
            out = {}
            for s in u.args:
                for m, c in go(s).items():
                    out[m] = out.get(m, 0) + c
            return out
        factors = [go(s) for s in u.args] if u.op == "mul" else [go(u.args[0])] * 2
        out = {(0, 0, 0): Fraction(1)}
        for f in factors:
            out2 = {}
            for m, c in out.items():
                for m2, c2 in f.items():
                    key = tuple(i + j for i, j in zip(m, m2))
                    out2[key] = out2.get(key, 0) + c * c2
            out = out2
        return out

    parts = [mul(number(c), *(power(v, number(e)) for v, e in zip((x, y, z), m))) for m, c in go(t).items() if c]
    return add(ZERO, *parts) if parts else ZERO


@given(polynomials())
@settings(max_examples=60, deadline=None)
def test_polynomial_identities_are_accepted(pair):
    t, _ = pair
    assert by_field(t, expanded(t)).relation == "="


@given(polynomials(), st.integers(1, 9), st.sampled_from([ONE, x, mul(x, y), power(z, TWO)]))
@settings(max_examples=60, deadline=None)
def test_perturbed_identities_are_refused(pair, c, m):
    t, _ = pair
    with pytest.raises(KernelError):
        by_field(t, add(expanded(t), mul(number(c), m)))


@given(polynomials(), polynomials(), polynomials())
@settings(max_examples=40, deadline=None)
def test_quotients_are_compared_by_cross_multiplication(p, q, r):
    """(p + q/r) r = p r + q needs r != 0; over the positive number r^2 + 1 it needs nothing."""
    positive = add(power(r[0], TWO), ONE)
    lhs = mul(add(p[0], divide(q[0], positive)), positive)
    assert by_field(lhs, add(mul(p[0], positive), q[0]))


def test_division_by_what_may_be_zero_is_refused():
    with pytest.raises(KernelError, match="nonzero: x"):
        by_field(divide(x, x), ONE)
    for kind in ("positive", "nonzero", "unit"):
        assert by_field(divide(x, x), ONE, Hypotheses({"x": Domain(kind=kind, declared=True)}))
    with pytest.raises(KernelError):
        by_field(divide(sub(x, x), sub(x, x)), ONE)
    with pytest.raises(KernelError):
        by_field(mul(x, power(ZERO, MINUS_ONE)), mul(y, power(ZERO, MINUS_ONE)))


def test_where_nothing_was_declared_the_domain_shrinks_and_the_ledger_says_so():
    theorem = by_field(divide(x, x), ONE, Hypotheses())
    assert theorem.assumed == ("x != 0 (where both sides are defined)",)


def test_a_bound_variable_cannot_shrink_a_domain():
    """E 1/x * x = 1 is not saved by 'where both sides are defined': x is not free."""
    body = mul(divide(ONE, x), x)
    with pytest.raises(KernelError):
        prove_by(Relation(expectation("x", normal(ZERO, ONE), body), "=", ONE), NOTHING)
    # log(x^2) = 2 log x under a normal law: one side is defined, the other is not
    law = normal(ZERO, ONE)
    lhs, rhs = expectation("x", law, log(power(x, TWO))), expectation("x", law, mul(TWO, log(x)))
    assert prove(Relation(lhs, "=", rhs)) is None


def test_what_cancels_must_have_been_defined():
    with pytest.raises(KernelError, match="definedness"):
        by_field(add(x, log(y), neg(log(y))), x)
    assert by_field(add(x, log(y), neg(log(y))), x, Hypotheses({"y": Domain(kind="positive", declared=True)}))


def test_the_algebra_gives_up_rather_than_hang():
    big = power(add(*(symbol(f"v{i}") for i in range(12))), number(12))
    with pytest.raises(AlgebraError):
        Algebra(Context(REALS)).scalar(big)
    tower = number(10)
    for _ in range(6):
        tower = power(tower, number(40))
    with pytest.raises(AlgebraError):
        Algebra(Context(REALS)).scalar(tower)


# ------------------------------------------------------------------------------------------------ matrices

N = "n"
MAT = matrix_sort(N, N)
A, B, S = symbol("A", MAT), symbol("B", MAT), symbol("S", MAT)
u, v = symbol("u", vector_sort(N)), symbol("v", vector_sort(N))
MATRICES = Hypotheses(
    {
        "A": Domain(MAT, "invertible", declared=True),
        "B": Domain(MAT, declared=True),
        "S": Domain(MAT, "positive_definite", declared=True),
        "u": Domain(vector_sort(N), declared=True),
        "v": Domain(vector_sort(N), declared=True),
    }
)


@pytest.mark.parametrize(
    ("lhs", "rhs"),
    [
        (mul(A, add(B, S)), add(mul(A, B), mul(A, S))),
        (transpose(mul(A, B)), mul(transpose(B), transpose(A))),
        (mul(A, inverse(A), B), B),
        (mul(transpose(u), v), mul(transpose(v), u)),
        (mul(transpose(u), A, v), mul(transpose(v), transpose(A), u)),
        (mul(u, transpose(v), u), mul(mul(transpose(u), v), u)),
        (mul(transpose(u), S, v), mul(transpose(v), S, u)),
        (
            mul(transpose(sub(u, v)), S, sub(u, v)),
            add(mul(transpose(u), S, u), mul(number(-2), transpose(u), S, v), mul(transpose(v), S, v)),
        ),
    ],
)
def test_matrix_identities(lhs, rhs):
    assert by_field(lhs, rhs, MATRICES)


@pytest.mark.parametrize(
    ("lhs", "rhs"),
    [
        (mul(A, B), mul(B, A)),
        (transpose(mul(A, B)), mul(transpose(A), transpose(B))),
        (transpose(B), B),
        (mul(transpose(u), A, v), mul(transpose(v), A, u)),
        (mul(u, transpose(v)), mul(v, transpose(u))),
        (mul(inverse(A), B, A), B),
        (
            mul(transpose(sub(u, v)), B, sub(u, v)),
            add(mul(transpose(u), B, u), mul(number(-2), transpose(u), B, v), mul(transpose(v), B, v)),
        ),
    ],
)
def test_wrong_matrix_identities(lhs, rhs):
    with pytest.raises(KernelError):
        by_field(lhs, rhs, MATRICES)


def test_an_inverse_needs_an_invertible_matrix():
    with pytest.raises(KernelError, match="invertible"):
        by_field(mul(B, inverse(B)), identity(N), MATRICES)
    # where both sides need it, they are defined together
    assert by_field(mul(B, inverse(B)), mul(inverse(B), B), MATRICES)


# ------------------------------------------------------------------------------------------------ capture


def test_bound_names_do_not_matter():
    law = normal(a, ONE)
    assert alike(expectation("x", law, mul(x, y)), expectation("z", law, mul(z, y)))
    assert not alike(expectation("x", law, mul(x, y)), expectation("y", law, mul(y, y)))
    assert alike(sum_over("i", symbol("i"), ONE, x), sum_over("j", symbol("j"), ONE, x))


def test_names_of_integrals_say_the_space():
    assert not alike(integral("x", exp(x)), integral("z", exp(z)))
    assert alike(integral("x~1", exp(symbol("x~1"))), integral("x", exp(x)))


def test_substitution_renames_what_would_capture():
    t = sum_over("i", mul(symbol("i"), x), ONE, y)
    s = substitute(t, {"x": symbol("i")})
    assert free(s) == {"i", "y"} and not alike(s, sum_over("i", mul(symbol("i"), symbol("i")), ONE, y))


def test_a_derivative_is_taken_before_its_variable_gets_a_value():
    d = derivative(power(x, TWO), "x")
    assert substitute(d, {"x": number(3)}) == at("x", d, number(3))
    # renamed by a fresh symbol it stays a derivative
    assert substitute(d, {"x": y}) == derivative(power(y, TWO), "y")


def test_a_constant_that_is_the_bound_variable_does_not_leave():
    """E_x[x] = x: the x outside is another one."""
    e = expectation("x", normal(a, b), x)
    step = {"rule": "expectation.constant", "with": {"x": x, "P": normal(a, b), "c": x}}
    with pytest.raises(ValueError):
        Kernel(Relation(ONE, "=", ONE)).rewrite(e, step)


def test_hypotheses_about_a_name_do_not_reach_under_its_binder():
    """y > 0 outside says nothing about the y of an expectation."""
    h = Hypotheses({"y": Domain(kind="positive", declared=True)})
    body = function("abs", y)
    e = expectation("y", normal(ZERO, ONE), body)
    kernel = Kernel(Relation(e, "=", e, h))
    with pytest.raises(ValueError, match=r"abs\.positive"):
        kernel.rewrite(e, {"at": [1], "rule": "abs.positive", "with": {"a": y}})
    assert kernel.rewrite(function("abs", y), {"rule": "abs.positive", "with": {"a": y}}) == (y, "=")


def test_an_equation_is_not_used_under_a_derivative_by_its_variable():
    """With y = x^2 at the present point, the derivative of y by x is not that of x^2."""
    h = Hypotheses(conditions=(compare("=", y, power(x, TWO)),))
    d = derivative(y, "x")
    kernel = Kernel(Relation(d, "=", d, h))
    with pytest.raises(KernelError):
        kernel.rewrite(d, {"at": [0], "hypothesis": 0})
    with pytest.raises(ValueError, match=r"derivative\.constant"):
        kernel.rewrite(d, {"rule": "derivative.constant", "with": {"w": x, "A": y}})


# ------------------------------------------------------------------------------------------------ inequalities


def gap(t, path, h=REALS, kind=">="):
    return Kernel(Relation(t, "=", t, h)).rewrite(t, {"at": path, "sign": kind})


def test_polarity():
    q = power(x, TWO)
    assert gap(add(y, q), [1]) == (add(y, ZERO), ">=")
    assert gap(add(y, mul(MINUS_ONE, q)), [1, 1])[1] == "<="
    with pytest.raises(KernelError, match="monotone"):
        gap(mul(y, q), [1])
    with pytest.raises(KernelError, match="monotone"):
        gap(function("cos", q), [0])


def test_an_inequality_does_not_leave_a_logarithm_undefined():
    h = Hypotheses({"x": Domain(kind="positive", declared=True)})
    with pytest.raises(KernelError, match="logarithm"):
        gap(log(add(x, neg(divide(x, TWO)), power(x, TWO))), [0, 2], Hypotheses())
    with pytest.raises(KernelError, match="logarithm"):
        gap(log(x), [0], h)


def test_relations_that_point_apart_do_not_compose():
    q = power(x, TWO)
    t = add(q, mul(MINUS_ONE, power(y, TWO)))
    steps = [{"at": [0], "sign": ">="}, {"at": [1, 1], "sign": ">="}]
    with pytest.raises(KernelError, match="compose"):
        prove_by(Relation(t, ">=", add(ZERO, mul(MINUS_ONE, ZERO)), REALS), {"left": steps, "right": []})


def test_a_weak_proof_does_not_give_a_strict_relation():
    proof = {"left": [{"sign": ">="}], "right": []}
    assert prove_by(Relation(power(x, TWO), ">=", ZERO, REALS), proof)
    with pytest.raises(KernelError):
        prove_by(Relation(power(x, TWO), ">", ZERO, REALS), proof)
    with pytest.raises(KernelError):
        prove_by(Relation(power(x, TWO), "<=", ZERO, REALS), proof)


# ------------------------------------------------------------------------------------------------ laws that are none


def test_a_negative_variance_proves_nothing():
    """-1 = E x^2 under N(0, -1), and E x^2 >= 0, would give -1 >= 0: the law cannot be brought in."""
    second = expectation("x", normal(ZERO, number(-1)), power(x, TWO))
    kernel = Kernel(Relation(ONE, "=", ONE))
    with pytest.raises(KernelError, match="brings in"):
        kernel.rewrite(MINUS_ONE, {"field": add(MINUS_ONE, mul(ZERO, second))})
    values = {"x": x, "P": normal(ZERO, number(-1)), "c": MINUS_ONE}
    with pytest.raises(KernelError, match="brings in"):
        kernel.rewrite(MINUS_ONE, {"rule": "expectation.constant", "back": True, "with": values})
    with pytest.raises(KernelError, match="definedness"):
        Kernel(Relation(second, "=", MINUS_ONE))


def test_a_midpoint_without_its_half_is_no_law():
    """p + q has mass 2: Gibbs' inequality says nothing of it, nor may it be brought in."""
    p, q = family("p", ("x",)), family("q", ("x",))
    h = Hypotheses(spaces={"x": Space()}, space_of={"x": "x"})

    def mixed(w):
        return term("with_density", (mul(w, add(pdf(p, x), pdf(q, x))),), ("x",), p.sort)

    assert prove(Relation(kl(p, mixed(HALF)), ">=", ZERO, h)) is not None
    assert prove(Relation(kl(p, mixed(ONE)), ">=", ZERO, h)) is None
    step = {"rule": "gibbs", "with": {"P": p, "Q": mixed(ONE)}}
    with pytest.raises(ValueError, match="gibbs"):
        Kernel(Relation(ONE, "=", ONE, h)).rewrite(ZERO, step)


def test_a_step_brings_in_no_quotient_by_what_may_be_zero():
    with pytest.raises(ValueError):
        Kernel(Relation(x, "=", x, REALS)).rewrite(x, {"field": mul(x, y, power(y, MINUS_ONE))})
    zero = add(x, mul(ZERO, log(y)))
    with pytest.raises(KernelError, match="brings in"):
        Kernel(Relation(x, "=", x, REALS)).rewrite(x, {"field": zero})


# ------------------------------------------------------------------------------------------------ certificates


def example():
    p, q = family("p", ("x",)), family("q", ("x",))
    h = Hypotheses(spaces={"x": Space()}, space_of={"x": "x"})
    return prove(Relation(kl(p, q), ">=", ZERO, h))


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
    proof = prove(Relation(log(mul(TWO, power(x, TWO))), "=", add(log(TWO), mul(TWO, log(x))), h))
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
        conditions=(compare(">", x, ZERO),),
    )
    proof = prove(Relation(add(x, HALF), "=", add(HALF, x), h))
    assert replay(json.loads(json.dumps(proof.certificate))).hypotheses == h


# ------------------------------------------------------------------------------------------------ signs


@pytest.mark.parametrize(
    ("term", "kind", "answer"),
    [
        (sub(ONE, x), "positive", True),
        (sub(x, ONE), "positive", False),
        (sub(ONE, divide(x, add(x, y))), "positive", True),
        (add(power(z, TWO), ONE), "positive", True),
        (power(z, TWO), "positive", False),
        (power(z, TWO), "nonnegative", True),
        (power(z, number(3)), "nonnegative", False),
        (mul(x, y, exp(z)), "positive", True),
        (mul(x, z), "nonzero", False),
        (sub(x, y), "nonzero", False),
        (mul(ZERO, x), "nonzero", False),
        (neg(add(x, y)), "nonzero", True),
        (log(x), "nonnegative", False),
        (neg(log(x)), "positive", True),
        (log(add(ONE, y)), "positive", True),
        (call("D", [z]), "positive", True),
        (sub(ONE, call("D", [z])), "positive", True),
        (call("f", [z]), "positive", False),
        (expectation("z", normal(ZERO, ONE), exp(z)), "positive", True),
        (expectation("z", normal(ZERO, ONE), z), "nonnegative", False),
    ],
)
def test_signs(term, kind, answer):
    """x is in (0, 1), y positive, z real, D has values in (0, 1)."""
    h = Hypotheses(
        {"x": Domain(kind="unit"), "y": Domain(kind="positive"), "z": Domain()},
        {"D": Function(values=Domain(kind="unit")), "f": Function()},
    )
    assert Context(h).holds(kind, term) is answer
