"""Whatever a file holds, reading it ends, says what was wrong, and leaves the rest of the file readable."""

import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derivations.reading import read_relations
from derivations.reading.documents import DocumentError, load, read_document
from derivations.reading.source import Break, Formula

FRAGMENTS = st.sampled_from(
    ["$", "$$", "\\(", "\\)", "\\[", "\\]", "\\\\[", "\\\\(", "`", "```", "~~~", "\n", "\n\n", "> ", "- ", "1. ",
     "    ", "# ", "===", "---", "|", "<p>", "</p>", "<!--", "-->", "<code>", "\\begin{align}", "\\end{align}",
     "\\begin{aligned}", "\\end{aligned}", "\\label{", "}", "{", "%", "\\$", "*{", "\\_", "&lt;", "x_1", "=", " ",
     "word ", "中文", "\\newcommand{\\q}[1]{#1#1}", "\\q", "\\def\\r{\\r\\r}", "\\r", "\\section{", "\\item ",
     "\\verb|", "!!! a", ".. math::", ":::{math}", "![", "](", "[", "\t", "\r\n", "\\"]
)  # fmt: skip


def formulas(text, name="notes.md"):
    return [piece for piece in read_document(name, text).pieces if isinstance(piece, Formula)]


@pytest.mark.parametrize("name", ["a.md", "a.tex", "a.org", "a.rst"])
@settings(max_examples=150, deadline=None)
@given(parts=st.lists(FRAGMENTS, max_size=30))
def test_any_text_is_read_and_every_place_is_in_it(name, parts):
    text = "".join(parts)
    document = read_document(name, text)
    last = 0
    for piece in document.pieces:
        if isinstance(piece, Formula):
            assert len(piece.offsets) == len(piece.source) + 1
            assert all(0 <= offset <= len(text) for offset in piece.offsets)
            assert piece.source == piece.source.strip() != ""
        else:
            assert last <= piece.offset <= len(text)
            last = piece.offset
    assert all(0 <= offset <= len(text) for offset, _ in document.problems)
    assert not any(
        isinstance(a, Break) and isinstance(b, Break)
        for a, b in zip(document.pieces, document.pieces[1:], strict=False)
    )


@pytest.mark.parametrize(
    "opened",
    ["$$\na = b", "$$ a = b", "\\[\na = b", "\\begin{align}\na &= b", "x $a_1", "```math", "\\(a_1", "$a_1$ $$"],
)
def test_what_is_never_closed_does_not_swallow_the_next_section(opened):
    text = (
        f"Before $u$.\n\n{opened}\n\n## Next\n\nLet $v$ be, $$w = 1$$ and\n\n\\begin{{align}}\nz &= 2\n\\end{{align}}\n"
    )
    if opened.startswith("```"):
        text = text.replace("```math\n", "```math\na = b\n```\n")  # a fence is closed by the end of the file only
    found = [formula.source for formula in formulas(text)]
    assert found[0] == "u"
    assert found[-3:] == ["v", "w = 1", "z &= 2"]


@pytest.mark.parametrize(
    "opened", ["$$ a = b", "\\[ a = b", "\\begin{align}\na &= b", "$a_1", "\\(a_1", "\\begin{equation} a = b"]
)
@pytest.mark.parametrize("name", ["a.md", "a.tex"])
def test_what_is_never_closed_is_a_problem_at_its_place(name, opened):
    text = f"One\n\ntwo {opened}\n\nthree $v$\n"
    document = read_document(name, text)
    assert [document.line_column(offset) for offset, _ in document.problems] == [(3, 5)]
    assert "never close" in document.problems[0][1]
    assert [p.source for p in document.pieces if isinstance(p, Formula)][-1] == "v"


def test_a_display_that_is_not_closed_keeps_what_it_holds():
    assert [f.source for f in formulas("$$\na = b\n\n# H\n\n$$c$$")] == ["a = b", "c"]
    assert [f.source for f in formulas("$$ a = b\n\n$$ c = d $$\n")] == ["a = b", "c = d"]


def test_a_display_may_hold_blank_lines_but_no_prose():
    assert [f.source for f in formulas("$$\na = b\n\n+ c\n$$\n")] == ["a = b\n\n+ c"]
    assert [f.source for f in formulas("$$\na = b\n\nand then we see that\n\n$$\nc = d\n$$\n")] == ["a = b", "c = d"]


@pytest.mark.parametrize("name", ["a.md", "a.tex"])
@pytest.mark.parametrize(
    "unit",
    ["We have $x_1 = y$ and so on.\n\n", "$$\n", "$ ", "\\[ x_1\n", "\\( ", "\\begin{align} a\n", "<a ", "<!-- ",
     "[", "](", "*a _b ", "> $x$ ", "` `` ", "{", "\\", "\\$x_1 ", "$\\label{", "| $a$ | b |\n", "\\newcommand{\\x"],
)  # fmt: skip
def test_reading_time_grows_with_the_text_not_with_its_square(name, unit):
    def seconds(size):
        text = unit * (size // len(unit))
        best = float("inf")
        for _ in range(2):
            start = time.process_time()
            read_document(name, text)
            best = min(best, time.process_time() - start)
        return best

    small, large = seconds(8_000), seconds(64_000)
    assert large < 30 * small + 0.05  # 8 if linear, 64 if quadratic


def test_a_megabyte_of_notes_takes_seconds():
    text = "## Section\n\nLet $x>0$ be so that\n\n$$\np(x|z) = \\frac{1}{2} \\int q(z) dz\n$$\n\nwhere **all** is.\n\n"
    start = time.process_time()
    document = read_document("a.md", text * (1_000_000 // len(text)))
    assert time.process_time() - start < 6  # ten times slower than it should be fails
    assert sum(isinstance(piece, Formula) for piece in document.pieces) == 2 * (1_000_000 // len(text))


@pytest.mark.parametrize(
    "text", [">" * 5_000 + " $x$", "- " * 3_000 + "$x$", "$" + "{" * 5_000 + "x" + "}" * 5_000 + "$", "[" * 9_000]
)
def test_deep_nesting_is_no_recursion(text):
    for name in ("a.md", "a.tex"):
        read_document(name, text)


def test_the_tail_of_a_deep_list_is_still_read():
    text = "".join("  " * depth + "- item\n" for depth in range(200)) + "\nThen $x = 1$.\n"
    assert formulas(text)[-1].source == "x = 1"


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("empty.md", b" \n\t\n", "empty"),
        ("binary.md", b"PK\x03\x04\0\0", "binary"),
        ("latin.tex", b"a\n\xe9t\xe9", "UTF-8 (line 2)"),
        ("broken.ipynb", b"{", "not JSON"),
        ("other.ipynb", b'{"a": 1}', "notebook"),
        ("cells.ipynb", b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [3]}', "notebook"),
        ("old.ipynb", b'{"cells": [{"cell_type": null}], "worksheets": null}', "notebook"),
        ("minor.ipynb", b'{"nbformat": 3, "nbformat_minor": null, "worksheets": {}}', "notebook"),
        ("deep.ipynb", b"[" * 100_000, "notebook"),
    ],
)
def test_a_file_without_text_is_one_clear_line(tmp_path, name, content, words):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(DocumentError) as caught:
        load(path)
    assert words in str(caught.value) and name in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_file_and_a_directory_are_named(tmp_path):
    with pytest.raises(DocumentError, match="no such file"):
        load(tmp_path / "nothing.md")
    with pytest.raises(DocumentError, match="directory"):
        load(tmp_path)


def test_a_byte_order_mark_is_no_text(tmp_path):
    for encoding in ("utf-8-sig", "utf-16"):
        path = tmp_path / f"{encoding}.md"
        path.write_bytes("$x = 1$".encode(encoding))
        document = load(path)
        assert document.text == "$x = 1$"


def notebook(*cells):
    made = [
        {"cell_type": kind, "metadata": {}, "source": source}
        | ({"outputs": [], "execution_count": None} if kind == "code" else {})
        for kind, source in cells
    ]
    return json.dumps({"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 4})


def test_a_notebook_is_its_cells_with_blank_lines_between():
    text = notebook(("markdown", ["# T\n", "$x=1$"]), ("code", "a = '$y$'"), ("markdown", "```\n$u$"), ("raw", "$z$"))
    document = read_document("n.ipynb", text)
    assert document.text == "# T\n$x=1$\n\n\n\n```\n$u$\n\n$z$"
    assert document.cells == (0, 11, 13, 22)
    found = [p for p in document.pieces if isinstance(p, Formula)]
    assert [(p.source, document.line_column(p.place(0))) for p in found] == [("x=1", (2, 2)), ("z", (9, 2))]


def test_macros_of_one_cell_hold_in_the_next():
    text = notebook(("markdown", "$$\\newcommand{\\E}{\\mathbb E}$$"), ("markdown", "$\\E x$"))
    found = [p.source for p in read_document("n.ipynb", text).pieces if isinstance(p, Formula)]
    assert found == ["\\mathbb E x"]


@pytest.mark.parametrize("listed", [r"1, \ldots", r"1, \ldots, 3", r"a+b, \ldots, a-b", r"\ldots, \ldots", r"\ldots"])
def test_a_list_with_dots_and_no_letters_does_not_break_the_reading(listed):
    text = f"Let $p(x)$ be a density.\n\n$$\n\\sum_{{i=1}}^K \\log p(x_i) = g({listed}) + h_{{{listed}}}\n$$\n"
    assert len(read_relations(read_document("notes.md", text))) == 1
