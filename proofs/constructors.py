"""Terms of numbers, functions, vectors and matrices: each constructor computes the sort, or says why there is none."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from proofs.nodes import BOOL, COMPARISONS, FUNCTIONS, SCALAR, Dim, ShapeError, Sort, Term, describe, matrix_sort, term


def number(value: int | Fraction | str) -> Term:
    return term("number", (), (Fraction(value),))


ZERO, ONE, TWO = number(0), number(1), number(2)
MINUS_ONE, HALF = number(-1), number(Fraction(1, 2))


def constant(name: str) -> Term:
    return term("constant", (), (name,))


PI = constant("pi")


def symbol(name: str, sort: Sort = SCALAR) -> Term:
    return term("symbol", (), (name,), sort)


def is_number(t: Term, value: int | Fraction | None = None) -> bool:
    return t.op == "number" and (value is None or t.data[0] == value)


def is_value(a: Term, what: str) -> None:
    """Raises ShapeError where something other than a number, a vector or a matrix stands at the place ``what``."""
    if a.sort.kind not in ("scalar", "matrix"):
        raise ShapeError(f"{what} {describe(a.sort)}", (a.sort,))


def is_kind(a: Term, sort: Sort, what: str) -> None:
    """Raises ShapeError where the term is not of the given sort."""
    if a.sort != sort:
        raise ShapeError(f"{what} {describe(a.sort)}, not {describe(sort)}", (a.sort, sort))


def add(*args: Term) -> Term:
    """A sum as written.  Raises ShapeError where the shapes differ."""
    if len(args) == 1:
        return args[0]
    sort = args[0].sort
    is_value(args[0], "a sum of")
    for a in args[1:]:
        if a.sort != sort:
            raise ShapeError(f"{describe(sort)} is added to {describe(a.sort)}", (sort, a.sort))
    return term("add", args, (), sort)


def neg(a: Term) -> Term:
    return number(-a.data[0]) if a.op == "number" else mul(MINUS_ONE, a)


def sub(a: Term, b: Term) -> Term:
    return add(a, neg(b))


def mul(*args: Term) -> Term:
    """A product in the written order.  Raises ShapeError where the shapes do not conform."""
    if len(args) == 1:
        return args[0]
    sort = SCALAR
    for a in args:
        if a.sort.kind not in ("scalar", "matrix"):
            raise ShapeError(f"{describe(a.sort)} is multiplied", (a.sort,))
        if a.sort == SCALAR:
            continue
        if sort == SCALAR:
            sort = a.sort
        elif sort.cols == a.sort.rows:
            sort = matrix_sort(sort.rows, a.sort.cols)
        else:
            raise ShapeError(f"{describe(sort)} is multiplied by {describe(a.sort)}", (sort, a.sort))
    return term("mul", args, (), sort)


def power(base: Term, exponent: Term) -> Term:
    """A power.  Raises ShapeError unless the base is a scalar, a vector or square, and the exponent a scalar."""
    if exponent.sort != SCALAR:
        raise ShapeError(f"the exponent is {describe(exponent.sort)}", (exponent.sort,))
    is_value(base, "a power of")
    if 1 not in (base.sort.rows, base.sort.cols):
        square(base, "a power")
    return term("pow", (base, exponent), (), base.sort)


def divide(a: Term, b: Term) -> Term:
    """a times b**-1.  Raises ShapeError where b is not a scalar."""
    if b.sort != SCALAR:
        raise ShapeError(f"division by {describe(b.sort)}", (b.sort,))
    return mul(a, power(b, MINUS_ONE))


def hadamard(*args: Term) -> Term:
    """An elementwise product.  Raises ShapeError where the shapes differ."""
    if len({a.sort for a in args}) != 1:
        raise ShapeError("an elementwise product of different shapes", tuple(a.sort for a in args))
    is_value(args[0], "an elementwise product of")
    if len(args) == 1:
        return args[0]
    return mul(*args) if args[0].sort == SCALAR else term("hadamard", args, (), args[0].sort)


def transpose(a: Term) -> Term:
    if a.sort == SCALAR:
        return a
    is_value(a, "the transpose of")
    return term("transpose", (a,), (), matrix_sort(a.sort.cols, a.sort.rows))


def square(a: Term, what: str) -> None:
    if a.sort != SCALAR and (a.sort.kind != "matrix" or a.sort.rows != a.sort.cols):
        raise ShapeError(f"{what} of {describe(a.sort)}", (a.sort,))


def inverse(a: Term) -> Term:
    square(a, "the inverse")
    return power(a, MINUS_ONE) if a.sort == SCALAR else term("inverse", (a,), (), a.sort)


def det(a: Term) -> Term:
    square(a, "the determinant")
    return term("det", (a,))


def trace(a: Term) -> Term:
    square(a, "the trace")
    return term("trace", (a,))


def diag(a: Term) -> Term:
    if a.sort == SCALAR:
        return a
    if a.sort.kind != "matrix" or a.sort.cols != 1:
        raise ShapeError(f"a diagonal matrix of {describe(a.sort)}", (a.sort,))
    return term("diag", (a,), (), matrix_sort(a.sort.rows, a.sort.rows))


def identity(dim: Dim) -> Term:
    return ONE if dim == 1 else term("identity", (), (dim,), matrix_sort(dim, dim))


def zeros(rows: Dim, cols: Dim = 1) -> Term:
    return ZERO if rows == cols == 1 else term("zeros", (), (rows, cols), matrix_sort(rows, cols))


def ones(rows: Dim, cols: Dim = 1) -> Term:
    return ONE if rows == cols == 1 else term("ones", (), (rows, cols), matrix_sort(rows, cols))


def matrix(rows: int, cols: int, entries: Iterable[Term]) -> Term:
    entries = tuple(entries)
    if len(entries) != rows * cols:
        raise ShapeError(f"{len(entries)} entries in a {rows} x {cols} matrix")
    for e in entries:
        is_kind(e, SCALAR, "an entry of a matrix is")
    return entries[0] if rows == cols == 1 else term("matrix", entries, (rows, cols), matrix_sort(rows, cols))


def entry(a: Term, *indices: Term) -> Term:
    """The entry at one or two indices, counted from 1."""
    is_value(a, "an entry of")
    if len(indices) not in (1, 2):
        raise ShapeError(f"an entry at {len(indices)} indices", (a.sort,))
    for index in indices:
        is_kind(index, SCALAR, "an index is")
    return term("entry", (a, *indices))


def norm(a: Term) -> Term:
    is_value(a, "the norm of")
    return term("norm", (a,))


def function(name: str, a: Term) -> Term:
    """A known function of FUNCTIONS, elementwise on a vector."""
    if name not in FUNCTIONS:
        raise ValueError(f"{name!r} is not a function of the language")
    if a.sort.kind not in ("scalar", "matrix"):
        raise ShapeError(f"{name} of {describe(a.sort)}", (a.sort,))
    return term("function", (a,), (name,), a.sort)


def exp(a: Term) -> Term:
    return function("exp", a)


def log(a: Term) -> Term:
    return function("log", a)


def call(name: str, args: Iterable[Term], sort: Sort = SCALAR) -> Term:
    return term("call", args, (name,), sort)


def call_inverse(name: str, args: Iterable[Term], sort: Sort = SCALAR) -> Term:
    return term("call_inverse", args, (name,), sort)


def compare(rel: str, a: Term, b: Term) -> Term:
    if rel not in COMPARISONS:
        raise ValueError(f"{rel!r} does not compare: {', '.join(COMPARISONS)}")
    return term("compare", (a, b), (rel,), BOOL)


def indicator(condition: Term) -> Term:
    is_kind(condition, BOOL, "an indicator of")
    return term("indicator", (condition,))
