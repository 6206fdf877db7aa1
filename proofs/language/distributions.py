"""Probability laws.

Each knows its density (or mass) at a point, its mean, variance and raw moments, its entropy and where it lives, as far
as there are closed forms.  Formulas: N. L. Johnson, S. Kotz, N. Balakrishnan, *Continuous Univariate Distributions*
(2nd ed., vols. 1-2), and Johnson, Kemp, Kotz, *Univariate Discrete Distributions* (3rd ed.).
"""

from __future__ import annotations

from typing import Any

import sympy
from sympy import Basic, Integer, MatMul, MatrixSymbol, Rational, Symbol, Tuple, binomial, exp, log, oo, pi
from sympy.functions.combinatorial.numbers import stirling

from proofs.language.matrices import AsScalar, Entry
from proofs.language.node import BinderLaw, Convert, Law, as_name, name_of, renamed, shape_of, strict
from proofs.terms import LAW, Term, term


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


class UniformChoice(KnownLaw):
    """Each of the given values with one probability; a value given twice counts twice."""

    operator = "uniform_choice"
    discrete = True

    def values(self) -> list[tuple[Any, Any]]:
        return [(a, Rational(1, len(self.args))) for a in self.args]

    def density(self, point: Any) -> Any:
        n = len(self.args)
        return sum(sympy.Piecewise((Rational(1, n), sympy.Eq(point, a)), (0, True)) for a in self.args)


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


# ---------------------------------------------------------------------------------------- laws without parameters


class Family(Law):
    """The law of some outcomes given others in an unknown joint density with a letter.

    ``Family(letter, outcomes, givens, parameter_names, values)``: names of the outcomes and of the givens, and then the
    values of the givens followed by those of the parameters.  All laws of one letter come from one joint density.
    """

    operator = "family"

    def __new__(cls, letter: Any, outcomes: Any, givens: Any = (), parameters: Any = (), values: Any = ()) -> Family:
        names = (Tuple(*(as_name(n) for n in group)) for group in (outcomes, givens, parameters))
        return Basic.__new__(cls, as_name(letter), *names, Tuple(*(strict(v) for v in values)))

    def sample_symbols(self) -> list[Any]:
        return [Symbol(name_of(n), real=True) for n in self.args[1].args]

    def sample_symbol(self) -> Any:
        return self.sample_symbols()[0] if len(self.args[1].args) == 1 else None

    def _term(self, convert: Convert) -> Term:
        letter, *names, values = self.args
        data = (name_of(letter), *(tuple(name_of(n) for n in group.args) for group in names))
        return term("family", [convert(v) for v in values.args], data, LAW)


class WithDensity(BinderLaw):
    """``(variable, density)``: the law with that density of the variable, such as (p(x) + q(x))/2."""

    operator = "with_density"
    scope = (1,)

    def sample_symbol(self) -> Any:
        return self.args[0]

    def density(self, point: Any) -> Any:
        return self.args[1].subs(self.args[0], point)


class Pushforward(BinderLaw):
    """``(variable, law, body)``: the law of the body, where the variable is drawn from the law."""

    operator = "pushforward"
    scope = (2,)


def variable_of(law: Any, *others: Any) -> Any:
    """A variable with the shape of what the first law draws, under a name that none of the laws uses; None where the
    law draws no single variable."""
    sample = law.sample_symbol() if hasattr(law, "sample_symbol") else None
    taken = {name_of(s) for a in (law, *others) for s in a.free_symbols}
    return sample if sample is None or name_of(sample) not in taken else renamed(sample, taken)


LAW_CLASSES: dict[str, Any] = {
    c.operator: c
    for c in (
        Normal, Bernoulli, Categorical, Uniform, UniformChoice, Exponential, Gamma, Beta, Poisson, Laplace, StudentT,
    )
}  # fmt: skip

__all__ = [
    "LAW_CLASSES", "Bernoulli", "Beta", "Categorical", "Exponential", "Family", "Gamma", "KnownLaw", "Laplace",
    "Normal", "Poisson", "Pushforward", "StudentT", "Uniform", "UniformChoice", "WithDensity",
]  # fmt: skip
