"""Other shapes for letters whose shapes were only guessed, where the guess does not fit the relation.

What a letter is elsewhere in its section says little of what it is here: theta is a vector in one line and a number in
the next.  So where the shapes found for a section do not fit, the relation is read alone, and then as one of numbers.
What is declared, and what the relation itself shows (a transpose, a determinant, an identity), is never given up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from derivations.reading.conventions import Conventions
from derivations.reading.meaning.unfolding import WORDS, letters_within
from derivations.reading.names import every_head, head_of, index_names, is_transpose
from derivations.reading.scope import Definition, View
from derivations.reading.survey.evidence import survey_shapes
from derivations.reading.survey.shapes import MATRIX, Shapes
from derivations.reading.survey.usage import Usage, survey
from derivations.reading.tree import BigOperator, Group, Matrix, Name, Node, Number, Script, Sequence
from derivations.reading.vocabulary import MATRIX_WORDS
from derivations.reading.walking import as_name, nodes, unwrap
from proofs.terms import BINDER_SCOPE, Term, walk

ENTRY_BY_ENTRY = "each letter here is a number: what is written of vectors holds entry by entry"


@dataclass(frozen=True)
class Attempt:
    """Shapes to read a relation with; ``view`` and ``trees`` are without the definitions of ``left_out``.

    Names that stand for themselves depend on nothing, so nothing that those definitions speak of, ``hidden``, may be
    bound or differentiated by.  For random variables, ``points``, that is so only where they stand outside densities:
    inside they are points, whatever makes them.
    """

    shapes: Shapes
    view: View
    trees: tuple[Node, ...]
    left_out: frozenset[str] = frozenset()
    hidden: frozenset[str] = frozenset()
    points: frozenset[str] = frozenset()
    hidden_by_points: frozenset[str] = frozenset()
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
        firsts = [Attempt(shapes, view, trees)]
        definitions = self.mentioned(sides, view)
        points = {n for n, d in definitions.items() if not d.parameters and d.key in self.usage.density_variables}
        hidden = letters_within((d for n, d in definitions.items() if n not in points), view)
        by_points = letters_within((definitions[n] for n in points), view)
        if definitions and hidden is not None and by_points is not None:
            names, those = frozenset(definitions), (frozenset(hidden), frozenset(points), frozenset(by_points))
            firsts.append(Attempt(shapes, alone, sides, names, *those))
        for first in firsts:
            local = self.shapes_of(first.trees, sides, shapes)
            yield replace(first, shapes=local)
            if self.may_be_numbers(first.trees, local):
                numbers = replace(local, kinds={}, dimension_known=False)
                yield replace(first, shapes=numbers, note=ENTRY_BY_ENTRY)

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

    def mentioned(self, sides: tuple[Node, Node], view: View) -> dict[str, Definition]:
        """The definitions that the sides mention, by all the names by which they do."""
        tables = (view.definitions, view.applied, view.later)
        found: dict[str, Definition] = {}
        for side in sides:
            for head in every_head(side, is_index=self.usage.is_index, is_parameter=self.conventions.is_parameter):
                names = (head.name, head.key, head.root)
                found |= {name: table[name] for name in names for table in tables if name in table}
        return found

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


def forgets(attempt: Attempt, sides: Iterable[Term]) -> bool:
    """Whether something that a definition left out speaks of is bound, differentiated by or an index here."""
    sides = tuple(sides)
    letters = attempt.hidden
    if any(name in attempt.points for side in sides for name in outside_densities(side)):
        letters |= attempt.hidden_by_points
    bound = {n for side in sides for t in walk(side) if t.op in BINDER_SCOPE or t.op == "derivative" for n in t.data}
    names = {name.split("_")[0].split(" ")[-1] for name in bound if isinstance(name, str)}
    runs = [n.sub for tree in attempt.trees for n in nodes(tree) if isinstance(n, BigOperator) and n.sub is not None]
    names |= {name for sub in runs for name in index_names(sub)}
    return bool(letters & names) or (WORDS in letters and bool(names))  # words may speak of anything that moves here


def outside_densities(t: Term) -> Iterator[str]:
    """The symbols of a term that stand outside densities."""
    if t.op == "symbol":
        yield t.data[0]
    if t.op not in ("pdf", "family"):
        for argument in t.args:
            yield from outside_densities(argument)
