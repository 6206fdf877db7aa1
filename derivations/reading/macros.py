"""The author's own commands: \\newcommand, \\def, \\DeclareMathOperator and their kin, defined and expanded.

Expansion is bounded in depth, in size and in the work done for a whole document, so that a recursive or exploding macro
ends as a problem.  A character of an argument keeps its own place; what the body of a macro adds stands at the call.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from derivations.reading.excerpt import Excerpt, ExcerptBuilder

DEPTH = 60  # calls within calls
SIZE = 200_000  # characters that one call may come to
WORK = 3_000_000  # characters that all calls of a document may push, besides its own length

_DEFINING = (
    "newcommand|renewcommand|providecommand|DeclareRobustCommand|def|gdef|edef|let|DeclareMathOperator|"
    "NewDocumentCommand|RenewDocumentCommand|DeclareDocumentCommand|ProvideDocumentCommand|"
    "DeclarePairedDelimiterX|DeclarePairedDelimiter"
)
DEFINITION = re.compile(rf"\\({_DEFINING})(?![A-Za-z@])")
_TOKEN = re.compile(r"\\(?:([A-Za-z@]+)|(.))", re.S)
_SPACE = re.compile(r"\s*")
_BRACE = re.compile(r"\\.|[{}]", re.S)
_BRACKET = re.compile(r"\\.|[{}\]]", re.S)
_PARAMETER = re.compile(r"#([1-9])")
_NAME = re.compile(r"\s*(?:\{\s*\\([A-Za-z@]+|[^A-Za-z\s])\s*\}|\\([A-Za-z@]+|[^A-Za-z\s]))")
_ENDS_IN_COMMAND = re.compile(r"\\[A-Za-z@]+\Z")
_COUNT = re.compile(r"\s*\[\s*(\d)\s*\]")

# what a document is made of; a redefinition of these is for the typesetter, not for us
_STRUCTURE = frozenset(
    "begin end item section subsection subsubsection paragraph chapter part left right frac text label tag ref eqref "
    "cite footnote caption title author date maketitle input include newcommand renewcommand def let".split()
)


@dataclass(frozen=True)
class Macro:
    """``arguments`` says how each is given: 'm' in braces, 'o' in brackets (with its default), 's' a star."""

    body: str
    arguments: tuple[tuple[str, str], ...] = ()
    primitive: bool = False  # made by \let from a command that was no macro: it is not expanded again


@dataclass
class Macros:
    """The macros of a document, in force from their definitions on, and what was wrong with them."""

    table: dict[str, Macro] = field(default_factory=dict)
    problems: list[tuple[int, str]] = field(default_factory=list)
    work: int = WORK

    def expand(self, excerpt: Excerpt) -> Excerpt:
        """Take the definitions out of ``excerpt`` and put in what its macros stand for."""
        if not self.table and not DEFINITION.search(excerpt.text):
            return excerpt
        return _Expansion(self, excerpt).run()

    def read_definitions(self, excerpt: Excerpt) -> None:
        """Take notice of the definitions of a preamble, whatever else stands there."""
        position = 0
        while match := DEFINITION.search(excerpt.text, position):
            position = self.define(excerpt, match) or match.end()

    def define(self, excerpt: Excerpt, match: re.Match[str]) -> int | None:
        """Read one definition whose command ``match`` found; the position after it, or None if it is not one."""
        text, command = excerpt.text, match[1]
        position = match.end()
        if text.startswith("*", position):
            position += 1
            starred = True
        else:
            starred = False
        named = _NAME.match(text, position)
        if named is None:
            return None
        name, position = named[1] or named[2], named.end()
        read = _definition(text, position, command, starred, self.table)
        if read is None:
            self.problems.append((excerpt.place(match.start()), f"the definition of \\{name} could not be read"))
            return None
        macro, position = read
        if name not in _STRUCTURE and not (command == "providecommand" and name in self.table):
            self.table[name] = macro
        return position


def close_brace(text: str, position: int, limit: int = 50_000) -> int:
    """The position after the } that closes the { at ``position``, or -1 where none does within ``limit``."""
    depth = 0
    for match in _BRACE.finditer(text, position, min(len(text), position + limit)):
        if match[0] == "{":
            depth += 1
        elif match[0] == "}":
            depth -= 1
            if depth == 0:
                return match.end()
    return -1


def close_bracket(text: str, position: int, limit: int = 5_000) -> int:
    """The position after the ] that closes the [ at ``position`` (braces within are whole), or -1."""
    depth = 0
    for match in _BRACKET.finditer(text, position + 1, min(len(text), position + limit)):
        if match[0] == "{":
            depth += 1
        elif match[0] == "}":
            depth -= 1
            if depth < 0:
                return -1
        elif match[0] == "]" and depth == 0:
            return match.end()
    return -1


def _skip(text: str, position: int) -> int:
    found = _SPACE.match(text, position)
    return found.end() if found else position


def _group(text: str, position: int) -> tuple[str, int] | None:
    position = _skip(text, position)
    if not text.startswith("{", position):
        return None
    stop = close_brace(text, position)
    return (text[position + 1 : stop - 1], stop) if stop > 0 else None


def _definition(
    text: str, position: int, command: str, starred: bool, table: dict[str, Macro]
) -> tuple[Macro, int] | None:
    if command == "let":
        return _let(text, position, table)
    if command in ("def", "gdef", "edef"):
        start = position
        while text.startswith("#", position) and text[position + 1 : position + 2].isdigit():
            position += 2
        if not text.startswith("{", position):
            return None  # delimited parameters are TeX programming
        count = (position - start) // 2
        body = _group(text, position)
        return (Macro(body[0], (("m", ""),) * count), body[1]) if body else None
    if command == "DeclareMathOperator":
        body = _group(text, position)
        operator = "\\operatorname*" if starred else "\\operatorname"
        return (Macro(f"{operator}{{{body[0]}}}"), body[1]) if body else None
    if command.endswith("DocumentCommand"):
        return _document_command(text, position)
    if command.startswith("DeclarePairedDelimiter"):
        return _paired_delimiter(text, position, command.endswith("X"))
    arguments: list[tuple[str, str]] = []
    if counted := _COUNT.match(text, position):
        arguments = [("m", "")] * int(counted[1])
        position = counted.end()
        bracket = _skip(text, position)
        if text.startswith("[", bracket) and arguments:
            stop = close_bracket(text, bracket)
            if stop < 0:
                return None
            arguments[0] = ("o", text[bracket + 1 : stop - 1])
            position = stop
    body = _group(text, position)
    if body is None:
        token = _TOKEN.match(text, _skip(text, position))  # \newcommand\E\mathbb
        return (Macro(token[0], tuple(arguments)), token.end()) if token else None
    return Macro(body[0], tuple(arguments)), body[1]


def _let(text: str, position: int, table: dict[str, Macro]) -> tuple[Macro, int] | None:
    position = _skip(text, position)
    if text.startswith("=", position):
        position = _skip(text, position + 1)
    token = _TOKEN.match(text, position)
    if token is None:
        return (Macro(text[position], primitive=True), position + 1) if position < len(text) else None
    known = table.get(token[1] or token[2])
    return known or Macro(token[0], primitive=True), token.end()


def _document_command(text: str, position: int) -> tuple[Macro, int] | None:
    given = _group(text, position)
    body = _group(text, given[1]) if given else None
    if given is None or body is None:
        return None
    arguments: list[tuple[str, str]] = []
    place = 0
    while (place := _skip(given[0], place)) < len(given[0]):
        kind = given[0][place]
        place += 1
        if kind == "O":
            default = _group(given[0], place)
            if default is None:
                return None
            arguments.append(("o", default[0]))
            place = default[1]
        elif kind in "mos":
            arguments.append((kind, ""))
        else:
            return None
    return Macro(body[0], tuple(arguments)), body[1]


def _paired_delimiter(text: str, position: int, extended: bool) -> tuple[Macro, int] | None:
    """\\abs{x} and \\abs*{x} are both \\left|x\\right|: the size does not matter to us."""
    count = 1
    if extended:
        counted = _COUNT.match(text, position)
        if counted is None:
            return None
        count, position = int(counted[1]), counted.end()
    left = _group(text, position)
    right = _group(text, left[1]) if left else None
    if left is None or right is None:
        return None
    inner, position = "#2", right[1]
    if extended:
        body = _group(text, position)
        if body is None:
            return None
        # the star and the size come first, so the arguments move up by two
        inner = _PARAMETER.sub(lambda m: f"#{int(m[1]) + 2}", body[0].replace("\\delimsize", ""))
        position = body[1]
    else:
        inner = "#3"
    arguments = (("s", ""), ("o", ""), *((("m", ""),) * count))
    opening, closing = left[0].strip() or ".", right[0].strip() or "."
    return Macro(f"\\left{opening} {inner} \\right{closing} ", arguments), position


class _Frame:
    __slots__ = ("excerpt", "position")

    def __init__(self, excerpt: Excerpt) -> None:
        self.excerpt = excerpt
        self.position = 0


class _TooMuch(Exception):
    """A macro came to too much; the message says how."""


class _Expansion:
    """One pass over an excerpt with a stack of what is still to be read: the text and the macro bodies within it."""

    def __init__(self, macros: Macros, excerpt: Excerpt) -> None:
        self.macros = macros
        self.whole = excerpt
        self.stack = [_Frame(excerpt)]
        self.out = ExcerptBuilder()
        macros.work += len(excerpt)

    def run(self) -> Excerpt:
        base = self.stack[0]
        call: tuple[int, int, str] | None = None  # the outermost call under way: its span in the text, its name
        mark = self.out.mark()
        while self.stack:
            if len(self.stack) == 1:
                call, mark = None, self.out.mark()
            frame = self.stack[-1]
            token = _TOKEN.search(frame.excerpt.text, frame.position)
            if token is None:
                self.out.add(frame.excerpt, frame.position)
                self.stack.pop()
                continue
            self.out.add(frame.excerpt, frame.position, token.start())
            frame.position = token.end()
            name = token[1] or token[2]
            defining = DEFINITION.match(frame.excerpt.text, token.start()) if token[1] else None
            if defining and (after := self.macros.define(frame.excerpt, defining)) is not None:
                frame.position = after
            elif (macro := self.macros.table.get(name)) is None:
                self.out.add(frame.excerpt, token.start(), token.end())
            else:
                if call is None:
                    call = (token.start(), token.end(), name)
                try:
                    self.call(name, macro, frame.excerpt.place(token.start()))
                    if len(self.out) - mark[2] > SIZE:
                        raise _TooMuch(f"\\{name} becomes too long when it is expanded")
                except _TooMuch as reason:
                    self.give_up(base, call, mark, str(reason))
        return self.out.build(self.whole.end)

    def give_up(self, base: _Frame, call: tuple[int, int, str], mark: tuple[int, int, int], reason: str) -> None:
        """Leave the outermost call as it is written, and do not try that macro again."""
        start, stop, name = call
        self.macros.problems.append((base.excerpt.place(start), f"the macro \\{name} was left alone: {reason}"))
        self.macros.table.pop(name, None)
        self.out.rewind(mark)
        self.out.add(base.excerpt, start, stop)
        base.position = stop
        self.stack = [base]

    def call(self, name: str, macro: Macro, place: int) -> None:
        """Read the arguments of a call, and put what it stands for on the stack."""
        if macro.primitive:
            self.out.insert(macro.body, place)
            return
        if len(self.stack) > DEPTH:
            raise _TooMuch(f"\\{name} is defined by itself, or too deep")
        arguments = [self.argument(kind, default, name, place) for kind, default in macro.arguments]
        body = ExcerptBuilder()
        position, before = 0, ""
        for parameter in _PARAMETER.finditer(macro.body):
            written = macro.body[position : parameter.start()]
            before = self.separate(body, before, written, place)
            body.insert(written, place)
            number = int(parameter[1]) - 1
            if number < len(arguments):
                before = self.separate(body, before, arguments[number].text, place)
                body.add(arguments[number])
            position = parameter.end()
        before = self.separate(body, before, macro.body[position:], place)
        body.insert(macro.body[position:], place)
        self.macros.work -= len(body) + 1
        if self.macros.work < 0:
            raise _TooMuch("the macros of this document come to too much")
        if len(body) > SIZE:
            raise _TooMuch(f"\\{name} becomes too long when it is expanded")
        if body:
            frame = self.stack[-1]
            self.separate(body, before, frame.excerpt.text[frame.position : frame.position + 1], place)
            self.stack.append(_Frame(body.build(place)))

    @staticmethod
    def separate(body: ExcerptBuilder, before: str, after: str, place: int) -> str:
        """Keep a command from running into the letters put after it; what then stands before the next part."""
        if after and after[0].isalpha() and _ENDS_IN_COMMAND.search(before[-40:]):
            body.insert(" ", place)
        return after or before

    def argument(self, kind: str, default: str, name: str, place: int) -> Excerpt:
        frame = self.stack[-1]
        start = _skip(frame.excerpt.text, frame.position)
        while start >= len(frame.excerpt.text) and len(self.stack) > 1:
            self.stack.pop()  # a body may leave its last arguments to the text after the call
            frame = self.stack[-1]
            start = _skip(frame.excerpt.text, frame.position)
        text = frame.excerpt.text
        if kind == "s":
            if text.startswith("*", start):
                frame.position = start + 1
            return Excerpt("", [0], [place], [True], place)
        if kind == "o":
            stop = close_bracket(text, start) if text.startswith("[", start) else -1
            if stop < 0:
                filled = ExcerptBuilder()
                filled.insert(default, place)
                return filled.build(place)
            frame.position = stop
            return frame.excerpt.cut(start + 1, stop - 1)
        if text.startswith("{", start):
            stop = close_brace(text, start)
            if stop < 0:
                raise _TooMuch(f"an argument of \\{name} has no closing brace")
            frame.position = stop
            return frame.excerpt.cut(start + 1, stop - 1)
        token = _TOKEN.match(text, start)
        frame.position = token.end() if token else start + 1
        if start >= len(text):
            raise _TooMuch(f"an argument of \\{name} is missing")
        return frame.excerpt.cut(start, frame.position)
