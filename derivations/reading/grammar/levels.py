"""What the lexer knows at each place of a side: the brackets around it and what stands before it."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass, field

from lark import Token

from derivations.reading.tex.lexemes import FormulaError, Lexeme

MOST_NESTED = 30  # bars in bars, relations in one bracket, commands without braces in each other


@dataclass
class Level:
    kind: str  # 'root', 'paren', 'script', 'brace', 'arg' or 'cell'
    operand: bool = False  # does something stand directly before?
    saved: bool = True  # what ``operand`` becomes behind it
    integrals: int = 0  # integrals without their differential
    bars: list[Lexeme] = field(default_factory=list)
    column: int = 0
    relations: int = 0
    environment: str = ""


class Levels:
    """The state of one pass over the lexemes of a side."""

    def __init__(self, lexemes: list[Lexeme], conditional: bool):
        self.lexemes = lexemes
        self.conditional = conditional
        self.out: list[Token] = []
        self.levels = [Level("root")]
        self.script = False  # the next atom is a script
        self.arguments = 0  # arguments in braces still expected
        self.bars_left: dict[int, int] = {}  # of each bar: how many of its kind are left at its level
        self.names: set[int] = set()  # the d of derivatives
        self.differential_end = -1  # index of the lexeme behind the last differential

    def emit(self, kind: str, lexeme: Lexeme) -> None:
        self.out.append(Token(kind, lexeme))

    def atom(self, operand: bool) -> None:
        """Something that fills a place: a script's, an argument's or an item's."""
        if self.script:
            self.script = False
        elif self.arguments:
            self.arguments -= 1
            self.levels[-1].operand = True
        else:
            self.levels[-1].operand = operand

    def run_of(self, i: int, kinds: Container[str]) -> int:
        """How many lexemes of these kinds end at ``i``, up to the limit."""
        count = 0
        while i >= 0 and self.lexemes[i].kind in kinds and count <= MOST_NESTED:
            i, count = i - 1, count + 1
        return count

    def limit(self, nested: int, lexeme: Lexeme) -> None:
        if nested > MOST_NESTED:
            raise FormulaError(lexeme.start, f"expected no more than {MOST_NESTED} of these in each other")

    def is_d(self, i: int) -> bool:
        return (
            i < len(self.lexemes)
            and self.lexemes[i].kind == "NAME"
            and self.lexemes[i].value == "d"
            and self.lexemes[i].font in ("", "rm")
        )
