"""Commands: by the tables of `notation.py`, or handed to the class that knows their kind."""

from __future__ import annotations

import re

from derivations.reading.tex import notation as n
from derivations.reading.tex.fences import Fences
from derivations.reading.tex.labels import Labels
from derivations.reading.tex.lexemes import Lexeme
from derivations.reading.tex.scanner import COMMAND
from derivations.reading.tex.words import Words

_ROW_SKIP = re.compile(r"\*?\s*\[\s*-?\s*[\d.]+\s*(?:pt|em|ex|cm|mm|in|mu|pc|\\\w+)\s*\]")
_LENGTH = re.compile(r"\s*-?\s*[\d.]*\s*(?:pt|em|ex|cm|mm|in|mu|pc)?")


class Commands(Words, Fences, Labels):
    """Everything that begins with a backslash."""

    def command(self) -> None:
        start = self.pos
        found = COMMAND.match(self.source, start)
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
        if name == "vcentcolon":
            self.colon(start)
        elif name in ("\\", "newline", "cr", "tabularnewline", "crcr"):
            skip = _ROW_SKIP.match(self.source, end)
            self.pos = skip.end() if skip else end + (1 if self.source[end : end + 1] == "*" else 0)
            self.emit("ROW", start, self.pos)
        elif name in ("quad", "qquad"):
            self.emit("QUAD", start, end)
        elif name in n.SPACING:
            self.spacing(name)
        elif name == "bot" and self.previous() in ("NAME", "NUMBER", "CLOSE", "RBRACE", "SEP"):
            self.emit("REL", start, end, n.RELATIONS[name])  # X \bot Y: independent
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
        elif name == "#":
            self.emit("NAME", start, end, "#")
        elif name in ("eqref", "ref", "cite", "citep", "citet"):
            inside = self.braced(end)
            self.pos = inside[1] + 1 if inside else end
            self.emit("TEXT", start, self.pos, self.source[start : self.pos])
        elif name in "#$%&_":
            if name in "%&":
                self.error(start, end, f"the character '{name}' has no meaning here")
            elif name == "_":
                self.error(start, end, "expected '_' without a backslash for a subscript")
            else:
                self.error(start, end, "expected no dollar sign inside a formula")
        elif name.isalpha():
            self.error(start, end, f"unknown command \\{name}")
        else:
            self.error(start, end, f"unknown command \\{name}" if name.isprintable() else "unknown command")

    def colon(self, start: int) -> None:
        """A colon, whose own characters end here; with the equality sign behind it, it is a definition's."""
        after = self.skip_space(self.pos)
        if self.source[after : after + 1] == "=":
            self.pos = after + 1
            self.emit("REL", start, self.pos, ":=")
        else:
            self.emit("SEP", start, self.pos, ":")

    def spacing(self, name: str) -> None:
        if name in ("hskip", "kern", "mkern", "mskip"):
            found = _LENGTH.match(self.source, self.pos)
            self.pos = found.end() if found else self.pos
        for _ in range(n.SPACING[name]):
            inside = self.braced(self.pos)
            if inside:
                self.pos = inside[1] + 1
