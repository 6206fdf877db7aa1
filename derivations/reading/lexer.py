"""The terminals of one side: what depends on the neighbours is decided here, before the grammar runs.

* A bar opens, closes or separates (`bars.py`).
* ``d`` is a differential after an integral that has none yet, and a letter otherwise (`differentials.py`).
* ``\\cdot`` alone in brackets is a place holder; a sign alone in a script is a name.

One pass with a stack of levels (a bracket, a brace or a cell of a matrix each), linear in the number of lexemes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lark import Token
from lark.lexer import Lexer, LexerState

from derivations.reading.grammar.conditions import Conditions
from derivations.reading.grammar.differentials import Differentials
from derivations.reading.grammar.levels import Level
from derivations.reading.tex.lexemes import FormulaError, Lexeme
from derivations.reading.tex.notation import FUNCTION_WORDS

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


class TokenStream(Lexer):
    """Hands ready-made tokens to lark."""

    __future_interface__ = 1  # what `lex` is given: the state, in which lark leaves the tokens as they were handed in

    def __init__(self, conf: object):
        pass

    def lex(self, lexer_state: LexerState, parser_state: object) -> Iterator[Token]:
        tokens: Any = lexer_state.text
        return iter(tokens)


def classify(lexemes: list[Lexeme], conditional: bool = False) -> list[Token]:
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
                    f"expected a term: the sign '{lexeme.value}' ends one row and begins the next",
                )
            broken = False
            continue
        broken = False
        out.append(lexeme)
    while out and out[-1].kind in ("PERIOD", "SEP") and out[-1].value in ("", ",", ";", "."):
        out.pop()
    return out


class _Classifier(Conditions, Differentials):
    """One lexeme after the other to a token of the grammar."""

    def __init__(self, lexemes: list[Lexeme], conditional: bool):
        super().__init__(lexemes, conditional)
        self.bars_left = self.count_bars()
        self.names = self.derivative_letters()

    def run(self) -> list[Token]:
        i = 0
        while i < len(self.lexemes):
            i = self.step(i, self.lexemes[i])
        level = self.levels[-1]
        if level.bars:
            self.unclosed_bar(level.bars[-1], self.lexemes[-1].end)
        return self.out

    def step(self, i: int, lexeme: Lexeme) -> int:
        kind, level = lexeme.kind, self.levels[-1]
        if kind == "NAME":
            return self.name(i, lexeme)
        if kind in _OPERANDS:
            if kind == "TEXT" and (self.condition_text(i, lexeme) or self.list_text(i, lexeme)):
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
                self.emit(
                    "NAME",
                    Lexeme("NAME", lexeme.start, last.end, "".join(x.value for x in self.lexemes[i : i + signs])),
                )
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

    def period(self, i: int, lexeme: Lexeme) -> None:
        after = self.lexemes[i + 1].kind if i + 1 < len(self.lexemes) else "RBRACE"
        before = self.lexemes[i - 1].kind if i else ""
        if before in ("OPEN", "LBRACE", "SEP") and after in ("CLOSE", "RBRACE", "SEP", "BAR", "MID"):
            self.emit("NAME", Lexeme("NAME", lexeme.start, lexeme.end, "cdot"))  # W[., i]
            self.atom(True)
        elif after not in ("RBRACE", "END", "AMP", "ROW"):
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
            if before == "FONT" and level.kind == "paren":  # p(\mathbf{x|z})
                kind = "paren"
        elif lexeme.kind == "OPEN" and self.script:
            raise FormulaError(lexeme.start, "expected braces around a script that is more than one letter: ^{(..)}")
        is_bar = lexeme.value in ("|", "||")
        unclosed = is_bar and lexeme.side == "left" and lexeme.partner is not None and not lexeme.partner.value
        if lexeme.kind == "OPEN" and unclosed and level.operand:  # p\left(x \left| z \right.\right)
            self.separator(lexeme, lexeme.value)
            self.levels.append(Level("split", saved=True))
            self.arguments = 0
            return
        self.emit(lexeme.kind, lexeme)
        new = Level(kind, saved=saved, environment=lexeme.value if lexeme.kind == "BEGIN" else "")
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
        if lexeme.side == "spaced" and self.between_expressions(i):  # X \\text{ xor } Y
            self.emit("TEXT", lexeme)
            self.atom(False)
            return i + 1
        self.emit("NAME", lexeme)
        function = (lexeme.value in FUNCTION_WORDS and lexeme.value not in ("const", "Gamma")) or lexeme.value in (
            "nabla",
            "partial",
        )
        self.atom(not function)
        return i + 1

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
