"""Derivations as pages of HTML that stand alone: MathML, pictures within, no network and no JavaScript.

Everything goes through the template's escaping, but MathML that `reports.mathml` made and cleaned, and pictures that
`reports.pictures` drew.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from reports import words
from reports.formulas import admitted
from reports.line_breaks import breakable, pieces, width
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
    whole = mathml(_apart(clean))
    if whole is None:
        return Markup("<code>{}</code>").format(one_line(latex))
    if width(clean) <= WIDE:
        return Markup(_continued(whole) if SIGN.match(clean) else whole)
    found = [mathml(_apart(p)) for p in pieces(breakable(clean))]
    shown = [Markup(_continued(s) if i or SIGN.match(clean) else s) for i, s in enumerate(found) if s is not None]
    return Markup(" ").join(shown) if len(shown) == len(found) else Markup(whole)


# a named function, and what follows it without a bracket
NAMED = re.compile(
    r"(\\(?:log|exp|ln|det|sin|cos|tan|tanh|sinh|cosh))(?![A-Za-z])(?=\s*[^\s({\[^_\\]|\s*\\(?!left|big|Big))"
)
ARGUMENT = re.compile(r"\\arg\s*\\(max|min)(?![A-Za-z])")
SIGN = re.compile(r"\s*(?:[=<>]|\\(?:le|ge|ne|propto|approx)(?![A-Za-z]))")


def _apart(latex: str) -> str:
    r"""What the converter does not do: a thin space after \log and its like, \arg\max as one name."""
    return NAMED.sub(r"\1\\,", ARGUMENT.sub(r"\\operatorname{arg\1}", latex))


def _continued(shown: str) -> str:
    """A piece that begins with a sign: it stands between two parts, the first of which is in the piece before."""
    return re.sub(r"^(<math[^>]*>(?:<mrow>)?)<mo>([^<]*)</mo>", r'\1<mo form="infix">\2</mo>', shown)


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


def _put(value: Any) -> Any:
    """What a template prints: markup of ours as it is, everything else without signs that nobody sees."""
    return value if isinstance(value, Markup) or not isinstance(value, str) else visible(value)


@functools.cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("reports"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, finalize=_put,
    )  # fmt: skip
    environment.filters.update(
        visible=visible, one_line=one_line, formula=formula, relation=relation, prose=prose, sentences=sentences,
        picture=picture,
    )  # fmt: skip
    environment.globals.update(words.OF_DERIVATIONS)
    return environment


__all__ = ["formula", "write"]
