"""A bracket that the author left out: every place for it is a reading, and nothing is half-read."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_documents import displayed, read

import lemmata
from derivations.reading.parser import parse_expression, parse_formula
from derivations.reading.tree import Chain, Side, Unreadable


def side_of(source: str) -> Side:
    """The side behind the first relation sign."""
    chain = parse_formula(source)[0]
    assert isinstance(chain, Chain)
    return chain.links[0].side


def mended(source: str) -> set[str]:
    """What stands behind the first relation sign, with its brackets supplied in each way that was found."""
    side = side_of(source)
    found = set()
    for mend in side.mends:
        text = list(source)
        for s in sorted(mend.supplied, key=lambda s: -s.place):
            partner = {"(": ")", "[": "]", ")": "(", "]": "[", "|": "|", "{": r"\}"}[s.bracket]
            text[s.place : s.place + (s.way == "paired")] = [partner]
        found.add("".join(text).split("=", 1)[1].strip())
    return found


ONE_PLACE_OR_MORE = [
    ("a = [log(x)+1] - [log(y]", {"[log(x)+1] - [log(y)]"}),
    (r"a = \frac{q(z}{p(z)}", {r"\frac{q(z)}{p(z)}"}),
    (r"a = \log \frac{p}{q})", {r"(\log \frac{p}{q})", r"\log (\frac{p}{q})"}),
    (r"a = b + \log(x + y", {r"b + \log(x) + y", r"b + \log(x + y)"}),
    ("a = (1-x(1+x)", {"(1-x)(1+x)", "(1-x(1)+x)", "(1-x(1+x))"}),
    ("a = (x+y^2", {"(x+y)^2", "(x+y^2)"}),
    (r"a = \int (x + y dx", {r"\int (x + y) dx", r"\int (x + y dx)"}),
    (r"a = \log |x + y", {r"\log |x| + y", r"\log |x + y|"}),
    ("a = [x + y) + 1", {"[x + y] + 1"}),
    ("a = f(x + y", {"f(x) + y", "f(x + y)"}),
    ("a = f(x)+y)", {"(f(x)+y)", "f((x)+y)", "f(x)+(y)"}),  # closed too early, too
    (r"a = (\sum_{i=1}^n x_i + b", {r"(\sum_{i=1}^n x_i) + b", r"(\sum_{i=1}^n x_i + b)"}),
    ("a = (log(q(z)) - log(p(z))", {"(log(q(z))) - log(p(z))", "(log(q(z)) - log(p(z)))", "(log(q(z)) - log(p)(z))"}),
]


@pytest.mark.parametrize(("source", "ways"), ONE_PLACE_OR_MORE, ids=[s for s, _ in ONE_PLACE_OR_MORE])
def test_the_missing_bracket_is_supplied_in_every_place(source, ways):
    found = mended(source)
    assert ways <= found
    assert not any(r"^n) x" in way for way in found)  # no sum sign ends a formula
    for way in found:
        parse_expression(way)  # each is a whole formula


def test_two_brackets_that_stand_in_brackets_of_their_own_are_both_supplied():
    assert mended("a = [log(x] - [log(y]") == {"[log(x)] - [log(y)]"}


LEFT_ALONE = [
    "a = ((x + y",  # two are missing
    "a = (x + (y + z",
    "a = (x + y) + z) + w)",
    "a = [x + (y",
    "P(X = x = b",  # the relation sign may stand inside
    r"P(-X \le x) = b) = P(-X \le x = b",
    "a = f(x, y = 3",  # it may go on behind the comma
    "a = E[f(x) = 3)",  # it may be closed in the next side
    "a = b|x + |y|",  # a condition without its brackets
    "a = f(|x)",
    "a = f(x, | y)",
    "a = (x_",  # more is wrong than a bracket
    r"a = (\foo + x",
    r"x \sim N(0, (1 + s)",  # a law is declared as it is written, or not at all
    "a = " + " + ".join(["(x"] + ["y"] * 8),  # too many places
    r"a = \begin{pmatrix} (x & y \\ z & w \end{pmatrix}",
]


@pytest.mark.parametrize("source", LEFT_ALONE, ids=range(len(LEFT_ALONE)))
def test_what_lacks_more_or_may_go_on_elsewhere_is_not_read(source):
    parts = [p for p in parse_formula(source) if isinstance(p, Chain)]
    sides = [s for p in parts for s in (p.first, *(link.side for link in p.links)) if s is not None]
    broken = [s for s in sides if isinstance(s.tree, Unreadable) and len(s.mends) <= 1]
    too_many = [s for s in sides if len(s.mends) > 6]
    assert broken or too_many
    if too_many:
        assert read(displayed("", source))[-1].kind == "unread"


@pytest.mark.parametrize("source", ["a = [0, 1)", r"a = \left(0, 1\right]", "a = (x + y)", "a = |x| + |y|"])
def test_what_is_whole_is_left_as_it_is(source):
    side = side_of(source)
    assert not side.mends and not isinstance(side.tree, Unreadable)


LETTERS = st.sampled_from(["x", "y", "2"])
WHOLE = st.recursive(
    LETTERS,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda t: f"{t[0]}+{t[1]}"),
        inner.map(lambda a: f"({a})"),
        inner.map(lambda a: f"log({a})"),
        inner.map(lambda a: f"[{a}]"),
        st.tuples(inner, inner).map(lambda t: f"({t[0]})({t[1]})"),
    ),
    max_leaves=5,
)


@settings(max_examples=200, deadline=None)
@given(WHOLE, st.randoms(use_true_random=False))
def test_what_the_author_meant_is_among_the_readings(whole, random):
    """Of a formula that has lost one bracket; or it is not read at all."""
    brackets = [i for i, c in enumerate(whole) if c in "()[]"]
    if not brackets:
        return
    i = random.choice(brackets)
    side = side_of("a = " + whole[:i] + whole[i + 1 :])
    if side.mends:
        idle = re.search(r"(?<!g)[(\[][xy2][)\]]", whole)  # brackets that do nothing are not supplied
        assert idle or parse_expression(whole) in [m.tree for m in side.mends]


GIVEN = "For real numbers $x$ and $y$,"
DENSITIES = "Let $p$ and $q$ be densities."


def verdict(declarations: str, formula: str) -> str:
    report = lemmata.check_text(displayed(declarations, formula), jobs=0)
    assert not report.faults
    return report.relations[-1].verdict


HOLD = [
    (GIVEN, r"(x-y(x+y) = x^2-y^2"),
    (GIVEN, r"(x+y)^2 = x^2 + y(2x + y"),
    (GIVEN, r"x(y+1) - y = x(y+1)-y)"),
    (GIVEN, r"\left[x+y\right)^2 = x^2+2xy+y^2"),
    (GIVEN, r"|x + y)|^2 = x^2 + 2xy + y^2"),
    (GIVEN, r"\log|e^x + x - x = x"),
    (DENSITIES, r"\mathbb{E}_{z\sim q}[\log(q(z)] - \mathbb{E}_{z\sim q}[\log(p(z))] = D_{KL}(q\|p)"),
    (DENSITIES, r"\int q(z)\log(q(z)/p(z) dz = D_{KL}(q\|p)"),
]


@pytest.mark.parametrize(("declarations", "formula"), HOLD, ids=[f for _, f in HOLD])
def test_a_line_holds_if_it_does_with_the_bracket_somewhere(declarations, formula):
    assert verdict(declarations, formula) in ("proved", "supported")


FAIL = [
    (GIVEN, r"(x-y(x+y) = x^2+2y^2+1"),
    (GIVEN, r"(x+y)^2 = x^2 + y(3x + y"),
    (DENSITIES, r"\mathbb{E}_{z\sim q}[\log(q(z)] - \mathbb{E}_{z\sim q}[\log(p(z)] = D_{KL}(p\|q)"),
]


@pytest.mark.parametrize(("declarations", "formula"), FAIL, ids=[f for _, f in FAIL])
def test_a_line_that_fails_with_the_bracket_everywhere_is_not_accepted(declarations, formula):
    assert verdict(declarations, formula) in ("refuted", "undecided")


def test_an_inequality_holds_only_with_the_bracket_in_every_place():
    given = r"Let $h(x)\in(0,1)$."
    assert verdict(given, r"h(x)(1-h(x) \le 0") in ("refuted", "undecided")
    assert verdict(GIVEN, r"x(1-y(y-1) \le x") in ("refuted", "undecided")
    assert verdict(GIVEN, r"\exp(x + y > 0") in ("undecided", "refuted")


def test_a_line_that_one_slip_explains_in_the_only_place_is_refuted():
    assert verdict(*FAIL[-1]) == "refuted"


def test_each_place_is_said_and_is_a_reading_of_its_own():
    relation = read(displayed(GIVEN, r"(x+y)^2 = x^2 + y(2x + y"))[-1]
    name, where = next(iter(relation.meanings[0].reading.items()))
    assert (name, where) == ("the '(' at line 4, column 18", "closed before column 20")
    assert len({tuple(m.reading.items()) for m in relation.meanings}) == len(relation.meanings) > 1
    assert all(m.mended for m in relation.meanings)


def test_nothing_is_defined_by_a_line_whose_bracket_may_stand_in_several_places():
    text = displayed("For $x > 0$ let", r"c = 2 + (x + 3 x") + displayed("Then", "c = 5 + x")
    *_, first, second = read(text)
    assert first.kind == "definition"
    assert not any("2" in str(m.relation) for m in second.meanings if m.relation is not None)
