"""A text read once from left to right: what is special in it becomes pieces, the rest is prose."""

from __future__ import annotations

import re
from typing import ClassVar

from derivations.reading.excerpt import Excerpt
from derivations.reading.source import Break, Piece, Prose


class Passage:
    """The pieces found so far, and the prose under way.  A kind of document says what is special and what prose is."""

    SPECIAL: ClassVar[re.Pattern[str]]

    def __init__(self, excerpt: Excerpt, problems: list[tuple[int, str]]) -> None:
        self.excerpt = excerpt
        self.text = excerpt.text
        self.problems = problems
        self.found: list[Piece] = []
        self.words: list[str] = []  # of the prose under way
        self.words_start = 0
        self.next_closing: dict[str, int] = {}

    def special(self, match: re.Match[str]) -> int:
        """Deal with what ``match`` found; the position after it."""
        raise NotImplementedError

    def plain(self, raw: str) -> str:
        """Prose without its marks; '' where it says nothing."""
        raise NotImplementedError

    def escapable(self, delimiter: str) -> bool:
        """Whether a backslash before the delimiter takes its meaning away."""
        raise NotImplementedError

    def pieces(self) -> list[Piece]:
        position = 0
        while match := self.SPECIAL.search(self.text, position):
            self.say(position, match.start())
            position = self.special(match)
        self.say(position, len(self.text))
        self.flush()
        return self.found

    # -- prose

    def say(self, start: int, stop: int) -> None:
        if start < stop:
            if not self.words:
                self.words_start = start
            self.words.append(self.text[start:stop])

    def flush(self) -> None:
        """End the prose under way."""
        if not self.words:
            return
        raw = "".join(self.words)
        self.words = []
        text = self.plain(raw)
        if text.strip():
            lead = len(raw) - len(raw.lstrip())
            self.found.append(Prose(text, self.excerpt.place(min(self.words_start + lead, len(self.text) - 1))))

    def interrupt(self, position: int) -> None:
        self.flush()
        if self.found and not isinstance(self.found[-1], Break):
            self.found.append(Break(self.excerpt.place(position)))

    # -- delimiters

    def closing(self, delimiter: str, position: int) -> int:
        """Where the next unescaped ``delimiter`` stands, or -1; all calls together pass over the text once."""
        known = self.next_closing.get(delimiter)
        if known is not None and (known == -1 or known >= position):
            return known
        found = self.text.find(delimiter, position)
        while found > 0 and self.escapable(delimiter) and self.is_escaped(found):
            found = self.text.find(delimiter, found + 1)
        self.next_closing[delimiter] = found
        return found

    def is_escaped(self, position: int) -> bool:
        before = position
        while before > 0 and self.text[before - 1] == "\\":
            before -= 1
        return (position - before) % 2 == 1
