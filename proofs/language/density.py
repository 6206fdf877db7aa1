"""The density of a law at a point; the mass, where the law is discrete."""

from __future__ import annotations

from typing import Any

import sympy
from sympy import Basic

from proofs.language.node import Law, Shape, Valued


class Density(Valued):
    """``(law, point, ...)``: p(x) for a law p; one point for each outcome of a joint law.

    ``doit`` writes out the density of a law with parameters; ``log_density(law, point)`` its logarithm without the
    exponential around it.
    """

    operator = "pdf"
    is_extended_nonnegative = True

    @classmethod
    def _shape(cls, *args: Basic) -> Shape | None:
        if len(args) < 2 or not isinstance(args[0], Law):
            raise TypeError("a density is of a law, at a point")
        return None

    def doit(self, **hints: Any) -> Basic:
        law, *points = (a.doit(**hints) for a in self.args) if hints.get("deep", True) else self.args
        found = law.density(points[0]) if hasattr(law, "density") and len(points) == 1 else None
        return Density(law, *points) if found is None else found


def log_density(law: Any, *points: Any) -> Any:
    """The logarithm of the density: written out for a law with parameters, otherwise the logarithm of a `Density`."""
    found = law.log_density(points[0]) if hasattr(law, "log_density") and len(points) == 1 else None
    return sympy.log(Density(law, *points), evaluate=False) if found is None else found
