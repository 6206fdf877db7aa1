"""Symbols: names that nothing explains further, with their domains, shapes and entries."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cached_property

from derivations.reading.meaning.environment import Env, Unclear
from derivations.reading.meaning.families import Families
from derivations.reading.names import Head, every_head, plain_label
from derivations.reading.tree import Infix, Name, Node
from derivations.reading.walking import as_group, nodes, unwrap
from proofs import terms as T
from proofs.records import Domain
from proofs.terms import SCALAR, Sort, Term

SQUARE_KINDS = ("positive_definite", "positive_diagonal", "symmetric", "invertible", "orthogonal")
NUMBER_KINDS = {"positive_definite": "positive", "positive_diagonal": "positive", "invertible": "nonzero"}


class Symbols(Families):
    """The part of the Elaborator that makes symbols."""

    def symbol(self, head: Head, env: Env) -> Term:
        """A free symbol, with its domain; indexed ones are entries of an array."""
        unrolled = self.with_values(head, env)
        name, indices = unrolled.name, unrolled.indices
        member = self.member_key(head)
        sort = self.shapes.sort(head.key if member is None else member)
        if indices and member is not None:
            raise Unclear(f"a list of vectors or matrices, {member}, is not understood")
        if indices:
            limits = [self.limit_of(i, env) for i in indices]
            too_small = len(indices) == 2 and sort.cols == 1
            is_open = head.key not in self.shapes.declared and not self.shapes.dimension_known
            is_open &= len(indices) == 1 and sort.cols == 1 and isinstance(limits[0], str)
            if sort == SCALAR or too_small or is_open:
                sort = T.vector_sort(limits[0]) if len(limits) == 1 else T.matrix_sort(limits[0], limits[-1])
        self.register(name, head, sort)
        value = T.symbol(name, sort)
        return self.indexed(value, indices, env) if indices else value

    def member_key(self, head: Head) -> str | None:
        """x_i for x with the index i, where it is known to be a vector or matrix rather than an entry of x."""
        inside = ",".join(label for index in head.indices if (label := plain_label(index)) is not None)
        plain = replace(head, indices=(), power=None)
        below = replace(plain, label=f"{head.label},{inside}" if head.label else inside)
        members = (below.key, replace(plain, superlabel=f"{head.superlabel}({inside})").key) if inside else ()
        return next((key for key in members if self.shapes.kind(key) is not None), None)

    def register(self, name: str, head: Head, sort: Sort) -> None:
        """Gathers the domain of a free symbol: as declared, or as the letter has it by convention."""
        if name in self.gathered.variables:
            return
        for dim in (sort.rows, sort.cols):
            self.declare_dimension(dim)
        if {name, head.key, head.root} & self.view.structured:
            self.gathered.unexplained.add(name)  # it is not just any matrix
        declared = self.view.domains.get(name) or self.view.domains.get(head.key) or self.view.domains.get(head.root)
        if declared is not None:
            is_share = declared.kind == "simplex" and sort == SCALAR  # one weight of several
            self.gathered.variables[name] = of_shape(replace(declared, kind="unit") if is_share else declared, sort)
        else:
            kind = self.conventional_kind(name, head, sort)
            self.gathered.variables[name] = Domain(sort, kind, shape_guessed=self.shapes.guessed(head.key))

    def conventional_kind(self, name: str, head: Head, sort: Sort) -> str:
        is_square = sort.kind == "matrix" and sort.cols != 1 and sort.rows == sort.cols
        if is_square and head.base in self.conventions.covariances:
            return "positive_definite"
        if head.base in self.conventions.positive:
            return "positive" if sort == SCALAR else "positive_vector"
        if sort == SCALAR and name == self.shapes.dimension and self.shapes.dimension_known:
            return "dimension"
        return "real"

    def dimensions(self) -> set[str]:
        """The letters that are the dimension of some vector or matrix."""
        sorts = self.shapes.declared.values()
        found = {dim for sort in sorts if sort.kind == "matrix" for dim in (sort.rows, sort.cols)}
        if self.shapes.dimension_known:
            found.add(self.shapes.dimension)
        return {dim for dim in found if isinstance(dim, str)}

    def declare_dimension(self, dim: T.Dim) -> None:
        if isinstance(dim, str):
            self.gathered.variables.setdefault(dim, Domain(SCALAR, "dimension", declared=True))

    # ------------------------------------------------------------------------------------------ indices

    def variable_name(self, head: Head, env: Env) -> str:
        """The symbol's name: with an index of an unrolled sum, z_j is z_2."""
        return self.with_values(head, env).name

    def with_values(self, head: Head, env: Env) -> Head:
        """The head with the indices of unrolled sums as labels: z_j is z_2, h_{j-1} is h_1."""
        values: list[str] = []
        running: list[Node] = []
        for node in head.indices:
            inside = [n.text for n in nodes(node) if isinstance(n, Name)]
            has_value = any(n in env.index_values for n in inside) and not any(n in env.indices for n in inside)
            if has_value:
                position = self.term(node, replace(env, bound={}, values={}))
                whole = whole_value(position)
                position = T.number(whole) if whole is not None else position
                if position.op != "number":
                    raise Unclear("the index is not a whole number")
                values.append(str(position.data[0]))
            else:
                running.append(node)
        if not values:
            return head
        label = ",".join(values)
        labels = f"{head.label},{label}" if head.label else label
        return replace(head, indices=tuple(running), label=labels, subscripts=(*head.subscripts, *values))

    def limit_of(self, index: Node, env: Env) -> T.Dim:
        """How far an index runs, as a dimension."""
        name = next((n.text for n in nodes(index) if isinstance(n, Name) and n.text in env.indices), None)
        limit = self.index_limits.get(name or "")
        return limit if limit is not None else self.shapes.dimension

    def indexed(self, value: Term, indices: tuple[Node, ...], env: Env) -> Term:
        """An entry of a vector or matrix."""
        positions = [self.term(part, env) for index in indices for part in index_parts(index)]
        if value.sort == SCALAR:
            raise T.ShapeError("an entry of a scalar", (value.sort,))
        is_vector = value.sort.cols == 1
        if len(positions) > 2 or (len(positions) == 2 and is_vector):
            raise T.ShapeError("too many indices", (value.sort,))
        if len(positions) == 1 and not is_vector and value.sort.rows != 1:
            raise Unclear("one index of a matrix is not understood")
        return T.entry(value, *positions)

    # ------------------------------------------------------------------------------------------ I and 0

    def special_matrix(self, head: Head, env: Env) -> Term | None:
        """I, I_n, 1_D and a bold 0."""
        if head.base == "I" and head.indices:
            head = self.with_values(head, env)
        is_identity = head.base == "I" and not head.superlabel and "I" not in self.view.definitions
        if is_identity and (head.label or not head.indices):
            dim: T.Dim = self.shapes.dimension
            if head.label:
                dim = int(head.label) if head.label.isdigit() else env.index_values.get(head.label, head.label)
            elif self.square_size is not None:
                dim = self.square_size
            elif not self.has_vectors():
                dim = 1
            self.declare_dimension(dim)
            return T.identity(dim)
        if head.font == "bf" and head.base == "0":
            return T.zeros(self.shapes.dimension)
        return None

    @cached_property
    def square_size(self) -> T.Dim | None:
        """The one size of the square matrices in the relation that are declared; None where they have several."""
        written = {
            head.name for tree in self.relation_nodes for head in every_head(tree, is_parameter=self.is_parameter)
        }
        known = {**self.shapes.found, **self.shapes.declared}
        sorts = [sort for key, sort in known.items() if key in written and sort.rows == sort.cols]
        sizes = {sort.rows for sort in sorts if sort != SCALAR}
        return next(iter(sizes)) if len(sizes) == 1 else None

    def has_vectors(self) -> bool:
        declared = any(s.kind == "matrix" for s in self.shapes.declared.values())
        return self.shapes.dimension_known or bool(self.shapes.kinds) or declared


def of_shape(declared: Domain, sort: Sort) -> Domain:
    """A declared domain for a shape: only a square matrix is definite, invertible or orthogonal."""
    is_square = sort.kind == "matrix" and sort.rows == sort.cols
    kind = NUMBER_KINDS.get(declared.kind, declared.kind) if sort == SCALAR else declared.kind
    if kind in SQUARE_KINDS and not is_square:
        kind = "real"
    return replace(declared, sort=sort, kind=kind)


def index_parts(index: Node) -> tuple[Node, ...]:
    """i and j of x_{i,j}."""
    group = as_group(index)
    if group is not None and not group.open:
        return group.parts
    if isinstance(unwrap(index), Infix):
        raise Unclear("a range of indices is not understood here")
    return (unwrap(index),)


def whole_value(t: Term) -> int | None:
    """The value of an index expression made of whole numbers, 3 + -1."""
    if t.op == "number":
        return int(t.data[0]) if t.data[0].denominator == 1 else None
    parts = [whole_value(a) for a in t.args]
    numbers = [p for p in parts if p is not None]
    if len(numbers) < len(parts) or t.op not in ("add", "mul"):
        return None
    return sum(numbers) if t.op == "add" else math.prod(numbers)
