"""From what stands between two delimiters to the formulas that the grammar reads.

Comments, \\label, \\tag, \\nonumber and the like go; \\intertext{..} becomes a row of words;
\\newline is \\\\.  An outer environment that only lays out rows (aligned, split, an array of equations, \\eqalign) is
opened, and its rows stay.
"""

from __future__ import annotations

import re

from derivations.reading.definitions import close_brace
from derivations.reading.excerpt import Excerpt
from derivations.reading.macros import Macros
from derivations.reading.source import Formula

# environments that are mathematics by themselves
DISPLAYS = (
    r"(?:align|alignat|flalign|xalignat|gather|multline|equation|eqnarray|displaymath|dmath|dgroup|dseries|math"
    r"|IEEEeqnarray|aligned|alignedat|gathered|split|subequations)\*?"
)
_LAYOUT = re.compile(rf"\s*\\begin\s*\{{({DISPLAYS}|array|darray|empheq)\}}")
_LAYOUT_ARGUMENTS = re.compile(r"(?:\s*\[[^\[\]\n]{0,40}\])?(?:\s*\{[\s\dlcrLCRsS@{}|.,:;*>!\\]{0,60}?\})?")
_WITH_ARGUMENT = frozenset(
    {"alignat", "alignat*", "xalignat", "alignedat", "array", "darray", "IEEEeqnarray", "IEEEeqnarray*"}
)
_EQALIGN = re.compile(r"\s*\\(?:eqalign|eqalignno|displaylines)\s*(?=\{)")
_AFTER = re.compile(r"[\s.,;]*\Z")
_BETWEEN = re.compile(r"[\s.,;]*(?:\\\\)?\s*")
_RELATION = r"(?:[=<>]|\\(?:le|ge|leq|geq|approx|propto|equiv|sim|coloneqq|triangleq|Rightarrow)(?![A-Za-z]))"
_ALIGNED_RELATION = re.compile(rf"&\s*{_RELATION}|{_RELATION}\s*&")

_COMMENT = re.compile(r"\\.|%[^\n]*(?:\n[ \t]*)?", re.S)
_TIDY = re.compile(
    r"\\(?:"
    r"(?P<gone>label|tag\*?|ref|eqref|footnote|cite[a-z]*|vspace\*?|hypertarget|qedsymbol)\s*(?=\{)"
    r"|(?P<space>hspace\*?)\s*(?=\{)"
    r"|(?P<words>(?:short)?intertext)\s*(?=\{)"
    r"|(?P<newline>newline)(?![A-Za-z])"
    r"|(?P<mark>nonumber|notag|numberthis|allowdisplaybreaks(?:\[\d\])?|qedhere|noindent|centering|eqno|leqno|hfill|ensuremath)"
    r"(?![A-Za-z])"
    r"|(?P<row>\\)(?P<skip>\*?(?:[ \t]*\[\s*-?[\d.]*\s*(?:pt|em|ex|mm|cm|in|mu|\\[a-z]+)\s*\])?)"
    r"|.)",
    re.S,
)


def formulas(content: Excerpt, display: bool, environment: str, macros: Macros | None) -> list[Formula]:
    """The formulas in ``content``: none where it only defines macros, several where environments stand in a row.

    ``macros`` is None where they were expanded before, and the comments taken out.
    """
    if macros is not None:
        content = macros.expand(strip_comments(content))
    content = _tidy(content)
    return [
        Formula(part.text, part.places(), display, name)
        for part, name in _open_layout(content.strip(), environment)
        if part.text
    ]


def strip_comments(content: Excerpt) -> Excerpt:
    """Without ``% ...`` up to and with the end of the line.  A % on the last line stays: it is a forgotten \\%."""
    if "%" not in content.text:
        return content
    edits = []
    for match in _COMMENT.finditer(content.text):
        if match[0].startswith("%") and "\n" in match[0]:
            edits.append((match.start(), match.end(), "\n" if _blank_before(content.text, match.start()) else " "))
    return content.edit(edits)


def _blank_before(text: str, position: int) -> bool:
    return position == 0 or text[position - 1] == "\n"


def _tidy(content: Excerpt) -> Excerpt:
    if "\\" not in content.text:
        return content
    text, edits, position = content.text, [], 0
    while match := _TIDY.search(text, position):
        position = match.end()
        if match["gone"] or match["space"]:
            stop = close_brace(text, match.end(), 1_000)
            if stop > 0:
                edits.append((match.start(), stop, "\\ " if match["space"] else ""))
                position = stop
        elif match["words"]:
            edits.append((match.start(), match.end(), "\\text"))
            stop = close_brace(text, match.end(), 5_000)
            if stop > 0 and "$" not in text[match.end() : stop]:
                edits.append((stop, stop, "\\\\"))  # the words are a row of their own
                position = stop
        elif match["newline"]:
            edits.append((match.start(), match.end(), "\\\\"))
        elif match["mark"]:
            edits.append((match.start(), match.end(), ""))
        elif match["skip"]:
            edits.append((match.start("skip"), match.end(), ""))
    return content.edit(edits) if edits else content


def _open_layout(content: Excerpt, environment: str) -> list[tuple[Excerpt, str]]:
    """Open the environments that are the whole of ``content``, from the outside in."""
    pending, opened = [(content, environment, 0)], []
    while pending:
        part, name, depth = pending.pop()
        inside = _layouts(part) if depth < 8 else None
        if inside is None:
            opened.append((part, name))
        else:
            pending.extend((inner.strip(), outer, depth + 1) for inner, outer in reversed(inside))
    return opened


def _layouts(content: Excerpt) -> list[tuple[Excerpt, str]] | None:
    """What is inside of the layout environments that follow each other in ``content``, if nothing else is there."""
    text, position = content.text, 0
    found: list[tuple[Excerpt, str]] = []
    while not _AFTER.match(text, position):
        if begin := _LAYOUT.match(text, position):
            name = begin[1]
            end = _matching_end(text, begin.end(), name)
            if end is None:
                return None
            start = begin.end()
            if name in _WITH_ARGUMENT or text[start : start + 1] == "[":
                arguments = _LAYOUT_ARGUMENTS.match(text, start)
                start = arguments.end() if arguments else start
            if name in ("array", "darray") and not _ALIGNED_RELATION.search(text, start, end.start()):
                return None  # a matrix
            found.append((content.cut(start, end.start()), name.rstrip("*")))
            position = end.end()
        elif begin := _EQALIGN.match(text, position):
            stop = close_brace(text, begin.end(), 100_000)
            if stop < 0:
                return None
            found.append((content.cut(begin.end() + 1, stop - 1), "eqalign"))
            position = stop
        else:
            return None
        between = _BETWEEN.match(text, position)
        position = between.end() if between else position
    return found or None


def _matching_end(text: str, position: int, name: str) -> re.Match[str] | None:
    depth = 1
    for match in re.compile(rf"\\(begin|end)\s*\{{{re.escape(name)}\}}").finditer(text, position):
        depth += 1 if match[1] == "begin" else -1
        if depth == 0:
            return match
    return None
