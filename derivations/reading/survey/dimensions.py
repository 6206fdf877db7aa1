"""Of which dimensions the vectors and matrices are of which only the kind is known: W of Wz + b is d x k for z in R^k.

Products, sums, transposes, inverses, determinants, laws and equations say which dimensions are one, and classes of such
are joined.  Where a class has a dimension that is declared, or written below an identity, it is that of its letters;
all else keeps the dimension of the document.  Two declared dimensions are never made one: what would do so is left out.
"""

from __future__ import annotations

from collections.abc import Iterable

from derivations.reading.names import Head, is_inverse_transpose, is_minus_one, is_transpose, roles
from derivations.reading.survey.kinds import Kinds
from derivations.reading.survey.shapes import MATRIX, VECTOR
from derivations.reading.tree import Fraction, Group, Infix, Node, Number, Script, Sequence, Sum
from derivations.reading.vocabulary import MATRIX_WORDS
from derivations.reading.walking import argument_group, as_group, as_name, as_sequence, nodes, unwrap
from proofs.terms import Dim, Sort, matrix_sort, vector_sort

Slot = tuple[str, str]  # a letter and 'rows' or 'columns'; ('', n) is the dimension n itself
Shape = tuple[Slot, Slot]
ONE: Slot = ("", "1")
SCALAR: Shape = (ONE, ONE)
LAWS = ("N", "Normal")


class Dimensions:
    """The dimensions of the letters whose kinds were found, as classes of those that are one."""

    def __init__(self, kinds: Kinds):
        self.kinds = kinds
        self.parent: dict[Slot, Slot] = {}
        self.known: dict[Slot, Dim] = {}  # by the root of a class
        self.fresh = 0

    # ------------------------------------------------------------------------------------------ classes

    def root(self, slot: Slot) -> Slot:
        while slot in self.parent:
            slot = self.parent[slot]
        return slot

    def unify(self, one: Slot, other: Slot) -> None:
        """Both are one dimension from here on, unless both are known and differ, or one is the 1 of a vector."""
        one, other = self.root(one), self.root(other)
        if one == other or ONE in (one, other):
            return
        if one in self.known and other in self.known:
            return
        if one in self.known:
            one, other = other, one
        self.parent[one] = other

    def constant(self, dim: Dim) -> Slot:
        slot = ("", str(dim))
        if slot != ONE:
            self.known[slot] = dim
        return slot

    def new(self) -> Slot:
        self.fresh += 1
        return (f"#{self.fresh}", "rows")

    def equal(self, one: Shape | None, other: Shape | None) -> None:
        if one is not None and other is not None and SCALAR not in (one, other) and is_column(one) == is_column(other):
            self.unify(one[0], other[0])
            self.unify(one[1], other[1])

    def square(self, shape: Shape | None) -> None:
        if shape is not None:
            self.unify(*shape)

    # ------------------------------------------------------------------------------------------ shapes

    def of_letter(self, head: Head) -> Shape | None:
        """The shape of a letter; None where it stands for an entry, or for one of several."""
        if head.base == "I" and not head.accents:
            n = self.identity(head)
            return n, n
        if head.indices:
            return None
        key = head.key
        sort = self.kinds.shapes.declared.get(key)
        if sort is not None:
            return self.constant(sort.rows), self.constant(sort.cols)
        kind = self.kinds.shapes.kinds.get(key)
        if kind == VECTOR:
            return (key, "rows"), ONE
        return ((key, "rows"), (key, "columns")) if kind == MATRIX else SCALAR

    def identity(self, head: Head) -> Slot:
        """The dimension of I_k, one that nothing says for I."""
        if head.label.isdigit():
            return self.constant(int(head.label))
        is_dimension = head.label in self.kinds.conventions.dimensions
        return self.constant(head.label) if is_dimension else self.new()

    def shape(self, node: Node) -> Shape | None:
        """The shape of a part of a formula; None where it is not understood."""
        node = unwrap(node)
        match node:
            case Number():
                return SCALAR
            case Fraction():
                return self.shape(node.numerator)
            case Group():
                if len(node.parts) == 1 and node.open in ("(", "[", "{", ""):
                    return self.shape(node.parts[0])
                return SCALAR if node.open in ("|", "||") else None
            case Sum():
                shapes = [s for term in node.terms if (s := self.shape(term)) not in (None, SCALAR)]
                for other in shapes[1:]:
                    self.equal(shapes[0], other)
                return shapes[0] if shapes else SCALAR
            case Sequence():
                return self.product(node)
            case Script() if as_group(node.base) is not None:
                return self.powered(self.shape(node.base), node.sup)
        head = self.kinds.member(node)
        return None if head is None else self.powered(self.of_letter(head), head.power)

    def powered(self, shape: Shape | None, power: Node | None) -> Shape | None:
        """The shape of a transpose, an inverse or a power of something of a shape."""
        if shape is None or power is None:
            return shape
        if is_transpose(power):
            return shape[1], shape[0]
        if is_column(shape):
            return shape  # entry by entry
        if is_minus_one(power) or is_inverse_transpose(power):
            self.square(shape)
        return shape

    def product(self, node: Sequence) -> Shape | None:
        """The shape of a product of matrices, vectors and scalars; None where a factor is not understood."""
        state, skip = SCALAR, False
        for i, item in enumerate(node.items):
            if skip:
                skip = False
                continue
            name = as_name(item)
            following = argument_group(node.items[i + 1]) if i + 1 < len(node.items) else None
            if name is not None and name.text in MATRIX_WORDS:
                if following is None:
                    return None
                shape, skip = self.of_word(name.text, following), True
            elif self.kinds.is_operator(item):
                return None
            else:
                shape = self.shape(item)
                skip = self.kinds.is_applied(node, i) and self.kinds.kind(item) != MATRIX  # W(x - b) is a product
            if shape is None:
                return None
            if i and node.signs[i - 1] == "odot":
                self.equal(state, shape)
            elif i and node.signs[i - 1] not in ("", "*", "x"):
                return None
            elif state == SCALAR or shape == SCALAR:
                state = shape if state == SCALAR else state
            else:
                if (state[1] == ONE) != (shape[0] == ONE):
                    return None  # two vectors side by side
                self.unify(state[1], shape[0])
                state = (state[0], shape[1])
        return state

    def of_word(self, word: str, group: Group) -> Shape | None:
        """The shape of diag(v), tr(A), det(A)."""
        inner = self.shape(group.parts[0]) if len(group.parts) == 1 else None
        if word in ("diag", "Diag"):
            return None if inner is None else (inner[0], inner[0])
        self.square(inner)
        return SCALAR

    # ------------------------------------------------------------------------------------------ what formulas say

    def see(self, node: Node) -> None:
        """What one node says of the dimensions in it."""
        match node:
            case Group(open="|") if len(node.parts) == 1:
                shape = self.shape(node.parts[0])
                if shape is not None and not is_column(shape):
                    self.square(shape)
            case Infix(rel="~"):
                self.draws(node.left, node.right)
            case Sum() | Sequence() | Script():
                self.shape(node)
                self.law(node)

    def equate(self, left: Node, right: Node) -> None:
        """p(x|z) = N(m, S) says what x is; other equations that both sides are of one shape."""
        if as_name(unwrap(left)) is None and self.law(right) is not None:
            self.draws(left, right)
        else:
            self.equal(self.shape(left), self.shape(right))

    def draws(self, left: Node, law: Node) -> None:
        """What is drawn from a law: x of x ~ N(m, S), of x|z ~ N(m, S) and of p(x|z) = N(m, S)."""
        drawn = self.law(law)
        if drawn is None:
            return
        left = unwrap(left)
        sequence = as_sequence(left)
        group = as_group(left) if sequence is None else argument_group(sequence.items[-1])
        if group is not None:
            outcomes = [part for role, part in roles(group, ("|", "||")) if role == "outcome"]
            if len(outcomes) != 1:
                return
            left = unwrap(outcomes[0])
        self.equal(self.shape(left), drawn)

    def law(self, node: Node) -> Shape | None:
        """The shape of what N(m, S) or N(x; m, S) draws; None for anything else, and for laws of numbers."""
        sequence = as_sequence(unwrap(node))
        if sequence is None or len(sequence.items) != 2:
            return None
        name, group = as_name(sequence.items[0]), as_group(sequence.items[1])
        if name is None or name.text not in LAWS or group is None or len(group.parts) not in (2, 3):
            return None
        *outcome, mean, covariance = (self.shape(part) for part in group.parts)
        size = (self.new(), ONE)
        for shape in (mean, *outcome):
            self.equal(size, shape)
        if covariance is not None and covariance != SCALAR:
            self.square(covariance)
            self.unify(size[0], covariance[0])
        is_scalar = covariance in (None, SCALAR) and all(s in (None, SCALAR) for s in (mean, *outcome))
        return None if is_scalar else size

    # ------------------------------------------------------------------------------------------ what follows

    def sorts(self) -> dict[str, Sort]:
        """The sorts of the letters of which only the kind was known, where a dimension was found for them."""
        found: dict[str, Sort] = {}
        shapes = self.kinds.shapes
        for key, kind in shapes.kinds.items():
            if key in shapes.declared or kind not in (VECTOR, MATRIX):
                continue
            rows, columns = (self.known.get(self.root((key, side))) for side in ("rows", "columns"))
            if kind == VECTOR and rows is not None:
                found[key] = vector_sort(rows)
            elif kind == MATRIX and (rows is not None or columns is not None):
                found[key] = matrix_sort(
                    shapes.dimension if rows is None else rows, shapes.dimension if columns is None else columns
                )
        return found


def is_column(shape: Shape) -> bool:
    return shape[1] == ONE


def found_dimensions(kinds: Kinds, trees: Iterable[Node], equations: Iterable[tuple[Node, Node]]) -> dict[str, Sort]:
    """The sorts of letters of which only the kind is known; ``equations`` are pairs of sides of one shape."""
    dimensions = Dimensions(kinds)
    for left, right in equations:
        dimensions.equate(left, right)
    for tree in trees:
        for node in nodes(tree):
            dimensions.see(node)
    return dimensions.sorts()
