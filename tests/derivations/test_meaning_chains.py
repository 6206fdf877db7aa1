"""Chains, continued displays, conditions and objectives, and the place and spelling of every relation."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_documents import HOLDS, NO_CLAIM, checked, displayed, displayed_verdicts, last, read, verdicts

DECLARED = "Let $a,b>0$.\n\n"


def test_each_relation_of_a_chain_stands_on_its_own():
    text = displayed("Let $a,b>0$.", r"\log(a^2b) = \log a^2 + \log b = 3\log a + \log b = \log(a^3b)")
    assert [v if v == "refuted" else v in HOLDS for v in displayed_verdicts(text)] == [True, "refuted", True]


def test_one_error_does_not_condemn_the_lines_after_it():
    rows = r"\begin{aligned}(a+b)^2 &= a^2 + b^2 \\ &= b^2 + a^2 \\ &= (a^2 + b^2) + 0\end{aligned}"
    found = displayed_verdicts(displayed("Let $a,b>0$.", rows))
    assert found[0] == "refuted" and all(v in HOLDS for v in found[1:])


def test_the_first_refuted_relation_is_the_root():
    text = displayed("Let $a,b>0$.", r"(a+b)^2 = a^2 + 2ab + b^2 = a^2 + b^2 = a^2 - b^2")
    roles = [r.role for r in checked(text)[1:]]
    assert roles == ["step", "root", "step"]


def test_rows_of_a_display_continue_one_chain():
    rows = r"\begin{aligned}a + b &= b + a \\ &= a + b \\ &\le a + 2b\end{aligned}"
    relations = read(displayed("Let $a,b>0$.", rows))[1:]
    assert [(r.position, r.rel) for r in relations] == [(1, "="), (2, "="), (3, "<=")]
    assert len({r.chain for r in relations}) == 1
    assert [r.lhs for r in relations[1:]] == [r.rhs for r in relations[:-1]]


def test_a_row_with_a_left_side_of_its_own_begins_a_chain():
    rows = r"\begin{aligned}(a+b)^2 &= a^2 + 2ab + b^2 \\ (a-b)^2 &= a^2 - 2ab + b^2\end{aligned}"
    relations = read(displayed("Let $a,b>0$.", rows))[1:]
    assert len({r.chain for r in relations}) == 2
    assert all(v in HOLDS for v in displayed_verdicts(displayed("Let $a,b>0$.", rows)))


def test_a_display_that_begins_with_a_sign_continues_the_display_before_it():
    text = DECLARED + "$$\n(a+b)^2 = a^2 + 2ab + b^2\n$$\n\nand further\n\n$$\n= {} + 2ab\n$$\n"
    right = displayed_verdicts(text.replace("{}", "(a^2 + b^2)"))
    wrong = displayed_verdicts(text.replace("{}", "(a^2 - b^2)"))
    assert all(v in HOLDS for v in right)
    assert wrong[0] in HOLDS and wrong[1] == "refuted"


def test_nothing_to_continue_is_unread():
    assert verdicts("$$\n= a + b\n$$\n") == ["unread"]


def test_inequality_chains_keep_their_direction():
    assert all(v in HOLDS for v in displayed_verdicts(displayed("Let $a,b>0$.", r"a \le a + b \le a + 2b")))
    found = displayed_verdicts(displayed("Let $a,b>0$.", r"a \le a + b \le b"))
    assert found[0] in HOLDS and found[1] == "refuted"


def test_several_relations_in_one_display():
    text = displayed("Let $a,b>0$.", r"\log(ab) = \log a + \log b, \qquad \log(a+b) = \log a + \log b")
    found = displayed_verdicts(text)
    assert found[0] in HOLDS and found[1] == "refuted"


def test_a_relation_within_a_sentence_is_checked():
    found = verdicts(r"Let $a,b>0$. Then $\log(ab) = \log a + \log b$, but also $\log(a+b) = \log a \log b$.")
    assert found[1] in HOLDS and found[2] == "refuted"


# ------------------------------------------------------------------------------------------------------ conditions


@pytest.mark.parametrize(
    "formula",
    [
        r"\frac{\partial}{\partial D}\left(a\log D + b\log(1-D)\right) = 0",
        r"\frac{d}{dx}\left(x^2 - ax\right) = 0",
        r"\nabla_\mu \log\mathcal{N}(x;\mu,\sigma^2) = 0",
        r"\frac{d}{dx}\left(x^2 - ax\right) = 2x - a = 0",
        r"2x - a = 0",
        r"D(x) = \frac12",
    ],
)
def test_setting_something_to_a_value_is_a_condition(formula):
    assert last(displayed("For the optimum we need, with $a,b>0$,", formula)).verdict != "refuted"


def test_a_claim_that_a_derivative_vanishes_where_it_does_is_accepted():
    assert last(displayed(r"Let $x\in\mathbb{R}$.", r"\frac{d}{dx}(\sin^2 x + \cos^2 x) = 0")).verdict not in (
        "refuted",
    )


def test_the_other_relations_of_a_chain_that_ends_in_a_condition_are_claims():
    text = displayed(r"Let $a,x\in\mathbb{R}$.", r"\frac{d}{dx}\left(x^2 - ax\right) = 2x - {} = 0")
    assert displayed_verdicts(text.replace("{}", "a"))[0] in HOLDS
    assert displayed_verdicts(text.replace("{}", "2a"))[0] == "refuted"


def test_what_was_solved_for_is_no_claim():
    text = "Let $a,b>0$. Setting the derivative to zero gives\n\n$$\n\\Rightarrow D = \\frac{a}{a+b}\n$$\n"
    assert "refuted" not in verdicts(text)


@pytest.mark.parametrize(
    "objective",
    [
        r"\min_\theta \mathbb{E}_{x\sim p}[-\log q_\theta(x)]",
        r"\max_D \mathbb{E}_{x\sim p_{data}}[\log D(x)]",
        r"\theta^* = \arg\max_\theta \sum_{i=1}^n \log p_\theta(x_i)",
    ],
)
def test_objectives_are_not_accused(objective):
    assert "refuted" not in verdicts(displayed("We solve", objective))


def test_a_minimum_is_not_the_function():
    objective = displayed("Let $p(x)$ be a density.", r"L(\theta) = \mathbb{E}_{x\sim p}[-\log q_\theta(x)]")
    assert verdicts(objective + displayed("", r"\min_\theta L(\theta) = L(\theta)"))[-1] not in HOLDS


# ---------------------------------------------------------------------------------------------------------- places


def test_line_and_column_are_those_of_the_relation_sign():
    text = "Let $a>0$.\n\n$$\na + a = 2a\n$$\n\nand $\\log a^2 = 2\\log a$.\n"
    places = [(r.line, r.column) for r in read(text)]
    assert places == [(1, 7), (4, 7), (7, 15)]
    lines = text.split("\n")
    assert all(lines[line - 1][column - 1] in "=>" for line, column in places)


@settings(max_examples=40, deadline=None)
@given(
    before=st.integers(0, 6),
    indent=st.integers(0, 3),
    words=st.sampled_from(["", "Ünï 日本 𝒳 ", "text "]),
    rows=st.integers(1, 4),
)
def test_places_count_lines_and_code_points(before, indent, words, rows):
    body = "".join(f"{' ' * indent}&= a + {k} \\\\\n" for k in range(rows))
    text = (
        f"{words}\n" * before + f"\n{words}$a$ is a number.\n\n$$\n\\begin{{aligned}}\na\n{body}\\end{{aligned}}\n$$\n"
    )
    relations = read(text)
    lines = text.split("\n")
    assert len(relations) == rows
    for relation in relations:
        assert lines[relation.line - 1][relation.column - 1] == "="
        assert relation.column == indent + 2


def test_signs_that_are_commands_are_pointed_at():
    text = displayed("Let $a>0$.", r"a \leq 2a \leqslant 3a")
    lines = text.split("\n")
    for relation in read(text)[1:]:
        assert lines[relation.line - 1][relation.column - 1] == "\\"
        assert relation.rel == "<="


def test_the_authors_latex_is_echoed():
    (_, relation) = read("Let $a>0$.\n\n$$\n\\log  {a}^{2}\\, = 2 \\log(a)\n$$\n")
    assert relation.lhs.startswith("\\log  {a}^{2}") and relation.rhs == "2 \\log(a)"


def test_macros_are_echoed_unexpanded():
    text = (
        "\\newcommand{\\Ex}[2]{\\mathbb{E}_{#1}\\left[#2\\right]}\n\\newcommand{\\kl}[2]{D_{KL}(#1\\|#2)}\n"
        "\\begin{document}\nLet $p$ and $q$ be densities.\n\\begin{equation}\n"
        "\\kl{q}{p} = \\Ex{x\\sim q}{\\log q(x)} - \\Ex{x\\sim q}{\\log p(x)}\n\\end{equation}\n\\end{document}\n"
    )
    found = checked(text, "notes.tex")
    assert len(found) == 1
    assert found[0].lhs == "\\kl{q}{p}"
    assert found[0].rhs == "\\Ex{x\\sim q}{\\log q(x)} - \\Ex{x\\sim q}{\\log p(x)}"
    assert found[0].line == 6 and found[0].verdict in HOLDS
    wrong = checked(text.replace("\\kl{q}{p}", "\\kl{p}{q}"), "notes.tex")
    assert wrong[0].verdict == "refuted"


def test_an_environment_of_the_authors_own_is_echoed():
    text = "\\newcommand{\\R}{\\mathbb{R}}\n\nLet $x\\in\\R$.\n\\[ x + x = 2x \\]\n"
    found = checked(text, "notes.tex")
    assert [(r.lhs, r.rhs) for r in found] == [("x + x", "2x")]
    assert found[0].verdict in HOLDS


def test_the_left_side_of_a_row_is_the_side_before_it():
    rows = "\\begin{aligned}\na + a &= 2a \\\\\n&= a\\cdot 2\n\\end{aligned}"
    relations = read(displayed("Let $a>0$.", rows))[1:]
    assert relations[1].lhs == "2a" and relations[1].rhs == "a\\cdot 2"


def test_an_unread_formula_gives_line_column_and_what_was_expected():
    text = "Let $a>0$.\n\n$$\na + = 2a\n$$\n"
    (unread,) = [r for r in read(text) if r.kind == "unread"]
    assert unread.line == 4
    assert "line 4" in unread.reason and "column" in unread.reason


def test_an_unread_formula_leaves_the_others_alone():
    formulas = ["a + = 2a", "\\log(ab) = \\log a + \\log b", "\\frac{a = b", "a + b = b - a"]
    text = DECLARED + "\n".join(displayed("", formula) for formula in formulas)
    found = displayed_verdicts(text)
    assert found[0] == "unread" and found[-1] == "refuted"
    assert sum(v in HOLDS for v in found) == 1


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        "No mathematics.",
        "$$\n$$\n",
        "$$",
        "$a$",
        "$$ = $$",
        "$$ = = $$",
        "$x =$",
        "\\(",
        "$\\\\$",
        "$$\\frac$$",
    ],
)
def test_reading_never_fails_on_a_document(text):
    assert isinstance(read(text), list)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "a",
                "x",
                "p",
                "q",
                "(x)",
                "=",
                "\\le",
                "+",
                "-",
                "^2",
                "_i",
                "\\log",
                "\\mathbb{E}",
                "_{q}",
                "[",
                "]",
                "\\int",
                "dx",
                "|",
                "\\|",
                "{",
                "}",
                "\\frac",
                "{1}{2}",
                "\\sum_{i=1}^n",
                "\\nabla_\\theta",
                "\\partial",
                ",",
                "~",
                "\\sim",
                "\\mathcal{N}",
                "(0,1)",
                "D_{KL}",
                "'",
                "&",
                "\\\\",
                "0",
                ":=",
            ]
        ),
        max_size=14,
    )
)
def test_reading_never_fails_on_what_looks_like_mathematics(tokens):
    for relation in read("Let $a>0$.\n\n$$\n" + " ".join(tokens) + "\n$$\n"):
        assert relation.kind in ("claim", "definition", "assumption", "unread", "unclear")
        assert relation.kind in ("claim", "definition", "assumption") or relation.reason


def test_relation_kinds_that_are_no_claims_have_no_meanings():
    for relation in read("Let $a>0$ and $b = a^2$.\n\n$$\nc := a + b\n$$\n\n$$\nc = a + a^2\n$$\n"):
        assert bool(relation.meanings) == (relation.kind == "claim")
        assert relation.kind == "claim" or relation.kind in NO_CLAIM
