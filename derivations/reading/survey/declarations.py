"""What a document declares: definitions, laws, domains and maps, found where authors put them.

A law or a domain is a declaration wherever it stands; what an equation defines is decided in `equations.py`.  A
declaration after a display ("where ...", "with ...") holds for that display too.
"""

from __future__ import annotations

from dataclasses import replace

from derivations.reading.mending import has_several, likeliest
from derivations.reading.names import heads
from derivations.reading.parser import FormulaError, parse_expression
from derivations.reading.places import Placed, sides
from derivations.reading.scope import Definition
from derivations.reading.survey.domains import Domains
from derivations.reading.survey.equations import Equations
from derivations.reading.tree import Decorated, Infix, Node, Side
from derivations.reading.walking import nodes


class Declarations(Equations, Domains):
    """Walks the chains of a document once, in order."""

    def visit(self, placed: Placed) -> None:
        """Records what one chain declares."""
        chain = placed.chain
        sections = self.scope.sections
        if not sections or sections[-1][1] != placed.section:
            sections.append((placed.order, placed.section))
        for side in sides(chain):
            for node in nodes(side.tree):
                if isinstance(node, Decorated):
                    self.named_brace(node, placed.order - 1, placed)
        if self.last is None or not placed.display or self.last.display_begun != placed.display_begun:
            self.used_in_display = set()
        left = chain.first if chain.first is not None else placed.previous
        for k, link in enumerate(chain.links):
            here = placed.order + k
            if left is not None and (has_several(left) or has_several(link.side)):
                self.visit_uncertain(left, link.rel, link.side, here, placed, k)
            elif left is not None:
                self.visit_link(left, link.rel, link.side, here, placed, k)
            if link.rel == "in" and k and chain.first is not None and chain.links[k - 1].rel in ("=", ":="):
                self.membership(
                    chain.first.tree, link.side.tree, min(here, placed.display_start), placed
                )  # z = (..) in R^2
            left = link.side
        for side in sides(chain):
            names = {h.name for h in heads(side.tree, is_parameter=self.conventions.is_parameter)}
            self.seen |= names
            self.used_in_display |= names
        self.last = placed

    def visit_uncertain(self, left: Side, rel: str, right: Side, order: int, placed: Placed, position: int) -> None:
        """Records what a relation is that lacks a bracket which may stand in several places, but not what it says."""
        tables = {name: table for name, table in vars(self.scope).items() if isinstance(table, list)}
        before = {name: len(table) for name, table in tables.items()}
        self.visit_link(likeliest(left), rel, likeliest(right), order, placed, position)
        for name, table in tables.items():
            new = table[before[name] :]
            del table[before[name] :]
            if name == "definitions":
                for definition in new:
                    self.define(replace(definition, body=right.tree if has_several(right) else left.tree))

    def visit_link(self, left: Side, rel: str, right: Side, order: int, placed: Placed, position: int) -> None:
        """Records what one relation declares; ``position`` is its place in its chain."""
        start = min(order, placed.display_start)
        is_law = self.is_named_law(right.tree) or self.is_density_of(right.tree, left.tree)
        if rel == "~" or (rel == "approx" and is_law):
            self.law(left.tree, right.tree, start, placed)
            if rel == "approx":
                self.found.kinds[order] = "assumption"
        elif rel == "in":
            self.membership(left.tree, right.tree, start, placed)
        elif rel in ("<", "<=", ">", ">="):
            if self.bound(left.tree, rel, right.tree, start, placed):
                self.found.kinds[order] = "assumption"
        elif rel in ("=", ":="):
            kind = self.equation(left, right, order, start, placed, position, rel)
            if kind is not None:
                self.found.kinds[order] = kind
        elif rel == "to":
            self.arrow(left.tree, right.tree, start, placed)

    # ------------------------------------------------------------------------------------------ underbraces

    def named_brace(self, node: Decorated, order: int, placed: Placed) -> None:
        """Underbraces that name what they brace: \\underbrace{f(z)_j}_{=k} defines k."""
        note = node.note
        if isinstance(note, str):
            note = parsed(note.strip()[1:]) if note.strip().startswith("=") else None
        if note is None:
            return
        if isinstance(node.note, Infix) and node.note.rel == "=":
            sides_named = (self.head(node.note.left), self.head(node.note.right))
            names = [h.name for h in sides_named if h is not None and not h.name.isdigit()]
        else:
            head = self.head(note)
            is_small_letter = head is not None and len(head.base) == 1 and head.base.islower() and not head.label
            names = [head.name] if head is not None and is_small_letter else []
        for name in names:
            self.define(Definition(name, (), node.body, order, placed.section))


def parsed(source: str) -> Node | None:
    try:
        return parse_expression(source)
    except FormulaError:
        return None
