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
CLOSING = frozenset([")", "]"])
FACTORS = frozenset(rf"\{n}" for n in ("exp", "log", "det", "int", "sum", "prod", "mathbb", "mathcal", "operatorname"))
STROKE = "\\big"  # that of a fraction in line: brackets have \\bigl and \\bigr
WIDE = 46  # signs above or below a bar
LONG = 30  # signs: a shorter bracket stays whole


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
    r"""The formula with brackets of a fixed size instead of \left and \right around what is long, and with a stroke
    instead of the bar of a wide fraction, so that lines may end inside them."""
    return _unstretched(_in_line(latex))


def _in_line(latex: str) -> str:
    """Wide fractions that stand in no group, written with a stroke."""
    out, i, braces = "", 0, 0
    tokens = TOKEN.findall(latex)
    while i < len(tokens):
        token = tokens[i]
        if token in ("\\frac", "\\dfrac") and braces == 0:
            above, j = _group(tokens, i + 1)
            below, j = _group(tokens, j)
            if max(width(above), width(below)) > WIDE:
                above, below = _in_line(above), _in_line(below)
                over = rf"\left({above}\right)" if _has_sum(above) else above
                out += rf"{over}\big/\left({below}\right)"
                i = j
                continue
        braces += (token == "{") - (token == "}")
        out += token
        i += 1
    return out


def _group(tokens: list[str], i: int) -> tuple[str, int]:
    """The content of the group that begins at a place (after blanks), and the place behind it."""
    while i < len(tokens) and tokens[i].isspace():
        i += 1
    if i >= len(tokens) or tokens[i] != "{":
        return (tokens[i] if i < len(tokens) else ""), i + 1
    depth, start = 1, i + 1
    while depth and i + 1 < len(tokens):
        i += 1
        depth += (tokens[i] == "{") - (tokens[i] == "}")
    return "".join(tokens[start:i]), i + 1


def _has_sum(latex: str) -> bool:
    """Whether a sign of a sum stands in no bracket, so that a stroke behind it would be read wrongly."""
    return any(t in SUMS and d == 0 and s == 0 for t, d, s in list(_tokens(latex)))


def _unstretched(latex: str) -> str:
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
                if outside == 0 and whole and width(inner) > LONG and len(cuts(inner)) > 1:
                    size = "Big" if re.search(r"\\(?:frac|sum|prod|int|left|Big|begin)", inner) else "big"
                    out[begin], out[-2] = f"\\{size}l", f"\\{size}r"
            i += 2
            continue
        braces += (token == "{") - (token == "}")
        out.append(token)
        i += 1
    return "".join(out)


def cuts(latex: str) -> list[tuple[str, int]]:
    """A breakable formula cut before its binary signs: pieces, each with how badly a line ends before it (0 to 900):
    best before a relation, worse before a product, worse within brackets."""
    found: list[tuple[str, int]] = [("", 0)]
    before, script = "(", False
    for token, depth, shallow in _tokens(latex):
        ends = before in CLOSING or (before == "}" and script)
        if depth == 0 and ends and token in FACTORS:  # a product of brackets
            found.append(("", min((850 if script else 600) + 100 * shallow, 950)))
        elif depth == 0 and before == "," and not token.isspace():
            found.append(("", 800))
        elif token == STROKE and depth == 0:
            found.append(("", min(30 + 240 * shallow, 900)))
        elif token in BINARY and depth == 0 and before not in OPENING:
            badness = 60 if token in SUMS else 500 if token in PRODUCTS else 0
            found.append(("", min(badness + 240 * shallow, 900)))
        found[-1] = (found[-1][0] + token, found[-1][1])
        if depth == 0 and not token.isspace() and token not in ("{", "}"):
            script = token in ("^", "_")
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
