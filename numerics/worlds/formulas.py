"""Unknown functions made concrete: random formulas of their arguments and parameters, with values where they must lie.

A formula is a Term, so a world can evaluate it, differentiate it, print it in a witness and hand it to a sampler.
Styles: ``rich`` (elementary functions), ``polynomial`` (with an exponential; of degree 3 to 5, so that nothing is
supported which holds for quadratics alone) and ``affine``, for integrals that are exact only then; ``rational`` for
finite worlds.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from random import Random
from typing import TYPE_CHECKING, Any

from numerics import matrices
from numerics.exact import Unsupported, fraction
from numerics.matrices import Mat, Value
from numerics.worlds import draw
from proofs import terms as T
from proofs.records import Domain, Function
from proofs.terms import SCALAR, Dim, Sort, Term

if TYPE_CHECKING:
    from numerics.evaluate import Evaluator

NAMES = ("u", "v", "w", "s", "t")


@dataclass(frozen=True)
class Formula:
    """A function with named arguments; ``inverse`` is a formula in the same names, the first being the image."""

    names: tuple[str, ...]
    sorts: tuple[Sort, ...]
    body: Term
    inverse: Term | None = None


def number(x: Fraction | int) -> Term:
    return T.number(x)


def coefficient(rng: Random, size: int) -> Fraction:
    """A coefficient that is not zero, of moderate size so that compositions stay in range."""
    if size == 0:
        return Fraction(rng.choice((1, 1, 2, -1)))
    return Fraction(rng.choice((-1, 1)) * rng.randint(1, 9), rng.randint(4, 9))


def scaled(c: Fraction, t: Term) -> Term:
    return t if c == 1 else T.mul(number(c), t)


def plus(parts: Sequence[Term]) -> Term:
    kept = [p for p in parts if not T.is_number(p, 0)]
    return T.add(*kept) if kept else number(0)


def affine(features: Sequence[Term], rng: Random, size: int) -> Term:
    constant = Fraction(rng.choice((0, 1))) if size == 0 else coefficient(rng, size)
    return plus([*(scaled(coefficient(rng, size), f) for f in features), number(constant)])


def raw(features: Sequence[Term], style: str, rng: Random, size: int) -> Term:
    """A real formula of the features, nowhere singular."""
    if not features:
        return number(coefficient(rng, size))
    linear = affine(features, rng, size)
    if style == "affine" or (size == 0 and rng.random() < 0.3):
        return linear
    square = scaled(coefficient(rng, size), T.power(affine(features, rng, size), number(2)))
    if style in ("polynomial", "rational"):
        if size == 0:
            return square
        if style == "rational":
            cube = [scaled(coefficient(rng, size), T.power(affine(features, rng, size), number(3)))]
            return plus([linear, square, *(cube if rng.random() < 0.5 else [])])
        high = scaled(coefficient(rng, size), T.power(affine(features, rng, size), number(rng.randint(3, 5))))
        growth = [scaled(coefficient(rng, size), T.exp(affine(features, rng, size)))] if rng.random() < 0.5 else []
        return plus([linear, square, high, *growth])
    name = rng.choice(("sin", "tanh", "cos", "arctan"))
    wave = scaled(coefficient(rng, size), T.function(name, affine(features, rng, size)))
    return plus([linear, wave, square]) if rng.random() < 0.5 else plus([linear, wave])


def quotient(a: Term, b: Term) -> Term:
    return T.mul(a, T.power(b, number(-1)))


def component(domain: Domain, features: Sequence[Term], style: str, rng: Random, size: int) -> Term:
    """A scalar formula with values of the domain's kind."""
    kind = domain.kind

    def real() -> Term:
        return raw(features, style, rng, size)

    def above() -> Term:
        c = abs(coefficient(rng, size))
        if not features:
            return number(c)
        if style == "rational":
            return plus([number(c), T.power(real(), number(2))])
        if style == "rich" and rng.random() < 0.5:
            return plus([number(c / 4), T.function("softplus", real())])
        if style == "polynomial" and size:
            square = scaled(-c, T.power(affine(features, rng, size), number(2)))
            return T.exp(plus([square, affine(features, rng, size)]))
        return T.exp(affine(features, rng, size))

    def inside() -> Term:
        if not features:
            return number(fraction(draw.unit(rng, size)))
        if style == "rational":
            a = above()
            return quotient(a, plus([a, above()]))
        return T.function("sigmoid", real())

    if kind in ("real", "symmetric", "invertible"):
        return real()
    if kind in ("positive", "nonzero", "positive_vector", "positive_diagonal", "positive_definite"):
        return above()
    if kind == "nonnegative":
        return T.power(real(), number(2)) if features else above()
    if kind in ("unit", "closed_unit"):
        return inside()
    if kind == "interval":
        low, high = domain.lower, domain.upper
        if low is None and high is None:
            return real()
        if low is None:
            return plus([number(high or 0), scaled(Fraction(-1), above())])
        if high is None:
            return plus([number(low), above()])
        return plus([number(low), scaled(high - low, inside())])
    if kind in ("binary", "integer", "natural"):
        return number(fraction(draw.scalar(domain, rng, size)))
    raise Unsupported(f"an unknown function with values of the kind {kind}")


def features_of(names: Sequence[str], sorts: Sequence[Sort]) -> list[Term]:
    """All components of all arguments, as scalars.  The sorts have whole dimensions."""
    found = []
    for name, sort in zip(names, sorts):
        s = T.symbol(name, sort)
        if sort.kind == "scalar":
            found.append(s)
        elif sort.cols == 1:
            found += [T.entry(s, number(i + 1)) for i in range(int(sort.rows))]
        else:
            found += [
                T.entry(s, number(i + 1), number(j + 1)) for i in range(int(sort.rows)) for j in range(int(sort.cols))
            ]
    return found


def instantiate_sort(sort: Sort, dimension: Callable[[Dim], int]) -> Sort:
    return T.matrix_sort(dimension(sort.rows), dimension(sort.cols)) if sort.kind == "matrix" else sort


def draw_formula(
    function: Function,
    dimension: Callable[[Dim], int],
    style: str,
    rng: Random,
    size: int,
    sorts: Sequence[Sort] | None = None,
) -> Formula:
    """A random formula for an unknown function.  ``sorts`` are those of its call, where they say more."""
    sorts = tuple(instantiate_sort(s, dimension) for s in (sorts or function.argument_sorts))
    names = NAMES[: len(sorts)] if len(sorts) <= len(NAMES) else tuple(f"u{i + 1}" for i in range(len(sorts)))
    values = function.values
    shape = instantiate_sort(values.sort, dimension)
    rows, cols = (int(shape.rows), int(shape.cols)) if shape.kind == "matrix" else (1, 1)
    if function.bijection:
        return bijection(names, sorts, values, rows, style, rng, size, parameters=function.parameters)
    if function.elementwise and sorts and sorts[0].kind == "matrix":
        one = component(values, [T.symbol("u")], style, rng, size)
        entries = [T.substitute(one, {"u": f}) for f in features_of(names[:1], sorts[:1])]
        return Formula(names, sorts, T.matrix(rows, cols, entries))
    if function.regular:
        return Formula(names, sorts, several_to_one(names, sorts, rows, cols, rng, size))
    features = features_of(names, sorts)
    if function.convex:
        return Formula(names, sorts, convex(features, values, style, rng, size))
    if rows == cols == 1:
        return Formula(names, sorts, component(values, features, style, rng, size))
    if values.kind == "simplex":
        w = [component(Domain(kind="positive"), features, style, rng, size) for _ in range(rows * cols)]
        return Formula(names, sorts, T.matrix(rows, cols, [quotient(x, plus(w)) for x in w]))
    if rows == cols and values.kind in ("positive_definite", "symmetric", "positive_diagonal", "invertible"):
        return Formula(names, sorts, _square(values.kind, rows, features, style, rng, size))
    if values.kind == "orthogonal":
        raise Unsupported("an unknown function with orthogonal matrices as values")
    entries = [component(values, features, style, rng, size) for _ in range(rows * cols)]
    return Formula(names, sorts, T.matrix(rows, cols, entries))


def several_to_one(
    names: tuple[str, ...], sorts: tuple[Sort, ...], rows: int, cols: int, rng: Random, size: int
) -> Term:
    """A polynomial of degree 2 or 3 on the line: its derivative vanishes at two points at the most."""
    if len(sorts) != 1 or sorts[0] != T.SCALAR or rows * cols != 1:
        raise Unsupported("a map with several preimages in more than one dimension")
    u = T.symbol(names[0])
    top = abs(coefficient(rng, size)) + 1
    degree = rng.choice((2, 3, 3))
    lower = [scaled(coefficient(rng, size), T.power(u, number(k))) for k in range(1, degree)]
    return plus([number(coefficient(rng, size)), *lower, scaled(top, T.power(u, number(degree)))])


def convex(features: Sequence[Term], values: Domain, style: str, rng: Random, size: int) -> Term:
    """A convex formula: squares of affine ones and an exponential."""
    if values.kind not in ("real", "positive", "nonnegative"):
        raise Unsupported(f"a convex function with values of the kind {values.kind}")
    square = T.power(affine(features, rng, size), number(2))
    c = abs(coefficient(rng, size))
    if values.kind != "real":
        return plus([square, number(c)])
    if style != "rational" and style != "affine" and rng.random() < 0.7:
        return plus([scaled(c, square), T.exp(affine(features, rng, size))])
    return plus([scaled(c, square), affine(features, rng, size)])


def _square(kind: str, n: int, features: Sequence[Term], style: str, rng: Random, size: int) -> Term:
    real, above = Domain(), Domain(kind="positive")
    if kind == "positive_diagonal":
        return T.diag(T.matrix(n, 1, [component(above, features, style, rng, size) for _ in range(n)]))
    b = [[component(real, features, style, rng, size) for _ in range(n)] for _ in range(n)]
    if kind == "symmetric":
        return T.matrix(n, n, [b[max(i, j)][min(i, j)] for i in range(n) for j in range(n)])
    lower = [
        (component(above, features, style, rng, size) if i == j else b[i][j]) if j <= i else number(0)
        for i in range(n)
        for j in range(n)
    ]
    root = T.matrix(n, n, lower)
    return root if kind == "invertible" else T.mul(root, T.transpose(root))


def bijection(
    names: tuple[str, ...],
    sorts: tuple[Sort, ...],
    values: Domain,
    n: int,
    style: str,
    rng: Random,
    size: int,
    parameters: int,
) -> Formula:
    """A diffeomorphism onto the declared values, with its inverse in closed form.

    An invertible affine map, an elementwise sinh, a coupling step, and a link where the values are not all of R^n.
    """
    if len(sorts) - parameters != 1:
        raise Unsupported("a bijection of several arguments")
    x = features_of(names[:1], sorts[:1])
    if len(x) != n:
        raise Unsupported("a bijection between spaces of different dimension")
    rest = features_of(names[1:], sorts[1:])
    first = draw.invertible(n, rng, size)
    last = (
        draw.invertible(n, rng, size)
        if style == "rich" and size
        else Mat([[first_one(i, j) for j in range(n)] for i in range(n)])
    )
    shift = [raw(rest, "polynomial", rng, size) for _ in range(n)]
    scale = [plus([number(1), T.power(raw(rest, "affine", rng, size), number(2))]) if rest else None for _ in range(n)]
    curved = style == "rich" and rng.random() < 0.8
    couple = coefficient(rng, size) if n > 1 and style != "affine" else None

    def forward(v: list[Term]) -> list[Term]:
        v = [plus([p, b]) for p, b in zip(_linear(first, v), shift)]
        if curved:
            v = [T.function("sinh", e) for e in v]
        v = [e if s is None else T.mul(s, e) for e, s in zip(v, scale)]
        if couple is not None:
            v = [v[0], *(plus([e, scaled(couple, T.power(v[0], number(2)))]) for e in v[1:])]
        return _linear(last, v)

    def backward(v: list[Term]) -> list[Term]:
        v = _linear(matrices.as_matrix(matrices.inverse(matrices.collapse(last))), v)
        if couple is not None:
            v = [v[0], *(plus([e, scaled(-couple, T.power(v[0], number(2)))]) for e in v[1:])]
        v = [e if s is None else quotient(e, s) for e, s in zip(v, scale)]
        if curved:
            v = [T.log(T.add(e, T.function("sqrt", T.add(T.power(e, number(2)), number(1))))) for e in v]
        v = [plus([e, scaled(Fraction(-1), b)]) for e, b in zip(v, shift)]
        return _linear(matrices.as_matrix(matrices.inverse(matrices.collapse(first))), v)

    link, unlink = _link(values)
    image = [link(e) for e in forward(x)]
    y = features_of(names[:1], (T.matrix_sort(n, 1),))
    preimage = backward([unlink(e) for e in y])
    return Formula(names, sorts, T.matrix(n, 1, image), T.matrix(n, 1, preimage))


def first_one(i: int, j: int):
    return draw.ONE if i == j else draw.ZERO


def _linear(m: Mat, v: list[Term]) -> list[Term]:
    return [plus([scaled(fraction(c), e) for c, e in zip(row, v) if c != 0]) for row in m.data]


def _link(values: Domain) -> tuple[Callable[[Term], Term], Callable[[Term], Term]]:
    if values.kind == "real":
        return (lambda e: e), (lambda e: e)
    if values.kind in ("positive", "positive_vector", "nonnegative"):
        return T.exp, T.log
    if values.kind in ("unit", "closed_unit"):
        return (lambda e: T.function("sigmoid", e)), (lambda e: T.function("logit", e))
    raise Unsupported(f"a bijection onto values of the kind {values.kind}")


def matrix_sort_of(x: Any) -> Sort:
    return Sort("matrix", x.rows, x.cols) if isinstance(x, Mat) else SCALAR


def apply_formula(formula: Formula, args: Sequence[Any], evaluator: Evaluator, inverse: bool = False) -> Value:
    """The value of a formula at the arguments."""
    body: Term | None = formula.inverse if inverse else formula.body
    if body is None:
        raise Unsupported("a function without an inverse")
    if len(args) != len(formula.names):
        raise Unsupported("a function with another number of arguments")
    return evaluator.evaluate(body, dict(zip(formula.names, args)))
