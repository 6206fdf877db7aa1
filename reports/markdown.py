"""Derivations in Markdown, with formulas between dollar signs as GitHub and notebooks show them.

Words are escaped sign by sign; a formula is written anew by `reports.formulas.admitted`, or shown as code.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from reports import words
from reports.formulas import admitted
from reports.plaintext import one_line

TEMPLATES = {"claim": "claim.md", "document": "document.md", "booklet": "booklet.md"}
SPECIAL = re.compile(r"([\\`*_\[\]|~$<>&]|^[#+\-=])")


class Markdown(str):
    """Markdown that may go into a page as it is."""

    __slots__ = ()


def write(record: Mapping[str, Any]) -> str:
    """A whole page."""
    text = _environment().get_template(TEMPLATES[record["kind"]]).render(record=record)
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def escape(text: str) -> Markdown:
    """The text with nothing in it that Markdown or HTML would take for a sign of theirs."""
    entities = {"<": "&lt;", ">": "&gt;", "&": "&amp;"}
    shown = SPECIAL.sub(lambda m: entities.get(m[1]) or "\\" + m[1], one_line(text))
    return Markdown(re.sub(r"^(\d+)([.)])", r"\1\\\2", shown))  # a number at the beginning is no list


def code(text: str) -> Markdown:
    """The text as a code span, fenced by more backticks than it has in a row."""
    shown = one_line(text) or " "
    fence = "`" * (max((len(m) for m in re.findall("`+", shown)), default=0) + 1)
    return Markdown(f"{fence} {shown} {fence}" if "`" in shown else f"{fence}{shown}{fence}")


def formula(latex: str) -> Markdown:
    clean = admitted(latex)
    return code(latex) if clean is None or "$" in clean or "`" in clean else Markdown(f"${clean.strip()}$")


def relation(sides: Mapping[str, Any] | Sequence[str]) -> Markdown:
    parts = [sides[k] for k in ("lhs", "rel", "rhs")] if isinstance(sides, Mapping) else list(sides)
    return formula(" ".join(p for p in parts if p))


def prose(parts: Iterable[Mapping[str, str]]) -> Markdown:
    found = ""
    for p in parts:
        if "math" in p:
            found += formula(p["math"])
        else:  # the blanks around words stay
            text = p["text"]
            found += (" " if text[:1].isspace() else "") + escape(text) + (" " if text[-1:].isspace() else "")
    return Markdown(found)


def sentences(conditions: Sequence[Sequence[Mapping[str, str]]]) -> Markdown:
    return Markdown("; ".join(prose(c) for c in conditions))


def _put(value: Any) -> Any:
    if value is None:
        raise TypeError("a template prints what is not there")
    return value if isinstance(value, Markdown) else escape(str(value))


@functools.cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("reports"), autoescape=False, finalize=_put, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, block_start_string="((*", block_end_string="*))", variable_start_string="(((",
        variable_end_string=")))", comment_start_string="((=", comment_end_string="=))",
    )  # fmt: skip
    environment.filters.update(formula=formula, relation=relation, prose=prose, sentences=sentences, code=code)
    environment.filters["ordinal"] = lambda n: Markdown(f"{int(n)}.")
    environment.globals.update(words.OF_DERIVATIONS)
    return environment


__all__ = ["escape", "write"]
