"""One derivation in many layouts: the same relations are found, each at the place of its sign."""

from __future__ import annotations

import pytest
from small_documents import HOLDS, checked, displayed, last, read

SAID = "Let $a,b>0$ and $x\\in\\mathbb{R}$.\n\n"

SQUARE, SUM, TURNED = "(a+b)^2", "a^2+2ab+b^2", "b^2+2ab+a^2"
LAYOUTS = {
    "align": "\\begin{align}\n@S &= @M \\\\\n&= @T\n\\end{align}",
    "align, sign before the mark": "\\begin{align*}\n@S =& @M \\\\\n=& @T\n\\end{align*}",
    "split": "\\begin{equation}\\begin{split}\n@S &= @M\\\\\n&= @T\n\\end{split}\\end{equation}",
    "eqnarray": "\\begin{eqnarray}\n@S &=& @M \\\\\n&=& @T\n\\end{eqnarray}",
    "eqnarray, numbered": "\\begin{eqnarray}\n@S & = & @M \\label{e}\\\\\n& = & @T \\nonumber\n\\end{eqnarray}",
    "lefteqn": "\\begin{eqnarray*}\n\\lefteqn{@S} \\\\\n&=& @M \\\\\n&=& @T\n\\end{eqnarray*}",
    "array": "$$\\begin{array}{rcl}\n@S & = & @M \\\\\n& = & @T\n\\end{array}$$",
    "array with remarks": (
        "$$\\begin{array}{lll}\n@S &= @M & \\text{(binomial)}\\\\\n&= @T & \\text{(order)}\n\\end{array}$$"
    ),
    "multline": "\\begin{multline}\n@S \\\\\n= @M \\\\\n= @T\n\\end{multline}",
    "gather": "\\begin{gather*}\n@S = @M \\\\\n= @T\n\\end{gather*}",
    "dollars and rows": "$$\n@S = @M \\\\\n= @T\n$$",
    "aligned, the first side alone": "$$\\begin{aligned}\n& @S \\\\\n&= @M \\\\\n&= @T\n\\end{aligned}$$",
    "intertext": "\\begin{align}\n@S &= @M \\\\\n\\intertext{and so on}\n&= @T\n\\end{align}",
    "words between": "$$\\begin{aligned}\n@S &= @M \\\\\n& \\text{so we have} \\\\\n&= @T\n\\end{aligned}$$",
    "two displays": "$$\n@S = @M\n$$\n\nand in another order\n\n$$\n= @T\n$$",
    "inline": "Then $@S = @M = @T$.",
    "escaped brackets": "\\\\[ @S = @M = @T \\\\]",
    "eqalign": "$$\\eqalign{\n@S &= @M \\cr\n&= @T }$$",
    "a box around all": "$$\n\\boxed{@S = @M = @T}\n$$",
    "tags": "\\begin{align}\n@S &= @M \\tag{$*$}\\\\[2pt]\n&= @T \\tag{2}\n\\end{align}",
    "labels on the signs": "$$\n@S \\overset{(i)}{=} @M \\stackrel{\\text{order}}{=} @T\n$$",
}  # fmt: skip


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_has_the_same_relations_at_their_places(layout):
    formula = LAYOUTS[layout].replace("@S", SQUARE).replace("@M", SUM).replace("@T", TURNED)
    text = SAID + formula + "\n"
    lines = text.split("\n")
    found = [r for r in read(text) if r.line > 2]
    sides = [(r.lhs.replace("\\lefteqn{(a+b)^2}", SQUARE), r.rel, r.rhs) for r in found]
    assert sides == [(SQUARE, "=", SUM), (SUM, "=", TURNED)]
    assert [r.kind for r in found] == ["claim"] * 2
    assert [r.position for r in found] == [1, 2] and len({r.chain for r in found}) == 1
    for r in found:
        assert lines[r.line - 1][r.column - 1 :].startswith(("=", "\\overset", "\\stackrel")), (r.line, r.column)


SIDES = {
    "boxed": r"\boxed{a^2+2ab+b^2}",
    "a box around a part": r"a^2+\boxed{2ab}+b^2",
    "colours": r"{\color{red} a^2}+\textcolor{blue}{2ab}+\colorbox{yellow}{$b^2$}",
    "a switch of colour": r"a^2+\color{blue}2ab+b^2",
    "underbraces": r"\underbrace{a^2}_{A}+\overbrace{2ab}^{\text{mixed}}+b^2",
    "formulas in boxes of text": r"\mbox{$a^2$}+2\text{$ab$}+b^2",
    "spaces": r"a^2\,+\;2\!ab\quad+~b^2",
    "sizes": r"\bigl(a^2+2ab\bigr)+\left(b^2\right)",
    "signs of multiplication": r"a \cdot a+2\times a\,b+b*b",
    "HTML": "a^2&plus;2ab+b^2".replace("&plus;", "&#43;"),
    "a full stop": "a^2+2ab+b^2.",
}


@pytest.mark.parametrize("side", SIDES)
def test_every_spelling_of_a_side_means_the_same(side):
    assert last(displayed(SAID, f"(a+b)^2 = {SIDES[side]}")).verdict in HOLDS
    wrong = SIDES[side].replace("2ab", "3ab").replace("2\\", "3\\").replace("2\\!ab", "3ab")
    assert last(displayed(SAID, f"(a+b)^2 = {wrong}")).verdict == "refuted"


@pytest.mark.parametrize(
    "display",
    [
        r"a+b=b+a, ab=2ba", r"a+b=b+a; \quad ab=2ba.", r"a+b=b+a \qquad ab=2ba", r"a+b=b+a \text{ and } ab=2ba",
        r"a+b=b+a \\ ab=2ba", r"a+b &= b+a & ab &= 2ba", r"\begin{cases} a+b=b+a \\ ab=2ba \end{cases}",
        r"\left\{\begin{array}{l} a+b=b+a \\ ab=2ba \end{array}\right.", r"a+b=b+a \text{ und } ab=2ba",
    ],
)  # fmt: skip
def test_several_relations_of_one_display_are_told_apart(display):
    found = [r for r in checked(displayed(SAID, display)) if r.line > 3]
    assert [r.verdict in HOLDS for r in found] == [True, False] and found[1].verdict == "refuted"
    assert len({r.chain for r in found}) == 2


@pytest.mark.parametrize(
    "clause",
    [
        "$$\nc^2 = {}\n$$\nwhere $c = a + b$.", "$$\nc^2 = {} \\quad \\text{{where }} c = a + b\n$$",
        "$$\nc^2 = {},\n$$\nwobei $c = a + b$.", "$$\nc^2 = {},\n$$\noù $c = a + b$.",
        "$$\nc^2 = {},\n$$\n其中 $c = a + b$.",
        "Let $c = a + b$. Then\n$$\nc^2 = {}\n$$", "Let $c > 0$.\n$$\nc^2 = {}\n$$\nwith $c = a + b$.",
    ],
)  # fmt: skip
def test_a_name_explained_after_its_display_is_understood_in_it(clause):
    def verdict(side: str) -> str:
        return next(r.verdict for r in checked(SAID + clause.format(side) + "\n") if (r.lhs or "") == "c^2")

    assert verdict("a^2+2ab+b^2") in HOLDS
    assert verdict("a^2+ab+b^2") == "refuted"


MACROS = {
    r"\newcommand{\sq}[1]{(#1)^2}": r"\sq{a+b}",
    r"\def\sq#1{(#1)^2}": r"\sq{a+b}",
    r"\def\sq(#1){(#1)^2}": r"\sq(a+b)",
    r"\def\sq#1+#2.{(#1+#2)^2}": r"\sq a+b.",
    r"\newcommand{\sq}[2][a]{(#1+#2)^2}": r"\sq{b}",
    r"\NewDocumentCommand{\sq}{m m}{(#1+#2)^2}": r"\sq{a}{b}",
    r"\let\plus+\newcommand\sq{(a\plus b)^2}": r"\sq",
    r"\DeclareMathOperator{\sq}{exp}": r"\sq(2\log(a+b))",
    r"\DeclarePairedDelimiter{\br}{(}{)}": r"\br{a+b}^2",
}


@pytest.mark.parametrize("macro", MACROS)
def test_macros_of_the_author(macro):
    used = MACROS[macro]
    text = f"{macro}\n\\begin{{document}}\n{SAID}\\[ {used} = a^2+2ab+b^2 \\]\n\\[ {used} = a^2+b^2 \\]\n"
    right, wrong = [r for r in checked(text + "\\end{document}\n", "notes.tex") if r.line > 4]
    assert right.verdict in HOLDS and wrong.verdict == "refuted"
    assert right.lhs == MACROS[macro] or right.lhs == "(a+b)^2"
    assert (right.line, right.column) == (5, 5 + len(MACROS[macro]))


def test_a_macro_that_keeps_no_brackets_means_what_tex_makes_of_it():
    text = (
        "\\newcommand{\\sq}[1]{#1^2}\n\\begin{document}\n" + SAID + "\\[ \\sq{a+b} = a^2+2ab+b^2 \\]\n\\end{document}\n"
    )
    found = checked(text, "notes.tex")[-1]
    assert found.verdict == "refuted" and found.lhs == "a+b^2"  # shown as it is printed


def test_a_definition_that_tex_alone_can_read_is_reported_and_nothing_else_is_lost():
    text = "\\def\\x#1#3{y}\n\\begin{document}\n" + SAID + "\\[ a+b = b+a \\]\n\\end{document}\n"
    found = checked(text, "notes.tex")
    assert found[-1].verdict in HOLDS
    assert any("\\x" in r.reason and r.verdict == "unread" for r in found)
