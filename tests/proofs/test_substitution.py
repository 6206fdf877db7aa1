"""Substitution captures nothing: to substitute and then evaluate is to evaluate where the symbols have those values."""

from __future__ import annotations

from fractions import Fraction

import pytest
from exact_evaluator import evaluate, same
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from term_strategies import anything, arithmetic, terms

from proofs import terms as T
from proofs.terms import LAW, SCALAR, Term

quick = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
x, y, z = map(T.symbol, "xyz")
point = st.fixed_dictionaries({n: st.integers(-3, 3).map(Fraction) for n in "xyz"})


def entries_inside(t: Term) -> Term:
    """``at(v, D, a)[i]`` is ``at(v, D[i], a)``."""

    def change(n: Term) -> Term:
        if n.op == "entry" and n.args[0].op == "at":
            body, value = n.args[0].args
            inner = change(T.term("entry", (body, n.args[1]), ()))
            return T.at(n.args[0].data[0], inner, value)
        return n

    return T.map_terms(t, change)


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(arithmetic(4), arithmetic(2), arithmetic(2), point)
def test_to_substitute_and_evaluate_is_to_evaluate_there(t, first, second, env):
    assume(sum(1 for _ in T.walk(t)) < 120)
    values = {"x": first, "y": second}
    there = {**env, "x": evaluate(first, env), "y": evaluate(second, env)}
    assert same(evaluate(entries_inside(T.substitute(t, values)), env), evaluate(t, there))


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(arithmetic(4), st.permutations("xyz"), point)
def test_names_can_be_exchanged_all_at_once(t, names, env):
    assume(sum(1 for _ in T.walk(t)) < 120)
    values = {old: T.symbol(new) for old, new in zip("xyz", names, strict=True)}
    there = {old: env[new] for old, new in zip("xyz", names, strict=True)}
    assert same(evaluate(entries_inside(T.substitute(t, values)), env), evaluate(t, there))


@quick
@given(arithmetic(4), arithmetic(2))
def test_free_symbols_after_a_substitution(t, value):
    before, into = set(T.free_symbols(t)), set(T.free_symbols(value))
    after = set(T.free_symbols(T.substitute(t, {"x": value})))
    assert after == ((before - {"x"}) | into if "x" in before else before)


@quick
@given(anything(3))
def test_substituting_nothing_changes_nothing(t):
    assert T.substitute(t, {}) is t
    assert T.substitute(t, {"no such name": T.ONE}) is t
    assert T.substitute(t, {name: T.symbol(name, sort) for name, sort in T.free_symbols(t).items()}) is t


@quick
@given(anything(3), terms(SCALAR, 1))
def test_substitution_keeps_every_sort(t, value):
    after = T.substitute(t, {"x": value})
    assert after.sort == t.sort
    if "x" in T.free_symbols(t) and "x" not in T.free_symbols(value):
        assert "x" not in T.free_symbols(after)


@pytest.mark.parametrize("op", sorted(T.BINDER_SCOPE))
def test_every_binder_steps_aside(op):
    """With z bound, a free z put into its scope stays free, and what is outside the scope is replaced as ever."""
    p = T.term("family", (), ("p", ("z",), (), ()), LAW)
    free = T.symbol("w")
    inside, outside = T.mul(free, z), T.mul(free, z)
    shapes = {
        "at": (inside, outside),
        "covariance": (p, inside, inside),
        "preimages": (outside, inside, inside),
        "probability": (p, T.compare("<", inside, T.ONE)),
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
    t = T.term(op, args, ("z",), sort)
    after = T.substitute(t, {"w": z})
    assert after.data != ("z",)
    assert set(T.free_symbols(after)) == {"z"}
    for i, a in enumerate(after.args):
        if i in T.BINDER_SCOPE[op]:
            assert after.data[0] in T.free_symbols(a)
        elif a.sort == SCALAR:
            assert a == T.mul(z, z)
    # nothing inside the scope is replaced by what is put for the bound name itself
    bound = T.substitute(T.term(op, args, ("z",), sort), {"z": T.number(7)})
    for i, a in enumerate(bound.args):
        assert (a == args[i]) == (i in T.BINDER_SCOPE[op] or "z" not in T.free_symbols(args[i]))


def f(*args):
    return T.call("f", args)


@pytest.mark.parametrize(
    ("t", "values", "expected"),
    [
        (T.derivative(f(x, y), "x"), {"x": z}, T.derivative(f(z, y), "z")),
        (T.derivative(f(x, y), "x"), {"x": T.number(2)}, T.at("x", T.derivative(f(x, y), "x"), T.number(2))),
        (T.derivative(f(x, y), "x"), {"x": y}, T.at("x", T.derivative(f(x, y), "x"), y)),
        (T.derivative(f(x, y), "x"), {"y": T.number(2)}, T.derivative(f(x, T.number(2)), "x")),
        (T.derivative(f(x, y), "x"), {"x": T.add(x, T.ONE)}, T.at("x", T.derivative(f(x, y), "x"), T.add(x, T.ONE))),
        (T.derivative(f(x, y), "x", "y"), {"x": z}, T.derivative(f(z, y), "z", "y")),
    ],
    ids=str,
)
def test_a_derivative_is_taken_before_its_point_is_put_in(t, values, expected):
    assert T.substitute(t, values) == expected


@settings(max_examples=150, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from("xyz"), st.sampled_from([x, y, z, T.add(x, y), T.mul(y, z), T.number(2)]), min_size=1
    ),
    st.sampled_from([("x",), ("y",), ("x", "y"), ("y", "x"), ("x", "z")]),
    point,
)
def test_several_values_under_a_derivative_at_once(values, by, env):
    """The partial derivative of f(x, yz) at the new point; never the derivative along the diagonal."""
    body = f(T.add(x, z), T.mul(y, z))
    there = {**env, **{k: evaluate(v, env) for k, v in values.items()}}
    for i in range(len(by)):
        t = T.derivative(body, *by)
        t = t if len(by) == 1 else T.entry(t, T.number(i + 1))
        assert evaluate(entries_inside(T.substitute(t, values)), env) == evaluate(t, there)


def test_a_value_may_name_what_a_constant_body_is_differentiated_by():
    t = T.substitute(T.derivative(y, "x"), {"y": x})
    assert evaluate(t, {"x": Fraction(5)}) == 0


def test_a_maximum_over_functions_takes_hold_of_no_function_in_a_value():
    t = T.term("maximum", (T.mul(y, T.call("D", [x])),), ("D",))
    after = T.substitute(t, {"y": T.call("D", [z])})
    (name,) = after.data
    assert name != "D"
    assert after.args[0] == T.mul(T.call("D", [z]), T.call(name, [x]))


def test_an_expectation_renames_under_a_derivative():
    p = T.term("family", (), ("p", ("z",), (), ()), LAW)
    after = T.substitute(T.expectation("z", p, T.derivative(f(z, y), "z")), {"y": z})
    (name,) = after.data
    assert after == T.expectation(name, p, T.derivative(f(T.symbol(name), z), name))


def test_a_value_of_another_kind_is_refused():
    with pytest.raises(T.ShapeError, match="x is a scalar, and a vector of dimension n is put for it"):
        T.substitute(T.add(x, T.ONE), {"x": T.symbol("v", T.vector_sort("n"))})
    with pytest.raises(T.ShapeError, match="distribution"):
        T.substitute(T.add(x, T.ONE), {"x": T.symbol("P", LAW)})


def test_shared_parts_cost_once():
    t = T.add(x, y)
    for _ in range(200):
        t = T.add(t, t)
    assert set(T.free_symbols(t)) == {"x", "y"}
