"""Terms that bind a variable, laws, and what is made of them: sums, integrals, expectations, derivatives, densities."""

from __future__ import annotations

from collections.abc import Iterable

from proofs.constructors import is_kind, is_value
from proofs.nodes import LAW, LAW_OPERATORS, SCALAR, ShapeError, Sort, Term, describe, matrix_sort, term, vector_sort


def bounded(body: Term, lower: Term | None, upper: Term | None, what: str) -> None:
    is_value(body, f"{what} of")
    for bound in (lower, upper):
        if bound is not None:
            is_kind(bound, SCALAR, f"a bound of {what} is")


def sum_over(index: str, body: Term, lower: Term, upper: Term) -> Term:
    bounded(body, lower, upper, "a sum")
    return term("sum", (body, lower, upper), (index,), body.sort)


def product_over(index: str, body: Term, lower: Term, upper: Term) -> Term:
    bounded(body, lower, upper, "a product")
    return term("product", (body, lower, upper), (index,), body.sort)


def integral(variable: str, body: Term, lower: Term | None = None, upper: Term | None = None) -> Term:
    if (lower is None) != (upper is None):
        raise ValueError("an integral has both bounds or none")
    bounded(body, lower, upper, "an integral")
    bounds = () if lower is None or upper is None else (lower, upper)
    return term("integral", (body, *bounds), (variable,), body.sort)


def preimages(variable: str, value: Term, image: Term, body: Term) -> Term:
    """The sum of the body over the regular preimages of a value: the image is it, with an invertible derivative.

    Almost every value has no other preimages (Sard's theorem).  Raises ShapeError where image and value do not fit.
    """
    is_value(body, "a sum of")
    if image.sort != value.sort:
        raise ShapeError("an image and a value of different shapes", (image.sort, value.sort))
    return term("preimages", (value, image, body), (variable,), body.sort)


def expectation(variable: str, law: Term, body: Term) -> Term:
    is_kind(law, LAW, "an expectation under")
    is_value(body, "an expectation of")
    return term("expectation", (law, body), (variable,), body.sort)


def variance(variable: str, law: Term, body: Term) -> Term:
    """The variance of a scalar body, the covariance matrix of a vector body."""
    is_kind(law, LAW, "a variance under")
    if body.sort.kind not in ("scalar", "matrix") or body.sort.cols != 1:
        raise ShapeError(f"the variance of {describe(body.sort)}", (body.sort,))
    sort = body.sort if body.sort == SCALAR else matrix_sort(body.sort.rows, body.sort.rows)
    return term("variance", (law, body), (variable,), sort)


def derivative(body: Term, *variables: str, sort: Sort = SCALAR) -> Term:
    """The derivative of the body by a variable of the given ``sort`` (several names: a vector of those scalars).

    By a matrix, a scalar has a derivative of that matrix's shape; anything else has none here (ShapeError).
    """
    if not variables:
        raise ValueError("a derivative by no variable")
    is_value(body, "the derivative of")
    if len(variables) == 1 and sort.cols != 1:
        if body.sort != SCALAR:
            raise ShapeError(f"the derivative of {describe(body.sort)} by {describe(sort)}", (body.sort, sort))
        return term("derivative", (body,), variables, sort)
    by = sort.rows if len(variables) == 1 else len(variables)
    if by == 1:
        result = body.sort
    elif body.sort == SCALAR:
        result = vector_sort(by)
    elif body.sort.cols == 1:
        result = matrix_sort(body.sort.rows, by)
    else:
        raise ShapeError("the derivative of a matrix by a vector", (body.sort,))
    return term("derivative", (body,), variables, result)


def at(variable: str, body: Term, value: Term) -> Term:
    return term("at", (body, value), (variable,), body.sort)


def normal(mean: Term, covariance: Term) -> Term:
    """N(mean, covariance).  Raises ShapeError unless the mean is n x 1 and the covariance n x n."""
    n = mean.sort.rows
    is_value(mean, "the mean of a normal law is")
    if mean.sort.cols != 1 or covariance.sort != matrix_sort(n, n):
        raise ShapeError("mean and covariance of a normal law do not fit", (mean.sort, covariance.sort))
    return term("normal", (mean, covariance), (), LAW)


def family(
    letter: str,
    outcomes: tuple[str, ...],
    givens: tuple[str, ...] = (),
    given_values: Iterable[Term] = (),
    parameters: Iterable[Term] = (),
) -> Term:
    """The law of ``outcomes`` given ``givens`` in the joint density called ``letter``.

    All laws of one letter come from one joint density: p(x), p(z), p(x|z) and p(z|x) are consistent.  Outcomes and
    givens are names of spaces of the hypotheses; ``parameters`` are what the density depends on (theta).
    """
    given_values, parameters = tuple(given_values), tuple(parameters)
    if len(given_values) != len(givens):
        raise ValueError("one value for each given")
    names = tuple(str(p.data[0]) if p.op == "symbol" else f"parameter{i}" for i, p in enumerate(parameters))
    return term("family", given_values + parameters, (letter, outcomes, givens, names), LAW)


def law(op: str, *args: Term) -> Term:
    if op not in LAW_OPERATORS:
        raise ValueError(f"{op!r} is not a law")
    if op in ("family", "with_density", "pushforward"):
        raise ValueError(f"a law {op!r} has a payload: it is made by `family` or `term`")
    if op == "normal" and len(args) == 2:
        return normal(*args)
    for a in args:
        is_value(a, f"a parameter of a {op} law is")
    return term(op, args, (), LAW)


def pdf(law_: Term, *points: Term) -> Term:
    is_kind(law_, LAW, "the density of")
    if not points:
        raise ValueError("a density at no point")
    for point in points:
        is_value(point, "the density at")
    return term("pdf", (law_, *points))


def kl(first: Term, second: Term) -> Term:
    for law_ in (first, second):
        is_kind(law_, LAW, "the KL divergence of")
    return term("kl", (first, second))


def jsd(first: Term, second: Term) -> Term:
    for law_ in (first, second):
        is_kind(law_, LAW, "the Jensen-Shannon divergence of")
    return term("jsd", (first, second))
