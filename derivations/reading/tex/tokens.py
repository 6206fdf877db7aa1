"""From characters to lexemes: what TeX itself would see, with exact places.

`tokenise` knows TeX's conventions (one letter or digit after ``^``, a command ends at the first non-letter, ``{``
groups) and the tables of `notation.py`.  It never fails: what is wrong becomes a lexeme of kind ERROR
at its place.  Brackets are matched in `structure.py`.
"""

from __future__ import annotations

import re

from derivations.reading.tex import notation as n
from derivations.reading.tex.commands import Commands
from derivations.reading.tex.lexemes import Lexeme
from derivations.reading.tex.scanner import SPACE

_NUMBER = re.compile(r"\d+(?:\{,\}\d{3})*(?:\.\d+)?|\.\d+")
_DOTS = re.compile(r"\.\s*\.\s*\.")
_STAR = re.compile(r"\s*(?:(\{\s*)?)(\*|\\(?:ast|star)(?![A-Za-z]))\s*")
_PRIMES = re.compile(r"\s*(?:\{\s*((?:\\prime(?![A-Za-z])\s*|['’′])+)\}|((?:\\prime(?![A-Za-z])\s*)|['’′]))")
_WORD_BRACE = re.compile(r"\{\s*([A-Za-z]{2,})\s*\}")


class _Tokeniser(Commands):
    """The loop over the characters."""

    def run(self) -> list[Lexeme]:
        size = len(self.source)
        while self.pos < size:
            space = SPACE.match(self.source, self.pos)
            if space:
                self.pos = space.end()
                continue
            c = self.source[self.pos]
            if self.pos in self.special:
                self.special_place()
            elif c == "\\":
                self.command()
            elif c.isascii() and c.isalpha():
                self.letters()
            elif c.isascii() and (c.isdigit() or c == "."):
                self.digits()
            elif c in n.CHARACTERS:
                self.character(n.CHARACTERS[c])
            else:
                self.punctuation(c)
        self.unnegated()
        return self.out

    def special_place(self) -> None:
        lexeme = self.special[self.pos]
        if lexeme is not None:
            self.out.append(lexeme)
            self.single = 1 if lexeme.side == "root" else 0
        if self.source[self.pos] == "}":
            self.pop()
        elif self.source[self.pos] == "{":
            self.push(False)
        self.pos += 1

    def digits(self) -> None:
        start = self.pos
        dots = _DOTS.match(self.source, start)
        found = _NUMBER.match(self.source, start)
        if found:
            end = start + 1 if self.single else found.end()
            self.emit("NUMBER", start, end, self.source[start:end].replace("{,}", ""))
        elif dots:
            end = dots.end()
            self.emit("DOTS", start, end)
        else:
            end = start + 1
            self.emit("PERIOD", start, end)
        self.pos = end

    def character(self, stands_for: str) -> None:
        start = self.pos
        self.pos += 1
        if stands_for.startswith("\\"):
            self.named(stands_for[1:], start, self.pos)
        elif stands_for == "'":
            self.emit("PRIME", start, self.pos, "'")
        elif stands_for == ".":
            self.emit("PERIOD", start, self.pos)
        else:
            self.sign(stands_for, start, self.pos)

    def punctuation(self, c: str) -> None:
        start = self.pos
        two = self.source[start : start + 2]
        if c == "{":
            self.left_brace()
        elif c == "}":
            self.pos += 1
            if start in self.braces:
                self.emit("RBRACE", start, self.pos)
                self.pop()
            else:
                self.error(start, self.pos, "this closing '}' has no opening '{'")
        elif c == "&":
            self.pos += 1
            self.emit("AMP", start, self.pos)
        elif c in "^_":
            self.script(c)
        elif c == "'":
            self.pos += 1
            self.emit("PRIME", start, self.pos, "'")
        elif two in ("||", ":=", "==", "=:", "<=", ">=", "=>", "->"):
            self.pos += 2
            self.sign(two, start, self.pos)
        elif c == ":":
            self.pos += 1
            self.colon(start)
        else:
            self.pos += 1
            self.sign(c, start, self.pos)

    def sign(self, c: str, start: int, end: int) -> None:
        """A sign of one or two characters."""
        if c in n.RELATIONS and self.negate is None and self.marked(start, end, n.RELATIONS[c]):
            return
        if c in n.RELATIONS:
            self.emit("REL", start, end, n.RELATIONS[c])
        elif c in n.CONSEQUENCES:
            self.emit("CONSEQUENCE", start, end, n.CONSEQUENCES[c])
        elif c in "+-":
            self.emit("SIGN", start, end, c)
        elif c in n.PRODUCT_SIGNS:
            self.emit("TIMES", start, end, n.PRODUCT_SIGNS[c])
        elif c in (",", ";", ":"):
            self.emit("SEP", start, end, c)
        elif c in ("|", "||"):
            self.emit("BAR", start, end, c)
        elif c in "([":
            self.emit("OPEN", start, end, c)
        elif c in ")]":
            self.emit("CLOSE", start, end, c)
        elif c == "!":
            self.emit("FACTORIAL", start, end)
        else:
            self.error(start, end, f"the character {c!r} has no meaning here")

    def left_brace(self) -> None:
        start = self.pos
        if start not in self.braces:
            self.pos += 1
            self.error(start, self.pos, "expected a closing '}' for this '{'")
            return
        end = self.braces[start]
        before = self.previous()
        if not self.single and before not in ("SUB", "SUP"):
            inside = self.source[start + 1 : min(end, start + 40)].strip() if end < start + 40 else "x"
            if not inside and self.source[self.skip_space(end + 1) :][:1] not in ("_", "^"):
                self.pos = end + 1
                return
            name = inside.lstrip("\\") if inside.startswith("\\") else inside
            if name in n.RELATIONS and (inside.startswith("\\") or not name.isalpha()):
                self.pos = end + 1
                self.emit("REL", start, self.pos, n.RELATIONS[name])
                return
        side = {"SUB": "sub", "SUP": "sup"}.get(before, "arg" if self.single else "")
        lexeme = self.emit("LBRACE", start, start + 1)
        lexeme.side = side
        words = self.words or (before == "FONT" and self.out[-2].value in n.WORD_FONTS)
        self.push(words, side)
        self.pos += 1
        if side in ("sub", "sup"):
            word = _WORD_BRACE.match(self.source, start)
            if word and (len(word.group(1)) > 2 or word.group(1) in n.FUNCTION_WORDS):
                text = word.group(1)
                self.emit("NAME", word.start(1), word.end(1), text, "rm" if text in n.FUNCTION_WORDS else "")
                self.pos = word.end(1)

    def script(self, c: str) -> None:
        start = self.pos
        self.pos += 1
        if c == "_" and start in self.notes:
            end = self.notes.pop(start)
            self.note(start, end)
            return
        if c == "^" and start in self.notes:
            self.note(start, self.notes.pop(start))
            return
        if c == "^":
            primes = _PRIMES.match(self.source, self.pos)
            if primes:
                text = primes.group(1) or primes.group(2)
                count = text.count("prime") + sum(text.count(p) for p in "'’′")
                self.pos = primes.end()
                self.emit("PRIME", start, self.pos, "'" * count)
                return
            star = _STAR.match(self.source, self.pos)
            if star:
                brace = star.group(1) is not None
                end = star.end()
                if not brace:
                    self.pos = star.end(2)
                    self.emit("STAR", start, self.pos)
                    return
                if self.source[end : end + 1] == "}":
                    self.pos = end + 1
                    self.emit("STAR", start, self.pos)
                    return
                if self.source[end : end + 1] not in ("*", "\\") or _STAR.match(self.source, end) is None:
                    opened = self.source.index("{", self.pos)
                    if opened in self.braces:  # x^{*T}: the star, then the rest as a superscript
                        self.emit("STAR", star.start(2), star.end(2))
                        self.emit("SUP", start, start + 1)
                        self.single += 1
                        self.pos = opened
                        self.left_brace()
                        self.pos = end
                        return
        self.emit("SUP" if c == "^" else "SUB", start, self.pos)
        self.single += 1


def tokenise(source: str) -> list[Lexeme]:
    """The lexemes of a formula in order.  Time is linear in ``len(source)``."""
    return _Tokeniser(source).run()
