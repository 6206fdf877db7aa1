"""Whatever it is given, the grammar answers: in time, with places inside the source, and losing nothing on the way."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from spelled_trees import spelled

from derivations.reading.parser import FormulaError, parse_expression, parse_formula
from derivations.reading.tree import Chain, Side, Text, Unread, Unreadable

WILD = Path(__file__).parents[2].parent / "shared" / "wild"

# -- any string at all

FRAGMENTS = r"""
x y z p q d E \alpha \mu \Sigma 1 2 0.5 + - = \le < \sim \in , ; : . ! ' * / \cdot ( ) [ ] \{ \} { } | || \|
\mid ^ _ ^2 _i ^{ _{ \frac \frac{ \sqrt \sqrt[ \hat \mathbf{ \mathrm{KL} \text{if} \text{loss\ } \quad \\ &
\left( \right) \left| \right| \left. \right. \big( \Big| \sum \sum_{i=1}^n \int dx \mathrm{d} \log log \det
\nabla \begin{cases} \end{cases} \begin{matrix} \end{matrix} \begin{aligned} \end{aligned} \underbrace{
\overset{ \underset{ \color{red}{ \boxed{ \Rightarrow \forall \over \not \limits \foo \binom \substack{
\overset{a}{=} \stackrel \bf \rm{ \dots ... \phantom{ \tag{1} ~ $ % # é ∑ ≤ \middle| \langle \rangle \eqalign{
\pmatrix{ \cr \newline \vert \prime ^* ^{*} ^{*T} \_ \
""".split()
ANY_SOURCE = st.lists(st.sampled_from([*FRAGMENTS, " "]), max_size=25).map("".join) | st.text(max_size=40)


def sides(chain: Chain) -> list[Side]:
    return [side for side in [chain.first, *(link.side for link in chain.links)] if side is not None]


@settings(max_examples=400, deadline=None)
@given(ANY_SOURCE)
def test_no_string_ever_raises_and_every_place_is_inside(source: str) -> None:
    for part in parse_formula(source):
        if isinstance(part, Unread):
            assert 0 <= part.span[0] <= part.span[1] <= len(source)
            assert 0 <= part.place <= len(source)
            assert part.expected
            continue
        for side in sides(part):
            assert 0 <= side.span[0] <= side.span[1] <= len(source)
        for link in part.links:
            assert source[slice(*link.span)].strip()


@settings(max_examples=300, deadline=None)
@given(ANY_SOURCE)
def test_an_expression_is_read_or_refused_with_a_place(source: str) -> None:
    try:
        parse_expression(source)
    except FormulaError as refusal:
        assert 0 <= refusal.place <= len(source)
        assert refusal.expected


# -- formulas as people write them

LEAVES = r"""
x y \mu \mathbf{z} 2 0.5 p(x) q_\phi(z|x) \hat{y} x_i x^2 x' D^* |x| \|x\| \log|\Sigma| \frac{d}{2} \sqrt{x}
\mathrm{KL}(p\|q) \mathbb{E}_{x\sim~p}[f(x)] \int~p(x)\,dx \sum_{i=1}^n~x_i \left(~a~+~b~\right)
\frac{\partial~f}{\partial~x}
"""
ATOMS = st.sampled_from([leaf.replace("~", " ") for leaf in LEAVES.split()])


def combined(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return (
        st.builds("{} + {}".format, parts, parts)
        | st.builds("{} - {}".format, parts, parts)
        | st.builds("{} {}".format, parts, parts)
        | st.builds(r"{} \cdot {}".format, parts, parts)
        | st.builds("({})".format, parts)
        | st.builds(r"\left[{}\right]^2".format, parts)
        | st.builds(r"\frac{{{}}}{{{}}}".format, parts, parts)
        | st.builds(r"\exp({})".format, parts)
    )


EXPRESSIONS = st.recursive(ATOMS, combined, max_leaves=8)
JOINTS = st.sampled_from(
    [" = ", r" &= ", r" \\ &\le ", r"\\ = ", r" \ge ", r", \quad x = ", r" \text{ and } y = ", r" \Rightarrow z > "]
)


@st.composite
def displays(draw: st.DrawFn) -> str:
    parts = draw(st.lists(EXPRESSIONS, min_size=1, max_size=4))
    source = parts[0]
    for part in parts[1:]:
        source += draw(JOINTS) + part
    return source + draw(st.sampled_from(["", ".", ",", r" \\"]))


@settings(max_examples=200, deadline=None)
@given(displays())
def test_the_source_of_a_side_reads_to_the_same_tree(source: str) -> None:
    for part in parse_formula(source):
        assert isinstance(part, Chain), part
        for side in sides(part):
            if not isinstance(side.tree, Text):
                assert not isinstance(side.tree, Unreadable), side
                assert parse_expression(source[slice(*side.span)]) == side.tree


@settings(max_examples=200, deadline=None)
@given(
    EXPRESSIONS, st.sampled_from(["{}", " {} ", r"\, {} \;", r"{} \nonumber", "{}.", r"\displaystyle {}", r"{{{}}}"])
)
def test_what_has_no_meaning_changes_nothing(source: str, around: str) -> None:
    assert parse_expression(around.format(source)) == parse_expression(source)


@settings(max_examples=200, deadline=None)
@given(EXPRESSIONS, EXPRESSIONS)
def test_nothing_is_dropped(first: str, second: str) -> None:
    """The letters and digits of both operands are all in the tree of their sum."""
    both = spelled(parse_expression(f"({first}) + ({second})"))
    assert spelled(parse_expression(f"({first})")) in both
    assert spelled(parse_expression(f"({second})")) in both


@settings(max_examples=150, deadline=None)
@given(EXPRESSIONS, st.integers(0, 200))
def test_a_removed_bracket_is_noticed(source: str, which: int) -> None:
    brackets = [i for i, c in enumerate(source) if c in "(){}[]"]
    if not brackets:
        return
    i = brackets[which % len(brackets)]
    with pytest.raises(FormulaError):
        parse_expression(source[:i] + source[i + 1 :])


# -- time

LONG = {
    "sum": " + ".join(["x"] * 4000),
    "letters": "x " * 8000,
    "commas": ",".join(["x"] * 5000),
    "relations": " = ".join(["x"] * 3000),
    "rows": r" \\ & + ".join(["x"] * 2500),
    "columns": " & ".join(["x"] * 5000),
    "open": "(" * 8000,
    "bars": "|x" * 5000,
    "integrals": r"\int " * 2000 + "f " + "dx " * 2000,
    "roots": r"\sqrt[" * 2500,
    "text": r"\text{a b} x " * 1500,
    "systems": r"\left\{\begin{aligned}" * 700,
    "fractions": r"\frac" * 3000,
    "lists": "x=1" + ",x" * 5000 + "=2",
    "derivatives": r"\frac{df}{dx}" * 1200,
}


@pytest.mark.parametrize("name", LONG)
def test_twice_as_long_takes_about_twice_as_long(name: str) -> None:
    def seconds(source: str) -> float:
        start = time.process_time()
        parse_formula(source)
        return time.process_time() - start

    source = LONG[name]
    seconds("x")  # load the grammar
    short = min(seconds(source[: len(source) // 4]) for _ in range(2))
    assert seconds(source) < 16 * short + 0.3  # linear is 4, quadratic would be 16 of what is then no longer small
    assert seconds(source) < 10  # a tenth of it on a machine of 2026


def test_a_formula_beyond_all_measure_is_refused_at_once() -> None:
    (part,) = parse_formula("x" * 10_000_000)
    assert isinstance(part, Unread)


# -- real documents

# what their authors left unbalanced, and macros that only their preamble explains
BROKEN = ("[log(q(z)]", "log(p(z|x) - ", "q_{\\theta}(z)]dz", "\\N(", "\\Ex", "\\Var", "\\KL", "\\dP", "\\Ll")


@pytest.mark.skipif(not WILD.exists(), reason="the labelled documents (../shared/wild) are not here")
def test_every_side_of_the_labelled_documents_is_read() -> None:
    refused = []
    count = 0
    for labels in sorted(WILD.glob("*/labels.json")):
        for relation in json.loads(labels.read_text())["relations"]:
            for source in (relation["lhs"], relation["rhs"]):
                plain = source.replace(r"\_", "_")  # Markdown's escape
                if any(mark in plain for mark in BROKEN):
                    continue
                count += 1
                try:
                    parse_expression(plain)
                except FormulaError as refusal:
                    refused.append((plain, str(refusal)))
    assert not refused
    assert count > 100
