"""Sums over the preimages of a number under a polynomial, whose real roots are isolated in ball arithmetic."""

from __future__ import annotations

from typing import Any

from flint import acb, acb_poly, arb, ctx, fmpq

from numerics import laws
from numerics.exact import ONE, ZERO, TooWide, Unsupported
from numerics.gaussian import Integrand
from numerics.matrices import Value
from numerics.rings import Element
from proofs.terms import SCALAR, Term

MAX_DEGREE = 8


def sum_over_preimages(evaluator: Any, t: Term, env: Any) -> Value:
    """The sum of the body over the simple real roots of image = value.

    Raises Unsupported where the image is no polynomial, TooWide where roots are not told apart (a critical value).
    """
    value, image, body = t.args
    if value.sort != SCALAR:
        raise Unsupported("preimages of a vector")
    with evaluator.floor() as level:
        variable = Integrand(level, 1, [({}, {(1,): ONE})])
        coefficients = polynomial(evaluator.scalar(image, {**env, t.data[0]: variable}), level)
    coefficients[0] = coefficients[0] - evaluator.scalar(value, env)
    if not all(type(c) in (fmpq, arb) for c in coefficients):
        raise Unsupported("preimages of what is not a number")
    terms = [evaluator.number(body, {**env, t.data[0]: x}) for x in real_roots(coefficients)]
    if not terms and t.sort != SCALAR:
        raise Unsupported("an empty sum of vectors")
    return laws.total(terms) if terms else ZERO


def polynomial(image: Element, level: int) -> list[Element]:
    """The coefficients of an image, from that of the constant on."""
    if not isinstance(image, Integrand) or image.level != level or len(image.parts) != 1 or image.parts[0][0]:
        raise Unsupported("preimages under a map that is no polynomial")
    found: dict[int, Element] = {m[0]: c for m, c in image.parts[0][1].items()}
    if max(found) > MAX_DEGREE:
        raise Unsupported("preimages under a polynomial of high degree")
    return [found.get(k, ZERO) for k in range(max(found) + 1)]


def real_roots(coefficients: list[Element]) -> list[arb]:
    """Balls that hold one real root each.  Raises TooWide where it is not certain which roots are real, or simple."""
    try:
        finest = arb(2) ** (32 - ctx.prec)
        roots: list[acb] = acb_poly([acb(c) for c in coefficients]).roots(tol=finest, maxprec=2 * ctx.prec)
    except ValueError as e:
        raise TooWide from e
    real = []
    for i, z in enumerate(roots):
        if not z.imag.contains(0):
            continue
        # a conjugate pair would need a second ball that meets the mirror image of this one
        if any(z.conjugate().overlaps(other) for k, other in enumerate(roots) if k != i):
            raise TooWide
        real.append(z.real)
    return real


__all__ = ["sum_over_preimages"]
