"""A law with parameters: what it knows of itself."""

from __future__ import annotations

from typing import Any

import sympy
from sympy import Symbol, exp, oo

from proofs.language.node import Law


class KnownLaw(Law):
    """A law with parameters.  What has no closed form is None."""

    discrete = False

    def sample_symbol(self) -> Any:
        """A symbol for a variable with this law."""
        return Symbol("x", real=True)

    def support(self) -> tuple[Any, Any]:
        """The bounds of where it lives, for an integral or a sum."""
        return -oo, oo

    def values(self) -> list[tuple[Any, Any]] | None:
        """The finitely many values with their probabilities, where there are finitely many."""
        return None

    def log_density(self, point: Any) -> Any:
        """The logarithm of the density or mass at a point of the support."""
        return None

    def density(self, point: Any) -> Any:
        """The density, or the mass where the law is discrete, at any point."""
        inside = self.log_density(point)
        return None if inside is None else self._on_support(exp(inside), point)

    def _on_support(self, value: Any, point: Any) -> Any:
        lower, upper = self.support()
        conditions = [c for c in (sympy.Ge(point, lower), sympy.Le(point, upper)) if c is not sympy.true]
        if lower == -oo and upper == oo:
            return value
        return sympy.Piecewise((value, sympy.And(*conditions)), (0, True))

    def moment(self, order: int) -> Any:
        """E x^order, or None where there is no closed form."""
        return None

    def transform(self, t: Any) -> Any:
        """E exp(t x) where it is finite for every t, else None."""
        return None

    def mean(self) -> Any:
        return self.moment(1)

    def variance(self) -> Any:
        first, second = self.moment(1), self.moment(2)
        return None if first is None or second is None else sympy.simplify(second - first**2)

    def entropy(self) -> Any:
        return None
