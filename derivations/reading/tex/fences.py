"""What stands around: delimiters of every size, environments, plain TeX's rows."""

from __future__ import annotations

from derivations.reading.tex import notation as n
from derivations.reading.tex.lexemes import Lexeme
from derivations.reading.tex.scanner import COMMAND, Scanner


class Fences(Scanner):
    """Delimiters and environments."""

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
            command = COMMAND.match(self.source, at)
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
