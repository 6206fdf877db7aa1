"""Scripts, primes, stars, limits, factorials; and the differentials and evaluations that have them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from derivations.reading import tree as t
from derivations.reading.grammar.nodes import is_empty, lexeme_of, node_of, span_of
from derivations.reading.tex.lexemes import FormulaError


class Scripts:
    """What stands above and below."""

    def sub(self, children: list) -> tuple:
        return (
            "sub",
            children[0],
            node_of(children[1]),
            span_of(children[0], children[1]),
        )

    def sup(self, children: list) -> tuple:
        return (
            "sup",
            children[0],
            node_of(children[1]),
            span_of(children[0], children[1]),
        )

    def prime(self, children: list) -> tuple:
        return (
            "primes",
            children[0],
            len(lexeme_of(children[0]).value),
            span_of(children[0]),
        )

    def star(self, children: list) -> tuple:
        return "star", children[0], True, span_of(children[0])

    def limits(self, children: list) -> tuple:
        return "limits", children[0], True, span_of(children[0])

    def factorial(self, children: list) -> tuple:
        return "factorial", children[0], True, span_of(children[0])

    def scripted(self, children: list) -> t.Node:
        base = node_of(children[0])
        if is_empty(base):
            raise FormulaError(span_of(children[1][1])[0], "expected something before this script")
        start = span_of(children[0])[0]
        found: dict[str, Any] = {}
        stacked = False
        for kind, sign, value, span in children[1:]:
            if kind == "limits":
                stacked = True
            elif kind == "factorial":
                base, found = (
                    t.Factorial(
                        (start, span[1]),
                        self.with_scripts(base, found, (start, span_of(sign)[0])),
                    ),
                    {},
                )
            elif kind == "primes":
                found["primes"] = found.get("primes", 0) + value
            elif kind == "star":
                found["star"] = True
            else:
                if is_empty(value):
                    if (kind == "sup" or kind == "sub") and not isinstance(base, t.BigOperator):
                        raise FormulaError(
                            value.span[0] + 1,
                            "expected something in the braces of the script",
                        )
                    continue
                if stacked and not isinstance(base, t.BigOperator):
                    kind = "under" if kind == "sub" else "over"
                if kind in found:
                    name = "superscript" if kind in ("sup", "over") else "subscript"
                    raise FormulaError(
                        span_of(sign)[0],
                        f"expected one {name}, found a second: put braces around what belongs together",
                    )
                found[kind] = value
        return self.with_scripts(base, found, (start, children[-1][3][1]))

    def with_scripts(self, base: t.Node, found: dict[str, Any], span: t.Span) -> t.Node:
        if not found:
            return base
        if isinstance(base, t.BigOperator):
            if set(found) - {"sub", "sup"}:
                raise FormulaError(
                    base.span[1],
                    "expected only limits on a sum, product or integral sign",
                )
            return replace(base, span=span, **found)
        if isinstance(base, t.Name) and base.text in ("Sigma", "Pi") and not base.font and set(found) == {"sub", "sup"}:
            first = found["sub"].parts[0] if isinstance(found["sub"], t.Group) and found["sub"].parts else found["sub"]
            if isinstance(first, t.Infix) and first.rel == "=":
                return t.BigOperator(
                    span,
                    "sum" if base.text == "Sigma" else "product",
                    found["sub"],
                    found["sup"],
                )
        if isinstance(base, t.Script) and not any(
            getattr(base, k) not in (None, 0, False) for k in ("sub", "sup", "primes", "star", *found)
        ):
            return replace(base, span=span, **found)  # \underset{x}{E}_p has both
        return t.Script(span, base, **found)

    def evaluated(self, children: list) -> t.Node:
        found: dict[str, Any] = {}
        for kind, sign, value, _ in children[1:]:
            if kind not in ("sub", "sup") or kind in found:
                raise FormulaError(
                    span_of(sign)[0],
                    "expected the place of the evaluation after the bar",
                )
            found[kind] = value
        return t.Evaluated((lexeme_of(children[0]).start, children[-1][3][1]), **found)

    def differential(self, children: list) -> t.Node:
        return t.Differential(span_of(children[0], children[1]), node_of(children[1]))

    def differential_power(self, children: list) -> t.Node:
        return t.Differential(
            span_of(children[0], children[3]),
            node_of(children[3]),
            node_of(children[2]),
        )

    def differential_index(self, children: list) -> t.Node:
        return t.Differential(span_of(children[0], children[2]), node_of(children[2]))

    def measure(self, children: list) -> t.Node:
        sign, letter, group = children
        variable = t.Sequence(span_of(letter, group), (node_of(letter), group), ("",))
        return t.Differential(span_of(sign, group), variable)
