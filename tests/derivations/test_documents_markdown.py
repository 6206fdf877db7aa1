"""Formulas, prose and headings of Markdown and its relatives: what is found, what is not, and where it stands."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derivations.reading.documents import read_document
from derivations.reading.source import Formula, Heading, Prose


def pieces(text, name="notes.md"):
    return read_document(name, text).pieces


def formulas(text, name="notes.md"):
    return [piece.source for piece in pieces(text, name) if isinstance(piece, Formula)]


def prose(text, name="notes.md"):
    return [piece.text.strip() for piece in pieces(text, name) if isinstance(piece, Prose)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Let $x$ be.", ["x"]),
        ("Let $ x $ be, and $ a_1 = b $.", ["x", "a_1 = b"]),
        ("$x$-axis, 2$\\sigma$, $n$th, ($p$)", ["x", "\\sigma", "n", "p"]),
        ("a\n$$\nx = 1\n$$\nb", ["x = 1"]),
        ("the value $$1/2$$ of $$D$$, so $$ a = b $$glued", ["1/2", "D", "a = b"]),
        ("in a line $$ a\n= b $$ it ends", ["a\n= b"]),
        ("\\(x\\) and \\[\ny = 1\n\\]", ["x", "y = 1"]),
        ("\\\\( x \\\\) and \\\\[ y \\\\\\\\ z \\\\]", ["x", "y \\\\ z"]),
        ("```math\na = b\n```", ["a = b"]),
        ("- item\n  ```math\n  a\n  = b\n  ```", ["a\n= b"]),
        ("```{math}\n:label: eq\n\na = b\n```", ["a = b"]),
        (":::{math}\na = b\n:::", ["a = b"]),
        (".. math::\n\n   a = b\n\ntext $c$", ["a = b", "c"]),
        ("$`a=b`$ and :math:`c` and {math}`d`", ["a=b", "c", "d"]),
        ("$x$$y$", ["x", "y"]),
        ("# On $x$ #\n\nText", ["x"]),
        ("> Let\n> $$\n> a\n> = b\n> $$\n> and $c$", ["a\n= b", "c"]),
        ("- one $a$\n- two\n  $$\n  b\n  $$", ["a", "b"]),
        ("| $p(x|z)$ | b |\n|---|---|\n| $a$ | $c$ |", ["p(x|z)", "a", "c"]),
        ("| $p(x|z)$ | $d$ |\n|---|\n", ["p(x|z)", "d"]),
        ("<p align=center>Let $a &lt; b$</p>\n<b>$c$</b>", ["a < b", "c"]),
        ("[see $x$](http://a.b/$u$v) ![$y$](z.png)", ["x"]),
        ("!!! note\n    with $x$\n\n    and $y$", ["x", "y"]),
        ("text\n\n    $$ indented = 1 $$\n", ["indented = 1"]),
        ("设$x$为实数，则$x^2\\ge 0$。", ["x", "x^2\\ge 0"]),
        ("a\r\n$$\r\nx = 1\r\n$$\r\nb $y$\r\n", ["x = 1", "y"]),
    ],
)
def test_every_style_of_delimiter_is_found(text, found):
    assert formulas(text) == found


@pytest.mark.parametrize(
    "name", ["align", "equation", "gather", "multline", "eqnarray", "flalign", "align*", "equation*"]
)
def test_bare_environments_are_formulas_without_their_frame(name):
    text = f"So\n\\begin{{{name}}}\na &= b \\\\\n- c\n\\end{{{name}}}\nwhere $c$"
    found = [piece for piece in pieces(text) if isinstance(piece, Formula)]
    assert [formula.source for formula in found] == ["a &= b \\\\\n- c", "c"]
    assert found[0].environment == name.rstrip("*") and found[0].display


@pytest.mark.parametrize(
    "text",
    [
        "It costs $5 and they pay $6, or 7$ each.",
        "USD$30,000 and $20,000, between $5 and $10.",
        "from $HOME/$PATH to $HOME and $PATH",
        "either $5 or 6 dollars, the $ sign, or A$ and B$",
        "Price \\$5 and \\$10.",
        "`$x=1$` and ``$$y$$``",
        "```python\n$x=1$\n```\n\n~~~\n$$y$$\n~~~",
        "    $code=1$",
        "<pre>\n$x=1$\n</pre>\n\n<code>$y$</code>",
        "<!-- $x=1$ -->\n\ntext <!-- $y$ --> text",
        "<script>\nvar a = '$x$' + '$y$';\n\nf('$z$')\n</script>",
        "---\ntitle: $x$ and $y$\n---\n",
        "a \\[1\\] and \\(see below\\)",
        "$one missing word after another$",
        "$这里没有公式$",
    ],
)
def test_money_code_and_brackets_are_no_formulas(text):
    assert formulas(text) == []


def test_escaped_dollars_are_delimiters_where_the_document_uses_them_so():
    text = "parameters \\$\\theta\\$ and \\$n\\$ of \\$p\\_Z = \\[a, b]\\$, not \\$5 or \\$6"
    assert formulas(text) == ["\\theta", "n", "p_Z = [a, b]"]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("D\\_{KL}(q\\|p)", "D_{KL}(q\\|p)"),
        ("a &lt; b &amp; c &#62; d", "a < b & c > d"),
        ("\\{a\\}\\, b\\; c \\\\ d", "\\{a\\}\\, b\\; c \\\\ d"),
        ("\\text{log\\_p} + x\\_1", "\\text{log\\_p} + x_1"),
        ("a\\*b \\[c\\]", "a*b [c]"),
        ("D*{KL} (Q*{\\theta}(z))", "D_{KL} (Q_{\\theta}(z))"),
        ("a * b + D*{KL} Q*{t}", "a * b + D_{KL} Q_{t}"),
        ("2*{x} + D*{KL}", "2*{x} + D*{KL}"),
        ("\\nabla * 0", "\\nabla * 0"),
        ("x \\newline y", "x \\\\ y"),
        ("a \\\\\\\\ b", "a \\\\ b"),
        ("a \\\\[2pt] b \\label{eq:1} \\tag{2} \\nonumber", "a \\\\ b"),
        ("a % why\n= b", "a  = b"),
        ("50% + x", "50% + x"),
        ("\\begin{aligned} a &= b \\end{aligned}.", "a &= b"),
        ("\\begin{equation}\\begin{split} a &= b \\end{split}\\end{equation}", "a &= b"),
        ("\\eqalign{ a &= b \\cr }", "a &= b \\cr"),
        ("\\begin{array}{rcl} a &=& b \\end{array}", "a &=& b"),
        ("\\begin{array}{cc} a & b \\end{array}", "\\begin{array}{cc} a & b \\end{array}"),
        ("x = \\begin{aligned} a \\end{aligned}", "x = \\begin{aligned} a \\end{aligned}"),
        ("\\begin{alignat}{2} a &= b \\end{alignat}", "a &= b"),
        ("a \\\\ \\intertext{so} b", "a \\\\ \\text{so}\\\\ b"),
    ],
)
def test_what_markup_did_to_tex_is_undone_and_tex_stays(written, read):
    assert formulas(f"$$ {written} $$") == [read]


def test_two_layouts_in_one_display_are_two_formulas():
    text = "$$\\begin{aligned} a &= b \\end{aligned}\n\\begin{aligned} c &= d \\end{aligned}$$"
    assert formulas(text) == ["a &= b", "c &= d"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("$P$=$Q$, and", ["P =Q"]),
        ("=$-a$ = $-b$", ["=-a =-b"]),
        ("$x =$ $y$ and $u$ $= v$", ["x = y", "u = v"]),
        ("$a$ <= $b$ ≥ $c$", ["a \\le b ≥c"]),
        ("$$ x $$\n\n=$y$", ["x", "=y"]),
        ("$a$ and $b$, $c$", ["a", "b", "c"]),
        ("$a = b$ = nothing $c$", ["a = b", "c"]),
    ],
)
def test_a_relation_sign_between_formulas_is_mathematics(text, found):
    assert formulas(text) == found


def test_the_joined_sign_stands_where_it_was_written():
    document = read_document("a.md", "Now $P$\n = $Q$")
    (formula,) = [piece for piece in document.pieces if isinstance(piece, Formula)]
    sign = formula.source.index("=")
    assert document.text[formula.place(sign)] == "="
    assert document.line_column(formula.place(sign)) == (2, 2)


def test_prose_and_formulas_of_a_sentence_alternate():
    found = pieces("**Let** $x$ be [in](http://a.b) _R_, where `s` is\n$\\sigma > 0$.\n\nNext.")
    assert [type(piece).__name__ for piece in found] == [
        "Prose", "Formula", "Prose", "Formula", "Prose", "Break", "Prose", "Break"
    ]  # fmt: skip
    assert [p.text for p in found if isinstance(p, Prose)] == ["Let ", " be in R, where s is ", ".", "Next."]


def test_cells_items_and_paragraphs_end_a_sentence():
    for text in ("- $a$\n- $b$", "| $a$ | $b$ |\n|---|---|", "$a$\n\n$b$", "<p>$a$</p><p>$b$</p>", "> $a$\n\n$b$"):
        kinds = [type(p).__name__ for p in pieces(text) if not isinstance(p, Prose)]
        assert kinds == ["Formula", "Break", "Formula", "Break"], text


def test_a_sentence_goes_on_across_a_display_of_its_own_paragraph():
    kinds = [type(p).__name__ for p in pieces("so that\n\n$$ a = b $$\n\nwhere $c$ is.\n\nThus\n\n$$ d $$\n\nNow $e$.")]
    assert kinds == [
        "Prose", "Formula", "Prose", "Formula", "Prose", "Break", "Prose", "Formula", "Break",
        "Prose", "Formula", "Prose", "Break",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "name", "headings"),
    [
        ("# A *b* #\n\ntext\n\n## C", "a.md", [(1, "A b"), (2, "C")]),
        ("A\n===\n\nB\n---\ntext", "a.md", [(1, "A"), (2, "B")]),
        ("Let $x>0$.\n---\nand", "a.md", []),
        ("<h1 align=center> A </h1>", "a.md", [(1, "A")]),
        ("#+TITLE: t\n* A\n** B\n# comment $x$\n#+begin_src py\n$y$\n#+end_src\n", "a.md", [(1, "A"), (2, "B")]),
        ("* A\ntext\n", "a.org", [(1, "A")]),
        ("A\n~~~\n\ntext\n\nB\n====\n", "a.rst", [(3, "A"), (1, "B")]),
        ("* A\n* B", "a.md", []),
        ("$$\na\n=\nb\n---\n$$", "a.md", []),
    ],
)
def test_headings_of_every_style(text, name, headings):
    assert [(p.level, p.text) for p in pieces(text, name) if isinstance(p, Heading)] == headings


def test_math_lines_that_look_like_blocks_stay_in_their_display():
    body = "a\n- b\n+ c\n> d\n# e\n1. f\n=\n---\ng"
    indented = body.replace("\ng", "\n    g")  # what stands before a line is no mathematics
    assert formulas(f"$$\n{indented}\n$$\n\n$h$") == [body, "h"]
    assert formulas(f"\\[\n{indented}\n\\]\n\n$h$") == [body, "h"]


WORDS = st.sampled_from(["let", "be the density,", "因此", "and (a) b", "costs 5", "#1", "a_b", "x*y", "“so”", "é"])
ATOMS = st.sampled_from(
    [
        "x",
        "p(x|z)",
        "\\theta",
        "_{i}",
        "^2",
        "=",
        " ",
        "\\frac{1}{2}",
        "\\\\ ",
        "&",
        "\\{a\\}",
        "\\|",
        "<",
        ">",
        "\\text{if}",
    ]
)
TEX = st.lists(ATOMS, max_size=8).map(lambda atoms: "\\mu " + "".join(atoms) + " + 1")
DELIMITERS = st.sampled_from(
    [("$", "$"), ("$ ", " $"), ("$$", "$$"), ("\n\n$$\n", "\n$$\n\n"), ("\\(", "\\)"), ("\n\n\\[\n", "\n\\]\n\n"),
     ("$`", "`$"), ("\n\n```math\n", "\n```\n\n"), ("\n\\begin{align}\n", "\n\\end{align}\n"), ("\n> $", "$\n\n"),
     ("\n- $", "$\n\n")]
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(
    parts=st.lists(st.tuples(WORDS, DELIMITERS, TEX), min_size=1, max_size=8), newline=st.sampled_from(["\n", "\r\n"])
)
def test_formulas_without_macros_are_the_text_at_their_places(parts, newline):
    """What was put between delimiters is found, in order, and every character is the one at its place."""
    text = "".join(f"{word} {opening}{tex}{closing} " for word, (opening, closing), tex in parts).replace("\n", newline)
    document = read_document("a.md", text)
    found = [piece for piece in document.pieces if isinstance(piece, Formula)]
    assert [formula.source for formula in found] == [tex.strip() for _, _, tex in parts]
    for formula in found:
        for character, offset in zip(formula.source, formula.offsets, strict=False):
            assert text[offset] == character
            line, column = document.line_column(offset)
            assert text.split("\n")[line - 1][column - 1 : column] == character or character == "\n"
