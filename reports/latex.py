r"""Derivations in LaTeX: article class, packages of every TeX Live, nothing that `pdflatex` would have to be taught.

What goes into a template is either `Tex`, made by this package, or text, which is escaped on its way in; there is no
third way.  Formulas go through `reports.formulas.admitted`; what is refused there is shown as it was typed.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from reports import words
from reports.formulas import admitted
from reports.line_breaks import breakable, cuts
from reports.tex_text import Tex, code, escape

TEMPLATES = {"claim": "claim.tex", "document": "document.tex", "booklet": "booklet.tex", "documents": "documents.tex"}


def write(record: Mapping[str, Any]) -> str:
    """A whole page for pdflatex."""
    return _environment().get_template(TEMPLATES[record["kind"]]).render(record=record)


def picture_path(claim: Mapping[str, Any]) -> str:
    """Where the picture of a claim lies, from the folder of the page."""
    return f"pictures/{label(claim['id'])}.pdf"


def label(name: str) -> Tex:
    """A name for \\label and for files: letters, digits, dots and hyphens."""
    return Tex("".join(c if c.isascii() and (c.isalnum() or c in "-.") else "-" for c in name))


def _broken(clean: str, style: str = "") -> Tex:
    """A formula in pieces between which a line may end: before a sign, and sooner outside brackets than within."""
    out = ""
    for i, (piece, badness) in enumerate(cuts(breakable(clean))):
        out += rf"\penalty{badness}${style}{{}}{piece}$" if i else f"${style}{piece}$"
    return Tex(out)


def formula(latex: str) -> Tex:
    """A formula on a line of its own, which may end where a sign stands; as typed where it is not admitted."""
    clean = admitted(latex)
    return code(latex) if clean is None else _broken(clean, r"\displaystyle ")


def inline(latex: str) -> Tex:
    """A formula within words."""
    clean = admitted(latex)
    return code(latex) if clean is None else _broken(clean)


def prose(parts: Iterable[Mapping[str, str]], display: bool = False) -> Tex:
    """Words with formulas among them."""
    show = formula if display else inline
    return Tex("".join(show(p["math"]) if "math" in p else escape(p["text"]) for p in parts))


def sentences(conditions: Sequence[Sequence[Mapping[str, str]]]) -> Tex:
    """Conditions in a row."""
    return Tex("; ".join(prose(c) for c in conditions))


def relation(sides: Mapping[str, Any] | Sequence[str]) -> Tex:
    """``lhs rel rhs`` on a line of its own."""
    parts = [sides[k] for k in ("lhs", "rel", "rhs")] if isinstance(sides, Mapping) else list(sides)
    clean = [admitted(p) for p in parts]
    if any(c is None for c in clean):
        return code(" ".join(p for p in parts if p))
    return _broken(" ".join(c for c in clean if c), r"\displaystyle ")


def _put(value: Any) -> Any:
    """What a template prints: `Tex` as it is, everything else as text."""
    if isinstance(value, Tex):
        return value
    if value is None:
        raise TypeError("a template prints what is not there")
    return escape(str(value))


@functools.cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("reports"), autoescape=False, finalize=_put, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, block_start_string="((*", block_end_string="*))", variable_start_string="(((",
        variable_end_string=")))", comment_start_string="((=", comment_end_string="=))",
    )  # fmt: skip
    environment.filters.update(
        formula=formula, prose=prose, sentences=sentences, relation=relation, code=code, label=label,
        picture=lambda claim: Tex(picture_path(claim)),
    )  # fmt: skip
    environment.globals.update(words.OF_DERIVATIONS)
    return environment


__all__ = ["formula", "label", "picture_path", "prose", "write"]
