"""One shape for both sides of a relation, as far as the habits of writing allow it."""

from __future__ import annotations

from derivations.reading.meaning.environment import Unclear
from proofs import terms as T
from proofs.terms import Term


def fit(left: Term, right: Term) -> tuple[Term, Term]:
    """Both sides in one shape: 0 beside a vector, I v beside a matrix, a gradient written as a row.

    Raises Unclear for laws and statements, ShapeError where the two cannot have one shape.
    """
    if left.sort == right.sort:
        if left.sort.kind == "law":
            raise Unclear("an equation between distributions is not understood")
        return left, right
    fitted = shaped_like(left, right)
    if fitted is not None:
        return fitted, right
    fitted = shaped_like(right, left)
    if fitted is not None:
        return left, fitted
    if is_gradient_as_row(left, right):
        return left, T.transpose(right)  # the layout of a gradient is the author's choice
    kinds = (left.sort.kind, right.sort.kind)
    if "law" in kinds or "bool" in kinds:
        raise Unclear("a distribution or a statement stands beside a number")
    raise T.ShapeError(f"{T.describe(left.sort)} is set against {T.describe(right.sort)}", (left.sort, right.sort))


def shaped_like(side: Term, other: Term) -> Term | None:
    """The side in the shape of the other; None where nothing says how."""
    has_identity = side.op == "mul" and side.args[0].op == "identity"
    if has_identity and side.sort.cols == 1 and other.sort == side.args[0].sort:
        return T.diag(T.mul(*side.args[1:]))  # I v beside a matrix is diag(v)
    if T.is_number(side, 0) and other.sort.kind == "matrix":
        return T.zeros(other.sort.rows, other.sort.cols)
    return None


def is_multiple_of_identity(t: Term) -> bool:
    return t.op == "identity" or (t.op == "mul" and [a.op for a in t.args if a.sort != T.SCALAR] == ["identity"])


def resized(t: Term, n: T.Dim) -> Term:
    """A multiple of the identity, n x n."""
    return T.identity(n) if t.op == "identity" else T.mul(*(T.identity(n) if a.sort != T.SCALAR else a for a in t.args))


def is_gradient_as_row(left: Term, right: Term) -> bool:
    if not left.sort.kind == right.sort.kind == "matrix" or left.sort != T.transpose(right).sort:
        return False
    has_derivative = any(t.op == "derivative" for side in (left, right) for t in T.walk(side))
    return 1 in (left.sort.rows, left.sort.cols) and has_derivative
