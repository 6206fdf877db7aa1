"""The nodes of `tree.py` from what the grammar has found; called by lark rule by rule, so nothing here recurses."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from lark import Token

from derivations.reading import tree as t
from derivations.reading.grammar.nodes import (
    Braces,
    case_of,
    is_empty,
    lexeme_of,
    node_of,
    span_of,
    with_font,
)
from derivations.reading.grammar.scripts import Scripts
from derivations.reading.tex.lexemes import FormulaError
from derivations.reading.tex.notation import CASES, MATRICES


class Builder(Scripts):
    """Methods named after the rules of `grammar.lark`."""

    def start(self, children: list) -> t.Node:
        node = node_of(children[0])
        return node

    def content(self, children: list) -> t.Node:
        return children[0]

    def empty(self, children: list) -> t.Node:
        return t.Group((-1, -1), "", "", ())

    def body(self, children: list) -> t.Node:
        if len(children) == 1:
            return node_of(children[0])
        parts = [node_of(c) for c in children[::2]]
        separators = children[1::2]
        for i, part in enumerate(parts):
            if is_empty(part):
                sign = lexeme_of(separators[min(i, len(separators) - 1)])
                where = "after" if i else "before"
                raise FormulaError(
                    sign.end if i else sign.start,
                    f"expected an expression {where} the '{sign.value}'",
                )
        return t.Group(
            (span_of(children[0])[0], span_of(children[-1])[1]),
            "",
            "",
            tuple(parts),
            tuple(lexeme_of(s).value for s in separators),
        )

    def over(self, children: list) -> t.Node:
        above, sign, below = children
        lexeme = lexeme_of(sign)
        for part, place in ((above, lexeme.start), (below, lexeme.end)):
            if is_empty(part):
                raise FormulaError(place, f"expected an expression on both sides of \\{lexeme.value}")
        kind: Any = {"over": t.Fraction, "choose": t.Binomial}.get(lexeme.value)
        if kind is None:
            raise FormulaError(lexeme.start, f"unknown command \\{lexeme.value}")
        return kind(span_of(above, below), above, below)

    def infix(self, children: list) -> t.Node:
        left = node_of(children[0])
        for sign, right in zip(children[1::2], children[2::2], strict=True):
            left = t.Infix(span_of(left, right), left, lexeme_of(sign).value, node_of(right))
        return left

    def infix_without_left(self, children: list) -> t.Node:
        start = span_of(children[0])[0]
        return self.infix([t.Group((start, start), "", "", ()), *children])

    def sum(self, children: list) -> t.Node:
        if len(children) == 1:
            first = children[0]
            return self.signed_sum([first]) if isinstance(first, tuple) else first
        terms = [children[0]]
        for sign, term in zip(children[1::2], children[2::2], strict=True):
            inner = self.signed_sum([term]) if isinstance(term, tuple) else node_of(term)
            terms.append((lexeme_of(sign).value, inner, span_of(sign, inner)[0]))
        return self.signed_sum(terms)

    def signed(self, children: list) -> tuple:
        sign, term = children
        return lexeme_of(sign).value, node_of(term), lexeme_of(sign).start

    def signed_sum(self, terms: list) -> t.Node:
        signs, nodes = [], []
        start = -1
        for i, term in enumerate(terms):
            if isinstance(term, tuple):
                sign, node, at = term
                signs.append("" if i == 0 and sign == "+" else sign)
                nodes.append(node)
                start = at if i == 0 else start
            else:
                signs.append("")
                nodes.append(node_of(term))
                start = span_of(term)[0]
        if len(nodes) == 1 and signs == [""]:
            return nodes[0]
        return t.Sum((start, nodes[-1].span[1]), tuple(nodes), tuple(signs))

    def term(self, children: list) -> t.Node:
        if len(children) == 1:
            return children[0]  # braces keep their span until they meet a sign
        items = [node_of(children[0])]
        signs = []
        for link, item in zip(children[1::2], children[2::2], strict=True):
            node = node_of(item)
            if isinstance(link, tuple):
                sign, minus, at = link
                signs.append(sign)
                items.append(t.Sum((at, span_of(item)[1]), (node,), (minus,)) if minus != "+" else node)
            else:
                signs.append(link)
                items.append(node)
        return t.Sequence(span_of(children[0], children[-1]), tuple(items), tuple(signs))

    def beside(self, children: list) -> str:
        return ""

    def times(self, children: list) -> str:
        return lexeme_of(children[0]).value

    def times_signed(self, children: list) -> tuple[str, str, int]:
        return (
            lexeme_of(children[0]).value,
            lexeme_of(children[1]).value,
            lexeme_of(children[1]).start,
        )

    def name(self, children: list) -> t.Node:
        lexeme = lexeme_of(children[0])
        return t.Name((lexeme.start, lexeme.end), lexeme.value, lexeme.font)

    def number(self, children: list) -> t.Node:
        lexeme = lexeme_of(children[0])
        return t.Number((lexeme.start, lexeme.end), lexeme.value)

    def text(self, children: list) -> t.Node:
        lexeme = lexeme_of(children[0])
        return t.Text((lexeme.start, lexeme.end), lexeme.value)

    def dots(self, children: list) -> t.Node:
        return t.Dots(span_of(children[0]))

    def big(self, children: list) -> t.Node:
        return t.BigOperator(span_of(children[0]), lexeme_of(children[0]).value)

    def braces(self, children: list) -> Braces:
        opening, node, closing = children
        span = span_of(opening, closing)
        if is_empty(node):
            node = t.Group(span, "", "", ())
        return Braces(node, span)

    def argument(self, value: Any, what: str) -> t.Node:
        node = node_of(value)
        if is_empty(node):
            raise FormulaError(node.span[0] + 1, f"expected something in the braces of {what}")
        return node

    def fraction(self, children: list) -> t.Node:
        above, below = (self.argument(c, "the fraction") for c in children[1:])
        return t.Fraction(span_of(children[0], children[2]), above, below)

    def binomial(self, children: list) -> t.Node:
        above, below = (self.argument(c, "the binomial coefficient") for c in children[1:])
        return t.Binomial(span_of(children[0], children[2]), above, below)

    def root(self, children: list) -> t.Node:
        return t.Root(span_of(children[0], children[1]), self.argument(children[1], "the root"))

    def root_of_degree(self, children: list) -> t.Node:
        degree, body = (self.argument(c, "the root") for c in children[1:])
        return t.Root(span_of(children[0], children[2]), body, degree)

    def font(self, children: list) -> Any:
        font = lexeme_of(children[0]).value
        span = span_of(children[0], children[1])
        node = self.argument(children[1], "the font")
        node = with_font(node, font) if font else node
        if isinstance(node, (t.Name, t.Number, t.Script, t.BigOperator, t.Decorated)):
            return replace(node, span=span)
        return Braces(node, span)

    def accent(self, children: list) -> t.Node:
        accent = lexeme_of(children[0]).value
        node = self.argument(children[1], "the accent")
        span = span_of(children[0], children[1])
        if isinstance(node, t.Name):
            return replace(node, span=span, accents=(*node.accents, accent))
        if isinstance(node, t.Script) and isinstance(node.base, t.Name):
            return replace(
                node,
                span=span,
                base=replace(node.base, accents=(*node.base.accents, accent)),
            )
        return t.Script(span, node, over=t.Name(span_of(children[0]), accent, "accent"))

    def underset(self, children: list) -> t.Node:
        return self.stacked(children, "under")

    def overset(self, children: list) -> t.Node:
        return self.stacked(children, "over")

    def stacked(self, children: list, where: str) -> t.Node:
        mark, base = self.argument(children[1], "the first argument"), self.argument(children[2], "the second argument")
        span = span_of(children[0], children[2])
        found: dict[str, Any] = {where: mark}
        if isinstance(base, t.Script) and getattr(base, where) is None and base.sub is None and base.sup is None:
            return replace(base, span=span, **found)
        return t.Script(span, base, **found)

    def decorated(self, children: list) -> t.Node:
        body = self.argument(children[1], "\\" + lexeme_of(children[0]).value)
        note = lexeme_of(children[2]).value if len(children) > 2 else None
        return t.Decorated(span_of(children[0], children[-1]), body, note)

    def group(self, children: list) -> t.Node:
        opening, node, closing = children
        node = node_of(node)
        left, right = lexeme_of(opening).value, lexeme_of(closing).value
        span = span_of(opening, closing)
        if isinstance(node, t.Matrix) and node.fence == "" and left in ("(", "[", "{", "|", "||"):
            if right != "":
                return replace(node, span=span, fence=left)
            if left == "{":
                return t.Cases(span, tuple(case_of(row) for row in node.rows))
        if left == "{" and right == "" and isinstance(node, t.Cases):
            return replace(node, span=span)
        if is_empty(node):
            if left in ("|", "||", ""):
                raise FormulaError(lexeme_of(closing).start, "expected something between the bars")
            return t.Group(span, left, right, ())
        if isinstance(node, t.Group) and node.open == "" and node.close == "":
            return t.Group(span, left, right, node.parts, node.separators)
        if left == right == "|" and isinstance(node, t.Group) and node.open == node.close == "|":
            return t.Group(span, "||", "||", node.parts)  # \\left|\\left| x \\right|\\right|
        return t.Group(span, left, right, (node,))

    def matrix(self, children: list) -> t.Node:
        opening, closing = children[0], children[-1]
        rows = [c for c in children[1:-1] if not isinstance(c, Token)]
        name = lexeme_of(opening).value
        span = span_of(opening, closing)
        if rows and len(rows[-1]) == 1 and is_empty(rows[-1][0]):
            rows.pop()
        if not rows:
            raise FormulaError(lexeme_of(opening).end, f"expected a row in the {name}")
        if name in ("substack", "subarray"):
            parts = tuple(row[0] for row in rows if not is_empty(row[0]))
            return t.Group(span, "", "", parts, (",",) * (len(parts) - 1))
        if name in CASES:
            return t.Cases(span, tuple(case_of(row) for row in rows))
        used = [j for j in range(max(map(len, rows))) if not all(j >= len(row) or is_empty(row[j]) for row in rows)]
        for row in rows:
            if any(j >= len(row) or is_empty(row[j]) for j in used):
                raise FormulaError(span[0], f"expected an entry in every row and column of the {name}")
        return t.Matrix(span, MATRICES[name], tuple(tuple(row[j] for j in used) for row in rows))

    def row(self, children: list) -> list[t.Node]:
        return [node_of(c) for c in children if not isinstance(c, Token)]
