"""Terms: equality, hashes, pickling and walking."""

from __future__ import annotations

import pickle

from hypothesis import HealthCheck, given, settings
from term_strategies import anything, laws, statements, terms

from proofs import nodes
from proofs import terms as T
from proofs.terms import BOOL, LAW

quick = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
x, y, z = map(T.symbol, "xyz")


# --------------------------------------------------------------------------------------------- an exact evaluator


def test_a_deep_term_is_compared_and_pickled():
    t = x
    for _ in range(20_000):
        t = T.add(t, y)
    assert set(T.free_symbols(t)) == {"x", "y"}
    written = pickle.dumps(t)
    nodes._known.clear()  # what is remembered is one node, and compared at once
    again = pickle.loads(written)
    assert again == t and again is not t
    assert again != T.add(t, T.ONE)


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
    rebuilt = T.term(a.op, a.args, a.data, a.sort)
    assert rebuilt == a and hash(rebuilt) == hash(a)
    assert (a == b) == ((a.op, a.args, a.data, a.sort) == (b.op, b.args, b.data, b.sort))
    if a == b:
        assert hash(a) == hash(b)


@quick
@given(terms())
def test_a_term_is_no_number_and_no_string(t):
    assert t != 0 and t != str(t)
    assert T.add(t, T.number(0)) != t
    assert T.mul(t, T.number(1)) != t


@quick
@given(anything(3))
def test_walking_finds_every_operator_once(t):
    found = list(T.walk(t))
    assert found[0] is t
    assert len(found) == 1 + sum(len(n.args) for n in found)
    assert {n.op for n in found} <= T.OPERATORS.keys()
    assert T.map_terms(t, lambda n: n) == t


@quick
@given(laws(2), statements(2))
def test_sorts_of_laws_and_statements(law_, statement):
    assert law_.sort == LAW and statement.sort == BOOL


# ---------------------------------------------------------------------------------------- what constructors refuse
