"""Small helpers on the way from what lark hands over to the nodes of `tree.py`."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from lark import Token

from derivations.reading import tree as t
from derivations.reading.tex.lexemes import FormulaError, Lexeme


def lexeme_of(token: Token) -> Lexeme:
    value: Any = token.value
    return value


def span_of(first: Any, last: Any = None) -> t.Span:
    last = first if last is None else last
    start = lexeme_of(first).start if isinstance(first, Token) else first.span[0]
    end = lexeme_of(last).end if isinstance(last, Token) else last.span[1]
    return start, end


def is_empty(node: t.Node) -> bool:
    return isinstance(node, t.Group) and node.open == "" and node.close == "" and not node.parts


class Braces:
    """The contents of TeX braces, with the span of the braces."""

    def __init__(self, node: t.Node, span: t.Span):
        self.node = node
        self.span = span


def node_of(value: Any) -> t.Node:
    return value.node if isinstance(value, Braces) else value


def with_font(node: t.Node, font: str) -> t.Node:
    """The font on every letter that has none.  (How deep what stands under it may nest, is bounded: `DEEPEST`.)"""
    if isinstance(node, t.Name):
        return node if node.font else replace(node, font=font)
    if isinstance(node, t.Number):
        return t.Name(node.span, node.text, font) if font in ("bf", "bb") else node
    if isinstance(node, t.Script):
        fields = {k: getattr(node, k) for k in ("base", "sub", "sup", "under", "over")}
        changed: dict[str, Any] = {k: with_font(v, font) for k, v in fields.items() if v is not None}
        return replace(node, **changed)
    if isinstance(node, t.Sequence):
        return replace(node, items=tuple(with_font(i, font) for i in node.items))
    if isinstance(node, t.Sum):
        return replace(node, terms=tuple(with_font(i, font) for i in node.terms))
    if isinstance(node, t.Group):
        return replace(node, parts=tuple(with_font(i, font) for i in node.parts))
    if isinstance(node, t.Fraction):
        return replace(
            node,
            numerator=with_font(node.numerator, font),
            denominator=with_font(node.denominator, font),
        )
    return node


def case_of(row: Any) -> tuple[t.Node, t.Node | str | None]:
    value = row[0]
    conditions = [c for c in row[1:] if not is_empty(c)]
    if is_empty(value) or len(conditions) > 1:
        raise FormulaError(
            max(value.span[0], 0),
            "expected a value and a condition in each row of the cases",
        )
    if isinstance(value, t.Group) and value.open == "" and value.separators in ((",",), (";",)) and not conditions:
        return value.parts[0], value.parts[1]
    if not conditions:
        return value, None
    condition = conditions[0]
    return value, condition.text if isinstance(condition, t.Text) else condition
