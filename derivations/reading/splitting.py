"""A display becomes chains: rows, columns, several relations in one line, prose between them.

Works on lexemes that stand outside all brackets (``depth`` 0) and never looks into a side: what a side says is the
grammar's business.  A row that begins with a relation sign continues the chain before it; one that begins with a sign
of addition or multiplication continues its last side.
"""

from __future__ import annotations

from collections.abc import Sequence as Seq
from dataclasses import dataclass, field

from derivations.reading.tex.lexemes import Lexeme
from derivations.reading.tex.notation import CONJUNCTIONS, FUNCTION_WORDS

SPACES = frozenset({"AMP", "ROW", "QUAD", "SKIP", "TRANSPARENT"})
_OPERATORS = frozenset({"SIGN", "TIMES"})
_LIST_OF_NAMES = frozenset({"NAME", "SUB", "SUP", "PRIME", "STAR", "SEP", "DOTS", "FONT", "ACCENT"})
_BOUNDARIES = frozenset({"QUAD", "SEP", "TEXT", "CONSEQUENCE", "QUANTIFIER"})


@dataclass
class Part:
    """A chain before its sides are read: ``sides`` alternate with ``signs``; the first is None after a relation sign."""

    sides: list[list[Lexeme] | None]
    signs: list[Lexeme] = field(default_factory=list)
    lead: str = ""
    remark: bool = False

    def last(self) -> list[Lexeme]:
        side = self.sides[-1]
        return side if side is not None else []

    def extend(self, items: Seq[Lexeme]) -> None:
        """Append what follows: first to the last side, then a new side after each relation sign."""
        for lexeme in items:
            if lexeme.kind == "REL" and lexeme.depth == 0:
                if (
                    not content(self.last())
                    and self.signs
                    and self.signs[-1].value == lexeme.value
                    and self.sides[-1] is not None
                ):
                    continue  # "= \\ =": one sign, written at both ends of the line break
                self.signs.append(lexeme)
                self.sides.append([])
            else:
                if self.sides[-1] is None:
                    self.sides[-1] = []
                self.sides[-1].append(lexeme)  # type: ignore[union-attr]


@dataclass
class _Segment:
    glue: list[Lexeme]
    items: list[Lexeme]
    has_relation: bool


def _has_relation(items: Seq[Lexeme]) -> bool:
    return any(x.kind == "REL" and x.depth == 0 for x in items)


def _segment(glue: list[Lexeme], items: list[Lexeme]) -> _Segment:
    return _Segment(glue, items, _has_relation(items))


def content(items: Seq[Lexeme]) -> list[Lexeme]:
    """Without spaces, ends of rows and columns."""
    return [x for x in items if x.kind not in SPACES]


def split(lexemes: list[Lexeme]) -> list[Part]:
    """The chains of a formula in the order in which they begin."""
    return _Splitter(lexemes).run()


def _rows(lexemes: list[Lexeme]) -> list[list[Lexeme]]:
    rows: list[list[Lexeme]] = [[]]
    for lexeme in lexemes:
        rows[-1].append(lexeme)
        if lexeme.kind == "ROW" and lexeme.depth == 0:
            rows.append([])
    return rows


def _first(items: Seq[Lexeme]) -> Lexeme | None:
    return next((x for x in items if x.kind not in SPACES), None)


def _last(items: Seq[Lexeme]) -> Lexeme | None:
    return next((x for x in reversed(items) if x.kind not in SPACES), None)


def _dangling(items: Seq[Lexeme]) -> bool:
    """Nothing can end here: after a sign, a sum, a function's name."""
    end = len(items) - 1
    while end >= 0 and items[end].kind in SPACES:
        end -= 1
    if end < 0:
        return True
    # step back over scripts: \max_\theta, \sum_{i=1}^n
    while end > 0:
        kind = items[end].kind
        if kind == "RBRACE" and items[end].partner is not None and items[end].partner.side in ("sub", "sup"):  # type: ignore[union-attr]
            opening = items[end].partner
            while end >= 0 and items[end] is not opening:
                end -= 1
            end -= 2
        elif kind in ("NAME", "NUMBER") and items[end - 1].kind in ("SUB", "SUP"):
            end -= 2
        elif kind == "LIMITS":
            end -= 1
        else:
            break
    if end < 0:
        return False
    lexeme = items[end]
    if lexeme.kind in _OPERATORS or lexeme.kind in ("REL", "BIG", "LIMITS"):
        return True
    return lexeme.kind == "NAME" and (
        lexeme.value == "nabla" or (lexeme.value in FUNCTION_WORDS and lexeme.value != "const")
    )


def _open_integral(items: Seq[Lexeme]) -> bool:
    open_integrals = 0
    for i, lexeme in enumerate(items):
        if lexeme.kind == "BIG" and lexeme.value == "integral":
            open_integrals += 1
        elif (
            lexeme.kind == "NAME"
            and lexeme.value == "d"
            and i + 1 < len(items)
            and items[i + 1].kind in ("NAME", "FONT", "ACCENT", "SUP")
        ):
            open_integrals = max(open_integrals - 1, 0)
    return open_integrals > 0


def _has_differential(items: Seq[Lexeme]) -> bool:
    return any(
        x.kind == "NAME" and x.value == "d" and items[i + 1].kind in ("NAME", "FONT", "ACCENT", "SUP")
        for i, x in enumerate(items[:-1])
    )


def _only_names(items: Seq[Lexeme]) -> bool:
    """Letters with their scripts and accents, and commas between them."""
    script = False
    for x in content(items):
        if x.depth == 0 and not script and x.kind not in _LIST_OF_NAMES and x.kind not in ("LBRACE", "RBRACE"):
            return False
        script = x.depth == 0 and x.kind in ("SUB", "SUP")
    return True


def _is_note(segment: _Segment) -> bool:
    """Set apart by a space or by prose, as a condition or a remark: the next row continues what stands before it."""
    kinds = {x.kind for x in segment.glue}
    if "QUANTIFIER" in kinds or kinds == {"QUAD"}:
        return True
    texts = [x.value.strip(" ,.;:").lower() for x in segment.glue if x.kind in ("TEXT", "NAME")]
    return any(text not in CONJUNCTIONS for text in texts)


def _lists_before_relations(segments: list[_Segment]) -> list[bool]:
    """Of each segment: are there only commas between it and the next one that has a relation?"""
    out = [False] * len(segments)
    for k in range(len(segments) - 2, -1, -1):
        after = segments[k + 1]
        out[k] = {x.kind for x in after.glue} == {"SEP"} and (after.has_relation or out[k + 1])
    return out


class _Splitter:
    def __init__(self, lexemes: list[Lexeme]):
        self.lexemes = lexemes
        self.parts: list[Part] = []
        self.current: dict[int, Part] = {}  # the chain that the next row of a column continues
        self.pending_lead: list[str] = []

    def run(self) -> list[Part]:
        for row in _rows(self.lexemes):
            for column, cell in enumerate(self.columns(row)):
                if _first(cell) is not None:
                    self.cell(column, cell)
        return [p for p in self.parts if any(side and content(side) for side in p.sides)]

    # -- columns

    def columns(self, row: list[Lexeme]) -> list[list[Lexeme]]:
        """The self-contained columns of a row; an ``&`` beside a relation sign or an operator only aligns."""
        cells: list[list[Lexeme]] = [[]]
        for lexeme in row:
            if lexeme.kind == "AMP" and lexeme.depth == 0:
                cells.append([])
            cells[-1].append(lexeme)
        firsts = [_first(cell) for cell in cells]
        for i in range(len(cells) - 2, -1, -1):
            firsts[i] = firsts[i] or firsts[i + 1]
        columns: list[list[Lexeme]] = [cells[0]]
        related = _has_relation(cells[0])
        for i, cell in enumerate(cells[1:], start=1):
            rest = firsts[i]
            if rest is not None and self.breaks(i, columns[-1], rest, len(columns), related):
                columns.append(cell)
                related = _has_relation(cell)
            else:
                columns[-1].extend(cell)
                related = related or _has_relation(cell)
        return columns

    def breaks(self, i: int, before: list[Lexeme], after: Lexeme, column: int, related: bool) -> bool:
        last = _last(before)
        if last is None or (_dangling(before) and last.kind != "SEP") or after.kind in _OPERATORS:
            return False
        if after.kind == "REL":
            return i % 2 == 0 and column in self.current and related
        return related or (i % 2 == 0 and after.kind != "TEXT")

    # -- segments of one cell

    def segments(self, cell: list[Lexeme]) -> tuple[list[_Segment], list[Lexeme]]:
        """Cut at every sign that may separate; the second value is what stands behind the last segment."""
        segments: list[_Segment] = []
        glue: list[Lexeme] = []
        items: list[Lexeme] = []
        for i, lexeme in enumerate(cell):
            boundary = lexeme.depth == 0 and lexeme.kind in _BOUNDARIES
            if boundary and lexeme.kind == "TEXT" and self.is_operand(cell, i, bool(segments or content(items))):
                boundary = False
            if lexeme.side == "spaced" and lexeme.kind == "NAME" and lexeme.depth == 0 and self.is_prose(cell, i):
                boundary = True
            if lexeme.kind == "PERIOD" and lexeme.depth == 0 and _first(cell[i + 1 : i + 41]) is None:
                continue  # the full stop of the sentence
            if boundary:
                if content(items):
                    segments.append(_segment(glue, items))
                    glue, items = [], []
                glue.append(lexeme)
            else:
                items.append(lexeme)
        if content(items):
            segments.append(_segment(glue, items))
            glue = []
        return segments, glue

    def is_prose(self, cell: list[Lexeme], i: int) -> bool:
        """One word in \\text with a space beside it: "\\text{minimize } f(x)", "x > 0 \\text{ always}"."""
        before, after = _last(cell[max(0, i - 20) : i]), _first(cell[i + 1 : i + 21])
        ends = after is None or after.kind in _BOUNDARIES
        starts = before is None or before.kind in _BOUNDARIES
        if ends:
            return not starts and before is not None and before.kind not in _OPERATORS and before.kind != "REL"
        assert after is not None
        return after.kind in ("NAME", "NUMBER", "FONT", "ACCENT", "BIG", "FRAC", "ROOT", "DECOR", "UNDERSET") and (
            starts or (before is not None and before.kind not in _OPERATORS and before.kind != "REL")
        )

    def is_operand(self, cell: list[Lexeme], i: int, begun: bool) -> bool:
        """Words as one side ("\\text{total loss} = .."), rather than prose between formulas."""
        before, after = _last(cell[max(0, i - 20) : i]), _first(cell[i + 1 : i + 21])
        if before is not None and (before.kind == "REL" or before.kind in _OPERATORS):
            return True
        if after is None:
            return False
        if after.kind in ("SUB", "SUP"):
            return True
        starts = before is None or before.kind in _BOUNDARIES
        label = cell[i].value.startswith("(") and bool(self.parts)
        return (
            starts
            and not label
            and (after.kind == "REL" or after.kind in _OPERATORS)
            and not cell[i].value.endswith((":", ","))
        )

    def merge(self, segments: list[_Segment], continues: bool) -> list[_Segment]:
        """Undo the cuts that would leave a fragment which is no relation."""
        merged: list[_Segment] = []
        followed = _lists_before_relations(segments)
        for k, segment in enumerate(segments):
            if merged and self.joins(merged[-1], segment, followed[k], continues and len(merged) == 1):
                separators = [x for x in segment.glue if x.kind == "SEP"]
                first = _first(segment.items)
                if first is not None and first.kind == "REL":
                    separators = []
                merged[-1].has_relation = merged[-1].has_relation or segment.has_relation
                merged[-1].items.extend(
                    [*(separators or [x for x in segment.glue if x.kind == "QUAD"]), *segment.items]
                )
            else:
                merged.append(_Segment(segment.glue, list(segment.items), segment.has_relation))
        return merged

    def joins(self, left: _Segment, right: _Segment, followed: bool, continues: bool) -> bool:
        kinds = {x.kind for x in right.glue}
        if kinds & {"TEXT", "NAME", "CONSEQUENCE", "QUANTIFIER"}:
            return False
        first = _first(right.items)
        assert first is not None
        if first.kind == "REL" or (_dangling(left.items) and "SEP" not in kinds):
            return True
        quantified = any(x.kind == "QUANTIFIER" for x in left.glue)
        if "SEP" not in kinds:  # \quad only
            if first.kind in _OPERATORS:
                return True
            return _open_integral(left.items) and _has_differential(right.items)
        if any(x.value == ":" for x in right.glue):
            return not quantified and not (left.has_relation and right.has_relation)
        if len([x for x in right.glue if x.kind == "SEP"]) > 1:
            return False
        left_complete = left.has_relation or continues
        if not left_complete:
            sign = next((x.value for x in right.items if x.kind == "REL" and x.depth == 0), "")
            # "f(x), x \in X" is an expression and its domain; "a, b \in X" is a list
            return sign not in ("in", "~") or _only_names(left.items)
        if right.has_relation:
            return False
        # "a = b, c, d = e": names before the next relation belong to it; anything else lists on
        if followed and _only_names(right.items):
            return False
        return not ("QUAD" in kinds and left.has_relation)

    # -- rows to chains

    def cell(self, column: int, cell: list[Lexeme]) -> None:
        segments, trailing = self.segments(cell)
        current = self.current.get(column)
        opening = _first(segments[0].items) if segments else None
        continues = current is not None and opening is not None and opening.kind == "REL"
        main: Part | None = None
        side_note = False
        for k, segment in enumerate(self.merge(segments, continues)):
            texts = [x.value for x in segment.glue if x.kind in ("TEXT", "NAME", "CONSEQUENCE", "QUANTIFIER")]
            if k == 0 and current is not None and not texts and self.continues(current, segment, cell):
                current.extend([Lexeme("ROW", segment.items[0].start, segment.items[0].start), *segment.items])
                part = current
            else:
                part = self.new_part(segment, texts)
                self.parts.append(part)
            side_note = side_note or (k > 0 and _is_note(segment))
            if main is None or not side_note:
                main = part
        if main is not None:
            self.current[column] = main
        for lexeme in trailing:
            if lexeme.kind in ("TEXT", "NAME"):
                self.parts.append(Part([[lexeme]], remark=True))
            elif lexeme.kind in ("CONSEQUENCE", "QUANTIFIER"):
                self.pending_lead.append(lexeme.value)

    def new_part(self, segment: _Segment, texts: list[str]) -> Part:
        lead = " ".join([*self.pending_lead, *texts])
        self.pending_lead = []
        first = _first(segment.items)
        part = Part([None] if first is not None and first.kind == "REL" else [[]], lead=lead)
        items = segment.items
        if part.sides[0] is None:
            items = content(items[: items.index(first)]) + items[items.index(first) :]  # type: ignore[arg-type]
        part.extend(items)
        return part

    def continues(self, current: Part, segment: _Segment, cell: list[Lexeme]) -> bool:
        first = _first(segment.items)
        assert first is not None
        if self.pending_lead:
            return False
        if first.kind == "REL":
            return True
        last_sign = _last(current.last())
        if _dangling(current.last()) and (last_sign is not None or current.signs):
            return True
        if first.kind == "TIMES":
            return True
        if first.kind == "SIGN":
            aligned = any(x.kind == "AMP" for x in cell[: cell.index(first)])
            return aligned or not segment.has_relation or first.value != "-"
        return _open_integral(current.last()) and _has_differential(segment.items)
