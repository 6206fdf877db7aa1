r"""Where a long formula may be broken: before its binary signs, better outside brackets than within."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reports.formulas import TOKEN

BINARY = frozenset([*"+-=<>", *(f"\\{n}" for n in (
    "le leq ge geq ne neq equiv approx sim simeq propto cdot times odot pm mp to iff implies land lor mid in".split()
))])  # fmt: skip
SUMS = frozenset(["+", "-", "\\pm", "\\mp"])
PRODUCTS = frozenset(["\\cdot", "\\times", "\\odot"])
OPENING = frozenset(["(", "[", "\\{", "|", "\\|", ",", *BINARY])
LONG = 40  # signs: a shorter bracket stays whole


def width(latex: str) -> int:
    """About how many signs a formula is wide."""
    bare = re.sub(r"\\begin\{[a-z]+\}|\\end\{[a-z]+\}", "", latex)
    fractions = len(re.findall(r"\\[td]?frac", bare))
    bare = re.sub(
        r"\\(?:left|right|middle|[bB]igg?[lr]?|mathrm|mathbb|mathbf|mathcal|operatorname|text|displaystyle)", "", bare
    )
    bare = re.sub(r"\\[A-Za-z]+\*?", "x", bare)
    return len(re.sub(r"[{}^_\s\\&,]", "", bare)) - 2 * fractions


def _tokens(latex: str) -> Iterator[tuple[str, int, int]]:
    """(token, its depth in braces and stretched brackets, its depth in all brackets)."""
    depth = shallow = 0
    for token in TOKEN.findall(latex):
        if token in ("}", "\\right", "\\end"):
            depth -= 1
        if token in (")", "]", "\\}"):
            shallow -= 1
        yield token, depth, shallow
        if token in ("{", "\\left", "\\begin"):
            depth += 1
        if token in ("(", "[", "\\{"):
            shallow += 1


def breakable(latex: str) -> str:
    r"""The formula with brackets of a fixed size instead of \left and \right around what is long, so that lines may end
    inside them."""
    stack: list[tuple[int, int]] = []  # places of \left in out, and the braces around them
    out: list[str] = []
    braces = 0
    tokens = TOKEN.findall(latex)
    i = 0
    while i < len(tokens):
        token = tokens[i]
        if token in ("\\left", "\\right") and i + 1 < len(tokens):
            out += [token, tokens[i + 1]]
            if token == "\\left":
                stack.append((len(out) - 2, braces))
            elif stack:
                begin, outside = stack.pop()
                inner = "".join(out[begin + 2 : -2])
                whole = out[begin + 1] != "." and tokens[i + 1] != "."
                if outside == 0 and whole and width(inner) > LONG and _has_break(inner):
                    size = "Big" if re.search(r"\\(?:frac|sum|prod|int|left|Big|begin)", inner) else "big"
                    out[begin], out[-2] = f"\\{size}l", f"\\{size}r"
            i += 2
            continue
        braces += (token == "{") - (token == "}")
        out.append(token)
        i += 1
    return "".join(out)


def _has_break(latex: str) -> bool:
    return any(t in BINARY and d == 0 for t, d, _ in list(_tokens(latex))[1:])


def cuts(latex: str) -> list[tuple[str, int]]:
    """A breakable formula cut before its binary signs: pieces, each with how badly a line ends before it (0 to 900):
    best before a relation, worse before a product, worse within brackets."""
    found: list[tuple[str, int]] = [("", 0)]
    before = "("
    for token, depth, shallow in _tokens(latex):
        if token in BINARY and depth == 0 and before not in OPENING:
            badness = 60 if token in SUMS else 500 if token in PRODUCTS else 0
            found.append(("", min(badness + 240 * shallow, 900)))
        found[-1] = (found[-1][0] + token, found[-1][1])
        before = before if token.isspace() else token
    return [(p.strip(), level) for p, level in found if p.strip()]


def pieces(latex: str, least: int = 24) -> list[str]:
    """The same, in pieces of at least ``least`` signs where it can be."""
    found: list[str] = []
    for piece, _ in cuts(latex):
        if found and width(found[-1]) < least:
            found[-1] += " " + piece
        else:
            found.append(piece)
    return found


__all__ = ["breakable", "cuts", "pieces", "width"]
