"""Where the chains of a document stand: in which section and paragraph, after which words, and what they continue."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import zip_longest

from derivations.reading.parser import parse_formula
from derivations.reading.source import Break, Document, Formula, Heading, Prose
from derivations.reading.tree import Chain, Dots, Link, Side, Unread
from derivations.reading.walking import unwrap

NEVER = 10**6  # added to a place: later than anything in a document
LONG = 12  # words, after which prose no longer completes the display before it
ABBREVIATIONS = (
    "e.g",
    "i.e",
    "w.r.t",
    "cf",
    "Cf",
    "Fig",
    "Figs",
    "Eq",
    "Eqs",
    "Sec",
    "resp",
    "vs",
    "etc",
    "approx",
    "a.k.a",
)
STOP = "".join(rf"(?<!\b{re.escape(word)})" for word in ABBREVIATIONS) + r"\."
SENTENCE_END = re.compile(rf"(?:{STOP}|[!?])\s|[。！？]\s?")
CLOSED = re.compile(rf"(?:{STOP}|[!?])(?:\s|$)|[。！？]")
# words after a display that complete it
COMPLETES = re.compile(
    r"[\s,]*(?:(?:where|with|here|if|for|when|provided|assuming|wobei|mit|hier|où|avec|donde|con|siendo|onde|com|где|здесь)\b"
    r"|其中|这里|ここで|ただし|여기서)",
    re.I,
)


@dataclass(frozen=True)
class Placed:
    """A chain at its place: running number, section and paragraph, the prose before it in its sentence."""

    chain: Chain
    order: int  # of the chain's first relation; its links follow one by one
    section: int
    paragraph: int
    display: bool
    before: str
    display_start: int  # order of the display that a "where" completes
    section_end: int = NEVER
    paragraph_end: int = NEVER
    sentence: int = 0
    sentence_end: int = NEVER
    follow_end: int = NEVER  # of the paragraph and the display that follows it
    previous: Side | None = None  # the side that a chain without a left side continues
    display_begun: int = NEVER  # order of the first relation of the display in which it stands


@dataclass(frozen=True)
class Located:
    """A chain or an unread part, its formula, and where it stands."""

    formula: Formula
    part: Chain | Unread
    placed: Placed | None
    borrowed: Formula | None = None  # the formula that the left side is taken from, where the chain continues another


def locate(document: Document) -> list[Located]:
    """Every chain and every unread part of a document in reading order."""
    locator = Locator()
    for piece in document.pieces:
        match piece:
            case Heading():
                locator.heading(piece)
            case Break():
                locator.paragraph_break()
            case Prose():
                locator.prose(piece)
            case Formula():
                locator.formula(piece)
    return locator.located()


class Locator:
    """Walks the pieces of a document and keeps count."""

    def __init__(self) -> None:
        self.found: list[Located] = []
        self.order = self.paragraph = self.section = self.sections = 0
        self.open_sections: list[tuple[int, int]] = []  # (level, number)
        self.section_ends: dict[int, int] = {}
        self.paragraph_ends: dict[int, int] = {}
        self.sentence = 0
        self.sentence_ends: dict[int, int] = {}
        self.follow_ends: dict[int, int] = {}
        self.broken = False  # behind the end of a paragraph
        self.last_paragraph = 0  # the last one that something stands in
        self.words_between = 0  # since that paragraph
        self.words = ""
        self.previous: tuple[Formula, Side] | None = None
        self.previous_display: tuple[Formula, Side] | None = None
        self.after_display = False  # directly behind one
        self.last_display = 0
        self.display_start = NEVER

    def heading(self, piece: Heading) -> None:
        while self.open_sections and self.open_sections[-1][0] >= piece.level:
            self.section_ends[self.open_sections.pop()[1]] = self.order
        self.sections += 1
        self.section = self.sections
        self.open_sections.append((piece.level, self.section))
        self.paragraph_break()
        self.sentence += 1
        self.last_paragraph = -1
        self.previous = self.previous_display = None

    def paragraph_break(self) -> None:
        self.paragraph += 1
        self.words = ""
        self.broken = True

    def prose(self, piece: Prose) -> None:
        if self.broken or (self.after_display and piece.text.lstrip()[:1].isupper()) or CLOSED.search(piece.text):
            self.sentence += 1
        self.broken = False
        self.words_between += len(piece.text.split())
        self.words = SENTENCE_END.split(piece.text)[-1]
        if self.after_display and COMPLETES.match(piece.text):
            self.display_start = self.last_display
        elif self.after_display or len(piece.text.split()) > LONG:
            self.display_start = self.order + NEVER
        self.after_display = False
        if CLOSED.search(piece.text.rstrip()):
            self.display_start = self.order + NEVER

    def formula(self, piece: Formula) -> None:
        if piece.display:
            self.display_start = self.order + NEVER
            self.last_display = self.order
        self.after_display = piece.display
        if self.broken and not piece.display:
            self.sentence += 1
        self.broken = False
        follows = piece.display and self.last_paragraph not in (-1, self.paragraph) and self.words_between <= LONG
        for part in parse_formula(piece.source, piece.display):
            if isinstance(part, Chain):
                self.chain(piece, part)
            else:
                self.found.append(Located(piece, part, None))
                self.order += max(1, len(part.relations))
                self.previous = None
            self.paragraph_ends[self.paragraph] = self.sentence_ends[self.sentence] = self.order
            if follows:
                self.follow_ends[self.last_paragraph] = self.order
            self.words = f"{self.words} {piece.source}" if not piece.display else ""
        self.last_paragraph, self.words_between = self.paragraph, 0

    def chain(self, piece: Formula, chain: Chain) -> None:
        begun = self.last_display  # where the display begins that a chain after "where" in it completes
        display_start = begun if piece.display and COMPLETES.match(chain.lead) else self.display_start
        before = self.previous_display if piece.display and self.previous_display is not None else self.previous
        borrowed, side = before if before is not None and chain.first is None else (None, None)
        placed = Placed(
            chain,
            self.order,
            self.section,
            self.paragraph,
            piece.display,
            self.words,
            display_start,
            sentence=self.sentence,
            previous=side,
            display_begun=begun if piece.display else NEVER,
        )
        self.found.append(Located(piece, chain, placed, borrowed))
        self.order += max(1, len(chain.links))
        last = chain.links[-1].side if chain.links else chain.first
        if last is not None:
            self.previous = (piece, last)
        if piece.display:
            self.previous_display = self.previous

    def located(self) -> list[Located]:
        """What was found, with the ends of the sections, paragraphs and sentences it stands in."""
        end = self.order + 1
        ends = {**self.section_ends, **{number: end for _, number in self.open_sections}}
        result = []
        for item in self.found:
            if item.placed is not None:
                paragraph_end = self.paragraph_ends[item.placed.paragraph]
                placed = replace(
                    item.placed,
                    section_end=ends.get(item.placed.section, end),
                    paragraph_end=paragraph_end,
                    sentence_end=self.sentence_ends[item.placed.sentence],
                    follow_end=max(paragraph_end, self.follow_ends.get(item.placed.paragraph, 0)),
                )
                item = replace(item, placed=placed)
            result.append(item)
        return result


def sides(chain: Chain) -> Iterator[Side]:
    """All sides of a chain in order."""
    if chain.first is not None:
        yield chain.first
    for link in chain.links:
        yield link.side


def pairs(chain: Chain, previous: Side | None) -> Iterator[tuple[Side, Link]]:
    """(side before, link) of each relation; a chain that begins with a relation continues what stands before it."""
    left = chain.first if chain.first is not None else previous
    for link, after in zip_longest(chain.links, chain.links[1:]):
        if isinstance(unwrap(link.side.tree), Dots) and after is not None and link.rel == after.rel == "=":
            continue  # a = \\dots = b says a = b
        if left is not None:
            yield left, link
        left = link.side
