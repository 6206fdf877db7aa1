"""Laws with a mass.

Formulas: N. L. Johnson, A. W. Kemp, S. Kotz, *Univariate Discrete Distributions* (3rd ed.).
"""

from __future__ import annotations

from typing import Any

import sympy
from sympy import Integer, Rational, exp, log, oo
from sympy.functions.combinatorial.numbers import stirling

from proofs.language.laws import KnownLaw
from proofs.language.matrices import Entry
from proofs.language.node import shape_of


class Bernoulli(KnownLaw):
    """1 with the given probability, else 0."""

    operator = "bernoulli"
    discrete = True

    def support(self) -> tuple[Any, Any]:
        return Integer(0), Integer(1)

    def values(self) -> list[tuple[Any, Any]]:
        p: Any = self.args[0]
        return [(Integer(0), 1 - p), (Integer(1), p)]

    def log_density(self, point: Any) -> Any:
        p: Any = self.args[0]
        return point * log(p) + (1 - point) * log(1 - p)

    def density(self, point: Any) -> Any:
        p: Any = self.args[0]
        return sympy.Piecewise((1 - p, sympy.Eq(point, 0)), (p, sympy.Eq(point, 1)), (0, True))

    def moment(self, order: int) -> Any:
        return self.args[0] if order else Integer(1)

    def entropy(self) -> Any:
        p: Any = self.args[0]
        return -p * log(p) - (1 - p) * log(1 - p)


class Categorical(KnownLaw):
    """One of 1..k, with the probabilities in the vector."""

    operator = "categorical"
    discrete = True

    def probabilities(self) -> list[Any] | None:
        vector: Any = self.args[0]
        shape = shape_of(vector)
        if shape is None or not (isinstance(shape[0], Integer) and shape[1] == 1):
            return None
        return [vector[i, 0] for i in range(int(shape[0]))]

    def values(self) -> list[tuple[Any, Any]] | None:
        found = self.probabilities()
        return None if found is None else [(Integer(i), p) for i, p in enumerate(found, 1)]

    def density(self, point: Any) -> Any:
        found = self.values()
        if found is None:
            return Entry(self.args[0], point)
        return sympy.Piecewise(*((p, sympy.Eq(point, v)) for v, p in found), (0, True))

    def log_density(self, point: Any) -> Any:
        return log(Entry(self.args[0], point))

    def entropy(self) -> Any:
        found = self.probabilities()
        return None if found is None else -sum(p * log(p) for p in found)


class UniformChoice(KnownLaw):
    """Each of the given values with one probability; a value given twice counts twice."""

    operator = "uniform_choice"
    discrete = True

    def values(self) -> list[tuple[Any, Any]]:
        return [(a, Rational(1, len(self.args))) for a in self.args]

    def density(self, point: Any) -> Any:
        n = len(self.args)
        return sum(sympy.Piecewise((Rational(1, n), sympy.Eq(point, a)), (0, True)) for a in self.args)


class Poisson(KnownLaw):
    """Mass rate^k exp(-rate) / k! on k = 0, 1, ..."""

    operator = "poisson"
    discrete = True

    def support(self) -> tuple[Any, Any]:
        return Integer(0), oo

    def log_density(self, point: Any) -> Any:
        rate: Any = self.args[0]
        return point * log(rate) - rate - sympy.loggamma(point + 1)

    def density(self, point: Any) -> Any:
        rate: Any = self.args[0]
        whole = sympy.And(sympy.Ge(point, 0), sympy.Eq(sympy.floor(point), point))
        mass = rate**point * exp(-rate) / sympy.factorial(point)
        return mass if point.is_integer and point.is_nonnegative else sympy.Piecewise((mass, whole), (0, True))

    def moment(self, order: int) -> Any:
        rate: Any = self.args[0]
        return sum(stirling(order, j) * rate**j for j in range(order + 1))

    def transform(self, t: Any) -> Any:
        return exp(self.args[0] * (exp(t) - 1))
