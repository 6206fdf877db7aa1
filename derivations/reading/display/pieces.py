"""Questions about a stretch of lexemes outside all brackets: where it begins, and whether it can end where it does."""

from __future__ import annotations

from collections.abc import Sequence as Seq

from derivations.reading.tex.lexemes import Lexeme
from derivations.reading.tex.notation import FUNCTION_WORDS

SPACES = frozenset({"AMP", "ROW", "QUAD", "SKIP", "TRANSPARENT"})
OPERATORS = frozenset({"SIGN", "TIMES"})
LIST_OF_NAMES = frozenset({"NAME", "SUB", "SUP", "PRIME", "STAR", "SEP", "DOTS", "FONT", "ACCENT"})
BOUNDARIES = frozenset({"QUAD", "SEP", "TEXT", "CONSEQUENCE", "QUANTIFIER"})


def content(items: Seq[Lexeme]) -> list[Lexeme]:
    """Without spaces, ends of rows and columns."""
    return [x for x in items if x.kind not in SPACES]


def first_of(items: Seq[Lexeme]) -> Lexeme | None:
    return next((x for x in items if x.kind not in SPACES), None)


def last_of(items: Seq[Lexeme]) -> Lexeme | None:
    return next((x for x in reversed(items) if x.kind not in SPACES), None)


def has_relation(items: Seq[Lexeme]) -> bool:
    return any(x.kind == "REL" and x.depth == 0 for x in items)


def dangling(items: Seq[Lexeme]) -> bool:
    """Nothing can end here: after a sign, a sum, a function's name."""
    end = len(items) - 1
    while end >= 0 and items[end].kind in SPACES:
        end -= 1
    if end < 0:
        return True
    # step back over scripts: \max_\theta, \sum_{i=1}^n
    while end > 0:
        kind = items[end].kind
        opening = items[end].partner
        if kind == "RBRACE" and opening is not None and opening.side in ("sub", "sup"):
            while end >= 0 and items[end] is not opening:
                end -= 1
            end -= 2
        elif kind in ("NAME", "NUMBER") and items[end - 1].kind in ("SUB", "SUP"):
            end -= 2
        elif kind == "LIMITS":
            end -= 1
        else:
            break
    if end < 0:
        return False
    lexeme = items[end]
    if lexeme.kind in OPERATORS or lexeme.kind in ("REL", "BIG", "LIMITS"):
        return True
    return lexeme.kind == "NAME" and (
        lexeme.value == "nabla" or (lexeme.value in FUNCTION_WORDS and lexeme.value != "const")
    )


def open_integral(items: Seq[Lexeme]) -> bool:
    open_integrals = 0
    for i, lexeme in enumerate(items):
        if lexeme.kind == "BIG" and lexeme.value == "integral":
            open_integrals += 1
        elif (
            lexeme.kind == "NAME"
            and lexeme.value == "d"
            and i + 1 < len(items)
            and items[i + 1].kind in ("NAME", "FONT", "ACCENT", "SUP")
        ):
            open_integrals = max(open_integrals - 1, 0)
    return open_integrals > 0


def has_differential(items: Seq[Lexeme]) -> bool:
    return any(
        x.kind == "NAME" and x.value == "d" and items[i + 1].kind in ("NAME", "FONT", "ACCENT", "SUP")
        for i, x in enumerate(items[:-1])
    )


def only_names(items: Seq[Lexeme]) -> bool:
    """Letters with their scripts and accents, and commas between them."""
    script = False
    for x in content(items):
        if x.depth == 0 and not script and x.kind not in LIST_OF_NAMES and x.kind not in ("LBRACE", "RBRACE"):
            return False
        script = x.depth == 0 and x.kind in ("SUB", "SUP")
    return True
