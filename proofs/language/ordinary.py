"""Ordinary SymPy expressions, with none of our nodes in them, as terms.

What SymPy writes in its own way (a matrix element counted from 0, several limits in one ``Sum``) is turned into the
language's; what the language has no word for raises NotInLanguage.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sympy
from sympy import Basic, Dummy, Integer, Symbol
from sympy.core.function import AppliedUndef
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction
from sympy.matrices.expressions.matexpr import MatrixElement

from proofs import terms as T
from proofs.language.node import NotInLanguage, name_of, sort_of
from proofs.terms import SCALAR, Term

Convert = Callable[[Basic], Term]


def distinct_names(expr: Basic) -> dict[Basic, str]:
    """The name of each symbol, a ``Dummy`` under one of its own.  Raises NotInLanguage where two symbols share a name.

    The symbol of a dimension may share its name with a number: the one lives in the shapes, the other in the values.
    """
    symbols = sorted(expr.atoms(Symbol), key=lambda s: (isinstance(s, Dummy), str(s), s.sort_key()))
    whole = {"integer": True, "positive": True}
    by_name: dict[str, Symbol] = {}
    names: dict[Basic, str] = {}
    matrix_names = {name_of(m) for m in expr.atoms(sympy.MatrixSymbol)}
    for s in symbols:
        if isinstance(s, Dummy):
            new = T.fresh(s.name, by_name.keys() | matrix_names)
            by_name[new] = s
            names[s] = new
            continue
        other = by_name.setdefault(s.name, s)
        if other != s and whole not in (s._assumptions_orig, other._assumptions_orig):
            raise NotInLanguage(f"two different symbols are called {s.name}: give one of them another name")
        names[s] = s.name
    return names


def ordinary_term(e: Any, convert: Convert) -> Term:
    """The term of a SymPy node that is not one of the language's own."""
    for kind, read in _READERS:
        if isinstance(e, kind):
            return read(e, convert)
    raise NotInLanguage(f"{type(e).__name__} is not in the language: {_short(e)}")


def _short(e: Any) -> str:
    shown = str(e)
    return shown if len(shown) < 60 else shown[:57] + "..."


def _limits(e: Any, convert: Convert, build: Callable[..., Term]) -> Term:
    """``Sum(body, (i, a, b), (j, c, d))``: the first limit is the innermost."""
    body = convert(e.function)
    for limit in e.limits:
        if len(limit) != 3:
            raise NotInLanguage(f"{type(e).__name__} without bounds is not in the language: {_short(e)}")
        index, lower, upper = limit
        if not isinstance(index, Symbol):
            raise NotInLanguage(f"a {type(e).__name__} over {index} is not in the language")
        body = build(convert(index).data[0], body, convert(lower), convert(upper))
    return body


def _derivative(e: sympy.Derivative, convert: Convert) -> Term:
    body = convert(e.expr)
    for variable, count in e.variable_count:
        if not isinstance(variable, (Symbol, sympy.MatrixSymbol)) or not isinstance(count, Integer):
            raise NotInLanguage(f"a derivative by {variable}, {count} times, is not in the language")
        for _ in range(int(count)):
            body = T.derivative(body, convert(variable).data[0], sort=sort_of(variable))
    return body


def _subs(e: sympy.Subs, convert: Convert) -> Term:
    names = [convert(v).data[0] for v in e.variables]
    body = convert(e.expr)
    if len(names) > 1:
        for point in e.point:
            if {convert(s).data[0] for s in point.free_symbols} & set(names):
                raise NotInLanguage(f"points that share names with the variables: {_short(e)}")
    for name, point in zip(names, e.point, strict=True):
        body = T.at(name, body, convert(point))
    return body


def _element(e: MatrixElement, convert: Convert) -> Term:
    parent, *indices = e.args
    shown = [T.number(int(i) + 1) if isinstance(i, Integer) else T.add(convert(i), T.ONE) for i in indices]
    base = convert(parent)
    if base.sort == SCALAR:
        return base
    return T.entry(base, shown[0]) if base.sort.cols == 1 else T.entry(base, *shown)


def _piecewise(e: sympy.Piecewise, convert: Convert) -> Term:
    args: list[Term] = []
    for value, condition in e.args:
        args.append(convert(value))
        if condition is sympy.true:
            break
        args.append(convert(condition))
    return args[0] if len(args) == 1 else T.term("cases", args, (), args[0].sort)


def _truth(op: str) -> Callable[[Any, Convert], Term]:
    def read(e: Any, convert: Convert) -> Term:
        args = sorted(e.args, key=sympy.default_sort_key)
        return T.term(op, map(convert, args), (), sort_of(e))

    return read


def _max(e: sympy.Max, convert: Convert) -> Term:
    if len(e.args) == 2 and 0 in e.args:
        other = e.args[0] if e.args[1] == 0 else e.args[1]
        return T.function("relu", convert(other))
    raise NotInLanguage(f"Max is in the language only as max(x, 0): {_short(e)}")


def _polygamma(e: Any, convert: Convert) -> Term:
    if e.args[0] == 0:
        return T.function("digamma", convert(e.args[1]))
    raise NotInLanguage(f"polygamma of order {e.args[0]} is not in the language")


def _call(e: AppliedUndef, convert: Convert) -> Term:
    return T.term("call", map(convert, e.args), (e.func.__name__,))


def _log(e: Any, convert: Convert) -> Term:
    value, base = e.args
    return T.mul(T.function("log", convert(value)), T.power(T.function("log", convert(base)), T.MINUS_ONE))


def _matrix(e: Any, convert: Convert) -> Term:
    return T.matrix(int(e.rows), int(e.cols), map(convert, list(e)))


def _float(e: sympy.Float, convert: Convert) -> Term:
    raise NotInLanguage(f"{e} is a rounded number; write it exactly, Rational('{e}')")


def _elementwise(e: Any, convert: Convert) -> Term:
    applied = convert(e.function.expr)
    if applied.op != "function" or applied.args[0].op != "symbol":
        raise NotInLanguage(f"an elementwise {e.function} is not in the language")
    argument = convert(e.expr)
    return T.function(applied.data[0], argument)


def _hadamard_power(e: Any, convert: Convert) -> Term:
    base = convert(e.base)
    if base.sort.cols != 1 or sort_of(e.exp) != SCALAR:
        raise NotInLanguage(f"an elementwise power of that shape is not in the language: {_short(e)}")
    return T.power(base, convert(e.exp))


_READERS: tuple[tuple[Any, Callable[[Any, Convert], Term]], ...] = (
    (sympy.Float, _float),
    (type(sympy.S.NegativeInfinity), lambda e, c: T.mul(T.MINUS_ONE, T.constant("infinity"))),
    (sympy.Inverse, lambda e, c: T.inverse(c(e.arg))),
    (sympy.Sum, lambda e, c: _limits(e, c, T.sum_over)),
    (sympy.Product, lambda e, c: _limits(e, c, T.product_over)),
    (sympy.Integral, lambda e, c: _limits(e, c, T.integral)),
    (sympy.Derivative, _derivative),
    (sympy.Subs, _subs),
    (MatrixElement, _element),
    (sympy.Piecewise, _piecewise),
    (sympy.And, _truth("and")),
    (sympy.Or, _truth("or")),
    (sympy.Not, _truth("not")),
    (sympy.Max, _max),
    (sympy.polygamma, _polygamma),
    (sympy.factorial, lambda e, c: T.function("gamma_function", T.add(c(e.args[0]), T.ONE))),
    (sympy.log, _log),
    (AppliedUndef, _call),
    (sympy.MatrixBase, _matrix),
    (sympy.Adjoint, lambda e, c: T.transpose(c(e.arg))),
    (ElementwiseApplyFunction, _elementwise),
    (sympy.HadamardPower, _hadamard_power),
    (sympy.DiagonalMatrix, lambda e, c: T.hadamard(c(sympy.Identity(e.shape[0])), c(e.arg))),
)
