"""Polynomials with rational coefficients in numbered atoms, and quotients of two of them.

A quotient is never cancelled: two are equal where the products across are.  What grows too large raises AlgebraError.
"""

from __future__ import annotations

from fractions import Fraction

Monomial = tuple[tuple[int, int], ...]  # (atom, exponent), by atoms
Poly = dict[Monomial, Fraction]
Ratio = tuple[Poly, Poly]

ONE_POLY: Poly = {(): Fraction(1)}
MAX_TERMS = 3000
MAX_EXPONENT = 40
MAX_DIGITS = 4000


class AlgebraError(ValueError):
    """The algebra cannot go on: too large, or a denominator that may be zero."""


def poly_add(a: Poly, b: Poly, scale: Fraction = Fraction(1)) -> Poly:
    out = dict(a)
    for m, c in b.items():
        c = out.get(m, Fraction(0)) + scale * c
        if c:
            out[m] = c
        else:
            out.pop(m, None)
    return out


def monomial_mul(a: Monomial, b: Monomial) -> Monomial:
    if not a:
        return b
    if not b:
        return a
    powers = dict(a)
    for atom, e in b:
        powers[atom] = powers.get(atom, 0) + e
    return tuple(sorted((k, e) for k, e in powers.items() if e))


def poly_mul(a: Poly, b: Poly) -> Poly:
    if a is ONE_POLY:
        return b
    if b is ONE_POLY:
        return a
    if len(a) * len(b) > 20 * MAX_TERMS:
        raise AlgebraError("the expression grows too large")
    out: Poly = {}
    for ma, ca in a.items():
        for mb, cb in b.items():
            m = monomial_mul(ma, mb)
            c = out.get(m, Fraction(0)) + ca * cb
            if c.numerator.bit_length() + c.denominator.bit_length() > 4 * MAX_DIGITS:
                raise AlgebraError("a number is too large")
            if c:
                out[m] = c
            else:
                out.pop(m, None)
    if len(out) > MAX_TERMS:
        raise AlgebraError("the expression grows too large")
    return out


def ratio_add(a: Ratio, b: Ratio) -> Ratio:
    if a[1] == b[1]:
        return poly_add(a[0], b[0]), a[1]
    return poly_add(poly_mul(a[0], b[1]), poly_mul(b[0], a[1])), poly_mul(a[1], b[1])


def ratio_mul(a: Ratio, b: Ratio) -> Ratio:
    return poly_mul(a[0], b[0]), poly_mul(a[1], b[1])


def ratio_power(a: Ratio, n: int) -> Ratio:
    if abs(n) > MAX_EXPONENT:
        raise AlgebraError("the exponent is too large")
    out: Ratio = (ONE_POLY, ONE_POLY)
    for _ in range(abs(n)):
        out = ratio_mul(out, a)
    return out if n >= 0 else (out[1], out[0])


def constant_ratio(c: Fraction) -> Ratio:
    if c.numerator.bit_length() + c.denominator.bit_length() > 4 * MAX_DIGITS:
        raise AlgebraError("a number is too large")
    return ({(): c} if c else {}), ONE_POLY


def ratio_equal(a: Ratio, b: Ratio) -> bool:
    if a[1] == b[1]:
        return a[0] == b[0]
    return poly_mul(a[0], b[1]) == poly_mul(b[0], a[1])
