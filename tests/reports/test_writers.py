"""The writers: one record in, a page out; what a document says never becomes markup, code or a terminal command."""

import json
import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports import html, terminal
from reports import json as json_writer
from reports.explain import explain
from reports.mathml import mathml
from reports.plaintext import one_line, shortened
from reports.record import FileReport, Report
from reports.values import value_line

HOSTILE = "\x1b[31mred\x1b]8;;http://x\x07 <script>alert(1)</script> \u202egnp.exe & \"'` {{ 7*7 }} [bold]x[/bold]"


class Page(HTMLParser):
    """The elements and attributes of a page."""

    def __init__(self, page: str):
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs


# ------------------------------------------------------------------------------------------------- the terminal


def test_each_relation_is_shown_as_written_with_its_place_and_verdict(report):
    page = terminal.write(report)
    for r in report.relations:
        if r.rel is not None:
            assert re.search(rf"^ *{r.line}:{r.column} +\S+ {r.verdict} +{re.escape(r.lhs)} ", page, re.M), r.verdict


def test_a_refuted_relation_shows_its_world_and_both_sides(report):
    page = terminal.write(report)
    for shown in (
        "x = 1/2",
        "Sigma = [2 0; 0 1]",
        "left side   0.6931",
        "right side  1.0986",
        "it fails in the world shown",
    ):
        assert page.count(shown) == 1


def test_the_summary_counts_every_relation_once(report):
    assert "9 relations: 1 proved, 1 supported, 1 refuted, 1 undecided, 1 vacuous, 2 unread" in terminal.write(report)


def test_what_was_assumed_without_proof_is_shown(report):
    assert "f is integrable" in terminal.write(report)


def test_colours_are_written_only_when_asked_for(report):
    assert "\x1b" not in terminal.write(report)
    assert "\x1b[" in terminal.write(report, colour=True)


@pytest.mark.parametrize("width", [20, 60, 80, 140])
def test_no_line_is_wider_than_the_terminal(make_relation, width):
    long = r"\frac{1}{2} + \mu_{unbreakable}" * 60
    page = terminal.write(
        Report((FileReport("a.md", (make_relation(1, "refuted", long, long, reason=long),)),)), width=width
    )
    assert max(map(len, page.splitlines())) <= max(width, 60)


def test_a_path_is_never_cut(make_relation):
    path = "a long folder/" * 12 + "notes.md"
    assert path in terminal.write(Report((FileReport(path, (make_relation(1, "proved", "a", "a"),)),)), width=80)


def test_a_fault_of_ours_is_loud(broken):
    assert "FAULT OF OURS" in terminal.write(broken) and "notes.md:4:7" in terminal.write(broken)


def test_a_file_without_relations_says_so():
    assert "no relations found" in terminal.write(Report((FileReport("empty.md", ()),)))


# ------------------------------------------------------------------------------------------------------ the page


def test_the_page_stands_alone(report):
    page = Page(html.write(report))
    assert not {"script", "link", "img", "iframe", "object"} & set(page.tags)
    assert not [v for name, v in page.attributes if name in ("src", "href") or name.startswith("on")]
    assert "@import" not in html.write(report) and "url(" not in html.write(report)


def test_what_was_read_is_mathml_and_what_was_not_is_its_source(make_relation):
    read = html.write(Report((FileReport("a.md", (make_relation(1, "proved"),)),)))
    unread = html.write(Report((FileReport("a.md", (make_relation(1, "unread"),)),)))
    assert "<math" in read and "<math" not in unread
    assert r"\log x^2 = 2 \log x" in unread


def test_a_page_has_a_row_for_every_value_of_the_witness(report):
    page = html.write(report)
    assert page.count('<table class="witness">') == 1
    assert "x = 1/2" in page and "Sigma = [2 0; 0 1]" in page and "0.6931" in page and "1.0986" in page


def test_the_notebook_gets_the_same_without_a_page_around_it(report):
    fragment = report._repr_html_()
    assert "<html" not in fragment and fragment.strip() in html.write(report)


# ------------------------------------------------------------------------------------- text that nobody may trust


def hostile_report(make_relation) -> Report:
    relations = tuple(
        make_relation(i, verdict, HOSTILE, HOSTILE, reason=HOSTILE, readings={HOSTILE: HOSTILE})
        for i, verdict in enumerate(("proved", "refuted", "unread", "definition"), 1)
    )
    return Report((FileReport(HOSTILE, relations, HOSTILE),))


def test_no_control_sequence_of_a_document_reaches_the_terminal(make_relation):
    report = hostile_report(make_relation)
    for page in (terminal.write(report), explain(report.files[0], 3)):
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", page)
        assert "[bold]x[/bold]" in page.replace("\n", " ")


def test_no_markup_of_a_document_reaches_the_page(make_relation, report):
    page = Page(html.write(hostile_report(make_relation)))
    assert "script" not in page.tags and "49" not in html.write(hostile_report(make_relation))
    assert set(page.tags) <= set(Page(html.write(report)).tags)


@pytest.mark.parametrize(
    "latex",
    [r"\text{<script>alert(1)</script>}", r"\href{javascript:alert(1)}{x}", r"\style{background:url(x)}{y}",
     r"\unicode{x3c}script\unicode{x3e}", r"\class{x}{y}", r"\color{red;x:y}{z}"],
)  # fmt: skip
def test_mathml_has_no_links_styles_or_foreign_elements(latex):
    made = mathml(latex) or ""
    page = Page(made)
    assert set(page.tags) <= {"math", "mrow", "mi", "mo", "mn", "mtext", "mstyle", "mpadded"}
    assert not [a for a in page.attributes if a[0] in ("href", "style", "class", "src", "mathcolor")]


@pytest.mark.parametrize("latex", [r"\nosuchcommand x", r"\left( x", "a^", "{" * 3001, "x" * 4000])
def test_what_the_converter_does_not_know_is_not_shown_half(latex):
    assert mathml(latex) is None


@pytest.mark.parametrize(
    ("latex", "contains"),
    [
        (r"\frac{a}{b}", "<mfrac>"),
        (r"& a < b \nonumber \\", "&lt;"),
        (r"D\Big(p \Big\| \frac{p+q}{2}\Big)", "<mfrac>"),
        (r"\boldsymbol\mu", "\N{MATHEMATICAL BOLD ITALIC SMALL MU}"),
        (r"\mathbf x", "\N{MATHEMATICAL BOLD SMALL X}"),
        (r"\mathbb E_x", "\N{MATHEMATICAL DOUBLE-STRUCK CAPITAL E}"),
        (r"\mathbb R", "\N{DOUBLE-STRUCK CAPITAL R}"),
        (r"\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}", "<mtd><mn>4</mn></mtd>"),
    ],
)
def test_mathml_of_ordinary_formulas(latex, contains):
    assert contains in (mathml(latex) or "")


@pytest.mark.parametrize(
    ("latex", "spaces"),
    [
        (r"\log 2", 1), (r"a\log b", 2), (r"\log\frac{a}{b}", 1), (r"\log\det A", 2), (r"p(x)\log x", 2),
        (r"p(x)^2\log x", 2), (r"\log(x)", 0), (r"\log\left(x\right)", 0), (r"|\log x|", 1),
        (r"a+\log_2(x)", 0), (r"a b", 0),
    ],
)  # fmt: skip
def test_functions_keep_the_distance_of_tex(latex, spaces):
    """A thin space between a function's name and a letter, a number, a fraction or a bracket that closes before it."""
    assert (mathml(latex) or "").count("<mspace") == spaces


@given(st.text(max_size=60))
@settings(max_examples=60, deadline=None)
def test_the_json_page_gives_back_what_was_in_the_record(text):
    report = Report((FileReport(text, (), text),), (), 0.5)
    assert json.loads(json_writer.write(report))["files"][0]["file"] == text


@given(st.text(max_size=80))
@settings(max_examples=100, deadline=None)
def test_shown_text_is_one_line_without_controls(text):
    shown = one_line(text)
    assert not re.search(r"[\x00-\x1f\x7f-\x9f]", shown)


@given(st.text(alphabet="abc ", max_size=200), st.integers(10, 100))
@settings(max_examples=60, deadline=None)
def test_shortened_text_fits_and_keeps_both_ends(text, limit):
    short = shortened(text, limit)
    assert len(short) <= limit
    if len(text) > limit:
        assert "…" in short and text.startswith(short.split("…")[0].rstrip())
    else:
        assert short == text


F = {"arguments": ["u"], "sorts": [None], "formula": "u^2 + 1", "latex": "u^{2} + 1", "term": []}
NORMAL = {"weight": "1/3", "mean": ["0"], "root": [["2"]]}
JOINT = {"weight": "1", "mean": ["0", {"formula": "theta", "latex": "", "term": []}], "root": [["1", "0"], ["1", "2"]]}


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ({"number": "1/2"}, "v = 1/2"),
        ({"vector": ["1", "2"]}, "v = (1, 2)"),
        ({"matrix": [["2", "0"], ["0", "1"]]}, "v = [2 0; 0 1]"),
        ({"table": {"space": "x", "cell": 2}}, "v in cell 2"),
        ({"table": {"space": "x", "lengths": ["1", "2"]}}, "v: 2 of lengths 1 and 2"),
        ({"table": {"space": "x", "lengths": ["1", "1"], "values": ["0", "1"]}},
         "v: 2 of lengths 1 and 1, at the values 0 and 1"),
        ({"table": {"letter": "p", "density of": ["x"], "parameters": [], "at": {"1": "1/5", "2": "2/5"}}},
         "v = 1/5 in cell 1; 2/5 in cell 2"),
        ({"table": {"function": "G", "at": {"z 1": {"cell": "x 2"}, "z 2": "3"}}},
         "v = x 2 in cell z 1; 3 in cell z 2"),
        ({"function": F}, "v(u) = u^2 + 1"),
        ({"function": "3"}, "v = 3"),
        ({"law": {"letter": "p", "variables": ["x"], "components": [NORMAL]}}, "v: (x) has the law N(0, (2)^2)"),
        ({"law": {"letter": "p", "variables": ["x", "z"], "components": [JOINT]}},
         "v: (x, z) has the law N((0, theta), R R^T) with R = [1 0; 1 2]"),
        ({"law": {"letter": "p", "variables": ["x"], "components": [NORMAL, NORMAL]}},
         "v: (x) has the law the mixture 1/3 N(0, (2)^2) + 1/3 N(0, (2)^2)"),
        ({"something": {"new": [1]}}, 'v = {"new": [1]}'),
        ({"table": {"new": 1}}, 'v = {"table": {"new": 1}}'),
        (7, "v = 7"),
    ],
)  # fmt: skip
def test_values_of_a_witness_in_words(value, words):
    assert value_line("v", value) == words


# ----------------------------------------------------------------------------------------------------- explaining


def test_an_unread_line_gets_a_caret_under_its_place(report):
    lines = explain(report.files[0], 6).splitlines()
    caret = next(i for i, line in enumerate(lines) if line.strip() == "^")
    assert lines[caret - 1].startswith("    line 6:") and lines[caret].index("^") == 4 + 7 - 1


def test_the_caret_is_under_the_place_that_the_reason_names(make_relation):
    unread = make_relation(2, "unread", reason="not read: line 1, column 9: expected a closing '}'")
    lines = explain(FileReport("a.md", (unread,), "a $x = \\frac{1$\n$$= y$$\n"), 2).splitlines()
    caret = next(i for i, line in enumerate(lines) if line.strip() == "^")
    assert lines[caret - 1] == "    a $x = \\frac{1$" and lines[caret].index("^") == 4 + 9 - 1


def test_explaining_shows_meaning_hypotheses_and_worlds(report):
    page = explain(report.files[0], 2)
    for shown in (
        "left side   log(x^2)",
        "x: a scalar, positive (declared)",
        "24 worlds, to 300 digits (points); seed 5",
    ):
        assert shown in page


def test_explaining_a_line_without_relations_names_the_nearest(report):
    assert "nearest is on line 9" in explain(report.files[0], 40)
