"""Sums, products, quotients and powers, with the conventions for the shapes of their parts."""

from __future__ import annotations

from functools import cached_property

from derivations.reading.meaning.environment import Env, Unclear
from derivations.reading.meaning.fitting import is_multiple_of_identity, resized
from derivations.reading.meaning.symbols import Symbols
from derivations.reading.names import Head, is_inverse_transpose, is_minus_one, is_transpose
from derivations.reading.tree import Differential, Name, Node, Root, Script
from derivations.reading.walking import unwrap
from proofs import terms as T
from proofs.terms import SCALAR, Term

BETWEEN_BOUNDS = ("unit", "closed_unit", "interval", "binary")


class Arithmetic(Symbols):
    """The part of the Elaborator that knows arithmetic."""

    def add(self, parts: list[Term]) -> Term:
        """A sum; a zero beside a vector or matrix is the zero of its shape."""
        if len(parts) == 1:
            return parts[0]
        shapes = {p.sort for p in parts}
        if len(shapes) == 2 and SCALAR in shapes:
            other = next(s for s in shapes if s != SCALAR)
            if other.kind == "matrix":
                parts = [T.zeros(other.rows, other.cols) if T.is_number(p, 0) else p for p in parts]
        others = {p.sort for p in parts if not is_multiple_of_identity(p)}
        if len(others) == 1 and len(shapes) > 1 and not self.has_sized_identity():
            n, columns = next((s.rows, s.cols) for s in others)
            if n == columns and n != 1:  # I is as large as what it is added to
                parts = [resized(p, n) if is_multiple_of_identity(p) else p for p in parts]
        return T.add(*parts)

    def has_sized_identity(self) -> bool:
        """Whether an identity of the relation says how large it is: I_d."""
        return any(head.base == "I" and (head.label or head.indices) for head in self.heads_written())

    def sequence(self, items: tuple[Node, ...], signs: tuple[str, ...], env: Env) -> Term:
        """A product as written, operators taking what they reach."""
        waiting: list[Term] = []  # factors to be multiplied: which go together depends on all of them
        i = 0
        pending = ""
        while i < len(items):
            value, following = self.factor(items, signs, i, env)
            if pending == "/" and self.divides_by_all(items, signs, following):
                while following < len(items) and signs[following - 1] == "":
                    more, following = self.factor(items, signs, following, env)
                    value = self.times(value, more, "")
            if pending == "*" and value.sort.cols == 1 and (row := self.row_before(waiting, value)) is not None:
                waiting = [T.mul(row, value)]
            elif pending in ("", "*", "x"):
                waiting.append(value)
            else:
                waiting = [self.times(self.product(waiting), value, pending)]
            pending = signs[following - 1] if following < len(items) else ""
            i = following
        return self.product(waiting)

    def row_before(self, factors: list[Term], column: Term) -> Term | None:
        """The vector before a dot, as a row: \\beta \\cdot x of two vectors is the inner product."""
        try:
            before = self.product(factors)
        except (Unclear, T.ShapeError):
            return None
        is_vector = before.sort == column.sort and before.sort != SCALAR and before.sort.kind == "matrix"
        return T.transpose(before) if is_vector else None

    def divides_by_all(self, items: tuple[Node, ...], signs: tuple[str, ...], following: int) -> bool:
        """Whether what is written beside a divisor is divided by too: a/bc has two readings."""
        if following >= len(items) or signs[following - 1] != "" or isinstance(unwrap(items[following]), Differential):
            return False
        return self.choices.choose("a/bc", ("a/(bc)", "(a/b)c")) == "a/(bc)"

    def times(self, a: Term, b: Term, sign: str) -> Term:
        """Two factors with the sign between them."""
        if sign == "/":
            return T.divide(a, b) if b.sort == SCALAR else self.divide_elementwise(a, b)
        if sign == "odot":
            return self.elementwise(a, b)
        if sign in ("circ", "otimes"):
            raise Unclear("a composition or tensor product stands where a product was expected")
        return self.product([a, b])

    def elementwise(self, a: Term, b: Term) -> Term:
        if a.sort == SCALAR or b.sort == SCALAR:
            return T.mul(a, b)
        if a.sort != b.sort and a.sort.kind == b.sort.kind == "matrix":
            if a.sort.cols == 1 and b.op == "identity":
                return T.diag(a)  # sigma^2 (.) I scales the diagonal
            if b.sort.cols == 1 and a.op == "identity":
                return T.diag(b)
            if a.sort.cols == 1 and a.sort.rows == b.sort.rows == b.sort.cols:
                return T.mul(T.diag(a), b)  # a vector scales the rows
        return T.hadamard(a, b)

    def product(self, values: list[Term]) -> Term:
        """Factors in the written order; where the shapes ask for it, inner products are taken first."""
        if len(values) == 1:
            return values[0]
        if any(v.sort.kind not in ("scalar", "matrix") for v in values):
            raise Unclear("a distribution or a statement is multiplied")
        factors = [f for v in values for f in (v.args if v.op == "mul" else (v,))]
        try:
            return T.mul(*factors)
        except T.ShapeError:
            chained = gradient_through(factors)
            return chained if chained is not None else T.mul(*self.inner_products(factors))

    def inner_products(self, factors: list[Term]) -> list[Term]:
        """Factors with each row times column taken first: A x^T y is A times the number x^T y."""
        result: list[Term] = []
        for factor in factors:
            last = result[-1] if result else None
            if last is not None and is_inner_product(last, factor):
                result[-1] = T.mul(last, factor)
            elif last is not None and scales_identity(last, factor):
                result[-1] = T.diag(last)  # v I is the diagonal matrix of v
            else:
                result.append(factor)
        return result

    def divide_elementwise(self, a: Term, b: Term) -> Term:
        if a.sort == b.sort:
            return T.hadamard(a, T.power(b, T.MINUS_ONE))
        raise T.ShapeError(f"division by {T.describe(b.sort)}", (b.sort,))

    def root(self, node: Root, env: Env) -> Term:
        body = self.term(node.body, env)
        if node.degree is None:
            return T.function("sqrt", body)
        return T.power(body, T.divide(T.ONE, self.term(node.degree, env)))

    def raised(self, base: Term, sup: Node, env: Env) -> Term:
        """A superscript as transpose, inverse or power; powers of vectors are elementwise."""
        if is_transpose(sup) and (base.sort != SCALAR or self.is_transpose_here(base, sup)):
            return T.transpose(base)
        if is_minus_one(sup) and base.sort.kind == "matrix" and base.sort.rows == base.sort.cols:
            return T.inverse(base)
        if is_inverse_transpose(sup) and base.sort.kind == "matrix" and base.sort.rows == base.sort.cols:
            return T.transpose(T.inverse(base))
        exponent = self.term(sup, env)
        if exponent.sort != SCALAR:
            if exponent.sort.kind == "matrix":
                raise T.ShapeError(f"an exponent is {T.describe(exponent.sort)}", (exponent.sort,))
            raise Unclear("the exponent is not a number")
        return T.power(base, exponent)

    def is_transpose_here(self, base: Term, sup: Node) -> bool:
        """T above a scalar is a transpose unless T is used as a number, or the scalar has bounds, as gamma has.

        Both readings are open where the scalar is declared otherwise.
        """
        name = unwrap(sup)
        if not isinstance(name, Name) or name.text != "T":
            return isinstance(name, Name)
        declared = self.view.domains.get(base.data[0]) if base.op == "symbol" else None
        is_number = declared is not None and declared.sort == SCALAR and declared.kind in BETWEEN_BOUNDS
        if is_number or "T" in self.view.domains or self.counts_to_t:
            return False
        return declared is None or self.choices.choose("^T of a number", ("a transpose", "a power")) == "a transpose"

    @cached_property
    def counts_to_t(self) -> bool:
        """Whether the relation has a T that is no superscript: the last of some steps."""
        above = {id(n.sup) for n in self.written() if isinstance(n, Script)}
        return any(isinstance(n, Name) and n.text == "T" and not n.font and id(n) not in above for n in self.written())

    def power_of(self, value: Term, head: Head, env: Env) -> Term:
        return value if head.power is None else self.raised(value, head.power, env)


def is_inner_product(row: Term, column: Term) -> bool:
    both_matrices = row.sort.kind == column.sort.kind == "matrix"
    return both_matrices and row.sort.rows == 1 and column.sort == T.transpose(row).sort


def scales_identity(vector: Term, identity: Term) -> bool:
    return identity.op == "identity" and vector.sort.cols == 1 and vector.sort.rows == identity.sort.rows


def gradient_through(factors: list[Term]) -> Term | None:
    """The chain rule as it is often written, a gradient before the Jacobian of what it is taken at; None for others."""
    numbers = [f for f in factors if f.sort == SCALAR]
    arrays = [f for f in factors if f.sort != SCALAR]
    if len(arrays) != 2 or any(not is_derivative(f) for f in arrays):
        return None
    gradient, jacobian = arrays
    is_column = gradient.sort.kind == "matrix" and gradient.sort.cols == 1
    if not is_column or jacobian.sort.kind != "matrix" or jacobian.sort.rows != gradient.sort.rows:
        return None
    return T.mul(*numbers, T.transpose(jacobian), gradient)


def is_derivative(t: Term) -> bool:
    return t.op == "derivative" or (t.op == "at" and is_derivative(t.args[0]))
