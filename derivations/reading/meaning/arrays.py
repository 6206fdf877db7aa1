"""Matrices, lists and what stands in bars; scripts on anything that is not a name."""

from __future__ import annotations

from derivations.reading.meaning.arithmetic import Arithmetic
from derivations.reading.meaning.environment import Env, Unclear
from derivations.reading.names import head_of
from derivations.reading.tree import Group, Matrix, Number, Script
from derivations.reading.walking import as_group, as_number, unwrap
from proofs import terms as T
from proofs.terms import SCALAR, Term


class Arrays(Arithmetic):
    """The part of the Elaborator that knows how matrices are written."""

    def group(self, node: Group, env: Env) -> Term:
        if node.open in ("|", "||"):
            return self.bars(node, env)
        if len(node.parts) != 1:
            return self.listed(node, env)
        inner = self.term(node.parts[0], env)
        if node.open == "floor":
            return T.function("floor", inner)
        if node.open in ("ceil", "<"):
            raise Unclear(f"the delimiters {node.open!r} are not understood here")
        return inner

    def listed(self, node: Group, env: Env) -> Term:
        """[a, b, c] is a row, (a, b, c) a column of numbers."""
        if node.open not in ("[", "(") or set(node.separators) != {","}:
            raise Unclear("a list stands where one value was expected")
        cells = [self.term(p, env) for p in node.parts]
        if any(c.sort != SCALAR for c in cells):
            raise Unclear("a list of vectors is not understood")
        return T.matrix(1, len(cells), cells) if node.open == "[" else T.matrix(len(cells), 1, cells)

    def bars(self, node: Group, env: Env) -> Term:
        """|x|: a determinant of a matrix, an absolute value of a scalar, a norm of a vector; ||x|| a norm."""
        inner = self.term(node.parts[0], env)
        if inner.sort == SCALAR:
            return T.function("abs", inner)
        if node.open == "||" or inner.sort.cols == 1 or inner.sort.rows == 1:
            return T.norm(T.transpose(inner) if inner.sort.rows == 1 else inner)
        if any(t.op == "derivative" for t in T.walk(inner)):
            return T.function("abs", T.det(inner))  # the bars of a Jacobian mean its absolute determinant
        return T.det(inner)

    def scripted(self, node: Script, env: Env) -> Term:
        """A power, transpose or entry of something that is not a name."""
        base_node = unwrap(node.base)
        if isinstance(base_node, Number) and base_node.text == "1" and node.sub is not None and node.sup is None:
            label = head_of(node.sub)
            if label is not None and label.power is None:  # 1_D, the identity
                dim = env.index_values.get(label.key, label.key)
                self.declare_dimension(dim)
                return T.identity(dim)
        if node.under is not None or node.over is not None or node.star or node.primes:
            raise Unclear("a decoration above or below an expression is not understood")
        base = self.term(node.base, env)
        if node.sub is not None and not is_euclidean_norm(node):
            base = self.indexed(base, (node.sub,), env)
        return self.raised(base, node.sup, env) if node.sup is not None else base

    def matrix(self, node: Matrix, env: Env) -> Term:
        rows = [[self.term(cell, env) for cell in row] for row in node.rows]
        if node.fence == "|":
            square = T.matrix(len(rows), len(rows[0]), [c for row in rows for c in row])
            return T.det(square)
        if len({len(r) for r in rows}) != 1:
            raise Unclear("the rows of the matrix have different lengths")
        cells = [c for row in rows for c in row]
        if any(c.sort != SCALAR for c in cells):
            raise Unclear("a matrix of blocks is not understood")
        return T.matrix(len(rows), len(rows[0]), cells)


def is_euclidean_norm(node: Script) -> bool:
    """||x||_2: the norm says its 2."""
    group, label = as_group(node.base), as_number(node.sub)
    return group is not None and group.open == "||" and label is not None and label.text == "2"
