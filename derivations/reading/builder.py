"""The nodes of `tree.py` from what the grammar has found; called by lark rule by rule, so nothing here recurses."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from lark import Token

from derivations.reading import tree as t
from derivations.reading.tex.lexemes import FormulaError, Lexeme
from derivations.reading.tex.notation import CASES, MATRICES


def _lexeme(token: Token) -> Lexeme:
    value: Any = token.value
    return value


def _span(first: Any, last: Any = None) -> t.Span:
    last = first if last is None else last
    start = _lexeme(first).start if isinstance(first, Token) else first.span[0]
    end = _lexeme(last).end if isinstance(last, Token) else last.span[1]
    return start, end


def _empty(node: t.Node) -> bool:
    return isinstance(node, t.Group) and node.open == "" and node.close == "" and not node.parts


class _Braces:
    """The contents of TeX braces, with the span of the braces."""

    def __init__(self, node: t.Node, span: t.Span):
        self.node = node
        self.span = span


def _node(value: Any) -> t.Node:
    return value.node if isinstance(value, _Braces) else value


class Builder:
    """Methods named after the rules of `grammar.lark`."""

    # -- items

    def start(self, children: list) -> t.Node:
        node = _node(children[0])
        return node

    def content(self, children: list) -> t.Node:
        return children[0]

    def empty(self, children: list) -> t.Node:
        return t.Group((-1, -1), "", "", ())

    def body(self, children: list) -> t.Node:
        if len(children) == 1:
            return _node(children[0])
        parts = [_node(c) for c in children[::2]]
        separators = children[1::2]
        for i, part in enumerate(parts):
            if _empty(part):
                sign = _lexeme(separators[min(i, len(separators) - 1)])
                where = "after" if i else "before"
                raise FormulaError(sign.end if i else sign.start, f"expected an expression {where} the '{sign.value}'")
        return t.Group(
            (_span(children[0])[0], _span(children[-1])[1]),
            "",
            "",
            tuple(parts),
            tuple(_lexeme(s).value for s in separators),
        )

    def over(self, children: list) -> t.Node:
        above, sign, below = children
        lexeme = _lexeme(sign)
        for part, place in ((above, lexeme.start), (below, lexeme.end)):
            if _empty(part):
                raise FormulaError(place, f"expected an expression on both sides of \\{lexeme.value}")
        kind: Any = {"over": t.Fraction, "choose": t.Binomial}.get(lexeme.value)
        if kind is None:
            raise FormulaError(lexeme.start, f"unknown command \\{lexeme.value}")
        return kind(_span(above, below), above, below)

    def infix(self, children: list) -> t.Node:
        left = _node(children[0])
        for sign, right in zip(children[1::2], children[2::2], strict=True):
            left = t.Infix(_span(left, right), left, _lexeme(sign).value, _node(right))
        return left

    def infix_without_left(self, children: list) -> t.Node:
        start = _span(children[0])[0]
        return self.infix([t.Group((start, start), "", "", ()), *children])

    def sum(self, children: list) -> t.Node:
        if len(children) == 1:
            first = children[0]
            return self.signed_sum([first]) if isinstance(first, tuple) else first
        terms = [children[0]]
        for sign, term in zip(children[1::2], children[2::2], strict=True):
            inner = self.signed_sum([term]) if isinstance(term, tuple) else _node(term)
            terms.append((_lexeme(sign).value, inner, _span(sign, inner)[0]))
        return self.signed_sum(terms)

    def signed(self, children: list) -> tuple:
        sign, term = children
        return _lexeme(sign).value, _node(term), _lexeme(sign).start

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
                nodes.append(_node(term))
                start = _span(term)[0]
        if len(nodes) == 1 and signs == [""]:
            return nodes[0]
        return t.Sum((start, nodes[-1].span[1]), tuple(nodes), tuple(signs))

    def term(self, children: list) -> t.Node:
        if len(children) == 1:
            return children[0]  # braces keep their span until they meet a sign
        items = [_node(children[0])]
        signs = []
        for link, item in zip(children[1::2], children[2::2], strict=True):
            node = _node(item)
            if isinstance(link, tuple):
                sign, minus, at = link
                signs.append(sign)
                items.append(t.Sum((at, _span(item)[1]), (node,), (minus,)) if minus != "+" else node)
            else:
                signs.append(link)
                items.append(node)
        return t.Sequence(_span(children[0], children[-1]), tuple(items), tuple(signs))

    def beside(self, children: list) -> str:
        return ""

    def times(self, children: list) -> str:
        return _lexeme(children[0]).value

    def times_signed(self, children: list) -> tuple[str, str, int]:
        return _lexeme(children[0]).value, _lexeme(children[1]).value, _lexeme(children[1]).start

    # -- leaves

    def name(self, children: list) -> t.Node:
        lexeme = _lexeme(children[0])
        return t.Name((lexeme.start, lexeme.end), lexeme.value, lexeme.font)

    def number(self, children: list) -> t.Node:
        lexeme = _lexeme(children[0])
        return t.Number((lexeme.start, lexeme.end), lexeme.value)

    def text(self, children: list) -> t.Node:
        lexeme = _lexeme(children[0])
        return t.Text((lexeme.start, lexeme.end), lexeme.value)

    def dots(self, children: list) -> t.Node:
        return t.Dots(_span(children[0]))

    def big(self, children: list) -> t.Node:
        return t.BigOperator(_span(children[0]), _lexeme(children[0]).value)

    # -- commands with arguments

    def braces(self, children: list) -> _Braces:
        opening, node, closing = children
        span = _span(opening, closing)
        if _empty(node):
            node = t.Group(span, "", "", ())
        return _Braces(node, span)

    def argument(self, value: Any, what: str) -> t.Node:
        node = _node(value)
        if _empty(node):
            raise FormulaError(node.span[0] + 1, f"expected something in the braces of {what}")
        return node

    def fraction(self, children: list) -> t.Node:
        above, below = (self.argument(c, "the fraction") for c in children[1:])
        return t.Fraction(_span(children[0], children[2]), above, below)

    def binomial(self, children: list) -> t.Node:
        above, below = (self.argument(c, "the binomial coefficient") for c in children[1:])
        return t.Binomial(_span(children[0], children[2]), above, below)

    def root(self, children: list) -> t.Node:
        return t.Root(_span(children[0], children[1]), self.argument(children[1], "the root"))

    def root_of_degree(self, children: list) -> t.Node:
        degree, body = (self.argument(c, "the root") for c in children[1:])
        return t.Root(_span(children[0], children[2]), body, degree)

    def font(self, children: list) -> Any:
        font = _lexeme(children[0]).value
        span = _span(children[0], children[1])
        node = self.argument(children[1], "the font")
        node = _with_font(node, font) if font else node
        if isinstance(node, (t.Name, t.Number, t.Script, t.BigOperator, t.Decorated)):
            return replace(node, span=span)
        return _Braces(node, span)

    def accent(self, children: list) -> t.Node:
        accent = _lexeme(children[0]).value
        node = self.argument(children[1], "the accent")
        span = _span(children[0], children[1])
        if isinstance(node, t.Name):
            return replace(node, span=span, accents=(*node.accents, accent))
        if isinstance(node, t.Script) and isinstance(node.base, t.Name):
            return replace(node, span=span, base=replace(node.base, accents=(*node.base.accents, accent)))
        return t.Script(span, node, over=t.Name(_span(children[0]), accent, "accent"))

    def underset(self, children: list) -> t.Node:
        return self.stacked(children, "under")

    def overset(self, children: list) -> t.Node:
        return self.stacked(children, "over")

    def stacked(self, children: list, where: str) -> t.Node:
        mark, base = self.argument(children[1], "the first argument"), self.argument(children[2], "the second argument")
        span = _span(children[0], children[2])
        if isinstance(base, t.Script) and getattr(base, where) is None and base.sub is None and base.sup is None:
            return replace(base, span=span, **{where: mark})
        return t.Script(span, base, **{where: mark})  # type: ignore[arg-type]

    def decorated(self, children: list) -> t.Node:
        body = self.argument(children[1], "\\" + _lexeme(children[0]).value)
        note = _lexeme(children[2]).value if len(children) > 2 else None
        return t.Decorated(_span(children[0], children[-1]), body, note)

    # -- scripts

    def sub(self, children: list) -> tuple:
        return "sub", children[0], _node(children[1]), _span(children[0], children[1])

    def sup(self, children: list) -> tuple:
        return "sup", children[0], _node(children[1]), _span(children[0], children[1])

    def prime(self, children: list) -> tuple:
        return "primes", children[0], len(_lexeme(children[0]).value), _span(children[0])

    def star(self, children: list) -> tuple:
        return "star", children[0], True, _span(children[0])

    def limits(self, children: list) -> tuple:
        return "limits", children[0], True, _span(children[0])

    def factorial(self, children: list) -> tuple:
        return "factorial", children[0], True, _span(children[0])

    def scripted(self, children: list) -> t.Node:
        base = _node(children[0])
        if _empty(base):
            raise FormulaError(_span(children[1][1])[0], "expected something before this script")
        start = _span(children[0])[0]
        found: dict[str, Any] = {}
        stacked = False
        for kind, sign, value, span in children[1:]:
            if kind == "limits":
                stacked = True
            elif kind == "factorial":
                base, found = t.Factorial((start, span[1]), self.with_scripts(base, found, (start, _span(sign)[0]))), {}
            elif kind == "primes":
                found["primes"] = found.get("primes", 0) + value
            elif kind == "star":
                found["star"] = True
            else:
                if _empty(value):
                    if kind == "sup" or kind == "sub":
                        raise FormulaError(value.span[0] + 1, "expected something in the braces of the script")
                    continue
                if stacked and not isinstance(base, t.BigOperator):
                    kind = "under" if kind == "sub" else "over"
                if kind in found:
                    name = "superscript" if kind in ("sup", "over") else "subscript"
                    raise FormulaError(
                        _span(sign)[0], f"expected one {name}, found a second: put braces around what belongs together"
                    )
                found[kind] = value
        return self.with_scripts(base, found, (start, children[-1][3][1]))

    def with_scripts(self, base: t.Node, found: dict[str, Any], span: t.Span) -> t.Node:
        if not found:
            return base
        if isinstance(base, t.BigOperator):
            if set(found) - {"sub", "sup"}:
                raise FormulaError(base.span[1], "expected only limits on a sum, product or integral sign")
            return replace(base, span=span, **found)
        if isinstance(base, t.Name) and base.text in ("Sigma", "Pi") and not base.font and set(found) == {"sub", "sup"}:
            first = found["sub"].parts[0] if isinstance(found["sub"], t.Group) and found["sub"].parts else found["sub"]
            if isinstance(first, t.Infix) and first.rel == "=":
                return t.BigOperator(span, "sum" if base.text == "Sigma" else "product", found["sub"], found["sup"])
        if isinstance(base, t.Script) and not any(
            getattr(base, k) not in (None, 0, False) for k in ("sub", "sup", "primes", "star", *found)
        ):
            return replace(base, span=span, **found)  # \underset{x}{E}_p has both
        return t.Script(span, base, **found)

    def evaluated(self, children: list) -> t.Node:
        found: dict[str, Any] = {}
        for kind, sign, value, _ in children[1:]:
            if kind not in ("sub", "sup") or kind in found:
                raise FormulaError(_span(sign)[0], "expected the place of the evaluation after the bar")
            found[kind] = value
        return t.Evaluated((_lexeme(children[0]).start, children[-1][3][1]), **found)

    # -- differentials

    def differential(self, children: list) -> t.Node:
        return t.Differential(_span(children[0], children[1]), _node(children[1]))

    def differential_power(self, children: list) -> t.Node:
        return t.Differential(_span(children[0], children[3]), _node(children[3]), _node(children[2]))

    def differential_index(self, children: list) -> t.Node:
        return t.Differential(_span(children[0], children[2]), _node(children[2]))

    def measure(self, children: list) -> t.Node:
        sign, letter, group = children
        variable = t.Sequence(_span(letter, group), (_node(letter), group), ("",))
        return t.Differential(_span(sign, group), variable)

    # -- brackets

    def group(self, children: list) -> t.Node:
        opening, node, closing = children
        node = _node(node)
        left, right = _lexeme(opening).value, _lexeme(closing).value
        span = _span(opening, closing)
        if isinstance(node, t.Matrix) and node.fence == "" and left in ("(", "[", "{", "|", "||"):
            if right != "":
                return replace(node, span=span, fence=left)
            if left == "{":
                return t.Cases(span, tuple(_case(row) for row in node.rows))
        if left == "{" and right == "" and isinstance(node, t.Cases):
            return replace(node, span=span)
        if _empty(node):
            if left in ("|", "||", ""):
                raise FormulaError(_lexeme(closing).start, "expected something between the bars")
            return t.Group(span, left, right, ())
        if isinstance(node, t.Group) and node.open == "" and node.close == "":
            return t.Group(span, left, right, node.parts, node.separators)
        if left == right == "|" and isinstance(node, t.Group) and node.open == node.close == "|":
            return t.Group(span, "||", "||", node.parts)  # \\left|\\left| x \\right|\\right|
        return t.Group(span, left, right, (node,))

    def matrix(self, children: list) -> t.Node:
        opening, closing = children[0], children[-1]
        rows = [c for c in children[1:-1] if not isinstance(c, Token)]
        name = _lexeme(opening).value
        span = _span(opening, closing)
        if rows and len(rows[-1]) == 1 and _empty(rows[-1][0]):
            rows.pop()
        if not rows:
            raise FormulaError(_lexeme(opening).end, f"expected a row in the {name}")
        if name in ("substack", "subarray"):
            parts = tuple(row[0] for row in rows if not _empty(row[0]))
            return t.Group(span, "", "", parts, (",",) * (len(parts) - 1))
        if name in CASES:
            return t.Cases(span, tuple(_case(row) for row in rows))
        return t.Matrix(span, MATRICES[name], tuple(tuple(row) for row in rows))

    def row(self, children: list) -> list[t.Node]:
        return [_node(c) for c in children if not isinstance(c, Token)]


def _case(row: Any) -> tuple[t.Node, t.Node | str | None]:
    value = row[0]
    conditions = [c for c in row[1:] if not _empty(c)]
    if _empty(value) or len(conditions) > 1:
        raise FormulaError(max(value.span[0], 0), "expected a value and a condition in each row of the cases")
    if isinstance(value, t.Group) and value.open == "" and value.separators in ((",",), (";",)) and not conditions:
        return value.parts[0], value.parts[1]
    if not conditions:
        return value, None
    condition = conditions[0]
    return value, condition.text if isinstance(condition, t.Text) else condition


def _with_font(node: t.Node, font: str) -> t.Node:
    """The font on every letter that has none.  The nesting of what stands under one font command is bounded by the parser."""
    if isinstance(node, t.Name):
        return node if node.font else replace(node, font=font)
    if isinstance(node, t.Number):
        return t.Name(node.span, node.text, font) if font in ("bf", "bb") else node
    if isinstance(node, t.Script):
        fields = {k: getattr(node, k) for k in ("base", "sub", "sup", "under", "over")}
        return replace(node, **{k: _with_font(v, font) for k, v in fields.items() if v is not None})
    if isinstance(node, t.Sequence):
        return replace(node, items=tuple(_with_font(i, font) for i in node.items))
    if isinstance(node, t.Sum):
        return replace(node, terms=tuple(_with_font(i, font) for i in node.terms))
    if isinstance(node, t.Group):
        return replace(node, parts=tuple(_with_font(i, font) for i in node.parts))
    if isinstance(node, t.Fraction):
        return replace(node, numerator=_with_font(node.numerator, font), denominator=_with_font(node.denominator, font))
    return node
