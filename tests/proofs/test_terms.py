"""Terms: equality, sorts, free symbols, and substitution that captures nothing.

Substitution is checked against an exact evaluator written here: to substitute and then evaluate is to evaluate where
the symbols have those values.  Derivatives are taken by dual numbers.
"""

from __future__ import annotations

import pickle
from dataclasses import dataclass
from fractions import Fraction
from itertools import count

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from term_strategies import anything, arithmetic, laws, statements, terms

from proofs import terms as T
from proofs.terms import (
    BINDER_SCOPE,
    BOOL,
    LAW,
    ONE,
    OPERATORS,
    SCALAR,
    ShapeError,
    Term,
    add,
    at,
    call,
    compare,
    derivative,
    expectation,
    free_symbols,
    integral,
    law,
    map_terms,
    matrix_sort,
    mul,
    normal,
    number,
    substitute,
    sum_over,
    symbol,
    term,
    vector_sort,
    walk,
)

quick = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
x, y, z = map(symbol, "xyz")


# --------------------------------------------------------------------------------------------- an exact evaluator

_tags = count(1)


@dataclass(frozen=True)
class Dual:
    """``value + slope e`` with e^2 = 0; each derivative has an e of its own, told apart by its tag."""

    tag: int
    value: object
    slope: object


def _split(a, tag):
    return (a.value, a.slope) if isinstance(a, Dual) and a.tag == tag else (a, Fraction(0))


def _newest(a, b):
    return max(v.tag for v in (a, b) if isinstance(v, Dual))


def plus(a, b):
    if not isinstance(a, Dual) and not isinstance(b, Dual):
        return a + b
    tag = _newest(a, b)
    (u, du), (v, dv) = _split(a, tag), _split(b, tag)
    return Dual(tag, plus(u, v), plus(du, dv))


def times(a, b):
    if not isinstance(a, Dual) and not isinstance(b, Dual):
        return a * b
    tag = _newest(a, b)
    (u, du), (v, dv) = _split(a, tag), _split(b, tag)
    return Dual(tag, times(u, v), plus(times(du, v), times(u, dv)))


def real(a):
    while isinstance(a, Dual):
        a = a.value
    return a


def evaluate(t: Term, env: dict):
    """The value of an arithmetic term; only what `arithmetic` generates."""

    def total(items):
        result = Fraction(0)
        for item in items:
            result = plus(result, item)
        return result

    def multiply(items):
        result = Fraction(1)
        for item in items:
            result = times(result, item)
        return result

    go = evaluate
    if t.op == "number":
        return t.data[0]
    if t.op == "symbol":
        return env[t.data[0]]
    if t.op == "add":
        return total(go(a, env) for a in t.args)
    if t.op == "mul":
        return multiply(go(a, env) for a in t.args)
    if t.op == "pow":
        return multiply([go(t.args[0], env)] * int(t.args[1].data[0]))
    if t.op in ("sum", "product"):
        lower, upper = (int(real(go(a, env))) for a in t.args[1:])
        values = [go(t.args[0], {**env, t.data[0]: Fraction(i)}) for i in range(lower, upper + 1)]
        return total(values) if t.op == "sum" else multiply(values)
    if t.op in ("expectation", "variance", "probability"):
        weight = Fraction(1, len(t.args[0].args))
        values = [go(t.args[1], {**env, t.data[0]: go(v, env)}) for v in t.args[0].args]
        mean = total(times(weight, v) for v in values)
        if t.op != "variance":
            return mean
        return total(times(weight, multiply([plus(v, times(Fraction(-1), mean))] * 2)) for v in values)
    if t.op == "compare":
        left, right = (real(go(a, env)) for a in t.args)
        return Fraction({"<": left < right, "=": left == right, ">=": left >= right}[t.data[0]])
    if t.op == "indicator":
        return go(t.args[0], env)
    if t.op == "cases":
        return go(t.args[0] if go(t.args[1], env) else t.args[2], env)
    if t.op == "at":
        return go(t.args[0], {**env, t.data[0]: go(t.args[1], env)})
    if t.op == "maximum":
        return max((go(t.args[0], {**env, t.data[0]: Fraction(i)}) for i in (-1, 0, 2)), key=real)
    if t.op == "derivative":
        return _partial(t, t.data[0], env)
    if t.op == "entry":
        inner, index = t.args
        assert inner.op == "derivative"
        return _partial(inner, inner.data[int(index.data[0]) - 1], env)
    if t.op == "call":  # one fixed polynomial for every unknown function of two arguments
        a, b = (go(v, env) for v in t.args)
        return plus(times(a, times(a, b)), times(Fraction(3), b))
    raise AssertionError(t.op)


def _partial(t: Term, name: str, env: dict):
    tag = next(_tags)
    result = evaluate(t.args[0], {**env, name: Dual(tag, env.get(name, Fraction(0)), Fraction(1))})
    return _split(result, tag)[1]


def same(a, b) -> bool:
    if isinstance(a, Dual) or isinstance(b, Dual):
        return False
    return a == b


point = st.fixed_dictionaries({n: st.integers(-3, 3).map(Fraction) for n in "xyz"})


def entries_inside(t: Term) -> Term:
    """``at(v, D, a)[i]`` is ``at(v, D[i], a)``."""

    def change(n: Term) -> Term:
        if n.op == "entry" and n.args[0].op == "at":
            body, value = n.args[0].args
            inner = change(term("entry", (body, n.args[1]), ()))
            return at(n.args[0].data[0], inner, value)
        return n

    return map_terms(t, change)


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(arithmetic(4), arithmetic(2), arithmetic(2), point)
def test_to_substitute_and_evaluate_is_to_evaluate_there(t, first, second, env):
    assume(sum(1 for _ in walk(t)) < 120)
    values = {"x": first, "y": second}
    there = {**env, "x": evaluate(first, env), "y": evaluate(second, env)}
    assert same(evaluate(entries_inside(substitute(t, values)), env), evaluate(t, there))


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(arithmetic(4), st.permutations("xyz"), point)
def test_names_can_be_exchanged_all_at_once(t, names, env):
    assume(sum(1 for _ in walk(t)) < 120)
    values = {old: symbol(new) for old, new in zip("xyz", names, strict=True)}
    there = {old: env[new] for old, new in zip("xyz", names, strict=True)}
    assert same(evaluate(entries_inside(substitute(t, values)), env), evaluate(t, there))


@quick
@given(arithmetic(4), arithmetic(2))
def test_free_symbols_after_a_substitution(t, value):
    before, into = set(free_symbols(t)), set(free_symbols(value))
    after = set(free_symbols(substitute(t, {"x": value})))
    assert after == ((before - {"x"}) | into if "x" in before else before)


@quick
@given(anything(3))
def test_substituting_nothing_changes_nothing(t):
    assert substitute(t, {}) is t
    assert substitute(t, {"no such name": ONE}) is t
    assert substitute(t, {name: symbol(name, sort) for name, sort in free_symbols(t).items()}) is t


@quick
@given(anything(3), terms(SCALAR, 1))
def test_substitution_keeps_every_sort(t, value):
    after = substitute(t, {"x": value})
    assert after.sort == t.sort
    if "x" in free_symbols(t) and "x" not in free_symbols(value):
        assert "x" not in free_symbols(after)


@pytest.mark.parametrize("op", sorted(BINDER_SCOPE))
def test_every_binder_steps_aside(op):
    """With z bound, a free z put into its scope stays free, and what is outside the scope is replaced as ever."""
    p = term("family", (), ("p", ("z",), (), ()), LAW)
    free = symbol("w")
    inside, outside = mul(free, z), mul(free, z)
    shapes = {
        "at": (inside, outside),
        "covariance": (p, inside, inside),
        "probability": (p, compare("<", inside, ONE)),
        "with_density": (inside,),
        "integral": (inside, outside, outside),
    }
    if op in ("sum", "product"):
        args = (inside, outside, outside)
    elif op in ("expectation", "variance", "pushforward"):
        args = (p, inside)
    else:
        args = shapes.get(op, (inside,))
    sort = LAW if op in ("with_density", "pushforward") else SCALAR
    t = term(op, args, ("z",), sort)
    after = substitute(t, {"w": z})
    assert after.data != ("z",)
    assert set(free_symbols(after)) == {"z"}
    for i, a in enumerate(after.args):
        if i in BINDER_SCOPE[op]:
            assert after.data[0] in free_symbols(a)
        elif a.sort == SCALAR:
            assert a == mul(z, z)
    # nothing inside the scope is replaced by what is put for the bound name itself
    bound = substitute(term(op, args, ("z",), sort), {"z": number(7)})
    for i, a in enumerate(bound.args):
        assert (a == args[i]) == (i in BINDER_SCOPE[op] or "z" not in free_symbols(args[i]))


def f(*args):
    return call("f", args)


@pytest.mark.parametrize(
    ("t", "values", "expected"),
    [
        (derivative(f(x, y), "x"), {"x": z}, derivative(f(z, y), "z")),
        (derivative(f(x, y), "x"), {"x": number(2)}, at("x", derivative(f(x, y), "x"), number(2))),
        (derivative(f(x, y), "x"), {"x": y}, at("x", derivative(f(x, y), "x"), y)),
        (derivative(f(x, y), "x"), {"y": number(2)}, derivative(f(x, number(2)), "x")),
        (derivative(f(x, y), "x"), {"x": add(x, ONE)}, at("x", derivative(f(x, y), "x"), add(x, ONE))),
        (derivative(f(x, y), "x", "y"), {"x": z}, derivative(f(z, y), "z", "y")),
    ],
    ids=str,
)
def test_a_derivative_is_taken_before_its_point_is_put_in(t, values, expected):
    assert substitute(t, values) == expected


@settings(max_examples=150, deadline=None)
@given(
    st.dictionaries(st.sampled_from("xyz"), st.sampled_from([x, y, z, add(x, y), mul(y, z), number(2)]), min_size=1),
    st.sampled_from([("x",), ("y",), ("x", "y"), ("y", "x"), ("x", "z")]),
    point,
)
def test_several_values_under_a_derivative_at_once(values, by, env):
    """The partial derivative of f(x, yz) at the new point; never the derivative along the diagonal."""
    body = f(add(x, z), mul(y, z))
    there = {**env, **{k: evaluate(v, env) for k, v in values.items()}}
    for i in range(len(by)):
        t = derivative(body, *by)
        t = t if len(by) == 1 else T.entry(t, number(i + 1))
        assert evaluate(entries_inside(substitute(t, values)), env) == evaluate(t, there)


def test_a_value_may_name_what_a_constant_body_is_differentiated_by():
    t = substitute(derivative(y, "x"), {"y": x})
    assert evaluate(t, {"x": Fraction(5)}) == 0


def test_a_maximum_over_functions_takes_hold_of_no_function_in_a_value():
    t = term("maximum", (mul(y, call("D", [x])),), ("D",))
    after = substitute(t, {"y": call("D", [z])})
    (name,) = after.data
    assert name != "D"
    assert after.args[0] == mul(call("D", [z]), call(name, [x]))


def test_an_expectation_renames_under_a_derivative():
    p = term("family", (), ("p", ("z",), (), ()), LAW)
    after = substitute(expectation("z", p, derivative(f(z, y), "z")), {"y": z})
    (name,) = after.data
    assert after == expectation(name, p, derivative(f(symbol(name), z), name))


def test_a_value_of_another_kind_is_refused():
    with pytest.raises(ShapeError, match="x is a scalar, and a vector of dimension n is put for it"):
        substitute(add(x, ONE), {"x": symbol("v", vector_sort("n"))})
    with pytest.raises(ShapeError, match="distribution"):
        substitute(add(x, ONE), {"x": symbol("P", LAW)})


def test_shared_parts_cost_once():
    t = add(x, y)
    for _ in range(200):
        t = add(t, t)
    assert set(free_symbols(t)) == {"x", "y"}


def test_a_deep_term_is_compared_and_pickled():
    t = x
    for _ in range(20_000):
        t = add(t, y)
    assert set(free_symbols(t)) == {"x", "y"}
    again = pickle.loads(pickle.dumps(t))
    assert again == t and again is not t
    assert again != add(t, ONE)


# ------------------------------------------------------------------------------------------ equality and pickling


@quick
@given(anything(3))
def test_a_pickled_term_is_the_same_term(t):
    again = pickle.loads(pickle.dumps(t))
    assert again == t
    assert hash(again) == hash(t)


@quick
@given(anything(2), anything(2))
def test_equal_terms_have_equal_hashes_and_parts(a, b):
    rebuilt = term(a.op, a.args, a.data, a.sort)
    assert rebuilt == a and hash(rebuilt) == hash(a)
    assert (a == b) == ((a.op, a.args, a.data, a.sort) == (b.op, b.args, b.data, b.sort))
    if a == b:
        assert hash(a) == hash(b)


@quick
@given(terms())
def test_a_term_is_no_number_and_no_string(t):
    assert t != 0 and t != str(t)
    assert add(t, number(0)) != t
    assert mul(t, number(1)) != t


@quick
@given(anything(3))
def test_walking_finds_every_operator_once(t):
    found = list(walk(t))
    assert found[0] is t
    assert len(found) == 1 + sum(len(n.args) for n in found)
    assert {n.op for n in found} <= OPERATORS.keys()
    assert map_terms(t, lambda n: n) == t


@quick
@given(laws(2), statements(2))
def test_sorts_of_laws_and_statements(law_, statement):
    assert law_.sort == LAW and statement.sort == BOOL


# ---------------------------------------------------------------------------------------- what constructors refuse

n1, n2, m1 = vector_sort("n"), vector_sort(2), vector_sort("m")
v, u, w = symbol("v", n1), symbol("u", n2), symbol("w", m1)
A, B = symbol("A", matrix_sort("n", "n")), symbol("B", matrix_sort("m", "n"))
P, S = symbol("P", LAW), symbol("S", BOOL)


@pytest.mark.parametrize(
    "build",
    [
        lambda: add(x, v),
        lambda: add(v, w),
        lambda: add(v, T.transpose(v)),
        lambda: add(P, P),
        lambda: add(S, S),
        lambda: mul(v, v),
        lambda: mul(A, B),
        lambda: mul(x, P),
        lambda: mul(S, x),
        lambda: T.power(x, v),
        lambda: T.power(B, number(2)),
        lambda: T.power(P, number(2)),
        lambda: T.divide(x, v),
        lambda: T.hadamard(v, w),
        lambda: T.hadamard(P, P),
        lambda: T.hadamard(),
        lambda: T.transpose(P),
        lambda: T.inverse(B),
        lambda: T.inverse(v),
        lambda: T.inverse(P),
        lambda: T.det(B),
        lambda: T.det(S),
        lambda: T.trace(v),
        lambda: T.diag(A),
        lambda: T.diag(P),
        lambda: T.matrix(2, 2, [x]),
        lambda: T.matrix(1, 2, [x, v]),
        lambda: T.entry(P, ONE),
        lambda: T.entry(v),
        lambda: T.entry(A, ONE, ONE, ONE),
        lambda: T.entry(v, v),
        lambda: T.norm(P),
        lambda: T.exp(P),
        lambda: T.log(S),
        lambda: T.indicator(x),
        lambda: sum_over("i", P, ONE, ONE),
        lambda: sum_over("i", x, v, ONE),
        lambda: integral("z", S),
        lambda: integral("z", x, ONE, v),
        lambda: expectation("z", x, z),
        lambda: expectation("z", P, S),
        lambda: T.variance("z", P, A),
        lambda: T.variance("z", P, S),
        lambda: derivative(A, "v", sort=n1),
        lambda: derivative(v, "A", sort=A.sort),
        lambda: derivative(S, "x"),
        lambda: normal(v, x),
        lambda: normal(v, B),
        lambda: normal(x, A),
        lambda: normal(P, x),
        lambda: normal(T.transpose(v), A),
        lambda: law("bernoulli", P),
        lambda: law("normal", v, x),
        lambda: T.pdf(x, x),
        lambda: T.pdf(P, P),
        lambda: T.kl(x, P),
        lambda: T.jsd(P, S),
    ],
)
def test_shapes_that_do_not_fit_are_refused(build):
    with pytest.raises(ShapeError) as caught:
        build()
    assert str(caught.value)


@pytest.mark.parametrize(
    "build",
    [
        lambda: term("nonsense"),
        lambda: T.function("arcosh", x),
        lambda: compare("==", x, y),
        lambda: law("kl", x),
        lambda: law("family"),
        lambda: integral("z", x, ONE, None),
        lambda: derivative(x),
        lambda: T.pdf(P),
        lambda: T.family("p", ("x",), ("z",)),
    ],
)
def test_what_is_no_operator_or_incomplete_is_refused(build):
    with pytest.raises(ValueError):
        build()


@pytest.mark.parametrize(
    ("t", "sort"),
    [
        (mul(T.transpose(v), v), SCALAR),
        (mul(v, T.transpose(v)), A.sort),
        (mul(T.transpose(v), v, B), B.sort),
        (mul(B, A, v), m1),
        (mul(x, v, y), n1),
        (T.transpose(B), matrix_sort("n", "m")),
        (T.det(A), SCALAR),
        (T.trace(x), SCALAR),
        (T.diag(v), A.sort),
        (T.identity(1), SCALAR),
        (T.zeros("n"), n1),
        (T.matrix(2, 1, [x, y]), n2),
        (T.entry(A, ONE, ONE), SCALAR),
        (T.variance("z", P, v), A.sort),
        (derivative(x, "v", sort=n1), n1),
        (derivative(w, "v", sort=n1), matrix_sort("m", "n")),
        (derivative(v, "x"), n1),
        (derivative(x, "A", sort=B.sort), B.sort),
        (derivative(x, "x", "y"), n2),
        (T.power(v, number(2)), n1),
        (T.power(A, number(-1)), A.sort),
        (T.hadamard(v, v), n1),
        (T.hadamard(v), n1),
        (normal(v, A), LAW),
    ],
    ids=str,
)
def test_the_sort_of_what_fits(t, sort):
    assert t.sort == sort
