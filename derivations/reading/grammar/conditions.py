"""The cells of matrices and cases, and the prose of a condition: "if", "otherwise"."""

from __future__ import annotations

from derivations.reading.grammar.bars import Bars
from derivations.reading.tex.lexemes import Lexeme
from derivations.reading.tex.notation import AND_WORDS, CASES, PROSE_WORDS

_BEGINNINGS = frozenset("NAME NUMBER FONT ACCENT FRAC ROOT OPEN LBRACE BIG SIGN UNDERSET DECOR BAR TEXT".split())


class Conditions(Bars):
    """Rows and columns inside a side."""

    def cell(self, i: int, kind: str, lexeme: Lexeme) -> None:
        level = self.levels[-1]
        if level.kind != "cell":
            return
        if level.bars:
            self.unclosed_bar(level.bars[-1], lexeme.start)
        level.operand = False
        if self.out and self.out[-1].type == "SEP" and self.out[-1].value.value in (",", ";"):
            self.out.pop()  # "1, & x > 0"
        if kind == "AMP":
            level.column += 1
            self.emit("CELL", lexeme)
        else:
            level.column = 0
            if i + 1 < len(self.lexemes) and self.lexemes[i + 1].kind == "END":
                return  # the last row ends with \\ too
            self.emit("ROW", lexeme)

    def between_expressions(self, i: int) -> bool:
        after = self.lexemes[i + 1].kind if i + 1 < len(self.lexemes) else ""
        return self.levels[-1].operand and not self.script and not self.arguments and after in _BEGINNINGS

    def list_text(self, i: int, lexeme: Lexeme) -> bool:
        """ "a and b" is a list: the word becomes a comma."""
        if lexeme.value.strip().lower() not in AND_WORDS or not self.between_expressions(i):
            return False
        self.emit("SEP", Lexeme("SEP", lexeme.start, lexeme.end, ","))
        self.levels[-1].operand = False
        return True

    def condition_text(self, i: int, lexeme: Lexeme) -> bool:
        """Prose in the condition of a case: "if" goes, "and" is a comma, a text alone is the condition."""
        level = self.levels[-1]
        if level.kind != "cell" or level.environment not in CASES:
            return False
        before = self.lexemes[i - 1].kind if i else ""
        after = self.lexemes[i + 1].kind if i + 1 < len(self.lexemes) else ""
        if not level.column:
            level.column += 1
            if self.out and self.out[-1].type == "SEP":
                self.out.pop()
            self.emit("CELL", Lexeme("CELL", lexeme.start, lexeme.start))
            before = "AMP"
        if after in ("END", "ROW"):
            return before not in ("AMP", "ROW")  # "x > 0 \text{.}"
        if before in ("AMP", "ROW"):
            level.operand = False
            return lexeme.value.strip(" ,:").lower() in PROSE_WORDS
        if lexeme.value.strip(" ,").lower() in ("and", "und", "et", "y", "e"):
            self.emit("SEP", Lexeme("SEP", lexeme.start, lexeme.end, ","))
            level.operand = False
            return True
        return False

    def spelled_out(self, i: int) -> int:
        """How many letters from ``i`` spell a word of prose typed plainly ("if", "otherwise"); 0 if they spell none."""
        j = i
        while (
            j < len(self.lexemes)
            and self.lexemes[j].kind == "NAME"
            and self.lexemes[j].font == ""
            and len(self.lexemes[j].value) == 1
        ):
            if j > i and self.lexemes[j].start != self.lexemes[j - 1].end:
                break
            j += 1
        word = "".join(x.value for x in self.lexemes[i:j])
        return j - i if len(word) > 1 and word in PROSE_WORDS else 0

    def prose(self, i: int) -> int:
        count = self.spelled_out(i)
        last = self.lexemes[i + count - 1]
        text = Lexeme("TEXT", self.lexemes[i].start, last.end, "".join(x.value for x in self.lexemes[i : i + count]))
        if self.lexemes[i + count : i + count + 1] and self.lexemes[i + count].kind not in ("END", "ROW"):
            return i + count
        self.emit("TEXT", text)
        self.atom(True)
        return i + count
