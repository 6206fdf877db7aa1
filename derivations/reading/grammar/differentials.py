"""Is this d a differential?  After an integral that has none yet it may be; in df/dx and as a dimension it is not."""

from __future__ import annotations

from derivations.reading.grammar.levels import Level, Levels
from derivations.reading.tex.notation import FUNCTION_WORDS

MEASURES = ("mu", "nu", "pi", "rho", "lambda", "p", "q")  # and every capital: dP(x), dq(z)


class Differentials(Levels):
    """Differentials and the letters of derivatives."""

    def derivative_letters(self) -> set[int]:
        """The d of df/dx and \\frac{d f}{d x}: letters of a derivative, never differentials."""
        names: set[int] = set()
        index = {id(x): i for i, x in enumerate(self.lexemes)}
        for i, lexeme in enumerate(self.lexemes):
            if lexeme.kind == "FRAC":
                first = self.argument(i + 1, index)
                second = self.argument(first[1], index)
                below = [j for j in range(*second) if self.is_d(j)]
                head = next((j for j in range(*second) if self.lexemes[j].kind != "LBRACE"), None)
                if head is not None and (self.is_d(head) or self.lexemes[head].value == "partial"):
                    names.update(below)
                    top = next((j for j in range(*first) if self.lexemes[j].kind != "LBRACE"), None)
                    if top is not None:
                        names.add(top)
            elif lexeme.kind == "TIMES" and lexeme.value == "/" and i + 1 < len(self.lexemes) and self.is_d(i + 1):
                names.add(i + 1)
                for j in range(max(0, i - 8), i):
                    if self.is_d(j):
                        names.add(j)
                        break
        return names

    def argument(self, i: int, index: dict[int, int]) -> tuple[int, int]:
        if i < len(self.lexemes) and self.lexemes[i].kind == "LBRACE" and self.lexemes[i].partner is not None:
            end = index.get(id(self.lexemes[i].partner), i)
            # what is inside matters only at its beginning and for short arguments
            return i, min(end + 1, len(self.lexemes))
        return i, min(i + 1, len(self.lexemes))

    def differential(self, i: int) -> int | None:
        """Emit the marker of a differential that begins with the d at ``i``; None if it is a letter."""
        d = self.lexemes[i]
        j = i + 1
        roman = d.font == "rm"
        after = self.lexemes[j] if j < len(self.lexemes) else None
        if after is None:
            return None
        open_level = next((x for x in reversed(self.levels) if x.integrals), None)
        adjacent = self.differential_end == i or (
            self.differential_end == i - 1
            and self.lexemes[i - 1].kind in ("TIMES", "DOTS")
            and self.lexemes[i - 1].value != "/"
        )
        if not roman and open_level is None and not adjacent:
            return None
        if after.kind == "SUB":
            dimension = any(x.kind == "script" for x in self.levels)  # the d_z of I_{d_z}
            if roman or dimension or not self.is_end(self.behind_script(j)):
                return None
            self.matched(open_level, self.behind_script(j))
            self.emit("DIFFERENTIAL_INDEX", d)
            self.levels[-1].operand = True
            return i + 1
        power = after.kind == "SUP"
        if power:
            j = self.behind_script(j)
        if j >= len(self.lexemes) or not self.is_variable(j, roman):
            return None
        end, plain = self.variable_end(j)
        if not roman:
            before = self.lexemes[i - 1] if i else None
            first = (
                before is None or before.kind == "BIG" or self.out[-1].type in ("BIG",) or not self.levels[-1].operand
            )
            touching = self.lexemes[j].start == (d.end if not power else self.lexemes[j].start)
            if before is not None and before.kind == "SIGN" and not touching:
                return None
            if not plain or not (touching or first or adjacent or self.is_end(end)):
                return None
            if before is not None and before.kind == "SIGN" and not self.is_end(end):
                return None
        measure = (
            end == j + 1
            and end < len(self.lexemes)
            and self.lexemes[end].kind == "OPEN"
            and self.lexemes[end].value == "("
            and self.lexemes[end].start == self.lexemes[j].end
            and (self.lexemes[j].value[:1].isupper() or self.lexemes[j].value in MEASURES)
            and not power
        )
        self.matched(open_level, end)
        self.emit("MEASURE" if measure else "DIFFERENTIAL_POWER" if power else "DIFFERENTIAL", d)
        self.levels[-1].operand = True
        return i + 1

    def matched(self, level: Level | None, end: int) -> None:
        if level is not None:
            level.integrals -= 1
        self.differential_end = end

    def is_variable(self, j: int, roman: bool) -> bool:
        lexeme = self.lexemes[j]
        if lexeme.kind == "NAME":
            return (
                lexeme.value not in FUNCTION_WORDS
                and lexeme.value not in ("nabla", "partial", "infty")
                and not lexeme.value.isdigit()
            )
        return lexeme.kind in ("ACCENT", "FONT") or (roman and lexeme.kind == "LBRACE")

    def variable_end(self, j: int) -> tuple[int, bool]:
        """The index behind a variable with its scripts, and whether those are what a variable's are (no power)."""
        while self.lexemes[j].kind in ("FONT", "ACCENT") and j + 1 < len(self.lexemes):
            j += 1
        end = self.behind_atom(j)
        plain = True
        while end < len(self.lexemes) and self.lexemes[end].kind in ("SUB", "SUP", "PRIME", "STAR"):
            if self.lexemes[end].kind == "SUP":
                inner = self.lexemes[end + 1] if end + 1 < len(self.lexemes) else None
                following = self.lexemes[end + 2] if end + 2 < len(self.lexemes) else None
                plain = (
                    plain
                    and inner is not None
                    and inner.kind == "LBRACE"
                    and following is not None
                    and following.kind == "OPEN"
                )
            end = self.behind_script(end) if self.lexemes[end].kind in ("SUB", "SUP") else end + 1
        return end, plain

    def behind_atom(self, j: int) -> int:
        if j < len(self.lexemes) and self.lexemes[j].kind in ("LBRACE", "OPEN") and self.lexemes[j].partner is not None:
            partner = self.lexemes[j].partner
            while j < len(self.lexemes) and self.lexemes[j] is not partner:
                j += 1
        return j + 1

    def behind_script(self, j: int) -> int:
        return self.behind_atom(j + 1)

    def is_end(self, j: int) -> bool:
        """May an integral end before ``j``?"""
        if j >= len(self.lexemes):
            return True
        lexeme = self.lexemes[j]
        if lexeme.kind in (
            "REL",
            "SIGN",
            "SEP",
            "CLOSE",
            "RBRACE",
            "TIMES",
            "BIG",
            "AMP",
            "ROW",
            "END",
            "DOTS",
            "PERIOD",
            "MID",
            "TEXT",
        ):
            return True
        return (
            self.is_d(j)
            and j + 1 < len(self.lexemes)
            and (self.lexemes[j + 1].kind == "SUB" or self.is_variable(j + 1, False))
        )
