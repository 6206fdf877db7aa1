"""Divergences between laws and the entropy of one.

Closed forms for two laws of one kind: S. Kullback, *Information Theory and Statistics* (1959), ch. 9 (normal);
M. Gil, F. Alajaji, T. Linder, "Renyi divergence measures for commonly used univariate continuous distributions",
*Information Sciences* 249 (2013), table 2 (exponential, gamma, beta, Laplace, uniform).
"""

from __future__ import annotations

from typing import Any

import sympy
from sympy import Abs, Basic, Integer, MatAdd, MatMul, Rational, Trace, Transpose, digamma, exp, log

from proofs.language.calculus import done
from proofs.language.density import Density
from proofs.language.distributions import (
    Bernoulli,
    Beta,
    Exponential,
    Gamma,
    KnownLaw,
    Laplace,
    Normal,
    Poisson,
    Uniform,
    WithDensity,
    variable_of,
)
from proofs.language.expectation import Expectation
from proofs.language.matrices import AsScalar
from proofs.language.node import Law, Valued


def _same_values(p: KnownLaw, q: KnownLaw) -> list[tuple[Any, Any]] | None:
    """The probabilities of p and of q at their common finitely many values, in order."""
    first, second = p.values(), q.values()
    if first is None or second is None or type(p) is not type(q):
        return None
    if [v for v, _ in first] != [v for v, _ in second]:
        return None
    return [(a, b) for (_, a), (_, b) in zip(first, second, strict=True)]


def _kl_normal(p: Any, q: Any) -> Any:
    m1, s1, m2, s2 = p.args + q.args
    if p.shape != q.shape:
        return None
    if p.shape is None:
        return log(s2 / s1) / 2 + (s1 + (m1 - m2) ** 2) / (2 * s2) - Rational(1, 2)
    apart = MatAdd(m2, MatMul(Integer(-1), m1))
    inverse = sympy.Inverse(s2)
    quadratic = AsScalar(MatMul(Transpose(apart), inverse, apart))
    logs = log(sympy.Determinant(s2)) - log(sympy.Determinant(s1))
    return (Trace(MatMul(inverse, s1)) + quadratic - p.shape[0] + logs) / 2


def _kl_gamma(p: Any, q: Any) -> Any:
    a1, b1, a2, b2 = p.args + q.args
    constants = sympy.loggamma(a2) - sympy.loggamma(a1) + a2 * log(b1 / b2)
    return (a1 - a2) * digamma(a1) + constants + a1 * (b2 - b1) / b1


def _kl_beta(p: Any, q: Any) -> Any:
    a1, b1, a2, b2 = p.args + q.args
    both = (a2 - a1 + b2 - b1) * digamma(a1 + b1)
    return q.log_normaliser() - p.log_normaliser() + (a1 - a2) * digamma(a1) + (b1 - b2) * digamma(b1) + both


def _kl_laplace(p: Any, q: Any) -> Any:
    m1, s1, m2, s2 = p.args + q.args
    apart = Abs(m1 - m2)
    return log(s2 / s1) + (s1 * exp(-apart / s1) + apart) / s2 - 1


def _kl_uniform(p: Any, q: Any) -> Any:
    a1, b1, a2, b2 = p.args + q.args
    if (a1 - a2).is_nonnegative and (b2 - b1).is_nonnegative:
        return log((b2 - a2) / (b1 - a1))
    return None


_CLOSED: dict[type, Any] = {
    Normal: _kl_normal,
    Exponential: lambda p, q: log(p.args[0] / q.args[0]) + q.args[0] / p.args[0] - 1,
    Poisson: lambda p, q: p.args[0] * log(p.args[0] / q.args[0]) - p.args[0] + q.args[0],
    Gamma: _kl_gamma,
    Beta: _kl_beta,
    Laplace: _kl_laplace,
    Uniform: _kl_uniform,
}


def kl_closed(p: Any, q: Any) -> Any:
    """KL(p || q) in closed form, or None."""
    if p == q and isinstance(p, KnownLaw):
        return Integer(0)
    if not isinstance(p, KnownLaw) or not isinstance(q, KnownLaw) or type(p) is not type(q):
        return None
    pairs = _same_values(p, q)
    if pairs is not None:
        return sympy.Add(*(a * log(a / b) for a, b in pairs)) if isinstance(p, Bernoulli) or len(pairs) > 1 else None
    found = _CLOSED.get(type(p))
    return found(p, q) if found else None


class _OfLaws(Valued):
    @classmethod
    def _prepare(cls, *args: Any) -> tuple[Basic, ...]:
        prepared = super()._prepare(*args)
        if not all(isinstance(a, Law) for a in prepared):
            raise TypeError(f"{cls.__name__} is of laws")
        return prepared


class KL(_OfLaws):
    r"""D_{KL}(p \| q) = E_{x ~ p}[log(p(x)/q(x))], never negative."""

    operator = "kl"
    is_extended_nonnegative = True

    def doit(self, **hints: Any) -> Basic:
        p, q = done(self.args, hints)
        found = kl_closed(p, q)
        return KL(p, q) if found is None else found

    def _eval_rewrite_as_Expectation(self, p: Any, q: Any, **_: Any) -> Basic:
        x = variable_of(p, q)
        if x is None:
            return self
        ratio = sympy.Mul(Density(p, x), sympy.Pow(Density(q, x), -1, evaluate=False), evaluate=False)
        return Expectation(x, p, log(ratio, evaluate=False))

    def _eval_rewrite_as_CrossEntropy(self, p: Any, q: Any, **_: Any) -> Basic:
        return CrossEntropy(p, q) - Entropy(p)


class JSD(_OfLaws):
    """The Jensen-Shannon divergence: half KL(p || m) plus half KL(q || m), with m = (p + q)/2."""

    operator = "jsd"
    is_extended_nonnegative = True

    def _eval_rewrite_as_KL(self, p: Any, q: Any, **_: Any) -> Basic:
        x = variable_of(p, q)
        if x is None:
            return self
        middle = WithDensity(x, (Density(p, x) + Density(q, x)) / 2)
        return KL(p, middle) / 2 + KL(q, middle) / 2

    def doit(self, **hints: Any) -> Basic:
        p, q = done(self.args, hints)
        pairs = _same_values(p, q) if isinstance(p, KnownLaw) and isinstance(q, KnownLaw) else None
        if pairs is None:
            return Integer(0) if p == q else JSD(p, q)
        return sympy.Add(*(w * log(2 * w / (a + b)) / 2 for a, b in pairs for w in (a, b)))


class Entropy(_OfLaws):
    """H(p) = -E_{x ~ p}[log p(x)]; the differential entropy where p has a density."""

    operator = "entropy"

    def doit(self, **hints: Any) -> Basic:
        (p,) = done(self.args, hints)
        found = p.entropy() if isinstance(p, KnownLaw) else None
        return Entropy(p) if found is None else found

    def _eval_rewrite_as_Expectation(self, p: Any, **_: Any) -> Basic:
        x = variable_of(p)
        return self if x is None else -Expectation(x, p, log(Density(p, x), evaluate=False))


class CrossEntropy(_OfLaws):
    """H(p, q) = -E_{x ~ p}[log q(x)] = H(p) + KL(p || q)."""

    operator = "cross_entropy"

    def doit(self, **hints: Any) -> Basic:
        p, q = done(self.args, hints)
        divergence = kl_closed(p, q)
        entropy = p.entropy() if isinstance(p, KnownLaw) else None
        return CrossEntropy(p, q) if divergence is None or entropy is None else divergence + entropy

    def _eval_rewrite_as_Expectation(self, p: Any, q: Any, **_: Any) -> Basic:
        x = variable_of(p, q)
        return self if x is None else -Expectation(x, p, log(Density(q, x), evaluate=False))

    def _eval_rewrite_as_KL(self, p: Any, q: Any, **_: Any) -> Basic:
        return Entropy(p) + KL(p, q)


__all__ = ["JSD", "KL", "CrossEntropy", "Entropy", "kl_closed"]
