"""The terminals of one side: what depends on the neighbours is decided here, before the grammar runs.

* A bar opens, closes or separates (x|z): by what stands before it and by how many bars are left at its level.
* ``d`` is a differential after an integral that has none yet, and a letter otherwise.
* ``\\cdot`` alone in brackets is a place holder; a sign alone in a script is a name.

One pass with a stack of levels (a bracket, a brace or a cell of a matrix each), linear in the number of lexemes.
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import dataclass, field

from lark import Token
from lark.lexer import Lexer

from derivations.reading.notation import CASES, FUNCTION_WORDS, PROSE_WORDS
from derivations.reading.tokens import Lexeme


class FormulaError(ValueError):
    """A formula, or a part of it, that is refused: ``place`` is an offset in its source, ``expected`` what was expected there."""

    def __init__(self, place: int, expected: str):
        super().__init__(f"at offset {place}: {expected}")
        self.place = place
        self.expected = expected


class TokenStream(Lexer):
    """Hands ready-made tokens to lark."""

    def __init__(self, conf: object):
        pass

    def lex(self, data: list[Token]) -> Iterator[Token]:  # type: ignore[override]
        return iter(data)


@dataclass
class _Level:
    kind: str  # 'root', 'paren', 'script', 'brace', 'arg' or 'cell'
    operand: bool = False  # does something stand directly before?
    saved: bool = True  # what ``operand`` becomes behind it
    integrals: int = 0  # integrals without their differential
    bars: list[Lexeme] = field(default_factory=list)
    column: int = 0
    relations: int = 0


MOST_NESTED = 30  # bars in bars, relations in one bracket, commands without braces in each other
_OPERANDS = frozenset({"NAME", "NUMBER", "TEXT", "DOTS"})
_TAKES_ARGUMENTS = {
    "FRAC": 2,
    "BINOM": 2,
    "ROOT": 1,
    "ROOTN": 2,
    "FONT": 1,
    "ACCENT": 1,
    "UNDERSET": 2,
    "OVERSET": 2,
    "DECOR": 1,
}


def classify(source: str, lexemes: list[Lexeme], conditional: bool = False) -> list[Token]:
    """Tokens for `grammar.lark` from the lexemes of one side (an expression).

    ``conditional`` admits one bar outside all brackets: x | z \\sim p.  Raises FormulaError at the first place that
    cannot be read.
    """
    kept = _without_spaces(lexemes)
    for lexeme in lexemes:
        if lexeme.error:
            raise FormulaError(lexeme.place if lexeme.place >= 0 else lexeme.start, lexeme.error)
    return _Classifier(kept, conditional).run()


def _without_spaces(lexemes: list[Lexeme]) -> list[Lexeme]:
    """Rows and columns stay in matrices and cases, and go elsewhere; ``+ \\\\ +`` is one sign written twice."""
    out: list[Lexeme] = []
    walls: list[Lexeme] = []
    broken = False
    for lexeme in lexemes:
        kind = lexeme.kind
        if kind in ("BEGIN", "LBRACE"):
            walls.append(lexeme)
        elif kind in ("END", "RBRACE") and walls:
            walls.pop()
        in_rows = bool(walls) and walls[-1].kind == "BEGIN"
        if kind in ("QUAD", "SKIP", "TRANSPARENT"):
            continue
        if kind in ("AMP", "ROW") and not in_rows:
            broken = broken or kind == "ROW"
            continue
        if broken and out and kind in ("SIGN", "TIMES") and out[-1].kind == kind and out[-1].value == lexeme.value:
            if lexeme.value not in ("+", "*", "x"):
                raise FormulaError(
                    lexeme.start,
                    f"expected a term: the sign '{lexeme.value}' stands at the end of one row and at the start of the next",
                )
            broken = False
            continue
        broken = False
        out.append(lexeme)
    while out and out[-1].kind in ("PERIOD", "SEP") and out[-1].value in ("", ",", ";", "."):
        out.pop()
    return out


class _Classifier:
    def __init__(self, lexemes: list[Lexeme], conditional: bool):
        self.lexemes = lexemes
        self.conditional = conditional
        self.out: list[Token] = []
        self.levels = [_Level("root")]
        self.script = False  # the next atom is a script
        self.arguments = 0  # arguments in braces still expected
        self.bars_left = self.count_bars()
        self.names = self.derivative_letters()
        self.differential_end = -1  # index of the lexeme behind the last differential

    # -- looking ahead, once

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

    def is_d(self, i: int) -> bool:
        return (
            i < len(self.lexemes)
            and self.lexemes[i].kind == "NAME"
            and self.lexemes[i].value == "d"
            and self.lexemes[i].font in ("", "rm")
        )

    # -- the pass

    def run(self) -> list[Token]:
        i = 0
        while i < len(self.lexemes):
            i = self.step(i, self.lexemes[i])
        level = self.levels[-1]
        if level.bars:
            self.unclosed_bar(level.bars[-1], self.lexemes[-1].end)
        return self.out

    def emit(self, kind: str, lexeme: Lexeme) -> None:
        self.out.append(Token(kind, lexeme))  # type: ignore[arg-type]

    def atom(self, operand: bool) -> None:
        """Something that fills a place: a script's, an argument's or an item's."""
        if self.script:
            self.script = False
        elif self.arguments:
            self.arguments -= 1
            self.levels[-1].operand = True
        else:
            self.levels[-1].operand = operand

    def step(self, i: int, lexeme: Lexeme) -> int:
        kind, level = lexeme.kind, self.levels[-1]
        if kind == "NAME":
            return self.name(i, lexeme)
        if kind in _OPERANDS:
            if kind == "TEXT" and self.condition_text(i, lexeme):
                return i + 1
            self.emit(kind, lexeme)
            self.atom(kind != "TEXT")
        elif kind in _TAKES_ARGUMENTS:
            self.emit(kind, lexeme)
            if self.script:
                self.script = False
            else:
                level.operand = True
            self.arguments = max(self.arguments - 1, 0) + _TAKES_ARGUMENTS[kind]
            self.limit(self.arguments - 1 + self.run_of(i, _TAKES_ARGUMENTS), lexeme)
        elif kind == "BIG":
            self.emit(kind, lexeme)
            self.atom(False)
            if lexeme.value == "integral":
                level.integrals += 1
        elif kind in ("LBRACE", "OPEN", "BEGIN"):
            self.open(lexeme)
        elif kind in ("RBRACE", "CLOSE", "END"):
            self.close(i, lexeme)
        elif kind in ("SUB", "SUP"):
            self.emit(kind, lexeme)
            self.script = True
        elif kind in ("PRIME", "STAR", "FACTORIAL", "LIMITS", "NOTE"):
            self.emit(kind, lexeme)
            if kind == "FACTORIAL":
                self.limit(self.run_of(i, ("FACTORIAL",)), lexeme)
        elif kind == "BAR":
            self.bar(i, lexeme)
        elif kind == "MID":
            self.separator(lexeme, lexeme.value)
        elif kind == "SIGN":
            signs = self.signs_alone(i)
            if signs:
                last = self.lexemes[i + signs - 1]
                self.emit("NAME", Lexeme("NAME", lexeme.start, last.end, "".join(x.value for x in self.lexemes[i : i + signs])))
                self.atom(True)
                return i + signs
            if self.lonely(i):
                self.emit("NAME", lexeme)
                self.atom(True)
            else:
                self.emit(kind, lexeme)
                level.operand = False
        elif kind == "TIMES":
            self.times(i, lexeme)
        elif kind in ("SEP", "REL", "OVER"):
            if level.bars:
                self.unclosed_bar(level.bars[-1], lexeme.start)
            if kind == "REL":
                level.relations += 1
                self.limit(level.relations, lexeme)
            self.emit(kind, lexeme)
            level.operand = False
        elif kind in ("AMP", "ROW"):
            self.cell(i, kind, lexeme)
        elif kind in ("CONSEQUENCE", "QUANTIFIER"):
            if len(self.levels) == 1:
                raise FormulaError(lexeme.start, "expected an expression, not a logical sign")
            self.emit("REL" if kind == "CONSEQUENCE" else "TEXT", lexeme)
            level.operand = False
        elif kind == "SKIP":
            pass
        elif kind == "PERIOD":
            self.period(i, lexeme)
        else:
            raise FormulaError(lexeme.start, lexeme.error or "this cannot be read here")
        return i + 1

    def run_of(self, i: int, kinds: Container[str]) -> int:
        """How many lexemes of these kinds end at ``i``, up to the limit."""
        count = 0
        while i >= 0 and self.lexemes[i].kind in kinds and count <= MOST_NESTED:
            i, count = i - 1, count + 1
        return count

    def limit(self, nested: int, lexeme: Lexeme) -> None:
        if nested > MOST_NESTED:
            raise FormulaError(lexeme.start, f"expected no more than {MOST_NESTED} of these in each other")

    def period(self, i: int, lexeme: Lexeme) -> None:
        after = self.lexemes[i + 1].kind if i + 1 < len(self.lexemes) else "RBRACE"
        if after not in ("RBRACE", "END", "AMP", "ROW"):
            raise FormulaError(lexeme.start, "expected no full stop inside the formula")

    def open(self, lexeme: Lexeme) -> None:
        level = self.levels[-1]
        kind = {"OPEN": "paren", "BEGIN": "cell", "LBRACE": "brace"}[lexeme.kind]
        saved = True
        if lexeme.kind == "LBRACE" and self.script:
            kind, saved, self.script = "script", level.operand, False
        elif lexeme.kind == "LBRACE" and self.arguments:
            before = next((t.value.kind for t in reversed(self.out[-1:]) if isinstance(t.value, Lexeme)), "")
            kind = "script" if before in ("UNDERSET", "OVERSET") else "arg"
        elif lexeme.kind == "OPEN" and self.script:
            raise FormulaError(lexeme.start, "expected braces around a script that is more than one letter: ^{(..)}")
        value = lexeme.value
        if lexeme.kind == "OPEN" and value == "|" and lexeme.side == "left" and lexeme.partner is not None:
            if lexeme.partner.value == "" and level.operand:  # p\left(x \left| z \right.\right)
                self.separator(lexeme, "|")
                self.levels.append(_Level("split", saved=True))
                self.arguments = 0
                return
        self.emit(lexeme.kind, lexeme)
        new = _Level(kind, saved=saved)
        if kind == "brace":
            new.kind = "brace" if level.kind in ("root", "arg") else level.kind if level.kind != "split" else "paren"
            new.kind = "brace" if new.kind == "cell" else new.kind
        self.levels.append(new)
        if self.arguments and lexeme.kind == "LBRACE":
            new.column = self.arguments  # to take up again behind the brace
            self.arguments = 0

    def close(self, i: int, lexeme: Lexeme) -> None:
        level = self.levels[-1]
        if level.bars:
            self.unclosed_bar(level.bars[-1], lexeme.start)
        if len(self.levels) > 1:
            self.levels.pop()
        outer = self.levels[-1]
        outer.operand = level.saved
        if lexeme.kind == "RBRACE":
            outer.integrals += level.integrals if level.kind not in ("script",) else 0
            self.arguments = max(level.column - 1, 0)
        if level.kind == "split":
            return
        if lexeme.kind == "CLOSE" and lexeme.value == "|" and lexeme.partner is not None and lexeme.partner.value == "":
            # \left. f \right|_{x=0}
            self.emit("CLOSE", Lexeme("CLOSE", lexeme.start, lexeme.start, ""))
            if i + 1 < len(self.lexemes) and self.lexemes[i + 1].kind in ("SUB", "SUP"):
                self.emit("EVALUATED", lexeme)
                return
            raise FormulaError(lexeme.end, "expected a subscript behind the bar of an evaluation")
        self.emit(lexeme.kind, lexeme)

    # -- names and differentials

    def name(self, i: int, lexeme: Lexeme) -> int:
        if not self.script and not self.arguments and self.is_d(i) and i not in self.names:
            end = self.differential(i)
            if end is not None:
                return end
        after = self.lexemes[i + 1] if i + 1 < len(self.lexemes) else None
        if lexeme.value == "arg" and after is not None and after.kind == "NAME" and after.value in ("max", "min"):
            joined = Lexeme("NAME", lexeme.start, after.end, "arg" + after.value, "rm")
            self.emit("NAME", joined)
            self.atom(False)
            return i + 2
        level = self.levels[-1]
        if level.kind == "cell" and level.column and lexeme.font == "" and self.spelled_out(i):
            return self.prose(i)
        self.emit("NAME", lexeme)
        function = (lexeme.value in FUNCTION_WORDS and lexeme.value not in ("const", "Gamma")) or lexeme.value in (
            "nabla",
            "partial",
        )
        self.atom(not function)
        return i + 1

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
            if roman or not self.is_end(self.behind(j)):
                return None
            self.matched(open_level, self.behind(j))
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
            first = before is None or before.kind == "BIG" or self.out[-1].type in ("BIG",) or self.after_limits()
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
            and (self.lexemes[j].value[:1].isupper() or self.lexemes[j].value in ("mu", "nu", "pi", "rho", "lambda"))
            and not power
        )
        self.matched(open_level, end)
        self.emit("MEASURE" if measure else "DIFFERENTIAL_POWER" if power else "DIFFERENTIAL", d)
        self.levels[-1].operand = True
        return i + 1

    def matched(self, level: _Level | None, end: int) -> None:
        if level is not None:
            level.integrals -= 1
        self.differential_end = end

    def after_limits(self) -> bool:
        """Directly behind the limits of an integral sign?"""
        return bool(self.levels) and not self.levels[-1].operand

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

    def behind(self, j: int) -> int:
        return self.behind_script(j)

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

    # -- signs

    def lonely(self, i: int) -> bool:
        """A sign that is the whole script: A^+, x^{-}."""
        if self.script:
            after = self.lexemes[i + 1] if i + 1 < len(self.lexemes) else None
            if after is not None and after.kind in ("NUMBER", "NAME") and after.start == self.lexemes[i].end:
                raise FormulaError(
                    after.start,
                    f"expected braces around a script of several characters: ^{{{self.lexemes[i].value}..}}",
                )
            return True
        return False

    def signs_alone(self, i: int) -> int:
        """How many signs are the whole script from ``i`` on: Z_{++}, x^{-}; 0 if there is anything else in it."""
        if self.levels[-1].kind != "script" or not i or self.lexemes[i - 1].kind != "LBRACE":
            return 0
        count = self.run_of_signs(i)
        after = self.lexemes[i + count].kind if i + count < len(self.lexemes) else ""
        return count if after == "RBRACE" else 0

    def run_of_signs(self, i: int) -> int:
        count = 0
        while i + count < len(self.lexemes) and self.lexemes[i + count].kind == "SIGN" and count < 3:
            count += 1
        return count

    def times(self, i: int, lexeme: Lexeme) -> None:
        before = self.lexemes[i - 1].kind if i else ""
        after = self.lexemes[i + 1].kind if i + 1 < len(self.lexemes) else ""
        starts = before in ("OPEN", "SEP", "MID", "LBRACE") or (before == "BAR" and not self.levels[-1].operand)
        ends = after in ("CLOSE", "SEP", "MID", "BAR", "RBRACE", "PRIME")
        if self.script or (starts and ends and (lexeme.value == "*" or self.levels[-1].kind == "script")):
            holder = (
                "cdot" if lexeme.value == "*" and not self.script and self.levels[-1].kind != "script" else lexeme.value
            )
            self.emit("NAME", Lexeme("NAME", lexeme.start, lexeme.end, holder))
            self.atom(True)
        else:
            self.emit("TIMES", lexeme)
            self.levels[-1].operand = False

    # -- bars

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
                f"expected brackets around what this '{'|' if value == '|' else '||'}' separates, or a second bar to close it",
            )
        self.emit("SEP", Lexeme("SEP", lexeme.start, lexeme.end, value))
        level.operand = False

    def unclosed_bar(self, bar: Lexeme, place: int) -> None:
        raise FormulaError(place, f"expected a closing '{bar.value}' for the '{bar.value}' before it")

    # -- rows of a matrix or of cases

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

    def environment(self) -> str:
        return next((t.value.value for t in reversed(self.out) if t.type == "BEGIN"), "")

    def condition_text(self, i: int, lexeme: Lexeme) -> bool:
        """Prose in the condition of a case: "if" goes, "and" is a comma, a text alone is the condition."""
        level = self.levels[-1]
        if level.kind != "cell" or self.environment() not in CASES:
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
        """How many letters from ``i`` spell a word of prose typed plainly ("if", "otherwise") in a condition; 0 if none."""
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
