"""Records of claims and documents, and the pages made of them in each format."""

import json
import re
from xml.etree import ElementTree

import pytest
from claim_reports import ASSUMING, KINDS, PROVED, REFUTED, SAMPLED_FALSE, SEVERAL, SUPPORTED, record, unsettled
from jsonschema import Draft202012Validator

from proofs.kernel import replay
from proofs.mistakes import Mistake
from proofs.records import Repair
from proofs.terms import number
from reports import derivation_html, latex, markdown
from reports import json as json_page
from reports.claim_record import booklet_record
from reports.document_record import document_record, documents_record
from reports.pictures import picture_pdf, picture_svg
from reports.record import FileReport, RelationReport, Report

WORDS = {
    "type": "array",
    "items": {"type": "object", "minProperties": 1, "maxProperties": 1,
              "properties": {"text": {"type": "string"}, "math": {"type": "string"}}, "additionalProperties": False},
}  # fmt: skip
LINE = {
    "type": "object",
    "required": ["number", "rel", "latex", "reasons", "assumed", "steps"],
    "properties": {
        "number": {"type": "integer", "minimum": 1}, "rel": {"type": "string"}, "latex": {"type": "string"},
        "steps": {"type": "integer", "minimum": 0}, "assumed": {"type": "array", "items": WORDS},
        "reasons": {"type": "array", "items": {
            "type": "object", "required": ["rule", "kind", "statement", "conditions"],
            "properties": {"conditions": {"type": "array", "items": WORDS}}}},
    },
    "additionalProperties": False,
}  # fmt: skip
RELATION = {
    "type": "object",
    "required": ["place", "role", "given", "written", "lhs", "rel", "rhs", "verdict", "reason", "readings", "links",
                 "factor", "axioms", "assumed", "evidence", "witness", "certificate", "suggestion"],
    "properties": {
        "links": {"type": "array", "items": {
            "type": "object", "required": ["lhs", "rel", "rhs", "lines", "back"],
            "properties": {"lines": {"type": "array", "items": LINE}, "back": {"type": "array", "items": LINE}}}},
        "assumed": {"type": "array", "items": WORDS}, "given": {"type": "array", "items": WORDS},
        "evidence": {"type": ["object", "null"],
                     "required": ["sentence", "worlds", "samples", "alpha", "resolution", "seed", "device"]},
        "witness": {"type": ["object", "null"], "required": ["values", "lhs", "rhs", "note"]},
    },
    "additionalProperties": True,
}  # fmt: skip
LEDGER = {
    "axioms": {"type": "array", "items": {"type": "object", "required": ["name", "statements", "source"]}},
    "assumed": {"type": "array", "items": WORDS},
    "rules": {"type": "array", "items": {"type": "object", "required": ["name", "kind", "statement", "source"]}},
}  # fmt: skip
CLAIM = {
    "type": "object",
    "required": ["schema", "kind", "id", "title", "topic", "holds", "statement", "statement_words", "given", "scheme",
                 "source", "note", "verdict", "reason", "relations", "fix", "fix_verdict", "fixes", "counts", "picture",
                 "axioms", "assumed", "rules", "fault"],
    "properties": {
        "schema": {"const": "lemmata-report/1"}, "kind": {"const": "claim"}, "statement_words": WORDS,
        "relations": {"type": "array", "items": RELATION}, "fixes": {"type": "array", "items": RELATION},
        "picture": {"type": "object", "required": ["kind", "relation", "caption", "data", "world"],
                    "properties": {"kind": {"enum": ["convergence", "worlds", "counts", "none"]}}},
        **LEDGER,
    },
}  # fmt: skip
DOCUMENT = {
    "type": "object",
    "required": ["schema", "kind", "id", "title", "counts", "relations", "axioms", "assumed", "rules", "fault"],
    "properties": {"kind": {"const": "document"}, "relations": {"type": "array", "items": RELATION}, **LEDGER},
}
HOSTILE = (
    r"\input{/etc/passwd} <script>alert(1)</script> $\write18{x}$ 100% a_b ^^5c # & ~ `id` é 中 " + "\u202e\x1b[31m"
)


def text_of(page: str) -> str:
    """The text of a page of HTML, which is XML but for its doctype and its empty elements."""
    xml = re.sub(r"<(meta|br)([^>]*)>", r"<\1\2/>", page.replace("<!doctype html>", "", 1))
    return " ".join(ElementTree.fromstring(xml).itertext())


def with_text(found, hostile: str):
    """A record in which every text that an author could have written is hostile."""
    mine = json.loads(json.dumps(found))
    mine |= {"title": hostile, "fault": hostile}
    if mine["kind"] == "claim":
        mine |= {"statement_words": [{"math": hostile}, {"text": hostile}], "note": hostile, "reason": hostile}
        mine["source"] = {"words": hostile, "places": [{"document": hostile, "question": hostile}]}
        mine["given"] = [[{"math": hostile}, {"text": hostile}]]
        mine["picture"] |= {"caption": hostile, "relation": hostile, "world": [hostile]}
    for r in mine["relations"]:
        r |= {"role": hostile, "written": [hostile, "=", hostile], "reason": hostile, "readings": {hostile: hostile}}
        r |= {"given": [[{"math": hostile}, {"text": hostile}]], "place": "1:2", "verdict": r["verdict"]}
        if r["witness"]:
            r["witness"] |= {"values": [hostile], "lhs": hostile, "note": hostile}
    return mine


@pytest.fixture
def document(report):
    """The document of the writers' tests, without its made-up certificate."""
    relations = []
    for r in report.files[0].relations:
        if r.verdict == "proved":
            r = RelationReport(**{**r.__dict__, "verdict": "supported"})
        relations.append(r)
    return json.loads(json.dumps(document_record(FileReport("notes.md", tuple(relations), ""))))


# -------------------------------------------------------------------------------------------------- records


@pytest.mark.parametrize("id_", KINDS)
def test_a_record_has_the_keys_of_its_schema(id_):
    Draft202012Validator(CLAIM).validate(record(id_))


def test_a_record_of_a_document_has_the_keys_of_its_schema(document):
    Draft202012Validator(DOCUMENT).validate(document)
    assert document["counts"]["refuted"] == 1 and document["counts"]["unread"] == 2


@pytest.mark.parametrize(
    "id_, verdict, fix", [(PROVED, "proved", None), (SUPPORTED, "supported", None), (REFUTED, "refuted", "proved"),
                          (SAMPLED_FALSE, "refuted", "proved")],
)  # fmt: skip
def test_each_ends_as_it_should(id_, verdict, fix):
    found = record(id_)
    assert (found["verdict"], found["fix_verdict"], found["fault"]) == (verdict, fix, None) and found["as_asked"]


@pytest.mark.parametrize("id_", [PROVED, ASSUMING, SEVERAL])
def test_the_lines_of_a_proof_are_numbered_and_each_has_its_reason(id_):
    for r in record(id_)["relations"]:
        lines = [x for k in r["links"] for x in (*k["lines"], *k["back"])]
        assert [x["number"] for x in lines] == list(range(1, len(lines) + 1)) and lines
        assert all(x["reasons"] for x in lines if x["steps"] > 3)
        assert replay(r["certificate"]).axioms == tuple(r["axioms"])


def test_the_ledger_has_every_axiom_and_every_assumption():
    found = record(ASSUMING)
    assert {a["name"] for a in found["axioms"]} == {a for r in found["relations"] for a in r["axioms"]}
    assert len(found["assumed"]) >= 3 and all(a["statements"] and a["source"] for a in found["axioms"])
    told = ["".join(p.get("text", "") for p in c) for c in found["assumed"]]
    assert any(t.startswith("integrable") for t in told) and any("positive wherever" in t for t in told)
    assert any("math" in p for c in found["assumed"] for p in c)


def test_a_refuted_claim_has_a_witness_and_its_fix_a_proof():
    found = record(SAMPLED_FALSE)
    (wrong,) = [r for r in found["relations"] if r["verdict"] == "refuted"]
    assert wrong["witness"]["values"] and wrong["witness"]["lhs"] != wrong["witness"]["rhs"]
    assert found["fixes"] and all(r["verdict"] == "proved" and r["links"] for r in found["fixes"])


def test_the_evidence_has_its_error_rate_and_the_picture_its_resolution():
    found = record(PROVED)
    assert found["relations"][0]["evidence"]["alpha"] == 0.0  # certified enclosures: nothing is left to chance
    picture = found["picture"]
    assert picture["kind"] == "convergence" and picture["data"]["alpha"] == 1e-9 and "1 - 1e-9" in picture["caption"]
    for course in picture["data"]["courses"]:
        assert all(low <= course["formula"] <= high for _, _, low, high in course["looks"])


def test_samples_leave_the_formula_of_a_false_claim():
    data = record(SAMPLED_FALSE)["picture"]["data"]
    assert data["status"] == "refuted"
    course = next(c for c in data["courses"] if c["status"] == "refuted")
    _, _, low, high = course["looks"][-1]
    assert not low <= course["formula"] <= high


def test_what_has_no_sampled_side_shows_worlds_and_says_why():
    picture = record(SEVERAL)["picture"]
    assert picture["kind"] == "worlds" and picture["caption"].startswith("No estimate is shown, since")
    assert record(SUPPORTED)["picture"]["kind"] == "counts"


# -------------------------------------------------------------------------------------------------- pages


@pytest.mark.parametrize("id_", KINDS)
def test_a_page_shows_what_is_in_the_record(id_):
    found = record(id_)
    page = derivation_html.write(found)
    shown = text_of(page)
    tex, md = latex.write(found), markdown.write(found)
    for text in (shown, tex, md):
        assert found["verdict"] in text and "Statement" in text and "Source" in text and "Picture" in text
    lines = [x for r in (*found["relations"], *found["fixes"]) for k in r["links"] for x in (*k["lines"], *k["back"])]
    assert tex.count(r"\lemline{") - tex.count(r"\lemline{}") == len(lines) == page.count("<li value=")
    for a in found["axioms"]:
        assert a["name"] in shown and a["name"] in md and a["name"].replace(".", r".\allowbreak{}") in tex
    assert ("What it should have said" in tex) == (not found["holds"])


def test_the_booklet_has_a_table_of_contents_in_the_order_of_the_topics():
    made = [record(i) for i in (PROVED, SEVERAL, REFUTED, SUPPORTED)]
    booklet = booklet_record(made)
    tex, page = latex.write(booklet), derivation_html.write(booklet)
    assert r"\tableofcontents" in tex
    topics = [t["title"] for t in booklet["topics"]]
    assert topics == ["Divergences", "The adversarial game", "Bernoulli decoders", "Shapes and costs"]
    assert [tex.index(rf"\section{{{t}}}") for t in topics] == sorted(tex.index(rf"\section{{{t}}}") for t in topics)
    for claim in made:
        assert f'href="#{claim["id"]}"' in page and f'id="{claim["id"]}"' in page
    assert booklet["axioms"] and all(a["claims"] >= 1 for a in booklet["axioms"])


@pytest.mark.parametrize("id_", KINDS)
def test_a_page_needs_nothing_from_elsewhere(id_):
    page = derivation_html.write(record(id_))
    assert not re.search(r"<script|<link|<img|<iframe|src=|@import|url\((?!#)", page)
    assert set(re.findall(r"https?://[^\"<\s]+", page)) <= {
        "http://www.w3.org/1998/Math/MathML", "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink",
    }  # fmt: skip


def test_every_formula_of_a_page_is_set_as_one():
    for id_ in KINDS:
        formulas = re.findall(r"<code>(.*?)</code>", derivation_html.write(record(id_)))
        assert not any("\\" in f for f in formulas), id_


@pytest.mark.parametrize("id_", [PROVED, SAMPLED_FALSE, SUPPORTED])
def test_hostile_text_stays_text_in_html(id_):
    page = derivation_html.write(with_text(record(id_), HOSTILE))
    assert "<script" not in page and "\x1b" not in page and "\u202e" not in page
    assert "<script>alert(1)</script>" in text_of(page)


@pytest.mark.parametrize("id_", [PROVED, SAMPLED_FALSE, SUPPORTED])
def test_hostile_text_stays_text_in_latex(id_):
    tex = latex.write(with_text(record(id_), HOSTILE))
    for command in ("\\input", "\\write"):
        assert command not in tex
    body = tex[tex.index(r"\begin{document}") :]
    assert not re.search(r"(?<!\\)%(?!$)", body, re.MULTILINE) and "^^" not in body and "\u202e" not in tex
    assert r"\textbackslash{}input\{" in tex and r"\textless{}script\textgreater{}" in tex


@pytest.mark.parametrize("id_", [PROVED, SAMPLED_FALSE, SUPPORTED])
def test_hostile_text_stays_text_in_markdown(id_):
    from markdown_it import MarkdownIt

    md = markdown.write(with_text(record(id_), HOSTILE + " [x](javascript:y) ![z](q) **b**"))
    page = MarkdownIt("commonmark", {"html": True}).enable("table").render(md)
    assert "<script" not in page and "<a " not in page and "<img" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_hostile_text_in_a_document_stays_text(make_relation):
    wrong = make_relation(1, "refuted", HOSTILE, HOSTILE, reason=HOSTILE, readings={HOSTILE: HOSTILE})
    unread = make_relation(2, "unread", HOSTILE, HOSTILE, reason=HOSTILE)
    found = documents_record(Report((FileReport(HOSTILE, (wrong, unread), ""),)))
    tex = latex.write(found)
    assert "\\input" not in tex and "\\write" not in tex and "<script>" not in tex.replace(r"\textless{}", "<x")
    for write in (derivation_html.write, markdown.write):
        page = write(found["documents"][0])
        assert "<script" not in (page if write is derivation_html.write else re.sub(r"`+[^`]*`+", "", page))


def test_a_refuted_line_of_a_document_says_what_would_hold(make_relation):
    from dataclasses import replace

    claim = make_relation(1, "refuted")
    relation = claim.outcomes[0].meaning.relation
    other = replace(relation, rhs=number(7))
    found = document_record(FileReport("n.md", (replace(claim, repair=Repair(other, (Mistake.FACTOR,))),)))
    assert found["relations"][0]["suggestion"].endswith("= 7")
    for page in (latex.write(found), markdown.write(found), derivation_html.write(found)):
        assert "What would hold instead" in page
    without = document_record(FileReport("n.md", (claim,)))
    assert without["relations"][0]["suggestion"] is None and "instead" not in latex.write(without)


def test_json_is_the_record(document):
    for found in (record(PROVED), document):
        assert json.loads(json_page.write_record(found)) == found


def test_all_claims_are_typeset_without_a_formula_left_as_code():
    booklet = booklet_record(unsettled())
    tex = latex.write(booklet)
    assert tex.count(r"\subsection{") == len(unsettled())
    body = tex[tex.index(r"\begin{document}") :]
    assert not re.search(r"\\texttt\{[^}]*\\textbackslash", body)


# -------------------------------------------------------------------------------------------------- pictures


@pytest.mark.parametrize("id_", [PROVED, SEVERAL, SUPPORTED])
def test_a_picture_is_drawn_as_pdf_and_as_svg(id_):
    picture = record(id_)["picture"]
    assert picture_pdf(picture).startswith(b"%PDF")
    svg = picture_svg(picture)
    root = ElementTree.fromstring(svg)
    assert root.tag.endswith("svg") and "currentColor" in svg and "<script" not in svg


def test_where_there_is_nothing_to_show_nothing_is_drawn():
    none = {"kind": "none", "relation": "", "caption": "why", "data": {}, "world": []}
    assert picture_pdf(none) is None and picture_svg(none) is None
