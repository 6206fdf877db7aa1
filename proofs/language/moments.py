"""Expectations in closed form: what `Expectation.doit` knows.

Everything here returns None where it knows nothing.  An expectation is split along a sum only when each part has a
value of its own: E[f + g] may exist where E[f] does not.
"""

from __future__ import annotations

from typing import Any

import sympy
from sympy import Identity, MatAdd, MatMul, Pow, Trace, Transpose, ZeroMatrix

from proofs.language.distributions import KnownLaw, Normal
from proofs.language.matrices import AsScalar, Norm
from proofs.language.node import shape_of


def expected(variable: Any, law: Any, body: Any) -> Any:
    """E_{variable ~ law}[body], or None."""
    if variable not in body.free_symbols:
        return body
    if not isinstance(law, KnownLaw):
        return None
    values = law.values()
    if values is not None:
        if shape_of(body) is None:
            return sympy.Add(*(weight * body.subs(variable, value) for value, weight in values))
        return MatAdd(*(weight * body.subs(variable, value) for value, weight in values)).doit()
    if isinstance(law, Normal) and law.shape is not None:
        return _vector_expected(variable, law, body)
    if shape_of(body) is not None:
        return None
    return _scalar_expected(variable, law, body)


def _scalar_expected(variable: Any, law: KnownLaw, body: Any) -> Any:
    by_term = [_scalar_term(variable, law, part) for part in sympy.Add.make_args(sympy.expand(body))]
    return None if any(p is None for p in by_term) else sympy.Add(*by_term)


def _scalar_term(variable: Any, law: KnownLaw, part: Any) -> Any:
    """One term c x^k exp(t x): a moment or a value of the transform."""
    outside, inside = part.as_independent(variable, as_Add=False)
    poly = inside.as_poly(variable)
    if poly is not None:
        moments = [(c, law.moment(k)) for (k,), c in poly.terms()]
        return None if any(m is None for _, m in moments) else outside * sympy.Add(*(c * m for c, m in moments))
    rates = [a.exp for a in sympy.Mul.make_args(inside) if isinstance(a, sympy.exp)]
    if len(rates) == len(sympy.Mul.make_args(inside)):
        exponent = sympy.Add(*rates).as_poly(variable)
        if exponent is not None and exponent.degree() == 1:
            at_rate = law.transform(exponent.coeff_monomial(variable))
            return None if at_rate is None else outside * sympy.exp(exponent.coeff_monomial(1)) * at_rate
    return None


# ------------------------------------------------------------------------------------------------------- vectors


def affine(expr: Any, variable: Any) -> tuple[Any, Any] | None:
    """``(M, c)`` with expr = M variable + c for a column, or None."""
    if expr == variable:
        return Identity(variable.shape[0]), ZeroMatrix(*variable.shape)
    if variable not in expr.free_symbols:
        return (ZeroMatrix(expr.shape[0], variable.shape[0]), expr) if shape_of(expr) else None
    if isinstance(expr, MatAdd):
        parts = [affine(a, variable) for a in expr.args]
        if any(p is None for p in parts):
            return None
        return MatAdd(*(p[0] for p in parts if p)).doit(), MatAdd(*(p[1] for p in parts if p)).doit()
    if isinstance(expr, MatMul):
        matrices = [a for a in expr.args if shape_of(a) is not None]
        if not matrices or sum(variable in a.free_symbols for a in expr.args) != 1:
            return None
        last = affine(matrices[-1], variable) if variable in matrices[-1].free_symbols else None
        if last is None:
            return None
        scalars = [a for a in expr.args if shape_of(a) is None]
        before = [*scalars, *matrices[:-1]]
        return (MatMul(*before, last[0]).doit(), MatMul(*before, last[1]).doit()) if before else last
    return None


def row_affine(expr: Any, variable: Any) -> tuple[Any, Any] | None:
    """``(M, c)`` with expr = (M variable + c)^T, or None."""
    return affine(Transpose(expr).doit(), variable)


def _vector_expected(variable: Any, law: Normal, body: Any) -> Any:
    mean, cov = law.args
    if shape_of(body) is not None:
        found = affine(body, variable)
        return None if found is None else MatAdd(MatMul(found[0], mean).doit(), found[1]).doit()
    if isinstance(body, sympy.Add):
        parts = [_vector_expected(variable, law, a) if variable in a.free_symbols else a for a in body.args]
        return None if any(p is None for p in parts) else sympy.Add(*parts)
    if isinstance(body, sympy.Mul):
        inside = [a for a in body.args if variable in a.free_symbols]
        part = _vector_expected(variable, law, inside[0]) if len(inside) == 1 else None
        return None if part is None else sympy.Mul(*(a for a in body.args if a is not inside[0]), part)
    if isinstance(body, Pow) and isinstance(body.base, Norm) and body.exp == 2:
        return _vector_expected(variable, law, body.base.squared())
    if isinstance(body, AsScalar):
        return _quadratic(variable, mean, cov, body.args[0])
    return None


def _quadratic(variable: Any, mean: Any, cov: Any, product: Any) -> Any:
    """E[(P x + a)^T A (Q x + b)] = (P m + a)^T A (Q m + b) + tr(A Q S P^T) for x ~ N(m, S)."""
    if not isinstance(product, MatMul):
        return None
    scalars = [a for a in product.args if shape_of(a) is None]
    factors = [a for a in product.args if shape_of(a) is not None]
    where = [i for i, a in enumerate(factors) if variable in a.free_symbols]
    if any(variable in a.free_symbols for a in scalars):
        return None
    if len(where) == 1:
        i = where[0]
        if column := affine(factors[i], variable):
            at_mean = _at_mean(column, mean)
        elif row := row_affine(factors[i], variable):
            at_mean = Transpose(_at_mean(row, mean)).doit()
        else:
            return None
        return AsScalar(MatMul(*scalars, *factors[:i], at_mean, *factors[i + 1 :]))
    if where != [0, len(factors) - 1]:
        return None
    row, column = row_affine(factors[0], variable), affine(factors[-1], variable)
    if row is None or column is None:
        return None
    between = factors[1:-1]
    fixed = AsScalar(MatMul(Transpose(_at_mean(row, mean)).doit(), *between, _at_mean(column, mean)))
    spread = Trace(MatMul(*between, column[0], cov, Transpose(row[0]).doit()).doit())
    return sympy.Mul(*scalars) * (fixed + spread) if scalars else fixed + spread


def _at_mean(form: tuple[Any, Any], mean: Any) -> Any:
    return MatAdd(MatMul(form[0], mean).doit(), form[1]).doit()


def covariance_of(variable: Any, law: Any, body: Any) -> Any:
    """The covariance matrix of an affine map of a normal vector, or None."""
    if not isinstance(law, Normal) or law.shape is None:
        return None
    found = affine(body, variable)
    if found is None:
        return None
    return MatMul(found[0], law.args[1], Transpose(found[0]).doit()).doit()
