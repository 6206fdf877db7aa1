"""Gradients of expectations: the estimators themselves, with their expectation and their variance.

For F(theta) = E f(x, theta) with x ~ p(theta),
    score function   f (d/dtheta log p) + d f/dtheta            (Williams 1992),
    pathwise         d/dtheta f(g(e, theta), theta), x = g(e, theta) (Kingma and Welling 2014),
both have the expectation dF/dtheta where derivative and integral may be interchanged (Mohamed, Rosca, Figurnov, Mnih
2020), and very different variances.  An estimator is a term in one draw: its expectation and its variance are terms
too, so claims about either are tested like any other.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from numerics.montecarlo.differentiate import has_jumps
from numerics.montecarlo.errors import CannotLower
from numerics.montecarlo.integrands import combine
from numerics.montecarlo.interchange import reparametrise
from numerics.montecarlo.lowering import lower
from numerics.montecarlo.philox import make_key
from numerics.montecarlo.structure import structures
from numerics.montecarlo.variance_bounds import certify
from proofs import terms as t
from proofs.terms import SCALAR, Term, add, derivative, expectation, free_symbols, log, mul, pdf, substitute, symbol

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True)
class Estimator:
    """``body`` is the estimate from one draw ``name`` ~ ``law``, at ``theta`` = ``value``; all scalars."""

    kind: str
    name: str
    law: Term
    body: Term

    def expectation(self) -> Term:
        return expectation(self.name, self.law, self.body)

    def variance(self) -> Term:
        return t.variance(self.name, self.law, self.body)


def score_function(name: str, law: Term, f: Term, theta: str, value: Term) -> Estimator:
    """The score-function estimator of d/dtheta E f at ``value``.

    Raises CannotLower for a law whose support moves with theta (the identity is false there) or that has no density.
    """
    if law.op == "uniform" and theta in free_symbols(law):
        raise CannotLower("the score of a uniform law whose ends depend on the parameter: its support moves")
    if law.op in ("pushforward", "family"):
        raise CannotLower(f"the score of the law {law.op}")
    _require_scalar(name, law, f)
    score = derivative(log(pdf(law, symbol(name))), theta)
    body = mul(f, score)
    if theta in free_symbols(f):
        body = add(body, derivative(f, theta))
    return Estimator("score function", name, _at(law, theta, value), t.at(theta, body, value))


def pathwise(name: str, law: Term, f: Term, theta: str, value: Term) -> Estimator:
    """The pathwise estimator of d/dtheta E f at ``value``.

    Raises CannotLower for a law that is no smooth function of a fixed one, or an f with jumps, where it is biased.
    """
    _require_scalar(name, law, f)
    if has_jumps(f):
        raise CannotLower("the pathwise gradient of an integrand with a jump is biased")
    if theta not in free_symbols(law):
        return Estimator("pathwise", name, law, t.at(theta, derivative(f, theta), value))
    base = t.fresh("base", [name, theta, *free_symbols(f), *free_symbols(law)])
    fixed, path = reparametrise(law, symbol(base), {theta})
    body = derivative(substitute(f, {name: path}), theta)
    return Estimator("pathwise", base, fixed, t.at(theta, body, value))


def _require_scalar(name: str, law: Term, f: Term) -> None:
    if f.sort != SCALAR or free_symbols(f).get(name, SCALAR) != SCALAR:
        raise CannotLower("the gradient of an expectation of vectors is estimated entry by entry")


def _at(law: Term, theta: str, value: Term) -> Term:
    return substitute(law, {theta: value})


@dataclass(frozen=True)
class Moments:
    """Mean and variance of one estimate; ``exact`` intervals where moments are known, else from samples with the
    standard error of the mean."""

    mean: tuple[float, float]
    variance: float
    exact: bool


def moments(estimators: Sequence[Estimator], *, samples: int = 1 << 16, seed: int = 0) -> list[Moments]:
    """The moments of estimators in several worlds: exact where possible, the others sampled together."""
    integrals = [combine(e.expectation()) for e in estimators]
    found: dict[int, Moments] = {}
    for i, integral in enumerate(integrals):
        bounds = certify(integral, [0.0]) if integral.body is not None and integral.constant == t.ZERO else [None]
        if bounds[0] is not None and bounds[0].exact_mean is not None:
            found[i] = Moments(bounds[0].exact_mean, bounds[0].variance, True)
    for s in structures([(i, x) for i, x in enumerate(integrals) if i not in found and x.body is not None]):
        rows = range(len(s.indices))
        h = s.evaluate(s.draw(rows, make_key(seed, "gradients"), 0, samples, "cpu"), len(rows), samples)[..., 0]
        for row, i in enumerate(s.indices):
            mean, variance = float(h[row].mean()), float(h[row].var())
            error = 6.0 * math.sqrt(variance / samples)
            found[i] = Moments((mean - error, mean + error), variance, False)
    return [found.get(i, Moments((math.nan, math.nan), math.nan, False)) for i in range(len(estimators))]


def closed_form_gradients(f: Term, values: Mapping[str, Sequence[float]]) -> tuple[Tensor, dict[str, Tensor]]:
    """(f, its derivative by each symbol) in all worlds at once by one backward pass: each of shape (worlds,).

    ``f`` is a closed form in the scalar symbols ``values``, which hold one number a world.  World i of the result
    depends on world i of the symbols alone, so the gradient of the sum holds every world's own.
    """
    import torch

    lengths = {len(v) for v in values.values()}
    if len(lengths) != 1:
        raise ValueError(f"the symbols have different numbers of worlds: {sorted(lengths)}")
    program = lower([f], dict.fromkeys(values, SCALAR))
    leaves = {n: torch.tensor(list(v), dtype=torch.float64).unsqueeze(1).requires_grad_() for n, v in values.items()}
    with torch.enable_grad():
        result = program.run(leaves)[0].expand(lengths.pop(), 1)
        if not result.requires_grad:
            return result[:, 0].detach(), {n: torch.zeros_like(v[:, 0]) for n, v in leaves.items()}
        grads = torch.autograd.grad(result.sum(), list(leaves.values()), allow_unused=True)
    zero = torch.zeros(len(result), 1, dtype=torch.float64)
    return result[:, 0].detach(), {n: (zero if g is None else g)[:, 0] for n, g in zip(leaves, grads)}
