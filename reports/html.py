"""The report as one page that stands alone: no network, no JavaScript, light and dark.

Everything from a document goes through the template's escaping, but for MathML that `reports.mathml` made and cleaned.
"""

from __future__ import annotations

import functools

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from proofs.records import Repair
from reports import words
from reports.mathml import mathml
from reports.plaintext import one_line, visible
from reports.record import RelationReport, Report, suggestion
from reports.values import value_line


def write(report: Report) -> str:
    """A whole page."""
    return _template("page.html").render(report=report, title=", ".join(visible(f.file) for f in report.files))


def fragment(report: Report) -> str:
    """The body of the page with its style, for a notebook."""
    return _template("fragment.html").render(report=report)


def formula(relation: RelationReport) -> Markup:
    """The relation as MathML where our grammar read it and the converter knows all of it, else as its source."""
    parts = words.sides(relation)
    if parts is None:
        return Markup("")
    shown = [None if relation.verdict == "unread" else mathml(p) for p in parts if p]
    if all(s is not None for s in shown):
        return Markup(" ").join(Markup(s) for s in shown)  # each made and cleaned by reports.mathml
    return Markup("<code>{}</code>").format(" ".join(parts))


def repaired(repair: Repair | None) -> Markup:
    """What would hold instead, as MathML where the converter knows it, else in words; empty where nothing would."""
    formula = suggestion(repair)
    shown = mathml(formula) if formula is not None else None
    return Markup(shown) if shown is not None else escape(one_line(words.repaired_words(repair)))


@functools.cache
def _template(name: str):
    environment = Environment(
        loader=PackageLoader("reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(visible=visible, one_line=one_line, formula=formula, repaired=repaired)
    environment.globals.update(
        means=words.MEANS,
        symbol=words.SYMBOL,
        chain_words=words.chain_words,
        counts_words=words.counts_words,
        evidence_words=words.evidence_words,
        sharpness_words=words.sharpness_words,
        value_line=value_line,
        readings_words=words.readings_words,
        written=words.written,
    )
    return environment.get_template(name)
