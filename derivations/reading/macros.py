"""The author's own commands: \\newcommand, \\def, \\DeclareMathOperator and their kin, defined and expanded.

Expansion is bounded in depth, in size and in the work done for a whole document, so that a recursive or exploding macro
ends as a problem.  A character of an argument keeps its own place; what the body of a macro adds stands at the call.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from derivations.reading.definitions import (
    DEFINITION,
    ENVIRONMENT,
    PARAMETER,
    TOKEN,
    Macro,
    close_brace,
    close_bracket,
    read_definition,
    skip_space,
)
from derivations.reading.excerpt import Excerpt, ExcerptBuilder
from derivations.reading.house_macros import HouseMacros

DEPTH = 60  # calls within calls
SIZE = 200_000  # characters that one call may come to
LONGEST_ARGUMENT = 50_000  # characters, up to its delimiter
WORK = 3_000_000  # characters that all calls of a document may push, besides its own length

_ENDS_IN_COMMAND = re.compile(r"\\[A-Za-z@]+\Z")


@dataclass
class Macros:
    """The macros of a document, in force from their definitions on, and what was wrong with them."""

    table: dict[str, Macro] = field(default_factory=dict)
    problems: list[tuple[int, str]] = field(default_factory=list)
    work: int = WORK
    house: HouseMacros = field(default_factory=HouseMacros)  # for commands that the document defines nowhere

    def expand(self, excerpt: Excerpt) -> Excerpt:
        """Take the definitions out of ``excerpt`` and put in what its macros stand for."""
        if "\\" not in excerpt.text:
            return excerpt
        return _Expansion(self, excerpt).run()

    def read_definitions(self, excerpt: Excerpt) -> None:
        """Take notice of the definitions of a preamble, whatever else stands there."""
        position = 0
        while match := DEFINITION.search(excerpt.text, position):
            position = self.define(excerpt, match) or match.end()

    def define(self, excerpt: Excerpt, match: re.Match[str]) -> int | None:
        """Read one definition whose command ``match`` found; the position after it, or None if it is not one."""
        read = read_definition(excerpt.text, match, self.table)
        if isinstance(read, str):
            if read:
                self.problems.append((excerpt.place(match.start()), read))
            return None
        macros, position = read
        self.table.update(macros)
        return position


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
                call = None
            frame = self.stack[-1]
            token = TOKEN.search(frame.excerpt.text, frame.position)
            if token is None:
                self.out.add(frame.excerpt, frame.position)
                self.stack.pop()
                continue
            self.out.add(frame.excerpt, frame.position, token.start())
            frame.position = token.end()
            name = token[1] or token[2]
            named = ENVIRONMENT.match(frame.excerpt.text, token.end()) if name in ("begin", "end") else None
            if named and f"{name} {named[1]}" in self.macros.table:
                # an environment of the author is two macros, named as they are called
                name, frame.position = f"{name} {named[1]}", named.end()
            defining = DEFINITION.match(frame.excerpt.text, token.start()) if token[1] else None
            if defining and (after := self.macros.define(frame.excerpt, defining)) is not None:
                frame.position = after
            elif (macro := self.macros.table.get(name) or self.house(name, frame, token)) is None:
                self.out.add(frame.excerpt, token.start(), token.end())
            else:
                if call is None:
                    mark = self.out.mark()
                    call = (token.start(), frame.position, name)
                try:
                    self.call(name, macro, frame.excerpt.place(token.start()))
                    if len(self.out) - mark[2] > SIZE:
                        raise _TooMuch(f"\\{name} becomes too long when it is expanded")
                except _TooMuch as reason:
                    self.give_up(base, call, mark, str(reason))
        return self.out.build(self.whole.end)

    def house(self, name: str, frame: _Frame, token: re.Match[str]) -> Macro | None:
        if not token[1]:
            return None
        text = frame.excerpt.text
        return self.macros.house.of(name, text[max(token.start() - 5, 0) : token.start()], text[token.end() :])

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
        arguments = []
        for kind, default in macro.arguments:
            if kind == "l":
                self.literal(default, name)
            else:
                arguments.append(self.argument(kind, default, name, place))
        body = ExcerptBuilder()
        position, before = 0, ""
        for parameter in PARAMETER.finditer(macro.body):
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
            built = body.build(place)
            self.separate(self.out, self.out.tail(40), built.text, place)  # \sim\pd, where \pd is p_{data}
            self.stack.append(_Frame(built))

    @staticmethod
    def separate(body: ExcerptBuilder, before: str, after: str, place: int) -> str:
        """Keep a command from running into the letters put after it; what then stands before the next part."""
        if after and after[0].isalpha() and _ENDS_IN_COMMAND.search(before[-40:]):
            body.insert(" ", place)
        return after or before

    def argument(self, kind: str, default: str, name: str, place: int) -> Excerpt:
        frame = self.stack[-1]
        start = skip_space(frame.excerpt.text, frame.position)
        while start >= len(frame.excerpt.text) and len(self.stack) > 1:
            self.stack.pop()  # a body may leave its last arguments to the text after the call
            frame = self.stack[-1]
            start = skip_space(frame.excerpt.text, frame.position)
        text = frame.excerpt.text
        if kind == "d":
            return self.delimited(frame, start, default, name)
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
        token = TOKEN.match(text, start)
        frame.position = token.end() if token else start + 1
        if start >= len(text):
            raise _TooMuch(f"an argument of \\{name} is missing")
        return frame.excerpt.cut(start, frame.position)

    def literal(self, sign: str, name: str) -> None:
        """Pass over a sign that has to follow the name."""
        frame = self.stack[-1]
        start = skip_space(frame.excerpt.text, frame.position)
        if not frame.excerpt.text.startswith(sign, start):
            raise _TooMuch(f"\\{name} is defined for what is followed by {sign}")
        frame.position = start + len(sign)

    @staticmethod
    def delimited(frame: _Frame, start: int, delimiter: str, name: str) -> Excerpt:
        """An argument up to its delimiter outside all braces."""
        text, position = frame.excerpt.text, start
        limit = min(len(text), start + LONGEST_ARGUMENT)
        while position < limit and not text.startswith(delimiter, position):
            if text[position] == "{":
                position = close_brace(text, position)
                if position < 0:
                    break
            else:
                position += 2 if text[position] == "\\" else 1
        if not start <= position < limit:
            raise _TooMuch(f"an argument of \\{name} is not followed by {delimiter}")
        frame.position = position + len(delimiter)
        whole = text[start] == "{" and close_brace(text, start) == position
        return frame.excerpt.cut(start + 1, position - 1) if whole else frame.excerpt.cut(start, position)
