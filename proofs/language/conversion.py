"""From terms to SymPy and back, without a loss.

``from_sympy(to_sympy(t)) == t`` for every well-sorted term of the vocabulary: nothing is evaluated on the way, so
``x/x``, ``E - E`` and ``0 log 0`` are still there.  Ordinary SymPy expressions are read by `ordinary.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

import sympy
from sympy import Basic, MatMul, Rational, Symbol
from sympy.matrices.expressions.diagonal import DiagonalOf

from proofs.language import calculus, distributions, divergence, expectation, functions
from proofs.language.density import Density
from proofs.language.matrices import AsMatrix, AsScalar, ElementwisePower, Entry, Norm, Product
from proofs.language.node import Node, NotInLanguage, dim_expr, dim_of, name_of, sort_of, strict, variable
from proofs.terms import SCALAR, Sort, Term, describe, matrix_sort, symbol, term
from proofs.terms import constant as constant_term

Build = Callable[[Term, Sequence[Any]], Basic]

CONSTANTS: dict[str, Basic] = {
    "pi": sympy.pi,
    "e": sympy.E,
    "euler_gamma": sympy.EulerGamma,
    "infinity": sympy.oo,
    "i": sympy.I,
}
COMPARISONS: dict[str, Any] = {
    "=": sympy.Equality,
    "!=": sympy.Unequality,
    "<": sympy.StrictLessThan,
    "<=": sympy.LessThan,
    ">": sympy.StrictGreaterThan,
    ">=": sympy.GreaterThan,
}


def to_sympy(t: Term) -> Basic:
    """The term as a SymPy object, not evaluated.  Raises NotInLanguage where the term contradicts its own sorts."""
    done: dict[int, Basic] = {}
    stack = [t]
    while stack:
        node = stack[-1]
        if id(node) in done:
            stack.pop()
            continue
        waiting = [a for a in node.args if id(a) not in done]
        if waiting:
            stack.extend(reversed(waiting))
            continue
        stack.pop()
        done[id(node)] = _built(node, [done[id(a)] for a in node.args])
    return done[id(t)]


def _built(t: Term, args: list[Any]) -> Basic:
    try:
        made = BUILDERS[t.op](t, args)
    except NotInLanguage:
        raise
    except (TypeError, ValueError, IndexError, AttributeError) as error:
        raise NotInLanguage(f"the term {t} does not fit together: {error}") from error
    if sort_of(made) != t.sort:
        raise NotInLanguage(f"the term {t} is said to be {describe(t.sort)} and is {describe(sort_of(made))}")
    return made


# -------------------------------------------------------------------------------------------------- arithmetic


def _matrix(a: Any) -> Any:
    """The argument where SymPy asks for a matrix."""
    return a if getattr(a, "is_Matrix", False) else AsMatrix(a)


def _add(t: Term, args: Sequence[Any]) -> Basic:
    return sympy.Add(*args, evaluate=False) if t.sort == SCALAR else sympy.MatAdd(*args)


def _mul(t: Term, args: Sequence[Any]) -> Basic:
    """``Mul`` of numbers, ``MatMul`` of matrices; `Product` where a number arises between matrices."""
    if all(a.sort == SCALAR for a in t.args):
        return sympy.Mul(*args, evaluate=False)
    running: Sort | None = None
    for i, a in enumerate(t.args):
        if a.sort == SCALAR:
            continue
        running = a.sort if running is None else matrix_sort(running.rows, a.sort.cols)
        if running == SCALAR and any(b.sort != SCALAR for b in t.args[i + 1 :]):
            return Product(*args)
    product = MatMul(*args)
    return AsScalar(product) if t.sort == SCALAR else product


def _pow(t: Term, args: Sequence[Any]) -> Basic:
    base, exponent = args
    if t.sort == SCALAR:
        return sympy.Pow(base, exponent, evaluate=False)
    if t.sort.rows == t.sort.cols:
        return sympy.MatPow(base, exponent)
    return ElementwisePower(base, exponent)


def _plain(cls: Any) -> Build:
    return lambda t, args: cls(*args)


def _bound(cls: Any) -> Build:
    """A node that binds the name in the payload: its symbol has the sort that it has in the scope."""

    def build(t: Term, args: Sequence[Any]) -> Basic:
        (name,) = t.data
        for i in _scope(cls):
            for s in args[i - 1].free_symbols:
                if getattr(s, "name", None) == name and _is_variable(s):
                    return cls(s, *args)
        sort = t.sort if t.op in ("argmax", "argmin") else SCALAR
        return cls(variable(name, sort), *args)

    return build


def _is_variable(s: Any) -> bool:
    """Whether a free symbol stands for a value: the symbol of a dimension (a whole number by assumption) does not."""
    return isinstance(s, sympy.MatrixSymbol) or (isinstance(s, Symbol) and s == Symbol(s.name, real=True))


def _scope(cls: Any) -> tuple[int, ...]:
    return cls.scope


def _derivative(t: Term, args: Sequence[Any]) -> Basic:
    (body,) = t.args
    names = t.data
    if len(names) > 1 or t.sort == body.sort:
        by = SCALAR
    elif body.sort == SCALAR:
        by = t.sort
    else:
        by = matrix_sort(t.sort.cols, 1)
    return calculus.DerivativeBy(args[0], *(variable(n, by) for n in names))


def _call(cls: Any) -> Build:
    def build(t: Term, args: Sequence[Any]) -> Basic:
        shape = () if t.sort == SCALAR else (dim_expr(t.sort.rows), dim_expr(t.sort.cols))
        return cls(t.data[0], shape, *args)

    return build


def _number(t: Term, args: Sequence[Any]) -> Basic:
    return Rational(t.data[0].numerator, t.data[0].denominator)


def _compare(t: Term, args: Sequence[Any]) -> Basic:
    return COMPARISONS[t.data[0]](*args, evaluate=False)


def _family(t: Term, args: Sequence[Any]) -> Basic:
    letter, outcomes, givens, parameters = t.data
    return distributions.Family(letter, outcomes, givens, parameters, tuple(args))


BUILDERS: dict[str, Build] = {
    "number": _number,
    "constant": lambda t, args: CONSTANTS[t.data[0]],
    "symbol": lambda t, args: variable(t.data[0], t.sort),
    "add": _add,
    "mul": _mul,
    "pow": _pow,
    "hadamard": lambda t, args: sympy.HadamardProduct(*args),
    "transpose": _plain(sympy.Transpose),
    "inverse": _plain(sympy.Inverse),
    "det": lambda t, args: sympy.Determinant(_matrix(args[0])),
    "trace": lambda t, args: sympy.Trace(_matrix(args[0])),
    "diag": _plain(sympy.DiagMatrix),
    "diagonal": _plain(DiagonalOf),
    "identity": lambda t, args: sympy.Identity(dim_expr(t.data[0])),
    "zeros": lambda t, args: sympy.ZeroMatrix(*map(dim_expr, t.data)),
    "ones": lambda t, args: sympy.OneMatrix(*map(dim_expr, t.data)),
    "matrix": lambda t, args: sympy.ImmutableDenseMatrix(*t.data, list(args)),
    "entry": _plain(Entry),
    "norm": _plain(Norm),
    "function": lambda t, args: functions.apply_function(t.data[0], args[0]),
    "call": _call(functions.OpaqueFunction),
    "call_inverse": _call(functions.OpaqueInverse),
    "compare": _compare,
    "and": _plain(functions.Conjunction),
    "or": _plain(functions.Disjunction),
    "not": _plain(functions.Negation),
    "indicator": _plain(functions.Indicator),
    "cases": _plain(functions.Cases),
    "sum": _bound(calculus.SumOver),
    "product": _bound(calculus.ProductOver),
    "integral": _bound(calculus.IntegralOver),
    "expectation": _bound(expectation.Expectation),
    "variance": _bound(expectation.Variance),
    "covariance": _bound(expectation.Covariance),
    "probability": _bound(expectation.Probability),
    "preimages": _bound(calculus.Preimages),
    "maximum": _bound(calculus.Maximum),
    "minimum": _bound(calculus.Minimum),
    "argmax": _bound(calculus.ArgMax),
    "argmin": _bound(calculus.ArgMin),
    "derivative": _derivative,
    "at": _bound(calculus.At),
    **{op: _plain(cls) for op, cls in distributions.LAW_CLASSES.items()},
    "family": _family,
    "with_density": _bound(distributions.WithDensity),
    "pushforward": _bound(distributions.Pushforward),
    "pdf": _plain(Density),
    "kl": _plain(divergence.KL),
    "jsd": _plain(divergence.JSD),
    "entropy": _plain(divergence.Entropy),
    "cross_entropy": _plain(divergence.CrossEntropy),
}


# ------------------------------------------------------------------------------------------------------ back


def from_sympy(expr: Any) -> Term:
    """The term of a SymPy expression, ours or an ordinary one.

    Raises NotInLanguage, naming what has no counterpart; TypeError for a string, which is never parsed.
    """
    expr = strict(expr)
    from proofs.language.ordinary import distinct_names

    names = distinct_names(expr)
    memo: dict[Basic, Term] = {}

    def convert(e: Basic) -> Term:
        if e not in memo:
            memo[e] = symbol(names[e]) if e in names else _term_of(e, convert)
        return memo[e]

    try:
        return convert(expr)
    except RecursionError:
        raise NotInLanguage("the expression is nested too deeply") from None


def _term_of(e: Any, convert: Callable[[Basic], Term]) -> Term:
    if isinstance(e, (Node, AsMatrix)):
        return e._term(convert)
    kind = type(e)
    if isinstance(e, Rational):
        return term("number", (), (Fraction(int(e.p), int(e.q)),))
    if isinstance(e, (Symbol, sympy.MatrixSymbol)):
        return symbol(name_of(e), sort_of(e))
    for name, value in CONSTANTS.items():
        if e is value:
            return constant_term(name)
    called = _FUNCTION_NAMES.get(kind)
    if called is not None and len(e.args) == 1:
        return term("function", (convert(e.args[0]),), (called,))
    rel = _RELATION_NAMES.get(kind)
    if rel is not None:
        return term("compare", map(convert, e.args), (rel,), sort_of(e))
    op = _NATIVE.get(kind)
    if op is not None:
        return term(op, map(convert, e.args), (), sort_of(e))
    if kind in (sympy.Identity, sympy.ZeroMatrix, sympy.OneMatrix):
        dims = tuple(map(dim_of, e.args))
        return term(_SHAPED[kind], (), dims, sort_of(e))
    if isinstance(e, sympy.ImmutableDenseMatrix):
        return term("matrix", map(convert, e.flat()), tuple(map(int, e.shape)), sort_of(e))
    from proofs.language.ordinary import ordinary_term

    return ordinary_term(e, convert)


_FUNCTION_NAMES: dict[Any, str] = {cls: name for name, cls in functions.FUNCTION_CLASSES.items()}
_RELATION_NAMES: dict[Any, str] = {cls: rel for rel, cls in COMPARISONS.items()}
_SHAPED: dict[Any, str] = {sympy.Identity: "identity", sympy.ZeroMatrix: "zeros", sympy.OneMatrix: "ones"}
# SymPy's own nodes whose arguments are those of the term
_NATIVE: dict[Any, str] = {
    sympy.Add: "add",
    sympy.MatAdd: "add",
    sympy.Mul: "mul",
    MatMul: "mul",
    sympy.Pow: "pow",
    sympy.MatPow: "pow",
    sympy.HadamardProduct: "hadamard",
    sympy.Transpose: "transpose",
    sympy.Determinant: "det",
    sympy.Trace: "trace",
    sympy.DiagMatrix: "diag",
    DiagonalOf: "diagonal",
}

__all__ = ["NotInLanguage", "from_sympy", "to_sympy"]
