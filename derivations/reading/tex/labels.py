"""What is written over, under or beside something: marked relation signs, notes of braces, colours, roots."""

from __future__ import annotations

import re

from derivations.reading.tex import notation as n
from derivations.reading.tex.lexemes import Lexeme
from derivations.reading.tex.scanner import COMMAND, LETTERS, Scanner

_LABEL_FONTS = re.compile(
    r"\\(?:text|mathrm|rm|mathcal|mathbf|textbf|textit|mathit|scriptsize|tiny|small)(?![A-Za-z])|[\\{}\s]"
)


def _plain_label(label: str) -> str:
    """What is written over a relation sign, without its fonts: 'def', '(a)'."""
    return _LABEL_FONTS.sub("", label.strip())


class Labels(Scanner):
    """Commands with arguments of their own."""

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
                command = COMMAND.match(self.source, first)
                stop = command.end() if command else first + 1
                after = self.braced(stop)
                self.notes[at] = (
                    after[1] + 1 if after and command and command.group(1) in n.TEXT_COMMANDS | n.FONTS.keys() else stop
                )

    def note(self, start: int, end: int) -> None:
        self.pos = end
        inside = self.source[start + 1 : end].strip()
        self.emit("NOTE", start, end, inside[1:-1].strip() if inside.startswith("{") else inside)

    def colour(self, name: str, start: int, end: int) -> None:
        at = self.skip_option(end)
        for _ in range(2 if name == "fcolorbox" else 0 if name == "bbox" else 1):
            inside = self.braced(at)
            if inside is None:
                word = LETTERS.match(self.source, self.skip_space(at))
                if word is None:
                    self.error(start, end, f"expected a colour in braces after \\{name}")
                    return
                at = word.end()
            else:
                at = inside[1] + 1
        self.pos = at
        body = self.braced(at)
        if body:
            self.drop_dollars(*body)
            self.takes("DECOR", start, at, name, 1)

    def stacked(self, name: str, start: int, end: int) -> None:
        """Something over or under: a relation keeps its sign, anything else becomes a script."""
        mark = self.braced(end)
        if mark is None:
            at = self.skip_space(end)
            command = COMMAND.match(self.source, at)
            mark = (at, command.end() if command else min(at + 1, len(self.source)))
            after = mark[1]
        else:
            after = mark[1] + 1
        base = self.braced(after)
        at = self.skip_space(after)
        if base is None and at < len(self.source):
            command = COMMAND.match(self.source, at)
            base, stop = (at, command.end() if command else at + 1), (command.end() if command else at + 1)
        elif base:
            stop = base[1] + 1
        if base and base[1] - base[0] < 40:
            sign = self.source[base[0] : base[1]].strip()
            negated = sign.startswith("\\not") and not sign.startswith("\\notin")
            sign = sign[4:].strip() if negated else sign
            rel = n.RELATIONS.get(sign.removeprefix("\\")) if not sign.isalpha() else None
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
            command = COMMAND.match(self.source, first)
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
