"""Formulas to trees: the grammar's two doors, `parse_formula` and `parse_expression`.

The way of a formula: `tokens` (what TeX sees), `structure` (which bracket belongs to which), `splitting` (rows and
relations to chains), then for each side `lexer` (bars, differentials) and `grammar.lark` with `builder`.  Nothing is
half-read: a side is read to its last character or refused with its place and what was expected there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

from lark import Lark, Token
from lark.exceptions import UnexpectedInput, UnexpectedToken

from derivations.reading.display.pieces import SPACES, content
from derivations.reading.display.splitting import Part, split
from derivations.reading.grammar.builder import Builder
from derivations.reading.lexer import TokenStream, classify
from derivations.reading.tex.lexemes import FormulaError, Lexeme
from derivations.reading.tex.structure import arrange
from derivations.reading.tex.supplied import Neighbours, closings_of_bar, goes_on, mendings
from derivations.reading.tex.tokens import tokenise
from derivations.reading.tree import (
    RELATION_SIGNS,
    Chain,
    Link,
    Mend,
    Node,
    Sequence,
    Side,
    Text,
    Unread,
    Unreadable,
)

__all__ = ["FormulaError", "parse_expression", "parse_formula"]

LONGEST = 100_000  # characters of one formula


@cache
def _parser() -> Lark:
    grammar = (Path(__file__).parent / "grammar.lark").read_text(encoding="utf-8")
    return Lark(grammar, parser="lalr", lexer=TokenStream, transformer=Builder())


def parse_formula(source: str, display: bool = True) -> tuple[Chain | Unread, ...]:
    """The chains of a formula, in the order in which they begin.

    ``source`` is the inside of a display or inline formula, macros expanded and its delimiters removed.  Never raises:
    a part that cannot be read is an `Unread`, and a side that cannot be read inside a chain has an `Unreadable` tree.
    ``display`` says where the formula stood; both are read alike.
    """
    if len(source) > LONGEST:
        return (Unread((0, len(source)), LONGEST, f"a formula of at most {LONGEST} characters"),)
    lexemes = arrange(source, tokenise(source))
    out = (_chain(source, part, lexemes) for part in split(lexemes))
    return tuple(x for x in out if x is not None)


def parse_expression(source: str, conditional: bool = False) -> Node:
    """The tree of one side.  Raises `FormulaError` with the offset in ``source`` and what was expected there.

    ``conditional`` admits a bar outside all brackets, as on the left of x | z \\sim p(x | z).
    """
    if len(source) > LONGEST:
        raise FormulaError(LONGEST, f"a formula of at most {LONGEST} characters")
    lexemes = arrange(source, tokenise(source))
    return _read(source, lexemes, conditional)


def _chain(source: str, part: Part, lexemes: list[Lexeme]) -> Chain | Unread | None:
    if part.remark:
        text = content(part.last())[0]
        span = (text.start, text.end)
        return Chain(Side(Text(span, text.value), span), ())
    sides: list[Side | None] = []
    for i, items in enumerate(part.sides):
        signs = part.signs[max(i - 1, 0) : i + 1]
        conditional = any(s.value.lstrip("!") in ("~", "perp", "in") for s in signs)
        sides.append(None if items is None else _side(source, items, signs, conditional))
    if part.signs and any(side is not None and isinstance(side.tree, Unreadable) for side in sides):
        sides = list(_mended(source, part, sides, lexemes))
    first = sides[0]
    if not part.signs and first is not None and isinstance(first.tree, Unreadable):
        return Unread(first.span, first.tree.place, first.tree.expected)
    where = _quantified_badly(part, first)
    if where is not None:
        spans = [side.span for side in sides if side is not None]
        relations = tuple(
            (left, sign.value, (sign.start, sign.end), right)
            for sign, left, right in zip(part.signs, spans, spans[1:], strict=False)
        )
        expected = "expected a comma or a colon after the quantified variable"
        return Unread((spans[0][0], spans[-1][1]), where, expected, relations)
    links = []
    for sign, side in zip(part.signs, sides[1:], strict=True):
        assert side is not None
        links.append(Link(sign.value, (sign.start, sign.end), side))
    return Chain(first, tuple(links), part.lead)


def _quantified_badly(part: Part, first: Side | None) -> int | None:
    """``\\forall x\\; p(x) > 0`` without a comma: where the statement begins is not written."""
    if not part.lead.endswith(("for all", "there is")) or first is None or not part.signs:
        return None
    return first.span[0] if isinstance(first.tree, Sequence) else None


def _side(source: str, items: list[Lexeme], signs: list[Lexeme], conditional: bool) -> Side:
    inside = content(items)
    while inside and inside[-1].kind in ("SEP", "PERIOD") and inside[-1].value in ("", ",", ";"):
        inside.pop()
    if not inside:
        place = signs[0].end if signs else 0
        if len(signs) == 2 or (signs and signs[0].start > 0 and not items):
            place = signs[0].end
        shown = source[signs[0].start : signs[0].end] if signs else ""
        return Side(
            Unreadable((place, place), place, f"expected an expression beside the '{shown}'"),
            (place, place),
        )
    first, last = items.index(inside[0]), items.index(inside[-1])
    opened = sum(1 if x.value == "begin" else -1 for x in items[first:last] if x.kind == "TRANSPARENT")
    while opened > 0 and last + 1 < len(items) and items[last + 1].kind in SPACES:
        last += 1
        opened -= items[last].kind == "TRANSPARENT"
    span = (items[first].start, items[last].end)
    used = items[: last + 1]
    try:
        return Side(_read(source, used, conditional), span)
    except FormulaError as problem:
        return Side(Unreadable(span, problem.place, problem.expected), span)


def _mended(source: str, part: Part, sides: list[Side | None], lexemes: list[Lexeme]) -> Iterator[Side | None]:
    """The sides of a chain, those that lack a bracket with the ways to supply it."""
    neighbours = Neighbours(lexemes)
    across = goes_on([content(items or ()) for items in part.sides])
    for i, (side, items) in enumerate(zip(sides, part.sides, strict=True)):
        signs = part.signs[max(i - 1, 0) : i + 1]
        if side is None or items is None or not isinstance(side.tree, Unreadable) or across:
            yield side
        elif any(s.value not in RELATION_SIGNS for s in signs):
            yield side  # a law or a set is declared as it is written, or not at all
        else:
            mends = _mends(source, [x for x in items if x.end <= side.span[1]], *neighbours.of(side.span))
            only = len(mends) == 1
            yield replace(side, tree=mends[0].tree if only else side.tree, mends=mends)


def _mends(source: str, items: list[Lexeme], before: Lexeme | None, after: Lexeme | None) -> tuple[Mend, ...]:
    """The ways to supply the bracket or the bar that a side lacks; none where they are too many to look at."""
    found = list(mendings(source, items, before, after))
    try:
        _read(source, items, False)
    except FormulaError as problem:
        if problem.bar is not None:
            found = list(closings_of_bar(items, problem.bar))
    mends: list[Mend] = []
    for supplied, mended in found:
        try:
            tree = _read(source, mended, False)
        except FormulaError:
            continue
        if all(tree != m.tree for m in mends):
            mends.append(Mend(supplied, tree))
    return tuple(mends)


def _read(source: str, lexemes: list[Lexeme], conditional: bool) -> Node:
    tokens = classify(lexemes, conditional)
    if not tokens:
        raise FormulaError(0, "expected an expression")
    try:
        tree: object = _parser().parse(tokens)
    except UnexpectedToken as problem:
        raise _refusal(source, tokens, problem) from None
    except UnexpectedInput as problem:
        raise FormulaError(0, str(problem)) from None
    assert isinstance(tree, Node), "the builder makes nodes"
    return tree


_AFTER = {
    "SIGN": "a term after the '{0}'",
    "TIMES": "a factor after the '{0}'",
    "REL": "an expression after the '{0}'",
    "SEP": "an expression after the '{0}'",
    "SUB": "a subscript after the '_'",
    "SUP": "a superscript after the '^'",
    "FRAC": "two arguments in braces after {0}",
    "BINOM": "two arguments in braces after {0}",
    "ROOT": "an argument after {0}",
    "FONT": "a letter or braces after {0}",
    "ACCENT": "a letter or braces after {0}",
    "DECOR": "braces after {0}",
    "DIFFERENTIAL": "a variable after the 'd'",
}


def _refusal(source: str, tokens: list[Token], problem: UnexpectedToken) -> FormulaError:
    """What a reader expected at the token that does not fit."""
    token = problem.token
    lexeme = token.value if isinstance(token.value, Lexeme) else None
    index = next((i for i, t in enumerate(tokens) if t is token), len(tokens)) if lexeme is not None else len(tokens)
    before = tokens[index - 1] if index else None
    place = lexeme.start if lexeme is not None else tokens[-1].value.end
    if before is not None and before.type in _AFTER:
        shown = source[before.value.start : before.value.end]
        return FormulaError(place, "expected " + _AFTER[before.type].format(shown))
    if "LBRACE" in problem.expected and "OPEN" not in problem.expected:
        return FormulaError(place, "expected another argument in braces")
    if lexeme is None:
        return FormulaError(place, "expected more: the formula ends too early")
    shown = source[lexeme.start : lexeme.end]
    if token.type in ("SUB", "SUP", "PRIME", "STAR", "FACTORIAL", "LIMITS"):
        return FormulaError(place, f"expected something before the '{shown}'")
    if token.type in ("TIMES",):
        return FormulaError(place, f"expected a factor before the '{shown}'")
    return FormulaError(place, f"expected a term (a number, a letter or a bracket), found '{shown}'")
