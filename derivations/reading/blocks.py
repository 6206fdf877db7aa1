"""The blocks of a Markdown file, by markdown-it-py: headings, text, displays and what is code.

Only its block rules run; what is inside a block is read by `markup.py`.  Its paragraph rule is replaced by one that
keeps a display together (``$$`` over several lines may hold lines that look like lists, headings or underlines), and
HTML is text unless it is a comment, a script, a style or preformatted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from markdown_it import MarkdownIt
from markdown_it.ruler import RuleOptionsType
from markdown_it.rules_block import StateBlock
from markdown_it.token import Token
from mdit_py_plugins.admon import admon_plugin
from mdit_py_plugins.front_matter import front_matter_plugin

from derivations.reading.excerpt import Excerpt, ExcerptBuilder
from derivations.reading.formulas import DISPLAYS
from derivations.reading.judgement import is_prose

Kind = Literal["text", "heading", "display", "row"]

_OPENS = re.compile(rf"\\\\\[|\\\[|\\\\?begin\s*\{{({DISPLAYS})\}}|\\.|\$\$|`+", re.S)
_STARTS_DISPLAY = re.compile(rf"\$\$|\\\\?\[|\\\\?begin\s*\{{(?:{DISPLAYS})\}}")
_HEADING = re.compile(r"#{1,6}(?:[ \t]|$)|(?:```|~~~)")
_NOTHING_MORE = re.compile(r"[\s.,;:>]*\Z")
_MATH_FENCE = re.compile(r"(?:\{?math\}?|\{?katex\}?|\.math)(?=$|[\s,}])")
_FENCE_OPTION = re.compile(r"[ \t]*:[a-z-]+:[^\n]*(?:\n|\Z)")
_DIRECTIVE = re.compile(r"\.\.[ \t]+math::[ \t]*|:{3,}[ \t]*\{math\}[ \t]*")
_COLONS = re.compile(r":{3,}\s*\Z")
_OPAQUE_HTML = re.compile(r"<(!--|script\b|style\b|pre\b|svg\b)", re.I)
_OPAQUE_ENDS = {"!--": "-->", "script": "</script>", "style": "</style>", "pre": "</pre>", "svg": "</svg>"}
_ORG_KEYWORD = re.compile(r"#\+([A-Za-z_]+)")
_ORG_HEADING = re.compile(r"\*{1,8}[ \t]+\S")
_ORG_OPAQUE = frozenset({"begin_src", "begin_example", "begin_comment"})
_UNDERLINE = re.compile(r"(?:={2,}|-{2,})[ \t]*\Z")
_RST_UNDERLINE = re.compile(r"([=\-~^\"'`#*+:._])\1{2,}[ \t]*\Z")
_DISPLAY_LINES = 400  # how far a display may reach
_DEEP = 40  # levels of lists and quotes


@dataclass(frozen=True)
class Block:
    """A stretch of text with its place: what stood before each line (quote marks, indentation) is left out."""

    kind: Kind
    excerpt: Excerpt
    level: int = 0


def blocks(text: str, base: int, dialect: str) -> Iterator[Block]:
    """The blocks of ``text``, which begins at the offset ``base``; ``dialect`` is 'markdown', 'org' or 'rst'."""
    parser = MarkdownIt("commonmark", {"maxNesting": 60}).enable("table").use(front_matter_plugin).use(admon_plugin)
    parser.core.ruler.enableOnly(["normalize", "block"])
    ruler = parser.block.ruler
    ruler.disable(["lheading", "html_block"])
    ruler.at("paragraph", _text)
    above: RuleOptionsType = {"alt": ["paragraph", "reference", "blockquote", "list"]}
    ruler.before("table", "opaque_html", _opaque_html, above)
    ruler.before("opaque_html", "display", _display)
    ruler.before("display", "directive", _directive, above)
    ruler.before("directive", "too_deep", _too_deep)
    if dialect == "org":
        ruler.before("directive", "org", _org, above)
    # the same length, so that offsets hold; a carriage return is white space to us
    clean = text.replace("\r", " ").replace("\0", "�")
    environment: dict[str, object] = {"dialect": dialect}
    tokens = parser.parse(clean, environment)
    lines = _Lines(clean, base)
    for number, token in enumerate(tokens):
        if token.type == "heading_open" and token.map:
            content = lines.excerpt([lines.find(token.map[0], tokens[number + 1].content)])
            yield Block("heading", content, int(token.tag[1:]))
        else:
            yield from _blocks_of(token, lines)


class _Lines:
    """The lines of a text with their offsets."""

    def __init__(self, text: str, base: int) -> None:
        self.text = text
        self.base = base
        self.starts = [0, *(match.end() for match in re.finditer("\n", text))]

    def line(self, number: int) -> tuple[int, int]:
        start = self.starts[number] if number < len(self.starts) else len(self.text)
        stop = self.starts[number + 1] - 1 if number + 1 < len(self.starts) else len(self.text)
        return start, stop

    def excerpt(self, segments: list[tuple[int, int]]) -> Excerpt:
        builder = ExcerptBuilder()
        for number, (start, stop) in enumerate(segments):
            if number:
                builder.copy("\n", self.base + segments[number - 1][1])
            builder.copy(self.text[start:stop], self.base + start)
        return builder.build(self.base + (segments[-1][1] if segments else 0))

    def find(self, number: int, content: str) -> tuple[int, int]:
        """Where ``content`` stands in a line: as far right as it does, since what markup takes away is on the left."""
        start, stop = self.line(number)
        content = content.strip()
        found = self.text.rfind(content, start, stop)
        return (found, found + len(content)) if found >= 0 else (start, stop)


def _blocks_of(token: Token, lines: _Lines) -> Iterator[Block]:
    if token.type == "lemma_text":
        level = token.meta["level"]
        yield Block("heading" if level else "text", lines.excerpt(token.meta["segments"]), level)
    elif token.type == "lemma_display":
        yield Block("display", lines.excerpt(token.meta["segments"]))
    elif token.type == "admonition_title_open" and token.map:
        yield Block("text", lines.excerpt([lines.line(token.map[0])]))
    elif token.type == "tr_open" and token.map:
        yield Block("row", lines.excerpt([lines.line(token.map[0])]))
    elif token.type == "fence" and token.map and _MATH_FENCE.match(token.info.strip()):
        yield Block("display", _fence(token, lines))


def _fence(token: Token, lines: _Lines) -> Excerpt:
    assert token.map is not None
    content = token.content
    number = token.map[0] + 1
    while option := _FENCE_OPTION.match(content):
        content, number = content[option.end() :], number + 1
    rows = content.split("\n")
    if rows and not rows[-1]:
        rows.pop()
    segments = []
    for row in rows:
        start, stop = lines.line(number)
        segments.append((max(start, stop - len(row)), stop))
        number += 1
    return lines.excerpt(segments)


def _span(state: StateBlock, line: int) -> tuple[int, int]:
    return state.bMarks[line] + state.tShift[line], state.eMarks[line]


def _content(state: StateBlock, line: int) -> str:
    start, stop = _span(state, line)
    return state.src[start:stop]


def _push(state: StateBlock, kind: str, first: int, after: int, level: int = 0) -> None:
    token = state.push(kind, "", 0)
    token.map = [first, after]
    segments = [_span(state, line) for line in range(first, after)]
    token.meta = {"segments": [s if s[0] <= s[1] else (s[1], s[1]) for s in segments], "level": level}


def _text(state: StateBlock, startLine: int, endLine: int, silent: bool) -> bool:
    """A paragraph, or a heading that is underlined."""
    if silent:
        return True
    terminators = state.md.block.ruler.getRules("paragraph")
    underline = _RST_UNDERLINE if state.env.get("dialect") == "rst" else _UNDERLINE
    parent, state.parentType = state.parentType, "paragraph"
    endLine = min(endLine, state.lineMax)
    level = rule = 0
    line = _last_of_display(state, startLine, endLine) + 1
    while line < endLine and not state.isEmpty(line):
        if state.sCount[line] >= state.blkIndent and (found := underline.match(_content(state, line))):
            level = _underlined(state, startLine, line, found[0][0])
            rule = 1
            break
        if 0 <= state.sCount[line] <= state.blkIndent + 3 and any(
            rule(state, line, endLine, True) for rule in terminators
        ):
            break
        line = _last_of_display(state, line, endLine) + 1
    state.line = line + rule
    state.parentType = parent
    _push(state, "lemma_text", startLine, line, level)
    return True


def _display(state: StateBlock, startLine: int, endLine: int, silent: bool) -> bool:
    """A line that opens a display is text, whatever its indentation and whatever block it looks like otherwise."""
    if silent or not _STARTS_DISPLAY.match(state.src, _span(state, startLine)[0]):
        return False
    return _text(state, startLine, endLine, silent)


def _underlined(state: StateBlock, first: int, underline: int, mark: str) -> int:
    """The level of the heading above an underline; 0 if that is a whole paragraph, under which a line was drawn."""
    if underline > first + 1 or _content(state, first).rstrip().endswith((".", ":", ";", ",", "。")):
        return 0
    return 2 if mark == "-" else 1 if mark == "=" else 3


def _too_deep(state: StateBlock, startLine: int, endLine: int, silent: bool) -> bool:
    """The parser drops what is nested too deep, up to the end of the file: read it as text instead."""
    return not silent and state.level >= _DEEP and _text(state, startLine, endLine, silent)


def _last_of_display(state: StateBlock, line: int, endLine: int) -> int:
    """The last line of the displays that are opened in ``line``: itself where none is, or where none is closed."""
    text, position = _content(state, line), 0
    while opening := _OPENS.search(text, position):
        position = opening.end()
        closing = _closing(opening)
        if closing is None:
            continue
        if opening[0][0] == "`":
            found = text.find(opening[0], position)
            position = found + len(closing) if found >= 0 else position
            continue
        found = text.find(closing, position)
        if found < 0:
            alone = not text[position:].strip() and not text[: opening.start()].strip(" >")
            last = _find_closing(state, line, endLine, opening[0], closing, alone)
            if last is None:
                return line
            line, text = last, _content(state, last)
            found = text.find(closing)
        position = found + len(closing)
    return line


def _closing(opening: re.Match[str]) -> str | None:
    written = opening[0]
    if opening[1]:
        return f"\\end{{{opening[1]}}}"
    if written == "$$" or written[0] == "`":
        return written
    if written.endswith("["):
        return written[:-1] + "]"
    return None


def _find_closing(state: StateBlock, line: int, endLine: int, opening: str, closing: str, alone: bool) -> int | None:
    """The line where a display ends that begins in ``line``.

    A blank line ends what is never closed.  Displays with blank lines within are real, though: one is taken if its
    delimiters stand alone on their lines and there is no prose between them.
    """
    hopeless: dict[str, int] = state.env.setdefault("hopeless", {})
    if line < hopeless.get(closing, -1):
        return None
    blank, since = False, line + 1
    until = min(endLine, line + _DISPLAY_LINES)
    for number in range(since, until):
        text = _content(state, number) if not state.isEmpty(number) else ""
        if not text:
            if not alone and opening == "$$":
                hopeless[closing] = number
                return None
            blank = True
            continue
        if blank and _HEADING.match(text):
            hopeless[closing] = number
            return None
        found = text.find(closing)
        if blank and opening != closing and opening in text:
            return None
        if found >= 0:
            if not blank:
                return number
            between = "\n".join(_content(state, k) for k in range(since, number)) + "\n" + text[:found]
            fits = closing.startswith("\\end") or (
                not text[:found].strip() and _NOTHING_MORE.match(text, found + len(closing)) and not is_prose(between)
            )
            return number if fits else None
    hopeless[closing] = until
    return None


def _opaque_html(state: StateBlock, startLine: int, endLine: int, silent: bool) -> bool:
    """A comment, script, style or preformatted text: nothing to read, up to its end."""
    text = _content(state, startLine)
    opening = _OPAQUE_HTML.match(text) if text.startswith("<") else None
    if opening is None:
        return False
    closing = _OPAQUE_ENDS[opening[1].lower()]
    hopeless: dict[str, int] = state.env.setdefault("hopeless", {})
    last = startLine
    while closing not in text.lower():
        last += 1
        if last >= endLine or last <= hopeless.get(closing, -1):
            hopeless[closing] = max(last, hopeless.get(closing, -1))
            return False
        text = _content(state, last)
    if text.lower().split(closing)[-1].strip():
        return False  # text goes on after it: the markup reader takes the comment out
    if not silent:
        state.line = last + 1
    return True


def _directive(state: StateBlock, startLine: int, endLine: int, silent: bool) -> bool:
    """``.. math::`` of reStructuredText and ``:::{math}`` of MyST."""
    text = _content(state, startLine)
    found = _DIRECTIVE.match(text) if text.startswith((".. ", ":::")) else None
    if found is None:
        return False
    if silent:
        return True
    indent, line = state.sCount[startLine], startLine + 1
    fenced = text.startswith(":")
    while line < endLine:
        if fenced and _COLONS.match(_content(state, line)):
            break
        if not fenced and not state.isEmpty(line) and state.sCount[line] <= indent:
            break
        line += 1
    first = startLine + 1
    while first < line and (state.isEmpty(first) or _FENCE_OPTION.match(_content(state, first))):
        first += 1
    token = state.push("lemma_display", "", 0)
    token.map = [startLine, line]
    start, stop = _span(state, startLine)
    head = [(stop, stop)] if fenced else [(start + found.end(), stop)]
    token.meta = {"segments": head + [_span(state, k) for k in range(first, line) if not state.isEmpty(k)]}
    state.line = line + 1 if fenced and line < endLine else line
    return True


def _org(state: StateBlock, startLine: int, endLine: int, silent: bool) -> bool:
    """Headings, keywords, comments and source blocks of Org mode."""
    text = _content(state, startLine)
    if _ORG_HEADING.match(text) and state.sCount[startLine] == 0:
        if not silent:
            stars = len(text) - len(text.lstrip("*"))
            token = state.push("lemma_text", "", 0)
            start, stop = _span(state, startLine)
            token.map = [startLine, startLine + 1]
            token.meta = {"segments": [(start + stars, stop)], "level": stars}
            state.line = startLine + 1
        return True
    keyword = _ORG_KEYWORD.match(text)
    if keyword is None and not text.startswith("# "):
        return False
    if not silent:
        last = startLine
        if keyword and keyword[1].lower() in _ORG_OPAQUE:
            closing = "#+end" + keyword[1][5:].lower()
            while last + 1 < endLine and not _content(state, last).strip().lower().startswith(closing):
                last += 1
        state.line = last + 1
    return True
