"""Terms: what a formula means, as frozen plain data.

A ``Term`` is what crosses every door between the floors.  Building one never evaluates anything: ``x/x`` stays
``x * x**-1`` and ``E - E`` stays a difference, because whether a side has a value is decided on what was written
(`proofs.language` holds the same vocabulary as SymPy nodes, and converts both ways).

Shapes are carried by ``Sort``.  A vector of dimension n is a matrix n x 1, and a 1 x 1 matrix is a scalar.  A
dimension is an ``int`` or the name of a symbolic dimension.

This is the door to all of it: `nodes` (data), `constructors` and `binders` (which compute the shapes), `substitution`.
"""

from proofs.binders import (
    at,
    bounded,
    derivative,
    expectation,
    family,
    integral,
    jsd,
    kl,
    law,
    normal,
    pdf,
    preimages,
    product_over,
    sum_over,
    variance,
)
from proofs.constructors import (
    HALF,
    MINUS_ONE,
    ONE,
    PI,
    TWO,
    ZERO,
    add,
    call,
    call_inverse,
    compare,
    constant,
    det,
    diag,
    divide,
    entry,
    exp,
    function,
    hadamard,
    identity,
    indicator,
    inverse,
    is_kind,
    is_number,
    is_value,
    log,
    matrix,
    mul,
    neg,
    norm,
    number,
    ones,
    power,
    square,
    sub,
    symbol,
    trace,
    transpose,
    zeros,
)
from proofs.nodes import (
    BINDER_SCOPE,
    BOOL,
    COMPARISONS,
    FUNCTIONS,
    LAW,
    LAW_OPERATORS,
    OPERATORS,
    OPTIMA,
    SCALAR,
    Dim,
    ShapeError,
    Sort,
    Term,
    assembled,
    describe,
    matrix_sort,
    term,
    vector_sort,
)
from proofs.substitution import bound_in, free_symbols, fresh, map_terms, rebuild, substitute, walk

__all__ = [
    "BINDER_SCOPE", "BOOL", "COMPARISONS", "FUNCTIONS", "HALF", "LAW", "LAW_OPERATORS", "MINUS_ONE", "ONE",
    "OPERATORS", "OPTIMA", "PI", "SCALAR", "TWO", "ZERO", "Dim", "ShapeError", "Sort", "Term", "add", "assembled",
    "at", "bound_in", "bounded", "call", "call_inverse", "compare", "constant", "derivative", "describe", "det",
    "diag", "divide", "entry", "exp", "expectation", "family", "free_symbols", "fresh", "function", "hadamard",
    "identity", "indicator", "integral", "inverse", "is_kind", "is_number", "is_value", "jsd", "kl", "law", "log",
    "map_terms", "matrix", "matrix_sort", "mul", "neg", "norm", "normal", "number", "ones", "pdf", "power", "preimages",
    "product_over", "rebuild", "square", "sub", "substitute", "sum_over", "symbol", "term", "trace", "transpose",
    "variance", "vector_sort", "walk", "zeros",
]  # fmt: skip
