"""Maxima and minima over an unknown function of a finite world, or over a variable, by Newton's method in balls.

A stationary point found so is evidence, not proof, that the optimum was found; but the value there is certified, so
``max f < w`` fails for certain where f exceeds w at some point.  `numerics.trial` keeps the two apart.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random
from typing import TYPE_CHECKING, Any

from flint import arb, ctx, fmpq

from numerics import exact, jets, matrices, rings
from numerics.exact import TooWide, Undefined, Unsupported, precision
from numerics.matrices import Mat
from numerics.rings import Element
from proofs.records import Domain
from proofs.terms import Term, free_symbols

if TYPE_CHECKING:
    from numerics.evaluate import Environment, Evaluator

STARTS = 3
COARSE_BITS = 160
MOST_VARIABLES = 6
LINKS = {"unit": "sigmoid", "closed_unit": "sigmoid", "positive": "exp", "nonnegative": "exp", "real": ""}

Objective = Callable[[Sequence[Element]], Element]


def optimum(evaluator: Evaluator, t: Term, env: Environment) -> Element:
    """The value of a ``maximum`` or ``minimum`` term.  Unsupported where no interior optimum is found."""
    (name,), (body,) = t.data, t.args
    h = evaluator.world.problem.hypotheses
    evaluator.searched = True
    if name in h.functions:
        objective, count, domain = _over_function(evaluator, name, body, env, h.functions[name].values)
    elif name in h.variables or name in free_symbols(body):
        domain = h.domain(name)
        sort = free_symbols(body).get(name, domain.sort)
        rows = evaluator.dimension(sort.rows) if sort.kind == "matrix" else 1
        if sort.kind == "matrix" and evaluator.dimension(sort.cols) != 1:
            raise Unsupported("an optimum over matrices")

        def objective(x: Sequence[Element]) -> Element:
            return evaluator.scalar(body, {**env, name: matrices.vector(list(x))})

        count = rows
    else:
        raise Unsupported(f"an optimum over {name}, of which nothing is known")
    if domain.kind not in LINKS or count > MOST_VARIABLES:
        raise Unsupported("an optimum over such a domain")
    link = LINKS[domain.kind]
    sign = fmpq(1 if t.op == "maximum" else -1)

    def height(x: Sequence[Element]) -> Element:
        return objective([rings.apply(link, e) if link else e for e in x]) * sign

    return _best(evaluator, height, count) * sign


def _over_function(
    evaluator: Evaluator, name: str, body: Term, env: Environment, values: Domain
) -> tuple[Objective, int, Domain]:
    """The body as a function of the values that the unknown function takes on the cells where it is used."""
    overrides = getattr(evaluator.world, "overrides", None)
    if overrides is None:
        raise Unsupported("an optimum over all functions")
    keys: list[Any] = []

    def record(key: Any) -> Element:
        if key not in keys:
            keys.append(key)
        return exact.HALF

    def run(lookup: Callable[[Any], Element]) -> Element:
        before = overrides.get(name)
        overrides[name] = lookup
        try:
            return evaluator.scalar(body, env)
        finally:
            if before is None:
                overrides.pop(name)
            else:
                overrides[name] = before

    run(record)
    return (lambda x: run(dict(zip(keys, x)).__getitem__)), len(keys), values


def _best(evaluator: Evaluator, height: Objective, count: int) -> Element:
    found: list[tuple[list[arb], arb]] = []
    bits = ctx.prec
    for k in range(STARTS):
        rng = Random(k)
        start = [arb(0) if k == 0 else arb(rng.uniform(-1.5, 1.5)) for _ in range(count)]
        with precision(COARSE_BITS):
            point = _climb(evaluator, height, start)
        if point is not None:
            found.append((point, exact.ball(height(point))))
    if not found:
        raise Unsupported("no interior optimum was found")
    point = found[0][0]
    for other, value in found[1:]:
        if value > exact.ball(height(point)):
            point = other
    steps = 2
    while COARSE_BITS << steps < 4 * bits:
        steps += 1
    for _ in range(steps):  # Newton doubles the digits
        gradient, hessian = _derivatives(evaluator, height, point)
        point = _newton(point, gradient, hessian)
    return height(point)


def _climb(evaluator: Evaluator, height: Objective, point: list[arb]) -> list[arb] | None:
    """A maximum near the start, or None."""
    try:
        here = exact.ball(height(point))
        for _ in range(60):
            gradient, hessian = _derivatives(evaluator, height, point)
            size = sum((g * g for g in gradient), arb(0))
            downward = matrices.collapse(Mat([[-e for e in row] for row in hessian]))
            if not matrices.is_positive_definite(downward):
                step = [g / (1 + size.sqrt()) for g in gradient]
            else:
                step = [p - q for p, q in zip(_newton(point, gradient, hessian), point)]
                if size < arb(2) ** -200:
                    return point
            scale = fmpq(1)
            for _ in range(30):
                moved = [exact.ball((p + s * scale).mid()) for p, s in zip(point, step)]
                there = exact.ball(height(moved))
                if there > here or size < arb(2) ** -90:
                    break
                scale = scale / 2
            else:
                return None
            point, here = moved, there
    except (Undefined, TooWide):
        return None
    return None


def _newton(point: Sequence[arb], gradient: Sequence[arb], hessian: Sequence[Sequence[arb]]) -> list[arb]:
    inverse = matrices.as_matrix(matrices.inverse(matrices.collapse(Mat(hessian))))
    return [exact.ball((p - matrices.dot(row, gradient)).mid()) for p, row in zip(point, inverse.data)]


def _derivatives(evaluator: Evaluator, height: Objective, point: Sequence[arb]) -> tuple[list[arb], list[list[arb]]]:
    """Gradient and Hessian by jets of jets."""
    n = len(point)
    with evaluator.floor() as first, evaluator.floor() as second:
        inner = jets.variables(first, point)
        outer = jets.variables(second, inner)
        slopes = jets.derivatives(height(outer), second, n)
        gradient = [rings.base(s) for s in slopes]
        hessian = [jets.derivatives(s, first, n) for s in slopes]
    for x in [*gradient, *(e for row in hessian for e in row)]:
        if not isinstance(x, (fmpq, arb)):
            raise Unsupported("an optimum inside a derivative or an integral")
    return [exact.ball(g) for g in gradient], [[exact.ball(e) for e in row] for row in hessian]
