"""Expectation, variance, covariance and probability under a law."""

from __future__ import annotations

from typing import Any, ClassVar

import sympy
from sympy import Basic, Dummy, Integer, Symbol

from proofs.language.calculus import IntegralOver, done
from proofs.language.density import Density
from proofs.language.distributions import Family, KnownLaw, Normal, WithDensity
from proofs.language.functions import Indicator, NormalCDF
from proofs.language.moments import covariance_of, expected
from proofs.language.node import Binder, Law, Shape, shape_of, with_matrix_form


class _Under(Binder):
    """``(variable, law, body)``."""

    scope: ClassVar[tuple[int, ...]] = (2,)

    @classmethod
    def _prepare(cls, *args: Any) -> tuple[Basic, ...]:
        prepared = super()._prepare(*args)
        if not isinstance(prepared[1], Law):
            raise TypeError(f"the second argument of {cls.__name__} is the law of the variable")
        return prepared


@with_matrix_form
class Expectation(_Under):
    r"""\mathbb E_{variable \sim law}[body].

    ``doit``: sums over finitely many values; polynomials under a law with known moments (also c exp(t x) under a
    normal or a Poisson law); affine and quadratic forms of a normal vector of any, also symbolic, dimension.
    """

    operator = "expectation"

    @classmethod
    def _shape(cls, *args: Basic) -> Shape | None:
        return shape_of(args[2])

    def doit(self, **hints: Any) -> Basic:
        variable, law, body = done(self.args, hints)
        found = expected(variable, law, body)
        return self.func(variable, law, body) if found is None else found

    def _eval_rewrite_as_IntegralOver(self, variable: Any, law: Any, body: Any, **_: Any) -> Basic:
        if isinstance(law, KnownLaw) and law.discrete:
            return self
        return IntegralOver(variable, sympy.Mul(Density(law, variable), body, evaluate=False))

    def _eval_rewrite_as_Integral(self, variable: Any, law: Any, body: Any, **_: Any) -> Basic:
        """A number under a law of a number: the integral of density times body over where the law lives."""
        if not isinstance(variable, Symbol) or shape_of(body) is not None:
            return self
        if isinstance(law, KnownLaw) and not law.discrete:
            inside = law.log_density(variable)
            return sympy.Integral(sympy.exp(inside) * body, (variable, *law.support()))
        if isinstance(law, (Family, WithDensity)):
            return sympy.Integral(Density(law, variable).doit() * body, (variable, -sympy.oo, sympy.oo))
        return self

    def _eval_rewrite_as_Sum(self, variable: Any, law: Any, body: Any, **_: Any) -> Basic:
        if not isinstance(law, KnownLaw) or not law.discrete or shape_of(body) is not None:
            return self
        if law.values() is not None:
            return expected(variable, law, body)
        counter = Dummy(variable.name, integer=True, nonnegative=True)
        return sympy.Sum(law.density(counter) * body.subs(variable, counter), (counter, *law.support()))


@with_matrix_form
class Variance(_Under):
    """E[(body - E body)^2]; the covariance matrix of a vector."""

    operator = "variance"
    is_extended_nonnegative = True

    @classmethod
    def _shape(cls, *args: Basic) -> Shape | None:
        shape = shape_of(args[2])
        if shape is not None and shape[1] != 1:
            raise TypeError("the variance of a matrix")
        return None if shape is None else (shape[0], shape[0])

    def _eval_rewrite_as_Expectation(self, variable: Any, law: Any, body: Any, **_: Any) -> Basic:
        if shape_of(body) is not None:
            return self
        return Expectation(variable, law, body**2) - Expectation(variable, law, body) ** 2

    def doit(self, **hints: Any) -> Basic:
        variable, law, body = done(self.args, hints)
        if shape_of(body) is not None:
            found = covariance_of(variable, law, body)
            return self.func(variable, law, body) if found is None else found
        first, second = expected(variable, law, body), expected(variable, law, body**2)
        if first is None or second is None:
            return self.func(variable, law, body)
        return sympy.expand(second - first**2)


@with_matrix_form
class Covariance(_Under):
    """``(variable, law, first, second)``: E[(first - E first)(second - E second)^T]."""

    operator = "covariance"
    scope = (2, 3)

    @classmethod
    def _shape(cls, *args: Basic) -> Shape | None:
        first, second = (shape_of(a) or (Integer(1), Integer(1)) for a in args[2:])
        if first[1] != 1 or second[1] != 1:
            raise TypeError("the covariance of matrices")
        return None if first[0] == 1 and second[0] == 1 else (first[0], second[0])

    def _eval_rewrite_as_Expectation(self, variable: Any, law: Any, first: Any, second: Any, **_: Any) -> Basic:
        if shape_of(first) is not None or shape_of(second) is not None:
            return self
        apart = Expectation(variable, law, first) * Expectation(variable, law, second)
        return Expectation(variable, law, first * second) - apart

    def doit(self, **hints: Any) -> Basic:
        variable, law, first, second = done(self.args, hints)
        if shape_of(first) is None and shape_of(second) is None:
            parts = [expected(variable, law, b) for b in (first * second, first, second)]
            if all(p is not None for p in parts):
                return sympy.expand(parts[0] - parts[1] * parts[2])
        return self.func(variable, law, first, second)


class Probability(_Under):
    """``(variable, law, statement)``: how probable the statement about the variable is."""

    operator = "probability"
    is_extended_nonnegative = True

    def _eval_rewrite_as_Expectation(self, variable: Any, law: Any, statement: Any, **_: Any) -> Basic:
        return Expectation(variable, law, Indicator(statement))

    def doit(self, **hints: Any) -> Basic:
        variable, law, statement = done(self.args, hints)
        values = law.values() if isinstance(law, KnownLaw) else None
        if values is not None:
            body = sympy.Piecewise((1, statement), (0, True))
            return sympy.Add(*(weight * body.subs(variable, value) for value, weight in values))
        tail = _tail(variable, law, statement)
        return self.func(variable, law, statement) if tail is None else tail


def _tail(variable: Any, law: Any, statement: Any) -> Any:
    """P(x < c) and the like, for a normal number."""
    if not isinstance(law, Normal) or law.shape is not None or not isinstance(statement, sympy.Rel):
        return None
    below = isinstance(statement, (sympy.StrictLessThan, sympy.LessThan))
    if not below and not isinstance(statement, (sympy.StrictGreaterThan, sympy.GreaterThan)):
        return None
    left, right = statement.lhs, statement.rhs
    if right == variable:
        left, right, below = right, left, not below
    if left != variable or variable in right.free_symbols:
        return None
    at_bound = NormalCDF((right - law.args[0]) / sympy.sqrt(law.args[1]))
    return at_bound if below else 1 - at_bound


__all__ = ["Covariance", "Expectation", "Probability", "Variance"]
