"""The state of the tokeniser and its small steps: emitting, skipping, looking for arguments."""

from __future__ import annotations

import re

from derivations.reading.tex import notation as n
from derivations.reading.tex.lexemes import Lexeme

COMMAND = re.compile(r"\\([A-Za-z]+\*?|[^A-Za-z]|$)", re.S)
SPACE = re.compile(r"[\s~\u200b\u200c\u2060\ufeff\u00a0]+")
LETTERS = re.compile(r"[A-Za-z]+")
# what only begins something: behind it, arguments are still expected
_EXPECTING = frozenset(
    {"LBRACE", "SUB", "SUP", "FONT", "ACCENT", "FRAC", "BINOM", "ROOT", "ROOTN", "UNDERSET", "OVERSET", "DECOR"}
)


def brace_partners(source: str) -> dict[int, int]:
    partners: dict[int, int] = {}
    stack: list[int] = []
    i = 0
    while i < len(source):
        c = source[i]
        if c == "\\":
            i += 2
            continue
        if c == "{":
            stack.append(i)
        elif c == "}" and stack:
            opened = stack.pop()
            partners[opened] = i
            partners[i] = opened
        i += 1
    return partners


class Scanner:
    """Reads ``source`` from ``pos`` on into ``out``; the classes built on it know one kind of notation each."""

    def __init__(self, source: str):
        self.source = source
        self.braces = brace_partners(source)
        self.out: list[Lexeme] = []
        self.pos = 0
        self.single = 0  # arguments still expected here, so that letters and digits come one by one
        # of each open brace: (single to restore, word mode, font of \rm and its kin)
        self.open: list[tuple[int, bool, str, str]] = []
        self.words = False
        self.side = ""  # 'sub', 'sup' or 'arg', of the innermost open brace
        self.font = ""
        self.negate: Lexeme | None = None
        self.switch = -1  # where a font command without braces stands, until the next lexeme
        self.special: dict[int, Lexeme | None] = {}  # a place whose delimiter is something else; None: dropped
        self.notes: dict[int, int] = {}  # the '_' of an underbrace's note

    def unnegated(self) -> None:
        """A \\not that negates nothing."""
        if self.negate is not None:
            negated, self.negate = self.negate, None
            self.out.append(Lexeme("ERROR", negated.start, negated.end, error="expected a relation sign after \\not"))

    def emit(self, kind: str, start: int, end: int, value: str = "", font: str = "") -> Lexeme:
        if self.negate is not None and kind == "REL" and value in n.NEGATED:
            value, start, self.negate = n.NEGATED[value], self.negate.start, None
        self.unnegated()
        if self.switch >= 0:
            start, self.switch = self.switch, -1
        if not self.open and kind in ("REL", "ROW", "AMP", "SEP", "CONSEQUENCE", "QUAD", "TEXT", "QUANTIFIER"):
            self.font = ""
        if self.font and kind == "NAME" and not font:
            font = self.font
        lexeme = Lexeme(kind, start, end, value, font)
        self.out.append(lexeme)
        if kind in ("NAME", "NUMBER", "TEXT", "DOTS"):
            self.single = max(self.single - 1, 0)
        elif kind not in _EXPECTING:
            self.single = 0
        return lexeme

    def error(self, start: int, end: int, message: str) -> None:
        self.unnegated()
        self.out.append(Lexeme("ERROR", start, end, error=message))
        self.single = 0

    def takes(self, kind: str, start: int, end: int, value: str, arguments: int) -> Lexeme:
        """A command with arguments of its own; it is itself one argument of what stands before."""
        lexeme = self.emit(kind, start, end, value)
        self.single = max(self.single - 1, 0) + arguments
        return lexeme

    def skip_space(self, pos: int) -> int:
        found = SPACE.match(self.source, pos)
        return found.end() if found else pos

    def braced(self, pos: int) -> tuple[int, int] | None:
        """Inside of the brace group that begins at ``pos`` (after spaces): (start, end) without the braces."""
        pos = self.skip_space(pos)
        if pos < len(self.source) and self.source[pos] == "{" and pos in self.braces:
            return pos + 1, self.braces[pos]
        return None

    def drop_dollars(self, start: int, end: int) -> bool:
        """Whether what stands in these braces is one formula in dollars, \\mbox{$x$}; the dollars go."""
        content = self.source[start:end].strip()
        if len(content) < 3 or content[0] != "$" or content[-1] != "$" or "$" in content[1:-1]:
            return False
        first = self.source.index("$", start)
        self.special[first] = self.special[first + len(content) - 1] = None
        return True

    def skip_option(self, pos: int) -> int:
        at = self.skip_space(pos)
        if at < len(self.source) and self.source[at] == "[":
            end = self.source.find("]", at, at + 200)
            if end >= 0:
                return end + 1
        return pos

    def previous(self) -> str:
        return self.out[-1].kind if self.out else ""

    def push(self, words: bool, side: str = "") -> None:
        self.open.append((max(self.single - 1, 0), self.words, self.font, self.side))
        self.single, self.words, self.side = 0, words, side

    def pop(self) -> None:
        if self.open:
            self.single, self.words, self.font, self.side = self.open.pop()
