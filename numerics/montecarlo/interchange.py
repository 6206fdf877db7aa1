"""The derivative of an expectation as the expectation of a derivative: the pathwise form.

A draw whose law depends on the variable is written as a smooth function of one whose law does not (Kingma and Welling
2014; Mohamed, Rosca, Figurnov, Mnih 2020, section 5).  That derivative and integral may be interchanged is assumed, and
said; it is refused where the integrand has a jump, for which it is false.
"""

from __future__ import annotations

from collections.abc import Iterator

from numerics.montecarlo.differentiate import has_jumps
from numerics.montecarlo.errors import CannotLower
from proofs.terms import (
    LAW,
    ONE,
    SCALAR,
    ZERO,
    Sort,
    Term,
    add,
    divide,
    free_symbols,
    function,
    hadamard,
    identity,
    law,
    mul,
    normal,
    number,
    sub,
    substitute,
    symbol,
    term,
    zeros,
)

Drawn = tuple[str, Term, Sort]


def interchange(draws: list[Drawn], body: Term, derivative: Term, names: Iterator[str]) -> tuple[list[Drawn], Term]:
    """Draws whose laws do not depend on the variables of ``derivative``, and its body under the expectation.

    ``names`` gives fresh names.  Raises CannotLower where a law is not reparametrised here.
    """
    variables = set(derivative.data)
    fixed: list[Drawn] = []
    values: dict[str, Term] = {}
    for name, law_, sort in draws:
        law_ = substitute(law_, values)
        if variables & free_symbols(law_).keys():
            base = next(names)
            standard, value = reparametrise(law_, symbol(base, sort), variables)
            fixed.append((base, standard, sort))
            values[name] = value
        else:
            fixed.append((name, law_, sort))
    body = substitute(body, values)
    if has_jumps(body):
        raise CannotLower("the derivative of an expectation whose integrand has a jump")
    return fixed, term("derivative", (body,), derivative.data, derivative.sort)


def reparametrise(law_: Term, base: Term, variables: set[str]) -> tuple[Term, Term]:
    """(law of the base draw, the draw as a function of it)."""
    a = law_.args

    def free(t: Term) -> bool:
        return not variables & free_symbols(t).keys()

    if law_.op == "normal":
        mean, covariance = a
        zero = ZERO if mean.sort == SCALAR else zeros(*mean.sort[1:])
        if free(covariance):
            return normal(zero, covariance), add(mean, base)
        if mean.sort == SCALAR:
            return normal(ZERO, ONE), add(mean, mul(function("sqrt", covariance), base))
        standard = normal(zero, identity(mean.sort.rows))
        if covariance.op == "diag":
            return standard, add(mean, hadamard(function("sqrt", covariance.args[0]), base))
        scalars = [f for f in covariance.args if f.sort == SCALAR] if covariance.op == "mul" else []
        rest = [f for f in covariance.args if f.sort != SCALAR] if covariance.op == "mul" else []
        if len(rest) == 1 and free(rest[0]) and scalars:
            return normal(zero, rest[0]), add(mean, mul(function("sqrt", mul(*scalars)), base))
    elif law_.op == "uniform":
        return term("uniform", (number(0), number(1)), (), LAW), add(a[0], mul(sub(a[1], a[0]), base))
    elif law_.op == "exponential":
        return law("exponential", ONE), divide(base, a[0])
    elif law_.op == "laplace":
        return law("laplace", ZERO, ONE), add(a[0], mul(a[1], base))
    elif law_.op == "gamma" and free(a[0]):
        return law("gamma", a[0], ONE), divide(base, a[1])
    raise CannotLower(f"the derivative of an expectation by a parameter of the law {law_.op}")
