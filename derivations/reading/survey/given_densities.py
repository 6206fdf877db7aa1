"""Densities that are given by a formula, by their logarithm, or as weights that add up to one."""

from __future__ import annotations

from dataclasses import replace

from derivations.reading.names import head_of, index_names
from derivations.reading.places import Placed
from derivations.reading.scope import Definition
from derivations.reading.survey.normal_formulas import normal_law
from derivations.reading.survey.targets import Targets
from derivations.reading.tree import BigOperator, Dots, Group, Name, Node, Number, Sequence, Text
from derivations.reading.walking import applications, as_name, as_sequence, joined, names_and_scripts, nodes, unwrap
from proofs.records import Domain
from proofs.terms import SCALAR


class GivenDensities(Targets):
    """The part of the Declarations that reads formulas for densities."""

    def normal_law_of(self, lhs: Node, rhs: Node) -> Node | None:
        """N(m, s^2) for the right side of p(z) = \\frac{1}{\\sqrt{2\\pi s^2}} e^{..}; None for any other equation."""
        called = self.call(lhs)
        if called is None or not called[1].parts or not self.looks_density(lhs):
            return None
        outcome = self.head(called[1].parts[0])
        bars = [s for s in called[1].separators if s != ";"]
        if outcome is None or outcome.power is not None or bars[:1] == [","]:
            return None
        return normal_law(rhs, outcome.name, self.conventions)

    def log_density(self, lhs: Node, rhs: Node, start: int, placed: Placed) -> bool:
        """Whether log q(z) = -(z - m)^2 / 2 says what a density is of which nothing was known."""
        items = lhs.items if isinstance(lhs, Sequence) and set(lhs.signs) == {""} else ()
        word = as_name(items[0]) if len(items) == 3 else None
        if word is None or word.text not in ("log", "ln"):
            return False
        density = joined(lhs.span, items[1:], ("",))
        target, head, called = self.target(density), self.head(items[1]), self.call(density)
        if target is None or head is None or called is None or not self.looks_density(density):
            return False
        letter = self.letter(items[1])
        is_known = target[0] in self.known or any(law.letter == letter for law in self.scope.laws)
        has_words = any(isinstance(n, Text | Dots) for n in nodes(rhs))
        applies = any(h is not None and h.key in self.usage.listed for h in map(self.head, names_and_scripts(rhs)))
        has_density = any(self.is_density_letter(item) for item, _ in applications(rhs))
        if is_known or has_words or applies or has_density:
            return False
        if not all(self.speaks_of(rhs, parameter) for parameter in target[1]):
            return False
        exp = Sequence(rhs.span, (Name(rhs.span, "exp"), Group(rhs.span, "(", ")", (rhs,))), ("",))
        marks = called[1].separators
        self.define(Definition(*target, exp, start, placed.section, placed.section_end, head.key, marks))
        return True

    def weights_add_up(self, lhs: Node, rhs: Node, order: int, placed: Placed) -> bool:
        """Whether the text says that weights add up to one, \\sum_k \\pi_k = 1: they are then a point of a simplex."""
        if not isinstance(lhs, Sequence) or len(lhs.items) != 2 or not isinstance(rhs, Number) or rhs.text != "1":
            return False
        sign = unwrap(lhs.items[0])
        is_sum = isinstance(sign, BigOperator) and sign.kind == "sum"
        names = index_names(sign.sub) if is_sum and isinstance(sign, BigOperator) and sign.sub is not None else []
        head = head_of(lhs.items[1], is_index=names.__contains__)
        if head is None or len(names) != 1 or len(head.indices) != 1 or head.power is not None or head.label:
            return False
        self.declare(replace(head, indices=()).key, Domain(SCALAR, "simplex", declared=True), order, placed)
        return True


def within_logarithms(lhs: Node, rhs: Node) -> tuple[Node, Node]:
    """q(z) and N(z; m, S) of \\log q(z) = \\log N(z; m, S); the sides as they are where they are no logarithms."""
    bare = [as_sequence(side) for side in (lhs, rhs)]
    if not all(s is not None and (w := as_name(s.items[0])) is not None and w.text in ("log", "ln") for s in bare):
        return lhs, rhs
    found = [joined(s.span, s.items[1:], s.signs[1:]) for s in bare if s is not None and s.signs[0] == ""]
    return (unwrap(found[0]), unwrap(found[1])) if len(found) == 2 else (lhs, rhs)
