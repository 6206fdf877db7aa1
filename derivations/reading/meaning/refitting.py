"""Other shapes for letters whose shapes were only guessed, where the guess does not fit the relation.

What a letter is elsewhere in its section says little of what it is here: theta is a vector in one line and a number in
the next.  So where the shapes found for a section do not fit, the relation is read alone, and then as one of numbers.
What is declared, and what the relation itself shows (a transpose, a determinant, an identity), is never given up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from derivations.reading.conventions import Conventions
from derivations.reading.names import every_head, head_of, is_transpose
from derivations.reading.scope import View
from derivations.reading.survey.evidence import survey_shapes
from derivations.reading.survey.shapes import MATRIX, Shapes
from derivations.reading.survey.usage import Usage, survey
from derivations.reading.tree import Group, Matrix, Name, Node, Number, Script, Sequence
from derivations.reading.vocabulary import MATRIX_WORDS
from derivations.reading.walking import as_name, nodes, unwrap

ENTRY_BY_ENTRY = "each letter here is a number: what is written of vectors holds entry by entry"


@dataclass(frozen=True)
class Attempt:
    """Shapes to read a relation with; ``view`` and ``trees`` are without the definitions of ``left_out``."""

    shapes: Shapes
    view: View
    trees: tuple[Node, ...]
    left_out: frozenset[str] = frozenset()
    note: str = ""


class Refitting:
    """The other shapes that the letters of a document's relations may have."""

    def __init__(self, usage: Usage, conventions: Conventions):
        self.usage, self.conventions = usage, conventions

    def attempts(
        self, sides: tuple[Node, Node], trees: tuple[Node, ...], view: View, shapes: Shapes
    ) -> Iterator[Attempt]:
        """What to try where ``shapes`` do not fit, in a fixed order: the relation with all definitions read alone, as
        one of numbers, and both without the definitions."""
        alone = replace(view, definitions={}, applied={}, later={})
        left_out = self.defined_names(sides, view)
        for within, those, missing in ((view, trees, frozenset[str]()), (alone, sides, left_out)):
            if those is trees or missing:
                local = self.shapes_of(those, sides, shapes)
                yield Attempt(local, within, those, missing)
                if self.may_be_numbers(those, local):
                    numbers = replace(local, kinds={}, dimension_known=False)
                    yield Attempt(numbers, within, those, missing, ENTRY_BY_ENTRY)

    def shapes_of(self, trees: tuple[Node, ...], sides: tuple[Node, Node], shapes: Shapes) -> Shapes:
        """The shapes that the trees alone, and what is declared at their place, give their letters."""
        here = survey(trees, self.conventions)
        usage = replace(
            self.usage,
            subscripted_by_index=here.subscripted_by_index,
            unindexed=here.unindexed,
            dimension_hints=here.dimension_hints,
        )
        local = survey_shapes(trees, (sides,), usage, self.conventions, shapes.declared)
        if local.dimension_known or not shapes.dimension_known:
            return local
        return replace(local, dimension=shapes.dimension, dimension_known=True)

    def defined_names(self, sides: tuple[Node, Node], view: View) -> frozenset[str]:
        """The names of the sides that have a definition."""
        tables = (view.definitions, view.applied, view.later)
        found: set[str] = set()
        for side in sides:
            for head in every_head(side, is_index=self.usage.is_index, is_parameter=self.conventions.is_parameter):
                names = {head.name, head.key, head.root}
                if any(name in table for table in tables for name in names):
                    found |= names
        return frozenset(found)

    # ------------------------------------------------------------------------------------------ numbers

    def may_be_numbers(self, trees: tuple[Node, ...], local: Shapes) -> bool:
        """Whether nothing in the trees is written as only vectors and matrices are: then what is said of vectors is
        said of each entry, and the relation of numbers is the same."""
        letters = {
            key
            for tree in trees
            for head in every_head(tree, is_index=self.usage.is_index, is_parameter=self.conventions.is_parameter)
            for key in (head.name, head.key, head.root)
        }
        if letters & local.declared.keys() or any(local.kinds.get(key) == MATRIX for key in letters):
            return False
        if isinstance(local.dimension, str) and local.dimension_known and local.dimension in letters:
            return False
        here = survey(trees, self.conventions)
        if any(here.unindexed[key] for key in here.subscripted_by_index):
            return False  # x and x_i: a vector and its entries
        is_vector = self.is_vector(local)
        return not any(is_array_notation(node, is_vector) for tree in trees for node in nodes(tree))

    def is_vector(self, shapes: Shapes) -> Callable[[Node], bool]:
        def found(node: Node) -> bool:
            heads = (head_of(n, is_parameter=self.conventions.is_parameter) for n in nodes(node))
            return any(h is not None and shapes.kinds.get(h.key) is not None for h in heads)

        return found


def is_array_notation(node: Node, is_vector: Callable[[Node], bool]) -> bool:
    """Whether a node is written of vectors and matrices only, and means something else of numbers."""
    match node:
        case Matrix():
            return True
        case Script() if is_transpose(node.sup):
            return True
        case Script() if isinstance(unwrap(node.base), Number) and node.sub is not None:
            return True  # 1_D
        case Group(open="||"):
            return True
        case Group(open="|"):
            return is_vector(node)
        case Group() if len(node.parts) > 1 and node.open == "[":
            return True
        case Name(text="I"):
            return True
        case Name():
            return node.text in MATRIX_WORDS
        case Sequence():
            dotted = [k for k, sign in enumerate(node.signs) if sign in ("*", "x", "otimes")]
            return any(is_vector(node.items[k]) and is_vector(node.items[k + 1]) for k in dotted) or is_divergence(node)
    return False


def is_divergence(node: Sequence) -> bool:
    """nabla . f, and nabla^2 f: traces."""
    for k, item in enumerate(node.items):
        inner = unwrap(item)
        base = as_name(inner.base) if isinstance(inner, Script) else as_name(inner)
        if base is None or base.text not in ("nabla", "Delta"):
            continue
        if isinstance(inner, Script) and inner.sup is not None:
            return True
        if k < len(node.signs) and node.signs[k] in ("*", "x"):
            return True
    return False
