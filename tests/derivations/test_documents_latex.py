"""LaTeX files and the author's macros: formulas as the typesetter would see them, at the places where they stand."""

import itertools

import pytest

from derivations.reading.documents import read_document
from derivations.reading.source import Break, Formula, Heading, Prose


def read(body, preamble="", name="a.tex"):
    return read_document(
        name, f"\\documentclass{{article}}\n{preamble}\n\\begin{{document}}\n{body}\n\\end{{document}}\n$no$"
    )


def formulas(body, preamble=""):
    return [piece.source for piece in read(body, preamble).pieces if isinstance(piece, Formula)]


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("Let $x$, \\(y\\), $$z$$ and \\[ w \\]", ["x", "y", "z", "w"]),
        ("\\begin{align*}\na &= b \\label{e} \\\\ % w\n  % c\n &= c \\nonumber\n\\end{align*}", ["a &= b  \\\\ &= c"]),
        ("\\begin{equation}\n\\begin{split} a &= b \\end{split}\n\\end{equation}", ["a &= b"]),
        ("\\begin{eqnarray} a &=& b \\end{eqnarray}", ["a &=& b"]),
        ("\\begin{subequations}\\begin{align} a \\end{align}\\end{subequations}", ["a"]),
        ("cost \\$5 and \\$6, 100\\% of $x$", ["x"]),
        ("$a$ % $b$\n\\verb|$c$| \\begin{verbatim} $d$ \\end{verbatim} $e$", ["a", "e"]),
        ("\\begin{lstlisting}$a$\\end{lstlisting}\\begin{tikzpicture}$b$\\end{tikzpicture}", []),
        ("\\begin{comment}$c$\\end{comment}", []),
        ("\\begin{figure}\\caption{$a$}\\end{figure} \\begin{algorithm} $b$ \\end{algorithm} $c$", ["c"]),
        ("x\\footnote{see $a$} \\label{$} \\includegraphics[w]{a_$} $b$", ["b"]),
        ("$\\begin{cases} a & b \\\\ c \\end{cases}$", ["\\begin{cases} a & b \\\\ c \\end{cases}"]),
        ("\\ensuremath{a} and $\\ensuremath{b}$", ["a", "{b}"]),
        ("\\begin{tabular}{cc} $a$ & $b$ \\\\ $c$ & d \\end{tabular}", ["a", "b", "c"]),
    ],
)  # fmt: skip
def test_formulas_of_the_body(body, found):
    assert formulas(body) == found


def test_only_macros_are_read_from_the_preamble_and_nothing_after_the_end():
    assert formulas("$\\x$", "\\title{$t$} \\newcommand{\\x}{y} \\lstset{a=$b$}") == ["y"]


def test_a_fragment_has_no_preamble():
    found = read_document("a.tex", "Let $x$ be \\newcommand{\\y}{z} $\\y$").pieces
    assert [p.source for p in found if isinstance(p, Formula)] == ["x", "z"]


@pytest.mark.parametrize(
    ("definitions", "written", "read_as"),
    [
        ("\\newcommand{\\R}{\\mathbb{R}}", "\\R^n", "\\mathbb{R}^n"),
        ("\\newcommand\\R{\\mathbb R}", "x\\in\\R", "x\\in\\mathbb R"),
        ("\\newcommand{\\KL}[2]{D(#1\\|#2)}", "\\KL{p}{q}", "D(p\\|q)"),
        ("\\newcommand{\\KL}[2]{D(#1\\|#2)}", "\\KL {p} q", "D(p\\|q)"),
        ("\\newcommand{\\E}[2][p]{E_{#1}[#2]}", "\\E{x} + \\E[q]{y}", "E_{p}[x] + E_{q}[y]"),
        ("\\newcommand{\\E}[2]{E_{#1}[#2]}", "\\E{z}{\\E{x}{f}}", "E_{z}[E_{x}[f]]"),
        ("\\newcommand{\\a}{\\b+1}\\newcommand{\\b}{c}", "\\a", "c+1"),
        ("\\def\\f#1#2{#2/#1}", "\\f{a}b", "b/a"),
        ("\\def\\D{D_{\\rm KL}\\infdivx}\\def\\infdivx#1#2{(#1 | #2)}", "\\D{p}{q}", "D_{\\rm KL}(p | q)"),
        ("\\DeclareMathOperator{\\tr}{tr}", "\\tr(A)", "\\operatorname{tr}(A)"),
        ("\\DeclareMathOperator*{\\argmax}{arg\\,max}", "\\argmax_x", "\\operatorname*{arg\\,max}_x"),
        ("\\let\\eps\\varepsilon", "\\eps", "\\varepsilon"),
        ("\\let\\oldphi\\phi \\renewcommand{\\phi}{\\oldphi_1}", "\\phi", "\\phi_1"),
        ("\\renewcommand{\\vec}[1]{\\mathbf#1}", "\\vec x + \\vec{y}", "\\mathbf x + \\mathbf y"),
        ("\\newcommand{\\m}{\\mu}\\newcommand{\\g}[1]{#1x}", "\\g{\\mu}", "\\mu x"),
        ("\\providecommand{\\x}{a}\\providecommand{\\x}{b}", "\\x", "a"),
        ("\\DeclarePairedDelimiter\\abs{|}{|}", "\\abs{x}\\abs*{y}", "\\left| x \\right| \\left| y \\right|"),
        ("\\DeclarePairedDelimiterX{\\kl}[2]{(}{)}{#1\\delimsize\\|#2}", "\\kl{p}{q}", "\\left( p\\|q \\right)"),
        ("\\NewDocumentCommand{\\E}{O{p} m}{E_{#1}[#2]}", "\\E{x}\\E[q]{y}", "E_{p}[x]E_{q}[y]"),
        ("\\newcommand*{\\x}{a}\n\\renewcommand{\\x}{b}", "\\x", "b"),
    ],
)  # fmt: skip
def test_macros_are_expanded_as_tex_would(definitions, written, read_as):
    assert formulas(f"$ {written} $", definitions) == [read_as]
    markdown = read_document("a.md", f"$$ {definitions} $$\n\n$ {written} $").pieces
    assert [p.source.strip() for p in markdown if isinstance(p, Formula)] == [read_as.strip()]


def test_macros_and_environments_that_open_displays():
    definitions = "\\def\\be{\\begin{equation}}\\def\\ee{\\end{equation}}"
    definitions += "\\newenvironment{eq}[1]{\\begin{align*}#1}{\\end{align*}}"
    assert formulas("\\be a = b \\ee and \\begin{eq}{c} &= d \\end{eq}", definitions) == ["a = b", "c &= d"]


def test_a_macro_defined_later_does_not_reach_back():
    assert formulas("$\\x$ \\newcommand{\\x}{a} $\\x$ \\renewcommand{\\x}{b} $\\x$") == ["\\x", "a", "b"]


def test_characters_of_arguments_keep_their_places_and_bodies_stand_at_the_call():
    document = read("One\n$\\E{x = 1}\n = \\eq 2$", "\\newcommand{\\E}[1]{E[#1]} \\newcommand{\\eq}{:=}")
    (formula,) = [piece for piece in document.pieces if isinstance(piece, Formula)]
    assert formula.source == "E[x = 1]\n = := 2"
    places = {i: document.text[formula.place(i)] for i, c in enumerate(formula.source) if c in "=x12E:"}
    assert places == {0: "\\", 2: "x", 4: "=", 6: "1", 10: "=", 12: "\\", 13: "\\", 15: "2"}
    assert document.line_column(formula.place(10)) == (6, 2)
    assert document.text[formula.place(0) : formula.place(10)].strip() == "\\E{x = 1}"


@pytest.mark.parametrize(
    "definitions",
    [
        "\\def\\x{\\x}",
        "\\def\\x{\\x\\x}",
        "\\def\\x#1{\\x{#1#1}}",
        "\\newcommand{\\x}{\\y}\\newcommand{\\y}{\\x}",
        "\\def\\x{\\a}" + "".join(f"\\def\\{a}{{\\{b}\\{b}\\{b}\\{b}}}" for a, b in itertools.pairwise("abcdefghijkl")),
        "\\def\\x#1{#1#1}\\def\\l{1}",
    ],
)  # fmt: skip
@pytest.mark.parametrize("name", ["a.tex", "a.md"])
def test_a_macro_without_end_is_a_problem_and_the_rest_is_read(name, definitions):
    exploding = "\\x{" * 40 + "1" + "}" * 40 if definitions.endswith("{1}") else "\\x{1}"
    text = f"$$ {definitions} $$\n\n" + f"$a = {exploding}$ and $b$\n\n" * 3
    document = read_document(name, text)
    found = [piece.source for piece in document.pieces if isinstance(piece, Formula)]
    assert found.count("b") == 3 and all(source.startswith("a = \\x") for source in found[::2])
    assert any("was left alone" in message for _, message in document.problems)


def test_what_cannot_be_defined_is_said():
    document = read("$x$", "\\def\\x#1#3{#1} \\newcommand{\\y}{a")
    assert [message for _, message in document.problems] == [
        "the definition of \\x could not be read", "the definition of \\y could not be read"
    ]  # fmt: skip


def test_files_that_are_included_are_named():
    document = read("$x$\n\\input{chapters/one}")
    assert [(document.line_column(o), m) for o, m in document.problems] == [
        ((5, 1), "\\input{chapters/one}: that file was not read")
    ]


def test_sections_begin_at_level_one_and_keep_their_formulas():
    found = read("\\section[s]{A $x$}\nb\n\\subsection*{C}").pieces
    assert [(p.level, p.text) for p in found if isinstance(p, Heading)] == [(1, "A x"), (2, "C")]
    assert [p.source for p in found if isinstance(p, Formula)] == ["x"]
    chapters = read("\\chapter{A}\\section{B}").pieces
    assert [p.level for p in chapters if isinstance(p, Heading)] == [1, 2]


def test_prose_is_plain_words():
    found = read("Let $x$ be \\emph{a caf\\'e}, see~\\ref{a}\\cite{b} \\textbf{or}  {\\em not} 5\\%.").pieces
    assert [p.text for p in found if isinstance(p, Prose)] == [" Let ", " be a café, see or not 5%. "]


@pytest.mark.parametrize(
    "between", ["\n\n", "\\item", "\\end{proof}", "\\begin{theorem}[T]", " & ", "\\par ", "\\section{s}", "\n % c\n\n"]
)
def test_sentences_end_at_paragraphs_items_and_theorems(between):
    body = f"\\begin{{tabular}}{{c}} $a$ {between} $b$ \\end{{tabular}}"
    kinds = [type(p) for p in read(body).pieces if not isinstance(p, Prose | Heading)]
    assert kinds[:3] == [Formula, Break, Formula]


def test_a_comment_line_ends_no_paragraph():
    kinds = [type(p) for p in read("$a$\n% comment\n$b$ and\n%\n$c$").pieces]
    assert Break not in kinds[:-1]
