"""What Markdown and its tools did to the TeX between delimiters, undone.

``\\_`` is an underscore that Markdown should not take for emphasis, ``\\[`` a bracket, ``&lt;`` a sign that HTML
should not take for a tag.  ``\\\\``, ``\\{``, ``\\,`` and the like are TeX and stay, and so does ``\\|``, which both
would write: the grammar reads it as either.  A formatter that took ``_..._`` for emphasis wrote ``*...*``: see
`_lost_underscores`.
"""

from __future__ import annotations

import html
import re

from derivations.reading.definitions import close_brace
from derivations.reading.excerpt import Excerpt
from derivations.reading.judgement import has_tex, is_prose

_ESCAPED = re.compile(
    r"\\(?:text\w*|mbox|math(?:rm|tt|sf|it|bf)|operatorname\*?)\s*(?P<words>\{)"
    r"|(?P<four>\\\\\\\\)|(?P<three>\\\\\\)(?=\s|\Z)|(?P<sign>\\)\\(?=[,;!])|\\\\"
    r"|(?P<mark>\\)[_*\[\]()<\-+.=^~]"
    r"|&(?P<entity>lt|gt|amp|nbsp|quot|apos|le|ge|ne|times|minus|#\d{1,6}|#x[0-9A-Fa-f]{1,6});"
    r"|\\.",
    re.S,
)
_DOUBLED = re.compile(r"(?P<four>\\\\\\\\)|\\(?P<mark>\\)(?=[{}|,;!:_])|\\\\|\\.", re.S)
_DOUBLED_SIGN = re.compile(r"\\\\[{}|]")
_SIZED = re.compile(r"\\(?:left|right|middle|[bB]igg?[lrm]?)\s*\Z")
_STAR = re.compile(r"\\(?:operatorname|tag|hspace|vspace)\*|\\.|\*", re.S)
_DELIMITED = re.compile(r"(?<!\\)\\\$([^$\n]{1,500}?)\\\$")


def undo_escapes(content: Excerpt, doubled: bool = False) -> Excerpt:
    """``content`` as TeX; ``doubled`` where the delimiters were ``\\\\(..\\\\)``: backslashes are written twice."""
    if doubled:
        content = _halve(content)
    elif "\\\\" in content.text:
        content = content.edit(_escaped_braces(content.text))
    text = content.text
    if "\\" in text or "&" in text:
        content = content.edit(_edits(text))
    return _lost_underscores(content)


def _halve(content: Excerpt) -> Excerpt:
    edits = []
    for match in _DOUBLED.finditer(content.text):
        if match["four"]:
            edits.append((match.start(), match.start() + 2, ""))
        elif match["mark"]:
            edits.append((match.start("mark"), match.end("mark"), ""))
    return content.edit(edits)


def _escaped_braces(text: str) -> list[tuple[int, int, str]]:
    r"""``\\{ .. \\}`` is an escaped ``\{ .. \}``: rows that begin with braces do not come in such pairs.

    Where that is so, or a delimiter command stands before it, ``\\|`` is an escaped ``\|``.
    """
    signs = [m for m in _DOUBLED_SIGN.finditer(text) if not (m.start() and text[m.start() - 1] == "\\")]
    opening, closing = (sum(m[0][-1] == sign for m in signs) for sign in "{}")
    paired = opening == closing > 0
    return [
        (m.start(), m.start() + 1, "")
        for m in signs
        if _SIZED.search(text[max(m.start() - 12, 0) : m.start()]) or (paired or ("\\_" in text and m[0][-1] == "|"))
    ]


def _edits(text: str) -> list[tuple[int, int, str]]:
    edits, position = [], 0
    while match := _ESCAPED.search(text, position):
        position = match.end()
        if match["words"]:
            # within words an escaped underscore is TeX
            stop = close_brace(text, match.end() - 1, 500)
            position = stop if stop > 0 else position
        elif match["four"]:
            edits.append((match.start(), match.start() + 2, ""))
        elif match["three"] or match["sign"] or match["mark"]:
            edits.append((match.start(), match.start() + 1, ""))
        elif match["entity"]:
            written = html.unescape(match[0])
            edits.append((match.start(), match.end(), " " if written == "\xa0" else written))
    return edits


def _lost_underscores(content: Excerpt) -> Excerpt:
    """Put back the underscores that a formatter turned into stars.

    It took them for emphasis, so they come in pairs, each between a letter or a closing brace and an opening brace; an
    author who multiplies so, and only so, and an even number of times, is not known.
    """
    text = content.text
    stars = [match.start() for match in _STAR.finditer(text) if match[0] == "*"] if "*{" in text else []
    damaged = [
        k for k in stars if text[k + 1 : k + 2] == "{" and k > 0 and (text[k - 1].isalpha() or text[k - 1] == "}")
    ]
    if not damaged or len(damaged) % 2 or sum(text[k + 1 : k + 2] == "{" for k in stars) != len(damaged):
        return content
    return content.edit((k, k + 1, "_") for k in damaged)


def escaped_dollars_are_delimiters(text: str) -> bool:
    r"""Does this document write ``\$\theta\$``, as some exporters do, where an escaped dollar should be money?"""
    if "\\$" not in text:
        return False
    return any(has_tex(m[1]) and "\\" in m[1] and not is_prose(m[1]) for m in _DELIMITED.finditer(text))
