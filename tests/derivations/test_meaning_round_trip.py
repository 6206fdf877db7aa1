"""What was read, printed as LaTeX and read again in the same place, has the same meaning."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_documents import displayed, read

from derivations.reading import load, read_document, read_relations
from derivations.reading.relations import Meaning, ReadRelation
from derivations.reading.source import Document, Formula
from proofs import terms as T
from proofs.binding import alike
from proofs.printing import latex
from proofs.printing import text as spelled
from proofs.terms import Term

WILD = Path(__file__).parents[3] / "shared" / "wild"
DOCUMENTS = sorted(WILD.glob("*/document.*"))
SIGNS = {"=": "=", "<=": r"\le", ">=": r"\ge", "<": "<", ">": ">", "propto": r"\propto", "approx": r"\approx"}


def flat(t: Term) -> Term:
    """Sums of sums and products of products in one: how they are nested is no matter of meaning."""
    args: list[Term] = []
    for a in map(flat, t.args):
        args.extend(a.args if a.op == t.op and t.op in ("add", "mul") else [a])
    return T.term(t.op, args, t.data, t.sort)


def same(first: Term, second: Term) -> bool:
    """Equal up to the names of bound variables and to nesting."""
    first, second = flat(first), flat(second)
    return alike(first, second) or spelled(first) == spelled(second)


def same_meaning(first: Meaning, second: Meaning) -> bool:
    a, b = first.relation, second.relation
    return a is not None and b is not None and a.rel == b.rel and same(a.lhs, b.lhs) and same(a.rhs, b.rhs)


# ------------------------------------------------------------------------------------------- generated expressions

DECLARED = (
    r"Let $x,y\in\mathbb{R}$, $a,b>0$, $n\ge 2$, $u,v\in\mathbb{R}^2$, "
    r"and let $A,B\in\mathbb{R}^{2\times 2}$ be matrices. "
    r"Let $f(x)$ be a function and $\sigma(x)$ the logistic sigmoid."
)
PLANE, SQUARE = T.vector_sort(2), T.matrix_sort(2, 2)
ATOMS = [T.symbol(name) for name in ("x", "y", "a", "b")] + [T.number(k) for k in (1, 2, 3)]


@st.composite
def vectors(draw, depth: int) -> Term:
    if depth <= 0:
        return T.symbol(draw(st.sampled_from("uv")), PLANE)
    kind = draw(st.sampled_from(["sum", "image", "multiple", "atom"]))
    if kind == "sum":
        return T.add(draw(vectors(depth - 1)), draw(vectors(depth - 1)))
    if kind == "image":
        return T.mul(draw(matrices(depth - 1)), draw(vectors(depth - 1)))
    if kind == "multiple":
        return T.mul(T.symbol(draw(st.sampled_from("ab"))), draw(vectors(depth - 1)))
    return draw(vectors(0))


@st.composite
def matrices(draw, depth: int) -> Term:
    if depth <= 0:
        return T.symbol(draw(st.sampled_from("AB")), SQUARE)
    kind = draw(st.sampled_from(["sum", "product", "transpose", "inverse", "outer", "atom"]))
    if kind == "sum":
        return T.add(draw(matrices(depth - 1)), draw(matrices(depth - 1)))
    if kind == "product":
        return T.mul(draw(matrices(depth - 1)), draw(matrices(depth - 1)))
    if kind == "transpose":
        return T.transpose(draw(matrices(depth - 1)))
    if kind == "inverse":
        return T.inverse(draw(matrices(depth - 1)))
    if kind == "outer":
        return T.mul(draw(vectors(depth - 1)), T.transpose(draw(vectors(depth - 1))))
    return draw(matrices(0))


@st.composite
def scalars(draw, depth: int) -> Term:
    """Numbers of the field: arithmetic, functions, derivatives, integrals, sums, expectations, vectors and matrices."""
    if depth <= 0:
        return draw(st.sampled_from(ATOMS))
    inner = scalars(depth - 1)
    kind = draw(st.sampled_from(KINDS))
    if kind == "sum":
        return T.add(draw(inner), draw(inner))
    if kind == "difference":
        return T.sub(draw(inner), draw(inner))
    if kind == "product":
        return T.mul(draw(inner), draw(inner))
    if kind == "quotient":
        return T.divide(draw(inner), draw(inner))
    if kind == "power":
        return T.power(draw(inner), T.number(draw(st.sampled_from([2, 3]))))
    if kind == "function":
        return T.function(draw(st.sampled_from(["exp", "log", "sin", "cos", "sqrt", "sigmoid"])), draw(inner))
    if kind == "call":
        return T.call("f", [draw(inner)])
    if kind == "derivative":
        return T.derivative(draw(inner), draw(st.sampled_from(["x", "y"])))
    if kind == "integral":
        return T.integral(draw(st.sampled_from(["x", "y"])), draw(inner), T.number(0), draw(st.sampled_from(ATOMS[2:])))
    if kind == "series":
        return T.sum_over("i", T.mul(T.symbol("i"), draw(inner)), T.number(1), T.symbol("n"))
    if kind == "mean":
        noise = ("s", "t", "w")[depth - 1]  # another name in each bracket
        law = T.normal(T.symbol("y"), T.power(T.symbol("a"), T.number(2)))
        return T.expectation(noise, law, T.mul(T.symbol(noise), draw(inner)))
    if kind == "inner product":
        return T.mul(T.transpose(draw(vectors(depth - 1))), draw(vectors(depth - 1)))
    if kind == "norm":
        return T.norm(draw(vectors(depth - 1)))
    return (T.det if kind == "determinant" else T.trace)(draw(matrices(depth - 1)))


KINDS = (
    "sum", "difference", "product", "quotient", "power", "function", "call", "derivative", "integral", "series", "mean",
    "inner product", "norm", "determinant", "trace",
)  # fmt: skip


def read_back(side: Term) -> list[Term]:
    """What the printed side means, in each reading, where the letters are declared."""
    relation = read(displayed(DECLARED, rf"{latex(side)} \le y + {latex(side)}"))[-1]
    return [m.relation.lhs for m in relation.meanings if m.relation is not None]


def test_generated_expressions_are_read_back_as_they_were_meant():
    count: Counter[str] = Counter()

    @settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
    @given(scalars(depth=3))
    def read_back_or_refused(side: Term) -> None:
        found = read_back(side)
        held = any(same(side, term) for term in found)
        assert held or not found, (spelled(side), latex(side), [spelled(t) for t in found])
        count["same" if held else "not understood"] += 1

    read_back_or_refused()
    assert count["same"] >= 0.95 * count.total(), count  # measured: 0.99


# ------------------------------------------------------------------------------------------------ labelled documents

LEAST_SHARE = 0.9  # measured: 0.94


def reprinted(document: Document, path: Path) -> tuple[str, list[tuple[int, ReadRelation, Meaning]]]:
    """The document with every claim printed again after its paragraph, and the lines of the new displays."""
    starts = [0]
    for line in document.text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    formulas = [p for p in document.pieces if isinstance(p, Formula)]
    items: list[tuple[int, ReadRelation, Meaning]] = []
    for relation in read_relations(document):
        meaning = next((m for m in relation.meanings if m.relation is not None), None)
        if relation.kind != "claim" or relation.rel not in SIGNS or meaning is None:
            continue
        sign = starts[relation.line - 1] + relation.column - 1
        ends = [f.offsets[-1] for f in formulas if f.offsets[0] <= sign <= f.offsets[-1]]
        if ends:
            blank = document.text.find("\n\n", ends[0])
            items.append((blank if blank >= 0 else len(document.text), relation, meaning))
    opening, closing = (r"\begin{equation}", r"\end{equation}") if path.suffix == ".tex" else ("$$", "$$")
    text, position, places = "", 0, []
    for place, relation, meaning in sorted(items, key=lambda item: item[0]):
        assert meaning.relation is not None
        text += document.text[position:place] + f"\n\n{opening}\n"
        position = place
        places.append((text.count("\n") + 1, relation, meaning))
        sides = latex(meaning.relation.lhs), latex(meaning.relation.rhs)
        text += f"{sides[0]} {SIGNS[relation.rel]} {sides[1]}\n{closing}\n"
    return text + document.text[position:], places


@pytest.mark.skipif(not DOCUMENTS, reason="the labelled documents of ../shared/wild are not here")
def test_what_was_read_in_real_documents_is_read_back():
    count: Counter[str] = Counter()
    for path in DOCUMENTS:
        text, places = reprinted(load(path), path)
        again: dict[int, list[ReadRelation]] = {}
        for relation in read_relations(read_document(path.name, text)):
            again.setdefault(relation.line, []).append(relation)
        for line, _, meaning in places:
            found = [m for r in again.get(line, []) for m in r.meanings if m.relation is not None]
            held = any(same_meaning(meaning, m) for m in found)
            count["same" if held else "another meaning" if found else "not understood"] += 1
    assert count["same"] >= LEAST_SHARE * count.total(), count
    assert count.total() > 150, count
