"""From characters to lexemes: what TeX itself would see, with exact places.

`tokenise` knows TeX's conventions (one letter or digit after ``^``, a command ends at the first non-letter, ``{`` groups)
and the tables of `notation.py`.  It never fails and never looks far: what is wrong becomes a lexeme of kind ERROR
at its place.  Brackets are matched in `structure.py`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from derivations.reading import notation as n


@dataclass(slots=True, eq=False)
class Lexeme:
    """``kind`` is the terminal (NAME, NUMBER, OPEN, REL, ...), ``value`` what it stands for.

    ``partner`` is the other end of a bracket, brace or environment; ``depth`` how many of them are around it.
    """

    kind: str
    start: int
    end: int
    value: str = ""
    font: str = ""
    side: str = ""  # 'left', 'right' of \left and \right; 'sub', 'sup', 'arg' for the brace of an argument
    partner: Lexeme | None = None
    depth: int = 0
    error: str = ""
    place: int = -1  # where the error was noticed, if not at start

    def __str__(self) -> str:
        return self.value


_COMMAND = re.compile(r"\\([A-Za-z]+\*?|[^A-Za-z]|$)", re.S)
_SPACE = re.compile(r"[\s~\u200b\u200c\u2060\ufeff\u00a0]+")
_NUMBER = re.compile(r"\d+(?:\{,\}\d{3})*(?:\.\d+)?|\.\d+")
_LETTERS = re.compile(r"[A-Za-z]+")
_DOTS = re.compile(r"\.\s*\.\s*\.")
_ROW_SKIP = re.compile(r"\*?\s*\[\s*-?\s*[\d.]+\s*(?:pt|em|ex|cm|mm|in|mu|pc|\\\w+)\s*\]")
_STAR = re.compile(r"\s*(?:(\{\s*)?)(\*|\\(?:ast|star)(?![A-Za-z]))\s*")
_PRIMES = re.compile(r"\s*(?:\{\s*((?:\\prime(?![A-Za-z])\s*|['’′])+)\}|((?:\\prime(?![A-Za-z])\s*)|['’′]))")
_WORD_BRACE = re.compile(r"\{\s*([A-Za-z]{2,})\s*\}")
_SPACING_IN_WORD = re.compile(r"\\[,;:! ]|[\s~]|\\(?:thinspace|quad)(?![A-Za-z])")
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:-[A-Za-z0-9]+)*")
_LABEL_FONTS = re.compile(
    r"\\(?:text|mathrm|rm|mathcal|mathbf|textbf|textit|mathit|scriptsize|tiny|small)(?![A-Za-z])|[\\{}\s]"
)
_LENGTH = re.compile(r"\s*-?\s*[\d.]*\s*(?:pt|em|ex|cm|mm|in|mu|pc)?")


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


def _plain_label(label: str) -> str:
    """What is written over a relation sign, without its fonts: 'def', '(a)'."""
    return _LABEL_FONTS.sub("", label.strip())


def _brace_partners(source: str) -> dict[int, int]:
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


class _Tokeniser:
    def __init__(self, source: str):
        self.source = source
        self.braces = _brace_partners(source)
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

    # -- small helpers

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
        elif kind not in (
            "LBRACE",
            "SUB",
            "SUP",
            "FONT",
            "ACCENT",
            "FRAC",
            "BINOM",
            "ROOT",
            "UNDERSET",
            "OVERSET",
            "DECOR",
        ):
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
        found = _SPACE.match(self.source, pos)
        return found.end() if found else pos

    def braced(self, pos: int) -> tuple[int, int] | None:
        """Inside of the brace group that begins at ``pos`` (after spaces): (start, end) without the braces."""
        pos = self.skip_space(pos)
        if pos < len(self.source) and self.source[pos] == "{" and pos in self.braces:
            return pos + 1, self.braces[pos]
        return None

    def skip_option(self, pos: int) -> int:
        at = self.skip_space(pos)
        if at < len(self.source) and self.source[at] == "[":
            end = self.source.find("]", at, at + 200)
            if end >= 0:
                return end + 1
        return pos

    def previous(self) -> str:
        return self.out[-1].kind if self.out else ""

    # -- the loop

    def run(self) -> list[Lexeme]:
        size = len(self.source)
        while self.pos < size:
            space = _SPACE.match(self.source, self.pos)
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

    def push(self, words: bool, side: str = "") -> None:
        self.open.append((max(self.single - 1, 0), self.words, self.font, self.side))
        self.single, self.words, self.side = 0, words, side

    def pop(self) -> None:
        if self.open:
            self.single, self.words, self.font, self.side = self.open.pop()

    def letters(self) -> None:
        found = _LETTERS.match(self.source, self.pos)
        assert found
        run, start = found.group(), self.pos
        if self.single:
            run = run[0]
            self.emit("NAME", start, start + 1, run)
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

    def is_index_word(self, run: str, start: int) -> bool:
        """A run of three letters or more that is one item of a subscript: p_{data(x)}, x_{train,i}."""
        if len(run) < 3 or run in n.FUNCTION_WORDS or len(split_letters(run)) != len(run):
            return False
        if self.side != "sub" or self.previous() not in ("LBRACE", "SEP"):
            return False
        after = self.skip_space(start + len(run))
        return after < len(self.source) and self.source[after] in ",}("

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
            after = self.skip_space(start + 1)
            if self.source[after : after + 1] == "=":
                self.pos = after + 1
                self.sign(":=", start, self.pos)
            else:
                self.pos += 1
                self.emit("SEP", start, self.pos, ":")
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

    def note(self, start: int, end: int) -> None:
        self.pos = end
        inside = self.source[start + 1 : end].strip()
        self.emit("NOTE", start, end, inside[1:-1].strip() if inside.startswith("{") else inside)

    # -- commands

    def command(self) -> None:
        start = self.pos
        found = _COMMAND.match(self.source, start)
        assert found
        name = found.group(1)
        if name.endswith("*") and len(name) > 1 and not (name in n.FONTS or name in n.SPACING):
            name = name[:-1]
        self.pos = start + 1 + len(name)
        if name == "":
            self.error(start, self.pos, "expected a command after the backslash at the end")
            return
        self.named(name, start, self.pos)

    def named(self, name: str, start: int, end: int) -> None:
        """A command by its name; ``end`` is where its own characters end."""
        if name in ("\\", "newline", "cr", "tabularnewline", "crcr"):
            skip = _ROW_SKIP.match(self.source, end)
            self.pos = skip.end() if skip else end + (1 if self.source[end : end + 1] == "*" else 0)
            self.emit("ROW", start, self.pos)
        elif name in ("quad", "qquad"):
            self.emit("QUAD", start, end)
        elif name in n.SPACING:
            self.spacing(name)
        elif name in n.SYMBOLS:
            self.emit("NAME", start, end, name)
        elif name in n.VARIANT_GREEK:
            self.emit("NAME", start, end, n.VARIANT_GREEK[name])
        elif name in n.RELATIONS and self.negate is None and self.marked(start, end, n.RELATIONS[name]):
            pass
        elif name in n.RELATIONS:
            if self.previous() in ("SUP", "SUB") and name in ("perp", "bot", "to", "rightarrow"):
                self.emit("NAME", start, end, name)
            else:
                self.emit("REL", start, end, n.RELATIONS[name])
        elif name in n.PRODUCT_SIGNS:
            self.emit("NAME" if self.previous() in ("SUP", "SUB") else "TIMES", start, end, n.PRODUCT_SIGNS[name])
        elif name in ("pm", "mp"):
            self.emit("SIGN", start, end, "+-" if name == "pm" else "-+")
        elif name in n.BIG_OPERATORS:
            for kind in n.BIG_OPERATORS[name]:
                self.emit("BIG", start, end, kind)
        elif name in n.DOTS:
            self.emit("DOTS", start, end)
        elif name == "|":
            self.emit("BAR", start, end, "||")
        elif name in n.BARS:
            twice = name == "vert" and self.source.startswith("\\vert", self.skip_space(end))
            self.pos = self.skip_space(end) + 5 if twice else end
            self.emit("BAR", start, self.pos, "||" if twice else n.BARS[name])
        elif name in ("mid", "parallel", "shortmid", "shortparallel"):
            self.separator("|" if name.endswith("mid") else "||", start, end)
        elif name in n.OPENING:
            self.emit("OPEN", start, end, n.OPENING[name])
        elif name in n.CLOSING:
            self.emit("CLOSE", start, end, n.CLOSING[name])
        elif name in n.CONSEQUENCES:
            self.emit("CONSEQUENCE", start, end, n.CONSEQUENCES[name])
        elif name in n.QUANTIFIERS:
            self.emit("QUANTIFIER", start, end, n.QUANTIFIERS[name])
        else:
            self.construct(name, start, end)

    def construct(self, name: str, start: int, end: int) -> None:
        if name in n.TEXT_COMMANDS:
            self.text(name, start, end)
        elif name in n.FONTS:
            self.font_command(name, start, end)
        elif name in n.SWITCHES:
            if self.braced(end):
                self.font_command("math" + name if "math" + name in n.FONTS else "mathrm", start, end)
            else:
                # outside all braces for one side only: authors write \\bf x = \\bf y
                self.font = n.SWITCHES[name]
                self.switch = start if not self.open else -1
        elif name in n.FRACTIONS:
            self.takes("FRAC", start, self.skip_option(end) if name == "cfrac" else end, "", 2)
            self.pos = self.out[-1].end
        elif name in n.BINOMIALS:
            self.takes("BINOM", start, end, "", 2)
        elif name in n.ACCENTS:
            self.takes("ACCENT", start, end, n.ACCENTS[name], 1)
        elif name == "sqrt":
            self.root(start, end)
        elif name in n.DECORATIONS:
            self.takes("DECOR", start, end, name, 1)
            inside = self.braced(end)
            if name.startswith(("under", "over")) and inside:
                self.find_note(inside[1] + 1)
        elif name in ("color", "textcolor", "colorbox", "fcolorbox", "cancelto", "bbox"):
            self.colour(name, start, end)
        elif name in ("overset", "stackrel", "underset", "stackbin"):
            self.stacked(name, start, end)
        elif name in n.ARROWS_WITH_LABELS:
            at = self.skip_option(end)
            inside = self.braced(at)
            self.pos = inside[1] + 1 if inside else at
            self.emit("REL", start, self.pos, n.ARROWS_WITH_LABELS[name])
        elif name in ("left", "right", "middle") or name in n.SIZES:
            self.delimiter(name, start, end)
        elif name in ("begin", "end"):
            self.environment(name, start, end)
        elif name in ("over", "choose", "atop"):
            self.emit("OVER", start, end, name)
        elif name == "limits":
            self.emit("LIMITS", start, end)
        elif name == "not":
            self.negate = Lexeme("NOT", start, end)
        elif name in n.PLAIN_ROWS or name in ("substack", "eqalign", "eqalignno", "leqalignno", "displaylines"):
            self.plain_rows(name, start, end)
        elif name in n.OPERATOR_COMMANDS or (name in n.FUNCTION_WORDS and not self.braced(end)):
            self.emit("NAME", start, end, name, "rm")
        elif name in ("eqref", "ref", "cite", "citep", "citet"):
            inside = self.braced(end)
            self.pos = inside[1] + 1 if inside else end
            self.emit("TEXT", start, self.pos, self.source[start : self.pos])
        elif name in "#$%&_":
            if name in "%&#":
                self.error(start, end, f"the character '{name}' has no meaning here")
            elif name == "_":
                self.error(start, end, "expected '_' without a backslash for a subscript")
            else:
                self.error(start, end, "expected no dollar sign inside a formula")
        elif name.isalpha():
            self.error(start, end, f"unknown command \\{name}")
        else:
            self.error(start, end, f"unknown command \\{name}" if name.isprintable() else "unknown command")

    def spacing(self, name: str) -> None:
        if name in ("hskip", "kern", "mkern", "mskip"):
            found = _LENGTH.match(self.source, self.pos)
            self.pos = found.end() if found else self.pos
        for _ in range(n.SPACING[name]):
            inside = self.braced(self.pos)
            if inside:
                self.pos = inside[1] + 1

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
        self.pos = inside[1] + 1
        content = self.source[inside[0] : inside[1]]
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
        elif stripped.replace(" ", "").lower() in ("argmax", "argmin"):
            self.emit("NAME", start, self.pos, stripped.replace(" ", "").lower(), "rm")
        else:
            self.emit("TEXT", start, self.pos, " ".join(content.split()))

    def font_command(self, name: str, start: int, end: int) -> None:
        font = n.FONTS[name]
        at = self.skip_space(end)
        inside = self.braced(end)
        if name in (
            "mathrel",
            "mathbin",
            "mathord",
            "mathopen",
            "mathclose",
            "mathinner",
            "mathpunct",
            "ensuremath",
            "smash",
            "vcenter",
        ):
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
        elif len(plain) == 1 or known or font in n.WORD_FONTS:
            self.emit("NAME", start, end, plain, font)
        elif font == "" or (font == "bf" and len(plain) > 2 and name not in ("boldsymbol", "bm", "pmb")):
            self.emit("NAME", start, end, plain, font)
        else:
            return False
        return True

    def root(self, start: int, end: int) -> None:
        at = self.skip_space(end)
        if self.source[at : at + 1] == "[":
            close, limit = at + 1, min(len(self.source), at + 100)
            while close < limit and self.source[close] != "]":
                close = self.braces.get(close, close) + 1 if self.source[close] == "{" else close + 1
            if close < limit:
                self.takes("ROOTN", start, end, "", 1)
                opening = Lexeme("LBRACE", at, at + 1, side="arg")
                self.out.append(opening)
                self.single = 0
                self.pos = at + 1
                self.special[close] = Lexeme("RBRACE", close, close + 1, side="root")
                return
        self.takes("ROOT", start, end, "", 1)

    def find_note(self, pos: int) -> None:
        """Remember the note of an underbrace, which is not mathematics to check."""
        at = self.skip_space(pos)
        if self.source.startswith("\\limits", at):
            at = self.skip_space(at + 7)
        if self.source[at : at + 1] in ("_", "^"):
            inside = self.braced(at + 1)
            first = self.skip_space(at + 1)
            if inside:
                self.notes[at] = inside[1] + 1
            elif first < len(self.source) and self.source[first] not in "\\{}":
                self.notes[at] = first + 1
            elif self.source[first : first + 1] == "\\":
                command = _COMMAND.match(self.source, first)
                stop = command.end() if command else first + 1
                after = self.braced(stop)
                self.notes[at] = (
                    after[1] + 1 if after and command and command.group(1) in n.TEXT_COMMANDS | n.FONTS.keys() else stop
                )

    def colour(self, name: str, start: int, end: int) -> None:
        at = self.skip_option(end)
        for _ in range(2 if name == "fcolorbox" else 0 if name == "bbox" else 1):
            inside = self.braced(at)
            if inside is None:
                word = _LETTERS.match(self.source, self.skip_space(at))
                if word is None:
                    self.error(start, end, f"expected a colour in braces after \\{name}")
                    return
                at = word.end()
            else:
                at = inside[1] + 1
        self.pos = at
        body = self.braced(at)
        if body:
            self.takes("DECOR", start, at, name, 1)

    def stacked(self, name: str, start: int, end: int) -> None:
        """Something over or under: a relation keeps its sign, anything else becomes a script."""
        mark = self.braced(end)
        if mark is None:
            at = self.skip_space(end)
            command = _COMMAND.match(self.source, at)
            mark = (at, command.end() if command else min(at + 1, len(self.source)))
            after = mark[1]
        else:
            after = mark[1] + 1
        base = self.braced(after)
        at = self.skip_space(after)
        if base is None and at < len(self.source):
            command = _COMMAND.match(self.source, at)
            base, stop = (at, command.end() if command else at + 1), (command.end() if command else at + 1)
        elif base:
            stop = base[1] + 1
        if base and base[1] - base[0] < 40:
            sign = self.source[base[0] : base[1]].strip()
            negated = sign.startswith("\\not") and not sign.startswith("\\notin")
            sign = sign[4:].strip() if negated else sign
            rel = n.RELATIONS.get(sign[1:] if sign.startswith("\\") else sign) if not sign.isalpha() else None
            if rel:
                plain = _plain_label(self.source[mark[0] : mark[1]])
                if rel == "=" and not negated and name != "underset":
                    rel = n.MARKS_OVER_EQUALITY.get(plain, rel)
                if negated:
                    rel = n.NEGATED.get(rel, "!" + rel)
                self.pos = stop
                self.emit("REL", start, stop, rel)
                return
        self.takes("UNDERSET" if name == "underset" else "OVERSET", start, end, "", 2)

    def marked(self, start: int, end: int, rel: str) -> bool:
        """A relation sign with a script: x \\sim_{iid} p, a =^{(1)} b.  The script labels it."""
        at = self.skip_space(end)
        if self.source[at : at + 1] not in ("_", "^") or self.previous() in ("SUB", "SUP"):
            return False
        inside = self.braced(at + 1)
        first = self.skip_space(at + 1)
        if inside:
            stop = inside[1] + 1
        else:
            command = _COMMAND.match(self.source, first)
            stop = command.end() if command else first + 1
            if stop > len(self.source):
                return False
            inside = (first, stop)
        if inside[1] - inside[0] > 40:
            return False
        label = _plain_label(self.source[inside[0] : inside[1]])
        self.pos = stop
        self.emit("REL", start, stop, n.MARKS_OVER_EQUALITY.get(label, rel) if rel == "=" else rel)
        return True

    def separator(self, bar: str, start: int, end: int) -> None:
        """A bar that only separates; two of them, "p \\mid\\mid q", are a double one."""
        if bar == "|" and self.previous() == "MID" and self.out[-1].value == "|":
            self.out[-1].value, self.out[-1].end = "||", end
        else:
            self.emit("MID", start, end, bar)

    def delimiter(self, size: str, start: int, end: int) -> None:
        at = self.skip_space(end)
        c = self.source[at : at + 1]
        if c == "\\":
            command = _COMMAND.match(self.source, at)
            assert command
            delimiter, stop = command.group(1).rstrip("*") or "\\", command.end()
            if delimiter == "|":
                delimiter = "\\|"
        else:
            delimiter, stop = c, at + 1
            if c == "|" and self.source[at : at + 2] == "||" and size not in ("left", "right"):
                delimiter, stop = "\\|", at + 2
            delimiter = n.CHARACTERS.get(delimiter, delimiter).lstrip("\\") or delimiter
        if delimiter == "" or (
            c not in "([)]|./<>\\" and delimiter not in ("mid", "parallel", "langle", "rangle", "(", ")", "|")
        ):
            if size in ("left", "right", "middle"):
                self.error(start, end, f"expected a bracket after \\{size}")
            return  # \big before something else only makes it bigger
        side = size if size in ("left", "right") else {"l": "left?", "r": "right?"}.get(size[-1], "")
        self.pos = stop
        if delimiter == "." and size in ("left", "right", "middle"):
            lexeme = self.emit("OPEN" if size == "left" else "CLOSE", start, stop, "")
            lexeme.side = size
            return
        bar = n.BARS.get(delimiter) or {
            "mid": "|",
            "parallel": "||",
            "lvert": "|",
            "rvert": "|",
            "lVert": "||",
            "rVert": "||",
        }.get(delimiter)
        if bar:
            if (
                size == "middle"
                or size[-1] == "m"
                or (delimiter in ("mid", "parallel") and size not in ("left", "right"))
            ):
                self.separator(bar, start, stop)
            elif side.startswith("left") or delimiter in ("lvert", "lVert"):
                self.emit("OPEN", start, stop, bar).side = side if size == "left" else ""
            elif side.startswith("right") or delimiter in ("rvert", "rVert"):
                self.emit("CLOSE", start, stop, bar).side = side if size == "right" else ""
            else:
                self.emit("BAR", start, stop, bar)
            return
        if delimiter == "/" or delimiter == "slash":
            self.emit("TIMES", start, stop, "/")
            return
        opening = {"<": "<"}.get(delimiter) or n.OPENING.get(delimiter)
        closing = {">": ">"}.get(delimiter) or n.CLOSING.get(delimiter)
        if size == "left" and opening is None and closing is not None:
            self.error(start, stop, f"expected an opening bracket after \\left, found '{delimiter}'")
        elif size == "right" and closing is None and opening is not None:
            self.error(start, stop, f"expected a closing bracket after \\right, found '{delimiter}'")
        elif opening is not None:
            self.emit("OPEN", start, stop, opening).side = "left" if size == "left" else ""
        elif closing is not None:
            self.emit("CLOSE", start, stop, closing).side = "right" if size == "right" else ""
        elif size in ("left", "right", "middle"):
            self.error(start, stop, f"expected a bracket after \\{size}")
        else:
            self.pos = end

    def environment(self, which: str, start: int, end: int) -> None:
        inside = self.braced(end)
        if inside is None:
            self.error(start, end, f"expected the name of an environment in braces after \\{which}")
            return
        name = self.source[inside[0] : inside[1]].strip()
        self.pos = inside[1] + 1
        base = name.rstrip("*")
        if which == "begin":
            if base not in n.CASES and self.source[self.pos : self.pos + 1] == "[":
                self.pos = self.skip_option(self.pos)
            if base in ("array", "tabular", "alignat", "alignedat", "subarray", "numcases"):
                columns = self.braced(self.pos)
                if columns:
                    self.pos = columns[1] + 1
        if name in n.TRANSPARENT:
            self.emit("TRANSPARENT", start, self.pos, which).font = name
        elif base in n.MATRICES or base in n.CASES or name in n.STACKS:
            self.emit("BEGIN" if which == "begin" else "END", start, self.pos, base)
        else:
            self.error(start, self.pos, f"unknown environment {name}")

    def plain_rows(self, name: str, start: int, end: int) -> None:
        inside = self.braced(end)
        if inside is None:
            self.error(start, end, f"expected '{{' after \\{name}")
            return
        opened, closed = inside[0] - 1, inside[1]
        environment = n.PLAIN_ROWS.get(name, name)
        if name in n.PLAIN_ROWS or name == "substack":
            self.special[opened] = Lexeme("BEGIN", start, inside[0], environment)
            self.special[closed] = Lexeme("END", closed, closed + 1, environment)
        else:
            self.special[opened] = Lexeme("TRANSPARENT", start, inside[0], "begin", font="aligned")
            self.special[closed] = Lexeme("TRANSPARENT", closed, closed + 1, "end", font="aligned")


def tokenise(source: str) -> list[Lexeme]:
    """The lexemes of a formula in order.  Time is linear in ``len(source)``."""
    return _Tokeniser(source).run()
