"""What kind a part of a formula is (vector, row or matrix) as far as that is known, and marking letters with a kind."""

from __future__ import annotations

from collections.abc import Mapping

from derivations.reading.conventions import Conventions
from derivations.reading.names import Head, head_of, is_minus_one, is_transpose
from derivations.reading.survey.shapes import MATRIX, ROW, VECTOR, Shapes, is_matrix_letter
from derivations.reading.survey.usage import Usage
from derivations.reading.tree import Group, Matrix, Name, Node, Script, Sequence, Sum
from derivations.reading.vocabulary import KNOWN_WORDS
from derivations.reading.walking import argument_group, as_group, as_name, items_of, unwrap
from proofs.terms import Sort

TRANSPOSED = {VECTOR: ROW, ROW: VECTOR}
# the kind of a product, by what stands before and what is multiplied to it
PRODUCTS = {
    (ROW, VECTOR): None,
    (ROW, MATRIX): ROW,
    (MATRIX, VECTOR): VECTOR,
    (VECTOR, ROW): MATRIX,
}


class Kinds:
    """The kinds of letters found so far."""

    def __init__(self, usage: Usage, conventions: Conventions, declared: Mapping[str, Sort]):
        self.usage, self.conventions = usage, conventions
        self.shapes = Shapes(declared=dict(declared))
        self.lengths = {n for sort in declared.values() for n in (sort.rows, sort.cols)}
        self.find_dimension()
        self.changed = False

    def find_dimension(self) -> None:
        """The dimension of all vectors: from n/2 log(2 pi), I_n, R^n, or from what is declared."""
        hints = self.usage.dimension_hints
        told = [n for n, count in hints.most_common() if n in self.conventions.dimensions and (n != "m" or count > 3)]
        lengths = {s.rows for s in self.shapes.declared.values() if s.kind == "matrix" and s.cols == 1}
        if told:
            self.shapes.dimension, self.shapes.dimension_known = told[0], True
        elif len(lengths) == 1:
            self.shapes.dimension, self.shapes.dimension_known = next(iter(lengths)), True
        elif "d" in self.usage.counts:
            self.shapes.dimension = "dim"

    def head(self, node: Node) -> Head | None:
        return head_of(node, is_index=self.usage.is_index, is_parameter=self.conventions.is_parameter)

    def member(self, node: Node) -> Head | None:
        """The head of a name with its index as a label: what x_i is, one of several vectors or an entry of x."""
        return head_of(node, is_parameter=self.conventions.is_parameter)

    # ------------------------------------------------------------------------------------------ marking

    def mark(self, node: Node, kind: str) -> None:
        """Everything that is added up in the node has this kind."""
        node = unwrap(node)
        if isinstance(node, Group) and len(node.parts) == 1 and node.open in ("(", "[", "{", ""):
            self.mark(node.parts[0], kind)
            return
        if isinstance(node, Sum):
            for term in node.terms:
                self.mark(term, kind)
            return
        if is_call(node) and self.is_matrix_times_sum(node):
            self.mark(called(node), MATRIX)  # W(x - b)
            return
        if is_call(node):
            node = called(node)  # mu(x): the values have the kind
        head = self.member(node)
        if head is not None and self.may_have_kind(head):
            self.mark_key(head.key, kind)

    def mark_key(self, key: str, kind: str) -> None:
        """Marks a letter of which nothing was known; the d of R^d is a number."""
        if key in self.lengths:
            return
        if key not in self.shapes.declared and self.shapes.kinds.get(key) is None:
            self.shapes.kinds[key] = kind
            self.changed = True

    def is_matrix_times_sum(self, node: Node) -> bool:
        """Whether brackets behind a capital hold a sum of vectors: then it is a product, and no function."""
        head, group = self.head(called(node)), argument_group(items_of(node)[1])
        if head is None or group is None or not is_matrix_letter(head, self.conventions):
            return False
        return isinstance(unwrap(group.parts[0]), Sum) and len(group.parts) == 1 and self.kind(group.parts[0]) == VECTOR

    def may_have_kind(self, head: Head) -> bool:
        is_notation = head.font in ("bb", "cal") and head.base in "ENR"
        if head.indices or head.power is not None or is_notation:
            return False
        return head.base not in KNOWN_WORDS and head.base not in ("I", "0", "1")

    # ------------------------------------------------------------------------------------------ kinds

    def kind(self, node: Node) -> str | None:
        """The kind of a node as far as it is known; None for scalars and for what is not known yet."""
        node = unwrap(node)
        if isinstance(node, Matrix):
            return VECTOR if len(node.rows[0]) == 1 else ROW if len(node.rows) == 1 else MATRIX
        if isinstance(node, Group):
            return self.kind(node.parts[0]) if len(node.parts) == 1 and node.open in ("(", "[", "") else None
        if isinstance(node, Sum):
            return next((k for t in node.terms if (k := self.kind(t))), None)
        if isinstance(node, Script) and as_group(node.base) is not None:
            return self.scripted_kind(node)
        if isinstance(node, Sequence):
            return self.product_kind(node)
        head = self.member(node)
        if head is None:
            return None
        if head.base == "I" and not head.accents:
            return MATRIX
        kind = self.shapes.kind(head.key)
        return transposed(kind) if is_transpose(head.power) else kind

    def scripted_kind(self, node: Script) -> str | None:
        """The kind of (..)^T, (..)^{-1} and other powers."""
        inner = self.kind(node.base)
        if is_transpose(node.sup):
            return transposed(inner)
        return None if inner == VECTOR and not is_minus_one(node.sup) else inner

    def product_kind(self, node: Sequence) -> str | None:
        state: str | None = None
        skip = False
        for i, item in enumerate(node.items):
            if skip:
                skip = False
                continue
            name = as_name(item)
            if name is not None and name.text in ("diag", "Diag"):
                return MATRIX
            if self.is_operator(item):
                return None
            kind = self.kind(item)
            skip = self.is_applied(node, i)
            if i and node.signs[i - 1] == "odot":
                state = kind or state
            elif kind is not None:
                state = kind if state is None else PRODUCTS.get((state, kind), state)
        return state

    def is_operator(self, item: Node) -> bool:
        """Whether a factor takes what follows it, so that the kinds of the factors say nothing of the product."""
        node = unwrap(item)
        if isinstance(node, Name) and node.text in KNOWN_WORDS:
            return True
        head = self.head(node) if isinstance(node, Name | Script) else None
        if head is None:
            return False
        is_expectation = head.font == "bb" and head.base == "E"
        is_scripted_word = head.base in ("E", "Var", "nabla", "partial") and not isinstance(node, Name)
        return is_expectation or is_scripted_word

    def is_applied(self, node: Sequence, i: int) -> bool:
        """Whether the i-th factor is a function with its arguments behind it."""
        head = self.head(node.items[i])
        group = as_group(node.items[i + 1]) if i + 1 < len(node.items) and node.signs[i] == "" else None
        return head is not None and group is not None and group.open == "(" and head.key in self.usage.listed


def transposed(kind: str | None) -> str | None:
    return TRANSPOSED.get(kind or "", kind)


def called(node: Node) -> Node:
    """What stands before the brackets of a call."""
    node = unwrap(node)
    assert isinstance(node, Sequence)
    return node.items[0]


def is_call(node: Node) -> bool:
    """Whether the node is something with brackets behind it."""
    node = unwrap(node)
    if not isinstance(node, Sequence) or len(node.items) != 2 or node.signs != ("",):
        return False
    return as_group(node.items[1]) is not None
