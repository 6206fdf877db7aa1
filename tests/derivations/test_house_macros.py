"""Commands without a definition: what the field defines alike is read and told, everything else stays unknown."""

import pytest

from derivations.reading.documents import read_document
from derivations.reading.reader import read_relations
from derivations.reading.source import Formula


def written(text, name="a.md"):
    return [p.source for p in read_document(name, text).pieces if isinstance(p, Formula)]


def relations(text):
    return read_relations(read_document("a.md", text))


@pytest.mark.parametrize(
    "used, meant",
    [
        (r"\bx", r"\boldsymbol{x}"),
        (r"\btheta", r"\boldsymbol{\theta }"),
        (r"\vz", r"\boldsymbol{z}"),
        (r"\mW", r"\boldsymbol{W}"),
        (r"\rvx", r"\mathbf{x}"),
        (r"\bbE[x]", r"\mathbb{E}[x]"),
        (r"\cL", r"\mathcal{L}"),
        (r"\calN(0,1)", r"\mathcal{N}(0,1)"),
        (r"p(x\given z)", r"p(x\mid  z)"),
        (r"\KL{q}{p}", r"D_{\mathrm{KL}}\left(q\,\|\,p\right)"),
        (r"\norm{x}", r"\left\|x\right\|"),
        (r"x^\T y", r"x^\top  y"),
        (r"\N(\mu, 1)", r"\mathcal{N}(\mu, 1)"),
    ],
)
def test_house_macros(used, meant):
    assert "".join(written(f"$${used}$$")).replace(" ", "") == meant.replace(" ", "")


@pytest.mark.parametrize(
    "standard", [r"\beta", r"\bm{x}", r"\bar x", r"\mu", r"\mp", r"\vec x", r"\cap", r"\cr", r"\bf x"]
)
def test_commands_of_latex_are_what_they_are(standard):
    assert written(f"$${standard} = 1$$") == [f"{standard} = 1"]


@pytest.mark.parametrize("unknown", [r"\bR", r"\E{x}", r"\qx", r"\bxx", r"\mat{a+b}", r"\T", r"\N", r"\KL{q}"])
def test_what_is_ambiguous_or_unheard_of_stays_unknown(unknown):
    assert written(f"$${unknown} = 1$$") == [f"{unknown} = 1"]


def test_a_letter_that_is_also_written_in_blackboard_bold_is_told_by_the_document():
    assert written(r"$$\bR \in \mathbb{R}^{d\times d}$$") == [r"\boldsymbol{R} \in \mathbb{R}^{d\times d}"]


@pytest.mark.parametrize(
    "definition",
    [
        r"\newcommand{\bx}{y}",
        r"\def\bx#1.{y}",  # cannot be read: the name is the author's all the same
        r"\DeclareMathOperator{\bx}{y}",
    ],
)
def test_a_definition_of_the_document_wins(definition):
    assert "boldsymbol" not in "".join(written(f"${definition}$\n\n$$\\bx = 1$$"))


def test_a_definition_further_down_or_in_a_table_of_the_page_wins():
    assert written("$$\\bx = 1$$\n\n$\\newcommand{\\bx}{y}$ $\\bx$")[0] == r"\bx = 1"
    assert written('<script>MathJax = {macros: { bx: "{y}" }}</script>\n\n$$\\bx = 1$$') == [r"\bx = 1"]


def test_definitions_in_the_front_matter_are_read():
    text = "---\ntitle: t\nheader-includes:\n - \\DeclareMathOperator{\\bx}{\\mathbb{E}}\n---\n\n$$\\bx[x] = 1$$\n"
    assert written(text) == [r"\operatorname{\mathbb{E}}[x] = 1"]


def test_how_it_was_read_is_told_with_the_relation_that_uses_it():
    first, second = relations(r"$$p(\bx, z) = p(z)\, p(\bx \given z)$$ and $$a + b = b + a$$")
    assert first.fixed == {r"\bx": "bold x", r"\given": r"\mid"} and first.kind == "claim"
    assert second.fixed == {}
