"""Markdown and its relatives: the pieces of a block, by one pass over its characters from left to right.

Whatever opens first wins: code, a tag, a link's address, a formula.  A dollar, ``\\(`` or ``\\[`` opens a formula only
if what it encloses can be one (`judgement.py`); a ``$$`` or an environment that is never closed ends with its block.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from derivations.reading.blocks import Block, blocks
from derivations.reading.definitions import DEFINITION
from derivations.reading.escapes import escaped_dollars_are_delimiters, undo_escapes
from derivations.reading.excerpt import Excerpt
from derivations.reading.formulas import DISPLAYS, formulas
from derivations.reading.judgement import has_tex, is_dollar_mathematics, is_escaped_mathematics, is_prose
from derivations.reading.macros import Macros
from derivations.reading.passage import Passage
from derivations.reading.prose import link_marks, plain_markdown
from derivations.reading.source import Break, Formula, Heading, Piece

INLINE = 5_000  # characters of an inline formula at most
DISPLAY = 200_000  # and of a display

_SPECIAL = re.compile(
    r"(?P<code>`+)"
    rf"|\\(?P<begin>\\?begin\s*\{{(?P<name>{DISPLAYS})\}})"
    r"|(?P<round>\\\\?\()|(?P<square>\\\\?\[)"
    r"|(?P<escaped>\\\$)"
    r"|(?P<macro>\\(?:newcommand|renewcommand|providecommand|DeclareMathOperator|def)(?![A-Za-z]))"
    r"|\\."
    r"|(?P<dollars>\$\$)|(?P<gitlab>\$`)|(?P<dollar>\$)"
    r"|(?P<comment><!--)"
    r"|(?P<tag><(?P<close>/?)(?P<element>[A-Za-z][A-Za-z0-9-]*)(?:[\s/][^<>$]*)?>)"
    r"|(?P<bracket>!?\[|\])"
    r"|(?P<bar>\|)",
    re.S,
)
_BLOCK_TAGS = frozenset(
    "p div br li ul ol td th tr table h1 h2 h3 h4 h5 h6 details summary blockquote center section hr dd dt".split()
)
_OPAQUE_TAGS = frozenset({"code", "pre", "script", "style", "svg", "kbd", "samp"})
_HTML_HEADING = re.compile(r"\s*<h([1-6])\b[^<>]*>(.*)</h\1\s*>\s*\Z", re.S | re.I)
_MATH_ROLE = re.compile(r"(?::math:|\{math\})\Z")
_FRONT_MATTER = re.compile(r"---[ \t]*\n.*?\n(?:---|\.\.\.)[ \t]*\n", re.S)
_TABLE_RULE = re.compile(r"[\s|:>+-]+\Z")


def read_markdown(
    text: str, base: int, dialect: str, macros: Macros, problems: list[tuple[int, str]]
) -> Iterator[Piece]:
    """The pieces of a Markdown text that begins at the offset ``base`` of the file."""
    escaped = escaped_dollars_are_delimiters(text)
    if head := _FRONT_MATTER.match(text):
        macros.read_definitions(Excerpt.of(head[0], base))
    for block in blocks(text, base, dialect):
        reader = _Inline(block, escaped, macros, problems)
        if block.kind == "display":
            yield from formulas(block.excerpt, True, "math", macros)
        elif block.kind == "heading":
            yield from _heading(block.level, block.excerpt, reader)
        elif found := _html_heading(block.excerpt):
            inner = block.excerpt.cut(found.start(2), found.end(2))
            yield from _heading(int(found[1]), inner, _Inline(Block("text", inner), escaped, macros, problems))
        else:
            yield from reader.pieces()
        yield Break(block.excerpt.end)


def _html_heading(excerpt: Excerpt) -> re.Match[str] | None:
    start = excerpt.text[:40].lstrip()
    return _HTML_HEADING.match(excerpt.text) if start[:2].lower() == "<h" and len(excerpt) < 2_000 else None


def _heading(level: int, excerpt: Excerpt, reader: _Inline) -> Iterator[Piece]:
    """The heading with its whole text, then the formulas in it."""
    pieces = list(reader.pieces())
    words = " ".join(p.source if isinstance(p, Formula) else p.text.strip() for p in pieces if not isinstance(p, Break))
    yield Heading(level, plain_markdown(words).strip(), excerpt.place(0))
    yield from (piece for piece in pieces if isinstance(piece, Formula))


class _Inline(Passage):
    """Reads one block."""

    SPECIAL = _SPECIAL

    def __init__(self, block: Block, escaped: bool, macros: Macros, problems: list[tuple[int, str]]) -> None:
        super().__init__(block.excerpt, problems)
        self.row = block.kind == "row"
        self.escaped = escaped
        self.macros = macros
        self.ticks: dict[int, list[int]] | None = None
        self.links: dict[int, int] | None = None

    def plain(self, raw: str) -> str:
        text = plain_markdown(raw)
        return "" if self.row and _TABLE_RULE.match(text) else text

    def escapable(self, delimiter: str) -> bool:
        return delimiter[0] == "$"

    # -- what is special

    def special(self, match: re.Match[str]) -> int:
        start, after = match.span()
        kind = match.lastgroup
        if match["begin"]:
            return self.environment(start, after, match["name"])
        if kind == "code":
            return self.code(start, after)
        if kind == "round" or kind == "square":
            return self.bracketed(start, after, match[0])
        if kind == "dollars":
            return self.double_dollar(start, after)
        if kind == "dollar":
            return self.single_dollar(start)
        if kind == "gitlab":
            stop = self.closing("`$", after)
            if stop < 0 or stop - after > INLINE:
                return self.single_dollar(start)
            self.formula(after, stop, "$")
            return stop + 2
        if kind == "escaped":
            return self.escaped_dollar(start, after)
        if kind == "macro":
            return self.definition(start, after)
        if kind == "comment":
            stop = self.closing("-->", after)
            return stop + 3 if stop >= 0 else after
        if match["tag"]:
            return self.tag(start, after, match["element"].lower(), bool(match["close"]))
        if kind == "bracket" and (target := self.link(start)):
            return target
        if kind == "bar" and (self.row or self.line_is_row(start)):
            self.interrupt(start)
            return after
        self.say(start, after)
        return after

    def line_is_row(self, position: int) -> bool:
        """A line that begins with a bar is a row of a table, even where no table is declared."""
        start = self.text.rfind("\n", max(0, position - 2_000), position) + 1
        return self.text[start : position + 1].lstrip().startswith("|")

    def code(self, start: int, after: int) -> int:
        length = after - start
        if self.ticks is None:
            self.ticks = {}
            for run in re.finditer("`+", self.text):
                self.ticks.setdefault(run.end() - run.start(), []).append(run.start())
            for places in self.ticks.values():
                places.reverse()
        places = self.ticks.get(length, [])
        while places and places[-1] <= start:
            places.pop()
        if not places:
            self.say(start, after)
            return after
        stop = places.pop()
        if self.words and _MATH_ROLE.search(self.words[-1]):
            self.words[-1] = _MATH_ROLE.sub("", self.words[-1])
            self.formula(after, stop, "$")
        else:
            # dollars within code: `$x$` is code, and its words are words
            self.say(after, stop)
        return stop + length

    def link(self, position: int) -> int | None:
        """Where the mark of a link that begins here ends, if one does."""
        if self.links is None:
            self.links = link_marks(self.text)
        return self.links.get(position)

    def tag(self, start: int, after: int, element: str, closes: bool) -> int:
        if element in _OPAQUE_TAGS and not closes:
            stop = self.closing(f"</{element}>", after)
            return stop + len(element) + 3 if stop >= 0 else after
        if element in _BLOCK_TAGS:
            self.interrupt(start)
        return after

    def definition(self, start: int, after: int) -> int:
        match = DEFINITION.match(self.text, start)
        stop = self.macros.define(self.excerpt, match) if match else None
        if stop is None:
            self.say(start, after)
            return after
        return stop

    # -- formulas

    def formula(self, start: int, stop: int, environment: str, display: bool = False, doubled: bool = False) -> None:
        content = undo_escapes(self.excerpt.cut(start, stop), doubled or environment in ("\\\\(", "\\\\["))
        self.flush()
        self.found.extend(formulas(content, display, environment.replace("\\\\", "\\"), self.macros))

    def stands_alone(self, start: int, stop: int) -> bool:
        """Is there nothing else on the lines of this formula, or is it too big to stand within a line?"""
        content = self.text[start:stop]
        if "\n" in content or "\\\\" in content or "\\begin" in content:
            return True
        before = self.text[self.text.rfind("\n", max(0, start - 200), start) + 1 : start]
        after = self.text[stop : stop + 200].split("\n")[0]
        return not before.strip("> \t") and not after.strip(" \t.,;")

    def single_dollar(self, start: int) -> int:
        stop = self.closing("$", start + 1)
        if 0 <= stop - start - 1 <= INLINE:
            content = self.text[start + 1 : stop]
            if content.count("`") < 2 and self.is_mathematics(start, stop, 1):
                self.formula(start + 1, stop, "$")
                return stop + 1
        elif has_tex(self.text[start : start + 60].split("\n")[0]) and not self.text[start + 1 : start + 2].isspace():
            self.problems.append((self.excerpt.place(start), "a $ that opens a formula is never closed"))
        self.say(start, start + 1)
        return start + 1

    def is_mathematics(self, start: int, stop: int, width: int) -> bool:
        """May what stands between two dollars, each ``width`` characters wide, be a formula?"""
        content = self.text[start + width : stop]
        before = self.text[start - 1] if start else " "
        return is_dollar_mathematics(content, before, self.text[stop + width : stop + width + 1])

    def double_dollar(self, start: int, after: int) -> int:
        stop = self.closing("$$", after)
        if 0 <= stop - after <= DISPLAY:
            self.formula(after, stop, "$$", self.stands_alone(start, stop + 2))
            return stop + 2
        return self.unclosed(start, after, "$$", "$$")

    def bracketed(self, start: int, after: int, opening: str) -> int:
        closing = opening[:-1] + (")" if opening[-1] == "(" else "]")
        stop = self.closing(closing, after)
        if stop > 0 and len(closing) == 2 and self.text[stop - 1] == "\\" and self.is_escaped(stop):
            stop = self.unescaped_closing(closing, after)
        limit = INLINE if opening[-1] == "(" else DISPLAY
        if 0 <= stop - after <= limit:
            content = self.text[after:stop]
            alone = opening[-1] == "[" and self.stands_alone(start, stop + len(closing))
            bare = opening[-1] == "[" and not alone and not has_tex(content)
            if opening not in content and not bare and is_escaped_mathematics(content):
                self.formula(after, stop, opening, alone)
                return stop + len(closing)
        elif stop < 0 and opening[-1] == "[" and self.opens_line(start) and has_tex(self.text[after : after + 300]):
            return self.unclosed(start, after, opening, closing)
        elif stop < 0 and has_tex(self.text[after : after + 60].split("\n")[0]):
            self.problems.append(
                (self.excerpt.place(start), f"{opening} opens a formula and {closing} never closes it")
            )
        self.say(start, after)
        return after

    def unescaped_closing(self, closing: str, position: int) -> int:
        """The closing bracket is not the end of a row followed by a bracket: ``\\\\)``."""
        limit = min(len(self.text), position + INLINE)
        found = self.text.find(closing, position, limit)
        while found >= 0 and self.is_escaped(found):
            found = self.text.find(closing, found + 1, limit)
        return found

    def opens_line(self, position: int) -> bool:
        return not self.text[self.text.rfind("\n", max(0, position - 200), position) + 1 : position].strip("> \t")

    def escaped_dollar(self, start: int, after: int) -> int:
        if self.escaped:
            stop = self.closing("\\$", after)
            if 0 <= stop - after <= 500:
                content = self.text[after:stop]
                if "\n" not in content and "$" not in content and self.is_mathematics(start, stop, 2):
                    self.formula(after, stop, "$")
                    return stop + 2
        self.say(start, after)
        return after

    def environment(self, start: int, after: int, name: str) -> int:
        closing = f"\\end{{{name}}}"
        doubled = self.text.startswith("\\\\", start)
        start += doubled
        stop = self.closing(closing, after)
        if 0 <= stop - after <= DISPLAY and f"\\begin{{{name}}}" not in self.text[after:stop]:
            # the environment is given whole, so that its arguments are taken off where all layouts are opened
            self.formula(start, stop + len(closing), name.rstrip("*"), True, doubled)
            return stop + len(closing)
        return self.unclosed(start, after, f"\\begin{{{name}}}", closing)

    def unclosed(self, start: int, after: int, opening: str, closing: str) -> int:
        """A display that is never closed ends with its block, or before the next one that opens."""
        self.problems.append((self.excerpt.place(start), f"{opening} opens a formula and {closing} never closes it"))
        stop = self.text.find(opening, after)
        stop = len(self.text) if stop < 0 else stop
        name = closing[5:-1].rstrip("*") if closing.startswith("\\end") else opening
        single = self.text.find("$", after, stop) if opening == "$$" else -1
        if single >= 0:
            self.formula(after, single, name, True)
            return single + 1
        if is_prose(self.text[after:stop]):
            stop = min(stop, self.text.find("\n", after) % (len(self.text) + 1))
        if has_tex(self.text[after:stop]) and not is_prose(self.text[after:stop]):
            self.formula(after, stop, name, True)
            return stop
        self.say(start, after)
        return after
