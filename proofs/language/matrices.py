"""Vectors and matrices, where SymPy's own nodes would evaluate what was written or have no place for it.

Products, sums, transposes, inverses, determinants and traces are SymPy's ``MatMul``, ``MatAdd``, ``Transpose``,
``Inverse``, ``Determinant`` and ``Trace``.  A 1 x 1 matrix is a number in the language and a matrix in SymPy:
``AsScalar`` and ``AsMatrix`` go between the two.
"""

from __future__ import annotations

from typing import Any

from sympy import Basic, Expr, Integer, MatMul, MatrixExpr, Pow

from proofs.language.node import Convert, Shape, Valued, as_name, name_of, shape_of, sort_of, strict, with_matrix_form
from proofs.terms import Term, term


class AsScalar(Valued):
    """The number that a 1 x 1 matrix is: x^T y for two vectors."""

    operator = "mul"

    @classmethod
    def _shape(cls, *args: Basic) -> Shape | None:
        if getattr(args[0], "shape", None) != (1, 1):
            raise TypeError("a number is made of a 1 x 1 matrix")
        return None

    def _term(self, convert: Convert) -> Term:
        return convert(self.args[0])

    def doit(self, **hints: Any) -> Basic:
        inner = self.args[0].doit(**hints) if hints.get("deep", True) else self.args[0]
        if isinstance(inner, MatMul) and all(a.is_Identity or shape_of(a) is None for a in inner.args):
            return Integer(1)
        explicit = inner.as_explicit() if not inner.atoms(MatrixExpr) else None
        if explicit is not None:
            return explicit[0, 0]
        return AsScalar(inner) if getattr(inner, "is_Matrix", False) else inner


class AsMatrix(MatrixExpr):
    """A number as a 1 x 1 matrix, where SymPy asks for a matrix: the determinant of a variance."""

    def __new__(cls, value: Any) -> AsMatrix:
        return Basic.__new__(cls, strict(value))

    shape = property(lambda self: (Integer(1), Integer(1)))

    def _term(self, convert: Convert) -> Term:
        return convert(self.args[0])

    def _entry(self, i: Any, j: Any, **_: Any) -> Any:
        return self.args[0]

    def _eval_determinant(self) -> Any:
        return self.args[0]

    def _eval_trace(self) -> Any:
        return self.args[0]


@with_matrix_form
class Product(Valued):
    """A product in the written order, read from the left: (x^T y) A, which SymPy's ``MatMul`` refuses."""

    operator = "mul"

    @classmethod
    def _shape(cls, *args: Basic) -> Shape | None:
        running: Shape | None = None
        for a in args:
            shape = shape_of(a)
            if shape is None:
                continue
            if running is not None and running[1] != shape[0]:
                raise TypeError("matrices that do not conform are multiplied")
            running = shape if running is None else (running[0], shape[1])
            if running == (1, 1):
                running = None
        return running

    def doit(self, **hints: Any) -> Basic:
        """The product, grouped so that each number is one."""
        result: Any = Integer(1)
        for a in self.args:
            result = result * (a.doit(**hints) if hints.get("deep", True) else a)
            if getattr(result, "shape", None) == (1, 1):
                result = AsScalar(result).doit()
        return result


class Entry(Valued):
    """An entry of a vector (one index) or matrix (two), counted from 1 as in the written formula."""

    operator = "entry"

    def doit(self, **hints: Any) -> Basic:
        base, *indices = (a.doit(**hints) for a in self.args) if hints.get("deep", True) else self.args
        shape = shape_of(base)
        if shape is None:
            return base if all(i == 1 for i in indices) else Entry(base, *indices)
        if len(indices) == 1:
            if shape[1] != 1 and shape[0] != 1:
                return Entry(base, *indices)
            indices = [indices[0], Integer(1)] if shape[1] == 1 else [Integer(1), indices[0]]
        return base[indices[0] - 1, indices[1] - 1]


class Norm(Valued):
    """The Euclidean norm of a vector, the Frobenius norm of a matrix."""

    operator = "norm"
    is_extended_nonnegative = True

    def _eval_rewrite_as_Pow(self, *args: Basic, **_: Any) -> Basic:
        return Pow(self.squared(), Integer(1) / 2)

    def squared(self) -> Expr:
        """x^T x for a vector, tr(A^T A) for a matrix."""
        from sympy import Trace

        inner: Any = self.args[0]
        shape = shape_of(inner)
        if shape is None:
            return inner**2
        if shape[1] == 1:
            return AsScalar(MatMul(inner.T, inner))
        return Trace(MatMul(inner.T, inner))


@with_matrix_form
class ElementwisePower(Valued):
    """Every entry of a vector raised to one power."""

    operator = "pow"

    @classmethod
    def _shape(cls, *args: Basic) -> Shape | None:
        return shape_of(args[0])

    def _entry(self, i: Any, j: Any, **_: Any) -> Any:
        base, exponent = self.args
        return Pow(base[i, j], exponent)


@with_matrix_form
class Elementwise(Valued):
    """A function of a real number, applied to every entry: ``Elementwise('sigmoid', x)``."""

    operator = "function"

    @classmethod
    def _prepare(cls, *args: Any) -> tuple[Basic, ...]:
        name, argument = args
        return as_name(name), strict(argument)

    @classmethod
    def _shape(cls, *args: Basic) -> Shape | None:
        return shape_of(args[1])

    def _term(self, convert: Convert) -> Term:
        return term("function", (convert(self.args[1]),), (name_of(self.args[0]),), sort_of(self))

    def _entry(self, i: Any, j: Any, **_: Any) -> Any:
        from proofs.language.functions import apply_function

        return apply_function(name_of(self.args[0]), self.args[1][i, j])
