"""Words with formulas among them, as data: a list of ``{"text": ...}`` and ``{"math": ...}``."""

from __future__ import annotations

import re
from collections.abc import Mapping

from proofs.printing import latex
from proofs.printing.names import name_latex
from proofs.terms import Term
from reports.record import RELATION_LATEX

Words = list[dict[str, str]]

DOLLARS = re.compile(r"\$\$?([^$]+)\$\$?")


def words(sentence: str) -> Words:
    """A sentence with formulas between dollar signs."""
    found: Words = []
    for i, part in enumerate(DOLLARS.split(sentence)):
        if part:
            found.append({"math" if i % 2 else "text": part})
    return found


TEXT = re.compile(r"\\text\{([^{}]*)\}")


def statement_words(latex_: str) -> Words:
    """A statement in LaTeX as formulas and the words between them: those of \\text that stand in no group."""
    found: Words = []
    depth = start = 0
    place = 0
    while place < len(latex_):
        match = TEXT.match(latex_, place)
        if match and depth == 0:
            found += [{"math": latex_[start:place].strip()}, {"text": match[1]}]
            start = place = match.end()
            continue
        token = latex_[place]
        if token == "\\":
            depth += latex_.startswith("\\left", place) and not latex_[place + 5 : place + 6].isalpha()
            depth -= latex_.startswith("\\right", place) and not latex_[place + 6 : place + 7].isalpha()
            place += 2
            continue
        depth += (token == "{") - (token == "}")
        place += 1
    found.append({"math": latex_[start:].strip()})
    return [w for w in found if w.get("math", "x") != ""]


def sign(rel: str) -> str:
    return RELATION_LATEX.get(rel, rel)


def condition_words(told: str, terms: Mapping[str, Term]) -> Words:
    """An assumed condition, with the formula that it speaks of set as one."""
    named = max((w for w in terms if w in told and len(w) > 0), key=len, default=None)
    if named is None or (len(named) < 2 and not re.search(rf"(^|: ){re.escape(named)}($| )", told)):
        return [{"text": told}]
    before, after = told.split(named, 1)
    found: Words = []
    by = re.match(r"(differentiable in |the derivative by )(\S+?)(:? .*)", before)
    found += [{"text": by[1]}, {"math": name_latex(by[2])}, {"text": by[3]}] if by else [{"text": before}]
    found += [{"math": latex(terms[named])}, {"text": after}]
    return [p for p in found if p.get("text") != ""]


__all__ = ["Words", "condition_words", "sign", "statement_words", "words"]
