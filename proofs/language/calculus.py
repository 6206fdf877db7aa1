"""Sums, products, integrals, derivatives, evaluation at a point, and optima.

Nothing is evaluated on construction; ``doit`` hands a number's sum, integral or derivative to SymPy.
"""

from __future__ import annotations

from typing import Any

import sympy
from sympy import Basic, Dummy, Integer, MatMul, MatrixExpr, MatrixSymbol, Symbol, oo
from sympy.printing.precedence import PRECEDENCE

from proofs.language.node import (
    Binder,
    Convert,
    Shape,
    Valued,
    dim_expr,
    name_of,
    shape_of,
    sort_of,
    strict,
    with_matrix_form,
)
from proofs.terms import Term, derivative, symbol, term


def done(args: tuple[Basic, ...], hints: dict[str, Any]) -> list[Any]:
    """The arguments, evaluated where the caller asked for depth."""
    return [a.doit(**hints) for a in args] if hints.get("deep", True) else list(args)


class _Ranged(Binder):
    """``(index, body, lower, upper)``."""

    precedence = PRECEDENCE["Mul"]
    whole: Any = None

    @classmethod
    def _shape(cls, *args: Basic) -> Shape | None:
        return shape_of(args[1])

    def native(self, index: Any, body: Any, lower: Any, upper: Any) -> Any:
        """SymPy's own node over a whole-number index."""
        counter = Dummy(name_of(index), integer=True)
        return type(self).whole(body.subs(index, counter), (counter, lower, upper))

    def doit(self, **hints: Any) -> Basic:
        index, body, lower, upper = done(self.args, hints)
        if shape_of(body) is not None:
            return self.func(index, body, lower, upper)
        return self.native(index, body, lower, upper).doit(**hints)


@with_matrix_form
class SumOver(_Ranged):
    r"""\sum_{index=lower}^{upper} body."""

    operator = "sum"
    whole = sympy.Sum

    def _eval_rewrite_as_Sum(self, *args: Basic, **_: Any) -> Basic:
        return self.native(*args)


@with_matrix_form
class ProductOver(_Ranged):
    r"""\prod_{index=lower}^{upper} body."""

    operator = "product"
    whole = sympy.Product

    def _eval_rewrite_as_Product(self, *args: Basic, **_: Any) -> Basic:
        return self.native(*args)


@with_matrix_form
class IntegralOver(Binder):
    r"""\int body d variable: ``(variable, body)`` over the whole space of the variable, or with two bounds."""

    operator = "integral"
    precedence = PRECEDENCE["Mul"]

    @classmethod
    def _shape(cls, *args: Basic) -> Shape | None:
        if len(args) not in (2, 4):
            raise TypeError("an integral has both bounds or none")
        return shape_of(args[1])

    def _eval_rewrite_as_Integral(self, variable: Any, body: Any, *bounds: Any, **_: Any) -> Basic:
        if not isinstance(variable, Symbol) or shape_of(body) is not None:
            return self.func(variable, body, *bounds)
        return sympy.Integral(body, (variable, *(bounds or (-oo, oo))))

    def doit(self, **hints: Any) -> Basic:
        args = done(self.args, hints)
        rewritten = self._eval_rewrite_as_Integral(*args)
        return rewritten.doit(**hints) if isinstance(rewritten, sympy.Integral) else rewritten


@with_matrix_form
class DerivativeBy(Valued):
    """``(body, variable, ...)``: the derivative at the present point; the variables stay free.

    A number by a number is a number, a number by a vector the column gradient, a vector by a vector the Jacobian with
    a row for each component.  Several variables (numbers): the vector of those derivatives.
    """

    operator = "derivative"
    precedence = PRECEDENCE["Mul"]

    @classmethod
    def _shape(cls, *args: Basic) -> Shape | None:
        body, *variables = args
        names = [name_of(v) for v in variables]
        found = derivative(symbol("body", sort_of(body)), *names, sort=sort_of(variables[0])).sort
        return None if found.kind == "scalar" else (dim_expr(found.rows), dim_expr(found.cols))

    @property
    def free_symbols(self) -> set[Basic]:
        return set().union(*(a.free_symbols for a in self.args))

    def _term(self, convert: Convert) -> Term:
        body, *variables = self.args
        return term("derivative", (convert(body),), tuple(convert(v).data[0] for v in variables), sort_of(self))

    def _eval_subs(self, old: Basic, new: Basic) -> Basic:
        """A derivative is taken before the point is put in: ``At`` keeps it."""
        body, *variables = self.args
        if old in variables:
            if type(new) is type(old) and new not in self.free_symbols:
                return self.func(body._subs(old, new), *(new if v == old else v for v in variables))
            return At(old, self, new)
        clash = [v for v in variables if v in new.free_symbols]
        if not clash:
            return self.func(body._subs(old, new), *variables)
        inner, back = self, []
        for v in clash:
            other = Dummy(name_of(v), real=True) if isinstance(v, Symbol) else None
            if other is None:
                other = MatrixSymbol(name_of(v) + "'" * (1 + len(name_of(new))), *v.shape)
            inner = inner._eval_subs(v, other)
            back.append((other, v))
        result: Any = inner._eval_subs(old, new)
        for other, v in back:
            result = At(other, result, v)
        return result

    def doit(self, **hints: Any) -> Basic:
        body, *variables = self.args
        body = body.doit(**hints) if hints.get("deep", True) else body
        if len(variables) == 1:
            return differentiate(body, variables[0])
        parts = [differentiate(body, v) for v in variables]
        return sympy.ImmutableMatrix(parts) if shape_of(body) is None else self.func(body, *variables)


def differentiate(body: Any, variable: Any) -> Basic:
    """The derivative where SymPy finds it in the right shape; otherwise the node, not evaluated."""
    from proofs.language.matrices import AsScalar

    if variable not in body.free_symbols and shape_of(body) is None:
        shape = shape_of(variable)
        return Integer(0) if shape is None else sympy.ZeroMatrix(*shape)
    if isinstance(variable, Symbol) and shape_of(body) is None:
        return body.diff(variable)
    unknown = DerivativeBy(body, variable)
    if isinstance(body, sympy.Add):
        parts: list[Any] = [differentiate(a, variable) for a in body.args]
        return unknown if any(p.has(DerivativeBy) for p in parts) else sympy.MatAdd(*parts).doit()
    if isinstance(body, sympy.Mul):
        inside = [a for a in body.args if variable in a.free_symbols]
        if len(inside) == 1:
            part: Any = differentiate(inside[0], variable)
            outside = sympy.Mul(*(a for a in body.args if a is not inside[0]))
            return unknown if part.has(DerivativeBy) else MatMul(outside, part).doit()
    if isinstance(body, AsScalar):
        found: Any = body.args[0].diff(variable)
        right = isinstance(found, MatrixExpr) and found.shape == unknown.shape
        return found if right and not found.has(sympy.Derivative) else unknown
    return unknown


@with_matrix_form
class At(Binder):
    """``(variable, body, value)``: the body where the variable has that value."""

    operator = "at"

    @classmethod
    def _shape(cls, *args: Basic) -> Shape | None:
        return shape_of(args[1])

    def doit(self, **hints: Any) -> Basic:
        variable, body, value = done(self.args, hints)
        if body.has(DerivativeBy):  # the derivative could not be taken: its point must stay beside it
            return self.func(variable, body, value)
        return body.subs(variable, value)


@with_matrix_form
class Preimages(Binder):
    r"""``(variable, value, image, body)``: \sum_{variable: image = value} body, over the regular preimages."""

    operator = "preimages"
    scope = (2, 3)
    precedence = PRECEDENCE["Mul"]

    @classmethod
    def _shape(cls, *args: Basic) -> Shape | None:
        return shape_of(args[3])

    def doit(self, **hints: Any) -> Basic:
        return self.func(self.args[0], *done(self.args[1:], hints))


class _Optimum(Binder):
    """``(variable, body)``: over all admissible values of the variable, or of the unknown function of that name."""

    precedence = PRECEDENCE["Mul"]

    @classmethod
    def _prepare(cls, *args: Any) -> tuple[Basic, ...]:
        return tuple(strict(a) for a in args)

    @classmethod
    def _shape(cls, *args: Basic) -> Shape | None:
        return shape_of(args[1])

    def doit(self, **hints: Any) -> Basic:
        return self.func(self.args[0], *done(self.args[1:], hints))


@with_matrix_form
class Maximum(_Optimum):
    """The largest value of the body."""

    operator = "maximum"


@with_matrix_form
class Minimum(_Optimum):
    """The smallest value of the body."""

    operator = "minimum"


class _Optimiser(_Optimum):
    @classmethod
    def _shape(cls, *args: Basic) -> Shape | None:
        return shape_of(args[0])


@with_matrix_form
class ArgMax(_Optimiser):
    """Where the body is largest; of the shape of the variable."""

    operator = "argmax"


@with_matrix_form
class ArgMin(_Optimiser):
    """Where the body is smallest; of the shape of the variable."""

    operator = "argmin"


__all__ = [
    "ArgMax", "ArgMin", "At", "DerivativeBy", "IntegralOver", "Maximum", "Minimum", "ProductOver", "SumOver",
]  # fmt: skip
