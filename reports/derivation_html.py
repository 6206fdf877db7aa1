"""Derivations as pages of HTML that stand alone: MathML, pictures within, no network and no JavaScript.

Everything goes through the template's escaping, but MathML that `reports.mathml` made and cleaned, and pictures that
`reports.pictures` drew.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from reports import words
from reports.formulas import admitted, breakable, pieces, width
from reports.mathml import mathml
from reports.pictures import picture_svg
from reports.plaintext import one_line, visible

TEMPLATES = {"claim": "claim.html", "document": "document.html", "booklet": "booklet.html"}
WIDE = 60  # signs: a longer formula is cut where a line may end


def write(record: Mapping[str, Any]) -> str:
    """A whole page."""
    return _environment().get_template(TEMPLATES[record["kind"]]).render(record=record)


@functools.lru_cache(maxsize=20_000)
def formula(latex: str) -> Markup:
    """A formula as MathML, in pieces between which a line may end; as typed where it is not admitted."""
    clean = admitted(latex)
    if clean is None:
        return Markup("<code>{}</code>").format(one_line(latex))
    parts = pieces(breakable(clean)) if width(clean) > WIDE else [clean]
    shown = [mathml(p) for p in parts]
    if any(s is None for s in shown):
        whole = mathml(clean)
        return Markup(whole) if whole is not None else Markup("<code>{}</code>").format(one_line(latex))
    return Markup(" ").join(Markup(s) for s in shown)


def relation(sides: Mapping[str, Any] | Sequence[str]) -> Markup:
    parts = [sides[k] for k in ("lhs", "rel", "rhs")] if isinstance(sides, Mapping) else list(sides)
    if width(" ".join(parts)) > WIDE:  # the sign begins the second line
        return Markup(" ").join(formula(p) for p in (parts[0], f"{parts[1]} {parts[2]}") if p.strip())
    return formula(" ".join(p for p in parts if p))


def prose(parts: Iterable[Mapping[str, str]]) -> Markup:
    return Markup("").join(formula(p["math"]) if "math" in p else Markup.escape(visible(p["text"])) for p in parts)


def sentences(conditions: Sequence[Sequence[Mapping[str, str]]]) -> Markup:
    return Markup("; ").join(prose(c) for c in conditions)


def picture(claim: Mapping[str, Any]) -> Markup:
    drawn = picture_svg(claim["picture"])
    return Markup(drawn) if drawn is not None else Markup("")


@functools.cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("reports"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )  # fmt: skip
    environment.filters.update(
        visible=visible, one_line=one_line, formula=formula, relation=relation, prose=prose, sentences=sentences,
        picture=picture,
    )  # fmt: skip
    environment.globals.update(
        means=words.MEANS, symbol=words.SYMBOL, counts_of=words.counts_of, alpha_words=words.alpha_words, sentence=words.sentence
    )
    return environment


__all__ = ["formula", "write"]
