"""Which bracket belongs to which, and how deep everything stands.

Braces come matched from `tokens.py`.  Here brackets and environments are: one pass with a stack, lenient, so that one
missing bracket spoils one side of one relation and not the display.  A relation sign behind ``&`` or at the
beginning of a row always stands outside all brackets.
"""

from __future__ import annotations

from collections import Counter

from derivations.reading.tex.lexemes import Lexeme
from derivations.reading.tex.notation import CASES, CLOSER_OF

DEEPEST = 150  # levels of brackets, braces and environments
_IGNORED = ("AMP", "ROW", "QUAD", "SKIP", "TRANSPARENT")
_SHOWN = {"floor": "⌊", "ceil": "⌈", "": "\\left.", "<": "⟨", "||": "\\|", "{": "\\{", "[[": "⟦"}
_SHOWN_CLOSING = {"floor": "⌋", "ceil": "⌉", "": "\\right.", ">": "⟩", "||": "\\|", "}": "\\}", "]]": "⟧"}
_BARS = ("|", "||")


def column(source: str, position: int) -> str:
    """Where a character stands, as a student counts: 'column 5', 'line 2, column 5'."""
    before = source[:position]
    line = before.count("\n") + 1
    col = position - (before.rfind("\n") + 1) + 1
    return f"line {line}, column {col}" if "\n" in source.strip() else f"column {col}"


def arrange(source: str, lexemes: list[Lexeme]) -> list[Lexeme]:
    """Match what opens with what closes and set every ``depth``; errors are noted on the lexeme that is to blame."""
    return _transparent_groups(match(source, _systems(_joined_fences(lexemes))))


def match(source: str, lexemes: list[Lexeme]) -> list[Lexeme]:
    """Match what opens with what closes, and set every ``depth``: brackets, braces and environments."""
    _Matcher(source, lexemes).run()
    depth = 0
    for lexeme in lexemes:
        if lexeme.kind in ("CLOSE", "RBRACE", "END") and lexeme.partner is not None:
            depth -= 1
        lexeme.depth = depth
        if lexeme.kind in ("OPEN", "LBRACE", "BEGIN") and lexeme.partner is not None:
            depth += 1
            if depth > DEEPEST and not lexeme.error:
                lexeme.error = f"brackets nested more than {DEEPEST} deep"
    return lexemes


def _joined_fences(lexemes: list[Lexeme]) -> list[Lexeme]:
    """``\\left( a \\right. \\\\ \\left. + b \\right)`` is one bracket over two rows: TeX cannot stretch it."""
    i = 0
    while i < len(lexemes):
        if lexemes[i].kind == "CLOSE" and lexemes[i].value == "" and lexemes[i].side == "right":
            j = i + 1
            row = False
            while j < len(lexemes) and lexemes[j].kind in _IGNORED:
                row = row or lexemes[j].kind == "ROW"
                j += 1
            sign = j < len(lexemes) and lexemes[j].kind == "SIGN"
            k = j + 1 if sign else j
            if (
                row
                and k < len(lexemes)
                and lexemes[k].kind == "OPEN"
                and lexemes[k].value == ""
                and lexemes[k].side == "left"
            ):
                lexemes[i].kind = lexemes[k].kind = "SKIP"
                i = k
        i += 1
    return lexemes


def _systems(lexemes: list[Lexeme]) -> list[Lexeme]:
    """``\\left\\{ \\begin{aligned} .. \\right.``, or an array: cases behind a relation sign, else rows of their own."""
    for i, lexeme in enumerate(lexemes):
        if lexeme.kind != "OPEN" or lexeme.value != "{" or i + 1 >= len(lexemes):
            continue
        inner = lexemes[i + 1]
        end = _end_of_rows(lexemes, i + 1)
        if end is None or end + 1 >= len(lexemes):
            continue
        closing = lexemes[end + 1]
        if closing.kind != "CLOSE" or closing.value != "":
            continue
        before = next((x.kind for x in reversed(lexemes[:i]) if x.kind not in _IGNORED), "")
        if before == "REL":
            lexeme.kind = closing.kind = "SKIP"
            inner.kind, lexemes[end].kind = "BEGIN", "END"
            inner.value = lexemes[end].value = "cases"
        elif inner.kind == "TRANSPARENT" or _relates_columns(lexemes[i + 2 : end]):
            lexeme.kind = closing.kind = "SKIP"
            inner.kind = lexemes[end].kind = "TRANSPARENT"
            inner.value, lexemes[end].value = "begin", "end"
    return lexemes


def _relates_columns(lexemes: list[Lexeme]) -> bool:
    """Whether a row has its relation in its first column or where another begins: elsewhere it is a condition."""
    first, begins = True, True
    for lexeme in lexemes:
        if lexeme.kind == "REL" and (first or begins):
            return True
        if lexeme.kind in ("ROW", "AMP"):
            first, begins = lexeme.kind == "ROW", True
        elif lexeme.kind not in _IGNORED:
            begins = False
    return False


def _end_of_rows(lexemes: list[Lexeme], begin: int) -> int | None:
    """Where the aligned rows, or the array, that begin at a place end; None where nothing of the kind begins."""
    inner = lexemes[begin]
    is_array = inner.kind == "BEGIN" and inner.value == "array"
    if not is_array and (inner.kind != "TRANSPARENT" or inner.value != "begin"):
        return None
    level = 0
    for j in range(begin, len(lexemes)):
        kind = lexemes[j].kind
        if is_array and kind in ("BEGIN", "END"):
            level += 1 if kind == "BEGIN" else -1
        elif not is_array and kind == "TRANSPARENT":
            level += 1 if lexemes[j].value == "begin" else -1
        if level == 0:
            return j
    return None


class _Matcher:
    def __init__(self, source: str, lexemes: list[Lexeme]):
        self.source = source
        self.lexemes = lexemes
        self.stack: list[Lexeme] = []  # opened and not closed; LBRACE and BEGIN are walls
        self.counts: list[Counter[str]] = [Counter()]  # what is open above each wall, by what would close it
        self.commas: dict[int, int] = {}  # id of an opening bracket -> commas at its level

    def run(self) -> None:
        ready = True  # a relation sign here would stand behind & or at the beginning of a row
        for lexeme in self.lexemes:
            kind = lexeme.kind
            if kind in ("LBRACE", "BEGIN"):
                self.stack.append(lexeme)
                self.counts.append(Counter())
            elif kind == "RBRACE":
                self.close_wall(lexeme, "LBRACE")
            elif kind == "END":
                self.close_wall(lexeme, "BEGIN")
            elif kind == "OPEN":
                self.stack.append(lexeme)
                self.counts[-1][self.key(lexeme)] += 1
            elif kind == "CLOSE":
                self.close(lexeme)
            elif kind == "SEP" and lexeme.value == "," and self.stack:
                self.commas[id(self.stack[-1])] = self.commas.get(id(self.stack[-1]), 0) + 1
            elif kind == "REL" and ready and len(self.counts) == 1:
                self.drop_to_wall(lexeme)
            if kind in ("AMP", "ROW"):
                ready = True
            elif kind not in _IGNORED and kind != "CONSEQUENCE":
                ready = False
        while self.stack:
            lexeme = self.stack.pop()
            if lexeme.kind == "OPEN":
                self.unclosed(lexeme, None)
            elif lexeme.kind == "BEGIN":
                lexeme.error = f"expected \\end{{{lexeme.value}}} for the \\begin{{{lexeme.value}}}"
            else:
                lexeme.error = "expected a closing '}' for this '{'"

    @staticmethod
    def key(opening: Lexeme) -> str:
        """By what it is closed: \\left needs \\right, which may be another kind of bracket."""
        return "left" if opening.side == "left" else CLOSER_OF[opening.value]

    def fits(self, opening: Lexeme, closing: Lexeme) -> bool:
        if (opening.side == "left") != (closing.side == "right"):
            return False
        if opening.value == "" or closing.value == "" or CLOSER_OF[opening.value] == closing.value:
            return True
        interval = {opening.value, closing.value} in ({"(", "]"}, {"[", ")"})
        return interval and self.commas.get(id(opening), 0) == 1

    def close(self, closing: Lexeme) -> None:
        if not self.stack or self.stack[-1].kind != "OPEN":
            self.stray(closing)
            return
        if self.fits(self.stack[-1], closing):
            self.pair(self.stack.pop(), closing)
            return
        key = "left" if closing.side == "right" else closing.value
        if self.counts[-1][key] == 0:
            self.stray(closing)
            return
        while self.key(self.stack[-1]) != key:
            self.unclosed(self.pop(), closing)
        if self.fits(self.stack[-1], closing):
            self.pair(self.stack.pop(), closing)
        else:
            opening = self.pop()
            self.unclosed(opening, closing)
            closing.error = opening.error
            closing.place = closing.start

    def pop(self) -> Lexeme:
        opening = self.stack.pop()
        self.counts[-1][self.key(opening)] -= 1
        return opening

    def pair(self, opening: Lexeme, closing: Lexeme) -> None:
        self.counts[-1][self.key(opening)] -= 1
        opening.partner, closing.partner = closing, opening

    def stray(self, closing: Lexeme) -> None:
        if closing.value in _BARS and closing.side == "":
            closing.kind = "BAR"
            return
        if self.stack and self.stack[-1].kind == "OPEN" and self.stack[-1].place < 0:
            self.stack[-1].place = closing.start  # what was open should have been closed here
        shown = _SHOWN_CLOSING.get(closing.value, closing.value)
        closing.error = f"expected no '{shown}' here: it closes nothing"

    def unclosed(self, opening: Lexeme, found: Lexeme | None) -> None:
        if opening.value in _BARS and opening.side == "":
            opening.kind = "BAR"  # p(x \\lvert z): many write \\lvert for every bar
            return
        closer = CLOSER_OF.get(opening.value, "")
        shown, shown_closer = _SHOWN.get(opening.value, opening.value), _SHOWN_CLOSING.get(closer, closer)
        opening.error = f"expected a closing '{shown_closer}' for the '{shown}' at {column(self.source, opening.start)}"
        if found is not None:
            opening.place = found.start

    def drop_to_wall(self, found: Lexeme) -> None:
        while self.stack and self.stack[-1].kind == "OPEN":
            self.unclosed(self.pop(), found)

    def close_wall(self, closing: Lexeme, kind: str) -> None:
        while self.stack and self.stack[-1].kind == "OPEN":
            self.unclosed(self.pop(), closing)
        top = self.stack[-1] if self.stack else None
        if top is not None and top.kind == kind and (kind == "LBRACE" or self.same_environment(top, closing)):
            self.stack.pop()
            self.counts.pop()
            top.partner, closing.partner = closing, top
        elif (
            top is not None and kind == "LBRACE" and top.kind == "BEGIN" and any(x.kind == "LBRACE" for x in self.stack)
        ):
            while self.stack[-1].kind != "LBRACE":
                lost = self.stack.pop()
                if lost.kind == "BEGIN":
                    self.counts.pop()
                    lost.error = f"expected \\end{{{lost.value}}} before this '}}'"
                    lost.place = closing.start
                else:
                    self.unclosed(lost, closing)
            self.close_wall(closing, kind)
        else:
            name = "'}'" if kind == "LBRACE" else f"\\end{{{closing.value}}}"
            closing.error = f"expected no {name} here: it closes nothing"

    @staticmethod
    def same_environment(opening: Lexeme, closing: Lexeme) -> bool:
        return opening.value == closing.value or (opening.value in CASES and closing.value in CASES)


def _transparent_groups(lexemes: list[Lexeme]) -> list[Lexeme]:
    """Boxes and colours around a whole relation, and rows of equations in cases: their contents are taken out.

    ``\\color{red}{a \\ge b}`` says a >= b.  A box around one side stays where it is.
    """
    _mark_relations(lexemes)
    out: list[Lexeme] = []
    lowered = 0  # how many groups around the present place were opened up
    dropped: set[int] = set()
    ends = _last_of_parts(lexemes)
    start_of_part = True
    for i, lexeme in enumerate(lexemes):
        kind = lexeme.kind
        if id(lexeme) in dropped:
            lexeme.kind = "SKIP"
            if kind in ("RBRACE", "END"):
                lowered -= 1
            out.append(lexeme)
            continue
        lexeme.depth -= lowered
        if lexeme.depth == 0 and kind == "DECOR" and i + 1 < len(lexemes) and lexemes[i + 1].kind == "LBRACE":
            brace = lexemes[i + 1]
            outer = "color" in lexeme.value or lexeme.value in ("boxed", "fbox", "bbox")
            begins = start_of_part or _next_kind(lexemes, i + 2) == "REL"
            if brace.font == "rel" and outer and begins and brace.partner in ends:
                lexeme.kind = "SKIP"
                dropped |= {id(brace), id(brace.partner)}
                lowered += 1
        elif lexeme.depth == 0 and start_of_part and lexeme.font == "rel" and lexeme.partner in ends:
            plain = kind == "LBRACE" and lexeme.side == ""
            if plain or (kind == "BEGIN" and lexeme.value in CASES):
                lexeme.kind = "SKIP"
                dropped.add(id(lexeme.partner))
                lowered += 1
        if kind in ("ROW", "AMP", "QUAD", "SEP", "TEXT", "CONSEQUENCE", "REL"):
            start_of_part = True
        elif lexeme.kind not in _IGNORED:
            start_of_part = False
        out.append(lexeme)
    return out


def _next_kind(lexemes: list[Lexeme], i: int) -> str:
    while i < len(lexemes) and lexemes[i].kind in _IGNORED:
        i += 1
    return lexemes[i].kind if i < len(lexemes) else ""


def _last_of_parts(lexemes: list[Lexeme]) -> set[Lexeme | None]:
    """The closing braces behind which (or directly before which, after a relation sign) a part of the formula ends."""
    out: set[Lexeme | None] = set()
    ends = True
    for i in range(len(lexemes) - 1, -1, -1):
        lexeme = lexemes[i]
        if lexeme.kind in ("ROW", "AMP", "QUAD", "SEP", "TEXT", "CONSEQUENCE", "PERIOD", "REL"):
            ends = True
        elif lexeme.kind in ("RBRACE", "END") and (ends or (i and lexemes[i - 1].kind == "REL")):
            out.add(lexeme)
        elif lexeme.kind not in _IGNORED:
            ends = False
    return out


def _mark_relations(lexemes: list[Lexeme]) -> None:
    """Note on each brace and environment (``font`` = 'rel') that a relation sign stands directly in it.

    Of cases and arrays the first column counts: in the second, relations are conditions.
    """
    stack: list[Lexeme] = []
    later_columns: list[bool] = []
    for i, lexeme in enumerate(lexemes):
        kind = lexeme.kind
        if kind in ("LBRACE", "BEGIN", "OPEN") and lexeme.partner is not None:
            stack.append(lexeme)
            later_columns.append(False)
            if i and lexemes[i - 1].kind == "DECOR":
                lexeme.value = lexeme.value or "decor"
        elif kind in ("RBRACE", "END", "CLOSE") and lexeme.partner is not None:
            closed = stack.pop()
            later_columns.pop()
            if closed.font == "rel" and closed.kind == "LBRACE" and stack and closed.value == "decor":
                stack[-1].font = "rel"
        elif kind in ("AMP", "ROW") and stack:
            later_columns[-1] = kind == "AMP"
        elif (
            kind == "REL"
            and stack
            and stack[-1].kind != "OPEN"
            and not (later_columns[-1] and stack[-1].kind == "BEGIN")
        ):
            stack[-1].font = "rel"
