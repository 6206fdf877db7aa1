"""A short, complete spelling of written trees, so that a test can show the one right tree of a formula.

x.bf^hat<sub=1, sup=2, primes=1, star>    letters with font, accents and scripts
(a b * c)                                 side by side, with the signs between
[a - b]                                   a sum
G(x | z)                                  what stands in brackets
{x > 0}                                   a statement inside
"""

from __future__ import annotations

from derivations.reading import tree as t
from derivations.reading.parser import parse_formula


def spelled(node: t.Node | str | None) -> str:
    match node:
        case None:
            return "-"
        case str():
            return repr(node)
        case t.Number():
            return node.text
        case t.Name():
            return node.text + (f".{node.font}" if node.font else "") + "".join(f"^{a}" for a in node.accents)
        case t.Script():
            parts = [
                f"{k}={spelled(v)}" for k in ("sub", "sup", "under", "over") if (v := getattr(node, k)) is not None
            ]
            parts += [f"primes={node.primes}"] if node.primes else []
            parts += ["star"] if node.star else []
            return f"{spelled(node.base)}<{', '.join(parts)}>"
        case t.Group():
            inside = "".join(
                (f" {node.separators[i - 1]} " if i else "") + spelled(part) for i, part in enumerate(node.parts)
            )
            return f"G{node.open or '.'}{inside}{node.close or '.'}"
        case t.Sequence():
            words = [spelled(node.items[0])]
            for sign, item in zip(node.signs, node.items[1:], strict=True):
                words += [sign, spelled(item)] if sign else [spelled(item)]
            return f"({' '.join(words)})"
        case t.Sum():
            return f"[{' '.join(f'{s} {spelled(x)}'.strip() for s, x in zip(node.signs, node.terms, strict=True))}]"
        case t.Fraction():
            return f"frac({spelled(node.numerator)}, {spelled(node.denominator)})"
        case t.Infix():
            return f"{{{spelled(node.left)} {node.rel} {spelled(node.right)}}}"
        case t.BigOperator():
            limits = [f"{k}={spelled(v)}" for k in ("sub", "sup") if (v := getattr(node, k)) is not None]
            return node.kind + (f"<{', '.join(limits)}>" if limits else "")
        case t.Matrix():
            return f"matrix{node.fence}" + "; ".join(", ".join(map(spelled, row)) for row in node.rows)
        case t.Cases():
            return "cases(" + "; ".join(f"{spelled(a)} if {spelled(b)}" for a, b in node.rows) + ")"
        case t.Unreadable():
            return f"unreadable at {node.place}: {node.expected}"
        case t.Dots():
            return "..."
        case _:
            fields = [f for f in node.__dataclass_fields__ if f != "span"]
            values = [spelled(getattr(node, f)) for f in fields if getattr(node, f) is not None]
            return f"{type(node).__name__.lower()}({', '.join(values)})"


def chains(source: str) -> list[str]:
    """Each chain as one line: lead, sides and signs."""
    out = []
    for part in parse_formula(source):
        if isinstance(part, t.Unread):
            out.append(f"unread at {part.place}: {part.expected}")
            continue
        words = [f"<{part.lead}>"] if part.lead else []
        words.append(spelled(part.first.tree) if part.first else "…")
        for link in part.links:
            words += [link.rel, spelled(link.side.tree)]
        out.append(" ".join(words))
    return out
