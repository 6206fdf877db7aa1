"""Laws with a density.

Formulas: N. L. Johnson, S. Kotz, N. Balakrishnan, *Continuous Univariate Distributions* (2nd ed., vols. 1-2).
"""

from __future__ import annotations

from typing import Any

import sympy
from sympy import Integer, MatMul, MatrixSymbol, Rational, Symbol, binomial, exp, log, oo, pi

from proofs.language.laws import KnownLaw
from proofs.language.matrices import AsScalar
from proofs.language.node import shape_of


class Normal(KnownLaw):
    r"""\mathcal N(mean, covariance); the variance where the mean is a number."""

    operator = "normal"

    @property
    def shape(self) -> Any:
        return shape_of(self.args[0])

    def sample_symbol(self) -> Any:
        return Symbol("x", real=True) if self.shape is None else MatrixSymbol("x", *self.shape)

    def log_density(self, point: Any) -> Any:
        mean, cov = self.args
        if self.shape is None:
            return -((point - mean) ** 2) / (2 * cov) - log(2 * pi * cov) / 2
        apart = sympy.MatAdd(point, MatMul(Integer(-1), mean))
        quadratic = AsScalar(MatMul(sympy.Transpose(apart), sympy.Inverse(cov), apart))
        return -quadratic / 2 - log(sympy.Determinant(cov)) / 2 - self.shape[0] * log(2 * pi) / 2

    def moment(self, order: int) -> Any:
        if self.shape is not None:
            return self.args[0] if order == 1 else None
        mean, var = self.args
        return sum(
            binomial(order, j) * mean ** (order - j) * var ** Rational(j, 2) * sympy.factorial2(j - 1)
            for j in range(0, order + 1, 2)
        )

    def variance(self) -> Any:
        return self.args[1]

    def transform(self, t: Any) -> Any:
        mean, var = self.args
        return None if self.shape is not None else exp(mean * t + var * t**2 / 2)

    def entropy(self) -> Any:
        cov = self.args[1]
        if self.shape is None:
            return log(2 * pi * sympy.E * cov) / 2
        return self.shape[0] * (1 + log(2 * pi)) / 2 + log(sympy.Determinant(cov)) / 2


class Uniform(KnownLaw):
    """Uniform between two numbers."""

    operator = "uniform"

    def support(self) -> tuple[Any, Any]:
        return self.args[0], self.args[1]

    def log_density(self, point: Any) -> Any:
        a, b = self.args
        return -log(b - a)

    def density(self, point: Any) -> Any:
        a, b = self.args
        return self._on_support(1 / (b - a), point)

    def moment(self, order: int) -> Any:
        a, b = self.args
        return sum(a**i * b ** (order - i) for i in range(order + 1)) / (order + 1)

    def entropy(self) -> Any:
        a, b = self.args
        return log(b - a)


class Exponential(KnownLaw):
    """Density rate exp(-rate x) on x >= 0."""

    operator = "exponential"

    def support(self) -> tuple[Any, Any]:
        return Integer(0), oo

    def log_density(self, point: Any) -> Any:
        rate: Any = self.args[0]
        return log(rate) - rate * point

    def moment(self, order: int) -> Any:
        return sympy.factorial(order) / self.args[0] ** order

    def entropy(self) -> Any:
        return 1 - log(self.args[0])


class Gamma(KnownLaw):
    """Density rate^shape x^(shape-1) exp(-rate x) / Gamma(shape) on x > 0."""

    operator = "gamma"

    def support(self) -> tuple[Any, Any]:
        return Integer(0), oo

    def log_density(self, point: Any) -> Any:
        a, b = self.args
        return a * log(b) + (a - 1) * log(point) - b * point - sympy.loggamma(a)

    def moment(self, order: int) -> Any:
        a, b = self.args
        return sympy.rf(a, order) / b**order

    def entropy(self) -> Any:
        a, b = self.args
        return a - log(b) + sympy.loggamma(a) + (1 - a) * sympy.digamma(a)


class Beta(KnownLaw):
    """Density x^(a-1) (1-x)^(b-1) / B(a, b) on (0, 1)."""

    operator = "beta"

    def support(self) -> tuple[Any, Any]:
        return Integer(0), Integer(1)

    def log_normaliser(self) -> Any:
        a, b = self.args
        return sympy.loggamma(a) + sympy.loggamma(b) - sympy.loggamma(a + b)

    def log_density(self, point: Any) -> Any:
        a, b = self.args
        return (a - 1) * log(point) + (b - 1) * log(1 - point) - self.log_normaliser()

    def moment(self, order: int) -> Any:
        a, b = self.args
        return sympy.rf(a, order) / sympy.rf(a + b, order)

    def entropy(self) -> Any:
        a, b = self.args
        both = (a + b - 2) * sympy.digamma(a + b)
        return self.log_normaliser() - (a - 1) * sympy.digamma(a) - (b - 1) * sympy.digamma(b) + both


class Laplace(KnownLaw):
    """Density exp(-|x - location|/scale) / (2 scale)."""

    operator = "laplace"

    def log_density(self, point: Any) -> Any:
        location, scale = self.args
        return -sympy.Abs(point - location) / scale - log(2 * scale)

    def moment(self, order: int) -> Any:
        location, scale = self.args
        terms = range(0, order + 1, 2)
        return sum(binomial(order, j) * location ** (order - j) * scale**j * sympy.factorial(j) for j in terms)

    def entropy(self) -> Any:
        return 1 + log(2 * self.args[1])


class StudentT(KnownLaw):
    """Student's t with the given degrees of freedom; its moments exist below that order only."""

    operator = "student_t"

    def log_density(self, point: Any) -> Any:
        nu: Any = self.args[0]
        return (
            sympy.loggamma((nu + 1) / 2)
            - sympy.loggamma(nu / 2)
            - log(nu * pi) / 2
            - (nu + 1) / 2 * log(1 + point**2 / nu)
        )

    def moment(self, order: int) -> Any:
        nu: Any = self.args[0]
        if order == 0:
            return Integer(1)
        if (nu - order).is_positive is not True:
            return None
        if order % 2:
            return Integer(0)
        half = Rational(order, 2)
        above = sympy.gamma(half + Rational(1, 2)) * sympy.gamma(nu / 2 - half)
        return nu**half * above / (sympy.sqrt(pi) * sympy.gamma(nu / 2))

    def entropy(self) -> Any:
        nu: Any = self.args[0]
        half, above = nu / 2, (nu + 1) / 2
        log_beta = sympy.loggamma(half) + log(pi) / 2 - sympy.loggamma(above)
        return above * (sympy.digamma(above) - sympy.digamma(half)) + log(nu) / 2 + log_beta
