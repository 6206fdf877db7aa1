"""Plain words from marked-up text, for the reader of declarations."""

from __future__ import annotations

import html
import re
from functools import lru_cache

from pylatexenc.latex2text import LatexNodes2Text

_BRACKETS = re.compile(
    r"\\.|!?\[|\]\(<?[^()\s]{0,2000}(?:\([^()\s]{0,500}\)[^()\s]{0,500})?>?"
    r"(?:[ \t]+[\"'][^\"'\n]{0,300}[\"'])?[ \t]*\)|\]",
    re.S,
)
_IMAGE_OR_LINK = re.compile(r"!\[[^\[\]]*\]\([^()\n]*\)|!\[[^\[\]]*\]\[[^\[\]\n]*\]|\[\^[^\[\]\n]{1,40}\]")
_LINK = re.compile(r"\[([^\[\]]*)\](?:\([^()\n]*(?:\([^()\n]*\)[^()\n]*)?\)|\[[^\[\]\n]*\])")
_ORG_LINK = re.compile(r"\[\[[^\[\]]*\](?:\[([^\[\]]*)\])?\]")
_EMPHASIS = re.compile(r"(?<![\w*])[*_~]{1,3}(?=\S)|(?<=\S)[*_~]{1,3}(?![\w*])|\*{2,3}|~~")
_MARKER = re.compile(r"^[ \t]*(?:#{1,6}[ \t]+|:{3,}[^\n]*|!!![^\n]*|[-=]{3,}[ \t]*$)", re.M)
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_SPACE = re.compile(r"\s+")

_ACCENT = re.compile(
    r"\\(?:['\"`^~=.](?:\{\\?[A-Za-z]\}|\\?[A-Za-z])|[cvuHdbkrt]\{[A-Za-z]{1,2}\}"
    r"|(?:ss|aa|AA|ae|AE|oe|OE|o|O|l|L|i|j)(?![A-Za-z])[ ]?)"
)
_LATEX_MARK = re.compile(r"\\[A-Za-z@]+\*?(?:\s*\[[^\[\]\n]*\])?|\\\\(?:\[[^\[\]\n]*\])?|\\(.)|[{}]|~|---?|``|''", re.S)
_LATEX_SIGNS = {"~": " ", "--": "–", "---": "—", "``": "“", "''": "”"}


def plain_markdown(text: str) -> str:
    """Without emphasis, links, escapes and entities; white space as single spaces, kept at the ends."""
    if "[" in text:
        text = _IMAGE_OR_LINK.sub("", text)
        text = _LINK.sub(r"\1", text)
        text = _ORG_LINK.sub(lambda m: m[1] or "", text)
    text = _MARKER.sub("", text)
    if "*" in text or "_" in text or "~" in text:
        text = _EMPHASIS.sub("", text)
    text = _ESCAPE.sub(r"\1", text)
    if "&" in text:
        text = html.unescape(text)
    return _SPACE.sub(" ", text)


def link_marks(text: str) -> dict[int, int]:
    """What links and images add around their text: where each mark begins and ends (an image is all mark)."""
    marks: dict[int, int] = {}
    opened: list[int] = []
    for match in _BRACKETS.finditer(text) if "](" in text else ():
        if match[0][-1:] == "[":
            opened.append(match.start())
        elif match[0][0] == "]" and opened:
            start = opened.pop()
            if len(match[0]) > 1:
                marks[start] = match.end() if text[start] == "!" else start + 1
                marks[match.start()] = match.end()
    return marks


def plain_latex(text: str) -> str:
    """Without commands and braces; accents become letters (by pylatexenc)."""
    if "\\" in text:
        text = _ACCENT.sub(lambda m: _letter(m[0]), text)
    text = _LATEX_MARK.sub(_latex_sign, text)
    return _SPACE.sub(" ", text)


def _latex_sign(match: re.Match[str]) -> str:
    written = match[0]
    if written in _LATEX_SIGNS:
        return _LATEX_SIGNS[written]
    if match[1] is not None:
        return match[1] if match[1] in "%&$#_{}" else " "
    return " " if written.startswith("\\") else ""


@lru_cache(maxsize=2_000)
def _letter(accent: str) -> str:
    return str(LatexNodes2Text().latex_to_text(accent)).strip()
