"""Letters and words: runs of plain letters, fonts, \\text."""

from __future__ import annotations

import re

from derivations.reading.tex import notation as n
from derivations.reading.tex.scanner import LETTERS, Scanner

_SPACING_IN_WORD = re.compile(r"\\[,;:! ]|[\s~]|\\(?:thinspace|quad)(?![A-Za-z])")
_FONTS_WITHIN = re.compile(r"\\math(?:bb|bf|rm|cal|sf)(?![A-Za-z])|[{}\s]|\\[,;!:]")
# words of a sentence that are typed among the letters: 0 \\ if \\ x = 0
_TYPED_WORDS = frozenset("if and for where otherwise when then subject to with else".split())
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:-[A-Za-z0-9]+)*")


def split_letters(run: str) -> list[str]:
    """The known words in a run of plain letters; every other letter stands alone: 'logD' is log, D."""
    if run in n.FUNCTION_WORDS:
        return [run]
    pieces: list[str] = []
    i = 0
    word_before = True
    while i < len(run):
        for length in range(min(11, len(run) - i), 1, -1):
            word = run[i : i + length]
            if word not in n.FUNCTION_WORDS or word in n.ALONE_WORDS or (word in n.SHORT_WORDS and not word_before):
                continue
            pieces.append(word)
            i += length
            word_before = True
            break
        else:
            pieces.append(run[i])
            i += 1
            word_before = False
    return pieces


class Words(Scanner):
    """Names of letters, in every font."""

    def letters(self) -> None:
        found = LETTERS.match(self.source, self.pos)
        assert found
        run, start = found.group(), self.pos
        if self.single:
            run = run[0]
            self.emit("NAME", start, start + 1, run)
        elif run in _TYPED_WORDS and not self.font and self.stands_apart(start, found.end()):
            self.emit("TEXT", start, found.end(), run)
        elif self.words or (self.font and len(run) > 1 and self.font in n.WORD_FONTS) or self.is_index_word(run, start):
            font = "rm" if run in n.FUNCTION_WORDS and not self.font else ""
            kind = "TEXT" if self.words and run in n.PROSE_WORDS and len(run) > 1 else "NAME"
            self.emit(kind, start, found.end(), run, font)
        else:
            at = start
            for piece in split_letters(run):
                self.emit("NAME", at, at + len(piece), piece, "rm" if len(piece) > 1 else "")
                at += len(piece)
        self.pos = start + len(run)

    def stands_apart(self, start: int, end: int) -> bool:
        """Whether a run of letters outside of scripts has space before and behind it."""
        before, after = self.source[:start][-1:], self.source[end : end + 1]
        return not self.side and (not before or before in " ~\n\t,;&}") and (not after or after in " ~\n\t\\{$")

    def is_index_word(self, run: str, start: int) -> bool:
        """A run of three letters or more that is one item of a subscript: p_{data(x)}, x_{train,i}."""
        if len(run) < 3 or run in n.FUNCTION_WORDS or len(split_letters(run)) != len(run):
            return False
        if self.side != "sub" or self.previous() not in ("LBRACE", "SEP"):
            return False
        after = self.skip_space(start + len(run))
        return after < len(self.source) and self.source[after] in ",}("

    def text(self, name: str, start: int, end: int) -> None:
        inside = self.braced(end)
        font = n.FONTS.get(name, "rm") if name not in ("text", "mbox", "hbox") else "rm"
        if inside is None:
            at = self.skip_space(end)
            if self.source[at : at + 1].isalpha():
                self.pos = at + 1
                self.emit("NAME", start, self.pos, self.source[at], font)
            else:
                self.error(start, end, f"expected '{{' after \\{name}")
            return
        content = self.source[inside[0] : inside[1]]
        if self.drop_dollars(*inside):
            self.special[inside[0] - 1] = self.special[inside[1]] = None
            self.pos = end
            return
        self.pos = inside[1] + 1
        stripped = content.strip(" \n\t~").rstrip(".,;:") if len(content) < 60 else content
        word = _WORD.fullmatch(stripped)
        if not content.strip(" \n\t~"):
            return
        if content.strip() in (",", ";"):
            self.emit("SEP", start, self.pos, content.strip())
        elif content.strip() == ".":
            self.emit("PERIOD", start, self.pos)
        elif stripped.isdigit() and stripped == content.strip():
            self.emit("NUMBER", start, self.pos, stripped)
        elif word and (stripped == content if len(stripped) == 1 else stripped.lower() not in n.PROSE_WORDS):
            spaced = content != content.strip() and stripped not in n.FUNCTION_WORDS
            self.emit("NAME", start, self.pos, stripped, font).side = "spaced" if spaced else ""
        elif len(stripped.split()) > 1 and all(part in n.FUNCTION_WORDS for part in stripped.split()):
            for found in _WORD.finditer(self.source, inside[0], inside[1]):  # \\text{ln exp}
                self.emit("NAME", found.start(), found.end(), found.group(), "rm")
        elif stripped.replace(" ", "").lower() in ("argmax", "argmin"):
            self.emit("NAME", start, self.pos, stripped.replace(" ", "").lower(), "rm")
        else:
            self.emit("TEXT", start, self.pos, " ".join(content.split()))

    def font_command(self, name: str, start: int, end: int) -> None:
        font = n.FONTS[name]
        at = self.skip_space(end)
        inside = self.braced(end)
        if name in n.PLACING:
            if inside:
                content = self.source[inside[0] : inside[1]].strip()
                bar = n.BARS.get(content.lstrip("\\") if content != "\\|" else content)
                if bar is None and content == "||":
                    bar = "||"
                if bar and name in ("mathrel", "mathbin"):
                    self.pos = inside[1] + 1
                    self.emit("MID", start, self.pos, bar)
                    return
                self.special[inside[0] - 1] = None
                self.special[inside[1]] = None
            return
        if inside:
            content = self.source[inside[0] : inside[1]]
            spelled = _FONTS_WITHIN.sub("", content)
            if name.startswith("operatorname") and "\\" in content and spelled in n.FUNCTION_WORDS:
                self.pos = inside[1] + 1  # \\operatorname{\\mathbb{V}ar}
                self.emit("NAME", start, self.pos, spelled, "rm")
                return
            if not content.strip() and not self.single:
                self.pos = inside[1] + 1  # \\mathop{} only makes space
                return
            if len(content) < 60 and self.word(content, font, name, start, inside[1] + 1):
                self.pos = inside[1] + 1
                return
        elif at < len(self.source) and self.source[at].isascii() and self.source[at].isalnum():
            self.pos = at + 1
            digit = self.source[at].isdigit() and font in ("rm", "")
            self.emit("NUMBER" if digit else "NAME", start, self.pos, self.source[at], font)
            return
        self.takes("FONT", start, end, font, 1)

    def word(self, content: str, font: str, name: str, start: int, end: int) -> bool:
        """A name of letters in a font: emitted as one lexeme, if it is one."""
        plain = _SPACING_IN_WORD.sub("", content)
        words = _SPACING_IN_WORD.sub(" ", content).split()
        if plain.isdigit():
            self.emit("NUMBER" if font in ("rm", "") else "NAME", start, end, plain, "" if font == "rm" else font)
            return True
        if not _WORD.fullmatch(plain):
            return False
        known = plain in n.FUNCTION_WORDS
        if len(words) > 1 and not known:
            if font != "rm":
                return False
            kind = "NAME" if name.startswith("operatorname") else "TEXT"
            self.emit(kind, start, end, plain if kind == "NAME" else " ".join(words), font if kind == "NAME" else "")
        elif font == "rm" and len(plain) > 1 and plain.lower() in n.PROSE_WORDS and not known:
            self.emit("TEXT", start, end, plain)
        elif (
            len(plain) == 1
            or known
            or font in n.WORD_FONTS
            or font == ""
            or (font == "bf" and len(plain) > 2 and name not in ("boldsymbol", "bm", "pmb"))
        ):
            self.emit("NAME", start, end, plain, font)
        else:
            return False
        return True
