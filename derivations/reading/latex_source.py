"""LaTeX files: sections, prose and formulas of the body, with the author's macros expanded.

Three passes over the whole file: comments and verbatim text go, macros are expanded, and what remains is read from left
to right.  pylatexenc turns accents into letters; its walker, which recurses and takes half a minute for 10 MB, is not
used.
"""

from __future__ import annotations

import re

from derivations.reading.definitions import close_brace, close_bracket
from derivations.reading.excerpt import Excerpt
from derivations.reading.formulas import DISPLAYS, formulas
from derivations.reading.judgement import has_tex, is_prose
from derivations.reading.macros import Macros
from derivations.reading.passage import Passage
from derivations.reading.prose import plain_latex
from derivations.reading.source import Break, Formula, Heading, Piece

_OPAQUE = (
    r"verbatim|Verbatim|lstlisting|minted|comment|tikzpicture|tikzcd|pgfpicture|picture|algorithm|algorithmic|algorithm2e|"
    r"filecontents|thebibliography|forest|asy|CCSXML"
)
_FIGURES = r"figure|wrapfigure|SCfigure|subfigure|titlepage"
_COMMENTS = re.compile(
    rf"\\begin\s*\{{((?:{_OPAQUE})\*?)\}}|\\verb\*?([^A-Za-z\s*])[^\n]*?\2|\\.|%[^\n]*(?:\n[ \t]*)?", re.S
)
_BODY = re.compile(r"\\begin\s*\{document\}")
_END = re.compile(r"\\end\s*\{document\}")
_BEGIN = re.compile(r"\s*\{([^{}]*)\}")
_LEVELS = {
    "part": 1,
    "chapter": 2,
    "section": 3,
    "subsection": 4,
    "subsubsection": 5,
    "paragraph": 6,
    "subparagraph": 7,
}
_TOKEN = re.compile(
    r"\\(?P<command>[A-Za-z@]+)\*?"
    r"|(?P<open>\\[(\[])"
    r"|(?P<row>\\\\)"
    r"|\\."
    r"|(?P<dollar>\$\$?)"
    r"|(?P<blank>\n[ \t]*\n\s*)"
    r"|(?P<cell>&)",
    re.S,
)
_MATH = re.compile(DISPLAYS + r"\Z")
_BLANK_LINE = re.compile(r"\n[ \t]*\n")
_OPENS_DISPLAY = re.compile(r"\$\$|\\\[|\\begin")
# commands whose arguments are no prose: how many they take, besides those in brackets
_DROPPED = {
    "label": 1, "ref": 1, "eqref": 1, "cref": 1, "Cref": 1, "autoref": 1, "pageref": 1, "footnote": 1,
    "footnotetext": 1,
    "includegraphics": 1, "vspace": 1, "hspace": 1, "bibliography": 1, "bibliographystyle": 1, "pagestyle": 1,
    "thispagestyle": 1, "setlength": 2, "setcounter": 2, "addtocounter": 2, "url": 1, "href": 1, "color": 1, "todo": 1,
    "thanks": 1, "hypersetup": 1, "usepackage": 1, "title": 1, "author": 1, "date": 1, "nocite": 1, "rule": 2,
    "addcontentsline": 3, "includepdf": 1, "textcolor": 1, "fontsize": 2, "newtheorem": 2, "graphicspath": 1,
    "theoremstyle": 1, "renewenvironment": 3, "newenvironment": 3, "captionof": 1, "phantomsection": 0,
}  # fmt: skip
_CITE = re.compile(r"(?:[a-zA-Z]*cite[a-zA-Z]*)\Z")
_BREAKS = frozenset(
    {"item", "par", "newpage", "clearpage", "pagebreak", "bigskip", "medskip", "smallskip", "hline", "caption"}
)
_INCLUDES = frozenset({"input", "include", "subfile", "import"})
INLINE = 5_000


def read_latex(text: str, macros: Macros, problems: list[tuple[int, str]]) -> list[Piece]:
    """The pieces of a LaTeX file, or of a fragment without a preamble."""
    whole = _without_comments(Excerpt.of(text.replace("\r", " ").replace("\0", " ")))
    begin = _BODY.search(whole.text)
    if begin:
        macros.read_definitions(whole.cut(0, begin.start()))
    end = _END.search(whole.text, begin.end() if begin else 0)
    body = whole.cut(begin.end() if begin else 0, end.start() if end else len(whole.text))
    reader = _Body(macros.expand(body), problems)
    return _outermost_is_one(reader.pieces())


def _outermost_is_one(pieces: list[Piece]) -> list[Piece]:
    lowest = min((piece.level for piece in pieces if isinstance(piece, Heading)), default=1)
    return [
        Heading(piece.level - lowest + 1, piece.text, piece.offset) if isinstance(piece, Heading) else piece
        for piece in pieces
    ]


def _without_comments(excerpt: Excerpt) -> Excerpt:
    """Without comments, and without what is to be printed as it stands or drawn.

    As in TeX, a comment takes the end of its line with it; a blank line after it still ends a paragraph.
    """
    text, edits, position = excerpt.text, [], 0
    unclosed: set[str] = set()
    while match := _COMMENTS.search(text, position):
        position = match.end()
        if match[1]:
            closing = f"\\end{{{match[1]}}}"
            stop = -1 if closing in unclosed else text.find(closing, position)
            if stop < 0:
                unclosed.add(closing)
            else:
                position = stop + len(closing)
                edits.append((match.start(), position, "\n\n"))
        elif match[2]:
            edits.append((match.start(), match.end(), text[match.start(2) + 1 : match.end() - 1].replace("$", " ")))
        elif match[0][0] == "%":
            # keep the newline where the comment is a line of its own or a blank line follows
            alone = match.start() == 0 or text[match.start() - 1] == "\n"
            blank = text.startswith("\n", position)
            edits.append((match.start(), position, "\n" if blank and not alone else ""))
    return excerpt.edit(edits)


class _Body(Passage):
    """Reads the body from left to right."""

    SPECIAL = _TOKEN

    def __init__(self, excerpt: Excerpt, problems: list[tuple[int, str]]) -> None:
        super().__init__(excerpt, problems)
        self.next_blank = -1
        self.tables = 0  # how many tables are open
        self.prose_until = -1  # the blank line after an unclosed display that was prose

    def pieces(self) -> list[Piece]:
        super().pieces()
        self.interrupt(len(self.text))
        return self.found

    def plain(self, raw: str) -> str:
        return plain_latex(raw)

    def escapable(self, delimiter: str) -> bool:
        return True

    def special(self, match: re.Match[str]) -> int:
        start, after = match.span()
        if match["command"]:
            return self.command(match["command"], start, after)
        if match["open"]:
            closing = "\\)" if match[0] == "\\(" else "\\]"
            return self.delimited(start, after, match[0], closing, match[0] == "\\[")
        if match["dollar"]:
            return self.delimited(start, after, match[0], match[0], match[0] == "$$")
        if match["blank"] or match["cell"]:
            self.interrupt(start)
            return after
        if match["row"] and self.tables:
            self.interrupt(start)
            return after
        self.say(start, after)
        return after

    def command(self, name: str, start: int, after: int) -> int:
        if name in ("begin", "end"):
            return self.environment(name, start, after)
        if name in _LEVELS:
            return self.heading(name, start, after)
        if name in _BREAKS:
            self.interrupt(start)
            return self.skip_brackets(after)
        if name in _INCLUDES:
            argument = _BEGIN.match(self.text, after)
            if argument:
                self.problems.append((self.excerpt.place(start), f"\\{name}{{{argument[1]}}}: that file was not read"))
                return argument.end()
        if name == "ensuremath":
            brace = self.skip_space(after)
            stop = close_brace(self.text, brace, INLINE) if self.text.startswith("{", brace) else -1
            if stop > 0:
                self.formula(brace + 1, stop - 1, "$", False)
                return stop
        if name in _DROPPED or _CITE.match(name):
            return self.skip_arguments(after, _DROPPED.get(name, 1))
        self.say(start, after)
        return after

    def skip_space(self, position: int) -> int:
        while position < len(self.text) and self.text[position] in " \t\n":
            position += 1
        return position

    def skip_brackets(self, position: int) -> int:
        while self.text.startswith("[", position):
            stop = close_bracket(self.text, position, 500)
            if stop < 0:
                break
            position = stop
        return position

    def skip_arguments(self, position: int, count: int) -> int:
        position = self.skip_brackets(position)
        for _ in range(count):
            if not self.text.startswith("{", position):
                break
            stop = close_brace(self.text, position, INLINE)
            if stop < 0:
                break
            position = self.skip_brackets(stop)
        return position

    def heading(self, name: str, start: int, after: int) -> int:
        brace = self.skip_space(self.skip_brackets(after))
        stop = close_brace(self.text, brace, 2_000) if self.text.startswith("{", brace) else -1
        if stop < 0:
            return after
        self.interrupt(start)
        inner = _Body(self.excerpt.cut(brace + 1, stop - 1), self.problems)
        pieces = inner.pieces() if "\\" + name not in inner.text else []
        words = [p.source if isinstance(p, Formula) else p.text.strip() for p in pieces if not isinstance(p, Break)]
        self.found.append(Heading(_LEVELS[name], " ".join(words), self.excerpt.place(brace + 1)))
        self.found.extend(piece for piece in pieces if isinstance(piece, Formula))
        self.interrupt(stop)
        return stop

    # -- formulas

    def blank_line(self, position: int) -> int:
        """Where the next blank line begins, or the end."""
        if self.next_blank < position:
            found = _BLANK_LINE.search(self.text, position)
            self.next_blank = found.start() if found else len(self.text)
        return self.next_blank

    def unclosed(self, start: int, after: int, opening: str, closing: str, display: bool) -> int:
        """A display that is never closed ends at the next blank line or where another one begins."""
        self.problems.append((self.excerpt.place(start), f"{opening} opens a formula and {closing} never closes it"))
        if display:
            blank = self.blank_line(after)
            other = _OPENS_DISPLAY.search(self.text, after, min(blank, after + INLINE))
            stop = other.start() if other else min(blank, after + INLINE)
            if has_tex(self.text[after:stop]) and not is_prose(self.text[after:stop]):
                self.formula(after, stop, opening.removeprefix("\\begin").strip("{}*"), True)
                return stop
            self.prose_until = blank
        self.say(start, after)
        return after

    def formula(self, start: int, stop: int, environment: str, display: bool) -> None:
        self.flush()
        content = self.excerpt.cut(start, stop)
        self.found.extend(formulas(content, display, environment, None))

    def delimited(self, start: int, after: int, opening: str, closing: str, display: bool) -> int:
        stop = self.closing(closing, after)
        blank = self.blank_line(after)
        if stop < 0 or blank < stop:
            return self.unclosed(start, after, opening, closing, display and blank != self.prose_until)
        self.formula(after, stop, opening, display)
        return stop + len(closing)

    def environment(self, command: str, start: int, after: int) -> int:
        named = _BEGIN.match(self.text, after)
        if named is None:
            return after
        name = named[1].strip()
        table = name.rstrip("*") in ("tabular", "tabularx", "longtable")
        if command == "end":
            self.tables = max(0, self.tables - table)
            self.interrupt(start)
            return named.end()
        bare = name.rstrip("*")
        if _MATH.match(name) and bare != "subequations":
            closing = f"\\end{{{named[1]}}}"
            stop = self.closing(closing, named.end())
            if stop >= 0 and self.text.find(self.text[start : named.end()], named.end(), stop) < 0:
                self.formula(start, stop + len(closing), bare, True)
                return stop + len(closing)
            return self.unclosed(start, named.end(), f"\\begin{{{name}}}", closing, True)
        self.interrupt(start)
        if re.fullmatch(_FIGURES, bare):
            closing = f"\\end{{{named[1]}}}"
            stop = self.closing(closing, named.end())
            if stop >= 0:
                return stop + len(closing)
        self.tables += table
        with_argument = table or bare in ("minipage", "multicols", "adjustbox")
        return self.skip_arguments(named.end(), 1 + (bare == "tabularx") if with_argument else 0)
