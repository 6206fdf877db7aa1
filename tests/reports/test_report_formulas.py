r"""Formulas are written anew or refused: nothing of TeX's that is not mathematics gets through."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from term_strategies import terms

from derivations.catalogue import entries
from proofs.printing import latex
from reports.derivation_html import formula as as_html
from reports.formulas import ESCAPED, ONE, OVER, SYMBOLS, TWO, admitted
from reports.line_breaks import breakable, cuts, pieces, width

KNOWN = SYMBOLS | ONE | TWO | OVER | {
    "sqrt", "left", "right", "middle", "text", "begin", "end", "underbrace", "overbrace", "prime", "vert", "{", "}",
    "ensuremath", "textbackslash", "textasciicircum", "textasciitilde", "textless", "textgreater", "textbar",
    "textquotedbl", "textquotesingle", "textasciigrave", "small",
}  # fmt: skip


@pytest.mark.parametrize(
    "written",
    [
        r"\log x^2 = 2\log x", r"\frac{a}{b}", r"\left(\frac12\right)^2", r"x_{i}^{(n)}", r"D^*_G(x)", r"\sqrt[3]{x}",
        r"\begin{pmatrix}a & b \\ c & d\end{pmatrix}", r"\mathbb{E}_{x\sim p}[f(x)]", r"p \text{ is a density}",
        r"\text{weights of } a\&b, 100\% \text{ sure}", r"f'(x)", r"f'^2", r"\bigl(x\bigr)", r"\left\|x\right\|",
        "σ + μ",
        r"\arg\max_\theta L", r"\|x\|^2 \odot y", r"a \,|\, b", r"\underbrace{x}_{y}",
    ],
)  # fmt: skip
def test_mathematics_is_admitted_and_once_is_enough(written):
    once = admitted(written)
    again = admitted(once or "{")
    assert again is not None and again.replace(" ", "") == once.replace(" ", "")


@pytest.mark.parametrize(
    "hostile",
    [
        r"\input{/etc/passwd}", r"\include{x}", r"\write18{rm -rf /}", r"\immediate\write18{x}", r"\def\x{y}",
        r"\let\a\b",
        r"\newcommand{\x}{y}", r"\catcode`\%=12", r"\csname input\endcsname", r"\openin5=x", r"\href{javascript:x}{y}",
        r"\url{x}", r"\usepackage{x}", r"\begin{document}", r"\end{document}", r"\begin{verbatim}x\end{verbatim}",
        r"\includegraphics{x}", r"\loop\iftrue\repeat", r"\expandafter\x", r"^^5cinput{x}", r"x % comment", r"$x$",
        r"$$",
        r"a # b", r"\(x\)", r"\[x\]", r"\text{$\input{x}$}", r"\text{\input{x}}", r"\text{a{b}c}", "<script>\u202e",
        r"\hbox{x}",
        r"\color{red}", r"\textcolor{red}{x}", r"\special{x}", r"\par", r"\egroup", r"\endgroup", "\\\x00", "x\x1b[31m",
    ],
)  # fmt: skip
def test_what_is_no_mathematics_is_refused(hostile):
    assert admitted(hostile) is None
    assert "<code>" in as_html(hostile) and "<script" not in as_html(hostile)


@pytest.mark.parametrize(
    "broken", ["{", "}", "{a", "a}", r"\frac{a}", r"\frac", r"\left(x", r"x\right)", "x^", "x^a^b", "x_a_b", r"\sqrt[3",
               r"\begin{pmatrix}a", r"\begin{pmatrix}a\end{cases}", r"\text{a", r"\left x", "{" * 200 + "}" * 200,
               "x" * 9000],
)  # fmt: skip
def test_what_tex_would_stumble_over_is_refused(broken):
    assert admitted(broken) is None


PARTS = [*"\\{}^_&$%#~ax12()[]|'", r"\frac", r"\left", r"\right", r"\text", r"\input", r"\begin{cases}", "é", "σ"]


def checked(out: str) -> None:
    """Nothing but what is known, in balanced groups."""
    depth = 0
    for token in re.findall(r"\\[A-Za-z]+\*?|\\.|.", out, re.DOTALL):
        depth += (token == "{") - (token == "}")
        assert depth >= 0 and token not in ("$", "%", "#") and ord(token[-1]) >= 32
        if token.startswith("\\"):
            name = token[1:]
            assert name in KNOWN or (len(name) == 1 and (name in ESCAPED or name in "\\ ")), token
        else:
            assert token.isascii() or token.isalpha()
    assert depth == 0
    assert len(re.findall(r"\\left(?![a-z])", out)) == len(re.findall(r"\\right(?![a-z])", out))


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PARTS), max_size=30).map("".join))
def test_whatever_is_written_only_known_things_come_out(written):
    out = admitted(written)
    if out is not None:
        checked(out)


@settings(max_examples=60, deadline=None)
@given(terms())
def test_whatever_our_printer_prints_is_admitted_and_keeps_its_signs(term):
    printed = latex(term)
    out = admitted(printed)
    assert out is not None
    signs = re.compile(r"[A-Za-z0-9]")
    assert signs.findall(out) == signs.findall(printed.replace(r"\mathbb{1}", r"\mathbf{1}"))


@settings(max_examples=40, deadline=None)
@given(terms())
def test_a_broken_formula_has_the_same_signs_in_the_same_order(term):
    clean = admitted(latex(term)) or ""
    bare = re.compile(r"\s+|\\(?:left|right|bigl|bigr|Bigl|Bigr)(?![a-z])")
    assert bare.sub("", "".join(p for p, _ in cuts(breakable(clean)))) == bare.sub("", clean)
    assert bare.sub("", "".join(pieces(breakable(clean)))) == bare.sub("", clean)


def test_a_long_bracket_may_be_broken_and_a_group_may_not():
    long = r"\mathbb{E}\left[" + " + ".join(f"a_{{{i}}}x^{{{i}}}" for i in range(30)) + r"\right] - \frac{a+b}{c+d}"
    parts = [p for p, _ in cuts(breakable(long))]
    assert len(parts) == 31 and r"\bigl[" in parts[0] and parts[-1] == r"-\frac{a+b}{c+d}".replace("-", "- ", 1)
    assert [p for p, _ in cuts(breakable(r"\left(a+b\right)"))] == [r"\left(a+b\right)"]
    assert width(r"\frac{a}{b}") < width("a+b+c")


def test_a_line_ends_sooner_before_a_relation_than_within_brackets():
    badness = dict(cuts(r"a = b + c \cdot (d - e)"))
    assert badness["= b "[:-1]] < badness[r"+ c"] < badness["- e)"] and badness["+ c"] < badness[r"\cdot (d"]


@pytest.mark.parametrize("entry", entries(), ids=lambda e: e.id)
def test_every_statement_of_the_catalogue_is_mathematics(entry):
    from reports.prose import statement_words, words

    for part in statement_words(entry.statement) + words(entry.given):
        if "math" in part:
            assert admitted(part["math"]) is not None and "<code>" not in as_html(part["math"])


def test_a_wide_fraction_is_written_in_line_and_keeps_its_meaning():
    wide = " + ".join(f"a_{{{i}}}" for i in range(40))
    assert breakable(rf"\frac{{{wide}}}{{b c}}").startswith(r"\bigl(") and r"\big/\left(b c\right)" in breakable(
        rf"\frac{{{wide}}}{{b c}}"
    )
    product = r"\exp\left(x\right)" * 30
    assert breakable(rf"\frac{{{product}}}{{2}}").startswith(r"\exp\left(x\right)\exp")
    assert breakable(r"\frac{a+b}{c}") == r"\frac{a+b}{c}"
    assert breakable(rf"x^{{\frac{{{wide}}}{{2}}}}") == rf"x^{{\frac{{{wide}}}{{2}}}}"  # nothing breaks in an exponent


def test_a_product_of_brackets_may_be_broken_between_them():
    assert len(cuts(r"\exp\left(a\right)\exp\left(b\right)\det\left(c\right)")) == 3
    assert len(cuts(r"\mathbb{E}_{x}\left[ f\right]")) == 1
