"""Names that an equation introduces on its right side, or for the entries of its left."""

from __future__ import annotations

from derivations.reading.names import is_transpose
from derivations.reading.places import Placed
from derivations.reading.scope import Definition
from derivations.reading.survey.targets import Targets
from derivations.reading.tree import Group, Matrix, Name, Node, Number, Script
from derivations.reading.walking import nodes, unwrap


class NewNames(Targets):
    """The part of the Declarations that reads equations which name an expression."""

    def defines_reverse(self, left: Node, rhs: Node, order: int, placed: Placed) -> bool:
        """An expression = a new name: defines the name if nothing before and nothing in it speaks of the name."""
        reverse = self.target(rhs)
        if reverse is None or self.looks_density(rhs):
            return False
        is_plain = self.head(left) is not None or isinstance(unwrap(left), Number)
        head = self.head(rhs)
        names = {reverse[0], head.root if head is not None else reverse[0]}
        if is_plain or any(isinstance(n, Name | Script) and self.spells(n, names) for n in nodes(left)):
            return False
        if reverse[1] and not all(self.mentions(left, parameter) for parameter in reverse[1]):
            return False
        definition = Definition(reverse[0], reverse[1], left, order, placed.section)
        if not self.is_new(reverse):
            if self.is_undefined_title(rhs, reverse):
                self.candidates.append(definition)
            return False
        self.define(definition)
        return True

    def defines_entries(self, lhs: Node, rhs: Node, order: int, placed: Placed) -> bool:
        """An expression = a list of new names, \\nabla f(x) = (g_1, g_2): the names are its entries."""
        called = self.call(lhs)
        function = self.head(called[0]) if called is not None else None
        if self.head(lhs) is not None or (function is not None and function.name not in self.known):
            return False
        rows = cells_of(rhs)
        heads = [self.head(cell) for row in rows for cell in row]
        known = [h for h in heads if h is not None and h.power is None and h.label.isdigit()]
        names = {h.name for h in known}
        if len(heads) < 2 or len(names) < len(heads) or len({h.root for h in known}) != 1:
            return False
        anew = [d for name in names if (d := self.known.get(name)) is not None and d.section != placed.section]
        if len(anew) < len(names) and any(not self.is_new((name, ())) for name in names):
            return False
        if any(self.mentions(lhs, name) for name in names):
            return False
        whole, span = Group(lhs.span, "(", ")", (lhs,)), lhs.span
        for i, row in enumerate(rows, 1):
            for j, cell in enumerate(row, 1):
                head = self.head(cell)
                at = [Number(span, str(k)) for k, n in ((i, len(rows)), (j, len(row))) if n > 1]
                index = at[0] if len(at) == 1 else Group(span, "", "", tuple(at), (",",))
                if head is not None:
                    self.define(Definition(head.name, (), Script(span, whole, index), order, placed.section))
        return True

    def define_titles(self) -> None:
        """At the end of the document: a title that no equation begins with is defined by the first that has it on one
        side alone, \\log p(x) \\ge \\mathcal L(x) = ... and ... = \\mathcal L(x)."""
        for candidate in self.candidates:
            if candidate.key not in self.known:
                self.define(candidate)
                self.found.kinds.setdefault(candidate.order, "definition")


def cells_of(node: Node) -> tuple[tuple[Node, ...], ...]:
    """The rows of a matrix or a list that is written out, also transposed; none of anything else."""
    node = unwrap(node)
    if isinstance(node, Script) and node.sub is None and is_transpose(node.sup):
        return tuple(zip(*cells_of(node.base)))
    if isinstance(node, Matrix) and node.fence != "|":
        return node.rows
    if isinstance(node, Group) and node.open in ("[", "(") and node.separators and set(node.separators) == {","}:
        return (node.parts,)
    return ()
