"""One cell of a display: cut at every sign that may separate, then joined where a cut would leave no relation."""

from __future__ import annotations

from dataclasses import dataclass

from derivations.reading.display.pieces import (
    BOUNDARIES,
    OPERATORS,
    content,
    dangling,
    first_of,
    has_differential,
    has_relation,
    last_of,
    only_names,
    open_integral,
)
from derivations.reading.tex.lexemes import Lexeme
from derivations.reading.tex.notation import CONJUNCTIONS, JOINING_WORDS, PROSE_WORDS


@dataclass
class Segment:
    glue: list[Lexeme]
    items: list[Lexeme]
    has_relation: bool


def segment_of(glue: list[Lexeme], items: list[Lexeme]) -> Segment:
    return Segment(glue, items, has_relation(items))


def is_note(segment: Segment) -> bool:
    """Set apart by a space or by prose, as a condition or a remark: the next row continues what stands before it."""
    kinds = {x.kind for x in segment.glue}
    if "QUANTIFIER" in kinds or kinds == {"QUAD"}:
        return True
    texts = [x.value.strip(" ,.;:").lower() for x in segment.glue if x.kind in ("TEXT", "NAME")]
    return any(text not in CONJUNCTIONS for text in texts)


def lists_before_relations(segments: list[Segment]) -> list[bool]:
    """Of each segment: are there only commas between it and the next one that has a relation?"""
    out = [False] * len(segments)
    for k in range(len(segments) - 2, -1, -1):
        after = segments[k + 1]
        out[k] = {x.kind for x in after.glue} == {"SEP"} and (after.has_relation or out[k + 1])
    return out


def joins_expressions(glue: list[Lexeme]) -> bool:
    """Words between two expressions that belong together: "or", "mod", and whatever is no known preposition."""
    words = [word for x in glue for word in x.value.strip(" ,.;:()").lower().split()]
    return not any(word in PROSE_WORDS | CONJUNCTIONS and word not in JOINING_WORDS for word in words)


class Segments:
    """The segments of a cell."""

    parts: list

    def segments(self, cell: list[Lexeme]) -> tuple[list[Segment], list[Lexeme]]:
        """Cut at every sign that may separate; the second value is what stands behind the last segment."""
        segments: list[Segment] = []
        glue: list[Lexeme] = []
        items: list[Lexeme] = []
        for i, lexeme in enumerate(cell):
            boundary = lexeme.depth == 0 and lexeme.kind in BOUNDARIES
            if boundary and lexeme.kind == "TEXT" and self.is_operand(cell, i, bool(segments or content(items))):
                boundary = False
            if lexeme.side == "spaced" and lexeme.kind == "NAME" and lexeme.depth == 0 and self.is_prose(cell, i):
                boundary = True
            if lexeme.kind == "PERIOD" and lexeme.depth == 0 and first_of(cell[i + 1 : i + 41]) is None:
                continue  # the full stop of the sentence
            if boundary:
                if content(items):
                    segments.append(segment_of(glue, items))
                    glue, items = [], []
                glue.append(lexeme)
            else:
                items.append(lexeme)
        if content(items):
            segments.append(segment_of(glue, items))
            glue = []
        return segments, glue

    def is_prose(self, cell: list[Lexeme], i: int) -> bool:
        """One word in \\text with a space beside it: "\\text{minimize } f(x)", "x > 0 \\text{ always}"."""
        before, after = (
            last_of(cell[max(0, i - 20) : i]),
            first_of(cell[i + 1 : i + 21]),
        )
        ends = after is None or after.kind in BOUNDARIES
        starts = before is None or before.kind in BOUNDARIES
        if ends:
            return not starts and before is not None and before.kind not in OPERATORS and before.kind != "REL"
        assert after is not None
        return after.kind in (
            "NAME",
            "NUMBER",
            "FONT",
            "ACCENT",
            "BIG",
            "FRAC",
            "ROOT",
            "DECOR",
            "UNDERSET",
        ) and (starts or (before is not None and before.kind not in OPERATORS and before.kind != "REL"))

    def is_operand(self, cell: list[Lexeme], i: int, begun: bool) -> bool:
        """Words as one side ("\\text{total loss} = .."), rather than prose between formulas."""
        before, after = (
            last_of(cell[max(0, i - 20) : i]),
            first_of(cell[i + 1 : i + 21]),
        )
        if before is not None and (before.kind == "REL" or before.kind in OPERATORS):
            return True
        if after is None:
            return False
        if after.kind in ("SUB", "SUP"):
            return True
        starts = before is None or before.kind in BOUNDARIES
        label = cell[i].value.startswith("(") and bool(self.parts)
        return (
            starts
            and not label
            and (after.kind == "REL" or after.kind in OPERATORS)
            and not cell[i].value.endswith((":", ","))
        )

    def merge(self, segments: list[Segment], continues: bool) -> list[Segment]:
        """Undo the cuts that would leave a fragment which is no relation."""
        merged: list[Segment] = []
        followed = lists_before_relations(segments)
        for k, segment in enumerate(segments):
            if merged and self.joins(merged[-1], segment, followed[k], continues and len(merged) == 1):
                separators = [x for x in segment.glue if x.kind == "SEP"]
                first = first_of(segment.items)
                if first is not None and first.kind == "REL":
                    separators = []
                merged[-1].items.extend(
                    [*(separators or [x for x in segment.glue if x.kind in ("QUAD", "TEXT", "NAME")]), *segment.items]
                )
                merged[-1].has_relation = merged[-1].has_relation or segment.has_relation
            else:
                merged.append(Segment(segment.glue, list(segment.items), segment.has_relation))
        return merged

    def joins(self, left: Segment, right: Segment, followed: bool, continues: bool) -> bool:
        kinds = {x.kind for x in right.glue}
        if kinds and kinds <= {"TEXT", "NAME"}:
            # "Z = X \\text{ xor } Y" is one side that says something else than Z = X
            return not (left.has_relation and right.has_relation) and joins_expressions(right.glue)
        if kinds & {"TEXT", "NAME", "CONSEQUENCE", "QUANTIFIER"}:
            return False
        first = first_of(right.items)
        assert first is not None
        if first.kind == "REL" or (dangling(left.items) and "SEP" not in kinds):
            return True
        quantified = any(x.kind == "QUANTIFIER" for x in left.glue)
        if "SEP" not in kinds:  # \quad only
            if first.kind in OPERATORS:
                return True
            return open_integral(left.items) and has_differential(right.items)
        if any(x.value == ":" for x in right.glue):
            return not quantified and not (left.has_relation and right.has_relation)
        if len([x for x in right.glue if x.kind == "SEP"]) > 1:
            return False
        left_complete = left.has_relation or continues
        if not left_complete:
            sign = next((x.value for x in right.items if x.kind == "REL" and x.depth == 0), "")
            # "f(x), x \in X" is an expression and its domain; "a, b \in X" is a list
            return sign not in ("in", "~") or only_names(left.items)
        if right.has_relation:
            return False
        # "a = b, c, d = e": names before the next relation belong to it; anything else lists on
        if followed and only_names(right.items):
            return False
        return not ("QUAD" in kinds and left.has_relation)
