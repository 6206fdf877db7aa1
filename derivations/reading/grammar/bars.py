"""Bars: |x| opens and closes, (x|z) separates, f|_0 evaluates.

Decided by what stands before a bar and by how many of its kind are left at its level, up to the next comma or relation.
"""

from __future__ import annotations

from derivations.reading.grammar.levels import Levels
from derivations.reading.tex.lexemes import FormulaError, Lexeme


class Bars(Levels):
    """Opening, closing, separating and evaluating bars."""

    def count_bars(self) -> dict[int, int]:
        """Of each bar: how many of its kind stand at its level from there to the next comma or relation sign."""
        left: dict[int, int] = {}
        segments: list[dict[str, list[Lexeme]]] = [{}]

        def close(segment: dict[str, list[Lexeme]]) -> None:
            for bars in segment.values():
                for i, bar in enumerate(bars):
                    left[id(bar)] = len(bars) - i

        for lexeme in self.lexemes:
            kind = lexeme.kind
            if kind in ("OPEN", "LBRACE", "BEGIN"):
                segments.append({})
            elif kind in ("CLOSE", "RBRACE", "END"):
                close(segments.pop() if len(segments) > 1 else segments[0])
            elif kind in ("SEP", "REL", "AMP", "ROW"):
                close(segments[-1])
                segments[-1] = {}
            elif kind == "BAR":
                segments[-1].setdefault(lexeme.value, []).append(lexeme)
        for segment in segments:
            close(segment)
        return left

    def bar(self, i: int, lexeme: Lexeme) -> None:
        level = self.levels[-1]
        after = self.lexemes[i + 1] if i + 1 < len(self.lexemes) else None
        scripted = after is not None and after.kind in ("SUB", "SUP")
        if self.script:
            raise FormulaError(lexeme.start, "expected a script before the bar")
        top = level.bars[-1] if level.bars else None
        if top is not None and level.operand:
            if top.value == lexeme.value:
                level.bars.pop()
                self.emit("CLOSE", lexeme)
                return
            if top.value == "|" and lexeme.value == "||" and lexeme.end - lexeme.start == 2:  # |x||y|
                middle = lexeme.start + 1
                level.bars.pop()
                self.emit("CLOSE", Lexeme("CLOSE", lexeme.start, middle, "|"))
                self.open_bar(Lexeme("OPEN", middle, lexeme.end, "|"))
                return
        if scripted:
            if level.operand and lexeme.value == "|":
                self.emit("EVALUATED", lexeme)
                return
            raise FormulaError(lexeme.start, "expected something before this bar")
        left = self.bars_left.get(id(lexeme), 1)
        if left == 2 and level.operand and after is not None and after.kind == "BAR" and after.value == lexeme.value:
            self.separator(lexeme, "||")  # two escaped bars, or two bars with a space, for a double one
            after.kind = "SKIP"
            return
        if not level.operand:
            if left == 1 and top is not None and top.value != lexeme.value:
                self.unclosed_bar(top, lexeme.start)
            self.open_bar(lexeme)
        elif left % 2 == 0:
            self.open_bar(lexeme)
        else:
            self.separator(lexeme, lexeme.value)

    def open_bar(self, lexeme: Lexeme) -> None:
        level = self.levels[-1]
        level.bars.append(lexeme)
        self.limit(sum(len(x.bars) for x in self.levels), lexeme)
        self.emit("OPEN", lexeme)
        level.operand = False

    def separator(self, lexeme: Lexeme, value: str) -> None:
        level = self.levels[-1]
        if level.bars:
            self.unclosed_bar(level.bars[-1], lexeme.start)
        if level.kind in ("arg", "cell") or (level.kind in ("root", "brace") and not self.conditional):
            raise FormulaError(
                lexeme.start,
                f"expected brackets around what this '{value}' separates, or a second bar to close it",
            )
        self.emit("SEP", Lexeme("SEP", lexeme.start, lexeme.end, value))
        level.operand = False

    def unclosed_bar(self, bar: Lexeme, place: int) -> None:
        raise FormulaError(place, f"expected a closing '{bar.value}' for the '{bar.value}' before it", bar)
